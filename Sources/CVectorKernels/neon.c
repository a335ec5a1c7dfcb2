// NEON of AArch64: four lanes.
#if defined(__aarch64__)

#include "levels.h"

#include <arm_neon.h>

#define TARGET
#define VECTOR float32x4_t
#define INDICES uint32x4_t
#define WIDTH 4
#define LOAD(p) vld1q_f32(p)
#define STORE(p, v) vst1q_f32((p), (v))
#define BROADCAST(x) vdupq_n_f32(x)
#define ADD(a, b) vaddq_f32((a), (b))
#define SUBTRACT(a, b) vsubq_f32((a), (b))
#define SUBTRACT_PRODUCT(s, a, b) vfmsq_f32((s), (a), (b))
#define ADD_PRODUCT(s, a, b) vfmaq_f32((s), (a), (b))
#define LOAD_INDICES(p) vld1q_u32(p)
#define STORE_INDICES(p, v) vst1q_u32((p), (v))
#define BROADCAST_INDEX(i) vdupq_n_u32(i)
#define KEEP_LESS(best, group, s, g)                                                                           \
    do {                                                                                                       \
        const uint32x4_t less = vcltq_f32((s), (best));                                                        \
        (best) = vbslq_f32(less, (s), (best));                                                                 \
        (group) = vbslq_u32(less, (g), (group));                                                               \
    } while (0)
#define LESS(a, b) vaddvq_u32(vandq_u32(vcltq_f32((a), (b)), (uint32x4_t){1, 2, 4, 8}))
#define LESSER(a, b) vbslq_f32(vcltq_f32((b), (a)), (b), (a))
#define SHORTS int16x8_t
#define SHORT_WIDTH 8
#define LOAD_SHORTS(p) vld1q_s16(p)
#define ADD_SHORTS(a, b) vaddq_s16((a), (b))
#define LOWER(v) vcvtq_f32_s32(vmovl_s16(vget_low_s16(v)))
#define UPPER(v) vcvtq_f32_s32(vmovl_high_s16(v))
#define SELECT_GROUPS 4
#define TILE_ONE 2
#define TILE_TWO 2
#define TILE_MANY 1
#define KERNELS weir_neon_kernels
#define NAME "neon"

#include "body.h"

#endif

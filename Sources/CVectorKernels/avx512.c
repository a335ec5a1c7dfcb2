// AVX-512F: sixteen lanes.
#if defined(__x86_64__)

#include "levels.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,fma")))
#define VECTOR __m512
#define INDICES __m512i
#define WIDTH 16
#define LOAD(p) _mm512_loadu_ps(p)
#define STORE(p, v) _mm512_storeu_ps((p), (v))
#define BROADCAST(x) _mm512_set1_ps(x)
#define ADD(a, b) _mm512_add_ps((a), (b))
#define SUBTRACT(a, b) _mm512_sub_ps((a), (b))
#define SUBTRACT_PRODUCT(s, a, b) _mm512_fnmadd_ps((a), (b), (s))
#define ADD_PRODUCT(s, a, b) _mm512_fmadd_ps((a), (b), (s))
#define LOAD_INDICES(p) _mm512_loadu_si512(p)
#define STORE_INDICES(p, v) _mm512_storeu_si512((p), (v))
#define BROADCAST_INDEX(i) _mm512_set1_epi32((int)(i))
#define KEEP_LESS(best, group, s, g)                                                                           \
    do {                                                                                                       \
        const __mmask16 less = _mm512_cmp_ps_mask((s), (best), _CMP_LT_OQ);                                    \
        (best) = _mm512_mask_mov_ps((best), less, (s));                                                        \
        (group) = _mm512_mask_mov_epi32((group), less, (g));                                                   \
    } while (0)
#define LESS(a, b) ((uint32_t)_mm512_cmp_ps_mask((a), (b), _CMP_LT_OQ))
#define LESSER(a, b) _mm512_min_ps((b), (a))
#define SHORTS __m256i
#define SHORT_WIDTH 16
#define LOAD_SHORTS(p) _mm256_loadu_si256((const __m256i *)(p))
#define ADD_SHORTS(a, b) _mm256_add_epi16((a), (b))
#define LOWER(v) _mm512_cvtepi32_ps(_mm512_cvtepi16_epi32(v))
#define UPPER(v) LOWER(v)
#define SELECT_GROUPS 4
#define TILE_ONE 8
#define TILE_TWO 4
#define TILE_MANY 2
#define KERNELS weir_avx512_kernels
#define NAME "avx512"

#include "body.h"

#endif

// AVX2 with FMA: eight lanes.
#if defined(__x86_64__)

#include "levels.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma")))
#define VECTOR __m256
#define INDICES __m256i
#define WIDTH 8
#define LOAD(p) _mm256_loadu_ps(p)
#define STORE(p, v) _mm256_storeu_ps((p), (v))
#define BROADCAST(x) _mm256_set1_ps(x)
#define ADD(a, b) _mm256_add_ps((a), (b))
#define SUBTRACT(a, b) _mm256_sub_ps((a), (b))
#define SUBTRACT_PRODUCT(s, a, b) _mm256_fnmadd_ps((a), (b), (s))
#define ADD_PRODUCT(s, a, b) _mm256_fmadd_ps((a), (b), (s))
#define LOAD_INDICES(p) _mm256_loadu_si256((const __m256i *)(p))
#define STORE_INDICES(p, v) _mm256_storeu_si256((__m256i *)(p), (v))
#define BROADCAST_INDEX(i) _mm256_set1_epi32((int)(i))
#define KEEP_LESS(best, group, s, g)                                                                           \
    do {                                                                                                       \
        const __m256 less = _mm256_cmp_ps((s), (best), _CMP_LT_OQ);                                            \
        (best) = _mm256_blendv_ps((best), (s), less);                                                          \
        (group) = _mm256_blendv_epi8((group), (g), _mm256_castps_si256(less));                                 \
    } while (0)
#define LESS(a, b) ((uint32_t)_mm256_movemask_ps(_mm256_cmp_ps((a), (b), _CMP_LT_OQ)))
#define LESSER(a, b) _mm256_min_ps((b), (a))
#define SHORTS __m256i
#define SHORT_WIDTH 16
#define LOAD_SHORTS(p) _mm256_loadu_si256((const __m256i *)(p))
#define ADD_SHORTS(a, b) _mm256_add_epi16((a), (b))
#define LOWER(v) _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(_mm256_castsi256_si128(v)))
#define UPPER(v) _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(_mm256_extracti128_si256((v), 1)))
#define SELECT_GROUPS 4
#define TILE_ONE 4
#define TILE_TWO 2
#define TILE_MANY 1
#define KERNELS weir_avx2_kernels
#define NAME "avx2"

#include "body.h"

#endif

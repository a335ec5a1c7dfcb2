// Independent chains of fused multiply-adds in registers: what a core can do at most, to hold kernels against.
#include "CPeak.h"

#include <time.h>

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

#define CHAINS 12
#define RUN(VECTOR, LANES, BROADCAST, FMA)                                                                     \
    VECTOR chains[CHAINS];                                                                                     \
    for (int i = 0; i < CHAINS; i++) {                                                                         \
        chains[i] = BROADCAST((float)i);                                                                       \
    }                                                                                                          \
    const VECTOR factor = BROADCAST(0.999f), addend = BROADCAST(0.001f);                                       \
    const double start = seconds();                                                                            \
    for (long round = 0; round < rounds; round++) {                                                            \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) {                                  \
            chains[i] = FMA(chains[i], factor, addend);                                                        \
        }                                                                                                      \
        __asm__ volatile("" : "+" REGISTER(chains[0]));                                                        \
    }                                                                                                          \
    const double spent = seconds() - start;                                                                    \
    for (int i = 0; i < CHAINS; i++) {                                                                         \
        __asm__ volatile("" ::REGISTER(chains[i]));                                                            \
    }                                                                                                          \
    return 2.0 * LANES * CHAINS * (double)rounds / spent / 1e9

#if defined(__x86_64__)
#include <immintrin.h>
#define REGISTER "x"
__attribute__((target("avx2,fma"))) static double run_avx2(long rounds) {
    RUN(__m256, 8, _mm256_set1_ps, _mm256_fmadd_ps);
}
#undef REGISTER
#define REGISTER "v"
__attribute__((target("avx512f"))) static double run_avx512(long rounds) {
    RUN(__m512, 16, _mm512_set1_ps, _mm512_fmadd_ps);
}
double peak_gflops(long rounds) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) {
        return run_avx512(rounds);
    }
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? run_avx2(rounds) : 0;
}
#elif defined(__aarch64__)
#include <arm_neon.h>
#define REGISTER "w"
#define NEON_FMA(a, b, c) vfmaq_f32((c), (a), (b))
double peak_gflops(long rounds) {
    RUN(float32x4_t, 4, vdupq_n_f32, NEON_FMA);
}
#else
double peak_gflops(long rounds) {
    return rounds == 0;
}
#endif

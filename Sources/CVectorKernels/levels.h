// What the levels' files share.
#ifndef WEIR_LEVELS_H
#define WEIR_LEVELS_H

#include "CVectorKernels.h"

#include <math.h>

#define WEIR_INLINE static inline __attribute__((always_inline))

#if defined(__clang__)
#define WEIR_UNROLL _Pragma("clang loop unroll(full)")
#else
#define WEIR_UNROLL _Pragma("GCC unroll 64")
#endif

extern const weir_kernels weir_scalar_kernels;
#if defined(__x86_64__)
extern const weir_kernels weir_avx2_kernels;
extern const weir_kernels weir_avx512_kernels;
#elif defined(__aarch64__)
extern const weir_kernels weir_neon_kernels;
#endif

#endif

// Choice of the level at run time, and what is the same on all of them.
#include "levels.h"

#include <stdatomic.h>
#include <string.h>

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

const weir_kernels *weir_kernels_at(weir_level level) {
    switch (level) {
    case WEIR_LEVEL_SCALAR:
        return &weir_scalar_kernels;
#if defined(__x86_64__)
    case WEIR_LEVEL_AVX2:
        __builtin_cpu_init();
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &weir_avx2_kernels : NULL;
    case WEIR_LEVEL_AVX512:
        __builtin_cpu_init();
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma") ? &weir_avx512_kernels : NULL;
#elif defined(__aarch64__)
    case WEIR_LEVEL_NEON:
        return &weir_neon_kernels;
#endif
    default:
        return NULL;
    }
}

// All levels give the same results, so a thread that still sees the former level is not wrong.
static _Atomic(weir_level) selected_level = WEIR_LEVEL_SCALAR;
static _Atomic(const weir_kernels *) selected = &weir_scalar_kernels;

bool weir_kernels_select(weir_level level) {
    const weir_kernels *kernels = weir_kernels_at(level);
    if (kernels == NULL) {
        return false;
    }
    atomic_store_explicit(&selected, kernels, memory_order_relaxed);
    atomic_store_explicit(&selected_level, level, memory_order_relaxed);
    return true;
}

__attribute__((constructor)) static void select_widest(void) {
    (void)(weir_kernels_select(WEIR_LEVEL_AVX512) || weir_kernels_select(WEIR_LEVEL_AVX2)
           || weir_kernels_select(WEIR_LEVEL_NEON));
}

weir_level weir_kernels_level(void) {
    return atomic_load_explicit(&selected_level, memory_order_relaxed);
}

static const weir_kernels *current(void) {
    return atomic_load_explicit(&selected, memory_order_relaxed);
}

size_t weir_padded_size(size_t size) {
    return (size + WEIR_LANES - 1) / WEIR_LANES * WEIR_LANES;
}

size_t weir_packed_count(size_t size, size_t dimension) {
    return weir_padded_size(size) * dimension;
}

void weir_pack(const float *codewords, size_t size, size_t dimension, float *packed, float *half_norms) {
    const size_t stride = dimension * WEIR_LANES;
    for (size_t k = 0; k < weir_padded_size(size); k++) {
        float *lane = packed + k / WEIR_LANES * stride + k % WEIR_LANES;
        float squares = k < size ? 0.0f : INFINITY;
        for (size_t d = 0; d < dimension; d++) {
            const float value = k < size ? codewords[k * dimension + d] : 0.0f;
            squares = fmaf(value, value, squares);
            lane[d * WEIR_LANES] = value;
        }
        half_norms[k] = 0.5f * squares;
    }
}

void weir_scores(const float *packed, const float *biases, size_t size, size_t dimension,
                 const float *vectors, size_t count, float *scores) {
    current()->scores(packed, biases, size, dimension, vectors, count, scores);
}

void weir_nearest(const float *packed, const float *biases, size_t size, size_t dimension,
                  const float *vectors, size_t count, uint16_t *indices, float *scores) {
    current()->nearest(packed, biases, size, dimension, vectors, count, indices, scores);
}

float weir_subtract(const float *minuend, const float *subtrahend, size_t dimension, float *difference) {
    return current()->subtract(minuend, subtrahend, dimension, difference);
}

void weir_add(const float *addend, size_t dimension, float *sum) {
    for (size_t d = 0; d < dimension; d++) {
        sum[d] += addend[d];
    }
}

void weir_beam_step(const float *packed, const float *biases, const float *codewords, size_t size,
                    size_t dimension, size_t count, size_t width_in, const float *residuals, const float *costs,
                    size_t width_out, float *scores, float *next_residuals, float *next_half_norms,
                    float *next_costs, uint16_t *parents, uint16_t *indices) {
    const weir_kernels *kernels = current();
    const size_t padded = weir_padded_size(size);
    if (width_in == 1 && width_out == 1) {
        kernels->nearest(packed, biases, size, dimension, residuals, count, indices, next_costs);
        memset(parents, 0, count * sizeof *parents);
    } else {
        kernels->scores(packed, biases, size, dimension, residuals, count * width_in, scores);
        for (size_t v = 0; v < count; v++) {
            float offsets[WEIR_MAXIMUM_BEAM];
            for (size_t h = 0; h < width_in; h++) {
                offsets[h] = costs[v * width_in + h] - costs[v * width_in];
            }
            kernels->select(scores + v * width_in * padded, offsets, width_in, padded, width_out,
                            next_costs + v * width_out, parents + v * width_out, indices + v * width_out);
        }
    }
    for (size_t v = 0; v < count; v++) {
        for (size_t h = 0; h < width_out; h++) {
            const size_t next = v * width_out + h;
            const float *residual = residuals + (v * width_in + parents[next]) * dimension;
            const float *codeword = codewords + (size_t)indices[next] * dimension;
            next_half_norms[next] =
                kernels->subtract(residual, codeword, dimension, next_residuals + next * dimension);
        }
    }
}

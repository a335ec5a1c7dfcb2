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

void weir_accumulate(const float *values, double weight, size_t count, double *sums) {
    for (size_t i = 0; i < count; i++) {
        sums[i] += weight * (double)values[i];
    }
}

void weir_add(const float *addend, size_t dimension, float *sum) {
    for (size_t d = 0; d < dimension; d++) {
        sum[d] += addend[d];
    }
}

// Values of a table's row that are asked for in the cache before they are used.
enum { MAXIMUM_PREFETCHED = 1024 };

static void relative_costs(const float *costs, size_t count, float *offsets) {
    for (size_t i = 0; i < count; i++) {
        offsets[i] = costs[i] - costs[0];
    }
}

/// The tables' rows of a vector's paths, which are asked for in the cache.
static void find_rows(const int16_t *products, const size_t *tables, size_t earlier, size_t padded_size,
                      const uint16_t *paths, size_t hypotheses, const int16_t **rows) {
    for (size_t i = 0; i < hypotheses * earlier; i++) {
        rows[i] = products + tables[i % earlier] + paths[i] * padded_size;
        if (i < earlier || rows[i] != rows[i - earlier]) {
            const size_t ahead = padded_size < MAXIMUM_PREFETCHED ? padded_size : MAXIMUM_PREFETCHED;
            for (size_t k = 0; k < ahead; k += 64 / sizeof(int16_t)) {
                __builtin_prefetch(rows[i] + k, 0, 2);
            }
        }
    }
}

void weir_product_step(const float *packed, const float *biases, size_t size, size_t dimension, size_t count,
                       const float *vectors, const int16_t *products, const size_t *tables, size_t earlier,
                       float unit, size_t width_in, const uint16_t *paths, const float *costs,
                       size_t width_out, float *scores, float *sums, float *next_costs, uint16_t *parents,
                       uint16_t *indices) {
    const weir_kernels *kernels = current();
    const size_t padded = weir_padded_size(size);
    const int16_t *rows[2][WEIR_MAXIMUM_BEAM * WEIR_MAXIMUM_EARLIER];
    find_rows(products, tables, earlier, padded, paths, width_in, rows[0]);
    kernels->scores(packed, biases, size, dimension, vectors, count, scores);
    for (size_t v = 0; v < count; v++) {
        if (v + 1 < count) {
            find_rows(products, tables, earlier, padded, paths + (v + 1) * width_in * earlier, width_in,
                      rows[(v + 1) % 2]);
        }
        float offsets[WEIR_MAXIMUM_BEAM];
        relative_costs(costs + v * width_in, width_in, offsets);
        kernels->select(scores + v * padded, 0, rows[v % 2], earlier, unit, offsets, width_in, padded, width_out,
                        sums, next_costs + v * width_out, parents + v * width_out, indices + v * width_out);
    }
}

void weir_extend_paths(const uint16_t *paths, size_t length, size_t count, size_t width_in, size_t width_out,
                       const uint16_t *parents, const uint16_t *indices, uint16_t *next_paths) {
    for (size_t next = 0; next < count * width_out; next++) {
        const uint16_t *parent = paths + (next / width_out * width_in + parents[next]) * length;
        uint16_t *child = next_paths + next * (length + 1);
        for (size_t i = 0; i < length; i++) {
            child[i] = parent[i];
        }
        child[length] = indices[next];
    }
}

void weir_beam_step(const float *packed, const float *biases, const float *codewords, size_t size,
                    size_t dimension, size_t count, size_t width_in, const float *residuals, const float *costs,
                    size_t width_out, float *scores, float *next_residuals, float *next_half_norms,
                    float *next_costs, uint16_t *parents, uint16_t *indices) {
    const weir_kernels *kernels = current();
    const int16_t *const no_rows[1] = {NULL};
    const size_t padded = weir_padded_size(size);
    if (width_in == 1 && width_out == 1) {
        kernels->nearest(packed, biases, size, dimension, residuals, count, indices, next_costs);
        memset(parents, 0, count * sizeof *parents);
    } else {
        kernels->scores(packed, biases, size, dimension, residuals, count * width_in, scores);
        for (size_t v = 0; v < count; v++) {
            float offsets[WEIR_MAXIMUM_BEAM];
            relative_costs(costs + v * width_in, width_in, offsets);
            kernels->select(scores + v * width_in * padded, padded, no_rows, 0, 0.0f, offsets, width_in,
                            padded, width_out, scores + v * width_in * padded, next_costs + v * width_out,
                            parents + v * width_out, indices + v * width_out);
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

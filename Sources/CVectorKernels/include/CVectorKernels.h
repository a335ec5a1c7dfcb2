/// Vector kernels with the same result, to the bit, on every instruction set.
///
/// Lanes hold different codewords. The score of codeword k for a vector x is one chain of fused
/// multiply-adds over the dimensions in order, from the codeword's bias on:
///
///     s = bias_k;  for d in 0..<dimension: s = fma(-x_d, c_kd, s)
///
/// With half norms as biases, |x - c_k|^2 = |x|^2 + 2 s; a price of the codeword added to its half norm is
/// weighed against the distortion. The least score wins, ties go to the lowest index, and a score that is not
/// a number never wins. Biases are weir_padded_size(size) floats, those of the padding infinite.
#ifndef WEIR_VECTOR_KERNELS_H
#define WEIR_VECTOR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define WEIR_ASSUME_NONNULL_BEGIN _Pragma("clang assume_nonnull begin")
#define WEIR_ASSUME_NONNULL_END _Pragma("clang assume_nonnull end")
#define WEIR_NULLABLE _Nullable
#define WEIR_NONNULL _Nonnull
#else
#define WEIR_ASSUME_NONNULL_BEGIN
#define WEIR_ASSUME_NONNULL_END
#define WEIR_NULLABLE
#define WEIR_NONNULL
#endif

WEIR_ASSUME_NONNULL_BEGIN

enum {
    /// Codewords in one interleaved group of a packed codebook.
    WEIR_LANES = 16,
    /// The most hypotheses that a beam holds.
    WEIR_MAXIMUM_BEAM = 32,
    /// The most stages that come before one.
    WEIR_MAXIMUM_EARLIER = 15,
};

/// An instruction set that the kernels are written for.
typedef int32_t weir_level;
enum {
    WEIR_LEVEL_SCALAR = 0,
    WEIR_LEVEL_AVX2 = 1,
    WEIR_LEVEL_AVX512 = 2,
    WEIR_LEVEL_NEON = 3,
    WEIR_LEVEL_COUNT = 4,
};

/// The kernels of one level. Weir calls them through the functions below; tests compare levels by them.
typedef struct weir_kernels {
    /// Name of the level: "scalar", "avx2", "avx512", "neon".
    const char *name;
    /// As weir_scores.
    void (*scores)(const float *packed, const float *biases, size_t size, size_t dimension,
                   const float *vectors, size_t count, float *scores);
    /// As weir_nearest.
    void (*nearest)(const float *packed, const float *biases, size_t size, size_t dimension,
                    const float *vectors, size_t count, uint16_t *indices, float *scores);
    /// The cheapest `width` pairs of one of a vector's hypotheses and a codeword, best first; ties go to the first
    /// hypothesis, then to the lowest codeword. A pair costs offsets[h] + scores[h * stride + k], and, where
    /// row_count is not 0, unit times the sum of rows[h * row_count + r][k] over the rows r. `costs` is room
    /// for hypotheses x padded_size floats, and may be `scores` where stride is padded_size.
    void (*select)(const float *scores, size_t stride, const int16_t *WEIR_NONNULL const *WEIR_NONNULL rows,
                   size_t row_count, float unit, const float *offsets, size_t hypotheses, size_t padded_size,
                   size_t width, float *costs, float *kept_costs, uint16_t *parents, uint16_t *indices);
    /// As weir_subtract.
    float (*subtract)(const float *minuend, const float *subtrahend, size_t dimension, float *difference);
} weir_kernels;

/// The kernels of a level, or null where this CPU or this build has none.
const weir_kernels *WEIR_NULLABLE weir_kernels_at(weir_level level);

/// The level in use: the widest that the CPU supports, unless weir_kernels_select chose another.
weir_level weir_kernels_level(void);

/// Uses a level from now on, in every thread; false, and no change, where this CPU does not support it.
bool weir_kernels_select(weir_level level);

/// Codewords of a codebook with its padding: size rounded up to whole groups.
size_t weir_padded_size(size_t size);

/// Floats of a packed codebook: for each group dimension x 16 interleaved values.
size_t weir_packed_count(size_t size, size_t dimension);

/// Interleaves size x dimension codewords for the kernels and computes their half norms, each by one chain
/// of fused multiply-adds, as biases: weir_padded_size(size) of them, infinite for the padding, so that it
/// never wins.
void weir_pack(const float *codewords, size_t size, size_t dimension, float *packed, float *half_norms);

/// Scores of all codewords for each vector: count rows of weir_padded_size(size); padding scores infinity.
void weir_scores(const float *packed, const float *biases, size_t size, size_t dimension,
                 const float *vectors, size_t count, float *scores);

/// The codeword of the least score for each vector, lowest index first, and that score. Size is at most
/// 65,536. Where no score is less than infinity, the index is 0.
void weir_nearest(const float *packed, const float *biases, size_t size, size_t dimension,
                  const float *vectors, size_t count, uint16_t *indices, float *scores);

/// difference = minuend - subtrahend. Returns half of its squared norm, summed in 16 interleaved chains of
/// fused multiply-adds (dimension d in chain d mod 16) that are then added pairwise, halves apart.
float weir_subtract(const float *minuend, const float *subtrahend, size_t dimension, float *difference);

/// sums += weight * values, each product and sum in double precision.
void weir_accumulate(const float *values, double weight, size_t count, double *sums);

/// sum += addend.
void weir_add(const float *addend, size_t dimension, float *sum);

/// Extends the hypotheses of a residual quantizer's beam search by one stage.
///
/// Each of count vectors has width_in hypotheses: residuals (count x width_in x dimension) and costs, of which
/// only the differences count. A pair of a hypothesis and a codeword costs the hypothesis' cost less that of
/// the first hypothesis, so that it loses less to rounding, plus the codeword's score for its residual. Of all
/// pairs of a vector, the width_out cheapest are kept, best first; ties go to the first hypothesis, then to
/// the lowest codeword. With one hypothesis this is weir_nearest.
/// Half of the squared norms of what the kept pairs leave over go to next_half_norms.
///
/// - scores: room for count x width_in x weir_padded_size(size) floats.
/// - parents, indices: count x width_out, which pairs were kept.
/// Widths are at most WEIR_MAXIMUM_BEAM, width_out at most width_in x size.
void weir_beam_step(const float *packed, const float *biases, const float *codewords, size_t size,
                    size_t dimension, size_t count, size_t width_in, const float *residuals, const float *costs,
                    size_t width_out, float *scores, float *next_residuals, float *next_half_norms,
                    float *next_costs, uint16_t *parents, uint16_t *indices);

/// Extends the hypotheses of a residual quantizer's beam search by one stage, from precomputed products.
///
/// As weir_beam_step, but a hypothesis is its path alone, the codewords of the `earlier` stages before: to the
/// score of a codeword for the vector itself comes, by one fused multiply-add, `unit` times the sum of the
/// codeword's products with the path's codewords, which are 16-bit multiples of the unit.
///
/// - tables: for each earlier stage where its table begins in `products`: the products of each of its codewords
///   with all of this stage's, weir_padded_size(size) each. No sum over the stages leaves 16 bits.
/// - paths: count x width_in x earlier codewords, each in its table; earlier is at most WEIR_MAXIMUM_EARLIER.
/// - scores: room for count x weir_padded_size(size) floats; sums: for width_in x weir_padded_size(size).
void weir_product_step(const float *packed, const float *biases, size_t size, size_t dimension, size_t count,
                       const float *vectors, const int16_t *products, const size_t *tables, size_t earlier,
                       float unit, size_t width_in, const uint16_t *paths, const float *costs,
                       size_t width_out, float *scores, float *sums, float *next_costs, uint16_t *parents,
                       uint16_t *indices);

/// Paths of `length` codewords for each of count x width_in hypotheses to those, one longer, of the
/// count x width_out that a step has kept.
void weir_extend_paths(const uint16_t *paths, size_t length, size_t count, size_t width_in, size_t width_out,
                       const uint16_t *parents, const uint16_t *indices, uint16_t *next_paths);

WEIR_ASSUME_NONNULL_END

#endif

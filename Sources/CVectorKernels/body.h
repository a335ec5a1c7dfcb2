// The kernels, written once over a level's vector type. A level's file defines, and then includes this:
//
//   TARGET                        attribute that lets a function use the instruction set
//   VECTOR, WIDTH                 float vector and its number of lanes (WIDTH divides 16)
//   INDICES                       vector of as many uint32
//   LOAD(p), STORE(p, v), BROADCAST(x), ADD(a, b), SUBTRACT(a, b)
//   SUBTRACT_PRODUCT(s, a, b)     s - a * b, fused;   ADD_PRODUCT(s, a, b)   s + a * b, fused
//   LOAD_INDICES(p), STORE_INDICES(p, v), BROADCAST_INDEX(i)
//   KEEP_LESS(best, group, s, g)  where s < best: best = s, group = g
//   LESS(a, b)                    mask of the lanes where a < b, lowest lane in the lowest bit
//   LESSER(a, b)                  b where b < a, and a elsewhere
//   TILE_ONE, TILE_TWO, TILE_MANY groups of codewords at once for 1, 2 and 3...6 vectors: enough independent
//                                 chains to hide the latency of a fused multiply-add, few enough for the registers
//   SELECT_GROUPS                 groups of costs that fit into the registers, 1...4
//   SHORTS, SHORT_WIDTH           vector of int16 and its number of lanes: WIDTH or twice as many
//   LOAD_SHORTS(p), ADD_SHORTS(a, b)
//   LOWER(v), UPPER(v)            the first and the last WIDTH of SHORTS as floats
//   KERNELS, NAME                 the table to define, and the level's name

#include "levels.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

enum {
    REGISTERS = WEIR_LANES / WIDTH,
    // Vectors that share one load of a codeword.
    MAXIMUM_ROWS = 6,
    // Vectors whose best codewords are kept while a chunk of the codebook is in the cache.
    NEAREST_ROWS = 48,
    // Values of a chunk of one lane of the codebook: 16 lanes of it fill half of a 32 KiB cache.
    CHUNK_VALUES = 256,
};

/// Best score of each lane so far and its group, for one vector.
typedef struct {
    float scores[WEIR_LANES];
    uint32_t groups[WEIR_LANES];
} best_codeword;

/// Scores of `tile` groups of codewords for `rows` vectors, left in registers.
WEIR_INLINE TARGET void score_tile(const int rows, const int tile, const float *packed, const float *biases,
                                   size_t dimension, const float *vectors, VECTOR *sums) {
    const size_t stride = dimension * WEIR_LANES;
    WEIR_UNROLL
    for (int r = 0; r < rows; r++) {
        WEIR_UNROLL
        for (int g = 0; g < tile; g++) {
            WEIR_UNROLL
            for (int i = 0; i < REGISTERS; i++) {
                sums[(r * tile + g) * REGISTERS + i] = LOAD(biases + g * WEIR_LANES + i * WIDTH);
            }
        }
    }
    for (size_t d = 0; d < dimension; d++) {
        VECTOR codewords[TILE_ONE * REGISTERS];
        WEIR_UNROLL
        for (int g = 0; g < tile; g++) {
            WEIR_UNROLL
            for (int i = 0; i < REGISTERS; i++) {
                codewords[g * REGISTERS + i] =
                    LOAD(packed + (size_t)g * stride + d * WEIR_LANES + i * WIDTH);
            }
        }
        WEIR_UNROLL
        for (int r = 0; r < rows; r++) {
            const VECTOR x = BROADCAST(vectors[(size_t)r * dimension + d]);
            WEIR_UNROLL
            for (int i = 0; i < tile * REGISTERS; i++) {
                VECTOR *sum = &sums[r * tile * REGISTERS + i];
                *sum = SUBTRACT_PRODUCT(*sum, x, codewords[i]);
            }
        }
    }
}

/// Stores the scores of one tile; the groups begin at `group` of rows of `padded` scores.
WEIR_INLINE TARGET void store_tile(const int rows, const int tile, const float *packed, const float *biases,
                                   size_t dimension, const float *vectors, size_t padded, size_t group,
                                   float *scores) {
    VECTOR sums[MAXIMUM_ROWS * TILE_ONE * REGISTERS];
    score_tile(rows, tile, packed, biases, dimension, vectors, sums);
    WEIR_UNROLL
    for (int r = 0; r < rows; r++) {
        WEIR_UNROLL
        for (int i = 0; i < tile * REGISTERS; i++) {
            STORE(scores + (size_t)r * padded + group * WEIR_LANES + i * WIDTH,
                  sums[r * tile * REGISTERS + i]);
        }
    }
}

/// Updates the best codewords of `rows` vectors with one tile, whose first group is `group`.
WEIR_INLINE TARGET void keep_tile(const int rows, const int tile, const float *packed, const float *biases,
                                  size_t dimension, const float *vectors, size_t group, best_codeword *best) {
    VECTOR sums[MAXIMUM_ROWS * TILE_ONE * REGISTERS];
    score_tile(rows, tile, packed, biases, dimension, vectors, sums);
    WEIR_UNROLL
    for (int r = 0; r < rows; r++) {
        WEIR_UNROLL
        for (int i = 0; i < REGISTERS; i++) {
            VECTOR least = LOAD(best[r].scores + i * WIDTH);
            INDICES groups = LOAD_INDICES(best[r].groups + i * WIDTH);
            WEIR_UNROLL
            for (int g = 0; g < tile; g++) {
                KEEP_LESS(least, groups, sums[(r * tile + g) * REGISTERS + i],
                          BROADCAST_INDEX((uint32_t)group + (uint32_t)g));
            }
            STORE(best[r].scores + i * WIDTH, least);
            STORE_INDICES(best[r].groups + i * WIDTH, groups);
        }
    }
}

/// Runs STEP(rows, tile, group) over the groups first..<end in tiles, the rest one by one.
#define OVER_GROUPS(ROWS, TILE)                                                                                \
    do {                                                                                                       \
        size_t group = first;                                                                                  \
        for (; group + (TILE) <= end; group += (TILE)) {                                                       \
            STEP(ROWS, TILE);                                                                                  \
        }                                                                                                      \
        for (; group < end; group++) {                                                                         \
            STEP(ROWS, 1);                                                                                     \
        }                                                                                                      \
    } while (0)

#define OVER_ROWS_AND_GROUPS()                                                                                 \
    switch (rows) {                                                                                            \
    case 1: OVER_GROUPS(1, TILE_ONE); break;                                                                   \
    case 2: OVER_GROUPS(2, TILE_TWO); break;                                                                   \
    case 3: OVER_GROUPS(3, TILE_MANY); break;                                                                  \
    case 4: OVER_GROUPS(4, TILE_MANY); break;                                                                  \
    case 5: OVER_GROUPS(5, TILE_MANY); break;                                                                  \
    default: OVER_GROUPS(6, TILE_MANY); break;                                                                 \
    }

#define STEP(ROWS, TILE)                                                                                       \
    store_tile(ROWS, TILE, packed + group * stride, biases + group * WEIR_LANES, dimension, vectors, padded,     \
               group, scores)
static TARGET void store_groups(size_t rows, const float *packed, const float *biases, size_t dimension,
                                const float *vectors, size_t padded, size_t first, size_t end, float *scores) {
    const size_t stride = dimension * WEIR_LANES;
    OVER_ROWS_AND_GROUPS();
}
#undef STEP

#define STEP(ROWS, TILE)                                                                                       \
    keep_tile(ROWS, TILE, packed + group * stride, biases + group * WEIR_LANES, dimension, vectors, group, best)
static TARGET void keep_groups(size_t rows, const float *packed, const float *biases, size_t dimension,
                               const float *vectors, size_t first, size_t end, best_codeword *best) {
    const size_t stride = dimension * WEIR_LANES;
    OVER_ROWS_AND_GROUPS();
}
#undef STEP

/// Vectors of the next block, so that blocks are nearly equal and none is above MAXIMUM_ROWS.
WEIR_INLINE size_t next_rows(size_t remaining) {
    if (remaining <= MAXIMUM_ROWS) {
        return remaining;
    }
    return remaining < 2 * MAXIMUM_ROWS ? (remaining + 1) / 2 : MAXIMUM_ROWS;
}

/// Groups of codewords to run all vectors over before going on, so that they stay in the cache.
WEIR_INLINE size_t groups_per_chunk(size_t groups, size_t dimension, size_t count) {
    if (count <= MAXIMUM_ROWS) {
        return groups;
    }
    const size_t chunk = CHUNK_VALUES / dimension;
    return chunk < TILE_ONE ? TILE_ONE : chunk;
}

static TARGET void scores_kernel(const float *packed, const float *biases, size_t size, size_t dimension,
                                 const float *vectors, size_t count, float *scores) {
    const size_t padded = weir_padded_size(size), groups = padded / WEIR_LANES;
    const size_t chunk = groups_per_chunk(groups, dimension, count);
    for (size_t first = 0; first < groups; first += chunk) {
        const size_t end = first + chunk < groups ? first + chunk : groups;
        for (size_t row = 0, rows; row < count; row += rows) {
            rows = next_rows(count - row);
            store_groups(rows, packed, biases, dimension, vectors + row * dimension, padded, first, end,
                         scores + row * padded);
        }
    }
}

static TARGET void nearest_kernel(const float *packed, const float *biases, size_t size, size_t dimension,
                                  const float *vectors, size_t count, uint16_t *indices, float *scores) {
    const size_t groups = weir_padded_size(size) / WEIR_LANES;
    best_codeword best[NEAREST_ROWS];
    for (size_t start = 0; start < count; start += NEAREST_ROWS) {
        const size_t batch = count - start < NEAREST_ROWS ? count - start : NEAREST_ROWS;
        const size_t chunk = groups_per_chunk(groups, dimension, batch);
        for (size_t row = 0; row < batch; row++) {
            for (int lane = 0; lane < WEIR_LANES; lane++) {
                best[row].scores[lane] = INFINITY;
                best[row].groups[lane] = 0;
            }
        }
        for (size_t first = 0; first < groups; first += chunk) {
            const size_t end = first + chunk < groups ? first + chunk : groups;
            for (size_t row = 0, rows; row < batch; row += rows) {
                rows = next_rows(batch - row);
                keep_groups(rows, packed, biases, dimension, vectors + (start + row) * dimension, first, end,
                            best + row);
            }
        }
        for (size_t row = 0; row < batch; row++) {
            float least = INFINITY;
            uint32_t index = 0;
            for (uint32_t lane = 0; lane < WEIR_LANES; lane++) {
                const float score = best[row].scores[lane];
                const uint32_t candidate = best[row].groups[lane] * WEIR_LANES + lane;
                if (score < least || (score == least && score < INFINITY && candidate < index)) {
                    least = score;
                    index = candidate;
                }
            }
            indices[start + row] = (uint16_t)index;
            scores[start + row] = least;
        }
    }
}

#include "select.h"

static TARGET float subtract_kernel(const float *minuend, const float *subtrahend, size_t dimension,
                                    float *difference) {
    VECTOR chains[REGISTERS];
    WEIR_UNROLL
    for (int i = 0; i < REGISTERS; i++) {
        chains[i] = BROADCAST(0.0f);
    }
    size_t d = 0;
    for (; d + WEIR_LANES <= dimension; d += WEIR_LANES) {
        WEIR_UNROLL
        for (int i = 0; i < REGISTERS; i++) {
            const VECTOR value =
                SUBTRACT(LOAD(minuend + d + i * WIDTH), LOAD(subtrahend + d + i * WIDTH));
            STORE(difference + d + i * WIDTH, value);
            chains[i] = ADD_PRODUCT(chains[i], value, value);
        }
    }
    float sums[WEIR_LANES];
    WEIR_UNROLL
    for (int i = 0; i < REGISTERS; i++) {
        STORE(sums + i * WIDTH, chains[i]);
    }
    for (size_t lane = 0; d + lane < dimension; lane++) {
        const float value = minuend[d + lane] - subtrahend[d + lane];
        difference[d + lane] = value;
        sums[lane] = fmaf(value, value, sums[lane]);
    }
    for (size_t half = WEIR_LANES / 2; half > 0; half /= 2) {
        for (size_t lane = 0; lane < half; lane++) {
            sums[lane] += sums[lane + half];
        }
    }
    return 0.5f * sums[0];
}

const weir_kernels KERNELS = {
    .name = NAME,
    .scores = scores_kernel,
    .nearest = nearest_kernel,
    .select = select_kernel,
    .subtract = subtract_kernel,
};

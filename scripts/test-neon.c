// Compares every level of the vector kernels that this CPU has with the rule as the header states it, bit for
// bit, and prints a digest of all results: the same on every machine. Run by scripts/test-neon.
#include "CVectorKernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state, digest = 0xcbf29ce484222325u;

/// A multiple of 2^-12 in [-8, 8).
static float next_value(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (float)((int32_t)(state >> 48) - 32768) / 4096.0f;
}

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count + 1, size);
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static uint32_t bits(float value) {
    uint32_t pattern;
    // Which NaN an operation gives is not the same everywhere, and never matters.
    value = isnan(value) ? NAN : value;
    memcpy(&pattern, &value, sizeof pattern);
    return isnan(value) ? 0x7fc00000u : pattern;
}

static void add_to_digest(uint32_t value) {
    for (int byte = 0; byte < 4; byte++) {
        digest = (digest ^ (value >> (8 * byte) & 0xff)) * 0x100000001b3u;
    }
}

static void expect(const char *level, const char *what, size_t size, size_t dimension, uint32_t got, uint32_t want) {
    if (got != want) {
        fprintf(stderr, "%s: %s of %zu codewords x %zu: %08x, expected %08x\n", level, what, size, dimension, got, want);
        exit(1);
    }
}

/// What a pair of a hypothesis and a codeword costs, by the rule.
static float cost(const float *scores, const int16_t **rows, int tables, float unit, const float *offsets,
                  size_t padded, size_t pair) {
    int products = 0;
    for (int table = 0; table < tables; table++) {
        products += rows[pair / padded * (size_t)tables + (size_t)table][pair % padded];
    }
    const float score = tables == 0 ? scores[pair] : fmaf(unit, (float)products, scores[pair]);
    return score + offsets[pair / padded];
}

/// One codebook and some vectors through all levels.
static void run(size_t size, size_t dimension, size_t count, size_t width, int special) {
    const size_t padded = weir_padded_size(size);
    float *codewords = allocate(size * dimension, sizeof(float));
    float *packed = allocate(weir_packed_count(size, dimension), sizeof(float));
    float *biases = allocate(padded, sizeof(float));
    float *vectors = allocate(count * dimension, sizeof(float));
    for (size_t i = 0; i < size * dimension; i++) {
        codewords[i] = next_value();
    }
    for (size_t i = 0; i < count * dimension; i++) {
        vectors[i] = next_value();
    }
    for (size_t d = 0; d < dimension && size > 2; d++) {
        codewords[(size - 1) * dimension + d] = codewords[d];  // A tie between the first and the last.
        vectors[d] = codewords[d];
    }
    if (special) {
        vectors[0] = special == 1 ? NAN : special == 2 ? INFINITY : 3e38f;
        codewords[0] = 3e38f;
    }
    weir_pack(codewords, size, dimension, packed, biases);

    float *want = allocate(count * padded, sizeof(float));
    for (size_t v = 0; v < count; v++) {
        for (size_t k = 0; k < padded; k++) {
            float score = INFINITY, squares = 0;
            if (k < size) {
                for (size_t d = 0; d < dimension; d++) {
                    squares = fmaf(codewords[k * dimension + d], codewords[k * dimension + d], squares);
                }
                score = 0.5f * squares;
                for (size_t d = 0; d < dimension; d++) {
                    score = fmaf(-vectors[v * dimension + d], codewords[k * dimension + d], score);
                }
                add_to_digest(bits(score));
            } else if (special) {
                score = NAN;  // An infinite half norm less an infinite product; checked as "never the least" only.
            }
            want[v * padded + k] = score;
        }
    }

    float *scores = allocate(count * padded, sizeof(float)), *least = allocate(count, sizeof(float));
    float *difference = allocate(dimension, sizeof(float)), *costs = allocate(width, sizeof(float));
    float *offsets = allocate(count, sizeof(float));
    uint16_t *indices = allocate(count, sizeof(uint16_t));
    uint16_t *parents = allocate(width, sizeof(uint16_t)), *chosen = allocate(width, sizeof(uint16_t));
    unsigned char *taken = allocate(count * padded, 1);
    for (size_t v = 0; v < count; v++) {
        offsets[v] = next_value();
    }
    const float unit = 0.0625f + next_value() / 256.0f;
    float *sums = allocate(count * padded, sizeof(float));
    int16_t *products = allocate(3 * count * padded, sizeof(int16_t));
    const int16_t **rows = allocate(3 * count, sizeof *rows);
    for (size_t i = 0; i < 3 * count * padded; i++) {
        products[i] = (int16_t)(next_value() * 1300.0f);
    }
    for (size_t i = 0; i < 3 * count; i++) {
        rows[i] = products + i * padded;
    }
    for (weir_level level = 0; level < WEIR_LEVEL_COUNT; level++) {
        const weir_kernels *kernels = weir_kernels_at(level);
        if (kernels == NULL) {
            continue;
        }
        // The digest holds each result once, from the level that every machine has; the others equal it.
        kernels->scores(packed, biases, size, dimension, vectors, count, scores);
        kernels->nearest(packed, biases, size, dimension, vectors, count, indices, least);
        for (size_t v = 0; v < count; v++) {
            size_t best = 0;
            for (size_t k = 0; k < padded; k++) {
                const float score = want[v * padded + k];
                if (k < size) {
                    expect(kernels->name, "score", size, dimension, bits(scores[v * padded + k]), bits(score));
                }
                if (score < INFINITY && !(want[v * padded + best] <= score)) {
                    best = k;
                }
            }
            expect(kernels->name, "nearest", size, dimension, indices[v], (uint32_t)best);
            const float score = want[v * padded + best];
            expect(kernels->name, "least score", size, dimension, bits(least[v]),
                   bits(isnan(score) ? INFINITY : score));
            if (level == WEIR_LEVEL_SCALAR) {
                add_to_digest(indices[v]);
            }
        }

        for (int tables = 0; tables <= 3; tables += 3) {
            memset(taken, 0, count * padded);
            kernels->select(want, padded, rows, (size_t)tables, unit, offsets, count, padded, width, sums, costs,
                            parents, chosen);
            for (size_t i = 0; i < width; i++) {
                size_t best = count * padded;
                for (size_t c = 0; c < count * padded; c++) {
                    const float price = cost(want, rows, tables, unit, offsets, padded, c);
                    if (!taken[c] && price < INFINITY
                        && (best == count * padded
                            || price < cost(want, rows, tables, unit, offsets, padded, best))) {
                        best = c;
                    }
                }
                const int none = best == count * padded;
                expect(kernels->name, "selected parent", size, dimension, parents[i],
                       none ? 0 : (uint32_t)(best / padded));
                expect(kernels->name, "selected codeword", size, dimension, chosen[i],
                       none ? 0 : (uint32_t)(best % padded));
                expect(kernels->name, "selected cost", size, dimension, bits(costs[i]),
                       bits(none ? INFINITY : cost(want, rows, tables, unit, offsets, padded, best)));
                taken[best] = !none;
                if (level == WEIR_LEVEL_SCALAR) {
                    add_to_digest(bits(costs[i]));
                }
            }
        }

        float chains[WEIR_LANES] = {0};
        const float half = kernels->subtract(vectors, codewords, dimension, difference);
        for (size_t d = 0; d < dimension; d++) {
            const float value = vectors[d] - codewords[d];
            expect(kernels->name, "difference", size, dimension, bits(difference[d]), bits(value));
            chains[d % WEIR_LANES] = fmaf(value, value, chains[d % WEIR_LANES]);
        }
        for (int lanes = WEIR_LANES / 2; lanes > 0; lanes /= 2) {
            for (int lane = 0; lane < lanes; lane++) {
                chains[lane] += chains[lane + lanes];
            }
        }
        expect(kernels->name, "half norm", size, dimension, bits(half), bits(0.5f * chains[0]));
        if (level == WEIR_LEVEL_SCALAR) {
            add_to_digest(bits(half));
        }
    }
    free(codewords), free(packed), free(biases), free(vectors), free(want), free(scores), free(least);
    free(difference), free(costs), free(offsets), free(indices), free(parents), free(chosen), free(taken), free(sums);
    free(products), free(rows);
}

int main(void) {
    static const size_t sizes[] = {1, 2, 15, 16, 17, 33, 100, 256, 1000};
    static const size_t dimensions[] = {1, 2, 7, 16, 17, 64, 192};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (size_t d = 0; d < sizeof dimensions / sizeof *dimensions; d++) {
            for (size_t count = 1; count <= 13; count += 2) {
                run(sizes[s], dimensions[d], count, 1 + (s + d + count) % WEIR_MAXIMUM_BEAM, 0);
            }
            run(sizes[s], dimensions[d], 3, 5, 1);
            run(sizes[s], dimensions[d], 3, 5, 2);
            run(sizes[s], dimensions[d], 3, 5, 3);
        }
    }
    run(256, 24, 101, 7, 0);
    run(65536, 2, 2, 5, 0);
    run(2, 4096, 7, 2, 0);
    for (weir_level level = 0; level < WEIR_LEVEL_COUNT; level++) {
        const weir_kernels *kernels = weir_kernels_at(level);
        if (kernels != NULL) {
            fprintf(stderr, " %s", kernels->name);
        }
    }
    printf("%016llx\n", (unsigned long long)digest);
    return 0;
}

// The selection of a beam search, a part of body.h: written over the same vector types.

#include <string.h>

/// Costs of `groups` groups of codewords: the score, units times the sum of the rows, and the offset. Stores
/// them, and keeps the least of each lane in `minima`.
WEIR_INLINE TARGET void cost_tile(const int groups, const float *scores, const int16_t *const *rows,
                                  size_t row_count, VECTOR unit, VECTOR offset, size_t first, float *costs,
                                  VECTOR *minima) {
    VECTOR sums[SELECT_GROUPS * REGISTERS];
    WEIR_UNROLL
    for (int i = 0; i < groups * REGISTERS; i++) {
        sums[i] = LOAD(scores + first + i * WIDTH);
    }
    if (row_count > 0) {
        SHORTS products[SELECT_GROUPS * WEIR_LANES / SHORT_WIDTH];
        WEIR_UNROLL
        for (int i = 0; i < groups * WEIR_LANES / SHORT_WIDTH; i++) {
            products[i] = LOAD_SHORTS(rows[0] + first + i * SHORT_WIDTH);
        }
        for (size_t row = 1; row < row_count; row++) {
            const int16_t *values = rows[row] + first;
            WEIR_UNROLL
            for (int i = 0; i < groups * WEIR_LANES / SHORT_WIDTH; i++) {
                products[i] = ADD_SHORTS(products[i], LOAD_SHORTS(values + i * SHORT_WIDTH));
            }
        }
        WEIR_UNROLL
        for (int i = 0; i < groups * REGISTERS; i++) {
            const SHORTS both = products[i * WIDTH / SHORT_WIDTH];
            const VECTOR product = i * WIDTH % SHORT_WIDTH == 0 ? LOWER(both) : UPPER(both);
            sums[i] = ADD_PRODUCT(sums[i], unit, product);
        }
    }
    WEIR_UNROLL
    for (int i = 0; i < groups * REGISTERS; i++) {
        sums[i] = ADD(sums[i], offset);
        STORE(costs + first + i * WIDTH, sums[i]);
        minima[i % (2 * REGISTERS)] = LESSER(minima[i % (2 * REGISTERS)], sums[i]);
    }
}

/// A number that at least `width` of `sets` numbers are below; infinity where there are not enough that are less
/// than infinity.
WEIR_INLINE TARGET float bound_above(const int sets, const float *least, size_t width) {
    uint32_t ranks[WEIR_MAXIMUM_BEAM] = {0};
    for (int other = 0; other < sets; other++) {
        for (int i = 0; i < sets; i++) {
            ranks[i] += least[other] <= least[i];
        }
    }
    float bound = INFINITY;
    for (int i = 0; i < sets; i++) {
        bound = ranks[i] >= width && least[i] < bound ? least[i] : bound;
    }
    return bound < INFINITY ? nextafterf(bound, INFINITY) : bound;
}

/// A pair of a hypothesis and a codeword that may be among the cheapest.
typedef struct {
    float cost;
    uint32_t position;  // Hypothesis x padded size + codeword.
} candidate;

/// Candidates that are collected before all but the cheapest are thrown out.
enum { MAXIMUM_CANDIDATES = 2 * WEIR_MAXIMUM_BEAM };

/// Sorts the candidates, the first ones first where they cost the same, and keeps at most `width`.
static size_t keep_cheapest(candidate *candidates, size_t count, size_t width) {
    candidate sorted[MAXIMUM_CANDIDATES];
    for (size_t i = 0; i < count; i++) {
        size_t rank = 0;
        for (size_t other = 0; other < count; other++) {
            rank += candidates[other].cost < candidates[i].cost
                    || (candidates[other].cost == candidates[i].cost && other < i);
        }
        sorted[rank] = candidates[i];
    }
    const size_t kept = count < width ? count : width;
    memcpy(candidates, sorted, kept * sizeof *candidates);
    return kept;
}

/// Lanes of a block of 64 costs that are below a limit, the first one in the lowest bit.
WEIR_INLINE TARGET uint64_t lanes_below(const float *costs, int lanes, float limit) {
    uint64_t below = 0;
    WEIR_UNROLL
    for (int i = 0; i < lanes; i += WIDTH) {
        below |= (uint64_t)LESS(LOAD(costs + i), BROADCAST(limit)) << i;
    }
    return below;
}

/// The cheapest pairs of a hypothesis and a codeword, best first. All costs are computed first. The least costs
/// of 16 or 32 disjoint sets of pairs are those of as many pairs, so that the width-th least of them bounds the
/// costs to be kept, and hardly a pair more gets collected.
static TARGET void select_kernel(const float *scores, size_t stride, const int16_t *const *rows,
                                 size_t row_count, float unit, const float *offsets, size_t hypotheses,
                                 size_t padded_size, size_t width, float *costs, float *kept_costs,
                                 uint16_t *parents, uint16_t *indices) {
    VECTOR minima[2 * REGISTERS];
    WEIR_UNROLL
    for (int i = 0; i < 2 * REGISTERS; i++) {
        minima[i] = BROADCAST(INFINITY);
    }
    for (size_t h = 0; h < hypotheses; h++) {
        const VECTOR offset = BROADCAST(offsets[h]);
        size_t k = 0;
        for (; k + SELECT_GROUPS * WEIR_LANES <= padded_size; k += SELECT_GROUPS * WEIR_LANES) {
            cost_tile(SELECT_GROUPS, scores + h * stride, rows + h * row_count, row_count, BROADCAST(unit),
                      offset, k, costs + h * padded_size, minima);
        }
        for (; k < padded_size; k += WEIR_LANES) {
            cost_tile(1, scores + h * stride, rows + h * row_count, row_count, BROADCAST(unit), offset, k,
                      costs + h * padded_size, minima);
        }
    }
    const int few = width <= WEIR_LANES / 2;
    float least[WEIR_MAXIMUM_BEAM];
    WEIR_UNROLL
    for (int i = 0; i < REGISTERS; i++) {
        STORE(least + i * WIDTH, few ? LESSER(minima[i], minima[i + REGISTERS]) : minima[i]);
        STORE(least + WEIR_LANES + i * WIDTH, minima[i + REGISTERS]);
    }
    float limit = few ? bound_above(WEIR_LANES, least, width) : bound_above(WEIR_MAXIMUM_BEAM, least, width);
    candidate candidates[MAXIMUM_CANDIDATES];
    size_t count = 0;
    const size_t total = hypotheses * padded_size;
    for (size_t first = 0; first < total; first += 64) {
        uint64_t below = 0;
        if (total - first >= 64) {
            below = lanes_below(costs + first, 64, limit);
        } else {
            for (size_t k = first; k < total; k += WEIR_LANES) {
                below |= lanes_below(costs + k, WEIR_LANES, limit) << (k - first);
            }
        }
        for (; below != 0; below &= below - 1) {
            const size_t position = first + (size_t)__builtin_ctzll(below);
            if (count == MAXIMUM_CANDIDATES) {
                count = keep_cheapest(candidates, count, width);
                // Later ones of the same cost lose against all that are kept.
                limit = candidates[width - 1].cost;
            }
            candidates[count++] = (candidate){costs[position], (uint32_t)position};
        }
    }
    count = keep_cheapest(candidates, count, width);
    for (size_t i = 0; i < width; i++) {
        const int found = i < count;
        kept_costs[i] = found ? candidates[i].cost : INFINITY;
        parents[i] = found ? (uint16_t)(candidates[i].position / padded_size) : 0;
        indices[i] = found ? (uint16_t)(candidates[i].position % padded_size) : 0;
    }
}

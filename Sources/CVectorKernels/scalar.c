// One lane at a time: the rule as it is written, for CPUs without the others.
#include "levels.h"

#define TARGET
#define VECTOR float
#define INDICES uint32_t
#define WIDTH 1
#define LOAD(p) (*(p))
#define STORE(p, v) (*(p) = (v))
#define BROADCAST(x) (x)
#define ADD(a, b) ((a) + (b))
#define SUBTRACT(a, b) ((a) - (b))
#define SUBTRACT_PRODUCT(s, a, b) fmaf(-(a), (b), (s))
#define ADD_PRODUCT(s, a, b) fmaf((a), (b), (s))
#define LOAD_INDICES(p) (*(p))
#define STORE_INDICES(p, v) (*(p) = (v))
#define BROADCAST_INDEX(i) (i)
#define KEEP_LESS(best, group, s, g)                                                                           \
    do {                                                                                                       \
        if ((s) < (best)) {                                                                                    \
            (best) = (s);                                                                                      \
            (group) = (g);                                                                                     \
        }                                                                                                      \
    } while (0)
#define LESS(a, b) ((uint32_t)((a) < (b)))
#define LESSER(a, b) ((b) < (a) ? (b) : (a))
#define SHORTS int16_t
#define SHORT_WIDTH 1
#define LOAD_SHORTS(p) (*(p))
#define ADD_SHORTS(a, b) ((int16_t)((a) + (b)))
#define LOWER(v) ((float)(v))
#define UPPER(v) LOWER(v)
#define SELECT_GROUPS 1
#define TILE_ONE 1
#define TILE_TWO 1
#define TILE_MANY 1
#define KERNELS weir_scalar_kernels
#define NAME "scalar"

#include "body.h"

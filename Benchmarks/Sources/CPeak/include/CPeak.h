#ifndef CPEAK_H
#define CPEAK_H

/// Float32 operations (two for each fused multiply-add) a second of one core, in GFLOP/s, over about the given
/// number of rounds of 12 vector instructions; 0 where this CPU has no loop for it.
double peak_gflops(long rounds);

#endif

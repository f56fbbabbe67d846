#pragma once

// Swift's operations on vectors are one a lane, which the optimiser puts together again in ways and an
// order of its own: sums of a tile, and the points of a transform, then go through memory. These are one
// operation for all lanes.

#if defined(__AVX2__) && defined(__FMA__)
#define FACEWARDEN_VECTORS static inline __attribute__((always_inline))

typedef float facewarden_float8 __attribute__((ext_vector_type(8)));

/// a · b + sum, each lane rounded once.
FACEWARDEN_VECTORS facewarden_float8 facewarden_multiply_add(
    facewarden_float8 a, facewarden_float8 b, facewarden_float8 sum) {
  return __builtin_elementwise_fma(a, b, sum);
}
#endif

#pragma once

// Swift's operations on vectors are one a lane, which the optimiser puts together again in ways and an
// order of its own: sums of a tile, and the points of a transform, then go through memory. These are one
// operation for all lanes.

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>

#define FACEWARDEN_VECTORS static inline __attribute__((always_inline))

typedef float facewarden_float8 __attribute__((ext_vector_type(8)));

/// a · b + sum, each lane rounded once.
FACEWARDEN_VECTORS facewarden_float8 facewarden_multiply_add(
    facewarden_float8 a, facewarden_float8 b, facewarden_float8 sum) {
  return __builtin_elementwise_fma(a, b, sum);
}

FACEWARDEN_VECTORS facewarden_float8 facewarden_sum(facewarden_float8 a, facewarden_float8 b) {
  return a + b;
}

FACEWARDEN_VECTORS facewarden_float8 facewarden_difference(
    facewarden_float8 a, facewarden_float8 b) {
  return a - b;
}

FACEWARDEN_VECTORS facewarden_float8 facewarden_product(facewarden_float8 a, facewarden_float8 b) {
  return a * b;
}

/// `yes` where a < b, `no` elsewhere, also where one of them is not a number.
FACEWARDEN_VECTORS facewarden_float8 facewarden_where_less(
    facewarden_float8 a, facewarden_float8 b, facewarden_float8 yes, facewarden_float8 no) {
  return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(a, b, _CMP_LT_OQ));
}

/// `yes` where a ≤ b, `no` elsewhere, also where one of them is not a number.
FACEWARDEN_VECTORS facewarden_float8 facewarden_where_at_most(
    facewarden_float8 a, facewarden_float8 b, facewarden_float8 yes, facewarden_float8 no) {
  return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(a, b, _CMP_LE_OQ));
}
#endif

#pragma once

// Swift's operations on vectors are one a lane, which the optimiser puts together again in ways and an
// order of its own: sums of a tile, and the points of a transform, then go through memory. These are one
// operation for all lanes.

#define FACEWARDEN_VECTORS static inline __attribute__((always_inline))

typedef float facewarden_float4 __attribute__((ext_vector_type(4)));

/// Red, green, blue and the byte behind them, of which nothing is made.
FACEWARDEN_VECTORS facewarden_float4 facewarden_pixel(const unsigned char *pixel) {
  typedef unsigned char bytes __attribute__((ext_vector_type(4)));
  bytes channels;
  __builtin_memcpy(&channels, pixel, 4);
  return __builtin_convertvector(channels, facewarden_float4);
}

/// The same of a picture's last pixel, behind which there is nothing to read.
FACEWARDEN_VECTORS facewarden_float4 facewarden_last_pixel(const unsigned char *pixel) {
  return (facewarden_float4){pixel[0], pixel[1], pixel[2], 0};
}

/// sum + the bilinear value at (x, y) of a picture of width × height pixels of three bytes, whose edge repeats; the
/// last lane is none.
FACEWARDEN_VECTORS facewarden_float4 facewarden_add_sample(
    facewarden_float4 sum, const unsigned char *pixels, long width, long height, double x, double y) {
#pragma STDC FP_CONTRACT OFF
  double from_left = x > 0 ? x : 0, from_top = y > 0 ? y : 0;
  from_left = from_left > width - 1 ? width - 1 : from_left;
  from_top = from_top > height - 1 ? height - 1 : from_top;
  long left = (long)from_left, top = (long)from_top;
  long right = left + 1 < width ? left + 1 : left, bottom = top + 1 < height ? top + 1 : top;
  float fx = (float)(from_left - (double)left), fy = (float)(from_top - (double)top);
  const unsigned char *upper_row = pixels + top * width * 3, *lower_row = pixels + bottom * width * 3;
  facewarden_float4 corners[4];
  if (__builtin_expect(bottom * width + right + 1 < width * height, 1)) {
    corners[0] = facewarden_pixel(upper_row + 3 * left);
    corners[1] = facewarden_pixel(upper_row + 3 * right);
    corners[2] = facewarden_pixel(lower_row + 3 * left);
    corners[3] = facewarden_pixel(lower_row + 3 * right);
  } else {
    corners[0] = facewarden_last_pixel(upper_row + 3 * left);
    corners[1] = facewarden_last_pixel(upper_row + 3 * right);
    corners[2] = facewarden_last_pixel(lower_row + 3 * left);
    corners[3] = facewarden_last_pixel(lower_row + 3 * right);
  }
  facewarden_float4 upper = corners[0] * (1 - fx) + corners[1] * fx;
  facewarden_float4 lower = corners[2] * (1 - fx) + corners[3] * fx;
  return sum + (upper * (1 - fy) + lower * fy);
}

/// Writes three lanes of 0…255, each rounded half up, as a pixel.
FACEWARDEN_VECTORS void facewarden_write_pixel(facewarden_float4 mean, unsigned char *pixel) {
  typedef int whole __attribute__((ext_vector_type(4)));
  whole rounded = __builtin_convertvector(mean + 0.5f, whole);
  pixel[0] = (unsigned char)rounded.x;
  pixel[1] = (unsigned char)rounded.y;
  pixel[2] = (unsigned char)rounded.z;
}

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>

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

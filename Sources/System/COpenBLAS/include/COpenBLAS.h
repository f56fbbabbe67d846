#pragma once

/// Loads libopenblas.so.0, the first time, and has it work on the calling thread alone.
///
/// Not linked: what does not ask for it needs no OpenBLAS, has none of its threads, and starts as fast.
///
/// NULL, or why it cannot be had. What follows may be called once this returned NULL.
const char *facewarden_openblas_unavailable(void);

/// The processor that its kernels were chosen for, such as `Haswell`.
const char *facewarden_openblas_core(void);

/// c = op(a) · b in rows: c is m × n, b is k × n, op(a) is m × k; a is stored as its transpose, k × m, if
/// `transposed`. Numbers between a row's beginning and the next one's: lda, ldb, ldc.
void facewarden_openblas_sgemm(int transposed, int m, int n, int k, const float *a, int lda,
                               const float *b, int ldb, float *c, int ldc);

/// The same in double precision, without gaps between rows.
void facewarden_openblas_dgemm(int m, int n, int k, const double *a, const double *b, double *c);

/// Replaces a symmetric matrix of n columns by the factor L of L · Lᵀ, in its lower triangle by columns.
///
/// 0, or the number, from 1, of the first leading minor that is not positive.
int facewarden_openblas_dpotrf(int n, double *matrix);

/// Replaces each of `count` columns y by the solution x of L · Lᵀ · x = y.
void facewarden_openblas_dpotrs(int n, int count, const double *factor, double *columns);

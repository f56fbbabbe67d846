#include "COpenBLAS.h"

#include <cblas-openblas.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

// LAPACK as Fortran has it: the lengths of texts come last. Its header, lapack.h, is not OpenBLAS's.
typedef void potrf_function(const char *, const int *, double *, const int *, int *, size_t);
typedef void potrs_function(const char *, const int *, const int *, const double *, const int *,
                            double *, const int *, int *, size_t);

static __typeof__(&cblas_sgemm) sgemm;
static __typeof__(&cblas_dgemm) dgemm;
static __typeof__(&openblas_get_corename) corename;
static potrf_function *dpotrf;
static potrs_function *dpotrs;
static const char *reason;

static void *symbol(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (!found && !reason) reason = dlerror();
  return found;
}

static void load(void) {
  void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    reason = dlerror();
    return;
  }
  sgemm = symbol(library, "cblas_sgemm");
  dgemm = symbol(library, "cblas_dgemm");
  dpotrf = (potrf_function *)symbol(library, "dpotrf_");
  dpotrs = (potrs_function *)symbol(library, "dpotrs_");
  corename = symbol(library, "openblas_get_corename");
  __typeof__(&openblas_set_num_threads) limit = symbol(library, "openblas_set_num_threads");
  // Sums must not depend on how many threads share them, and the caller has threads of its own.
  if (!reason) limit(1);
}

const char *facewarden_openblas_unavailable(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return reason;
}

const char *facewarden_openblas_core(void) { return corename(); }

void facewarden_openblas_sgemm(int transposed, int m, int n, int k, const float *a, int lda,
                               const float *b, int ldb, float *c, int ldc) {
  sgemm(CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, m, n, k, 1, a, lda, b,
        ldb, 0, c, ldc);
}

void facewarden_openblas_dgemm(int m, int n, int k, const double *a, const double *b, double *c) {
  dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, k, b, n, 0, c, n);
}

int facewarden_openblas_dpotrf(int n, double *matrix) {
  int info = 0;
  dpotrf("L", &n, matrix, &n, &info, 1);
  return info;
}

void facewarden_openblas_dpotrs(int n, int count, const double *factor, double *columns) {
  int info = 0;
  dpotrs("L", &n, &count, factor, &n, columns, &n, &info, 1);
}

// Makes system calls fail on files whose path contains a text: loaded before the C library (LD_PRELOAD).
//
// FAULT_CALL: open, write, short (a write of one byte, then failures), fsync, close or rename.
// FAULT_ERROR: the number of the error. FAULT_PATH: what the path contains. FAULT_AFTER: how many matching
// calls go well first, 0 if absent. A folder's path ends in '/', as /proc does not have it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int passed;

/// Whether this call fails; the error is set.
static int fails(const char *call, const char *path) {
  const char *wanted = getenv("FAULT_CALL"), *part = getenv("FAULT_PATH"), *after = getenv("FAULT_AFTER");
  if (!wanted || !part || strcmp(wanted, call) || !strstr(path, part)) return 0;
  if (__atomic_fetch_add(&passed, 1, __ATOMIC_RELAXED) < (after ? atoi(after) : 0)) return 0;
  errno = atoi(getenv("FAULT_ERROR"));
  return 1;
}

/// The same for what a descriptor stands for.
static int fails_at(const char *call, int descriptor) {
  char link[64], path[PATH_MAX + 2];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t count = readlink(link, path, PATH_MAX);
  if (count <= 0) return 0;
  struct stat about;
  if (!fstat(descriptor, &about) && S_ISDIR(about.st_mode)) path[count++] = '/';
  path[count] = 0;
  return fails(call, path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if ((flags & O_ACCMODE) != O_RDONLY && fails("open", path)) return -1;
  return REAL(open)(path, flags, mode);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  static int shortened;
  if (fails_at("write", descriptor)) return -1;
  if (fails_at("short", descriptor)) {
    if (__atomic_exchange_n(&shortened, 1, __ATOMIC_RELAXED)) return -1;
    return REAL(write)(descriptor, bytes, count > 1 ? 1 : count);
  }
  return REAL(write)(descriptor, bytes, count);
}

int fsync(int descriptor) { return fails_at("fsync", descriptor) ? -1 : REAL(fsync)(descriptor); }

int close(int descriptor) {
  int failed = fails_at("close", descriptor), error = errno;
  int status = REAL(close)(descriptor);
  if (!failed) return status;
  errno = error;
  return -1;
}

int rename(const char *from, const char *to) {
  return fails("rename", to) ? -1 : REAL(rename)(from, to);
}

#include "CAllocations.h"

#include <stddef.h>

static _Thread_local unsigned long count;
static _Thread_local bool counts;

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
bool allocations_are_counted(void) { return false; }
#else
bool allocations_are_counted(void) { return true; }

extern void *__libc_malloc(size_t size);

// In the place of the C library's, for the whole of the test program.
void *malloc(size_t size) {
  if (counts) count++;
  return __libc_malloc(size);
}
#endif

void allocations_start(void) {
  count = 0;
  counts = true;
}

unsigned long allocations_stop(void) {
  counts = false;
  return count;
}

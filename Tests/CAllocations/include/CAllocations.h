#ifndef C_ALLOCATIONS_H
#define C_ALLOCATIONS_H

#include <stdbool.h>

/// Whether anything is counted: a sanitizer has a malloc of its own.
bool allocations_are_counted(void);

/// Counts from now on what this thread asks of malloc.
void allocations_start(void);

/// How often it did since then; counting ends.
unsigned long allocations_stop(void);

#endif

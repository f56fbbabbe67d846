#pragma once
#include <immintrin.h>

/// The widest x86-64 level this processor and its kernel support: 4 (AVX-512), 3 (AVX2 + FMA) or 1.
int facewarden_processor_level(void);

/// How many processors this process may run on; at least 1.
int facewarden_usable_processors(void);

/// Tells the core that the loop is waiting.
static inline void facewarden_processor_pause(void) { _mm_pause(); }

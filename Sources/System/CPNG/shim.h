// Only the simplified API is used: it reports errors by status, not by longjmp.
#include <png.h>

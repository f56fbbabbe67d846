// liblinear 2.3 has no pkg-config file; its header stands in the default search path.
#include <linear.h>

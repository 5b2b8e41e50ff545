#define LANES 4
#define LOOM_NAME(name) name##_portable
#define LOOM_TARGET
#include "loom_correlation_weighted.h"
#include "loom_correlation_kernels.h"

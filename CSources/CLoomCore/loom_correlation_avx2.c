#if defined(__x86_64__)
#define LANES 4
#define LOOM_AVX2
#define LOOM_NAME(name) name##_avx2
#define LOOM_TARGET __attribute__((target("avx2")))
#include "loom_correlation_weighted.h"
#include "loom_correlation_kernels.h"
#endif

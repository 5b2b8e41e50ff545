#if defined(__x86_64__)
#define LANES 8
#define LOOM_NAME(name) name##_avx512
#define LOOM_TARGET __attribute__((target("avx512f,avx512dq,avx512vl")))
#include "loom_correlation_weighted.h"
#include "loom_correlation_kernels.h"
#endif

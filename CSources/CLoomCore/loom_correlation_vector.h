#ifndef LOOM_CORRELATION_VECTOR_H
#define LOOM_CORRELATION_VECTOR_H
#include "loom_correlation_private.h"

// Four doubles as one value. Inlined into functions with and without AVX2, never passed for real,
// so how they would be passed does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef double d4 __attribute__((vector_size(32)));
typedef double d4u __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t l4 __attribute__((vector_size(32)));
typedef int32_t i4 __attribute__((vector_size(16)));
typedef int32_t i4u __attribute__((vector_size(16), aligned(4), may_alias));

#define LOOM_INLINE LOOM_TARGET static inline __attribute__((always_inline))

LOOM_INLINE d4 load(const double *p) { return *(const d4u *)p; }
LOOM_INLINE void store(double *p, d4 v) { *(d4u *)p = v; }
LOOM_INLINE void stream(double *p, d4 v) { __builtin_nontemporal_store(v, (d4 *)(void *)p); }
LOOM_INLINE d4 splat(double x) { return (d4){x, x, x, x}; }
LOOM_INLINE int any(l4 mask) { return (mask[0] | mask[1] | mask[2] | mask[3]) != 0; }

LOOM_INLINE d4 choose(l4 mask, d4 yes, d4 no) { return (d4)((mask & (l4)yes) | (~mask & (l4)no)); }

// Into -1...1; NaN stays.
LOOM_INLINE d4 clamp(d4 x) {
    x = choose(x > 1, splat(1), x);
    return choose(x < -1, splat(-1), x);
}

LOOM_INLINE void transpose(d4 m[4]) {
    d4 a = __builtin_shufflevector(m[0], m[1], 0, 4, 2, 6);
    d4 b = __builtin_shufflevector(m[0], m[1], 1, 5, 3, 7);
    d4 c = __builtin_shufflevector(m[2], m[3], 0, 4, 2, 6);
    d4 d = __builtin_shufflevector(m[2], m[3], 1, 5, 3, 7);
    m[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    m[1] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    m[2] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    m[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

// Streaming stores are not ordered with the store that publishes the matrix; this orders them.
LOOM_INLINE void loom_stream_fence(void) {
#if defined(__x86_64__)
    __builtin_ia32_sfence();
#endif
}
#endif

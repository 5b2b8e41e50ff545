#ifndef LOOM_CORRELATION_VECTOR_H
#define LOOM_CORRELATION_VECTOR_H
#include <stdbool.h>
#include "loom_correlation_private.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// LANES doubles as one value. Inlined into functions for the processor of LOOM_TARGET, never
// passed for real, so how they would be passed does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef double dn __attribute__((ext_vector_type(LANES)));
typedef int64_t ln __attribute__((ext_vector_type(LANES)));
typedef int32_t in __attribute__((ext_vector_type(LANES)));
typedef bool bn __attribute__((ext_vector_type(LANES)));
typedef dn loose_dn __attribute__((aligned(8)));
typedef in loose_in __attribute__((aligned(4)));

#define LOOM_INLINE LOOM_TARGET static inline __attribute__((always_inline))

LOOM_INLINE dn load(const double *p) { return *(const loose_dn *)p; }
LOOM_INLINE void store(double *p, dn v) { *(loose_dn *)p = v; }
LOOM_INLINE void stream(double *p, dn v) { __builtin_nontemporal_store(v, (dn *)(void *)p); }
// Stores lanes first..<end.
LOOM_INLINE void store_lanes(double *p, dn v, size_t first, size_t end) {
#if LANES == 8
    _mm512_mask_storeu_pd(p, (__mmask8)((0xff << first) & ~(0xff << end)), (__m512d)v);
#elif defined(LOOM_AVX2)
    const ln lane = {0, 1, 2, 3};
    ln mask = (lane >= (int64_t)first) & (lane < (int64_t)end);
    _mm256_maskstore_pd(p, (__m256i)mask, (__m256d)v);
#else
    for (size_t k = first; k < end; k++) p[k] = v[k];
#endif
}

LOOM_INLINE dn load_counts(const int32_t *p) {
    return __builtin_convertvector(*(const loose_in *)p, dn);
}

LOOM_INLINE int any(ln mask) {
    int64_t all = 0;
    for (int k = 0; k < LANES; k++) all |= mask[k];
    return all != 0;
}

// One bit per lane.
LOOM_INLINE uint64_t lane_bits(ln mask) {
    bn lanes = __builtin_convertvector(mask, bn);
    uint8_t bits;
    __builtin_memcpy(&bits, &lanes, sizeof bits);
    return bits & ((1u << LANES) - 1);
}

// Lane by lane. Clang warns of the condition as if it were converted to one bool.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wconversion"
LOOM_INLINE dn choose(ln mask, dn yes, dn no) { return mask ? yes : no; }
#pragma clang diagnostic pop

// Into -1...1; NaN stays.
LOOM_INLINE dn clamp(dn x) {
    x = choose(x > 1, 1, x);
    return choose(x < -1, -1, x);
}

#if LANES == 4
LOOM_INLINE void transpose(dn m[LANES]) {
    dn a = __builtin_shufflevector(m[0], m[1], 0, 4, 2, 6);
    dn b = __builtin_shufflevector(m[0], m[1], 1, 5, 3, 7);
    dn c = __builtin_shufflevector(m[2], m[3], 0, 4, 2, 6);
    dn d = __builtin_shufflevector(m[2], m[3], 1, 5, 3, 7);
    m[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    m[1] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    m[2] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    m[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}
#else
// Swaps the off-diagonal halves of pairs of rows: of single values, then of pairs, then of fours.
LOOM_INLINE void transpose(dn m[LANES]) {
    dn t[LANES];
    for (int r = 0; r < 8; r += 2) {
        t[r] = __builtin_shufflevector(m[r], m[r + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        t[r + 1] = __builtin_shufflevector(m[r], m[r + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int r = 0; r < 8; r += 4)
        for (int k = 0; k < 2; k++) {
            dn low = t[r + k], high = t[r + k + 2];
            m[r + k] = __builtin_shufflevector(low, high, 0, 1, 8, 9, 4, 5, 12, 13);
            m[r + k + 2] = __builtin_shufflevector(low, high, 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (int r = 0; r < 4; r++) {
        dn low = m[r], high = m[r + 4];
        m[r] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 8, 9, 10, 11);
        m[r + 4] = __builtin_shufflevector(low, high, 4, 5, 6, 7, 12, 13, 14, 15);
    }
}
#endif

// Streaming stores are not ordered with the store that publishes the matrix; this orders them.
LOOM_INLINE void stream_fence(void) {
#if defined(__x86_64__)
    __builtin_ia32_sfence();
#endif
}
#endif

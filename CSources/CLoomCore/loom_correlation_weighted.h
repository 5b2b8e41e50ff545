// The loop of the exponentially weighted matrix; included as loom_correlation_kernels.h is.
//
// West's update (West 1979, Communications of the ACM 22, 532) of normalised, centred moments, per
// pair: nothing is subtracted from a sum, so nothing cancels, and a moment does not move in rows
// without the pair, so it cannot underflow. With weight w before the row, a = 1 / (decay w + 1),
// b = 1 - a and d = return - mean: variance = b (variance + a d^2), covariance =
// b (covariance + a d_i d_j), the new mean is b d below the return, and for the unbiased
// covariance u = 1 - sum of squared weights = b (2 a + b u).
#include <string.h>
#include "loom_correlation_vector.h"

#pragma STDC FP_CONTRACT OFF

// A weight below this is as good as none; smaller ones would become denormal and slow.
#define WEIGHT_MIN 1e-250

enum { WEIGHTED_STRIP = 256 };

LOOM_INLINE dn shared_pair(const loom_correlation *h, size_t i, size_t j, int update) {
    const loom_weighted *w = &h->weighted;
    double *cov = w->cov + i * h->stride + j;
    dn c = load(cov);
    if (update) {
        c = w->keep * (c + w->gain * w->innovation[i] * load(w->innovation + j));
        store(cov, c);
    }
    return clamp(c * w->inverse[i] * load(w->inverse + j));
}

LOOM_INLINE void update_pairs(const loom_correlation *h, size_t i, size_t j) {
    const loom_weighted *w = &h->weighted;
    size_t k = i * h->stride + j;
    dn old = h->options.decay * load(w->weight + k);
    old = choose(old < WEIGHT_MIN, 0, old);
    if (w->present[i] == 0) {
        store(w->weight + k, old);
        return;
    }
    dn here = load(w->present + j);
    ln both = here > 0;
    dn a = 1 / (old + 1), b = old * a;
    dn var_i = load(w->var_i + k), var_j = load(w->var_j + k);
    dn cov = load(w->cov + k), unbias = load(w->unbias + k);
    dn last_i = load(w->last_i + k), last_j = load(w->last_j + k);
    dn offset_i = load(w->offset_i + k), offset_j = load(w->offset_j + k);
    dn value_i = w->value[i], value_j = load(w->value + j);
    dn di = (value_i - last_i) - offset_i, dj = (value_j - last_j) - offset_j;
    store(w->weight + k, old + here);
    store(w->unbias + k, choose(both, b * (2 * a + b * unbias), unbias));
    store(w->last_i + k, choose(both, value_i, last_i));
    store(w->last_j + k, choose(both, value_j, last_j));
    store(w->offset_i + k, choose(both, -b * di, offset_i));
    store(w->offset_j + k, choose(both, -b * dj, offset_j));
    store(w->var_i + k, choose(both, b * (var_i + a * (di * di)), var_i));
    store(w->var_j + k, choose(both, b * (var_j + a * (dj * dj)), var_j));
    store(w->cov + k, choose(both, b * (cov + a * (di * dj)), cov));
    loose_in *joint = (loose_in *)(w->joint + k);
    *joint += __builtin_convertvector(here, in);
}

// Variance relative to the mean square of the returns.
LOOM_INLINE ln varies(dn variance, dn mean) {
    return variance > ZERO_VARIANCE * (variance + mean * mean) + 1e-300;
}

LOOM_INLINE dn pair_correlation(const loom_correlation *h, size_t i, size_t j) {
    const loom_weighted *w = &h->weighted;
    size_t k = i * h->stride + j;
    dn var_i = load(w->var_i + k), var_j = load(w->var_j + k);
    dn joint = load_counts(w->joint + k);
    ln defined = (joint >= h->least) & varies(var_i, load(w->last_i + k) + load(w->offset_i + k)) &
                 varies(var_j, load(w->last_j + k) + load(w->offset_j + k));
    dn scale = __builtin_elementwise_sqrt(var_i) * __builtin_elementwise_sqrt(var_j);
    return choose(defined, clamp(load(w->cov + k) / scale), NAN);
}

LOOM_INLINE dn weighted_lanes(const loom_correlation *h, size_t i, size_t j, int update) {
    const uint8_t *gapped = h->weighted.block_gapped;
    if (!(gapped[i / BLOCK] | gapped[j / BLOCK])) return shared_pair(h, i, j, update);
    if (update) update_pairs(h, i, j);
    return pair_correlation(h, i, j);
}

LOOM_INLINE void weighted_matrix(const loom_correlation *h, double *packed, int update) {
    double strip[WEIGHTED_STRIP];
    size_t n = h->symbols;
    for (size_t i = 0; i < n; i++)
        for (size_t first = i / LANES * LANES; first < n; first += WEIGHTED_STRIP) {
            size_t end = first + WEIGHTED_STRIP < n ? first + WEIGHTED_STRIP : n;
            for (size_t j = first; j < end; j += LANES)
                store(strip + (j - first), weighted_lanes(h, i, j, update));
            if (!packed) continue;
            size_t from = first < i ? i : first;
            if (from == i && strip[i - first] == strip[i - first]) strip[i - first] = 1;
            memcpy(packed, strip + (from - first), (end - from) * sizeof *packed);
            packed += end - from;
        }
}

LOOM_TARGET static void LOOM_NAME(loom_weighted_kernel)(
    const loom_correlation *h, double *packed, int update) {
    if (update)
        weighted_matrix(h, packed, 1);
    else
        weighted_matrix(h, packed, 0);
}

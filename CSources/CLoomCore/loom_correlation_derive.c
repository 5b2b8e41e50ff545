#include <string.h>
#include "loom_correlation_private.h"

#pragma STDC FP_CONTRACT OFF

// Variances this small make the product of two too small for a normal double.
#define PRODUCT_MIN 1e-140

static double rounding(const loom_rolling *w, size_t i) {
    return ERROR_UNIT * __builtin_elementwise_sqrt(w->growth[i]);
}

static double zero_level(const loom_rolling *w, const loom_sums *s, size_t i) {
    return loom_zero_level(s->sum[i], s->square[i], s->count[i], w->shift[i]);
}

// A symbol whose variance is zero or too small for the rounding of its sums: tells which, from
// sums computed afresh where these do not.
static void look_closer(loom_correlation *h, size_t i) {
    loom_rolling *w = &h->rolling;
    const loom_sums *s = &w->sums[w->current];
    double variance = s->square[i] - s->sum[i] * w->mean[i];
    if (variance + rounding(w, i) <= zero_level(w, s, i)) return;
    loom_rolling_recompute(h, i);
    w->mean[i] = s->sum[i] / s->count[i];
    variance = s->square[i] - s->sum[i] * w->mean[i];
    if (!(variance > zero_level(w, s, i))) return;
    w->inverse[i] = 1 / __builtin_elementwise_sqrt(variance);
    w->diagonal[i] = 1;
}

// The sum of squares about a pair's mean above which the sums are precise enough and the variance
// is not zero. Infinite where all returns are the same, so that no pair need be looked at.
static double threshold(const loom_rolling *w, const loom_sums *s, size_t i) {
    if (s->square[i] == 0 && w->growth[i] == 0) return INFINITY;
    double precise = 2 / ERROR_MAX * rounding(w, i), zero = zero_level(w, s, i);
    double least = precise > zero ? precise : zero;
    return least > PRODUCT_MIN ? least : PRODUCT_MIN;
}

static void derive_gaps(loom_correlation *h) {
    loom_rolling *w = &h->rolling;
    loom_sums *s = &w->sums[w->current];
    for (size_t i = 0; i < h->symbols; i++) {
        if (s->gapped[i] && s->count[i] == s->rows) loom_rolling_lost_nothing(h, s, i);
        w->threshold[i] = threshold(w, s, i);
    }
}

void loom_rolling_derive(loom_correlation *h) {
    loom_rolling *w = &h->rolling;
    loom_sums *s = &w->sums[w->current];
    int suspects = h->kernels->derive(h), had_gaps = w->any_gapped;
    size_t last = h->symbols / BLOCK * BLOCK;
    if (last < h->symbols) {  // beyond the last symbol nothing counts as a gap
        w->block_gapped[last / BLOCK] = 0;
        for (size_t i = last; i < h->symbols; i++)
            if (s->count[i] != s->rows) w->block_gapped[last / BLOCK] = 1;
    }
    w->any_gapped = memchr(w->block_gapped, 1, (h->symbols + BLOCK - 1) / BLOCK) != NULL;
    if (suspects)
        for (size_t i = 0; i < h->symbols; i++)
            if (s->count[i] >= h->least && isnan(w->inverse[i])) look_closer(h, i);
    if (w->any_gapped || had_gaps) derive_gaps(h);
}

loom_view loom_rolling_view(const loom_correlation *h) {
    const loom_rolling *w = &h->rolling;
    const loom_sums *s = &w->sums[w->current];
    return (loom_view){
        .n = h->symbols, .stride = h->stride, .rows = s->rows, .least = h->least,
        .cross = s->cross, .entering = w->entering, .leaving = w->leaving, .sum = s->sum,
        .square = s->square, .count = w->counted, .mean = w->mean, .inverse = w->inverse,
        .diagonal = w->diagonal, .threshold = w->threshold, .lost = s->lost,
        .lost_sq = s->lost_sq, .none = s->none, .block_gapped = w->block_gapped,
        .any_gapped = w->any_gapped, .owner = h};
}

static uint64_t joint_word(const loom_correlation *h, size_t i, size_t j, size_t k) {
    return loom_symbol_mask(h, i)[k] & loom_symbol_mask(h, j)[k];
}

#define FOR_EACH_JOINT_ROW(row)                                                               \
    for (size_t k_ = 0; k_ < loom_words(h->options.window); k_++)                             \
        for (uint64_t m_ = joint_word(h, i, j, k_); m_; m_ &= m_ - 1)                         \
            for (const double *row =                                                          \
                     loom_window_row(h, k_ * 64 + (uint64_t)__builtin_ctzll(m_));             \
                 row; row = NULL)

loom_correlation_pair loom_rolling_exact(const loom_correlation *h, size_t i, size_t j) {
    double n = 0, sum_i = 0, sum_j = 0, raw_i = 0, raw_j = 0;
    double variance_i = 0, variance_j = 0, moment = 0;
    FOR_EACH_JOINT_ROW(row) {
        sum_i += row[i];
        sum_j += row[j];
        n++;
    }
    loom_correlation_pair p = {NAN, NAN, n, (int64_t)n, LOOM_CORRELATION_TOO_FEW_ROWS};
    if (n < h->least) return p;
    double mean_i = sum_i / n, mean_j = sum_j / n;
    FOR_EACH_JOINT_ROW(row) {
        double di = row[i] - mean_i, dj = row[j] - mean_j;
        raw_i += row[i] * row[i];
        raw_j += row[j] * row[j];
        variance_i += di * di;
        variance_j += dj * dj;
        moment += di * dj;
    }
    p.covariance = moment / (n - 1);
    p.reason = LOOM_CORRELATION_ZERO_VARIANCE;
    if (!(variance_i > ZERO_VARIANCE * raw_i + 1e-300)) return p;
    if (!(variance_j > ZERO_VARIANCE * raw_j + 1e-300)) return p;
    double scale = __builtin_elementwise_sqrt(variance_i) * __builtin_elementwise_sqrt(variance_j);
    p.reason = LOOM_CORRELATION_DEFINED;
    p.correlation = i == j ? 1 : loom_clamp(moment / scale);
    return p;
}

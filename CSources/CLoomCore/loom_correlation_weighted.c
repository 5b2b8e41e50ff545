#include <stdlib.h>
#include <string.h>
#include "loom_correlation_private.h"

#pragma STDC FP_CONTRACT OFF

// Gives every pair of a block moments of its own, until now those shared by complete symbols.
static void separate(loom_correlation *h, size_t block) {
    loom_weighted *w = &h->weighted;
    for (size_t i = block * BLOCK; i < (block + 1) * BLOCK; i++)
        for (size_t j = 0; j < h->stride; j++) {
            if (!w->seen[i] || !w->seen[j] || w->block_gapped[j / BLOCK]) continue;
            size_t first = i < j ? i : j, second = i < j ? j : i;
            size_t k = first * h->stride + second;
            w->weight[k] = w->shared_weight;
            w->unbias[k] = w->shared_unbias;
            w->last_i[k] = w->last[first];
            w->last_j[k] = w->last[second];
            w->offset_i[k] = w->offset[first];
            w->offset_j[k] = w->offset[second];
            w->var_i[k] = w->variance[first];
            w->var_j[k] = w->variance[second];
            if (i == j) w->cov[k] = w->variance[i];
            w->joint[k] = (int32_t)(w->shared_joint < INT32_MAX ? w->shared_joint : INT32_MAX);
        }
    w->block_gapped[block] = 1;
}

static void separate_incomplete(loom_correlation *h) {
    loom_weighted *w = &h->weighted;
    for (size_t i = 0; i < h->symbols; i++) {
        int complete = w->present[i] > 0 && (w->seen[i] || w->shared_joint == 0);
        if (!complete && !w->block_gapped[i / BLOCK]) separate(h, i / BLOCK);
    }
}

static void read_row(loom_correlation *h, const double *row, uint32_t count) {
    loom_weighted *w = &h->weighted;
    for (size_t i = 0; i < h->symbols; i++) {
        int here = i < count && loom_present(row[i]);
        w->present[i] = here;
        w->value[i] = here ? row[i] : 0;
    }
}

// Means, variances and scales of symbols present in every row.
static void update_shared(loom_correlation *h) {
    loom_weighted *w = &h->weighted;
    double old = h->options.decay * w->shared_weight, a = 1 / (old + 1), b = old * a;
    w->gain = a;
    w->keep = b;
    w->shared_weight = old + 1;
    w->shared_unbias = b * (2 * a + b * w->shared_unbias);
    w->shared_joint++;
    int enough = (double)w->shared_joint >= h->least;
    for (size_t i = 0; i < h->symbols; i++) {
        if (w->block_gapped[i / BLOCK]) continue;
        double d = (w->value[i] - w->last[i]) - w->offset[i];
        w->innovation[i] = d;
        w->last[i] = w->value[i];
        w->offset[i] = -b * d;
        w->variance[i] = b * (w->variance[i] + a * (d * d));
        double mean = w->last[i] + w->offset[i], v = w->variance[i];
        int varies = v > ZERO_VARIANCE * (v + mean * mean) + 1e-300;
        w->inverse[i] = enough && varies ? 1 / __builtin_elementwise_sqrt(v) : NAN;
    }
}

void loom_weighted_update(loom_correlation *h, const double *row, uint32_t count, double *packed) {
    loom_weighted *w = &h->weighted;
    read_row(h, row, count);
    separate_incomplete(h);
    update_shared(h);
    h->kernels->weighted(h, packed, 1);
    for (size_t i = 0; i < h->symbols; i++)
        if (w->present[i] > 0) w->seen[i] = 1;
    h->rows++;
}

loom_correlation_pair loom_weighted_pair(const loom_correlation *h, size_t i, size_t j) {
    const loom_weighted *w = &h->weighted;
    if (!w->seen[i] || !w->seen[j])
        return (loom_correlation_pair){NAN, NAN, 0, 0, LOOM_CORRELATION_NOT_ACTIVE};
    size_t k = i * h->stride + j;
    loom_correlation_pair p = {NAN, NAN, 0, 0, LOOM_CORRELATION_DEFINED};
    int shared = !(w->block_gapped[i / BLOCK] | w->block_gapped[j / BLOCK]);
    double unbias = shared ? w->shared_unbias : w->unbias[k];
    double var_i = shared ? w->variance[i] : w->var_i[k];
    double var_j = shared ? w->variance[j] : w->var_j[k];
    double mean_i = shared ? w->last[i] + w->offset[i] : w->last_i[k] + w->offset_i[k];
    double mean_j = shared ? w->last[j] + w->offset[j] : w->last_j[k] + w->offset_j[k];
    double cov = shared && i == j ? var_i : w->cov[k];
    p.joint_rows = shared ? (int64_t)w->shared_joint : w->joint[k];
    if (p.joint_rows > 0) p.effective_rows = 1 / (1 - unbias);
    if ((double)p.joint_rows < h->least) {
        p.reason = LOOM_CORRELATION_TOO_FEW_ROWS;
        return p;
    }
    p.covariance = cov / unbias;
    p.reason = LOOM_CORRELATION_ZERO_VARIANCE;
    if (!(var_i > ZERO_VARIANCE * (var_i + mean_i * mean_i) + 1e-300)) return p;
    if (!(var_j > ZERO_VARIANCE * (var_j + mean_j * mean_j) + 1e-300)) return p;
    p.reason = LOOM_CORRELATION_DEFINED;
    double scale = __builtin_elementwise_sqrt(var_i) * __builtin_elementwise_sqrt(var_j);
    p.correlation = i == j   ? 1
                    : shared ? loom_clamp(cov * w->inverse[i] * w->inverse[j])
                             : loom_clamp(cov / scale);
    return p;
}

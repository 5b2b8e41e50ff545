#include "loom_correlation_private.h"

#pragma STDC FP_CONTRACT OFF

// Rows without i or j are counted once too often in those without i and those without j. A count
// far below zero marks a symbol that is not active; its pairs share no rows.
static void rolling_joint_rows(const loom_correlation *h, int32_t *packed) {
    const loom_rolling *w = &h->rolling;
    const loom_sums *s = &w->sums[w->current];
    for (size_t i = 0; i < h->symbols; i++) {
        const double base = w->counted[i] - s->rows;
        const int32_t *none = s->none + i * h->stride;
        *packed++ = w->counted[i] > 0 ? (int32_t)w->counted[i] : 0;
        for (size_t j = i + 1; j < h->symbols; j++) {
            const int32_t joint = (int32_t)(base + w->counted[j]) + none[j];
            *packed++ = joint > 0 ? joint : 0;
        }
    }
}

static void weighted_joint_rows(const loom_correlation *h, int32_t *packed) {
    const loom_weighted *w = &h->weighted;
    const int32_t all = (int32_t)(w->shared_joint < INT32_MAX ? w->shared_joint : INT32_MAX);
    for (size_t i = 0; i < h->symbols; i++)
        for (size_t j = i; j < h->symbols; j++) {
            const int shared = !(w->block_gapped[i / BLOCK] | w->block_gapped[j / BLOCK]);
            const int32_t joint = shared ? all : w->joint[i * h->stride + j];
            *packed++ = w->seen[i] && w->seen[j] ? joint : 0;
        }
}

void loom_correlation_joint_rows(const loom_correlation *h, int32_t *packed) {
    if (h->options.window) {
        rolling_joint_rows(h, packed);
        return;
    }
    weighted_joint_rows(h, packed);
}

uint32_t loom_correlation_shared_rows(const loom_correlation *h) {
    const loom_rolling *w = &h->rolling;
    if (!h->options.window || h->symbols == 0 || w->any_gapped) return 0;
    return (uint32_t)w->sums[w->current].rows;
}

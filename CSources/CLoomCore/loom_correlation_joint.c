#include "loom_correlation_private.h"

#pragma STDC FP_CONTRACT OFF

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

void loom_correlation_joint_rows(loom_correlation *h, int32_t *packed) {
    loom_rolling_catch_up(h);
    if (h->options.window) {
        const loom_view view = loom_rolling_view(h);
        h->kernels->joint(&view, packed);
        return;
    }
    weighted_joint_rows(h, packed);
}

uint32_t loom_correlation_shared_rows(loom_correlation *h) {
    loom_rolling_catch_up(h);
    const loom_rolling *w = &h->rolling;
    if (!h->options.window || h->symbols == 0 || w->any_gapped) return 0;
    return (uint32_t)w->sums[w->current].rows;
}

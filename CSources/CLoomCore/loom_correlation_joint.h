// The kernel of joint counts; included once for each kind of processor by
// loom_correlation_kernels.h, which names it.
#pragma STDC FP_CONTRACT OFF

// Rows without i or j are counted once too often in those without i and those without j. A count
// far below zero marks a symbol that is not active; its pairs share no rows.
LOOM_TARGET static void LOOM_NAME(joint)(const loom_view *view, int32_t *restrict packed) {
    const double *restrict count = view->count;
    for (size_t i = 0; i < view->n; i++) {
        const double base = count[i] - view->rows;
        const int32_t *restrict none = view->none + i * view->stride;
        *packed++ = count[i] > 0 ? (int32_t)count[i] : 0;
        const size_t rest = view->n - i - 1;
        for (size_t k = 0; k < rest; k++) {
            const int32_t joint = (int32_t)(base + count[i + 1 + k]) + none[i + 1 + k];
            packed[k] = joint > 0 ? joint : 0;
        }
        packed += rest;
    }
}

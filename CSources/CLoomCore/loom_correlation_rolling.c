#include <string.h>
#include "loom_correlation_private.h"

#pragma STDC FP_CONTRACT OFF

static int empty(const uint64_t *mask, size_t words) {
    for (size_t k = 0; k < words; k++)
        if (mask[k]) return 0;
    return 1;
}

// Rows of the window with and without a symbol, where the row in slot replaces another.
static void note_change(loom_correlation *h, size_t symbol, uint64_t slot, int here) {
    uint64_t *mask = loom_symbol_mask(h, symbol), bit = (uint64_t)1 << (slot & 63);
    mask[slot >> 6] = here ? mask[slot >> 6] | bit : mask[slot >> 6] & ~bit;
    h->rolling.sums[h->rolling.current].count[symbol] += here ? 1 : -1;
}

// Puts the row into its slot of the window; what was there is in leaving and left, and is kept.
static void replace_row(loom_correlation *h, const double *row, uint32_t count, uint64_t slot) {
    loom_rolling *w = &h->rolling;
    double *to = loom_window_row(h, slot);
    uint64_t *mask = loom_row_mask(h, slot);
    size_t words = loom_words(h->symbols);
    double *gone = loom_window_row(h, loom_gone(h, slot));
    uint64_t *gone_mask = loom_row_mask(h, loom_gone(h, slot));
    memcpy(gone, to, h->symbols * sizeof *to);
    memcpy(w->left, mask, words * sizeof *mask);
    w->leaving = gone;
    for (size_t k = 0; k < words; k++) {
        size_t first = k * 64, end = first + 64 < h->symbols ? first + 64 : h->symbols;
        size_t given = count <= first ? 0 : (count < end ? count : end) - first;
        uint64_t here = given ? h->kernels->take(to + first, row + first, given) : 0;
        memset(to + first + given, 0, (end - first - given) * sizeof *to);
        gone_mask[k] = mask[k];
        mask[k] = here;
        for (uint64_t come = here & ~w->active[k]; come; come &= come - 1)
            loom_rolling_activate(h, k * 64 + (size_t)__builtin_ctzll(come));
        for (uint64_t change = here ^ w->left[k]; change; change &= change - 1) {
            size_t i = k * 64 + (size_t)__builtin_ctzll(change);
            note_change(h, i, slot, loom_bit(mask, i));
        }
    }
}

// A symbol whose last return left with this row is no longer in the matrix.
static void deactivate_silent(loom_correlation *h, const uint64_t *mask) {
    loom_rolling *w = &h->rolling;
    for (size_t k = 0; k < loom_words(h->symbols); k++)
        for (uint64_t gone = w->left[k] & ~mask[k]; gone; gone &= gone - 1) {
            size_t i = k * 64 + (size_t)__builtin_ctzll(gone);
            if (empty(loom_symbol_mask(h, i), loom_words(h->options.window)))
                w->active[k] &= ~((uint64_t)1 << (i & 63));
        }
}

double *loom_rolling_own_leaving(loom_correlation *h) {
    loom_rolling *w = &h->rolling;
    if (w->leaving != w->shifted) memcpy(w->shifted, w->leaving, h->symbols * sizeof *w->shifted);
    w->leaving = w->shifted;
    return w->shifted;
}

static void subtract_shifts(const loom_correlation *h, double *z, const uint64_t *mask) {
    for (size_t i = 0; i < h->symbols; i++)
        if (loom_bit(mask, i)) z[i] -= h->rolling.shift[i];
}

static void update_next(loom_correlation *h, const double *row, const uint64_t *mask) {
    loom_rolling *w = &h->rolling;
    loom_sums *next = &w->sums[1 - w->current];
    loom_rolling_lose(h, next, row, mask, 1);
    h->kernels->sums(next, row, w->zeros, NULL, h->symbols);
    next->rows++;
}

static void update_current(loom_correlation *h, const double *row, const uint64_t *mask) {
    loom_rolling *w = &h->rolling;
    loom_sums *now = &w->sums[w->current];
    memcpy(w->entering, row, h->symbols * sizeof *row);
    if (w->shifts) {
        subtract_shifts(h, w->entering, mask);
        subtract_shifts(h, loom_rolling_own_leaving(h), w->left);
    }
    loom_rolling_lose(h, now, w->entering, mask, 1);
    if (w->held == h->options.window)
        loom_rolling_lose(h, now, w->leaving, w->left, -1);
    else
        now->rows++;
    h->kernels->sums(now, w->entering, w->leaving, w->growth, h->symbols);
}

void loom_rolling_update(loom_correlation *h, const double *row, uint32_t count, double *packed) {
    loom_rolling *w = &h->rolling;
    uint64_t slot = h->rows % h->options.window;
    replace_row(h, row, count, slot);
    const double *in_window = loom_window_row(h, slot);
    const uint64_t *mask = loom_row_mask(h, slot);
    update_next(h, in_window, mask);
    update_current(h, in_window, mask);
    deactivate_silent(h, mask);
    h->rows++;
    if (w->held < h->options.window) w->held++;

    int anchor = loom_rolling_absorb(h, 1);
    if (anchor) loom_rolling_anchor(h);
    loom_rolling_derive(h);
    loom_view view = loom_rolling_view(h);
    if (anchor && packed) h->kernels->write(&view, packed);
    if (!anchor && packed) h->kernels->update_and_write(&view, packed);
    if (!anchor && !packed) h->kernels->update(&view);
}

// Forgets all rows, as if the next were the first.
static void restart(loom_correlation *h, uint64_t rows) {
    loom_rolling *w = &h->rolling;
    size_t words = loom_words(h->options.window);
    memset(w->window, 0, (size_t)h->options.window * h->stride * sizeof *w->window);
    memset(w->row_mask, 0, h->options.window * loom_words(h->stride) * sizeof *w->row_mask);
    memset(w->symbol_mask, 0, h->stride * words * sizeof *w->symbol_mask);
    memset(w->active, 0, loom_words(h->stride) * sizeof *w->active);
    w->held = 0;
    h->rows = rows;
    loom_rolling_anchor(h);
}

// Takes a row into the window and what does not wait for an anchor of the next sums.
static void take_row(loom_correlation *h, const double *row, uint32_t count) {
    loom_rolling *w = &h->rolling;
    uint64_t slot = h->rows % h->options.window;
    const uint64_t *mask = loom_row_mask(h, slot);
    replace_row(h, row, count, slot);
    update_next(h, loom_window_row(h, slot), mask);
    deactivate_silent(h, mask);
    h->rows++;
    if (w->held < h->options.window) w->held++;
}

void loom_rolling_backfill(
    loom_correlation *h, const double *rows, uint32_t count, uint64_t row_count) {
    loom_rolling *w = &h->rolling;
    uint64_t window = h->options.window, end = h->rows + row_count;
    uint64_t last_anchor = end / window * window;
    // The state is a function of the rows since the anchor before the last.
    if (last_anchor >= window && h->rows < last_anchor - window) {
        rows += (last_anchor - window - h->rows) * count;
        restart(h, last_anchor - window);
    }
    while (h->rows < end) {
        uint64_t start = h->rows % window, many = window - start;
        if (many > end - h->rows) many = end - h->rows;
        for (uint64_t k = 0; k < many; k++, rows += count) take_row(h, rows, count);
        int anchor = loom_rolling_absorb(h, many);
        if (anchor) loom_rolling_anchor(h);
        w->behind = !anchor;
    }
    if (!w->behind) loom_rolling_derive(h);
}

void loom_rolling_catch_up(loom_correlation *h) {
    if (!h->rolling.behind) return;
    h->rolling.behind = 0;
    loom_rolling_rebuild(h);
    loom_rolling_derive(h);
}

void loom_rolling_read(const loom_correlation *h, double *packed) {
    loom_view view = loom_rolling_view(h);
    h->kernels->write(&view, packed);
}

static int is_active(const loom_correlation *h, size_t i) { return loom_bit(h->rolling.active, i); }

int64_t loom_rolling_joint(const loom_correlation *h, size_t i, size_t j) {
    const loom_sums *s = &h->rolling.sums[h->rolling.current];
    if (!is_active(h, i) || !is_active(h, j)) return 0;
    if (i == j) return (int64_t)s->count[i];
    return (int64_t)(s->count[i] - s->rows + s->count[j]) + s->none[i * h->stride + j];
}

// The operations of the kernels, in their order, on one pair.
static double complete_moment(const loom_correlation *h, const loom_sums *s, size_t i, size_t j) {
    return s->cross[i * h->stride + j] - h->rolling.mean[i] * s->sum[j];
}

static loom_correlation_pair gapped_pair(const loom_correlation *h, size_t i, size_t j) {
    const loom_rolling *w = &h->rolling;
    const loom_sums *s = &w->sums[w->current];
    double n = (double)loom_rolling_joint(h, i, j);
    size_t in_i = loom_lost_at(h->stride, j, i), in_j = loom_lost_at(h->stride, i, j);
    double sum_i = s->sum[i] - s->lost[in_i], sum_j = s->sum[j] - s->lost[in_j];
    double square_i = s->square[i] - s->lost_sq[in_i], square_j = s->square[j] - s->lost_sq[in_j];
    double variance_i = n * square_i - sum_i * sum_i, variance_j = n * square_j - sum_j * sum_j;
    double moment = n * s->cross[i * h->stride + j] - sum_i * sum_j;
    int sure = variance_i > n * w->threshold[i] && variance_j > n * w->threshold[j];
    if (n < h->least || !sure) return loom_rolling_exact(h, i, j);
    double rho = loom_clamp(moment / __builtin_elementwise_sqrt(variance_i * variance_j));
    return (loom_correlation_pair){
        rho, moment / (n * (n - 1)), n, (int64_t)n, LOOM_CORRELATION_DEFINED};
}

loom_correlation_pair loom_rolling_pair(const loom_correlation *h, size_t i, size_t j) {
    const loom_rolling *w = &h->rolling;
    const loom_sums *s = &w->sums[w->current];
    if (!is_active(h, i) || !is_active(h, j))
        return (loom_correlation_pair){NAN, NAN, 0, 0, LOOM_CORRELATION_NOT_ACTIVE};
    if (i == j) {
        loom_correlation_pair own = {
            w->diagonal[i], (s->square[i] - s->sum[i] * w->mean[i]) / (s->count[i] - 1),
            s->count[i], (int64_t)s->count[i], LOOM_CORRELATION_DEFINED};
        return isnan(own.correlation) ? loom_rolling_exact(h, i, j) : own;
    }
    if (w->block_gapped[i / BLOCK] | w->block_gapped[j / BLOCK]) return gapped_pair(h, i, j);
    double moment = complete_moment(h, s, i, j);
    double rho = loom_clamp(moment * w->inverse[i] * w->inverse[j]);
    if (isnan(rho)) return loom_rolling_exact(h, i, j);
    return (loom_correlation_pair){
        rho, moment / (s->rows - 1), s->rows, (int64_t)s->rows, LOOM_CORRELATION_DEFINED};
}

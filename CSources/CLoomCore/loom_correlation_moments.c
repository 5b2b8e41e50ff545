#include <string.h>
#include "loom_correlation_private.h"

#pragma STDC FP_CONTRACT OFF

// Blocks take turns to add the last rows to the next sums: a block every so many rows.
enum { GROUPS = 16 };

static double *lost_at(const loom_correlation *h, const loom_sums *s, size_t j, size_t i) {
    return s->lost + loom_lost_at(h->stride, j, i);
}

static double *lost_sq_at(const loom_correlation *h, const loom_sums *s, size_t j, size_t i) {
    return s->lost_sq + loom_lost_at(h->stride, j, i);
}

// What a symbol that was never there has lost: everything.
static void lose_all(loom_correlation *h, loom_sums *s, size_t symbol) {
    if (s->rows == 0) return;
    for (size_t i = 0; i < h->symbols; i++) {
        *lost_at(h, s, symbol, i) = s->sum[i];
        *lost_sq_at(h, s, symbol, i) = s->square[i];
    }
    s->gapped[symbol] = s->stale[symbol] = 1;
}

void loom_rolling_lost_nothing(loom_correlation *h, loom_sums *s, size_t symbol) {
    s->gapped[symbol] = 0;
    if (!s->stale[symbol]) return;
    s->stale[symbol] = 0;
    for (size_t i = 0; i < h->stride; i += BLOCK) {
        memset(lost_at(h, s, symbol, i), 0, BLOCK * sizeof(double));
        memset(lost_sq_at(h, s, symbol, i), 0, BLOCK * sizeof(double));
    }
}

static void set_none(loom_correlation *h, loom_sums *s, size_t i, size_t j, double rows) {
    size_t first = i < j ? i : j, second = i < j ? j : i;
    s->none[first * h->stride + second] = (int32_t)rows;
    if (rows != 0) s->none_used = 1;
}

// Rows of this cycle before the present one in which a symbol was absent.
static double absent_in_cycle(const loom_correlation *h, size_t symbol) {
    const uint64_t *mask = loom_symbol_mask(h, symbol);
    uint64_t start = h->rolling.cycle_start, end = h->rows % h->options.window, present = 0;
    for (uint64_t k = start >> 6; k << 6 < end; k++) {
        uint64_t word = mask[k];
        if (k == start >> 6) word &= ~(uint64_t)0 << (start & 63);
        if (k == end >> 6) word &= ((uint64_t)1 << (end & 63)) - 1;
        present += (uint64_t)__builtin_popcountll(word);
    }
    return (double)(end - start - present);
}

void loom_rolling_activate(loom_correlation *h, size_t symbol) {
    loom_rolling *w = &h->rolling;
    loom_sums *now = &w->sums[w->current], *next = &w->sums[1 - w->current];
    now->sum[symbol] = now->square[symbol] = w->growth[symbol] = 0;
    if (w->shift[symbol] != 0) w->shifts--;
    w->shift[symbol] = 0;
    lose_all(h, now, symbol);
    lose_all(h, next, symbol);
    for (size_t i = 0; i < h->symbols; i++) {
        size_t first = i < symbol ? i : symbol, second = i < symbol ? symbol : i;
        now->cross[first * h->stride + second] = 0;
        *lost_at(h, now, i, symbol) = *lost_sq_at(h, now, i, symbol) = 0;
        if (i == symbol) continue;
        set_none(h, now, i, symbol, now->rows - now->count[i]);
        set_none(h, next, i, symbol, absent_in_cycle(h, i));
    }
    w->active[symbol >> 6] |= (uint64_t)1 << (symbol & 63);
}

void loom_rolling_lose(
    loom_correlation *h, loom_sums *s, const double *z, const uint64_t *mask, int sign) {
    loom_rolling *w = &h->rolling;
    size_t absent = 0;
    for (size_t k = 0; k < loom_words(h->symbols); k++)
        for (uint64_t gone = w->active[k] & ~mask[k]; gone; gone &= gone - 1)
            w->absent[absent++] = (uint32_t)(k * 64 + (size_t)__builtin_ctzll(gone));
    for (size_t a = 0; a < absent; a++) {
        size_t j = w->absent[a];
        h->kernels->lose(lost_at(h, s, j, 0), lost_sq_at(h, s, j, 0), z, h->symbols, sign,
                         !s->gapped[j]);
        s->gapped[j] = s->stale[j] = 1;
        int32_t *none = s->none + j * h->stride;
        for (size_t b = a + 1; b < absent; b++) none[w->absent[b]] += sign;
    }
    if (absent > 1) s->none_used = 1;
}

// Where a block's last turn was when so many rows of the cycle were done.
static uint64_t last_turn(size_t block, uint64_t done) {
    uint64_t since = (done + GROUPS - block % GROUPS) % GROUPS;
    return since < done ? done - since : 0;
}

int loom_rolling_absorb(loom_correlation *h, uint64_t count) {
    loom_rolling *w = &h->rolling;
    uint64_t done = h->rows % h->options.window;
    int anchor = done == 0;
    if (anchor) done = h->options.window;
    // After a single row it is the turn of one block in GROUPS only.
    size_t step = anchor || count > 1 ? 1 : GROUPS, first = step == 1 ? 0 : done % GROUPS;
    for (size_t block = first; block * BLOCK < h->symbols; block += step) {
        uint64_t from = last_turn(block, done - count), to = anchor ? done : last_turn(block, done);
        if (from < w->cycle_start) from = w->cycle_start;
        if (from >= to) continue;
        h->kernels->absorb(w->sums[1 - w->current].cross, h->stride, loom_window_row(h, from),
                           to - from, block, h->symbols, from == w->cycle_start);
    }
    return anchor;
}

// Of a fresh sum: every partial sum was at most the whole.
static double fresh_growth(double rows, double square) {
    return (rows < 4096 ? rows : 4096) * (square * square);
}

void loom_rolling_anchor(loom_correlation *h) {
    loom_rolling *w = &h->rolling;
    w->current = 1 - w->current;
    loom_sums *now = &w->sums[w->current], *next = &w->sums[1 - w->current];
    size_t words = loom_words(h->options.window);
    for (size_t i = 0; i < h->symbols; i++) {
        const uint64_t *mask = loom_symbol_mask(h, i);
        int present = 0;
        for (size_t k = 0; k < words; k++) present += __builtin_popcountll(mask[k]);
        now->count[i] = present;
        w->growth[i] = fresh_growth(now->rows, now->square[i]);
        if (!now->gapped[i]) loom_rolling_lost_nothing(h, now, i);
        w->shift[i] = next->sum[i] = next->square[i] = 0;
    }
    w->shifts = 0;
    w->cycle_start = 0;
    memset(next->gapped, 0, h->stride);
    if (next->none_used) memset(next->none, 0, (size_t)h->stride * h->stride * sizeof *next->none);
    next->none_used = 0;
    next->rows = 0;
}

// A symbol's returns in the window less a new shift; the shift is 0 where the mean is small beside
// the deviation, else the mean, and exactly the value where there is only one.
static double centred_column(loom_correlation *h, size_t symbol) {
    loom_rolling *w = &h->rolling;
    const uint64_t *mask = loom_symbol_mask(h, symbol);
    double low = INFINITY, high = -INFINITY, sum = 0, square = 0, count = 0;
    for (uint64_t slot = 0; slot < h->options.window; slot++) {
        if (!loom_bit(mask, slot)) continue;
        double x = loom_window_row(h, slot)[symbol];
        low = x < low ? x : low;
        high = x > high ? x : high;
        sum += x;
        square += x * x;
        count++;
    }
    double shift = low == high ? low : sum / count;
    if (low < high && 2 * shift * sum < square) shift = 0;
    for (uint64_t slot = 0; slot < h->options.window; slot++)
        w->column[slot] = loom_bit(mask, slot) ? loom_window_row(h, slot)[symbol] - shift : 0;
    return shift;
}

// The co-moments of the symbol whose returns are in column with all others, into scratch.
static void cross_column(loom_correlation *h) {
    loom_rolling *w = &h->rolling;
    memset(w->scratch, 0, h->stride * sizeof *w->scratch);
    for (uint64_t slot = 0; slot < h->options.window; slot++)
        if (w->column[slot] != 0)
            h->kernels->add_scaled(
                w->scratch, loom_window_row(h, slot), w->column[slot], h->symbols);
    if (w->shifts == 0) return;
    for (size_t j = 0; j < h->symbols; j++) {
        if (w->shift[j] == 0) continue;
        const uint64_t *mask = loom_symbol_mask(h, j);
        w->scratch[j] = 0;
        for (uint64_t slot = 0; slot < h->options.window; slot++)
            if (loom_bit(mask, slot))
                w->scratch[j] += w->column[slot] * (loom_window_row(h, slot)[j] - w->shift[j]);
    }
}

// What a symbol's returns add up to over the rows in which another is absent.
static void lost_entry(loom_correlation *h, loom_sums *s, size_t symbol, size_t other) {
    const uint64_t *mask = loom_symbol_mask(h, other);
    double sum = 0, square = 0;
    for (size_t k = 0; k < loom_words(h->options.window); k++)
        for (uint64_t gone = ~mask[k]; gone; gone &= gone - 1) {
            size_t slot = k * 64 + (size_t)__builtin_ctzll(gone);
            if (slot >= h->options.window) break;
            double z = h->rolling.column[slot];
            sum += z;
            square += z * z;
        }
    *lost_at(h, s, other, symbol) = sum;
    *lost_sq_at(h, s, other, symbol) = square;
}

void loom_rolling_recompute(loom_correlation *h, size_t symbol) {
    loom_rolling *w = &h->rolling;
    loom_sums *s = &w->sums[w->current];
    double shift = centred_column(h, symbol), sum = 0, square = 0;
    w->shifts += (uint32_t)(shift != 0) - (uint32_t)(w->shift[symbol] != 0);
    w->shift[symbol] = shift;
    cross_column(h);
    for (size_t j = 0; j < h->symbols; j++) {
        size_t first = j < symbol ? j : symbol, second = j < symbol ? symbol : j;
        s->cross[first * h->stride + second] = w->scratch[j];
        if (s->gapped[j] && j != symbol) lost_entry(h, s, symbol, j);
    }
    for (uint64_t slot = 0; slot < h->options.window; slot++) {
        sum += w->column[slot];
        square += w->column[slot] * w->column[slot];
    }
    s->sum[symbol] = sum;
    s->square[symbol] = square;
    w->growth[symbol] = square * square;
    // They are in these sums already.
    w->entering[symbol] = loom_rolling_own_leaving(h)[symbol] = 0;
}

void loom_rolling_rebuild(loom_correlation *h) {
    loom_rolling *w = &h->rolling;
    loom_sums *s = &w->sums[w->current];
    if (h->symbols == 0) return;
    loom_blas_cross_products(
        w->window, h->options.window, h->stride, h->symbols, s->cross, h->stride);
    size_t bytes = h->stride * sizeof(double);
    memset(s->sum, 0, bytes);
    memset(s->square, 0, bytes);
    memset(s->gapped, 0, h->stride);
    if (s->none_used) memset(s->none, 0, (size_t)h->stride * h->stride * sizeof *s->none);
    s->none_used = 0;
    for (uint64_t t = h->rows - w->held; t < h->rows; t++) {
        uint64_t slot = t % h->options.window;
        const double *row = loom_window_row(h, slot);
        loom_rolling_lose(h, s, row, loom_row_mask(h, slot), 1);
        h->kernels->sums(s, row, w->zeros, NULL, h->symbols);
    }
    s->rows = (double)w->held;
    w->shifts = 0;
    for (size_t i = 0; i < h->symbols; i++) {
        if (!s->gapped[i]) loom_rolling_lost_nothing(h, s, i);
        int present = 0;
        for (size_t k = 0; k < loom_words(h->options.window); k++)
            present += __builtin_popcountll(loom_symbol_mask(h, i)[k]);
        s->count[i] = present;
        w->growth[i] = fresh_growth(s->rows, s->square[i]);
        w->shift[i] = 0;
    }
}

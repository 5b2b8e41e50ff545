#include <string.h>
#include "loom_correlation_private.h"

#pragma STDC FP_CONTRACT OFF

// At an anchor the next sums are empty, but for what their first rows overwrite: the window's pairs
// are written there in the new order, and the squares change places. What only gaps need is put in
// order where it stands, as the other's pages may never have been touched. What has no column any
// more is left zero, as create leaves it.

typedef struct order {
    const uint32_t *from;  // by new column: the old one
    size_t count, before;
} order;

static void move_vector(loom_correlation *h, const order *o, double *vector) {
    double *scratch = h->rolling.scratch;
    memset(scratch, 0, h->stride * sizeof *scratch);
    for (size_t k = 0; k < o->count; k++) scratch[k] = vector[o->from[k]];
    memcpy(vector, scratch, h->stride * sizeof *scratch);
}

// The upper triangles: what stood on one side of the diagonal may come to stand on the other.
static void move_pairs(
    const loom_correlation *h, const order *o, const loom_sums *s, loom_sums *to, size_t k) {
    for (size_t l = k; l < o->count; l++) {
        const size_t i = o->from[k] < o->from[l] ? o->from[k] : o->from[l];
        const size_t j = o->from[k] < o->from[l] ? o->from[l] : o->from[k];
        to->cross[k * h->stride + l] = s->cross[i * h->stride + j];
        if (s->none_used) to->none[k * h->stride + l] = s->none[i * h->stride + j];
    }
}

// What is beyond the columns that are left; of the next sums all, where they do not overwrite it.
static void clear_pairs(const loom_correlation *h, const order *o, const loom_sums *s, int next) {
    for (size_t k = 0; k < o->before; k++) {
        const size_t first = k > o->count ? k : o->count, many = o->before - first;
        memset(s->cross + k * h->stride + first, 0, many * sizeof *s->cross);
        if (next && s->none_used)
            memset(s->none + k * h->stride + k, 0, (o->before - k) * sizeof *s->none);
    }
}

static void move_squares(loom_correlation *h, const order *o, loom_sums *s, loom_sums *next) {
    for (size_t k = 0; k < o->count; k++) move_pairs(h, o, s, next, k);
    clear_pairs(h, o, s, 1);
    clear_pairs(h, o, next, 0);
    double *cross = s->cross;
    int32_t *none = s->none;
    s->cross = next->cross;
    next->cross = cross;
    if (!s->none_used) return;
    s->none = next->none;
    next->none = none;
}

static void swap_block(double *a, double *b) {
    double kept[BLOCK];
    memcpy(kept, a, sizeof kept);
    memcpy(a, b, sizeof kept);
    memcpy(b, kept, sizeof kept);
}

static void swap_lost(const loom_correlation *h, loom_sums *s, size_t a, size_t b) {
    const uint8_t gapped = s->gapped[a], stale = s->stale[a];
    if (a == b || !(s->stale[a] | s->stale[b])) return;
    for (size_t i = 0; i < h->stride; i += BLOCK) {
        const size_t at = loom_lost_at(h->stride, a, i), other = loom_lost_at(h->stride, b, i);
        swap_block(s->lost + at, s->lost + other);
        swap_block(s->lost_sq + at, s->lost_sq + other);
    }
    s->gapped[a] = s->gapped[b];
    s->stale[a] = s->stale[b];
    s->gapped[b] = gapped;
    s->stale[b] = stale;
}

static void move_row(loom_correlation *h, const order *o, double *lost, size_t j) {
    double *scratch = h->rolling.scratch;
    memset(scratch, 0, o->before * sizeof *scratch);
    for (size_t l = 0; l < o->count; l++)
        scratch[l] = lost[loom_lost_at(h->stride, j, o->from[l])];
    for (size_t l = 0; l < o->before; l++) lost[loom_lost_at(h->stride, j, l)] = scratch[l];
}

// Rows by exchange, then each row's columns.
static void move_lost(loom_correlation *h, const order *o, loom_sums *s) {
    for (size_t k = 0; k < o->count; k++) {
        // What stood where a row has already come was exchanged for that row's old place.
        size_t at = o->from[k];
        while (at < k) at = o->from[at];
        swap_lost(h, s, k, at);
    }
    for (size_t j = o->count; j < o->before; j++) loom_rolling_lost_nothing(h, s, j);
    for (size_t j = 0; j < o->count; j++) {
        if (!s->stale[j]) continue;
        move_row(h, o, s->lost, j);
        move_row(h, o, s->lost_sq, j);
    }
}

static void move_sums(loom_correlation *h, const order *o) {
    loom_rolling *w = &h->rolling;
    loom_sums *s = &w->sums[w->current], *next = &w->sums[1 - w->current];
    move_squares(h, o, s, next);
    move_lost(h, o, s);
    move_vector(h, o, s->sum);
    move_vector(h, o, s->square);
    move_vector(h, o, s->count);
    memset(next->count, 0, h->stride * sizeof *next->count);
    if (o->count == o->before) return;
    for (size_t j = 0; j < o->before; j++) loom_rolling_lost_nothing(h, next, j);
}

static void move_mask(loom_correlation *h, const order *o, uint64_t *mask) {
    uint64_t *scratch = h->rolling.left;  // the next row writes it before it is read
    const size_t bytes = loom_words(h->stride) * sizeof *mask;
    memset(scratch, 0, bytes);
    for (size_t k = 0; k < o->count; k++)
        if (loom_bit(mask, o->from[k])) scratch[k >> 6] |= (uint64_t)1 << (k & 63);
    memcpy(mask, scratch, bytes);
}

static void move_window(loom_correlation *h, const order *o) {
    loom_rolling *w = &h->rolling;
    const size_t words = loom_words(h->options.window);
    memset(w->symbol_mask, 0, o->before * words * sizeof *w->symbol_mask);
    // Nobody asks any more for what left before an anchor; what is beyond the columns is read.
    memset(loom_window_row(h, loom_gone(h, 0)), 0,
           (size_t)h->options.window * h->stride * sizeof *w->window);
    memset(loom_row_mask(h, loom_gone(h, 0)), 0,
           h->options.window * loom_words(h->stride) * sizeof *w->row_mask);
    for (uint64_t slot = 0; slot < h->options.window; slot++) {
        uint64_t *mask = loom_row_mask(h, slot);
        move_vector(h, o, loom_window_row(h, slot));
        move_mask(h, o, mask);
        for (size_t k = 0; k < loom_words(o->count); k++)
            for (uint64_t here = mask[k]; here; here &= here - 1) {
                const size_t symbol = k * 64 + (size_t)__builtin_ctzll(here);
                loom_symbol_mask(h, symbol)[slot >> 6] |= (uint64_t)1 << (slot & 63);
            }
    }
}

// Columns that there are, none of them twice.
static int are_columns(const loom_correlation *h, const uint32_t *from, uint32_t count) {
    uint64_t *given = h->rolling.left;
    memset(given, 0, loom_words(h->stride) * sizeof *given);
    for (uint32_t k = 0; k < count; k++) {
        if (from[k] >= h->symbols || loom_bit(given, from[k])) return 0;
        given[from[k] >> 6] |= (uint64_t)1 << (from[k] & 63);
    }
    return 1;
}

static int is_valid(const loom_correlation *h, const uint32_t *from, uint32_t count) {
    if (!h->options.window) return 0;
    if (h->rows % h->options.window) return 0;
    if (h->rolling.behind) return 0;
    return are_columns(h, from, count);
}

loom_status loom_correlation_arrange(loom_correlation *h, const uint32_t *from, uint32_t count) {
    if (!is_valid(h, from, count)) return LOOM_BAD_ARGUMENT;
    loom_rolling *w = &h->rolling;
    const order o = {from, count, h->symbols};
    const size_t bytes = h->stride * sizeof(double);
    move_sums(h, &o);
    move_window(h, &o);
    move_vector(h, &o, w->shift);
    move_vector(h, &o, w->growth);
    move_mask(h, &o, w->active);
    w->shifts = 0;
    for (size_t k = 0; k < count; k++) w->shifts += w->shift[k] != 0;
    memset(w->entering, 0, bytes);
    memset(w->shifted, 0, bytes);
    w->leaving = w->shifted;
    h->symbols = count;
    loom_rolling_derive(h);
    return LOOM_OK;
}

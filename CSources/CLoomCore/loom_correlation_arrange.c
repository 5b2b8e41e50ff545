#include <string.h>
#include "loom_correlation_private.h"

#pragma STDC FP_CONTRACT OFF

// At an anchor the next sums are empty: the window's sums are written there in the new order, and
// the two change places. What has no column any more is left zero, as create leaves it.

typedef struct order {
    const uint32_t *from;  // by new column: the old one
    size_t count, before;
} order;

static void clear_sums(loom_correlation *h, loom_sums *s, size_t symbols) {
    const size_t bytes = h->stride * sizeof(double);
    for (size_t j = 0; j < symbols; j++) loom_rolling_lost_nothing(h, s, j);
    memset(s->cross, 0, symbols * bytes);
    memset(s->sum, 0, bytes);
    memset(s->square, 0, bytes);
    memset(s->count, 0, bytes);
    if (s->none_used) memset(s->none, 0, (size_t)h->stride * h->stride * sizeof *s->none);
    s->none_used = 0;
    s->rows = 0;
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

static void move_lost(
    const loom_correlation *h, const order *o, const loom_sums *s, loom_sums *to, size_t k) {
    to->gapped[k] = s->gapped[o->from[k]];
    to->stale[k] = s->stale[o->from[k]];
    if (!to->stale[k]) return;
    for (size_t l = 0; l < o->count; l++) {
        const size_t at = loom_lost_at(h->stride, k, l);
        const size_t was = loom_lost_at(h->stride, o->from[k], o->from[l]);
        to->lost[at] = s->lost[was];
        to->lost_sq[at] = s->lost_sq[was];
    }
}

static void move_sums(loom_correlation *h, const order *o) {
    loom_rolling *w = &h->rolling;
    loom_sums *s = &w->sums[w->current], *to = &w->sums[1 - w->current];
    clear_sums(h, to, o->before);
    for (size_t k = 0; k < o->count; k++) {
        move_pairs(h, o, s, to, k);
        move_lost(h, o, s, to, k);
        to->sum[k] = s->sum[o->from[k]];
        to->square[k] = s->square[o->from[k]];
        to->count[k] = s->count[o->from[k]];
    }
    to->rows = s->rows;
    to->none_used = s->none_used;
    clear_sums(h, s, o->before);
    w->current = 1 - w->current;
}

static void move_vector(loom_correlation *h, const order *o, double *vector) {
    double *scratch = h->rolling.scratch;
    memset(scratch, 0, h->stride * sizeof *scratch);
    for (size_t k = 0; k < o->count; k++) scratch[k] = vector[o->from[k]];
    memcpy(vector, scratch, h->stride * sizeof *scratch);
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

static int is_valid(const loom_correlation *h, const uint32_t *from, uint32_t count) {
    if (!h->options.window) return 0;
    if (h->rows % h->options.window) return 0;
    if (h->rolling.behind) return 0;
    if (count > h->symbols) return 0;
    for (uint32_t k = 0; k < count; k++)
        if (from[k] >= h->symbols) return 0;
    return 1;
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
    memset(w->leaving, 0, bytes);
    h->symbols = count;
    loom_rolling_derive(h);
    return LOOM_OK;
}

#include <string.h>

#include "loom_correlation_private.h"

#pragma STDC FP_CONTRACT OFF

// What a state is made of again: of a rolling estimator its rows, of a weighted one its moments.

uint64_t loom_correlation_history(const loom_correlation *h) {
    const uint64_t window = h->options.window;
    if (window == 0) return h->rows;
    const uint64_t anchor = h->rows / window * window;
    const uint64_t first = anchor < window ? 0 : anchor - window;
    return first < h->options.first_row ? h->options.first_row : first;
}

void loom_correlation_history_row(const loom_correlation *h, uint64_t number, double *row) {
    const int held = h->rows - number <= h->rolling.held;
    const uint64_t place = number % h->options.window;
    const uint64_t slot = held ? place : loom_gone(h, place);
    const double *from = loom_window_row(h, slot);
    const uint64_t *mask = loom_row_mask(h, slot);
    for (size_t i = 0; i < h->symbols; i++) row[i] = loom_bit(mask, i) ? from[i] : NAN;
}

// Numbers that move to a state or from it, in one order for both.
typedef struct passage {
    unsigned char *to;          // NULL where they come from a state
    const unsigned char *from;
    size_t bytes;               // passed so far
} passage;

static void pass(passage *p, void *field, size_t bytes) {
    if (p->to) memcpy(p->to + p->bytes, field, bytes);
    if (p->from) memcpy(field, p->from + p->bytes, bytes);
    p->bytes += bytes;
}

// The upper triangle of a square.
static void pass_pairs(passage *p, const loom_correlation *h, void *square, size_t unit) {
    unsigned char *at = square;
    for (size_t i = 0; i < h->symbols; i++)
        pass(p, at + (i * h->stride + i) * unit, (h->symbols - i) * unit);
}

static int any_gapped(const loom_correlation *h) {
    for (size_t i = 0; i < h->symbols; i++)
        if (h->weighted.block_gapped[i / BLOCK]) return 1;
    return 0;
}

static void pass_symbols(passage *p, loom_correlation *h) {
    loom_weighted *w = &h->weighted;
    double *vectors[] = {w->last, w->offset, w->variance, w->inverse};
    for (size_t k = 0; k < sizeof vectors / sizeof *vectors; k++)
        pass(p, vectors[k], h->symbols * sizeof(double));
    pass(p, w->seen, h->symbols);
    pass(p, w->block_gapped, (h->symbols + BLOCK - 1) / BLOCK);
}

// While no symbol has a gap all pairs share their weights and means.
static void pass_moments(passage *p, loom_correlation *h) {
    loom_weighted *w = &h->weighted;
    pass_pairs(p, h, w->cov, sizeof *w->cov);
    if (!any_gapped(h)) return;
    double *squares[] = {w->weight,   w->unbias,   w->last_i, w->last_j,
                         w->offset_i, w->offset_j, w->var_i,  w->var_j};
    for (size_t k = 0; k < sizeof squares / sizeof *squares; k++)
        pass_pairs(p, h, squares[k], sizeof(double));
    pass_pairs(p, h, w->joint, sizeof *w->joint);
}

static void pass_values(passage *p, loom_correlation *h) {
    loom_weighted *w = &h->weighted;
    uint64_t symbols = h->symbols;
    pass(p, &symbols, sizeof symbols);
    h->symbols = (uint32_t)symbols;
    pass(p, &h->rows, sizeof h->rows);
    pass(p, &w->shared_joint, sizeof w->shared_joint);
    pass(p, &w->shared_weight, sizeof w->shared_weight);
    pass(p, &w->shared_unbias, sizeof w->shared_unbias);
}

enum { VALUE_BYTES = 5 * 8 };

static size_t symbol_bytes(size_t symbols) {
    return symbols * (4 * sizeof(double) + 1) + (symbols + BLOCK - 1) / BLOCK;
}

static size_t moment_bytes(size_t symbols, int gapped) {
    const size_t pairs = symbols * (symbols + 1) / 2;
    return pairs * (gapped ? 9 * sizeof(double) + sizeof(int32_t) : sizeof(double));
}

size_t loom_correlation_state_bytes(const loom_correlation *h) {
    if (h->options.window) return 0;
    return VALUE_BYTES + symbol_bytes(h->symbols) + moment_bytes(h->symbols, any_gapped(h));
}

void loom_correlation_save(const loom_correlation *h, void *state) {
    // A copy of the handle, as a passage may go the other way.
    loom_correlation owner = *h;
    passage p = {state, NULL, 0};
    pass_values(&p, &owner);
    pass_symbols(&p, &owner);
    pass_moments(&p, &owner);
}

static int is_sound(const loom_correlation *h) {
    const loom_weighted *w = &h->weighted;
    for (size_t i = 0; i < h->symbols; i++) {
        if (w->seen[i] > 1 || w->block_gapped[i / BLOCK] > 1) return 0;
        for (size_t j = i; j < h->symbols; j++)
            if (w->joint[i * h->stride + j] < 0) return 0;
    }
    return w->shared_joint <= h->rows && h->rows < (uint64_t)1 << 62;
}

loom_status loom_correlation_load(loom_correlation *h, const void *state, size_t bytes) {
    if (h->options.window) return LOOM_BAD_ARGUMENT;
    if (bytes < VALUE_BYTES) return LOOM_BAD_ARGUMENT;
    uint64_t symbols;
    memcpy(&symbols, state, sizeof symbols);
    if (symbols > h->options.capacity) return LOOM_BAD_ARGUMENT;
    if (bytes < VALUE_BYTES + symbol_bytes(symbols)) return LOOM_BAD_ARGUMENT;
    passage p = {NULL, state, 0};
    pass_values(&p, h);
    pass_symbols(&p, h);
    if (bytes != loom_correlation_state_bytes(h)) return LOOM_BAD_ARGUMENT;
    pass_moments(&p, h);
    return is_sound(h) ? LOOM_OK : LOOM_BAD_ARGUMENT;
}

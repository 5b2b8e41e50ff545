#include "loom_correlation.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>
#include "loom_correlation_private.h"

#pragma STDC FP_CONTRACT OFF

enum { WINDOW_MAX = 1 << 20, SYMBOLS_MAX = 1 << 14, ALIGNMENT = 64 };

// Size of an array: unit bytes times each dimension.
typedef enum dimension {
    ONE, SYMBOLS, SYMBOL_BLOCKS, BLOCK_ROWS, SYMBOL_WORDS, ROWS, TWICE_ROWS, ROW_WORDS
} dimension;

typedef struct array {
    void *slot;  // the pointer to fill in
    size_t unit;
    dimension outer, inner;
} array;

enum { ARRAYS_MAX = 48 };

static size_t extent(const loom_correlation *h, dimension d) {
    switch (d) {
    case ONE: return 1;
    case SYMBOLS: return h->stride;
    case SYMBOL_BLOCKS: return h->stride / BLOCK;
    case BLOCK_ROWS: return (size_t)h->stride * BLOCK;
    case SYMBOL_WORDS: return loom_words(h->stride);
    case ROWS: return h->options.window;
    case TWICE_ROWS: return (size_t)h->options.window * 2;
    case ROW_WORDS: return loom_words(h->options.window);
    }
    return 0;
}

#define ARRAY(field, outer, inner) list[count++] = (array){&(field), sizeof *(field), outer, inner}

static size_t rolling_arrays(loom_rolling *w, array *list) {
    size_t count = 0;
    ARRAY(w->window, TWICE_ROWS, SYMBOLS);
    ARRAY(w->row_mask, TWICE_ROWS, SYMBOL_WORDS);
    ARRAY(w->symbol_mask, SYMBOLS, ROW_WORDS);
    for (size_t k = 0; k < 2; k++) {
        loom_sums *s = &w->sums[k];
        ARRAY(s->cross, SYMBOLS, SYMBOLS);
        ARRAY(s->lost, SYMBOL_BLOCKS, BLOCK_ROWS);
        ARRAY(s->lost_sq, SYMBOL_BLOCKS, BLOCK_ROWS);
        ARRAY(s->none, SYMBOLS, SYMBOLS);
        ARRAY(s->sum, ONE, SYMBOLS);
        ARRAY(s->square, ONE, SYMBOLS);
        ARRAY(s->count, ONE, SYMBOLS);
        ARRAY(s->gapped, ONE, SYMBOLS);
        ARRAY(s->stale, ONE, SYMBOLS);
    }
    ARRAY(w->shift, ONE, SYMBOLS);
    ARRAY(w->growth, ONE, SYMBOLS);
    ARRAY(w->active, ONE, SYMBOL_WORDS);
    ARRAY(w->left, ONE, SYMBOL_WORDS);
    ARRAY(w->entering, ONE, SYMBOLS);
    ARRAY(w->shifted, ONE, SYMBOLS);
    ARRAY(w->mean, ONE, SYMBOLS);
    ARRAY(w->inverse, ONE, SYMBOLS);
    ARRAY(w->diagonal, ONE, SYMBOLS);
    ARRAY(w->threshold, ONE, SYMBOLS);
    ARRAY(w->counted, ONE, SYMBOLS);
    ARRAY(w->block_gapped, ONE, SYMBOLS);
    ARRAY(w->absent, ONE, SYMBOLS);
    ARRAY(w->column, ONE, ROWS);
    ARRAY(w->scratch, ONE, SYMBOLS);
    ARRAY(w->zeros, ONE, SYMBOLS);
    return count;
}

static size_t weighted_arrays(loom_weighted *w, array *list) {
    size_t count = 0;
    double **squares[] = {&w->weight, &w->unbias, &w->last_i, &w->last_j, &w->offset_i,
                          &w->offset_j, &w->var_i, &w->var_j, &w->cov};
    double **vectors[] = {&w->value, &w->present, &w->innovation, &w->last,
                          &w->offset, &w->variance, &w->inverse};
    for (size_t k = 0; k < sizeof squares / sizeof *squares; k++)
        ARRAY(*squares[k], SYMBOLS, SYMBOLS);
    for (size_t k = 0; k < sizeof vectors / sizeof *vectors; k++) ARRAY(*vectors[k], ONE, SYMBOLS);
    ARRAY(w->joint, SYMBOLS, SYMBOLS);
    ARRAY(w->seen, ONE, SYMBOLS);
    ARRAY(w->block_gapped, ONE, SYMBOLS);
    return count;
}

static size_t arrays(loom_correlation *h, array *list) {
    return h->options.window ? rolling_arrays(&h->rolling, list)
                             : weighted_arrays(&h->weighted, list);
}

// Pages that are never used (there are no gaps) are never touched, so they cost no memory.
static int allocate(loom_correlation *h) {
    array list[ARRAYS_MAX];
    size_t count = arrays(h, list);
    for (size_t k = 0; k < count; k++) {
        size_t size = list[k].unit * extent(h, list[k].outer) * extent(h, list[k].inner);
        unsigned char *block = calloc(1, size + ALIGNMENT);
        if (!block) return 0;
        h->blocks[h->block_count++] = block;
        void *aligned = block + (ALIGNMENT - (uintptr_t)block % ALIGNMENT);
        memcpy(list[k].slot, &aligned, sizeof aligned);
    }
    return 1;
}

static void *pointer(const array *a) {
    void *p;
    memcpy(&p, a->slot, sizeof p);
    return p;
}

// What is the same already is not written: a page of zeros may be one that was never touched.
static void copy_row(char *to, const char *from, size_t bytes) {
    enum { PAGE = 4096 };
    for (size_t at = 0; at < bytes; at += PAGE) {
        const size_t many = bytes - at < PAGE ? bytes - at : PAGE;
        if (memcmp(to + at, from + at, many)) memcpy(to + at, from + at, many);
    }
}

static void copy_arrays(loom_correlation *to, const loom_correlation *from) {
    array target[ARRAYS_MAX], source[ARRAYS_MAX];
    // A copy of the handle, as the list is of places to write to.
    loom_correlation origin = *from;
    size_t count = arrays(&origin, source);
    arrays(to, target);
    for (size_t k = 0; k < count; k++) {
        size_t row = source[k].unit * extent(from, source[k].inner);
        size_t wider = source[k].unit * extent(to, source[k].inner);
        const char *at = pointer(&source[k]);
        char *into = pointer(&target[k]);
        for (size_t r = 0; r < extent(from, source[k].outer); r++, at += row, into += wider)
            copy_row(into, at, row);
    }
}

static void free_all(loom_correlation *h) {
    for (uint32_t k = 0; k < h->block_count; k++) free(h->blocks[k]);
    free(h);
}

static loom_status check(const loom_correlation_options *o) {
    if (o->window == 1 || o->window > WINDOW_MAX) return LOOM_BAD_ARGUMENT;
    if (o->window == 0 && !(o->decay > 0 && o->decay < 1)) return LOOM_BAD_ARGUMENT;
    if (o->minimum_periods == 0 || o->minimum_periods > WINDOW_MAX) return LOOM_BAD_ARGUMENT;
    if (o->capacity == 0 || o->capacity > SYMBOLS_MAX) return LOOM_BAD_ARGUMENT;
    if (o->processor > 2) return LOOM_BAD_ARGUMENT;
    if (openblas_get_num_threads() != 1) return LOOM_BLAS_THREADS;
    return LOOM_OK;
}

static const loom_kernels *kernels(const loom_correlation_options *o) {
#if defined(__x86_64__)
    if (o->processor == 1) return &loom_kernels_portable;
    if (o->processor == 0 && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return &loom_kernels_avx512;
    if (__builtin_cpu_supports("avx2")) return &loom_kernels_avx2;
#endif
    (void)o;
    return &loom_kernels_portable;
}

// An odd number of cache lines: rows of a matrix do not compete for the same cache sets.
static uint32_t stride_of(uint32_t capacity) { return ((capacity + BLOCK - 1) / BLOCK | 1) * BLOCK; }

static loom_correlation *make(const loom_correlation_options *options) {
    loom_correlation *h = calloc(1, sizeof *h);
    if (!h) return NULL;
    h->options = *options;
    h->kernels = kernels(options);
    h->stride = stride_of(options->capacity);
    h->least = options->minimum_periods < 2 ? 2 : options->minimum_periods;
    h->rows = options->first_row;
    if (options->window) h->rolling.cycle_start = options->first_row % options->window;
    if (allocate(h)) {
        h->rolling.leaving = h->rolling.shifted;
        return h;
    }
    free_all(h);
    return NULL;
}

loom_status loom_correlation_create(
    const loom_correlation_options *options, loom_correlation **out) {
    loom_status status = check(options);
    if (status != LOOM_OK) return status;
    loom_correlation *h = make(options);
    if (!h) return LOOM_NO_MEMORY;
    *out = h;
    return LOOM_OK;
}

size_t loom_correlation_bytes(const loom_correlation_options *options) {
    if (check(options) != LOOM_OK) return 0;
    loom_correlation h;
    memset(&h, 0, sizeof h);
    h.options = *options;
    h.stride = stride_of(options->capacity);
    array list[ARRAYS_MAX];
    size_t count = arrays(&h, list);
    size_t bytes = sizeof h;
    for (size_t k = 0; k < count; k++)
        bytes += list[k].unit * extent(&h, list[k].outer) * extent(&h, list[k].inner) + ALIGNMENT;
    return bytes;
}

void loom_correlation_destroy(loom_correlation *h) {
    if (h) free_all(h);
}

// What is not an array moves over as it is.
static void copy_values(loom_correlation *to, const loom_correlation *from) {
    to->rows = from->rows;
    to->symbols = from->symbols;
    loom_rolling *w = &to->rolling;
    const loom_rolling *v = &from->rolling;
    w->current = v->current;
    w->held = v->held;
    w->behind = v->behind;
    w->cycle_start = v->cycle_start;
    w->shifts = v->shifts;
    for (size_t k = 0; k < 2; k++) {
        w->sums[k].rows = v->sums[k].rows;
        w->sums[k].none_used = v->sums[k].none_used;
    }
    to->weighted.shared_weight = from->weighted.shared_weight;
    to->weighted.shared_unbias = from->weighted.shared_unbias;
    to->weighted.shared_joint = from->weighted.shared_joint;
}

loom_status loom_correlation_grow(loom_correlation *h, uint32_t capacity) {
    if (capacity < h->options.capacity || capacity > SYMBOLS_MAX) return LOOM_BAD_ARGUMENT;
    loom_correlation_options options = h->options;
    options.capacity = capacity;
    loom_correlation *to = make(&options);
    if (!to) return LOOM_NO_MEMORY;
    copy_arrays(to, h);
    copy_values(to, h);
    loom_correlation old = *h;
    *h = *to;
    *to = old;
    free_all(to);
    if (options.window && !h->rolling.behind) loom_rolling_derive(h);
    return LOOM_OK;
}

static int same_options(const loom_correlation_options *a, const loom_correlation_options *b) {
    return a->window == b->window && a->minimum_periods == b->minimum_periods &&
           a->decay == b->decay && a->capacity == b->capacity && a->processor == b->processor;
}

loom_status loom_correlation_assign(loom_correlation *h, const loom_correlation *other) {
    if (!same_options(&h->options, &other->options)) return LOOM_BAD_ARGUMENT;
    if (h == other) return LOOM_OK;
    copy_arrays(h, other);
    copy_values(h, other);
    if (h->options.window && !h->rolling.behind) loom_rolling_derive(h);
    return LOOM_OK;
}

uint32_t loom_correlation_update(
    loom_correlation *h, const double *row, uint32_t count, double *packed) {
    if (count > h->options.capacity) return 0;
    loom_rolling_catch_up(h);
    if (count > h->symbols) h->symbols = count;
    if (h->options.window)
        loom_rolling_update(h, row, count, packed);
    else
        loom_weighted_update(h, row, count, packed);
    return h->symbols;
}

uint32_t loom_correlation_backfill(
    loom_correlation *h, const double *rows, uint32_t count, uint64_t row_count) {
    if (count > h->options.capacity) return 0;
    if (count > h->symbols) h->symbols = count;
    if (h->options.window)
        loom_rolling_backfill(h, rows, count, row_count);
    else
        for (uint64_t t = 0; t < row_count; t++, rows += count)
            loom_weighted_update(h, rows, count, NULL);
    return h->symbols;
}

uint64_t loom_correlation_rows(const loom_correlation *h) { return h->rows; }
uint32_t loom_correlation_symbols(const loom_correlation *h) { return h->symbols; }

int32_t loom_correlation_is_active(const loom_correlation *h, uint32_t symbol) {
    return h->options.window ? loom_bit(h->rolling.active, symbol) : h->weighted.seen[symbol];
}

loom_correlation_pair loom_correlation_at(
    loom_correlation *h, uint32_t first, uint32_t second) {
    loom_rolling_catch_up(h);
    size_t i = first < second ? first : second, j = first < second ? second : first;
    return h->options.window ? loom_rolling_pair(h, i, j) : loom_weighted_pair(h, i, j);
}

void loom_correlation_read(loom_correlation *h, double *packed) {
    loom_rolling_catch_up(h);
    if (h->options.window)
        loom_rolling_read(h, packed);
    else
        h->kernels->weighted(h, packed, 0);
}

void loom_correlation_covariances(loom_correlation *h, double *packed) {
    for (uint32_t i = 0; i < h->symbols; i++)
        for (uint32_t j = i; j < h->symbols; j++)
            *packed++ = loom_correlation_at(h, i, j).covariance;
}

void loom_blas_use_one_thread(void) { openblas_set_num_threads(1); }

void loom_blas_cross_products(
    const double *rows, uint64_t row_count, uint32_t row_stride, uint32_t count, double *matrix,
    uint32_t matrix_stride) {
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, (int)count, (int)row_count, 1, rows,
                (int)row_stride, 0, matrix, (int)matrix_stride);
}

int32_t loom_blas_threads(void) { return openblas_get_num_threads(); }

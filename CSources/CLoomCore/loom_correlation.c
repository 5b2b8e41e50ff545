#include "loom_correlation.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

enum { WINDOW_MAX = 1 << 20, SYMBOLS_MAX = 1 << 14 };
static const double MAGNITUDE_MAX = 1e60, ZERO_VARIANCE = 1e-20;

struct loom_correlation {
    loom_correlation_options options;
    uint64_t rows;     // first_row included
    uint64_t held;     // rows in the window
    uint32_t symbols;
    double *window;    // window x capacity, NaN where absent
    // Exponentially weighted: capacity x capacity each, upper triangle in use.
    double *weight, *unbias, *mean_i, *mean_j, *var_i, *var_j, *cov;
    int32_t *count;
};

static void free_all(loom_correlation *h) {
    free(h->window); free(h->weight); free(h->unbias); free(h->mean_i); free(h->mean_j);
    free(h->var_i); free(h->var_j); free(h->cov); free(h->count);
    free(h);
}

static int allocate(loom_correlation *h) {
    size_t n = h->options.capacity;
    if (h->options.window) {
        h->window = calloc(n * h->options.window, sizeof(double));
        return h->window != NULL;
    }
    double **all[] = {&h->weight, &h->unbias, &h->mean_i, &h->mean_j, &h->var_i, &h->var_j, &h->cov};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (!(*all[k] = calloc(n * n, sizeof(double)))) return 0;
    h->count = calloc(n * n, sizeof(int32_t));
    return h->count != NULL;
}

static loom_status check(const loom_correlation_options *o) {
    if (o->window == 1 || o->window > WINDOW_MAX) return LOOM_BAD_ARGUMENT;
    if (o->window == 0 && !(o->decay > 0 && o->decay < 1)) return LOOM_BAD_ARGUMENT;
    if (o->minimum_periods == 0 || o->minimum_periods > WINDOW_MAX) return LOOM_BAD_ARGUMENT;
    if (o->capacity == 0 || o->capacity > SYMBOLS_MAX) return LOOM_BAD_ARGUMENT;
    if (openblas_get_num_threads() != 1) return LOOM_BLAS_THREADS;
    return LOOM_OK;
}

loom_status loom_correlation_create(const loom_correlation_options *options, loom_correlation **out) {
    loom_status status = check(options);
    if (status != LOOM_OK) return status;
    loom_correlation *h = calloc(1, sizeof *h);
    if (!h) return LOOM_NO_MEMORY;
    h->options = *options;
    h->rows = options->first_row;
    if (!allocate(h)) {
        free_all(h);
        return LOOM_NO_MEMORY;
    }
    *out = h;
    return LOOM_OK;
}

void loom_correlation_destroy(loom_correlation *h) {
    if (h) free_all(h);
}

loom_status loom_correlation_grow(loom_correlation *h, uint32_t capacity) {
    if (capacity < h->options.capacity || capacity > SYMBOLS_MAX) return LOOM_BAD_ARGUMENT;
    loom_correlation *to = calloc(1, sizeof *to);
    if (!to) return LOOM_NO_MEMORY;
    *to = (loom_correlation){.options = h->options};
    to->options.capacity = capacity;
    if (!allocate(to)) {
        free_all(to);
        return LOOM_NO_MEMORY;
    }
    size_t n = h->options.capacity, m = capacity;
    for (size_t t = 0; t < h->options.window; t++)
        for (size_t i = 0; i < m; i++)
            to->window[t * m + i] = i < n ? h->window[t * n + i] : NAN;
    if (!h->options.window)
        for (size_t i = 0; i < n; i++) {
            size_t bytes = n * sizeof(double);
            memcpy(to->weight + i * m, h->weight + i * n, bytes);
            memcpy(to->unbias + i * m, h->unbias + i * n, bytes);
            memcpy(to->mean_i + i * m, h->mean_i + i * n, bytes);
            memcpy(to->mean_j + i * m, h->mean_j + i * n, bytes);
            memcpy(to->var_i + i * m, h->var_i + i * n, bytes);
            memcpy(to->var_j + i * m, h->var_j + i * n, bytes);
            memcpy(to->cov + i * m, h->cov + i * n, bytes);
            memcpy(to->count + i * m, h->count + i * n, n * sizeof(int32_t));
        }
    to->rows = h->rows; to->held = h->held; to->symbols = h->symbols;
    loom_correlation old = *h;
    *h = *to;
    *to = old;
    free_all(to);
    return LOOM_OK;
}

static int present(double x) { return fabs(x) <= MAGNITUDE_MAX; }

static void weighted_row(loom_correlation *h, const double *row, uint32_t count) {
    double decay = h->options.decay;
    for (size_t i = 0; i < h->symbols; i++)
        for (size_t j = i; j < h->symbols; j++) {
            size_t k = i * h->options.capacity + j;
            double old = decay * h->weight[k];
            if (old < 1e-250) old = 0;
            h->weight[k] = old;
            if (i >= count || j >= count || !present(row[i]) || !present(row[j])) continue;
            double a = 1 / (old + 1), b = old * a;
            double di = row[i] - h->mean_i[k], dj = row[j] - h->mean_j[k];
            h->weight[k] = old + 1;
            h->unbias[k] = b * (2 * a + b * h->unbias[k]);
            h->mean_i[k] += a * di;
            h->mean_j[k] += a * dj;
            h->var_i[k] = b * (h->var_i[k] + a * di * di);
            h->var_j[k] = b * (h->var_j[k] + a * dj * dj);
            h->cov[k] = b * (h->cov[k] + a * di * dj);
            if (h->count[k] < INT32_MAX) h->count[k]++;
        }
}

uint32_t loom_correlation_update(
    loom_correlation *h, const double *row, uint32_t count, double *packed) {
    if (count > h->options.capacity) return 0;
    if (count > h->symbols) {
        for (size_t t = 0; t < h->options.window; t++)
            for (size_t i = h->symbols; i < count; i++) h->window[t * h->options.capacity + i] = NAN;
        h->symbols = count;
    }
    if (h->options.window) {
        double *to = h->window + (h->rows % h->options.window) * h->options.capacity;
        for (size_t i = 0; i < h->symbols; i++) to[i] = i < count && present(row[i]) ? row[i] : NAN;
        if (h->held < h->options.window) h->held++;
    } else {
        weighted_row(h, row, count);
    }
    h->rows++;
    if (packed) loom_correlation_read(h, packed);
    return h->symbols;
}

uint32_t loom_correlation_backfill(
    loom_correlation *h, const double *rows, uint32_t count, uint64_t row_count) {
    for (uint64_t t = 0; t < row_count; t++)
        if (!loom_correlation_update(h, rows + t * count, count, NULL)) return 0;
    return h->symbols;
}

uint64_t loom_correlation_rows(const loom_correlation *h) { return h->rows; }
uint32_t loom_correlation_symbols(const loom_correlation *h) { return h->symbols; }

int32_t loom_correlation_is_active(const loom_correlation *h, uint32_t i) {
    if (!h->options.window) return h->count[(size_t)i * h->options.capacity + i] > 0;
    for (uint64_t t = 0; t < h->held; t++)
        if (!isnan(h->window[(h->rows - 1 - t) % h->options.window * h->options.capacity + i])) return 1;
    return 0;
}

static double clamped(double x) { return x > 1 ? 1 : x < -1 ? -1 : x; }

static loom_correlation_pair finish(
    const loom_correlation *h, loom_correlation_pair p, double var_i, double var_j, double cov,
    double mean_i, double mean_j, int diagonal) {
    uint32_t least = h->options.minimum_periods < 2 ? 2 : h->options.minimum_periods;
    if (p.joint_rows < least) {
        p.covariance = NAN;
        p.reason = LOOM_CORRELATION_TOO_FEW_ROWS;
        return p;
    }
    if (var_i <= ZERO_VARIANCE * (var_i + mean_i * mean_i + 1e-300) ||
        var_j <= ZERO_VARIANCE * (var_j + mean_j * mean_j + 1e-300)) {
        p.reason = LOOM_CORRELATION_ZERO_VARIANCE;
        return p;
    }
    p.reason = LOOM_CORRELATION_DEFINED;
    p.correlation = diagonal ? 1 : clamped(cov / (__builtin_elementwise_sqrt(var_i) * __builtin_elementwise_sqrt(var_j)));
    return p;
}

static loom_correlation_pair pair_rolling(const loom_correlation *h, size_t i, size_t j) {
    const double *w = h->window;
    size_t n = h->options.capacity;
    double sum_i = 0, sum_j = 0, var_i = 0, var_j = 0, cov = 0;
    int64_t joint = 0;
    for (uint64_t t = 0; t < h->held; t++, w += n)
        if (!isnan(w[i]) && !isnan(w[j])) sum_i += w[i], sum_j += w[j], joint++;
    double mean_i = sum_i / (double)joint, mean_j = sum_j / (double)joint;
    w = h->window;
    for (uint64_t t = 0; t < h->held; t++, w += n)
        if (!isnan(w[i]) && !isnan(w[j])) {
            var_i += (w[i] - mean_i) * (w[i] - mean_i);
            var_j += (w[j] - mean_j) * (w[j] - mean_j);
            cov += (w[i] - mean_i) * (w[j] - mean_j);
        }
    double c = (double)joint;
    loom_correlation_pair p = {NAN, cov / (c - 1), c, joint, LOOM_CORRELATION_DEFINED};
    return finish(h, p, var_i / c, var_j / c, cov / c, mean_i, mean_j, i == j);
}

loom_correlation_pair loom_correlation_at(const loom_correlation *h, uint32_t first, uint32_t second) {
    size_t i = first < second ? first : second, j = first < second ? second : first;
    if (!loom_correlation_is_active(h, first) || !loom_correlation_is_active(h, second))
        return (loom_correlation_pair){NAN, NAN, 0, 0, LOOM_CORRELATION_NOT_ACTIVE};
    if (h->options.window) return pair_rolling(h, i, j);
    size_t k = i * h->options.capacity + j;
    loom_correlation_pair p = {
        NAN, h->cov[k] / h->unbias[k], 1 / (1 - h->unbias[k]), h->count[k], LOOM_CORRELATION_DEFINED};
    return finish(h, p, h->var_i[k], h->var_j[k], h->cov[k], h->mean_i[k], h->mean_j[k], i == j);
}

void loom_correlation_read(const loom_correlation *h, double *packed) {
    for (uint32_t i = 0; i < h->symbols; i++)
        for (uint32_t j = i; j < h->symbols; j++) *packed++ = loom_correlation_at(h, i, j).correlation;
}

void loom_correlation_joint_rows(const loom_correlation *h, int32_t *packed) {
    for (uint32_t i = 0; i < h->symbols; i++)
        for (uint32_t j = i; j < h->symbols; j++)
            *packed++ = (int32_t)loom_correlation_at(h, i, j).joint_rows;
}

void loom_correlation_covariances(const loom_correlation *h, double *packed) {
    for (uint32_t i = 0; i < h->symbols; i++)
        for (uint32_t j = i; j < h->symbols; j++) *packed++ = loom_correlation_at(h, i, j).covariance;
}

void loom_blas_use_one_thread(void) { openblas_set_num_threads(1); }
int32_t loom_blas_threads(void) { return openblas_get_num_threads(); }

// The loops of the rolling matrix, in plain C on vectors of four doubles. Included once for every
// processor and once with AVX2 switched on; LOOM_NAME(x) names the copy. Elementwise operations in
// one order without contraction: both copies give the same bits.
#include <string.h>
#include "loom_correlation_vector.h"

#pragma STDC FP_CONTRACT OFF

// Packed matrices above this many bytes bypass the caches: they would only push out the sums.
#define STREAM_BYTES ((size_t)1 << 20)

static inline size_t row_offset(const loom_view *v, size_t i) { return i * v->n - i * (i - 1) / 2; }

// cross[j] += z_i z_j - y_i y_j.
LOOM_INLINE d4 updated(const loom_view *v, const double *cross, size_t j, double zi, double yi) {
    return load(cross + j) + (zi * load(v->entering + j) - yi * load(v->leaving + j));
}

// Correlations of a symbol with four others where all have the same rows.
LOOM_INLINE d4 complete(const loom_view *v, size_t i, size_t j, d4 cross) {
    d4 moment = cross - v->mean[i] * load(v->sum + j);
    return clamp(moment * v->inverse[i] * load(v->inverse + j));
}

// Scalar form of complete, for the ends of rows.
LOOM_INLINE double complete_one(const loom_view *v, double *cross, size_t i, size_t j, int update) {
    double c = cross[j];
    if (update) {
        c = c + (v->entering[i] * v->entering[j] - v->leaving[i] * v->leaving[j]);
        cross[j] = c;
    }
    double rho = (c - v->mean[i] * v->sum[j]) * v->inverse[i] * v->inverse[j];
    return loom_clamp(rho);
}

LOOM_INLINE d4 complete_four(const loom_view *v, double *cross, size_t i, size_t j, int update) {
    d4 c = load(cross + j);
    if (update) {
        c = updated(v, cross, j, v->entering[i], v->leaving[i]);
        store(cross + j, c);
    }
    return complete(v, i, j, c);
}

// All symbols complete, matrix in the caches: whole vectors run over the end of a row into the
// next one, which is written later.
LOOM_INLINE void complete_cached(const loom_view *v, double *packed, int update) {
    for (size_t i = 0; i < v->n; i++) {
        double *cross = v->cross + i * v->stride, *out = packed + row_offset(v, i) - i;
        size_t j = i + 1, whole = v->n > i + 4 ? v->n : j;
        out[i] = v->diagonal[i];
        for (; j < whole; j += BLOCK) store(out + j, complete_four(v, cross, i, j, update));
        for (; j < v->n; j++) out[j] = complete_one(v, cross, i, j, update);
    }
}

// All symbols complete, matrix beyond the caches: aligned streaming stores.
LOOM_INLINE void complete_streamed(const loom_view *v, double *packed, int update) {
    for (size_t i = 0; i < v->n; i++) {
        double *cross = v->cross + i * v->stride, *out = packed + row_offset(v, i) - i;
        size_t j = i + 1;
        out[i] = v->diagonal[i];
        for (; j < v->n && ((uintptr_t)(out + j) & 31); j++)
            out[j] = complete_one(v, cross, i, j, update);
        for (; j + BLOCK <= v->n; j += BLOCK)
            stream(out + j, complete_four(v, cross, i, j, update));
        for (; j < v->n; j++) out[j] = complete_one(v, cross, i, j, update);
    }
}

typedef struct pair_terms {
    d4 count, variance_i, variance_j, moment;  // the last three times count^2
} pair_terms;

// Moments of a symbol with four others over their joint rows: the sums of all rows less those of
// the rows in which the other is absent.
LOOM_INLINE pair_terms joint(
    const loom_view *v, size_t i, size_t j, d4 cross, d4 lost_i, d4 lost_sq_i) {
    i4 none = *(const i4u *)(v->none + i * v->stride + j);
    pair_terms p;
    p.count = (v->count[i] - v->rows) + load(v->count + j) + __builtin_convertvector(none, d4);
    d4 sum_i = v->sum[i] - lost_i, sum_j = load(v->sum + j) - load(v->lost_row[i] + j);
    d4 square_i = v->square[i] - lost_sq_i;
    d4 square_j = load(v->square + j) - load(v->lost_sq_row[i] + j);
    p.variance_i = p.count * square_i - sum_i * sum_i;
    p.variance_j = p.count * square_j - sum_j * sum_j;
    p.moment = p.count * cross - sum_i * sum_j;
    return p;
}

// Their correlations; doubtful lanes, whose sums may be too far off, are set in *doubt.
LOOM_INLINE d4 gapped(const loom_view *v, size_t i, size_t j, pair_terms p, l4 *doubt) {
    d4 threshold = load(v->threshold + j), none = splat(NAN);
    l4 enough = p.count >= v->least;
    l4 sure = (p.variance_i > p.count * v->threshold[i]) & (p.variance_j > p.count * threshold);
    *doubt = enough & ~sure & (threshold < INFINITY) & (splat(v->threshold[i]) < INFINITY);
    d4 rho = clamp(p.moment / __builtin_elementwise_sqrt(p.variance_i * p.variance_j));
    return choose(enough & sure, rho, none);
}

enum { STRIP = 256 };

// One 4 x 4 tile of the matrix into a strip of four rows.
LOOM_INLINE void tile(
    const loom_view *v, size_t i0, size_t j0, double strip[BLOCK][STRIP], size_t at, int update) {
    int gaps = v->block_gapped[i0 / BLOCK] | v->block_gapped[j0 / BLOCK];
    if (!gaps) {
        for (size_t r = 0; r < BLOCK; r++) {
            double *cross = v->cross + (i0 + r) * v->stride;
            store(&strip[r][at], complete_four(v, cross, i0 + r, j0, update));
        }
        return;
    }
    d4 lost[BLOCK], lost_sq[BLOCK];
    for (size_t r = 0; r < BLOCK; r++) {
        lost[r] = load(v->lost_row[j0 + r] + i0);
        lost_sq[r] = load(v->lost_sq_row[j0 + r] + i0);
    }
    transpose(lost);
    transpose(lost_sq);
    for (size_t r = 0; r < BLOCK; r++) {
        size_t i = i0 + r;
        double *cross = v->cross + i * v->stride;
        d4 c = load(cross + j0);
        if (update) {
            c = updated(v, cross, j0, v->entering[i], v->leaving[i]);
            store(cross + j0, c);
        }
        l4 doubt;
        d4 rho = gapped(v, i, j0, joint(v, i, j0, c, lost[r], lost_sq[r]), &doubt);
        store(&strip[r][at], rho);
        if (!any(doubt)) continue;
        for (size_t k = 0; k < BLOCK; k++)
            if (doubt[k] && j0 + k > i && j0 + k < v->n)
                strip[r][at + k] = loom_rolling_exact(v->owner, i, j0 + k).correlation;
    }
}

LOOM_INLINE void copy_out(double *to, const double *from, size_t count, int streamed) {
    size_t k = 0;
    if (streamed) {
        for (; k < count && ((uintptr_t)(to + k) & 31); k++) to[k] = from[k];
        for (; k + BLOCK <= count; k += BLOCK) stream(to + k, load(from + k));
    }
    memcpy(to + k, from + k, (count - k) * sizeof *to);
}

// Any mixture of complete and gapped symbols, four rows at a time in strips.
LOOM_INLINE void mixed(const loom_view *v, double *packed, int update, int streamed) {
    double strip[BLOCK][STRIP];
    for (size_t i0 = 0; i0 < v->n; i0 += BLOCK)
        for (size_t first = i0; first < v->n; first += STRIP) {
            size_t end = first + STRIP < v->n ? first + STRIP : v->n;
            for (size_t j0 = first; j0 < end; j0 += BLOCK)
                tile(v, i0, j0, strip, j0 - first, update);
            for (size_t i = i0; i < i0 + BLOCK && i < v->n; i++) {
                size_t from = first < i ? i : first;
                if (from == i && from < end) strip[i - i0][i - first] = v->diagonal[i];
                if (from >= end) continue;
                copy_out(packed + row_offset(v, i) + (from - i), &strip[i - i0][from - first],
                         end - from, streamed);
            }
        }
}

LOOM_INLINE void matrix(const loom_view *v, double *packed, int update) {
    int streamed = v->n * v->n / 2 * sizeof *packed > STREAM_BYTES;
    if (v->any_gapped)
        mixed(v, packed, update, streamed);
    else if (streamed)
        complete_streamed(v, packed, update);
    else
        complete_cached(v, packed, update);
    if (streamed) loom_stream_fence();
}

LOOM_TARGET static void LOOM_NAME(update_and_write)(const loom_view *v, double *packed) {
    matrix(v, packed, 1);
}

LOOM_TARGET static void LOOM_NAME(write)(const loom_view *v, double *packed) {
    matrix(v, packed, 0);
}

LOOM_TARGET static void LOOM_NAME(update)(const loom_view *v) {
    for (size_t i = 0; i < v->n; i++) {
        double *cross = v->cross + i * v->stride;
        for (size_t j = i / BLOCK * BLOCK; j < v->n; j += BLOCK)
            store(cross + j, updated(v, cross, j, v->entering[i], v->leaving[i]));
    }
}

// cross += sum over count rows of z_i z_j for the four i of a block, in the order of the rows, so
// that any split of the rows gives the same bits. fresh: start from 0.
LOOM_TARGET static void LOOM_NAME(absorb)(
    double *cross, size_t stride, const double *rows, size_t count, size_t block, size_t n,
    int fresh) {
    size_t i = block * BLOCK;
    double *to = cross + i * stride;
    for (size_t j = i & ~(size_t)(2 * BLOCK - 1); j < n; j += 2 * BLOCK) {
        d4 sum[BLOCK][2];
        for (size_t r = 0; r < BLOCK; r++)
            for (size_t k = 0; k < 2; k++)
                sum[r][k] = fresh ? splat(0) : load(to + r * stride + j + k * BLOCK);
        const double *row = rows;
        for (size_t t = 0; t < count; t++, row += stride) {
            d4 left = load(row + j), right = load(row + j + BLOCK);
            for (size_t r = 0; r < BLOCK; r++) {
                sum[r][0] += row[i + r] * left;
                sum[r][1] += row[i + r] * right;
            }
        }
        for (size_t r = 0; r < BLOCK; r++)
            for (size_t k = 0; k < 2; k++) store(to + r * stride + j + k * BLOCK, sum[r][k]);
    }
}

// lost += sign z, lost_sq += sign z^2; fresh: start from 0.
LOOM_TARGET static void LOOM_NAME(add_row)(
    double *lost, double *lost_sq, const double *z, size_t n, double sign, int fresh) {
    for (size_t j = 0; j < n; j += BLOCK) {
        d4 x = load(z + j);
        store(lost + j, (fresh ? splat(0) : load(lost + j)) + sign * x);
        store(lost_sq + j, (fresh ? splat(0) : load(lost_sq + j)) + sign * (x * x));
    }
}

LOOM_TARGET static void LOOM_NAME(add_scaled)(double *to, const double *row, double scale, size_t n) {
    for (size_t j = 0; j < n; j += BLOCK) store(to + j, load(to + j) + scale * load(row + j));
}

LOOM_TARGET static void LOOM_NAME(sums)(
    loom_sums *s, const double *z, const double *y, double *growth, size_t n) {
    for (size_t j = 0; j < n; j += BLOCK) {
        d4 x = load(z + j), left = load(y + j), square = load(s->square + j), high = square + x * x;
        store(s->sum + j, load(s->sum + j) + (x - left));
        store(s->square + j, square + (x * x - left * left));
        if (growth) store(growth + j, load(growth + j) + high * high);
    }
}

// Means, scales, the diagonal and which blocks have gaps, from the sums. Returns 1 if some symbol
// needs a closer look.
LOOM_TARGET static int LOOM_NAME(derive)(const loom_correlation *h) {
    const loom_rolling *w = &h->rolling;
    const loom_sums *s = &w->sums[w->current];
    double bound = ERROR_UNIT * ERROR_UNIT / (ERROR_MAX * ERROR_MAX);
    l4 suspects = {0};
    for (size_t j = 0; j < h->symbols; j += BLOCK) {
        d4 sum = load(s->sum + j), square = load(s->square + j), count = load(s->count + j);
        d4 shift = load(w->shift + j), growth = load(w->growth + j);
        d4 mean = sum / count, variance = square - sum * mean;
        d4 zero = ZERO_VARIANCE * (square + 2 * shift * sum + shift * shift * count) + 1e-300;
        l4 enough = count >= h->least;
        l4 sure = (variance > zero) & (bound * growth <= variance * variance);
        d4 inverse = 1 / __builtin_elementwise_sqrt(variance);
        store(w->mean + j, mean);
        store(w->inverse + j, choose(enough & sure, inverse, splat(NAN)));
        store(w->diagonal + j, choose(enough & sure, splat(1), splat(NAN)));
        store(w->counted + j, choose(count > 0, count, splat(NOT_COUNTED)));
        w->block_gapped[j / BLOCK] = (uint8_t)any(count != s->rows);
        suspects |= enough & ~sure;
    }
    return any(suspects);
}

const loom_kernels LOOM_NAME(loom_kernels) = {
    .update = LOOM_NAME(update),
    .update_and_write = LOOM_NAME(update_and_write),
    .write = LOOM_NAME(write),
    .absorb = LOOM_NAME(absorb),
    .add_row = LOOM_NAME(add_row),
    .add_scaled = LOOM_NAME(add_scaled),
    .sums = LOOM_NAME(sums),
    .derive = LOOM_NAME(derive),
    .weighted = LOOM_NAME(loom_weighted_kernel),
};

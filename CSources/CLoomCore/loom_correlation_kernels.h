// The loops of the rolling matrix, in plain C on vectors of LANES doubles. Included once for any
// processor, once for AVX2 and once for AVX-512; LOOM_NAME(x) names the copy. Elementwise, in one
// order, without contraction: all copies give the same bits.
#include <string.h>
#include "loom_correlation_vector.h"
#include "loom_correlation_joint.h"

#pragma STDC FP_CONTRACT OFF

// Packed matrices above this many bytes bypass the caches, where they would push out the sums.
// Below it the last level holds both: 1,000 symbols take 135 us a row with plain stores, 200 us
// with streaming ones (32 MB of L3).
#define STREAM_BYTES ((size_t)8 << 20)

LOOM_INLINE size_t row_offset(const loom_view *v, size_t i) { return i * v->n - i * (i - 1) / 2; }

// What row i of the matrix needs of its own symbol.
typedef struct own {
    double entering, leaving, mean, inverse;
} own;

LOOM_INLINE own own_terms(const loom_view *v, size_t i) {
    return (own){v->entering[i], v->leaving[i], v->mean[i], v->inverse[i]};
}

// Correlations of a symbol with LANES others that all have the same rows.
LOOM_INLINE dn complete(const loom_view *v, own o, double *cross, size_t j, int update) {
    dn c = load(cross + j);
    if (update) {
        c = c + (o.entering * load(v->entering + j) - o.leaving * load(v->leaving + j));
        store(cross + j, c);
    }
    return clamp((c - o.mean * load(v->sum + j)) * o.inverse * load(v->inverse + j));
}

// The same for one, at the ends of rows.
LOOM_INLINE double complete_one(const loom_view *v, own o, double *cross, size_t j, int update) {
    double c = cross[j];
    if (update) {
        c = c + (o.entering * v->entering[j] - o.leaving * v->leaving[j]);
        cross[j] = c;
    }
    return loom_clamp((c - o.mean * v->sum[j]) * o.inverse * v->inverse[j]);
}

enum { ROWS_AT_ONCE = 4 };

typedef struct own_lanes {
    dn entering[ROWS_AT_ONCE], leaving[ROWS_AT_ONCE], mean[ROWS_AT_ONCE], inverse[ROWS_AT_ONCE];
} own_lanes;

LOOM_INLINE own_lanes spread_own(const loom_view *v, size_t i) {
    own_lanes o;
    for (size_t r = 0; r < ROWS_AT_ONCE; r++) {
        o.entering[r] = v->entering[i + r];
        o.leaving[r] = v->leaving[i + r];
        o.mean[r] = v->mean[i + r];
        o.inverse[r] = v->inverse[i + r];
    }
    return o;
}

// Correlations of a few symbols from i on with LANES others from j on, all with the same rows.
LOOM_INLINE void complete_rows(
    const loom_view *v, const own_lanes *o, size_t i, size_t j, dn rho[ROWS_AT_ONCE], int update) {
    dn entering = load(v->entering + j), leaving = load(v->leaving + j);
    dn sum = load(v->sum + j), inverse = load(v->inverse + j);
    for (size_t r = 0; r < ROWS_AT_ONCE; r++) {
        double *cross = v->cross + (i + r) * v->stride + j;
        dn c = load(cross);
        if (update) {
            c = c + (o->entering[r] * entering - o->leaving[r] * leaving);
            store(cross, c);
        }
        rho[r] = clamp((c - o->mean[r] * sum) * o->inverse[r] * inverse);
    }
}

// The ends of a few rows: lanes that belong to no row are not stored.
LOOM_INLINE void complete_ends(const loom_view *v, const own_lanes *o, double *out, size_t i,
                               size_t j, int update) {
    dn rho[ROWS_AT_ONCE];
    complete_rows(v, o, i, j, rho, update);
    for (size_t r = 0; r < ROWS_AT_ONCE && i + r < v->n; r++) {
        size_t first = i + r < j ? 0 : i + r - j, end = j + LANES <= v->n ? LANES : v->n - j;
        store_lanes(out + j, rho[r], first < LANES ? first : LANES, end);
        out += v->n - (i + r) - 1;  // row i + r + 1 less its first column
    }
}

// All symbols complete, matrix in the caches: a few rows at once share what the columns need.
// Vectors start at multiples of LANES, so that all but the stores into packed rows are aligned.
LOOM_INLINE void complete_cached(const loom_view *view, double *packed, int update) {
    const loom_view v = *view;
    for (size_t i = 0; i < v.n; i += ROWS_AT_ONCE) {
        const own_lanes o = spread_own(&v, i);
        double *out = packed + row_offset(&v, i) - i;
        size_t j = i / LANES * LANES, step = v.n - i - 1;
        for (; j < i + ROWS_AT_ONCE && j < v.n; j += LANES)
            complete_ends(&v, &o, out, i, j, update);
        for (; j + LANES <= v.n; j += LANES) {
            dn rho[ROWS_AT_ONCE];
            complete_rows(&v, &o, i, j, rho, update);
            store(out + j, rho[0]);
            store(out + j + step, rho[1]);
            store(out + j + 2 * step - 1, rho[2]);
            store(out + j + 3 * step - 3, rho[3]);
        }
        if (j < v.n) complete_ends(&v, &o, out, i, j, update);
        for (size_t r = 0; r < ROWS_AT_ONCE && i + r < v.n; r++)
            packed[row_offset(&v, i + r)] = v.diagonal[i + r];
    }
}

// All symbols complete, matrix beyond the caches: aligned streaming stores.
LOOM_INLINE void complete_streamed(const loom_view *view, double *packed, int update) {
    const loom_view v = *view;
    for (size_t i = 0; i < v.n; i++) {
        double *cross = v.cross + i * v.stride, *out = packed + row_offset(&v, i) - i;
        own o = own_terms(&v, i);
        size_t j = i + 1;
        out[i] = v.diagonal[i];
        for (; j < v.n && (uintptr_t)(out + j) % sizeof(dn); j++)
            out[j] = complete_one(&v, o, cross, j, update);
        for (; j + LANES <= v.n; j += LANES) stream(out + j, complete(&v, o, cross, j, update));
        for (; j < v.n; j++) out[j] = complete_one(&v, o, cross, j, update);
    }
    stream_fence();
}

// What LANES columns of a tile need of their own symbols.
typedef struct columns {
    dn entering, leaving, sum, square, count, threshold;
} columns;

LOOM_INLINE columns load_columns(const loom_view *v, size_t j) {
    return (columns){load(v->entering + j), load(v->leaving + j), load(v->sum + j),
                     load(v->square + j),   load(v->count + j),   load(v->threshold + j)};
}

// Sums of z and z^2 over the rows in which the other symbol is absent.
typedef struct lost_sums {
    dn sum, square;
} lost_sums;

// Moments of symbol i with LANES others over their joint rows, which are the sums of all rows less
// those of the rows in which the other is absent; and from them the correlations. Doubtful lanes,
// whose sums may be too far off or whose variance may be zero, are set in *doubt.
LOOM_INLINE dn joint(const loom_view *v, const columns *c, size_t i, dn none, dn cross,
                     lost_sums lost_i, lost_sums lost_j, ln *doubt) {
    dn count = (v->count[i] - v->rows) + c->count + none;
    dn sum_i = v->sum[i] - lost_i.sum, sum_j = c->sum - lost_j.sum;
    dn variance_i = count * (v->square[i] - lost_i.square) - sum_i * sum_i;
    dn variance_j = count * (c->square - lost_j.square) - sum_j * sum_j;
    dn moment = count * cross - sum_i * sum_j;
    ln enough = count >= v->least;
    ln sure = (variance_i > count * v->threshold[i]) & (variance_j > count * c->threshold);
    *doubt = enough & ~sure;
    dn rho = clamp(moment / __builtin_elementwise_sqrt(variance_i * variance_j));
    return choose(enough & sure, rho, NAN);
}

// Correlations of the doubtful lanes, from the window itself.
LOOM_TARGET static __attribute__((noinline)) void LOOM_NAME(settle)(
    const loom_view *v, size_t i, size_t j, ln doubt, double *out) {
    for (size_t k = 0; k < LANES; k++)
        if (doubt[k] && j + k > i && j + k < v->n && v->threshold[i] < INFINITY &&
            v->threshold[j + k] < INFINITY)
            out[j + k] = loom_rolling_exact(v->owner, i, j + k).correlation;
}

// LANES x LANES correlations with gaps, from row i and column j on.
LOOM_INLINE void gapped_part(const loom_view *v, double *const *out, size_t i, size_t j,
                             int update) {
    const columns c = load_columns(v, j);
    const double *lost_i = v->lost + loom_lost_at(v->stride, j, i);
    const double *lost_sq_i = v->lost_sq + loom_lost_at(v->stride, j, i);
    const double *lost_j = v->lost + loom_lost_at(v->stride, i, j);
    const double *lost_sq_j = v->lost_sq + loom_lost_at(v->stride, i, j);
    dn sums[LANES], squares[LANES];
    for (size_t k = 0; k < LANES; k++) {
        sums[k] = load(lost_i + k * BLOCK);
        squares[k] = load(lost_sq_i + k * BLOCK);
    }
    transpose(sums);
    transpose(squares);
    double *cross = v->cross + i * v->stride + j;
    const int32_t *none = v->none + i * v->stride + j;
    int inside = j >= i + LANES && j + LANES <= v->n;
#pragma clang loop unroll(full)
    for (size_t r = 0; r < LANES; r++, cross += v->stride, none += v->stride) {
        dn now = load(cross);
        if (update) {
            now = now + (v->entering[i + r] * c.entering - v->leaving[i + r] * c.leaving);
            store(cross, now);
        }
        lost_sums own = {load(lost_j + r * BLOCK), load(lost_sq_j + r * BLOCK)};
        ln doubt;
        dn rho = joint(v, &c, i + r, load_counts(none), now, (lost_sums){sums[r], squares[r]}, own,
                       &doubt);
        if (inside)
            store(out[r] + j, rho);
        else if (i + r < v->n)
            store_lanes(out[r] + j, rho, i + r < j ? 0 : i + r - j < LANES ? i + r - j : LANES,
                        j + LANES <= v->n ? LANES : v->n - j);
        if (any(doubt) && i + r < v->n) LOOM_NAME(settle)(v, i + r, j, doubt, out[r]);
    }
}

// LANES x LANES correlations without gaps.
LOOM_INLINE void complete_part(const loom_view *v, double *const *out, size_t i, size_t j,
                               int update) {
    for (size_t first = 0; first < LANES; first += ROWS_AT_ONCE) {
        own_lanes o = spread_own(v, i + first);
        dn rho[ROWS_AT_ONCE];
        complete_rows(v, &o, i + first, j, rho, update);
        for (size_t r = 0; r < ROWS_AT_ONCE && i + first + r < v->n; r++) {
            size_t row = i + first + r;
            store_lanes(out[first + r] + j, rho[r], row < j ? 0 : row - j < LANES ? row - j : LANES,
                        j + LANES <= v->n ? LANES : v->n - j);
        }
    }
}

// Any mixture of complete and gapped symbols.
LOOM_INLINE void mixed(const loom_view *view, double *packed, int update) {
    const loom_view copy = *view, *v = &copy;
    for (size_t i = 0; i < v->n; i += LANES) {
        double *out[LANES];
        for (size_t r = 0; r < LANES; r++) out[r] = packed + row_offset(v, i + r) - (i + r);
        for (size_t j = i; j < v->n; j += LANES)
            if (v->block_gapped[i / BLOCK] | v->block_gapped[j / BLOCK])
                gapped_part(v, out, i, j, update);
            else
                complete_part(v, out, i, j, update);
        for (size_t r = 0; r < LANES && i + r < v->n; r++) out[r][i + r] = v->diagonal[i + r];
    }
}

#define LOOM_WRITER(name, loop, update)                                                \
    LOOM_TARGET static __attribute__((noinline)) void name(const loom_view *v, double *packed) { \
        loop(v, packed, update);                                                       \
    }
LOOM_WRITER(LOOM_NAME(update_cached), complete_cached, 1)
LOOM_WRITER(LOOM_NAME(read_cached), complete_cached, 0)
LOOM_WRITER(LOOM_NAME(update_streamed), complete_streamed, 1)
LOOM_WRITER(LOOM_NAME(read_streamed), complete_streamed, 0)
LOOM_WRITER(LOOM_NAME(update_mixed), mixed, 1)
LOOM_WRITER(LOOM_NAME(read_mixed), mixed, 0)

static int streams(const loom_view *v) {
    return v->n * v->n / 2 * sizeof(double) > STREAM_BYTES;
}

LOOM_TARGET static void LOOM_NAME(update_and_write)(const loom_view *v, double *packed) {
    if (v->any_gapped) LOOM_NAME(update_mixed)(v, packed);
    else if (streams(v)) LOOM_NAME(update_streamed)(v, packed);
    else LOOM_NAME(update_cached)(v, packed);
}

LOOM_TARGET static void LOOM_NAME(write)(const loom_view *v, double *packed) {
    if (v->any_gapped) LOOM_NAME(read_mixed)(v, packed);
    else if (streams(v)) LOOM_NAME(read_streamed)(v, packed);
    else LOOM_NAME(read_cached)(v, packed);
}

LOOM_TARGET static void LOOM_NAME(update)(const loom_view *view) {
    const loom_view v = *view;
    for (size_t i = 0; i < v.n; i++) {
        double *cross = v.cross + i * v.stride, entering = v.entering[i], leaving = v.leaving[i];
        for (size_t j = i / LANES * LANES; j < v.n; j += LANES)
            store(cross + j, load(cross + j) + (entering * load(v.entering + j) -
                                                leaving * load(v.leaving + j)));
    }
}

enum { ABSORB_VECTORS = BLOCK / LANES, ABSORB_ROWS = BLOCK / ABSORB_VECTORS };

LOOM_INLINE void absorb_part(double *to, size_t stride, const double *rows, size_t count, size_t i,
                             size_t j, int fresh) {
    dn sum[ABSORB_ROWS][ABSORB_VECTORS];
    for (size_t r = 0; r < ABSORB_ROWS; r++)
        for (size_t k = 0; k < ABSORB_VECTORS; k++)
            sum[r][k] = fresh ? (dn)0 : load(to + r * stride + j + k * LANES);
    for (size_t t = 0; t < count; t++, rows += stride)
        for (size_t r = 0; r < ABSORB_ROWS; r++)
            for (size_t k = 0; k < ABSORB_VECTORS; k++)
                sum[r][k] += rows[i + r] * load(rows + j + k * LANES);
    for (size_t r = 0; r < ABSORB_ROWS; r++)
        for (size_t k = 0; k < ABSORB_VECTORS; k++)
            store(to + r * stride + j + k * LANES, sum[r][k]);
}

// cross += sum over count rows of z_i z_j for the i of a block, in the order of the rows, so that
// any split of the rows gives the same bits. fresh: start from 0.
LOOM_TARGET static void LOOM_NAME(absorb)(
    double *cross, size_t stride, const double *rows, size_t count, size_t block, size_t n,
    int fresh) {
    for (size_t i = block * BLOCK; i < (block + 1) * BLOCK; i += ABSORB_ROWS)
        for (size_t j = block * BLOCK; j < n; j += BLOCK)
            absorb_part(cross + i * stride, stride, rows, count, i, j, fresh);
}

// Adds sign z and sign z^2 to what a symbol has lost; fresh: start from 0.
LOOM_TARGET static void LOOM_NAME(lose)(
    double *lost, double *lost_sq, const double *z, size_t n, double sign, int fresh) {
    for (size_t j = 0; j < n; j += LANES) {
        size_t at = j / BLOCK * (BLOCK * BLOCK) + j % BLOCK;
        dn x = load(z + j);
        store(lost + at, (fresh ? (dn)0 : load(lost + at)) + sign * x);
        store(lost_sq + at, (fresh ? (dn)0 : load(lost_sq + at)) + sign * (x * x));
    }
}

LOOM_TARGET static void LOOM_NAME(add_scaled)(
    double *to, const double *row, double scale, size_t n) {
    for (size_t j = 0; j < n; j += LANES) store(to + j, load(to + j) + scale * load(row + j));
}

LOOM_TARGET static void LOOM_NAME(sums)(
    loom_sums *sums, const double *z, const double *y, double *growth, size_t n) {
    double *sum = sums->sum, *squares = sums->square;
    for (size_t j = 0; j < n; j += LANES) {
        dn x = load(z + j), left = load(y + j), square = load(squares + j), high = square + x * x;
        store(sum + j, load(sum + j) + (x - left));
        store(squares + j, square + (x * x - left * left));
        if (growth) store(growth + j, load(growth + j) + high * high);
    }
}

// Means, scales, the diagonal and which blocks have gaps, from the sums. Returns 1 if some symbol
// needs a closer look.
LOOM_TARGET static int LOOM_NAME(derive)(const loom_correlation *h) {
    const loom_rolling w = h->rolling;
    const loom_sums s = w.sums[w.current];
    double bound = ERROR_UNIT * ERROR_UNIT / (ERROR_MAX * ERROR_MAX), least = h->least;
    ln suspects = 0;
    for (size_t j = 0; j < h->symbols; j += LANES) {
        dn sum = load(s.sum + j), square = load(s.square + j), count = load(s.count + j);
        dn shift = load(w.shift + j);
        dn mean = sum / count, variance = square - sum * mean;
        dn zero = ZERO_VARIANCE * (square + 2 * shift * sum + shift * shift * count) + 1e-300;
        ln enough = count >= least;
        ln sure = (variance > zero) & (bound * load(w.growth + j) <= variance * variance);
        dn inverse = 1 / __builtin_elementwise_sqrt(variance);
        store(w.mean + j, mean);
        store(w.inverse + j, choose(enough & sure, inverse, NAN));
        store(w.diagonal + j, choose(enough & sure, 1, NAN));
        store(w.counted + j, choose(count > 0, count, NOT_COUNTED));
        uint8_t gaps = (uint8_t)any(count != s.rows);
        w.block_gapped[j / BLOCK] = j % BLOCK ? w.block_gapped[j / BLOCK] | gaps : gaps;
        suspects |= enough & ~sure;
    }
    return any(suspects);
}

// Copies at most 64 returns, 0 where absent; bit k of the result: return k is present.
LOOM_TARGET static uint64_t LOOM_NAME(take)(double *to, const double *row, size_t count) {
    uint64_t here = 0;
    size_t k = 0;
    for (; k + LANES <= count; k += LANES) {
        dn x = load(row + k);
        ln present = (x <= MAGNITUDE_MAX) & (x >= -MAGNITUDE_MAX);
        store(to + k, choose(present, x, 0));
        here |= lane_bits(present) << k;
    }
    for (; k < count; k++) {
        uint64_t present = (uint64_t)loom_present(row[k]);
        to[k] = present ? row[k] : 0;
        here |= present << k;
    }
    return here;
}

const loom_kernels LOOM_NAME(loom_kernels) = {
    .take = LOOM_NAME(take),
    .update = LOOM_NAME(update),
    .update_and_write = LOOM_NAME(update_and_write),
    .write = LOOM_NAME(write),
    .absorb = LOOM_NAME(absorb),
    .lose = LOOM_NAME(lose),
    .add_scaled = LOOM_NAME(add_scaled),
    .sums = LOOM_NAME(sums),
    .derive = LOOM_NAME(derive),
    .joint = LOOM_NAME(joint),
    .weighted = LOOM_NAME(loom_weighted_kernel),
};

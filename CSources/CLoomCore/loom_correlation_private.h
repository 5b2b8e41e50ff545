#ifndef LOOM_CORRELATION_PRIVATE_H
#define LOOM_CORRELATION_PRIVATE_H
#include <math.h>
#include "loom_correlation.h"

// Arithmetic throughout: IEEE double, no contraction, one fixed order. The same bits everywhere.
#pragma STDC FP_CONTRACT OFF

/// Symbols are handled in blocks: one cache line of doubles.
enum { BLOCK = 8 };

/// Sums over rows z of returns less a shift, 0 where absent: of the window (current), or of the
/// rows since the last anchor (next, without shifts), which become the window's at the next anchor.
typedef struct loom_sums {
    double *cross;   ///< square, upper: sum of z_i z_j
    double *lost;    ///< tiles, see loom_lost_at: (j, i) is the sum of z_i over rows without j
    double *lost_sq; ///< tiles: (j, i) is the sum of z_i^2 over rows without j
    int32_t *none;   ///< square, upper: rows without i and without j
    double *sum;     ///< vector: sum of z
    double *square;  ///< vector: sum of z^2
    double *count;   ///< vector: rows with the symbol; of the current sums only
    uint8_t *gapped; ///< vector: (j, ...) of lost and lost_sq mean something; else they mean 0
    uint8_t *stale;  ///< vector: ... hold something, whether it means something or not
    double rows;     ///< rows summed
    int none_used;   ///< none holds something
} loom_sums;

/// State of the rolling estimator.
typedef struct loom_rolling {
    double *window;         ///< window x stride: returns, 0 where absent; row t is in t mod window;
                            ///< then as many: what left each of these slots since the last anchor
    uint64_t *row_mask;     ///< bits, 2 window x stride: present symbols of a row
    uint64_t *symbol_mask;  ///< bits, stride x window: present rows of a symbol
    loom_sums sums[2];
    uint32_t current;       ///< index of the window's sums
    uint64_t held;          ///< rows in the window
    int behind;             ///< the window's sums, and what is derived from them, are not its own
    uint64_t cycle_start;   ///< rows of this cycle that went before the first row
    double *shift;          ///< of the current sums; not 0 only where recomputation asked for it
    uint32_t shifts;        ///< how many of them are not 0
    double *growth;         ///< sum of squares of the sums of squares since the last exact sum
    uint64_t *active;       ///< mask: in the matrix, that is with a return in the window
    uint64_t *left;         ///< mask: symbols of the row that leaves
    int any_gapped;         ///< some symbol is absent in some row of the window
    double *entering;       ///< z of this row
    const double *leaving;  ///< ... and of the one that leaves: its place in window, or shifted
    double *shifted;        ///< room for one that is not what stands there
    double *mean, *inverse, *diagonal, *threshold, *counted;  ///< derived: see loom_view
    uint8_t *block_gapped;
    uint32_t *absent;       ///< scratch: active symbols without a return
    double *column, *scratch, *zeros;
} loom_rolling;

/// State of the exponentially weighted estimator: normalised, centred moments of each pair over
/// their joint rows. A block whose symbols were present in every row shares weights and means.
///
/// A mean is kept as the last return (of the pair's joint rows) and the mean's offset from it, so
/// that a return's distance from the mean is precise however small it is beside the return.
typedef struct loom_weighted {
    double *weight, *unbias;         ///< squares, upper: sum of weights, 1 - sum w^2
    double *last_i, *last_j, *offset_i, *offset_j;  ///< squares, upper
    double *var_i, *var_j, *cov;     ///< squares, upper
    int32_t *joint;                  ///< square, upper
    double *value, *present;         ///< vectors of this row: the return or 0; 1 or 0
    double *innovation;              ///< vector: of shared symbols, return less the mean before
    double *last, *offset, *variance, *inverse;  ///< vectors, of shared symbols
    uint8_t *seen, *block_gapped;
    double shared_weight, shared_unbias;
    double gain, keep;               ///< a and b of the last row for shared symbols
    uint64_t shared_joint;
} loom_weighted;

typedef struct loom_kernels loom_kernels;

struct loom_correlation {
    loom_correlation_options options;
    const loom_kernels *kernels;
    uint64_t rows;     ///< first_row included
    uint32_t symbols;
    uint32_t stride;   ///< see loom_correlation.c: an odd number of blocks with room for capacity
    double least;      ///< joint rows an entry needs: max(minimum_periods, 2)
    loom_rolling rolling;
    loom_weighted weighted;
    void *blocks[64];  ///< everything allocated, to be freed
    uint32_t block_count;
};

/// What the kernels of a rolling matrix read, and the cross products they update.
typedef struct loom_view {
    size_t n, stride;
    double rows, least;
    double *cross;
    const double *entering, *leaving;
    const double *sum, *square, *count;  ///< count: below -1e8 where not active
    const double *mean, *inverse, *diagonal, *threshold;
    const double *lost, *lost_sq;
    const int32_t *none;
    const uint8_t *block_gapped;
    int any_gapped;
    const loom_correlation *owner;       ///< for loom_rolling_exact
} loom_view;

/// The loops, for any processor, for AVX2 and for AVX-512; see loom_correlation_kernels.h.
struct loom_kernels {
    uint64_t (*take)(double *to, const double *row, size_t count);
    void (*update)(const loom_view *view);
    void (*update_and_write)(const loom_view *view, double *packed);
    void (*write)(const loom_view *view, double *packed);
    void (*absorb)(double *cross, size_t stride, const double *rows, size_t count, size_t block,
                   size_t n, int fresh);
    void (*lose)(double *lost, double *lost_sq, const double *z, size_t n, double sign, int fresh);
    void (*add_scaled)(double *to, const double *row, double scale, size_t n);
    void (*sums)(loom_sums *sums, const double *z, const double *y, double *growth, size_t n);
    int (*derive)(const loom_correlation *h);
    void (*joint)(const loom_view *view, int32_t *packed);
    void (*weighted)(const loom_correlation *h, double *packed, int update);
};

extern const loom_kernels loom_kernels_portable;
#if defined(__x86_64__)
extern const loom_kernels loom_kernels_avx2;
extern const loom_kernels loom_kernels_avx512;
#endif

/// Roundings of sums: |error| <= ERROR_UNIT sqrt(growth), with room for rounding errors that agree.
#define ERROR_UNIT (16 * 0x1p-53)
/// Largest error of a correlation that sums may bring before they are recomputed.
#define ERROR_MAX 2.5e-11
/// Variance at or below this part of the mean square counts as zero.
#define ZERO_VARIANCE 1e-20
/// Returns beyond this are absent: products of four of them are still finite.
#define MAGNITUDE_MAX 1e60
/// Counts of symbols that are not active: below any minimum of joint rows.
#define NOT_COUNTED (-1e9)

/// Smallest sum of squares about the mean that is not zero variance.
static inline double loom_zero_level(double sum, double square, double count, double shift) {
    return ZERO_VARIANCE * (square + 2 * shift * sum + shift * shift * count) + 1e-300;
}

void loom_rolling_update(loom_correlation *h, const double *row, uint32_t count,
                         double *packed);
void loom_rolling_backfill(loom_correlation *h, const double *rows, uint32_t count,
                           uint64_t row_count);
void loom_rolling_read(const loom_correlation *h, double *packed);
loom_correlation_pair loom_rolling_pair(const loom_correlation *h, size_t i, size_t j);
int64_t loom_rolling_joint(const loom_correlation *h, size_t i, size_t j);
/// Two passes over the joint rows of the window.
loom_correlation_pair loom_rolling_exact(const loom_correlation *h, size_t i, size_t j);

/// Starts a symbol that had no return in the window; before its row is taken in.
void loom_rolling_activate(loom_correlation *h, size_t symbol);
/// Adds (sign 1) or takes away (-1) a row's z to what the active symbols absent in it have lost.
void loom_rolling_lose(loom_correlation *h, loom_sums *sums, const double *z, const uint64_t *mask,
                       int sign);
/// Notes that a symbol was present in every row of the sums.
void loom_rolling_lost_nothing(loom_correlation *h, loom_sums *sums, size_t symbol);
/// Sums the window afresh if a backfill left that to whoever needs it.
void loom_rolling_catch_up(loom_correlation *h);
/// Adds rows to the next cross products, after the last count were taken, all in one cycle; 1 if
/// they are complete: the last row is an anchor.
int loom_rolling_absorb(loom_correlation *h, uint64_t count);
/// Makes the sums of the rows since the last anchor the window's, and starts new ones.
void loom_rolling_anchor(loom_correlation *h);
/// Sums the window's moments of one symbol with all others afresh, about a shift near its mean.
void loom_rolling_recompute(loom_correlation *h, size_t symbol);
/// Sums all of the window's moments afresh, through BLAS.
void loom_rolling_rebuild(loom_correlation *h);
/// The z of the row that leaves where they may be changed.
double *loom_rolling_own_leaving(loom_correlation *h);
/// Derives means, scales and thresholds from the sums; recomputes what their errors ask for.
void loom_rolling_derive(loom_correlation *h);
loom_view loom_rolling_view(const loom_correlation *h);

void loom_weighted_update(loom_correlation *h, const double *row, uint32_t count,
                          double *packed);
loom_correlation_pair loom_weighted_pair(const loom_correlation *h, size_t i, size_t j);

/// Where (j, i) of lost is: tiles of BLOCK x BLOCK, so that both (i, j) and (j, i) are near each
/// other's neighbours. The value for the next block of i is BLOCK * BLOCK further.
static inline size_t loom_lost_at(size_t stride, size_t j, size_t i) {
    return j / BLOCK * BLOCK * stride + i / BLOCK * (BLOCK * BLOCK) + j % BLOCK * BLOCK + i % BLOCK;
}
static inline int loom_present(double x) { return x <= MAGNITUDE_MAX && x >= -MAGNITUDE_MAX; }
static inline double loom_clamp(double x) { return x > 1 ? 1 : x < -1 ? -1 : x; }
static inline int loom_bit(const uint64_t *mask, size_t at) {
    return mask[at >> 6] >> (at & 63) & 1;
}
static inline size_t loom_words(size_t bits) { return (bits + 63) / 64; }
/// The slot of a row that has left the window.
static inline uint64_t loom_gone(const loom_correlation *h, uint64_t slot) {
    return h->options.window + slot;
}
static inline uint64_t *loom_row_mask(const loom_correlation *h, uint64_t slot) {
    return h->rolling.row_mask + slot * loom_words(h->stride);
}
static inline double *loom_window_row(const loom_correlation *h, uint64_t slot) {
    return h->rolling.window + slot * h->stride;
}
static inline uint64_t *loom_symbol_mask(const loom_correlation *h, size_t symbol) {
    return h->rolling.symbol_mask + symbol * loom_words(h->options.window);
}
#endif

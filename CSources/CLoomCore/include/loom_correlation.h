#ifndef LOOM_CORRELATION_H
#define LOOM_CORRELATION_H
#include <stddef.h>
#include <stdint.h>
#include "loom_status.h"
#pragma clang assume_nonnull begin

/// Pairwise-complete correlation of rows of returns, rolling or exponentially weighted.
///
/// One handle is one estimator. A row holds one return per symbol in order of registration; a value
/// that is not finite, or whose magnitude is above 1e60, is absent. All matrices are packed upper
/// triangles, row-major: (0,0), (0,1) ... (0,n-1), (1,1) ... with n = loom_correlation_symbols().
///
/// Values are those of two passes in double over the window (all rows, weighted), to 1e-10, after
/// any number of rows. Rolling: at every row number divisible by the window (an anchor) all sums
/// are those of the window's rows added up in their order; in between a row is added and one taken
/// away, and what rounding may have spoiled is summed afresh. So the state, to the bit, is a
/// function of the rows since the last anchor but one. The bits are the same on every processor.
///
/// One thread at a time (calls that take a const handle may overlap each other); no allocation
/// after create and grow, no globals, no threads.
typedef struct loom_correlation loom_correlation;

/// Why a correlation is NaN.
typedef enum __attribute__((enum_extensibility(closed))) loom_correlation_reason : uint8_t {
    LOOM_CORRELATION_DEFINED __attribute__((swift_name("defined"))) = 0,
    LOOM_CORRELATION_TOO_FEW_ROWS __attribute__((swift_name("tooFewRows"))) = 1,
    LOOM_CORRELATION_ZERO_VARIANCE __attribute__((swift_name("zeroVariance"))) = 2,
    LOOM_CORRELATION_NOT_ACTIVE __attribute__((swift_name("notActive"))) = 3,
} loom_correlation_reason;

/// What a handle computes.
typedef struct loom_correlation_options {
    uint32_t window;           ///< rows, 2...2^20; 0 means exponentially weighted
    uint32_t minimum_periods;  ///< joint rows below which an entry is NaN, 1...2^20 (1 acts as 2)
    double decay;              ///< weight of a row relative to the next, in (0, 1); window 0 only
    uint64_t first_row;        ///< rows that went before; fixes where anchors fall
    uint32_t capacity;         ///< symbols, 1...2^14
    uint32_t processor;        ///< 0 the best, 1 any, 2 at most AVX2; the same bits
} loom_correlation_options;

/// Everything about one pair.
typedef struct loom_correlation_pair {
    double correlation;     ///< in -1...1, or NaN with a reason
    double covariance;      ///< unbiased; NaN below the minimum of joint rows
    double effective_rows;  ///< (sum of weights)^2 / sum of squared weights; joint rows if rolling
    int64_t joint_rows;     ///< rows in which both are present
    loom_correlation_reason reason;
} loom_correlation_pair;

/// Creates an empty estimator.
///
/// Errors: LOOM_BAD_ARGUMENT (an option outside its range), LOOM_NO_MEMORY, LOOM_BLAS_THREADS
/// (OpenBLAS would use more than one thread); on error *out is untouched.
loom_status loom_correlation_create(
    const loom_correlation_options *options, loom_correlation *_Nullable *_Nonnull out);
void loom_correlation_destroy(loom_correlation *_Nullable correlation);

/// Bytes that an estimator with these options takes, all of it used; 0 where they are out of range.
size_t loom_correlation_bytes(const loom_correlation_options *options);

/// Makes room for more symbols; what is known stays, bit for bit.
/// Errors: LOOM_BAD_ARGUMENT (capacity is smaller than now or above 2^14), LOOM_NO_MEMORY.
loom_status loom_correlation_grow(loom_correlation *correlation, uint32_t capacity);

/// Gives correlation the state of other, bit for bit, which stays as it is.
/// Errors: LOOM_BAD_ARGUMENT (they were created with different options, first_row aside, or have
/// different capacities). No allocation. Cost: the memory of one.
loom_status loom_correlation_assign(loom_correlation *correlation, const loom_correlation *other);

/// Gives the symbols other columns: what was in column from[k] is in k from now on, and who is not
/// named is forgotten. Each is named once.
///
/// Sums stay, bit for bit. But a pair is computed by a shorter formula where no symbol in the blocks
/// of eight columns around the two has a gap, so that its value may move by a rounding with its
/// neighbours. Rolling only, at an anchor. No allocation; cost: count^2, and window x count.
/// Errors: LOOM_BAD_ARGUMENT (weighted, between anchors, too many columns, one that is not
/// there, or one named twice); nothing is changed.
loom_status loom_correlation_arrange(
    loom_correlation *correlation, const uint32_t *_Nullable from, uint32_t count);

/// Takes one row of count returns; symbols beyond count are absent.
///
/// packed: room for n (n + 1) / 2 correlations with n = max(count, symbols), written in the same
/// pass; NULL to write none. Returns n, or 0 (and changes nothing) if count is above the capacity.
uint32_t loom_correlation_update(
    loom_correlation *correlation, const double *_Nullable row, uint32_t count,
    double *_Nullable packed);

/// Takes row_count rows of count returns each, row-major, without a matrix for each.
///
/// From the next anchor on the state has the bits of row_count updates. Before it, whoever reads or
/// updates next has the window summed afresh through BLAS (dsyrk), once, so that it agrees with
/// them to 1e-10 of a correlation. Weighted: the bits of row_count updates. Cost: row_count rows
/// added (rows before the last anchor but one are skipped), so give many rows at once. Returns as
/// loom_correlation_update.
uint32_t loom_correlation_backfill(
    loom_correlation *correlation, const double *_Nullable rows, uint32_t count,
    uint64_t row_count);

/// Rows taken, first_row included.
uint64_t loom_correlation_rows(const loom_correlation *correlation);
/// Symbols in the matrix: the longest row so far.
uint32_t loom_correlation_symbols(const loom_correlation *correlation);
/// Whether a symbol takes part: rolling, it had a return in the window; weighted, it ever had one.
int32_t loom_correlation_is_active(const loom_correlation *correlation, uint32_t symbol);

/// Writes the packed correlations: the bits loom_correlation_update wrote for the last row.
void loom_correlation_read(loom_correlation *correlation, double *_Nullable packed);
/// Writes the packed counts of joint rows, at most INT32_MAX.
void loom_correlation_joint_rows(loom_correlation *correlation, int32_t *_Nullable packed);
/// Rows that every pair shares while no symbol of a rolling window has a gap in it; else 0.
uint32_t loom_correlation_shared_rows(loom_correlation *correlation);
/// Writes the packed unbiased covariances.
void loom_correlation_covariances(loom_correlation *correlation, double *_Nullable packed);
/// One pair; both symbols are below loom_correlation_symbols().
loom_correlation_pair loom_correlation_at(
    loom_correlation *correlation, uint32_t first, uint32_t second);

/// Rolling: number of the oldest row that is known of those the state is a function of, which go on
/// to the present row: that of the anchor before the last one, or first_row where that is later.
/// Weighted: the present row, as none is known.
uint64_t loom_correlation_history(const loom_correlation *correlation);
/// Writes the returns of such a row, one for each symbol there is now, NaN where it was absent.
/// number: from loom_correlation_history() up to, and not with, loom_correlation_rows().
void loom_correlation_history_row(
    const loom_correlation *correlation, uint64_t number, double *_Nullable row);

/// Weighted: bytes of the state, which loom_correlation_save() writes; 0 if rolling, whose state is
/// made of its rows.
size_t loom_correlation_state_bytes(const loom_correlation *correlation);
/// Writes the state, of equal ones the same bytes, numbers as they are in memory.
void loom_correlation_save(const loom_correlation *correlation, void *state);
/// Takes over a state that was written by one of the same options, but for the capacity; what it
/// puts out from then on has the same bits.
/// Errors: LOOM_BAD_ARGUMENT (rolling, or no state of at most so many symbols); then the estimator
/// is of no use. No allocation.
loom_status loom_correlation_load(
    loom_correlation *correlation, const void *_Nullable state, size_t bytes);

/// Tells OpenBLAS to use one thread, for the whole process.
void loom_blas_use_one_thread(void);
/// matrix = rows^T rows through dsyrk, upper triangle. rows: row_count x count, row_stride doubles
/// apart; matrix: count x count, matrix_stride doubles apart.
void loom_blas_cross_products(const double *rows, uint64_t row_count, uint32_t row_stride,
                              uint32_t count, double *matrix, uint32_t matrix_stride);
/// Threads OpenBLAS would use.
int32_t loom_blas_threads(void);

#pragma clang assume_nonnull end
#endif

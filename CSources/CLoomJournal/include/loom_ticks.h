#ifndef LOOM_TICKS_H
#define LOOM_TICKS_H
#include <stdint.h>
#pragma clang assume_nonnull begin

/// The table `ticks`: the inputs of a store as rows of SQL, read from its compressed blocks.
///
///     seq INTEGER       place in the total order
///     time TEXT         event time, ISO 8601 in UTC with nine digits and Z: sorts as it reads
///     symbol TEXT       NULL where it is not known
///     bid, ask, bid_size, ask_size, last, size REAL    NULL where absent
///     venue_seq INTEGER NULL where there is none
///     flags INTEGER     1 quote, 2 trade, 4 snapshot, 8 buyer, 16 seller, 32 input bar; above 255
///                       a row that its reader refused
///     reason TEXT       why it was rejected; NULL where it was accepted
///
/// and, hidden from `SELECT *`: `time_ns` and `receive_ns` INTEGER, nanoseconds since 1970 in UTC,
/// and `source` TEXT, the feed. An input bar has its open, high, low and close in `bid`, `ask`,
/// `bid_size` and `last`. Whole numbers beyond 2^63 - 1 are shown less 2^64.
///
/// Rows come in ascending order of seq. Comparisons of seq, time, time_ns and symbol with a value
/// decide which blocks are read at all. A damaged block is an error that names its sequences. The
/// table cannot be written.

typedef struct sqlite3 sqlite3;

enum {
    /// "Loom", the application id of a store.
    LOOM_STORE_APPLICATION = 0x4C6F6F6D,
    /// The number of the newest format of a store that can be read.
    LOOM_STORE_FORMAT = 4,
};

/// What the table of one connection has done.
typedef struct loom_ticks_counters {
    uint64_t blocks_decoded;
} loom_ticks_counters;

/// Makes the table known to a connection, over the store that is its main database.
///
/// Returns SQLite's result code. *counters receives what is counted from now on, valid until the
/// connection is closed; one thread at a time, the connection's.
int32_t loom_ticks_register(
    sqlite3 *database, const loom_ticks_counters *_Nullable *_Nullable counters);

#pragma clang assume_nonnull end
#endif

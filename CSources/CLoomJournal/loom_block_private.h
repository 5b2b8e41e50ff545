#ifndef LOOM_BLOCK_PRIVATE_H
#define LOOM_BLOCK_PRIVATE_H
#include <stdbool.h>
#include <string.h>
#include "loom_block.h"

// The body, before compression:
//
//   u16   number of runs (a run: the ticks of one symbol)
//   part  the runs' symbols, strictly ascending, a series
//   part  the runs' lengths, a series
//   parts the columns, in the order of enum loom_column: series of integers, but for the six reals
//
// A part is a u32, its size, and so many bytes; so columns that nobody asked for are stepped over.
// Series are described in loom_series.c, reals in loom_reals.c.

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "stored as in memory");
_Static_assert(sizeof(double) == 8, "a real is eight bytes");

// The words of a sequenced tick, in its order, the last one taken apart.
enum loom_column {
    LOOM_SEQUENCE, LOOM_TIME, LOOM_RECEIVE_TIME, LOOM_BID, LOOM_ASK, LOOM_BID_SIZE, LOOM_ASK_SIZE,
    LOOM_LAST, LOOM_LAST_SIZE, LOOM_VENUE_SEQUENCE, LOOM_SOURCE, LOOM_FLAGS, LOOM_COLUMNS
};

// "\xb1LoomBk\n": no text begins so, and a file that was copied as text is told by the end of it.
#define LOOM_BLOCK_MAGIC UINT64_C(0x0a6b426d6f6f4cb1)

enum {
    LOOM_WORDS = 11,  // of a sequenced tick
    LOOM_BITMAP_SIZE = LOOM_BLOCK_TICKS_MAX / 8,
    // A part: eight bytes a value, the bitmap, the exceptions of a real column, and small heads; no
    // more than 40 KiB, and there are 14 of them.
    LOOM_PART_SIZE_MAX = 40 * 1024,
    LOOM_BODY_SIZE_MAX = LOOM_BLOCK_SIZE_MAX - LOOM_BLOCK_HEADER_SIZE,
};
_Static_assert(14 * LOOM_PART_SIZE_MAX + 2 <= LOOM_BODY_SIZE_MAX, "every body fits");

static inline bool loom_is_real(uint32_t column) {
    return column >= LOOM_BID && column <= LOOM_LAST_SIZE;
}

typedef uint64_t loom_values[LOOM_BLOCK_TICKS_MAX];

// Where the runs begin; start[count] is the number of ticks. Runs may be empty: those of a column
// in which a symbol has no value.
typedef struct loom_runs {
    uint32_t count;
    uint16_t start[LOOM_BLOCK_TICKS_MAX + 1];
} loom_runs;

// A real column that is being written or read.
typedef struct loom_real {
    uint32_t present;     // values that are not the usual NaN
    uint32_t digits;      // decimal digits behind the point
    uint32_t exceptions;  // values that are no such decimal
    bool bitmapped;       // whether some are that NaN
    bool scaled;          // whether values are whole numbers of 10^-digits, else bits
    uint8_t bitmap[LOOM_BITMAP_SIZE];
    uint16_t place[LOOM_BLOCK_TICKS_MAX / 8 + 8];
    uint64_t exception[LOOM_BLOCK_TICKS_MAX / 8 + 8];
    loom_runs runs;      // of those present
    loom_values bits;    // of those present
    loom_values values;  // what the series holds
} loom_real;

// A place in bytes that nobody has checked, and their end.
typedef struct loom_reader {
    const uint8_t *at;
    const uint8_t *end;
} loom_reader;

// The next size bytes, or NULL where there are fewer.
static inline const uint8_t *loom_take(loom_reader *reader, size_t size) {
    if ((size_t)(reader->end - reader->at) < size) return NULL;
    const uint8_t *taken = reader->at;
    reader->at += size;
    return taken;
}

static inline bool loom_take_copy(loom_reader *reader, void *out, size_t size) {
    const uint8_t *taken = loom_take(reader, size);
    if (!taken) return false;
    memcpy(out, taken, size);
    return true;
}

uint32_t loom_header_checksum(const loom_block_header *header);

// Writes a series; returns how many bytes. Values, at least one, are overwritten; spare is room for
// the work.
size_t loom_series_write(
    uint8_t *out, uint64_t *values, uint32_t count, const loom_runs *runs, uint64_t *spare);

// Reads all that reader holds as a series of count values; false where it is none.
bool loom_series_read(
    loom_reader *reader, uint64_t *values, uint32_t count, const loom_runs *runs);

// Writes the bits of count doubles, at least one; as loom_series_write. column is room, like spare.
size_t loom_real_write(
    uint8_t *out, loom_real *column, const uint64_t *bits, uint32_t count, const loom_runs *runs,
    uint64_t *spare);

// Reads such a column; as loom_series_read.
bool loom_real_read(
    loom_reader *reader, loom_real *column, uint64_t *bits, uint32_t count, const loom_runs *runs);

#endif

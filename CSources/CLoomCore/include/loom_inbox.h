#ifndef LOOM_INBOX_H
#define LOOM_INBOX_H
#include <stdbool.h>
#include <stdint.h>
#include "loom_status.h"
#pragma clang assume_nonnull begin

/// A ring for each of many symbols and one reader of them all, which finds those with records
/// without looking at the others.
///
/// Of each ring one thread at a time pushes; one thread at a time pops from all. A set bit says that
/// a ring may hold something: a hint, so that neither side needs a fence. A hint that crossed with
/// its record is made good by the reader's second look and by loom_inbox_sweep.
typedef struct loom_inbox loom_inbox;

enum { LOOM_INBOX_SYMBOLS_MAX = 16384 };

/// Creates an inbox without rings.
///
/// ring_capacity, record_size: as of loom_ring_create. Memory: 388 KiB and a ring for each symbol.
/// Errors: LOOM_BAD_ARGUMENT, LOOM_NO_MEMORY; on error *out is untouched.
loom_status loom_inbox_create(
    uint32_t ring_capacity, uint32_t record_size, loom_inbox *_Nullable *_Nonnull out);
void loom_inbox_destroy(loom_inbox *_Nullable inbox);

/// One thread at a time, also while others push and pop. Makes the ring of a symbol, unless it has
/// one.
///
/// Errors: LOOM_BAD_ARGUMENT where symbol is not below LOOM_INBOX_SYMBOLS_MAX; LOOM_NO_MEMORY.
loom_status loom_inbox_open(loom_inbox *inbox, uint32_t symbol);

/// The symbol's producer only, symbol open. As loom_ring_push.
uint32_t loom_inbox_push(
    loom_inbox *inbox, uint32_t symbol, const void *_Nullable records, uint32_t count);

/// Any thread. The monotonic clock that pushes are stamped by, in nanoseconds.
int64_t loom_inbox_now(void);

/// Reader only, symbol open, right after popped > 0 records of it were skipped. How long the
/// stamped one among them was in its ring until now; -1 where none of them is stamped.
///
/// Stamped is the first record of a push that finds its hint taken, which happens once a visit at
/// most; one stamp a symbol is under way. So producers read the clock where they wake the reader,
/// and nowhere else.
int64_t loom_inbox_waited(loom_inbox *inbox, uint32_t symbol, uint32_t popped, int64_t now);

/// Reader only. Whether any producer gave up records since the last call.
bool loom_inbox_take_drops(loom_inbox *inbox);

/// The symbol's producer only. Counts records that it gave up.
void loom_inbox_drop(loom_inbox *inbox, uint32_t symbol, uint64_t count);

/// Any thread. How many records the symbol's producer gave up so far.
uint64_t loom_inbox_dropped(const loom_inbox *inbox, uint32_t symbol);

/// Reader only. How many words of hints there are: symbol s is bit s % 64 of word s / 64.
uint32_t loom_inbox_words(const loom_inbox *inbox);

/// Reader only. Takes the hints of a word below loom_inbox_words; each is given once more in the
/// next call, and for as long as its ring gives records.
uint64_t loom_inbox_take(loom_inbox *inbox, uint32_t word);

/// Reader only, symbol open. As loom_ring_front and loom_ring_skip.
uint32_t loom_inbox_front(
    loom_inbox *inbox, uint32_t symbol, const void *_Nullable *_Nonnull records, uint32_t count);
void loom_inbox_skip(loom_inbox *inbox, uint32_t symbol, uint32_t count);

/// Reader only. Looks at the next count rings in turn, whatever the hints say; those that hold
/// something are hinted at in the next loom_inbox_take.
void loom_inbox_sweep(loom_inbox *inbox, uint32_t count);

/// Reader only. Hints at the symbols of a word once more, in the next loom_inbox_take.
void loom_inbox_put_back(loom_inbox *inbox, uint32_t word, uint64_t hints);

/// The symbol's producer only, symbol open. How many records were ever pushed into its ring.
uint64_t loom_inbox_pushed(const loom_inbox *inbox, uint32_t symbol);

/// Reader only, symbol open. How many records were ever taken from its ring.
uint64_t loom_inbox_popped(const loom_inbox *inbox, uint32_t symbol);

/// Any thread, symbol open. Records in the symbol's ring, as of loom_ring_count.
uint32_t loom_inbox_count(const loom_inbox *inbox, uint32_t symbol);

#pragma clang assume_nonnull end
#endif

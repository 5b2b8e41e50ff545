#ifndef LOOM_BOARD_H
#define LOOM_BOARD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "loom_status.h"
#pragma clang assume_nonnull begin

/// The latest of a series of records: one thread at a time writes, any number of threads read in
/// place. Neither side ever waits for the other, and a record that someone holds is never changed.
typedef struct loom_board loom_board;

/// A record that is held.
typedef struct loom_held {
    /// 64-byte aligned, of the size it was written with; stays as it is until released; NULL in none.
    const void *_Nullable bytes;
    size_t size;
    /// Which one to release.
    uint32_t slot;
} loom_held;

/// Creates a board without a record.
///
/// holders_max: how many records may be held at one time, 1...4000. It has holders_max + 2 slots:
/// each may be held, one is the latest, one is being written; that is why there is always a free one.
/// Memory: 256 bytes + 128 a slot; a slot's bytes are allocated when it is first written.
/// Errors: LOOM_BAD_ARGUMENT, LOOM_NO_MEMORY; on error *out is untouched.
loom_status loom_board_create(uint32_t holders_max, loom_board *_Nullable *_Nonnull out);

/// Nobody may hold a record any more.
void loom_board_destroy(loom_board *_Nullable board);

/// Writer only. Gives the bytes to write the next record to, the same until it is published. They
/// hold an earlier record if the slot had one: *before is its size, or 0.
///
/// size: bytes, above 0. Wait-free; O(holders_max); allocates only where the slot has less than size.
/// Errors: LOOM_BAD_ARGUMENT; LOOM_NO_MEMORY, then the latest record stays what it is.
loom_status loom_board_begin(
    loom_board *board, size_t size, void *_Nullable *_Nonnull bytes, size_t *before);

/// Writer only. Makes the record that begin gave the latest one. Wait-free, O(1).
void loom_board_publish(loom_board *board);

/// Any thread. Holds the latest record until loom_board_release; false where there is none yet, or
/// holders_max are held already (or are about to be, by a thread that is being refused as well).
/// Wait-free, O(1).
bool loom_board_hold(loom_board *board, loom_held *held);

/// Any thread. Gives back what loom_board_hold gave, once.
void loom_board_release(loom_board *board, uint32_t slot);

/// Any thread. Gives back what is held and holds the latest record in its place. Wait-free, O(1).
void loom_board_advance(loom_board *board, loom_held *held);

/// Any thread. How many records have been published.
uint64_t loom_board_count(const loom_board *board);

/// Any thread. How many records are held; at times one more, which is being refused.
uint32_t loom_board_holders(const loom_board *board);

/// Most records that can be held at one time.
uint32_t loom_board_holders_max(const loom_board *board);

#pragma clang assume_nonnull end
#endif

/// Yardsticks that only C and C++ have, and what a measurement asks of the system beside Swift.
#ifndef YARDSTICKS_H
#define YARDSTICKS_H
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#pragma clang assume_nonnull begin
#ifdef __cplusplus
extern "C" {
#endif

/// boost::lockfree::spsc_queue with 4,096 places for records of 80 bytes, one record a call.
///
/// Each returns the nanoseconds of its loop, set-up aside, or a negative number where it could not
/// run. The records of two threads go from the second allowed processor to the first.
double yardstick_boost_one_thread(uint64_t records);
double yardstick_boost_two_threads(uint64_t records);

/// Sends a record there and back `count` times, one every `interval` nanoseconds (0: as soon as the
/// one before is back). `latencies`, where given, takes the nanoseconds from when each was due.
double yardstick_boost_round_trips(
    uint64_t count, int64_t interval, int64_t *_Nullable latencies);

/// Inserts batches of 4,096 rows of 18 columns, each batch a transaction, into a new database with a
/// write-ahead log, one prepared statement a row. Returns as above, opening aside.
double yardstick_sqlite_insert(const char *path, uint64_t batches);

/// Nanoseconds between two ticks of the tables below, which are of ten symbols in turns.
enum { YARDSTICK_TICK_STEP = 100000 };

/// Makes a database of as many ticks as plain rows with an index by symbol and time; false where it
/// cannot.
bool yardstick_sqlite_fill(const char *path, int64_t rows);

/// Opens it, reads the ticks of one symbol from a time up to another, and returns how many; negative
/// where it cannot.
int64_t yardstick_sqlite_range(const char *path, int64_t from, int64_t to);

/// Processors this process may use.
int yardstick_processors(void);

/// Keeps the calling thread on the allowed processor of this place, counted round; false where
/// the system refuses.
bool yardstick_pin(int place);

/// Lets the calling thread run on every processor that the process was started with.
void yardstick_unpin(void);

/// Nanoseconds of the monotonic clock.
int64_t yardstick_now(void);

/// Waits a moment in a loop that polls: politely to the other hardware thread at first, then by
/// giving the processor away, since the other end may need it.
static inline void yardstick_wait(uint32_t *tries)
{
    if (++*tries % 1024 == 0) {
        sched_yield();
        return;
    }
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#ifdef __cplusplus
}
#endif
#pragma clang assume_nonnull end
#endif

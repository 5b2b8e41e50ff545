// For clock_gettime.
#define _POSIX_C_SOURCE 200809L
#include "loom_inbox.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "loom_ring.h"

enum { OWN_LINES = 128, WORD_BITS = 64, WORDS = LOOM_INBOX_SYMBOLS_MAX / WORD_BITS };

// A stamp is one word, so that it needs no order: when, in units of 8 ns, above which record of the
// ring, counted modulo twice the largest capacity. It repeats after 19 hours.
enum { PLACE_BITS = 21, TIME_BITS = 64 - PLACE_BITS, TIME_SHIFT = 3 };
static const uint64_t PLACES = (uint64_t)1 << PLACE_BITS;
static const uint64_t TIMES = (uint64_t)1 << TIME_BITS;

struct loom_inbox {
    // Set by producers, taken by the reader.
    _Alignas(OWN_LINES) _Atomic uint64_t hints[WORDS];
    // Written by the reader only: what it looks at again.
    _Alignas(OWN_LINES) uint64_t again[WORDS];
    uint32_t next_swept;
    // Written by the thread that opens; a symbol's drops by its producer.
    _Alignas(OWN_LINES) _Atomic uint32_t end;
    uint32_t ring_capacity;
    uint32_t record_size;
    _Alignas(OWN_LINES) _Atomic(loom_ring *) rings[LOOM_INBOX_SYMBOLS_MAX];
    _Atomic uint64_t dropped[LOOM_INBOX_SYMBOLS_MAX];
    // Written by a symbol's producer where it is 0, set to 0 by the reader.
    _Atomic uint64_t stamps[LOOM_INBOX_SYMBOLS_MAX];
    // Set by producers, taken by the reader.
    _Alignas(OWN_LINES) _Atomic bool has_drops;
};
_Static_assert(sizeof(struct loom_inbox) % OWN_LINES == 0, "as aligned_alloc wants it");

loom_status loom_inbox_create(uint32_t ring_capacity, uint32_t record_size, loom_inbox **out) {
    // Whether a ring of these sizes can be made is the ring's to say.
    loom_ring *probe = NULL;
    loom_status status = loom_ring_create(ring_capacity, record_size, &probe);
    if (status != LOOM_OK) return status;
    loom_ring_destroy(probe);

    loom_inbox *inbox = aligned_alloc(OWN_LINES, sizeof *inbox);
    if (!inbox) return LOOM_NO_MEMORY;
    memset(inbox, 0, sizeof *inbox);
    inbox->ring_capacity = ring_capacity;
    inbox->record_size = record_size;
    *out = inbox;
    return LOOM_OK;
}

void loom_inbox_destroy(loom_inbox *inbox) {
    if (!inbox) return;
    // relaxed: nobody else is there any more.
    uint32_t end = atomic_load_explicit(&inbox->end, memory_order_relaxed);
    for (uint32_t symbol = 0; symbol < end; symbol++) {
        loom_ring_destroy(atomic_load_explicit(&inbox->rings[symbol], memory_order_relaxed));
    }
    free(inbox);
}

loom_status loom_inbox_open(loom_inbox *inbox, uint32_t symbol) {
    if (symbol >= LOOM_INBOX_SYMBOLS_MAX) return LOOM_BAD_ARGUMENT;
    // relaxed: only this thread writes the rings.
    if (atomic_load_explicit(&inbox->rings[symbol], memory_order_relaxed)) return LOOM_OK;
    loom_ring *ring = NULL;
    loom_status status = loom_ring_create(inbox->ring_capacity, inbox->record_size, &ring);
    if (status != LOOM_OK) return status;
    // release: pairs with the acquires in ring_of; the ring is whole before it is found.
    atomic_store_explicit(&inbox->rings[symbol], ring, memory_order_release);
    uint32_t end = atomic_load_explicit(&inbox->end, memory_order_relaxed);
    // relaxed: only how far the reader looks; where there is no ring yet it finds none.
    if (symbol >= end) atomic_store_explicit(&inbox->end, symbol + 1, memory_order_relaxed);
    return LOOM_OK;
}

static inline loom_ring *ring_of(const loom_inbox *inbox, uint32_t symbol) {
    // acquire: pairs with the release in loom_inbox_open.
    return atomic_load_explicit(&inbox->rings[symbol], memory_order_acquire);
}

int64_t loom_inbox_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// Notes when the record at a place was pushed, unless a stamp of this ring is under way.
static void stamp(loom_inbox *inbox, uint32_t symbol, uint64_t place) {
    _Atomic uint64_t *word = &inbox->stamps[symbol];
    // relaxed, both: all there is to know is in this word.
    if (atomic_load_explicit(word, memory_order_relaxed)) return;
    uint64_t time = (uint64_t)loom_inbox_now() >> TIME_SHIFT;
    uint64_t made = time << PLACE_BITS | (place & (PLACES - 1));
    atomic_store_explicit(word, made, memory_order_relaxed);
}

int64_t loom_inbox_waited(loom_inbox *inbox, uint32_t symbol, uint32_t popped, int64_t now) {
    _Atomic uint64_t *word = &inbox->stamps[symbol];
    // relaxed, both: as in stamp; while it is not 0, no producer writes it.
    uint64_t made = atomic_load_explicit(word, memory_order_relaxed);
    if (made == 0) return -1;
    uint64_t end = loom_ring_popped(ring_of(inbox, symbol));
    uint64_t after = (end - 1 - made) & (PLACES - 1);
    if (after >= PLACES / 2) return -1;  // in its ring still
    atomic_store_explicit(word, 0, memory_order_relaxed);
    if (after >= popped) return -1;  // gone before it was stamped
    uint64_t waited = (((uint64_t)now >> TIME_SHIFT) - (made >> PLACE_BITS)) & (TIMES - 1);
    // A stamp made while the reader went on may be later than its now.
    return waited >= TIMES / 2 ? 0 : (int64_t)(waited << TIME_SHIFT);
}

uint32_t loom_inbox_push(
    loom_inbox *inbox, uint32_t symbol, const void *records, uint32_t count) {
    loom_ring *ring = ring_of(inbox, symbol);
    uint32_t taken = loom_ring_push(ring, records, count);
    if (taken == 0) return 0;
    _Atomic uint64_t *word = &inbox->hints[symbol / WORD_BITS];
    uint64_t bit = (uint64_t)1 << (symbol % WORD_BITS);
    // relaxed, both: a hint; the records are published by the ring. While the bit is set its line
    // is only read, so that a producer in full flow costs the reader nothing.
    if (!(atomic_load_explicit(word, memory_order_relaxed) & bit)) {
        stamp(inbox, symbol, loom_ring_pushed(ring) - taken);
        atomic_fetch_or_explicit(word, bit, memory_order_relaxed);
    }
    return taken;
}

void loom_inbox_drop(loom_inbox *inbox, uint32_t symbol, uint64_t count) {
    _Atomic uint64_t *dropped = &inbox->dropped[symbol];
    // relaxed: a number that only this thread writes.
    uint64_t before = atomic_load_explicit(dropped, memory_order_relaxed);
    atomic_store_explicit(dropped, before + count, memory_order_relaxed);
    // relaxed, both: a hint that somebody's number has grown; while it is set, its line is only read.
    if (!atomic_load_explicit(&inbox->has_drops, memory_order_relaxed)) {
        atomic_store_explicit(&inbox->has_drops, true, memory_order_relaxed);
    }
}

bool loom_inbox_take_drops(loom_inbox *inbox) {
    // relaxed, both: a hint.
    if (!atomic_load_explicit(&inbox->has_drops, memory_order_relaxed)) return false;
    atomic_store_explicit(&inbox->has_drops, false, memory_order_relaxed);
    return true;
}

uint64_t loom_inbox_dropped(const loom_inbox *inbox, uint32_t symbol) {
    // relaxed: a number, and nothing is read on the strength of it.
    return atomic_load_explicit(&inbox->dropped[symbol], memory_order_relaxed);
}

uint32_t loom_inbox_words(const loom_inbox *inbox) {
    // relaxed: only how far to look; whether there is a ring is asked of the ring.
    uint32_t end = atomic_load_explicit(&inbox->end, memory_order_relaxed);
    return (end + WORD_BITS - 1) / WORD_BITS;
}

uint64_t loom_inbox_take(loom_inbox *inbox, uint32_t word) {
    uint64_t taken = 0;
    // relaxed, both: hints.
    if (atomic_load_explicit(&inbox->hints[word], memory_order_relaxed)) {
        taken = atomic_exchange_explicit(&inbox->hints[word], 0, memory_order_relaxed);
    }
    // A producer may have seen its bit just before it was taken, and its record be on the way still:
    // whatever is taken is looked at twice.
    uint64_t hints = taken | inbox->again[word];
    inbox->again[word] = taken;
    return hints;
}

uint32_t loom_inbox_front(
    loom_inbox *inbox, uint32_t symbol, const void **records, uint32_t count) {
    return loom_ring_front(ring_of(inbox, symbol), records, count);
}

void loom_inbox_skip(loom_inbox *inbox, uint32_t symbol, uint32_t count) {
    loom_ring_skip(ring_of(inbox, symbol), count);
    inbox->again[symbol / WORD_BITS] |= (uint64_t)1 << (symbol % WORD_BITS);
}

void loom_inbox_sweep(loom_inbox *inbox, uint32_t count) {
    // relaxed: as in loom_inbox_words.
    uint32_t end = atomic_load_explicit(&inbox->end, memory_order_relaxed);
    for (uint32_t i = 0; i < count && i < end; i++) {
        uint32_t symbol = inbox->next_swept < end ? inbox->next_swept : 0;
        inbox->next_swept = symbol + 1;
        loom_ring *ring = ring_of(inbox, symbol);
        if (ring && loom_ring_count(ring)) {
            inbox->again[symbol / WORD_BITS] |= (uint64_t)1 << (symbol % WORD_BITS);
        }
    }
}

void loom_inbox_put_back(loom_inbox *inbox, uint32_t word, uint64_t hints) {
    inbox->again[word] |= hints;
}

uint64_t loom_inbox_pushed(const loom_inbox *inbox, uint32_t symbol) {
    return loom_ring_pushed(ring_of(inbox, symbol));
}

uint64_t loom_inbox_popped(const loom_inbox *inbox, uint32_t symbol) {
    return loom_ring_popped(ring_of(inbox, symbol));
}

uint32_t loom_inbox_count(const loom_inbox *inbox, uint32_t symbol) {
    return loom_ring_count(ring_of(inbox, symbol));
}

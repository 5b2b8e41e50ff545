#include "loom_board.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// Split reference counts. A reader registers by one addition to the word that also names the latest
// slot, so that it cannot register with a slot that is the latest no more; there is nothing to check
// again and nothing to repeat. The writer takes the word away together with the number of readers
// that registered, and the slot is free once as many have given it back.
enum { OWN_LINES = 128, LINE = 64, HOLDERS_MAX = 4000, NO_SLOT = 4095 };

// The word: 12 bits of slot, 52 of readers since it became the latest: months of nothing else.
enum { READER_BITS = 52 };
static const uint64_t READERS = ((uint64_t)1 << READER_BITS) - 1;

struct slot {
    // Written by readers.
    _Atomic uint64_t released;
    // Written by the writer while nobody reads: before it publishes, and after it took it away.
    uint64_t registered;
    size_t size;
    size_t capacity;
    void *bytes;
    char padding[OWN_LINES - 5 * 8];
};
_Static_assert(sizeof(struct slot) == OWN_LINES, "a pair of lines a slot");

struct loom_board {
    // Written by readers and the writer.
    _Alignas(OWN_LINES) _Atomic uint64_t latest;
    _Atomic uint32_t holders;
    // Written by the writer only.
    _Alignas(OWN_LINES) _Atomic uint64_t count;
    uint32_t writing;
    // Constant after create.
    uint32_t holders_max;
    struct slot *slots;
};
_Static_assert(sizeof(struct loom_board) == 2 * OWN_LINES, "a pair of lines per owner");

loom_status loom_board_create(uint32_t holders_max, loom_board **out) {
    if (holders_max == 0) return LOOM_BAD_ARGUMENT;
    if (holders_max > HOLDERS_MAX) return LOOM_BAD_ARGUMENT;

    loom_board *board = aligned_alloc(OWN_LINES, sizeof *board);
    struct slot *slots = aligned_alloc(OWN_LINES, (holders_max + 2) * sizeof *slots);
    if (!board || !slots) {
        free(board);
        free(slots);
        return LOOM_NO_MEMORY;
    }
    for (uint32_t i = 0; i < holders_max + 2; i++) slots[i] = (struct slot){0};
    *board = (loom_board){
        .latest = (uint64_t)NO_SLOT << READER_BITS,
        .writing = NO_SLOT,
        .holders_max = holders_max,
        .slots = slots,
    };
    *out = board;
    return LOOM_OK;
}

void loom_board_destroy(loom_board *board) {
    if (!board) return;
    for (uint32_t i = 0; i < board->holders_max + 2; i++) free(board->slots[i].bytes);
    free(board->slots);
    free(board);
}

static uint32_t slot_of(uint64_t word) { return (uint32_t)(word >> READER_BITS); }

// There is one: of holders_max + 2 slots one is the latest, and no more than holders_max are held.
// It is seen, too: whoever holds another instead has registered after the release of that place.
static uint32_t free_slot(loom_board *board) {
    // relaxed: the slot in it was written by this thread.
    uint32_t latest = slot_of(atomic_load_explicit(&board->latest, memory_order_relaxed));
    for (uint32_t i = 0;; i = i <= board->holders_max ? i + 1 : 0) {
        struct slot *slot = &board->slots[i];
        if (i == latest) continue;
        // acquire: pairs with the release in give_back; those readers are done with it.
        uint64_t released = atomic_load_explicit(&slot->released, memory_order_acquire);
        if (((slot->registered - released) & READERS) == 0) return i;
    }
}

static loom_status make_room(struct slot *slot, size_t size) {
    if (size <= slot->capacity) return LOOM_OK;
    size_t capacity = (size + LINE - 1) & ~(size_t)(LINE - 1);
    void *bytes = capacity < size ? NULL : aligned_alloc(LINE, capacity);
    if (!bytes) return LOOM_NO_MEMORY;
    memset(bytes, 0, capacity);
    free(slot->bytes);
    slot->bytes = bytes;
    slot->capacity = capacity;
    slot->size = 0;
    return LOOM_OK;
}

loom_status loom_board_begin(loom_board *board, size_t size, void **bytes, size_t *before) {
    if (size == 0) return LOOM_BAD_ARGUMENT;
    if (board->writing == NO_SLOT) board->writing = free_slot(board);
    struct slot *slot = &board->slots[board->writing];
    loom_status status = make_room(slot, size);
    if (status != LOOM_OK) return status;
    *bytes = slot->bytes;
    *before = slot->size;
    slot->size = size;
    return LOOM_OK;
}

void loom_board_publish(loom_board *board) {
    if (board->writing == NO_SLOT) return;
    uint64_t word = (uint64_t)board->writing << READER_BITS;
    // acq_rel: the release pairs with the acquire in take_latest; the record is there before it is
    // named. The acquire pairs with the release there; who registered had seen what was given back.
    uint64_t old = atomic_exchange_explicit(&board->latest, word, memory_order_acq_rel);
    if (slot_of(old) != NO_SLOT) board->slots[slot_of(old)].registered += old & READERS;
    board->writing = NO_SLOT;
    // relaxed: only this thread writes it, and nothing is read on the strength of it.
    uint64_t count = atomic_load_explicit(&board->count, memory_order_relaxed);
    atomic_store_explicit(&board->count, count + 1, memory_order_relaxed);
}

// Registers with the latest slot, if there is one.
static bool take_latest(loom_board *board, loom_held *held) {
    // acq_rel: the acquire pairs with the release in loom_board_publish; the record is visible.
    // The release pairs with the acquire there, as it says.
    uint64_t word = atomic_fetch_add_explicit(&board->latest, 1, memory_order_acq_rel);
    if (slot_of(word) == NO_SLOT) return false;
    const struct slot *slot = &board->slots[slot_of(word)];
    *held = (loom_held){.bytes = slot->bytes, .size = slot->size, .slot = slot_of(word)};
    return true;
}

static void give_back(loom_board *board, uint32_t slot) {
    // release: pairs with the acquire in free_slot; the record was read before it is written again.
    atomic_fetch_add_explicit(&board->slots[slot].released, 1, memory_order_release);
}

bool loom_board_hold(loom_board *board, loom_held *held) {
    // acquire: pairs with the release in loom_board_release; the place was given back before.
    uint32_t before = atomic_fetch_add_explicit(&board->holders, 1, memory_order_acquire);
    if (before < board->holders_max && take_latest(board, held)) return true;
    // relaxed: nothing was read.
    atomic_fetch_sub_explicit(&board->holders, 1, memory_order_relaxed);
    return false;
}

void loom_board_release(loom_board *board, uint32_t slot) {
    give_back(board, slot);
    // release: pairs with the acquire in loom_board_hold; the slot first, then the place.
    atomic_fetch_sub_explicit(&board->holders, 1, memory_order_release);
}

void loom_board_advance(loom_board *board, loom_held *held) {
    // In this order, or for a moment one place would hold two records.
    give_back(board, held->slot);
    (void)take_latest(board, held);
}

uint64_t loom_board_count(const loom_board *board) {
    // relaxed: a number, as above.
    return atomic_load_explicit(&board->count, memory_order_relaxed);
}

uint32_t loom_board_holders(const loom_board *board) {
    // relaxed: a number, and nothing is read on the strength of it.
    return atomic_load_explicit(&board->holders, memory_order_relaxed);
}

uint32_t loom_board_holders_max(const loom_board *board) { return board->holders_max; }

#ifndef LOOM_BLOCK_H
#define LOOM_BLOCK_H
#include <stddef.h>
#include <stdint.h>
#pragma clang assume_nonnull begin

/// The journal's block: up to 4,096 sequenced ticks, by columns, compressed, lossless to the bit.
///
/// A block is a header of 88 bytes and a body. It holds a contiguous range of symbols, the ticks of
/// each symbol in one run, in the order they were given. Its layout is described in
/// loom_block_private.h. Everything is little endian, on disk and in memory.

/// Outcome of every call that can fail. Zero is success.
typedef enum
    __attribute__((enum_extensibility(closed), swift_name("BlockStatus")))
    loom_block_status : int32_t {
    LOOM_BLOCK_OK __attribute__((swift_name("ok"))) = 0,
    LOOM_BLOCK_BAD_ARGUMENT __attribute__((swift_name("badArgument"))) = 1,
    LOOM_BLOCK_NO_MEMORY __attribute__((swift_name("outOfMemory"))) = 2,
    /// The bytes do not begin with the magic of a block.
    LOOM_BLOCK_FOREIGN __attribute__((swift_name("notABlock"))) = 3,
    /// A sound header of a later version of this codec.
    LOOM_BLOCK_NEWER __attribute__((swift_name("newerCodec"))) = 4,
    /// Cut short, or a checksum differs.
    LOOM_BLOCK_DAMAGED __attribute__((swift_name("damaged"))) = 5,
    /// The checksums are right and the content is impossible: written by a faulty program.
    LOOM_BLOCK_MALFORMED __attribute__((swift_name("malformed"))) = 6,
} loom_block_status;

enum {
    LOOM_BLOCK_TICKS_MAX = 4096,
    LOOM_GROUP_TICKS_MAX = 65536,
    LOOM_BLOCK_CODEC = 1,
    LOOM_BLOCK_HEADER_SIZE = 88,
    /// No block is larger, whatever its ticks are.
    LOOM_BLOCK_SIZE_MAX = 640 * 1024,
    LOOM_BLOCK_LEVEL_DEFAULT = 1,
};

/// One quote, trade or input bar; the layout of Swift's Tick.
typedef struct loom_tick {
    int64_t time;
    int64_t receive_time;
    double bid;
    double ask;
    double bid_size;
    double ask_size;
    double last;
    double last_size;
    uint64_t venue_sequence;
    uint32_t symbol;
    uint16_t source;
    uint16_t flags;
} loom_tick;

/// A tick with its place in the total order; the layout of Swift's SequencedTick.
typedef struct loom_sequenced_tick {
    uint64_t sequence;
    loom_tick tick;
} loom_sequenced_tick;

_Static_assert(sizeof(loom_tick) == 80, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, time) == 0, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, receive_time) == 8, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, bid) == 16, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, ask) == 24, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, bid_size) == 32, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, ask_size) == 40, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, last) == 48, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, last_size) == 56, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, venue_sequence) == 64, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, symbol) == 72, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, source) == 76, "as Swift's Tick");
_Static_assert(offsetof(loom_tick, flags) == 78, "as Swift's Tick");
_Static_assert(sizeof(loom_sequenced_tick) == 88, "as Swift's SequencedTick");
_Static_assert(offsetof(loom_sequenced_tick, tick) == 8, "as Swift's SequencedTick");

/// An XXH3-128.
typedef struct loom_block_hash {
    uint64_t low;
    uint64_t high;
} loom_block_hash;

/// The header as it is stored. Of every later codec, too, the first 88 bytes are these, so that a
/// newer block is told from a damaged one.
typedef struct loom_block_header {
    uint64_t magic;
    uint32_t codec;
    uint32_t count;  ///< Ticks, 1...4,096.
    uint64_t first_sequence;  ///< The smallest.
    uint64_t last_sequence;  ///< The largest.
    int64_t first_time;  ///< The smallest event time.
    int64_t last_time;  ///< The largest event time.
    uint32_t first_symbol;
    uint32_t last_symbol;
    loom_block_hash previous;  ///< Of the block before; zeros in the first of a chain.
    uint32_t body_size;  ///< Bytes of the body before compression.
    uint32_t stored_size;  ///< Bytes of the body as stored; body_size if not compressed.
    uint32_t body_checksum;  ///< CRC-32C of the body as stored.
    uint32_t header_checksum;  ///< CRC-32C of the 84 bytes before this.
} loom_block_header;

_Static_assert(sizeof(loom_block_header) == LOOM_BLOCK_HEADER_SIZE, "stored as it is");

/// Reads a header and checks it alone: a body that is damaged or missing is not noticed, so that
/// one can still say which sequences are lost with it.
///
/// Errors: LOOM_BLOCK_FOREIGN, LOOM_BLOCK_DAMAGED, LOOM_BLOCK_NEWER, LOOM_BLOCK_MALFORMED; *out is
/// written only with LOOM_BLOCK_OK.
loom_block_status loom_block_header_read(
    const void *_Nullable bytes, size_t size, loom_block_header *out);

/// Bytes of the whole block of a header that was read.
size_t loom_block_size(const loom_block_header *header);

/// As loom_block_header_read, and the body's checksum too. size may exceed the block.
loom_block_status loom_block_check(
    const void *_Nullable bytes, size_t size, loom_block_header *out);

/// Where the next magic of a block begins, at from or later; size where there is none. O(size).
size_t loom_block_find(const void *_Nullable bytes, size_t size, size_t from);

/// XXH3-128 of a whole block: what the next block of the chain carries as previous.
loom_block_hash loom_block_hash_of(const void *block, size_t size);

/// What encodes: a compressor and all memory it needs (about 2.5 MB). One thread at a time.
typedef struct loom_encoder loom_encoder;

/// level: zstd's, 1...19.
/// Errors: LOOM_BLOCK_BAD_ARGUMENT, LOOM_BLOCK_NO_MEMORY; on error *out is untouched.
loom_block_status loom_encoder_create(int32_t level, loom_encoder *_Nullable *_Nonnull out);
void loom_encoder_destroy(loom_encoder *_Nullable encoder);

/// Encodes 1...4,096 ticks, which are in ascending order of symbol.
///
/// block: room for LOOM_BLOCK_SIZE_MAX bytes; *size receives how many were written. The same ticks
/// give the same bytes. O(count), no allocation.
/// Errors: LOOM_BLOCK_BAD_ARGUMENT for a wrong count or order, LOOM_BLOCK_NO_MEMORY.
loom_block_status loom_block_encode(
    loom_encoder *encoder, const loom_sequenced_tick *ticks, uint32_t count,
    loom_block_hash previous, void *block, size_t *size);

/// Puts 1...65,536 ticks in ascending order of symbol, each symbol's in the order given, and
/// returns how many blocks they fill: all of 4,096 ticks but the last. 0 for any other count.
///
/// The ticks stay where they are; the encoder keeps their order until the next call. O(count), no
/// allocation.
uint32_t loom_group_sort(loom_encoder *encoder, const loom_sequenced_tick *ticks, uint32_t count);

/// Encodes the index-th block of the group that was sorted last; ticks are the same.
///
/// As loom_block_encode; LOOM_BLOCK_BAD_ARGUMENT where there is no such block.
loom_block_status loom_group_encode(
    loom_encoder *encoder, const loom_sequenced_tick *ticks, uint32_t index,
    loom_block_hash previous, void *block, size_t *size);

/// What decodes: a decompressor and all memory it needs (about 1.5 MB). One thread at a time.
typedef struct loom_decoder loom_decoder;

/// Errors: LOOM_BLOCK_NO_MEMORY; on error *out is untouched.
loom_block_status loom_decoder_create(loom_decoder *_Nullable *_Nonnull out);
void loom_decoder_destroy(loom_decoder *_Nullable decoder);

/// Fields of a tick, to be decoded; the symbol always is.
enum {
    LOOM_COLUMN_SEQUENCE = 1 << 0,
    LOOM_COLUMN_TIME = 1 << 1,
    LOOM_COLUMN_RECEIVE_TIME = 1 << 2,
    LOOM_COLUMN_BID = 1 << 3,
    LOOM_COLUMN_ASK = 1 << 4,
    LOOM_COLUMN_BID_SIZE = 1 << 5,
    LOOM_COLUMN_ASK_SIZE = 1 << 6,
    LOOM_COLUMN_LAST = 1 << 7,
    LOOM_COLUMN_LAST_SIZE = 1 << 8,
    LOOM_COLUMN_VENUE_SEQUENCE = 1 << 9,
    LOOM_COLUMN_SOURCE = 1 << 10,
    LOOM_COLUMN_FLAGS = 1 << 11,
    LOOM_COLUMN_ALL = (1 << 12) - 1,
};

/// For loom_block_decode: every symbol of the block.
static const int64_t LOOM_EVERY_SYMBOL = -1;

/// Decodes a block whose bytes may be anything.
///
/// columns: a sum of LOOM_COLUMN_…; other fields of a tick are zero. symbol: one, or
/// LOOM_EVERY_SYMBOL. ticks: room for LOOM_BLOCK_TICKS_MAX; *count receives how many there are, 0
/// where the block has none of that symbol, and then no column is looked at. size may exceed the
/// block. O(ticks), no allocation.
/// Errors: as loom_block_check, and LOOM_BLOCK_MALFORMED; then *count is untouched and the content
/// of ticks undefined.
loom_block_status loom_block_decode(
    loom_decoder *decoder, const void *_Nullable bytes, size_t size, uint32_t columns,
    int64_t symbol, loom_sequenced_tick *ticks, uint32_t *count);

#pragma clang assume_nonnull end
#endif

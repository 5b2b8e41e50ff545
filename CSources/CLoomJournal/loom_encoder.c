#include <stdlib.h>
#include <zstd.h>
#include "loom_block_private.h"
#include "loom_checksum.h"

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, LEVEL_MAX = 19 };

struct loom_encoder {
    ZSTD_CCtx *compressor;
    uint32_t group_count;
    uint16_t order[LOOM_GROUP_TICKS_MAX];
    uint16_t order_before[LOOM_GROUP_TICKS_MAX];
    uint32_t symbols[LOOM_GROUP_TICKS_MAX];
    uint32_t places[DIGITS];
    loom_runs runs;
    uint32_t run_symbol[LOOM_BLOCK_TICKS_MAX];
    loom_values columns[LOOM_COLUMNS];
    loom_values spare;
    loom_real real;
    uint8_t body[LOOM_BODY_SIZE_MAX];
};

loom_block_status loom_encoder_create(int32_t level, loom_encoder **out) {
    if (level < 1 || level > LEVEL_MAX) return LOOM_BLOCK_BAD_ARGUMENT;
    loom_encoder *encoder = malloc(sizeof *encoder);
    ZSTD_CCtx *compressor = ZSTD_createCCtx();
    if (!encoder || !compressor ||
        ZSTD_isError(ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, level))) {
        free(encoder);
        ZSTD_freeCCtx(compressor);
        return LOOM_BLOCK_NO_MEMORY;
    }
    encoder->compressor = compressor;
    encoder->group_count = 0;
    *out = encoder;
    return LOOM_BLOCK_OK;
}

void loom_encoder_destroy(loom_encoder *encoder) {
    if (!encoder) return;
    ZSTD_freeCCtx(encoder->compressor);
    free(encoder);
}

// One pass of a radix sort, stable, by the digit of symbols at shift.
static void sort_by_digit(loom_encoder *e, uint32_t count, uint32_t shift) {
    memset(e->places, 0, sizeof e->places);
    for (uint32_t i = 0; i < count; i++) e->places[e->symbols[i] >> shift & (DIGITS - 1)]++;
    uint32_t place = 0;
    for (uint32_t digit = 0; digit < DIGITS; digit++) {
        uint32_t ticks = e->places[digit];
        e->places[digit] = place;
        place += ticks;
    }
    memcpy(e->order_before, e->order, count * sizeof *e->order);
    for (uint32_t i = 0; i < count; i++) {
        uint16_t tick = e->order_before[i];
        uint32_t digit = e->symbols[tick] >> shift & (DIGITS - 1);
        e->order[e->places[digit]++] = tick;
    }
}

uint32_t loom_group_sort(loom_encoder *e, const loom_sequenced_tick *ticks, uint32_t count) {
    e->group_count = 0;
    if (count == 0 || count > LOOM_GROUP_TICKS_MAX) return 0;
    uint32_t differs = 0;
    for (uint32_t i = 0; i < count; i++) {
        e->order[i] = (uint16_t)i;
        e->symbols[i] = ticks[i].tick.symbol;
        differs |= e->symbols[i] ^ e->symbols[0];
    }
    // A digit in which all agree needs no pass; ids are handed out from 0, so mostly one does.
    for (uint32_t shift = 0; shift < 32; shift += DIGIT_BITS) {
        if ((differs >> shift & (DIGITS - 1)) != 0) sort_by_digit(e, count, shift);
    }
    e->group_count = count;
    return (count + LOOM_BLOCK_TICKS_MAX - 1) / LOOM_BLOCK_TICKS_MAX;
}

static void take_apart(loom_encoder *e, const loom_sequenced_tick *tick, uint32_t i) {
    uint64_t words[LOOM_WORDS];
    memcpy(words, tick, sizeof words);
    for (uint32_t c = 0; c < LOOM_SOURCE; c++) e->columns[c][i] = words[c];
    e->columns[LOOM_RECEIVE_TIME][i] -= words[LOOM_TIME];
    uint64_t last = words[LOOM_WORDS - 1];
    e->columns[LOOM_SOURCE][i] = last >> 32 & 0xffff;
    e->columns[LOOM_FLAGS][i] = last >> 48;
}

// Appends a tick to its symbol's run; false where it stands behind a larger symbol.
static bool append_to_run(loom_encoder *e, uint32_t symbol, uint32_t i) {
    uint32_t run = e->runs.count;
    if (run > 0 && e->run_symbol[run - 1] == symbol) return true;
    if (run > 0 && e->run_symbol[run - 1] > symbol) return false;
    e->run_symbol[run] = symbol;
    e->runs.start[run] = (uint16_t)i;
    e->runs.count = run + 1;
    return true;
}

static bool gather(
    loom_encoder *e, const loom_sequenced_tick *ticks, const uint16_t *order, uint32_t count) {
    e->runs.count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const loom_sequenced_tick *tick = ticks + (order ? order[i] : i);
        if (!append_to_run(e, tick->tick.symbol, i)) return false;
        take_apart(e, tick, i);
    }
    e->runs.start[e->runs.count] = (uint16_t)count;
    return true;
}

static uint8_t *end_part(uint8_t *part, size_t size) {
    uint32_t stored = (uint32_t)size;
    memcpy(part, &stored, sizeof stored);
    return part + sizeof stored + size;
}

static uint8_t *put_series(
    loom_encoder *e, uint8_t *part, uint64_t *values, uint32_t count, const loom_runs *runs) {
    return end_part(part, loom_series_write(part + 4, values, count, runs, e->spare));
}

static uint8_t *put_runs(loom_encoder *e, uint8_t *at) {
    loom_real *work = &e->real;
    uint16_t runs = (uint16_t)e->runs.count;
    memcpy(at, &runs, sizeof runs);
    at += sizeof runs;
    work->runs.count = 1;
    work->runs.start[0] = 0;
    work->runs.start[1] = runs;
    for (uint32_t i = 0; i < runs; i++) work->values[i] = e->run_symbol[i];
    at = put_series(e, at, work->values, runs, &work->runs);
    for (uint32_t i = 0; i < runs; i++) {
        work->values[i] = (uint64_t)(e->runs.start[i + 1] - e->runs.start[i]);
    }
    return put_series(e, at, work->values, runs, &work->runs);
}

static uint8_t *put_real(loom_encoder *e, uint8_t *part, const uint64_t *bits, uint32_t count) {
    size_t size = loom_real_write(part + 4, &e->real, bits, count, &e->runs, e->spare);
    return end_part(part, size);
}

static uint32_t put_body(loom_encoder *e, uint32_t count) {
    uint8_t *at = put_runs(e, e->body);
    for (uint32_t c = 0; c < LOOM_COLUMNS; c++) {
        at = loom_is_real(c) ? put_real(e, at, e->columns[c], count)
                             : put_series(e, at, e->columns[c], count, &e->runs);
    }
    return (uint32_t)(at - e->body);
}

static void set_ranges(const loom_encoder *e, uint32_t count, loom_block_header *h) {
    const uint64_t *sequence = e->columns[LOOM_SEQUENCE], *time = e->columns[LOOM_TIME];
    h->first_sequence = h->last_sequence = sequence[0];
    h->first_time = h->last_time = (int64_t)time[0];
    for (uint32_t i = 1; i < count; i++) {
        int64_t at = (int64_t)time[i];
        if (sequence[i] < h->first_sequence) h->first_sequence = sequence[i];
        if (sequence[i] > h->last_sequence) h->last_sequence = sequence[i];
        if (at < h->first_time) h->first_time = at;
        if (at > h->last_time) h->last_time = at;
    }
    h->first_symbol = e->run_symbol[0];
    h->last_symbol = e->run_symbol[e->runs.count - 1];
}

// Compressed, or as it is where that is no longer.
static uint32_t store_body(loom_encoder *e, uint32_t size, uint8_t *out) {
    size_t stored = ZSTD_compress2(e->compressor, out, size - 1, e->body, size);
    if (!ZSTD_isError(stored)) return (uint32_t)stored;
    memcpy(out, e->body, size);
    return size;
}

static loom_block_status encode(
    loom_encoder *e, const loom_sequenced_tick *ticks, const uint16_t *order, uint32_t count,
    loom_block_hash previous, uint8_t *block, size_t *size) {
    if (!gather(e, ticks, order, count)) return LOOM_BLOCK_BAD_ARGUMENT;
    loom_block_header header = {
        .magic = LOOM_BLOCK_MAGIC, .codec = LOOM_BLOCK_CODEC, .count = count, .previous = previous};
    set_ranges(e, count, &header);
    header.body_size = put_body(e, count);
    uint8_t *body = block + LOOM_BLOCK_HEADER_SIZE;
    header.stored_size = store_body(e, header.body_size, body);
    header.body_checksum = loom_crc32c(0, body, header.stored_size);
    header.header_checksum = loom_header_checksum(&header);
    memcpy(block, &header, sizeof header);
    *size = loom_block_size(&header);
    return LOOM_BLOCK_OK;
}

loom_block_status loom_block_encode(
    loom_encoder *encoder, const loom_sequenced_tick *ticks, uint32_t count,
    loom_block_hash previous, void *block, size_t *size) {
    if (count == 0) return LOOM_BLOCK_BAD_ARGUMENT;
    if (count > LOOM_BLOCK_TICKS_MAX) return LOOM_BLOCK_BAD_ARGUMENT;
    return encode(encoder, ticks, NULL, count, previous, block, size);
}

loom_block_status loom_group_encode(
    loom_encoder *encoder, const loom_sequenced_tick *ticks, uint32_t index,
    loom_block_hash previous, void *block, size_t *size) {
    uint32_t count = encoder->group_count;
    if (index >= (count + LOOM_BLOCK_TICKS_MAX - 1) / LOOM_BLOCK_TICKS_MAX)
        return LOOM_BLOCK_BAD_ARGUMENT;
    uint32_t from = index * LOOM_BLOCK_TICKS_MAX, rest = count - from;
    if (rest > LOOM_BLOCK_TICKS_MAX) rest = LOOM_BLOCK_TICKS_MAX;
    return encode(encoder, ticks, encoder->order + from, rest, previous, block, size);
}

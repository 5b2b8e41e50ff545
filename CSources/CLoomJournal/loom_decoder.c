#include <stdlib.h>
#include <zstd.h>
#include "loom_block_private.h"

struct loom_decoder {
    ZSTD_DCtx *decompressor;
    loom_runs runs;
    uint32_t run_symbol[LOOM_BLOCK_TICKS_MAX];
    loom_values columns[LOOM_COLUMNS];
    loom_values zeros;
    loom_real real;
    uint8_t body[LOOM_BODY_SIZE_MAX];
};

loom_block_status loom_decoder_create(loom_decoder **out) {
    loom_decoder *decoder = calloc(1, sizeof *decoder);
    ZSTD_DCtx *decompressor = ZSTD_createDCtx();
    if (!decoder || !decompressor) {
        free(decoder);
        ZSTD_freeDCtx(decompressor);
        return LOOM_BLOCK_NO_MEMORY;
    }
    decoder->decompressor = decompressor;
    *out = decoder;
    return LOOM_BLOCK_OK;
}

void loom_decoder_destroy(loom_decoder *decoder) {
    if (!decoder) return;
    ZSTD_freeDCtx(decoder->decompressor);
    free(decoder);
}

// The body before compression; false where the stored one is not it.
static bool open_body(
    loom_decoder *d, const uint8_t *stored, const loom_block_header *header, loom_reader *body) {
    size_t size = header->body_size;
    *body = (loom_reader){stored, stored + size};
    if (header->stored_size == header->body_size) return true;
    *body = (loom_reader){d->body, d->body + size};
    // Into memory of ours that holds all of it: no window is allocated, whatever the frame demands.
    return ZSTD_decompressDCtx(
               d->decompressor, d->body, size, stored, header->stored_size) == size;
}

static bool take_part(loom_reader *body, loom_reader *part) {
    uint32_t size;
    if (!loom_take_copy(body, &size, sizeof size)) return false;
    const uint8_t *at = loom_take(body, size);
    if (!at) return false;
    *part = (loom_reader){at, at + size};
    return true;
}

static bool read_series(
    loom_reader *body, uint64_t *values, uint32_t count, const loom_runs *runs) {
    loom_reader part;
    return take_part(body, &part) && loom_series_read(&part, values, count, runs);
}

static bool read_symbols(
    loom_decoder *d, loom_reader *body, const loom_block_header *header, const loom_runs *whole) {
    uint64_t *values = d->real.values;
    uint32_t runs = whole->start[1];
    if (!read_series(body, values, runs, whole)) return false;
    if (values[0] != header->first_symbol) return false;
    if (values[runs - 1] != header->last_symbol) return false;
    for (uint32_t run = 0; run < runs; run++) {
        if (run > 0 && values[run] <= values[run - 1]) return false;
        d->run_symbol[run] = (uint32_t)values[run];
    }
    return true;
}

static bool read_runs(loom_decoder *d, loom_reader *body, const loom_block_header *header) {
    uint16_t runs;
    if (!loom_take_copy(body, &runs, sizeof runs)) return false;
    if (runs == 0 || runs > header->count) return false;
    loom_runs *whole = &d->real.runs;
    whole->count = 1;
    whole->start[0] = 0;
    whole->start[1] = runs;
    if (!read_symbols(d, body, header, whole)) return false;
    if (!read_series(body, d->real.values, runs, whole)) return false;
    uint32_t at = 0;
    for (uint32_t run = 0; run < runs; run++) {
        uint64_t length = d->real.values[run];
        if (length == 0 || length > header->count - at) return false;
        d->runs.start[run] = (uint16_t)at;
        at += (uint32_t)length;
    }
    d->runs.start[runs] = (uint16_t)at;
    d->runs.count = runs;
    return at == header->count;
}

static bool read_column(loom_decoder *d, loom_reader *part, uint32_t column, uint32_t count) {
    uint64_t *out = d->columns[column];
    if (loom_is_real(column)) return loom_real_read(part, &d->real, out, count, &d->runs);
    return loom_series_read(part, out, count, &d->runs);
}

// The narrow fields of the columns that were read hold what fits them, and the header did not lie.
static bool is_consistent(const loom_decoder *d, uint32_t columns, const loom_block_header *h) {
    const uint64_t *sequence = d->columns[LOOM_SEQUENCE], *time = d->columns[LOOM_TIME];
    uint64_t beyond = 0, wide = 0;
    for (uint32_t i = 0; columns & LOOM_COLUMN_SEQUENCE && i < h->count; i++) {
        beyond |= (sequence[i] < h->first_sequence) | (sequence[i] > h->last_sequence);
    }
    for (uint32_t i = 0; columns & LOOM_COLUMN_TIME && i < h->count; i++) {
        beyond |= ((int64_t)time[i] < h->first_time) | ((int64_t)time[i] > h->last_time);
    }
    for (uint32_t c = LOOM_SOURCE; c <= LOOM_FLAGS; c++) {
        for (uint32_t i = 0; columns >> c & 1 && i < h->count; i++) wide |= d->columns[c][i];
    }
    return beyond == 0 && wide <= UINT16_MAX;
}

static bool read_columns(
    loom_decoder *d, loom_reader *body, uint32_t columns, const loom_block_header *header) {
    for (uint32_t c = 0; c < LOOM_COLUMNS; c++) {
        loom_reader part;
        if (!take_part(body, &part)) return false;
        if ((columns >> c & 1) == 0) continue;
        if (!read_column(d, &part, c, header->count)) return false;
    }
    return body->at == body->end && is_consistent(d, columns, header);
}

// The runs of symbol: from the first of them up to *end.
static uint32_t find_runs(const loom_decoder *d, int64_t symbol, uint32_t *end) {
    *end = d->runs.count;
    if (symbol == LOOM_EVERY_SYMBOL) return 0;
    uint32_t run = 0;
    while (run < *end && d->run_symbol[run] < symbol) run++;
    if (run < *end && d->run_symbol[run] == symbol) *end = run + 1;
    else *end = run;
    return run;
}

static bool is_outside(const loom_block_header *header, int64_t symbol) {
    if (symbol == LOOM_EVERY_SYMBOL) return false;
    return symbol < header->first_symbol || symbol > header->last_symbol;
}

static uint32_t put_run(
    const loom_decoder *d, uint32_t columns, uint32_t run, loom_sequenced_tick *out) {
    const uint64_t *column[LOOM_COLUMNS];
    for (uint32_t c = 0; c < LOOM_COLUMNS; c++) {
        column[c] = columns >> c & 1 ? d->columns[c] : d->zeros;
    }
    uint32_t from = d->runs.start[run], to = d->runs.start[run + 1];
    bool received = columns & LOOM_COLUMN_RECEIVE_TIME;
    const uint64_t *sent = received ? d->columns[LOOM_TIME] : d->zeros;
    for (uint32_t i = from; i < to; i++, out++) {
        uint64_t words[LOOM_WORDS];
        for (uint32_t c = 0; c < LOOM_SOURCE; c++) words[c] = column[c][i];
        words[LOOM_RECEIVE_TIME] += sent[i];
        words[LOOM_WORDS - 1] =
            d->run_symbol[run] | column[LOOM_SOURCE][i] << 32 | column[LOOM_FLAGS][i] << 48;
        memcpy(out, words, sizeof words);
    }
    return to - from;
}

loom_block_status loom_block_decode(
    loom_decoder *d, const void *bytes, size_t size, uint32_t columns, int64_t symbol,
    loom_sequenced_tick *ticks, uint32_t *count) {
    loom_block_header header;
    loom_block_status status = loom_block_check(bytes, size, &header);
    if (status != LOOM_BLOCK_OK) return status;
    if (is_outside(&header, symbol)) {
        *count = 0;
        return LOOM_BLOCK_OK;
    }
    loom_reader body;
    const uint8_t *stored = (const uint8_t *)bytes + LOOM_BLOCK_HEADER_SIZE;
    if (!open_body(d, stored, &header, &body)) return LOOM_BLOCK_MALFORMED;
    if (!read_runs(d, &body, &header)) return LOOM_BLOCK_MALFORMED;
    uint32_t put = 0, end, run = find_runs(d, symbol, &end), needed = columns;
    // It is stored as the difference to the time.
    if (columns & LOOM_COLUMN_RECEIVE_TIME) needed |= LOOM_COLUMN_TIME;
    if (run < end && !read_columns(d, &body, needed, &header)) return LOOM_BLOCK_MALFORMED;
    for (; run < end; run++) put += put_run(d, columns, run, ticks + put);
    *count = put;
    return LOOM_BLOCK_OK;
}

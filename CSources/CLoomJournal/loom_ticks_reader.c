#include <stdlib.h>
#include <string.h>
#include "loom_ticks_private.h"

static const char *const statements[LOOM_STATEMENTS] = {
    [LOOM_ALL_BLOCKS] =
        "SELECT first_group_seq, first_seq, last_seq, first_time_ns, last_time_ns, first_symbol, "
        "last_symbol, count, block, id FROM main.blocks ORDER BY id",
    [LOOM_ONE_BLOCK] =
        "SELECT first_group_seq, first_seq, last_seq, first_time_ns, last_time_ns, first_symbol, "
        "last_symbol, count, block, id FROM main.blocks WHERE id = ?1",
    // Answered by the index of that name alone.
    [LOOM_BLOCKS_BY_TIME] =
        "SELECT id FROM main.blocks WHERE last_time_ns >= ?1 AND first_time_ns <= ?2 "
        "AND first_symbol <= ?4 AND last_symbol >= ?3",
    [LOOM_BLOCKS_BY_SEQUENCE] =
        "SELECT id FROM main.blocks WHERE last_seq >= ?1 AND last_seq <= ?3 AND first_seq <= ?2",
    [LOOM_SYMBOL_ID] = "SELECT id FROM main.symbols WHERE name = ?1",
    [LOOM_SYMBOLS] = "SELECT id, name FROM main.symbols ORDER BY id",
    [LOOM_SOURCES] = "SELECT id, name FROM main.sources ORDER BY id",
    [LOOM_REJECTS] =
        "SELECT seq, reason FROM main.rejects WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq",
};

// The columns of the statements of blocks.
enum {
    FIRST_GROUP, FIRST_SEQUENCE, LAST_SEQUENCE, FIRST_TIME, LAST_TIME, FIRST_SYMBOL, LAST_SYMBOL,
    COUNT, BLOCK, BLOCK_ID
};

int loom_ticks_fail(loom_ticks_cursor *cursor, int code, const char *format, ...) {
    sqlite3_vtab *table = cursor->base.pVtab;
    va_list arguments;
    va_start(arguments, format);
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
    return code;
}

static int fail_as_database(loom_ticks_cursor *cursor, int code) {
    return loom_ticks_fail(cursor, code, "%s", sqlite3_errmsg(cursor->module->database));
}

int loom_ticks_prepare(loom_ticks_cursor *cursor, enum loom_ticks_statement which) {
    sqlite3_stmt **statement = &cursor->statements[which];
    if (*statement) {
        sqlite3_reset(*statement);
        return SQLITE_OK;
    }
    int code = sqlite3_prepare_v3(
        cursor->module->database, statements[which], -1, SQLITE_PREPARE_PERSISTENT, statement,
        NULL);
    return code == SQLITE_OK ? SQLITE_OK : fail_as_database(cursor, code);
}

int loom_ticks_step(loom_ticks_cursor *cursor, sqlite3_stmt *statement) {
    cursor->module->is_stepping = true;
    int code = sqlite3_step(statement);
    cursor->module->is_stepping = false;
    return code == SQLITE_ROW || code == SQLITE_DONE ? code : fail_as_database(cursor, code);
}

static int add_block(loom_ticks_cursor *cursor, int64_t id) {
    if (cursor->block_count == cursor->block_capacity) {
        uint32_t capacity = cursor->block_capacity ? cursor->block_capacity * 2 : 64;
        int64_t *blocks = realloc(cursor->blocks, capacity * sizeof *blocks);
        if (!blocks) return SQLITE_NOMEM;
        cursor->blocks = blocks;
        cursor->block_capacity = capacity;
    }
    cursor->blocks[cursor->block_count++] = id;
    return SQLITE_OK;
}

static int compare_ids(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int find_blocks(loom_ticks_cursor *cursor, enum loom_ticks_statement which) {
    const loom_ticks_bounds *bounds = &cursor->bounds;
    int code = loom_ticks_prepare(cursor, which);
    if (code != SQLITE_OK) return code;
    sqlite3_stmt *statement = cursor->statements[which];
    if (which == LOOM_BLOCKS_BY_TIME) {
        sqlite3_bind_int64(statement, 1, bounds->time.low);
        sqlite3_bind_int64(statement, 2, bounds->time.high);
        sqlite3_bind_int64(statement, 3, bounds->symbol.low);
        sqlite3_bind_int64(statement, 4, bounds->symbol.high);
    } else {
        int64_t high = bounds->sequence.high, beyond = INT64_MAX - high;
        sqlite3_bind_int64(statement, 1, bounds->sequence.low);
        sqlite3_bind_int64(statement, 2, high);
        // The sequences of a block are those of its group, so that the index needs no reading on.
        int64_t most = beyond < LOOM_GROUP_TICKS_MAX ? INT64_MAX : high + LOOM_GROUP_TICKS_MAX;
        sqlite3_bind_int64(statement, 3, most);
    }
    while ((code = loom_ticks_step(cursor, statement)) == SQLITE_ROW) {
        int added = add_block(cursor, sqlite3_column_int64(statement, 0));
        if (added != SQLITE_OK) return added;
    }
    if (code != SQLITE_DONE) return code;
    sqlite3_reset(statement);
    if (cursor->block_count > 1) {
        qsort(cursor->blocks, cursor->block_count, sizeof *cursor->blocks, compare_ids);
    }
    return SQLITE_OK;
}

// Whether what the row of the block says of it leaves room for a tick of the bounds.
static bool may_hold(const loom_ticks_cursor *cursor) {
    sqlite3_stmt *block = cursor->block;
    const loom_ticks_bounds *bounds = &cursor->bounds;
    return sqlite3_column_int64(block, FIRST_SEQUENCE) <= bounds->sequence.high &&
        sqlite3_column_int64(block, LAST_SEQUENCE) >= bounds->sequence.low &&
        sqlite3_column_int64(block, FIRST_TIME) <= bounds->time.high &&
        sqlite3_column_int64(block, LAST_TIME) >= bounds->time.low &&
        sqlite3_column_int64(block, FIRST_SYMBOL) <= bounds->symbol.high &&
        sqlite3_column_int64(block, LAST_SYMBOL) >= bounds->symbol.low;
}

static int fail_as_damaged(
    loom_ticks_cursor *cursor, int64_t first, int64_t last, const char *reason) {
    return loom_ticks_fail(
        cursor, SQLITE_CORRUPT_VTAB,
        "the inputs %lld to %lld are damaged: %s; restore the file from a backup",
        (long long)first, (long long)last, reason);
}

static int fail_as_damaged_block(loom_ticks_cursor *cursor, const char *reason) {
    return fail_as_damaged(
        cursor, sqlite3_column_int64(cursor->block, FIRST_SEQUENCE),
        sqlite3_column_int64(cursor->block, LAST_SEQUENCE), reason);
}

static int check_types(loom_ticks_cursor *cursor) {
    for (int column = FIRST_GROUP; column <= COUNT; column++) {
        if (sqlite3_column_type(cursor->block, column) != SQLITE_INTEGER) {
            return loom_ticks_fail(
                cursor, SQLITE_CORRUPT_VTAB,
                "row %lld of the table blocks is damaged: its column %s is no whole number",
                (long long)sqlite3_column_int64(cursor->block, BLOCK_ID),
                sqlite3_column_name(cursor->block, column));
        }
    }
    return SQLITE_OK;
}

// Lets the statement stand at the next block that may hold a tick of the bounds.
static int find_next_block(loom_ticks_cursor *cursor) {
    cursor->has_block = false;
    for (;;) {
        if (!cursor->is_whole) {
            if (cursor->block_at == cursor->block_count) return SQLITE_OK;
            sqlite3_reset(cursor->block);
            sqlite3_bind_int64(cursor->block, 1, cursor->blocks[cursor->block_at++]);
        }
        int code = loom_ticks_step(cursor, cursor->block);
        if (code == SQLITE_DONE && cursor->is_whole) return SQLITE_OK;
        if (code == SQLITE_DONE) continue;
        if (code != SQLITE_ROW) return code;
        code = check_types(cursor);
        if (code != SQLITE_OK) return code;
        cursor->has_block = cursor->is_whole || may_hold(cursor);
        if (cursor->has_block) return SQLITE_OK;
    }
}

static const char *reason_of(loom_block_status status) {
    switch (status) {
    case LOOM_BLOCK_OK: return "nothing";
    case LOOM_BLOCK_BAD_ARGUMENT: return "a wrong call";
    case LOOM_BLOCK_NO_MEMORY: return "memory is short";
    case LOOM_BLOCK_FOREIGN: return "no block begins here";
    case LOOM_BLOCK_NEWER: return "it was written by a newer Tickloom";
    case LOOM_BLOCK_DAMAGED: return "its checksum differs";
    case LOOM_BLOCK_MALFORMED: return "its content is impossible";
    }
    return "it cannot be read";
}

static bool is_described(const loom_ticks_cursor *cursor, const loom_block_header *header) {
    const int64_t said[] = {
        [FIRST_SEQUENCE] = (int64_t)header->first_sequence,
        [LAST_SEQUENCE] = (int64_t)header->last_sequence,
        [FIRST_TIME] = header->first_time, [LAST_TIME] = header->last_time,
        [FIRST_SYMBOL] = header->first_symbol, [LAST_SYMBOL] = header->last_symbol,
        [COUNT] = header->count,
    };
    for (int column = FIRST_SEQUENCE; column <= COUNT; column++) {
        if (sqlite3_column_int64(cursor->block, column) != said[column]) return false;
    }
    return true;
}

// Drops the ticks from the first on that are not asked for; returns how many stay.
static uint32_t keep_asked(loom_ticks_cursor *cursor, loom_sequenced_tick *ticks, uint32_t count) {
    const loom_ticks_bounds *bounds = &cursor->bounds;
    bool timed = cursor->columns & LOOM_COLUMN_TIME;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!loom_span_holds(&bounds->sequence, (int64_t)ticks[i].sequence)) continue;
        if (timed && !loom_span_holds(&bounds->time, ticks[i].tick.time)) continue;
        if (kept != i) ticks[kept] = ticks[i];
        kept++;
    }
    return kept;
}

static int decode_block(loom_ticks_cursor *cursor, uint64_t first) {
    if (sqlite3_column_type(cursor->block, BLOCK) != SQLITE_BLOB) {
        return fail_as_damaged_block(cursor, "there is no block");
    }
    const void *bytes = sqlite3_column_blob(cursor->block, BLOCK);
    size_t size = (size_t)sqlite3_column_bytes(cursor->block, BLOCK);
    const loom_span *symbols = &cursor->bounds.symbol;
    int64_t symbol = symbols->low == symbols->high ? symbols->low : LOOM_EVERY_SYMBOL;
    loom_sequenced_tick *ticks = cursor->ticks + cursor->count;
    uint32_t count = 0;
    cursor->module->counters.blocks_decoded++;
    loom_block_status status = loom_block_decode(
        cursor->decoder, bytes, size, cursor->columns, symbol, ticks, &count);
    if (status == LOOM_BLOCK_NO_MEMORY) return SQLITE_NOMEM;
    if (status != LOOM_BLOCK_OK) return fail_as_damaged_block(cursor, reason_of(status));
    loom_block_header header;
    if (loom_block_header_read(bytes, size, &header) != LOOM_BLOCK_OK ||
        !is_described(cursor, &header)) {
        return fail_as_damaged_block(cursor, "it is another block");
    }
    for (uint32_t i = 0; i < count; i++) {
        if (ticks[i].sequence - first >= LOOM_GROUP_TICKS_MAX) {
            return fail_as_damaged_block(cursor, "it belongs elsewhere");
        }
    }
    cursor->count += keep_asked(cursor, ticks, count);
    if (cursor->count > LOOM_GROUP_TICKS_MAX) {
        return fail_as_damaged_block(cursor, "sequences are there twice");
    }
    return SQLITE_OK;
}

// Finds the order of the sequences, which are those of the group that begins at first.
static int put_in_order(loom_ticks_cursor *cursor, uint64_t first) {
    uint32_t *order = cursor->order, count = cursor->count, seen = 0;
    bool ascends = true;
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
        if (i > 0 && cursor->ticks[i].sequence <= cursor->ticks[i - 1].sequence) ascends = false;
    }
    if (ascends) return SQLITE_OK;
    memset(order, 0xff, LOOM_GROUP_TICKS_MAX * sizeof *order);
    for (uint32_t i = 0; i < count; i++) order[cursor->ticks[i].sequence - first] = i;
    for (uint32_t place = 0; place < LOOM_GROUP_TICKS_MAX; place++) {
        if (order[place] != UINT32_MAX) order[seen++] = order[place];
    }
    if (seen == count) return SQLITE_OK;
    return fail_as_damaged(
        cursor, (int64_t)first, (int64_t)(first + LOOM_GROUP_TICKS_MAX - 1),
        "sequences are there twice");
}

// In a whole scan nothing may be missing, neither between groups nor in one.
static int check_whole(loom_ticks_cursor *cursor, uint64_t first) {
    if (cursor->next != 0 && first > cursor->next) {
        return fail_as_damaged(
            cursor, (int64_t)cursor->next, (int64_t)(first - 1), "they are missing");
    }
    cursor->next = first + cursor->count;
    if (loom_ticks_at(cursor, cursor->count - 1)->sequence == cursor->next - 1) return SQLITE_OK;
    return fail_as_damaged(
        cursor, (int64_t)first, (int64_t)loom_ticks_at(cursor, cursor->count - 1)->sequence,
        "sequences are missing");
}

static int finish_group(loom_ticks_cursor *cursor, uint64_t first) {
    int code = put_in_order(cursor, first);
    if (code != SQLITE_OK) return code;
    if (cursor->has_last && loom_ticks_at(cursor, 0)->sequence <= cursor->last) {
        return fail_as_damaged(
            cursor, (int64_t)first, (int64_t)cursor->last, "they are not in order");
    }
    cursor->has_last = true;
    cursor->last = loom_ticks_at(cursor, cursor->count - 1)->sequence;
    return cursor->is_whole ? check_whole(cursor, first) : SQLITE_OK;
}

int loom_ticks_read_group(loom_ticks_cursor *cursor) {
    cursor->count = 0;
    cursor->at = 0;
    cursor->are_rejects_begun = false;
    while (cursor->has_block && cursor->count == 0) {
        int64_t group = sqlite3_column_int64(cursor->block, FIRST_GROUP);
        while (cursor->has_block && sqlite3_column_int64(cursor->block, FIRST_GROUP) == group) {
            int code = decode_block(cursor, (uint64_t)group);
            if (code == SQLITE_OK) code = find_next_block(cursor);
            if (code != SQLITE_OK) return code;
        }
        if (cursor->count == 0) continue;
        int code = finish_group(cursor, (uint64_t)group);
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

static int allocate(loom_ticks_cursor *cursor) {
    if (cursor->ticks) return SQLITE_OK;
    size_t room = LOOM_GROUP_TICKS_MAX + LOOM_BLOCK_TICKS_MAX;
    if (!cursor->decoder && loom_decoder_create(&cursor->decoder) != LOOM_BLOCK_OK) {
        return SQLITE_NOMEM;
    }
    if (!cursor->order) cursor->order = malloc(room * sizeof *cursor->order);
    if (!cursor->order) return SQLITE_NOMEM;
    cursor->ticks = malloc(room * sizeof *cursor->ticks);
    return cursor->ticks ? SQLITE_OK : SQLITE_NOMEM;
}

static bool is_bounded(const loom_span *span, int64_t low, int64_t high) {
    return span->low > low || span->high < high;
}

int loom_ticks_begin(loom_ticks_cursor *cursor) {
    const loom_ticks_bounds *bounds = &cursor->bounds;
    bool timed = is_bounded(&bounds->time, INT64_MIN, INT64_MAX);
    bool sequenced = is_bounded(&bounds->sequence, INT64_MIN, INT64_MAX);
    cursor->is_whole = !timed && !sequenced && !is_bounded(&bounds->symbol, 0, UINT32_MAX);
    cursor->has_block = cursor->has_last = false;
    cursor->next = 0;
    cursor->block_count = cursor->block_at = 0;
    bool none = loom_span_is_empty(&bounds->time) || loom_span_is_empty(&bounds->sequence) ||
        loom_span_is_empty(&bounds->symbol);
    if (none) return loom_ticks_read_group(cursor);
    if (timed) cursor->columns |= LOOM_COLUMN_TIME;
    enum loom_ticks_statement which = cursor->is_whole ? LOOM_ALL_BLOCKS : LOOM_ONE_BLOCK;
    int code = allocate(cursor);
    if (code == SQLITE_OK && !cursor->is_whole) {
        bool by_sequence = sequenced && (!timed || bounds->sequence.high < INT64_MAX);
        code = find_blocks(cursor, by_sequence ? LOOM_BLOCKS_BY_SEQUENCE : LOOM_BLOCKS_BY_TIME);
    }
    if (code == SQLITE_OK) code = loom_ticks_prepare(cursor, which);
    if (code != SQLITE_OK) return code;
    cursor->block = cursor->statements[which];
    code = find_next_block(cursor);
    return code == SQLITE_OK ? loom_ticks_read_group(cursor) : code;
}

void loom_ticks_free(loom_ticks_cursor *cursor) {
    for (int i = 0; i < LOOM_STATEMENTS; i++) sqlite3_finalize(cursor->statements[i]);
    loom_decoder_destroy(cursor->decoder);
    free(cursor->blocks);
    free(cursor->ticks);
    free(cursor->order);
    loom_names_free(&cursor->symbols);
    loom_names_free(&cursor->sources);
}

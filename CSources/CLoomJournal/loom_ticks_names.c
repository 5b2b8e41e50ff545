#include <stdlib.h>
#include <string.h>
#include "loom_ticks_private.h"

static int add_name(loom_names *names, int64_t id, const void *text, uint32_t size) {
    if (names->count == names->capacity) {
        uint32_t capacity = names->capacity ? names->capacity * 2 : 16;
        struct loom_name *grown = realloc(names->names, capacity * sizeof *grown);
        if (!grown) return SQLITE_NOMEM;
        names->names = grown;
        names->capacity = capacity;
    }
    char *copy = malloc(size ? size : 1);
    if (!copy) return SQLITE_NOMEM;
    if (size) memcpy(copy, text, size);
    names->names[names->count++] = (struct loom_name){id, copy, size};
    return SQLITE_OK;
}

static int load(loom_ticks_cursor *cursor, loom_names *names, enum loom_ticks_statement which) {
    int code = loom_ticks_prepare(cursor, which);
    if (code != SQLITE_OK) return code;
    sqlite3_stmt *statement = cursor->statements[which];
    while ((code = loom_ticks_step(cursor, statement)) == SQLITE_ROW) {
        const void *text = sqlite3_column_text(statement, 1);
        if (!text) continue;
        int added = add_name(
            names, sqlite3_column_int64(statement, 0), text,
            (uint32_t)sqlite3_column_bytes(statement, 1));
        if (added != SQLITE_OK) return added;
    }
    if (code != SQLITE_DONE) return code;
    sqlite3_reset(statement);
    names->is_loaded = true;
    return SQLITE_OK;
}

int loom_names_find(
    loom_ticks_cursor *cursor, loom_names *names, enum loom_ticks_statement which, int64_t id,
    const struct loom_name **out) {
    *out = NULL;
    if (!names->is_loaded) {
        int code = load(cursor, names, which);
        if (code != SQLITE_OK) return code;
    }
    // They usually count from 0.
    if (id < names->count && names->names[id].id == id) {
        *out = &names->names[id];
        return SQLITE_OK;
    }
    uint32_t from = 0, to = names->count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (names->names[middle].id < id) from = middle + 1;
        else to = middle;
    }
    if (from < names->count && names->names[from].id == id) *out = &names->names[from];
    return SQLITE_OK;
}

void loom_names_free(loom_names *names) {
    for (uint32_t i = 0; i < names->count; i++) free(names->names[i].text);
    free(names->names);
}

int loom_ticks_narrow_symbol(loom_ticks_cursor *cursor, sqlite3_value *name) {
    int code = loom_ticks_prepare(cursor, LOOM_SYMBOL_ID);
    if (code != SQLITE_OK) return code;
    sqlite3_stmt *statement = cursor->statements[LOOM_SYMBOL_ID];
    code = sqlite3_bind_value(statement, 1, name);
    if (code != SQLITE_OK) return code;
    code = loom_ticks_step(cursor, statement);
    loom_span *span = &cursor->bounds.symbol;
    if (code == SQLITE_DONE) loom_span_empty(span);
    if (code == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(statement, 0);
        if (id > span->low) span->low = id;
        if (id < span->high) span->high = id;
    }
    sqlite3_reset(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

// As in exports, by the numbers of the table rejects.
static const char *const reasons[] = {
    "malformed", "unknown_symbol", "invalid_time", "invalid_price", "crossed",
    "invalid_size", "duplicate", "late", "overflow",
};

static int next_reject(loom_ticks_cursor *cursor) {
    sqlite3_stmt *statement = cursor->statements[LOOM_REJECTS];
    int code = loom_ticks_step(cursor, statement);
    cursor->has_rejects = code == SQLITE_ROW;
    if (code != SQLITE_ROW) return code == SQLITE_DONE ? SQLITE_OK : code;
    cursor->reject_sequence = sqlite3_column_int64(statement, 0);
    cursor->reject_reason = sqlite3_column_int64(statement, 1);
    return SQLITE_OK;
}

// Rows come in ascending order of sequence, so the rejects of a group are gone through once.
static int begin_rejects(loom_ticks_cursor *cursor, uint64_t sequence) {
    int code = loom_ticks_prepare(cursor, LOOM_REJECTS);
    if (code != SQLITE_OK) return code;
    sqlite3_stmt *statement = cursor->statements[LOOM_REJECTS];
    sqlite3_bind_int64(statement, 1, (int64_t)sequence);
    sqlite3_bind_int64(statement, 2, (int64_t)cursor->last);
    code = next_reject(cursor);
    cursor->are_rejects_begun = code == SQLITE_OK;
    return code;
}

int loom_ticks_reason(loom_ticks_cursor *cursor, uint64_t sequence, const char **out) {
    int code = SQLITE_OK;
    *out = NULL;
    if (!cursor->are_rejects_begun) code = begin_rejects(cursor, sequence);
    while (code == SQLITE_OK && cursor->has_rejects &&
           cursor->reject_sequence < (int64_t)sequence) {
        code = next_reject(cursor);
    }
    if (code != SQLITE_OK) return code;
    if (!cursor->has_rejects || cursor->reject_sequence != (int64_t)sequence) return SQLITE_OK;
    int64_t reason = cursor->reject_reason, count = sizeof reasons / sizeof *reasons;
    if (reason < 0 || reason >= count) {
        return loom_ticks_fail(
            cursor, SQLITE_CORRUPT_VTAB, "the input %lld was rejected for no known reason, %lld",
            (long long)sequence, (long long)reason);
    }
    *out = reasons[reason];
    return SQLITE_OK;
}

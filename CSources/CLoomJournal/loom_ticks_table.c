#include <string.h>
#include <stdlib.h>
#include "loom_ticks_private.h"

#pragma STDC FP_CONTRACT OFF

static const char declaration[] =
    "CREATE TABLE ticks (seq INTEGER, time TEXT, symbol TEXT, bid REAL, ask REAL, bid_size REAL, "
    "ask_size REAL, last REAL, size REAL, venue_seq INTEGER, flags INTEGER, reason TEXT, "
    "time_ns INTEGER HIDDEN, receive_ns INTEGER HIDDEN, source TEXT HIDDEN)";

// What the blocks have to be decoded for to show a column.
static const uint32_t needs[LOOM_TICKS_COLUMNS] = {
    [LOOM_TICKS_TIME] = LOOM_COLUMN_TIME,
    [LOOM_TICKS_BID] = LOOM_COLUMN_BID,
    [LOOM_TICKS_ASK] = LOOM_COLUMN_ASK,
    [LOOM_TICKS_BID_SIZE] = LOOM_COLUMN_BID_SIZE,
    [LOOM_TICKS_ASK_SIZE] = LOOM_COLUMN_ASK_SIZE,
    [LOOM_TICKS_LAST] = LOOM_COLUMN_LAST,
    [LOOM_TICKS_SIZE] = LOOM_COLUMN_LAST_SIZE,
    [LOOM_TICKS_VENUE_SEQ] = LOOM_COLUMN_VENUE_SEQUENCE,
    [LOOM_TICKS_FLAGS] = LOOM_COLUMN_FLAGS,
    [LOOM_TICKS_TIME_NS] = LOOM_COLUMN_TIME,
    [LOOM_TICKS_RECEIVE_NS] = LOOM_COLUMN_RECEIVE_TIME,
    [LOOM_TICKS_SOURCE] = LOOM_COLUMN_SOURCE,
};

static int connect_table(
    sqlite3 *database, void *context, int count, const char *const *arguments, sqlite3_vtab **out,
    char **message) {
    (void)count;
    (void)arguments;
    (void)message;
    int code = sqlite3_declare_vtab(database, declaration);
    if (code != SQLITE_OK) return code;
    // It reads the file that the query reads anyway, and nothing else.
    sqlite3_vtab_config(database, SQLITE_VTAB_INNOCUOUS);
    loom_ticks_table *table = calloc(1, sizeof *table);
    if (!table) return SQLITE_NOMEM;
    table->module = context;
    *out = &table->base;
    return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *table) {
    free(table);
    return SQLITE_OK;
}

// The letter of a comparison that bounds what is read, 0 where it does not.
static char comparison_of(sqlite3_index_info *info, int index) {
    const struct sqlite3_index_constraint *constraint = &info->aConstraint[index];
    char letter = 0;
    switch (constraint->op) {
    case SQLITE_INDEX_CONSTRAINT_EQ: letter = LOOM_EQUAL; break;
    case SQLITE_INDEX_CONSTRAINT_LT: letter = LOOM_BELOW; break;
    case SQLITE_INDEX_CONSTRAINT_LE: letter = LOOM_AT_MOST; break;
    case SQLITE_INDEX_CONSTRAINT_GT: letter = LOOM_ABOVE; break;
    case SQLITE_INDEX_CONSTRAINT_GE: letter = LOOM_AT_LEAST; break;
    default: return 0;
    }
    switch (constraint->iColumn) {
    case LOOM_TICKS_SEQ:
    case LOOM_TICKS_TIME_NS: return letter;
    case LOOM_TICKS_SYMBOL:
        if (letter != LOOM_EQUAL) return 0;
        break;
    case LOOM_TICKS_TIME: break;
    default: return 0;
    }
    bool is_binary = strcmp(sqlite3_vtab_collation(info, index), "BINARY") == 0;
    return is_binary ? letter : 0;
}

// How many of 10 million ticks a comparison leaves, as a divisor.
static double selectivity(int column, char letter) {
    if (column == LOOM_TICKS_SYMBOL) return 16;
    if (letter != LOOM_EQUAL) return 16;
    return column == LOOM_TICKS_SEQ ? 1e7 : 1e6;
}

static int choose(sqlite3_vtab *table, sqlite3_index_info *info) {
    (void)table;
    char *plan = sqlite3_malloc(info->nConstraint * 2 + 1);
    if (!plan) return SQLITE_NOMEM;
    int used = 0;
    double rows = 1e7;
    for (int i = 0; i < info->nConstraint; i++) {
        char letter = info->aConstraint[i].usable ? comparison_of(info, i) : 0;
        if (!letter) continue;
        int column = info->aConstraint[i].iColumn;
        plan[used * 2] = (char)('A' + column);
        plan[used * 2 + 1] = letter;
        info->aConstraintUsage[i].argvIndex = ++used;
        // Of these every value of every type is understood; texts are left to SQLite's comparison.
        bool is_exact = column == LOOM_TICKS_SEQ || column == LOOM_TICKS_TIME_NS;
        info->aConstraintUsage[i].omit = is_exact;
        rows /= selectivity(column, letter);
    }
    plan[used * 2] = 0;
    info->idxStr = plan;
    info->needToFreeIdxStr = 1;
    info->idxNum = (int)(info->colUsed & ((1 << LOOM_TICKS_COLUMNS) - 1));
    info->estimatedRows = rows < 1 ? 1 : (sqlite3_int64)rows;
    // A row costs less than one of a table of SQLite; a group has to be decoded first.
    info->estimatedCost = 1000 + rows / 2;
    info->orderByConsumed = info->nOrderBy == 1 &&
        info->aOrderBy[0].iColumn == LOOM_TICKS_SEQ && !info->aOrderBy[0].desc;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **out) {
    loom_ticks_cursor *cursor = calloc(1, sizeof *cursor);
    if (!cursor) return SQLITE_NOMEM;
    cursor->module = ((loom_ticks_table *)table)->module;
    *out = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base) {
    loom_ticks_free((loom_ticks_cursor *)base);
    free(base);
    return SQLITE_OK;
}

static int read_pragma(loom_ticks_cursor *cursor, const char *sql, int64_t *out) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(cursor->module->database, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) code = loom_ticks_step(cursor, statement);
    if (code == SQLITE_ROW) *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static int check_store(loom_ticks_cursor *cursor) {
    if (cursor->is_checked) return SQLITE_OK;
    int64_t owner = 0, format = 0;
    int code = read_pragma(cursor, "PRAGMA main.application_id", &owner);
    if (code == SQLITE_OK) code = read_pragma(cursor, "PRAGMA main.user_version", &format);
    if (code != SQLITE_OK) return code;
    if (owner != LOOM_STORE_APPLICATION) {
        return loom_ticks_fail(cursor, SQLITE_ERROR, "the database is not a Tickloom store");
    }
    if (format > LOOM_STORE_FORMAT) {
        return loom_ticks_fail(
            cursor, SQLITE_ERROR, "the store has format %lld of a newer Tickloom; update this one",
            (long long)format);
    }
    cursor->is_checked = true;
    return SQLITE_OK;
}

static int narrow(loom_ticks_cursor *cursor, int column, char letter, sqlite3_value *value) {
    loom_ticks_bounds *bounds = &cursor->bounds;
    loom_span *span = column == LOOM_TICKS_SEQ ? &bounds->sequence : &bounds->time;
    if (column == LOOM_TICKS_SEQ || column == LOOM_TICKS_TIME_NS) {
        return loom_span_narrow(span, letter, value) ? SQLITE_OK : SQLITE_NOMEM;
    }
    int type = sqlite3_value_type(value);
    if (type == SQLITE_NULL) loom_span_empty(span);
    // What is no text SQLite may convert in one way or the other; it compares all rows then.
    if (type != SQLITE_TEXT) return SQLITE_OK;
    if (column == LOOM_TICKS_SYMBOL) return loom_ticks_narrow_symbol(cursor, value);
    const char *text = (const char *)sqlite3_value_text(value);
    if (!text) return SQLITE_NOMEM;
    loom_span_narrow_text(span, letter, text, (size_t)sqlite3_value_bytes(value));
    return SQLITE_OK;
}

static int filter(
    sqlite3_vtab_cursor *base, int used, const char *plan, int count, sqlite3_value **values) {
    loom_ticks_cursor *cursor = (loom_ticks_cursor *)base;
    if (cursor->module->is_stepping) {
        return loom_ticks_fail(cursor, SQLITE_ERROR, "a table of the store is made of its ticks");
    }
    int code = check_store(cursor);
    cursor->bounds = (loom_ticks_bounds){
        {INT64_MIN, INT64_MAX}, {INT64_MIN, INT64_MAX}, {0, UINT32_MAX}};
    cursor->columns = LOOM_COLUMN_SEQUENCE;
    for (int column = 0; column < LOOM_TICKS_COLUMNS; column++) {
        if (used >> column & 1) cursor->columns |= needs[column];
    }
    for (int i = 0; code == SQLITE_OK && i < count; i++) {
        code = narrow(cursor, plan[i * 2] - 'A', plan[i * 2 + 1], values[i]);
    }
    return code == SQLITE_OK ? loom_ticks_begin(cursor) : code;
}

static int next(sqlite3_vtab_cursor *base) {
    loom_ticks_cursor *cursor = (loom_ticks_cursor *)base;
    cursor->at++;
    return cursor->at < cursor->count ? SQLITE_OK : loom_ticks_read_group(cursor);
}

static int is_at_end(sqlite3_vtab_cursor *base) {
    return ((loom_ticks_cursor *)base)->count == 0;
}

static int put_name(
    loom_ticks_cursor *cursor, sqlite3_context *context, loom_names *names,
    enum loom_ticks_statement which, int64_t id) {
    const struct loom_name *name;
    int code = loom_names_find(cursor, names, which, id, &name);
    if (code == SQLITE_OK && name) {
        sqlite3_result_text64(context, name->text, name->size, SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    return code;
}

static int put_reason(loom_ticks_cursor *cursor, sqlite3_context *context, uint64_t sequence) {
    const char *reason;
    int code = loom_ticks_reason(cursor, sequence, &reason);
    if (code == SQLITE_OK && reason) sqlite3_result_text(context, reason, -1, SQLITE_STATIC);
    return code;
}

static void put_time(sqlite3_context *context, int64_t time) {
    char text[LOOM_TIME_TEXT_SIZE];
    loom_time_text(time, text);
    sqlite3_result_text(context, text, sizeof text, SQLITE_TRANSIENT);
}

// NULL is what a column has without a result; a NaN becomes one.
static int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int which) {
    loom_ticks_cursor *cursor = (loom_ticks_cursor *)base;
    const loom_sequenced_tick *record = loom_ticks_at(cursor, cursor->at);
    const loom_tick *tick = &record->tick;
    switch (which) {
    case LOOM_TICKS_SEQ: sqlite3_result_int64(context, (int64_t)record->sequence); break;
    case LOOM_TICKS_TIME: put_time(context, tick->time); break;
    case LOOM_TICKS_SYMBOL:
        return put_name(cursor, context, &cursor->symbols, LOOM_SYMBOLS, tick->symbol);
    case LOOM_TICKS_BID: sqlite3_result_double(context, tick->bid); break;
    case LOOM_TICKS_ASK: sqlite3_result_double(context, tick->ask); break;
    case LOOM_TICKS_BID_SIZE: sqlite3_result_double(context, tick->bid_size); break;
    case LOOM_TICKS_ASK_SIZE: sqlite3_result_double(context, tick->ask_size); break;
    case LOOM_TICKS_LAST: sqlite3_result_double(context, tick->last); break;
    case LOOM_TICKS_SIZE: sqlite3_result_double(context, tick->last_size); break;
    case LOOM_TICKS_VENUE_SEQ:
        if (tick->venue_sequence == 0) break;
        sqlite3_result_int64(context, (int64_t)tick->venue_sequence);
        break;
    case LOOM_TICKS_FLAGS: sqlite3_result_int(context, tick->flags); break;
    case LOOM_TICKS_REASON: return put_reason(cursor, context, record->sequence);
    case LOOM_TICKS_TIME_NS: sqlite3_result_int64(context, tick->time); break;
    case LOOM_TICKS_RECEIVE_NS: sqlite3_result_int64(context, tick->receive_time); break;
    case LOOM_TICKS_SOURCE:
        return put_name(cursor, context, &cursor->sources, LOOM_SOURCES, tick->source);
    default: break;
    }
    return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out) {
    loom_ticks_cursor *cursor = (loom_ticks_cursor *)base;
    *out = (sqlite3_int64)loom_ticks_at(cursor, cursor->at)->sequence;
    return SQLITE_OK;
}

// Without xCreate it exists in every connection under the name of the module, and nowhere else.
static const sqlite3_module methods = {
    .xConnect = connect_table, .xBestIndex = choose, .xDisconnect = disconnect,
    .xOpen = open_cursor, .xClose = close_cursor, .xFilter = filter, .xNext = next,
    .xEof = is_at_end, .xColumn = column, .xRowid = rowid,
};

int32_t loom_ticks_register(sqlite3 *database, const loom_ticks_counters **counters) {
    loom_ticks_module *module = calloc(1, sizeof *module);
    if (!module) return SQLITE_NOMEM;
    module->database = database;
    if (counters) *counters = &module->counters;
    return sqlite3_create_module_v2(database, "ticks", &methods, module, free);
}

#ifndef LOOM_TICKS_PRIVATE_H
#define LOOM_TICKS_PRIVATE_H
#include <stdbool.h>
#include "loom_block.h"
#include "loom_ticks.h"
// With SQLITE_CORE this is sqlite3.h alone; without, every call goes through the table of functions
// that SQLite hands to an extension.
#include <sqlite3ext.h>

#ifndef SQLITE_CORE
extern const sqlite3_api_routines *sqlite3_api;
#endif

// The columns, as declared.
enum loom_ticks_column {
    LOOM_TICKS_SEQ, LOOM_TICKS_TIME, LOOM_TICKS_SYMBOL, LOOM_TICKS_BID, LOOM_TICKS_ASK,
    LOOM_TICKS_BID_SIZE, LOOM_TICKS_ASK_SIZE, LOOM_TICKS_LAST, LOOM_TICKS_SIZE,
    LOOM_TICKS_VENUE_SEQ, LOOM_TICKS_FLAGS, LOOM_TICKS_REASON, LOOM_TICKS_TIME_NS,
    LOOM_TICKS_RECEIVE_NS, LOOM_TICKS_SOURCE, LOOM_TICKS_COLUMNS
};

enum { LOOM_TIME_TEXT_SIZE = 30 };

// The numbers from low to high; none where low is above high.
typedef struct loom_span {
    int64_t low;
    int64_t high;
} loom_span;

static inline void loom_span_empty(loom_span *span) { *span = (loom_span){1, 0}; }

static inline bool loom_span_is_empty(const loom_span *span) { return span->low > span->high; }

static inline bool loom_span_holds(const loom_span *span, int64_t value) {
    return value >= span->low && value <= span->high;
}

// Which ticks are asked for.
typedef struct loom_ticks_bounds {
    loom_span sequence;
    loom_span time;
    loom_span symbol;
} loom_ticks_bounds;

// How a column is compared with a value; the letters stand in idxStr behind that of the column.
enum loom_ticks_comparison {
    LOOM_EQUAL = '=', LOOM_BELOW = '<', LOOM_AT_MOST = '[', LOOM_ABOVE = '>', LOOM_AT_LEAST = ']'
};

typedef struct loom_ticks_module {
    loom_ticks_counters counters;
    sqlite3 *database;
    // Whether a statement of ours is being stepped: then a table that we read is made of ticks.
    bool is_stepping;
} loom_ticks_module;

typedef struct loom_ticks_table {
    sqlite3_vtab base;
    loom_ticks_module *module;
} loom_ticks_table;

// Texts by their number.
typedef struct loom_names {
    struct loom_name {
        int64_t id;
        char *text;
        uint32_t size;
    } *names;
    uint32_t count;
    uint32_t capacity;
    bool is_loaded;
} loom_names;

// The statements of a cursor, each prepared when it is needed first.
enum loom_ticks_statement {
    LOOM_ALL_BLOCKS, LOOM_ONE_BLOCK, LOOM_BLOCKS_BY_TIME, LOOM_BLOCKS_BY_SEQUENCE, LOOM_SYMBOL_ID,
    LOOM_SYMBOLS, LOOM_SOURCES, LOOM_REJECTS, LOOM_STATEMENTS
};

typedef struct loom_ticks_cursor {
    sqlite3_vtab_cursor base;
    loom_ticks_module *module;
    sqlite3_stmt *statements[LOOM_STATEMENTS];
    bool is_checked;  // whether the store was looked at: ours, and no newer

    loom_ticks_bounds bounds;
    uint32_t columns;  // that the blocks have to be decoded for
    bool is_whole;     // whether every tick of the store is asked for

    // The blocks that may hold such ticks, ascending; not of a whole scan.
    int64_t *blocks;
    uint32_t block_count;
    uint32_t block_capacity;
    uint32_t block_at;
    // Stands at the next block, if there is one.
    sqlite3_stmt *block;
    bool has_block;

    loom_decoder *decoder;
    loom_sequenced_tick *ticks;  // of a group
    uint32_t *order;             // their places by sequence
    uint32_t count;
    uint32_t at;
    bool has_last;
    uint64_t last;  // the last sequence of the groups before
    uint64_t next;  // where the next group of a whole scan begins; 0 where it is the first

    loom_names symbols;
    loom_names sources;
    bool has_rejects;  // whether the statement of rejects stands at the one below
    bool are_rejects_begun;
    int64_t reject_sequence;
    int64_t reject_reason;
} loom_ticks_cursor;

// Writes nanoseconds since 1970 as "2024-01-02T03:04:05.000000006Z", without an end.
void loom_time_text(int64_t nanoseconds, char text[LOOM_TIME_TEXT_SIZE]);

// Narrows span to the numbers that compare so with a value, as SQLite compares a whole number;
// false where memory is short.
bool loom_span_narrow(loom_span *span, char comparison, sqlite3_value *value);

// Narrows span to the times whose text compares so with a text.
void loom_span_narrow_text(loom_span *span, char comparison, const char *text, size_t size);

// These return SQLite's result code, and leave its message with the table.
int loom_ticks_fail(loom_ticks_cursor *cursor, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int loom_ticks_prepare(loom_ticks_cursor *cursor, enum loom_ticks_statement which);
// SQLITE_ROW, SQLITE_DONE, or an error.
int loom_ticks_step(loom_ticks_cursor *cursor, sqlite3_stmt *statement);

// Throws away what was read, finds the blocks of the bounds and reads the first group.
int loom_ticks_begin(loom_ticks_cursor *cursor);
// Reads the next group that holds a tick of the bounds; count is 0 after the last.
int loom_ticks_read_group(loom_ticks_cursor *cursor);
void loom_ticks_free(loom_ticks_cursor *cursor);

// NULL where it has no name.
int loom_names_find(
    loom_ticks_cursor *cursor, loom_names *names, enum loom_ticks_statement which, int64_t id,
    const struct loom_name **out);
void loom_names_free(loom_names *names);

// Narrows the bounds to the symbol of that name.
int loom_ticks_narrow_symbol(loom_ticks_cursor *cursor, sqlite3_value *name);
// The name of a rejection, NULL for a tick that was accepted.
int loom_ticks_reason(loom_ticks_cursor *cursor, uint64_t sequence, const char **out);

static inline const loom_sequenced_tick *loom_ticks_at(
    const loom_ticks_cursor *cursor, uint32_t at) {
    return &cursor->ticks[cursor->order[at]];
}

#endif

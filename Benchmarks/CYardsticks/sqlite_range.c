#include <sqlite3.h>
#include "yardsticks.h"

static const char schema[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 16384;"
    "CREATE TABLE ticks (seq INTEGER PRIMARY KEY, time_ns, symbol, bid, ask, bid_size, ask_size);"
    "BEGIN";
static const char insert[] = "INSERT INTO ticks VALUES (?,?,?,?,?,?,?)";
static const char indexing[] = "CREATE INDEX by_symbol ON ticks (symbol, time_ns); COMMIT";
static const char query[] =
    "SELECT seq, time_ns, bid, ask FROM ticks WHERE symbol = ? AND time_ns >= ? AND time_ns < ?";

enum { symbols = 10 };

static bool fill(sqlite3 *database, sqlite3_stmt *statement, int64_t rows)
{
    for (int64_t row = 0; row < rows; row++) {
        const double price = 1.1 + (double)(row * 7919 % 1000) * 1e-5;
        sqlite3_bind_int64(statement, 1, row + 1);
        sqlite3_bind_int64(statement, 2, row * YARDSTICK_TICK_STEP);
        sqlite3_bind_int64(statement, 3, row % symbols);
        sqlite3_bind_double(statement, 4, price);
        sqlite3_bind_double(statement, 5, price + 1e-5);
        sqlite3_bind_double(statement, 6, (double)(row % 90 + 1));
        sqlite3_bind_double(statement, 7, (double)(row % 70 + 1));
        if (sqlite3_step(statement) != SQLITE_DONE) return false;
        if (sqlite3_reset(statement) != SQLITE_OK) return false;
    }
    return sqlite3_exec(database, indexing, NULL, NULL, NULL) == SQLITE_OK;
}

bool yardstick_sqlite_fill(const char *path, int64_t rows)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    const bool filled = sqlite3_open(path, &database) == SQLITE_OK &&
        sqlite3_exec(database, schema, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(database, insert, -1, &statement, NULL) == SQLITE_OK &&
        fill(database, statement, rows);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return filled;
}

int64_t yardstick_sqlite_range(const char *path, int64_t from, int64_t to)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    int64_t rows = 0;
    double sum = 0;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(database, query, -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_int64(statement, 1, 3);
        sqlite3_bind_int64(statement, 2, from);
        sqlite3_bind_int64(statement, 3, to);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            for (int i = 0; i < 4; i++) sum += sqlite3_column_double(statement, i);
            rows++;
        }
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return sum > 0 ? rows : -1;
}

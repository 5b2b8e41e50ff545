#include <sqlite3.h>
#include "yardsticks.h"

// As many columns as the store keeps of a bar: eleven whole numbers, seven others.
static const char schema[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "CREATE TABLE bars (a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r);";
static const char insert[] = "INSERT INTO bars VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

enum { integers = 11, reals = 7, rows = 4096 };

static bool insert_row(sqlite3_stmt *statement, int64_t row)
{
    for (int i = 1; i <= integers; i++) sqlite3_bind_int64(statement, i, row + i);
    for (int i = 1; i <= reals; i++) {
        sqlite3_bind_double(statement, integers + i, (double)row * 0.001 + i);
    }
    const bool done = sqlite3_step(statement) == SQLITE_DONE;
    return sqlite3_reset(statement) == SQLITE_OK && done;
}

static bool insert_batches(sqlite3 *database, sqlite3_stmt *statement, uint64_t batches)
{
    for (uint64_t batch = 0; batch < batches; batch++) {
        if (sqlite3_exec(database, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) return false;
        for (int row = 0; row < rows; row++) {
            if (!insert_row(statement, row)) return false;
        }
        if (sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) return false;
    }
    return true;
}

double yardstick_sqlite_insert(const char *path, uint64_t batches)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    double time = -1;
    if (sqlite3_open(path, &database) == SQLITE_OK &&
        sqlite3_exec(database, schema, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(database, insert, -1, &statement, NULL) == SQLITE_OK) {
        const int64_t start = yardstick_now();
        const bool done = insert_batches(database, statement, batches);
        if (done) time = (double)(yardstick_now() - start);
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return time;
}

// The entry of the loadable extension; in a program that has SQLite itself there is none.
#ifndef SQLITE_CORE
#include "loom_ticks_private.h"

SQLITE_EXTENSION_INIT1

// Called by SQLite: the name follows from that of the file, tickloom_ticks.
int sqlite3_tickloomticks_init(
    sqlite3 *database, char **message, const sqlite3_api_routines *functions);

__attribute__((visibility("default"))) int sqlite3_tickloomticks_init(
    sqlite3 *database, char **message, const sqlite3_api_routines *functions) {
    (void)message;
    SQLITE_EXTENSION_INIT2(functions)
    return loom_ticks_register(database, NULL);
}
#endif

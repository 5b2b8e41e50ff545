"""Python's own sqlite3: executemany over tuples that are in memory, in one transaction."""

import math
import pathlib
import sqlite3

import serve

TABLE = """CREATE TABLE bars (
    start_ns INTEGER NOT NULL, symbol INTEGER NOT NULL,
    open REAL, high REAL, low REAL, close REAL, volume REAL,
    log_return_1 REAL, spread_estimate REAL,
    is_outlier INTEGER NOT NULL, valid_bar INTEGER NOT NULL,
    source INTEGER NOT NULL, tick_count INTEGER NOT NULL, vwap REAL,
    gap_slots INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
    revision INTEGER NOT NULL)"""


def store():
    names = ("open", "high", "low", "close", "volume", "log_return", "spread", "count", "vwap")
    columns = [serve.numbers(f"{name}.f64").tolist() for name in names]
    rows = [
        (row * 1_000_000_000, 0, o, h, l, c, v, None if math.isnan(r) else r, s, 0, 1, 0, int(n),
         w, 0, 0, 0, 0)
        for row, (o, h, l, c, v, r, s, n, w) in enumerate(zip(*columns))]
    path = pathlib.Path(serve.folder() / "theirs.db")

    def work():
        database = sqlite3.connect(path)
        for setting in ("page_size = 16384", "journal_mode = WAL", "synchronous = NORMAL"):
            database.execute(f"PRAGMA {setting}")
        database.execute(TABLE)
        with database:
            database.executemany(f"INSERT INTO bars VALUES ({','.join('?' * 18)})", rows)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return len(rows)

    def before():
        path.unlink(missing_ok=True)

    def answer():
        before()
        work()
        return []

    return work, answer, before


serve.serve({"store": store})

"""What is compared with what."""

import dataclasses
import functools
from typing import Callable

import inputs


@dataclasses.dataclass(frozen=True)
class Peer:
    """Another's way to do the work of a comparison."""

    name: str  # as the table says it
    program: str  # `with_NAME` below theirs/
    expected: float | None = None  # theirs / ours at least
    environment: dict = dataclasses.field(default_factory=dict)
    task: str = ""  # where it differs from the comparison's
    without: tuple[int, ...] = ()  # columns of the answer that it does not know
    note: str = ""  # what a reader must know about how it was used
    limit: str = ""  # why less than expected is reached, where it is


@dataclasses.dataclass(frozen=True)
class Comparison:
    """The same work by us and by others, on the same input, with the same answer."""

    name: str
    title: str
    operation: str  # what one operation is
    task: str  # ours
    prepare: Callable  # writes the input into a folder
    peers: tuple[Peer, ...]
    columns: int = 1  # of the answer
    tolerance: float = 1e-9  # relative; near 0 of the median size in the column
    rounds: int = 5
    threads: int = 1
    scales: bool = False  # one worker, two, and two processes, all ours
    limit: str = ""  # why less than expected is reached, where it scales
    stored: str = ""  # the table of ours.db and theirs.db that is the answer



def with_all_threads(peer):
    """The same query of polars on every core."""
    return dataclasses.replace(
        peer, name=f"{peer.name}, all threads", environment={"POLARS_MAX_THREADS": ""},
        note="ours runs one thread", expected=None)


def single_rings(expected):
    return (
        Peer(
            "boost::lockfree::spsc_queue, singly", "rings", expected, task="boost",
            limit=SINGLE_RECORDS),
        Peer(
            "moodycamel::ReaderWriterQueue, singly", "rings", expected, task="moodycamel",
            limit=SINGLE_RECORDS))


def disruptor(expected):
    return Peer(
        "LMAX Disruptor (Java)", "Rings", expected, task="disruptor",
        note="published singly; its receiver is handed all that is there",
        limit=SINGLE_RECORDS)


KEPT = "it keeps every trade at once; ours bars, 27 features and versions, a commit a second"

# Why a row has less than was expected of it; shown only where that is so.
WIDE_TICKS = (
    "Ours are two divisions a bar, a branch at each close that nobody can predict, and a record of "
    "88 bytes a trade, which streams from memory.")
POLARS_BARS = (
    "polars groups integers in 20 to 35 ns a trade, where 115 were assumed: a thirtieth of that is "
    f"1 ns, less than reading the record takes. {WIDE_TICKS}")
CHECKS = (
    "The guard is 9 ns of it, 235 instructions of checks at five a cycle. Nautilus was assumed to "
    "take 6.6 µs; a thousandth of what it takes would be half of the guard.")
SINGLE_RECORDS = (
    "A record by itself is bound by the line of the shared index, which goes from core to core and "
    "back. By where the host puts the two cores the ratio to boost lies between 0.5 and 1.3 from "
    "hour to hour. A sequence number in each record gave single records 2.7 to 5 times as fast "
    "where the cores are far apart, and batches of 64 half as fast, which is what it is used for.")
COMMITS = (
    "Nearly all of theirs is the wait for the disk at each commit, 1.2 ms in a quiet hour and 11 "
    "in a busy one; of ours the commit a second.")
BATCHES = (
    "Features are half of the time: their instructions could be fewer without a gain, since they "
    "wait for divisions and roots. Guard and bars are a fifth, versions a sixth, and the pages that "
    "the results are written to for the first time a tenth.")
SHARED = (
    "With both cores free 0.90 to 0.93; where the host lends a core out, two processes lose less.")

COMPARISONS = [
    Comparison(
        "correlation.100", "correlation of 100 symbols, window 256",
        "one new row: update, matrix, version", "correlation",
        functools.partial(inputs.returns, symbols=100, rows=768),
        (Peer("numpy.corrcoef", "with_numpy", 40),)),
    Comparison(
        "correlation.1000", "correlation of 1,000 symbols, window 256",
        "one new row: update, matrix, version", "correlation",
        functools.partial(inputs.returns, symbols=1000, rows=512),
        (Peer("numpy.corrcoef", "with_numpy", 25),)),
    Comparison(
        "correlation.30", "correlation of 30 symbols, window 256",
        "one new row: update, matrix, version", "correlation",
        functools.partial(inputs.returns, symbols=30, rows=512),
        (
            Peer("pandas rolling().corr()", "with_pandas", 500),
            Peer("flox-py rolling_correlation", "with_flox", 50, note="one call a pair"),
            Peer("river Rolling(PearsonCorr)", "with_river", 50, note="one object a pair"),
            Peer("polars rolling_corr", "with_polars", note="435 expressions in one query"),
            Peer("TA-Lib CORREL", "with_talib", note="one call a pair"),
        )),
    Comparison(
        "bars", "trades of 10 symbols to bars of 1 s, 10 trades a bar",
        "one trade, prices in memory", "bars",
        functools.partial(inputs.trades, symbols=10, seconds=10_000, per_second=10),
        (
            Peer("polars group_by", "with_polars", 30, note="slots by integer division",
                limit=POLARS_BARS),
            with_all_threads(Peer("polars group_by", "with_polars")),
            Peer("polars group_by_dynamic", "with_polars", 30, task="dynamic-bars",
                limit=WIDE_TICKS),
            Peer(
                "flox-py aggregate_time_bars", "with_flox", 4, without=(6,),
                note="one call a symbol, trades apart beforehand; its volume is the turnover",
                limit=WIDE_TICKS),
        ), columns=8),
    Comparison(
        "bars.quotes", "quotes of 10 symbols to bars of 1 s from their mids, 10 quotes a bar",
        "one quote: check it, price it, add it to its bar", "quotes",
        functools.partial(inputs.quotes, symbols=10, seconds=1000, per_second=10),
        (
            Peer(
                "NautilusTrader BacktestEngine", "with_nautilus", 1000, task="quotes-engine",
                without=(6,), note="a strategy that only takes bars", limit=CHECKS),
            Peer(
                "NautilusTrader TimeBarAggregator", "with_nautilus", without=(6,),
                note="alone, called from a loop"),
        ), columns=8, rounds=3),
    Comparison(
        "ring.1", "records of 80 bytes from one thread to another, singly",
        "one record, both threads pinned", "ring-1",
        functools.partial(inputs.cores, records=3_200_000), single_rings(1), rounds=9, threads=2),
    Comparison(
        "ring.1-to-64", "the same, pushed singly and taken as they are there, at most 64",
        "one record, both threads pinned", "ring-1-to-64",
        functools.partial(inputs.cores, records=3_200_000),
        (
            disruptor(1),
            Peer("boost::lockfree::spsc_queue", "rings", 1, task="boost-1-to-64",
                 limit=SINGLE_RECORDS),
        ), rounds=9, threads=2),
    Comparison(
        "ring.64", "records of 80 bytes from one thread to another, in batches of 64",
        "one record, both threads pinned", "ring-64",
        functools.partial(inputs.cores, records=6_400_000),
        (
            *single_rings(3), disruptor(3),
            Peer("boost::lockfree::spsc_queue, batches of 64", "rings", 1, task="boost-64"),
        ), rounds=9, threads=2),
    Comparison(
        "features.27", "all 27 features of 100,000 bars",
        "one value of one feature at one bar", "features",
        functools.partial(inputs.bars, symbols=1, count=100_000),
        (
            Peer("polars, 27 expressions in one query", "with_polars", 2),
            with_all_threads(Peer("polars", "with_polars")),
        ), columns=27),
    Comparison(
        "features.6", "ATR, RSI, EMA and MACD (6 columns) of 100,000 bars",
        "one value of one feature at one bar", "indicators",
        functools.partial(inputs.bars, symbols=1, count=100_000),
        (Peer("TA-Lib, one call each", "with_talib"),), columns=6),
    Comparison(
        "csv", "a file of 500,000 quotes to ticks in memory", "one row", "csv",
        functools.partial(inputs.quote_file, symbols=10, rows=500_000),
        (
            Peer("polars read_csv, one thread", "with_polars"),
            with_all_threads(Peer("polars read_csv", "with_polars")),
            Peer("pandas read_csv", "with_pandas"),
        )),
    Comparison(
        "store.bars", "200,000 bars of 18 columns into a new SQLite file, closed at the end",
        "one bar", "store", functools.partial(inputs.bars, symbols=1, count=200_000),
        (
            Peer("SQLite's C interface, an insert a row", "inserts"),
            Peer("Python's sqlite3.executemany", "with_sqlite3"),
        ), columns=18, stored="bars"),
    Comparison(
        "classic.stream", "trades of 10 symbols to bars, features and a correlation a second",
        "one trade", "stream",
        functools.partial(inputs.trades, symbols=10, seconds=300, per_second=10),
        (Peer(
            "plain-Python bus, deques and corrcoef, nothing stored", "classic",
            note="it has 9 features, ours 27"),)),
    Comparison(
        "classic.stream-store", "the same, kept in SQLite", "one trade", "stream-store",
        functools.partial(inputs.trades, symbols=10, seconds=300, per_second=10),
        (
            Peer(
                "plain-Python bus, deques and corrcoef, a commit a tick", "classic", 1000,
                note=f"SQLite's default waits for the disk at each; {KEPT}", limit=COMMITS),
            Peer(
                "plain-Python bus, the same with a write-ahead log", "classic",
                task="stream-store-wal",
                note=KEPT),
        )),
    Comparison(
        "classic.batch", "300 bars of each of 100 symbols to features and 299 versions", "one bar",
        "batch", functools.partial(inputs.bars, symbols=100, count=300),
        (Peer(
            "plain-Python bus, deques and corrcoef", "classic", 100,
            note="it has 9 features, ours 27; one worker", limit=BATCHES),), rounds=3),
    Comparison(
        "batch.workers", "1,000 bars of each of 100 symbols, by the batch API with two workers",
        "one bar", "batch-2", functools.partial(inputs.bars, symbols=100, count=1000), (),
        rounds=9, scales=True, limit=SHARED),
]

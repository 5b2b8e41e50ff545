"""The market-data service as it is often built in Python: a bus, managers, and a lock in each.

Ticks go over a bus that holds a re-entrant lock while it delivers. One manager keeps every tick in
SQLite and commits it, one folds ticks into bars, one keeps a deque of bars for each symbol and
computes features afresh from it, one correlates the returns of the last bars with numpy.corrcoef
whenever all symbols have a new one.
"""

import collections
import itertools
import math
import sqlite3
import threading

import numpy as np
import serve

Tick = collections.namedtuple("Tick", "time symbol price size")
Bar = collections.namedtuple("Bar", "start symbol open high low close volume")
SECOND = 1_000_000_000


class EventBus:
    def __init__(self):
        self.lock = threading.RLock()
        self.handlers = collections.defaultdict(list)

    def subscribe(self, topic, handler):
        with self.lock:
            self.handlers[topic].append(handler)

    def publish(self, topic, event):
        with self.lock:
            for handler in self.handlers[topic]:
                handler(event)


class TickStore:
    def __init__(self, bus, path, journal):
        self.lock = threading.RLock()
        self.database = sqlite3.connect(path)
        self.database.execute(f"PRAGMA journal_mode = {journal}")
        self.database.execute(
            "CREATE TABLE ticks (time INTEGER, symbol INTEGER, price REAL, size REAL)")
        bus.subscribe("tick", self.on_tick)

    def on_tick(self, tick):
        with self.lock:
            self.database.execute("INSERT INTO ticks VALUES (?, ?, ?, ?)", tick)
            self.database.commit()


class BarManager:
    def __init__(self, bus):
        self.lock = threading.RLock()
        self.bus = bus
        self.open = {}
        bus.subscribe("tick", self.on_tick)

    def on_tick(self, tick):
        start = tick.time // SECOND * SECOND
        with self.lock:
            bar = self.open.get(tick.symbol)
            if bar and bar[0] != start:
                self.bus.publish("bar", Bar(bar[0], tick.symbol, *bar[1:]))
                bar = None
            if bar is None:
                price = tick.price
                self.open[tick.symbol] = [start, price, price, price, price, tick.size]
            else:
                bar[2] = max(bar[2], tick.price)
                bar[3] = min(bar[3], tick.price)
                bar[4] = tick.price
                bar[5] += tick.size

    def close(self):
        for symbol, bar in self.open.items():
            self.bus.publish("bar", Bar(bar[0], symbol, *bar[1:]))


class FeatureManager:
    """Nine features, each over the last bars of the symbol; we compute 27."""

    def __init__(self, bus, symbols):
        self.lock = threading.RLock()
        self.bars = [collections.deque(maxlen=61) for _ in range(symbols)]
        self.latest = {}
        bus.subscribe("bar", self.on_bar)

    def on_bar(self, bar):
        with self.lock:
            self.bars[bar.symbol].append(bar)
            self.latest[bar.symbol] = self.features(self.bars[bar.symbol])

    def features(self, bars):
        close = np.array([bar.close for bar in bars])
        volume = np.array([bar.volume for bar in bars])
        returns = np.diff(np.log(close))
        last20 = close[-20:]
        features = {"log_return_1": returns[-1] if len(returns) else math.nan}
        if len(bars) > 20:
            features |= {
                "log_return_5": math.log(close[-1] / close[-6]),
                "log_return_20": math.log(close[-1] / close[-21]),
                "volatility_20": np.std(returns[-20:], ddof=1),
                "sma_ratio_20": close[-1] / last20.mean() - 1,
                "bollinger_z_20": (close[-1] - last20.mean()) / last20.std(),
                "volume_z_20": (volume[-1] - volume[-20:].mean()) / volume[-20:].std(ddof=1),
                "efficiency_ratio_10":
                    abs(close[-1] - close[-11]) / np.abs(np.diff(close[-11:])).sum(),
                "drawdown_60": close[-1] / close[-60:].max() - 1,
            }
        return features


class CorrelationManager:
    def __init__(self, bus, symbols, window):
        self.lock = threading.RLock()
        self.closes = [collections.deque(maxlen=window + 1) for _ in range(symbols)]
        self.waiting = set(range(symbols))
        self.matrix = None
        self.version = 0
        bus.subscribe("bar", self.on_bar)

    def on_bar(self, bar):
        with self.lock:
            self.closes[bar.symbol].append(bar.close)
            self.waiting.discard(bar.symbol)
            if self.waiting:
                return
            self.waiting = set(range(len(self.closes)))
            if len(self.closes[0]) > 2:
                returns = np.diff(np.log(np.array([list(closes) for closes in self.closes])))
                self.matrix = np.corrcoef(returns)
                self.version += 1


class Service:
    def __init__(self, symbols, window, path=None, journal=None):
        self.bus = EventBus()
        self.store = TickStore(self.bus, path, journal) if journal else None
        self.bars = BarManager(self.bus)
        self.features = FeatureManager(self.bus, symbols)
        self.correlation = CorrelationManager(self.bus, symbols, window)


def stream(journal=None):
    columns = [
        serve.numbers(name).tolist()
        for name in ("time.i64", "symbol.i64", "price.f64", "size.f64")]
    ticks = list(itertools.starmap(Tick, zip(*columns)))
    symbols = max(columns[1]) + 1
    path = serve.folder() / "theirs.db"

    def before():
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)

    def run(ticks, journal):
        service = Service(symbols, 60, path, journal)
        for tick in ticks:
            service.bus.publish("tick", tick)
        service.bars.close()
        if journal:
            service.store.database.close()
        return service

    def work():
        # A commit costs the same for each tick, and SQLite's default takes milliseconds.
        some = ticks[:300] if journal == "delete" else ticks
        run(some, journal)
        return len(some)

    def answer():
        before()
        return serve.upper(run(ticks, journal and "off").correlation.matrix)

    return work, answer, before


def batch():
    """Bars that are there already, slot by slot as they came."""
    symbols = int(serve.numbers("symbols.i64")[0])
    columns = np.stack([
        serve.numbers(f"{name}.f64").reshape(symbols, -1)
        for name in ("open", "high", "low", "close", "volume")])
    rows = columns.transpose(2, 1, 0).tolist()
    bars = [
        Bar(slot * SECOND, symbol, *values)
        for slot, row in enumerate(rows) for symbol, values in enumerate(row)]

    def run():
        service = Service(symbols, 256)
        for bar in bars:
            service.bus.publish("bar", bar)
        return service

    def work():
        run()
        return len(bars)

    return work, lambda: serve.upper(run().correlation.matrix)


serve.serve({
    "stream": stream, "stream-store": lambda: stream("delete"),
    "stream-store-wal": lambda: stream("wal"), "batch": batch})

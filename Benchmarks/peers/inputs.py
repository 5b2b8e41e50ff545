"""The inputs of the comparisons, seeded: the same numbers for every side, on every machine."""

import os

import numpy as np

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


def save(folder, **arrays):
    """Writes each array as raw little-endian doubles or 64-bit integers."""
    for name, values in arrays.items():
        values = np.asarray(values)
        kind, ending = ("<f8", "f64") if values.dtype.kind == "f" else ("<i8", "i64")
        values.astype(kind).tofile(folder / f"{name}.{ending}")


def returns(folder, symbols, rows, seed=1):
    """Rows of returns around 1e-4 that share a factor."""
    random = np.random.default_rng(seed)
    common = random.normal(size=(rows, 1))
    values = 1e-4 * (0.5 * common + random.normal(size=(rows, symbols)))
    save(folder, returns=values, symbols=np.array([symbols]))


def walks(random, symbols, seconds, per_second, on_the_second):
    """Times, symbols and prices of ticks: each symbol has `per_second` in every second.

    Whether a tick stands on the start of every second is a choice: no two peers agree on the bar
    that it belongs to unless they are made to. Prices are whole cents.
    """
    count = seconds * per_second
    offsets = np.sort(random.integers(1, SECOND, (symbols, seconds, per_second)), axis=2)
    if on_the_second:
        offsets[:, :, 0] = 0
    times = START + np.arange(seconds)[None, :, None] * SECOND + offsets
    steps = random.integers(-3, 4, (symbols, count))
    prices = 10_000 + 100 * np.arange(symbols)[:, None] + np.cumsum(steps, axis=1)
    prices = np.maximum(prices, 1000) / 100
    return times.reshape(symbols, count), prices


def trades(folder, symbols, seconds, per_second, seed=2):
    """Trades of all symbols in order of time, with whole sizes."""
    random = np.random.default_rng(seed)
    times, prices = walks(random, symbols, seconds, per_second, True)
    order = np.argsort(times.ravel(), kind="stable")
    names = np.repeat(np.arange(symbols), times.shape[1])
    save(
        folder, time=times.ravel()[order], symbol=names[order], price=prices.ravel()[order],
        size=random.integers(1, 100, times.size).astype(float))


def quotes(folder, symbols, seconds, per_second, seed=3):
    """Quotes of all symbols in order of time, two cents wide."""
    random = np.random.default_rng(seed)
    times, bids = walks(random, symbols, seconds, per_second, False)
    order = np.argsort(times.ravel(), kind="stable")
    names = np.repeat(np.arange(symbols), times.shape[1])
    bids = bids.ravel()[order]
    save(
        folder, time=times.ravel()[order], symbol=names[order], bid=bids,
        ask=np.round(bids + 0.02, 2))


def cores(folder, records):
    """Two cores for two threads, or the same one twice, and how many records to move."""
    free = sorted(os.sched_getaffinity(0))
    save(folder, cores=np.array([free[0], free[-1]]), records=np.array([records]))


def bars(folder, symbols, count, seed=4):
    """Bars of walks, one symbol after another, with everything that a feature looks at."""
    random = np.random.default_rng(seed)
    size = (symbols, count)
    close = 100 * np.exp(np.cumsum(1e-3 * random.normal(size=size), axis=1))
    open = close * np.exp(3e-4 * random.normal(size=size))
    # Never the same high and low, so that no range is 0.
    high = np.maximum(open, close) * (1 + 5e-4 * random.uniform(0.01, 1, size))
    low = np.minimum(open, close) * (1 - 5e-4 * random.uniform(0.01, 1, size))
    columns = {
        "open": open, "high": high, "low": low, "close": close,
        "volume": random.integers(1, 1000, size).astype(float), "vwap": (open + close) / 2,
        "spread": random.uniform(0.01, 0.03, size),
        "count": random.integers(1, 50, size).astype(float)}
    returns = np.diff(np.log(close), axis=1, prepend=np.nan)
    save(
        folder, symbols=np.array([symbols]), log_return=returns.ravel(),
        **{name: values.ravel() for name, values in columns.items()})


def quote_file(folder, symbols, rows, seed=5):
    """A file of quotes: epochs in nanoseconds, two decimals."""
    random = np.random.default_rng(seed)
    times = START + np.cumsum(random.integers(1, 20_000_000, rows))
    names = np.concatenate([np.arange(symbols), random.integers(0, symbols, rows - symbols)])
    bids = 10_000 + 100 * names + random.integers(-50, 51, rows)
    sizes = random.integers(1, 1000, (2, rows))
    with open(folder / "quotes.csv", "w") as file:
        file.write("timestamp,symbol,bid,ask,bid_size,ask_size\n")
        for time, name, bid, one, two in zip(times, names, bids, *sizes):
            ask = bid + 2
            file.write(
                f"{time},S{name},{bid // 100}.{bid % 100:02},{ask // 100}.{ask % 100:02},"
                f"{one},{two}\n")

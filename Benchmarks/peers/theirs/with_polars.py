"""polars: everything as one lazy query over columns that are in memory, or over a file."""

import math

import numpy as np
import polars as pl
import serve

WINDOW = 256


def correlation():
    rows = serve.returns()
    frame = pl.DataFrame({f"s{i}": rows[:, i] for i in range(rows.shape[1])})
    pairs = serve.pairs(rows.shape[1])
    query = frame.lazy().select(
        pl.rolling_corr(f"s{i}", f"s{j}", window_size=WINDOW).alias(f"{i}-{j}") for i, j in pairs)

    def work():
        query.collect()
        return len(rows)

    def answer():
        every = query.collect().to_numpy()
        return [
            serve.packed(rows.shape[1], every[end - 1]) for end in serve.checkpoints(len(rows))]

    return work, answer


PRICES_TO_BARS = (
    pl.col("price").first().alias("open"), pl.col("price").max().alias("high"),
    pl.col("price").min().alias("low"), pl.col("price").last().alias("close"),
    pl.col("size").sum().alias("volume"), pl.len().alias("count"))


def trades(time_type):
    return pl.DataFrame({
        "time": serve.numbers("time.i64").astype(time_type),
        "symbol": serve.numbers("symbol.i64").astype(np.uint32),
        "price": serve.numbers("price.f64"),
        "size": serve.numbers("size.f64"),
    })


def bars():
    """Slots by integer division: the fastest way we found."""
    ticks = trades(np.int64)
    query = ticks.lazy().group_by(
        (pl.col("time") // 1_000_000_000).alias("start"), "symbol").agg(*PRICES_TO_BARS)

    def work():
        query.collect()
        return len(ticks)

    def answer():
        return query.collect().sort("start", "symbol").cast(pl.Float64).to_numpy()

    return work, answer


def dynamic_bars():
    """The same as polars' manual puts it: on times, window by window."""
    ticks = trades("datetime64[ns]")
    query = ticks.lazy().group_by_dynamic("time", every="1s", group_by="symbol").agg(
        *PRICES_TO_BARS)

    def work():
        query.collect()
        return len(ticks)

    def answer():
        made = query.collect().select(
            pl.col("time").cast(pl.Int64) // 1_000_000_000, pl.exclude("time"))
        return made.sort("time", "symbol").cast(pl.Float64).to_numpy()

    return work, answer


def seeded(values, first, length):
    """Empty before row `first`, there the mean of `length` values, then the values."""
    place = pl.int_range(pl.len())
    mean = values.slice(first - length + 1, length).mean()
    return pl.when(place > first).then(values).when(place == first).then(mean)


def ema(values, first, length):
    return seeded(values, first, length).ewm_mean(span=length, adjust=False)


def wilder(values, first, length):
    return seeded(values, first, length).ewm_mean(alpha=1 / length, adjust=False)


def score(values, window):
    return (values - values.rolling_mean(window)) / values.rolling_std(window)


def twenty_seven():
    """Our default features, each by its definition."""
    open, high, low, close = map(pl.col, ("open", "high", "low", "close"))
    volume, vwap, spread, count = map(pl.col, ("volume", "vwap", "spread", "count"))
    previous = close.shift(1)
    ret, change = (close / previous).log(), close - previous
    true_range = pl.when(previous.is_not_null()).then(
        pl.max_horizontal(high - low, (high - previous).abs(), (low - previous).abs()))
    gain, loss = (
        wilder(sign * pl.when(sign * change > 0).then(change).otherwise(0.0), 14, 14)
        for sign in (1, -1))
    macd = ema(close, 25, 12) - ema(close, 25, 26)
    signal = ema(macd, 33, 9)
    is_macd = signal.is_not_null()
    sma, ema20 = close.rolling_mean(20), ema(close, 19, 20)
    ranges = 0.5 * (high / low).log().pow(2) - (2 * math.log(2) - 1) * (close / open).log().pow(2)
    return [
        ret, (close / close.shift(5)).log(), (close / close.shift(20)).log(),
        ret.rolling_std(20), ret.pow(2).ewm_mean(alpha=0.06, adjust=False).sqrt(),
        ((high / low).log().pow(2).rolling_mean(20) / (4 * math.log(2))).sqrt(),
        ranges.rolling_mean(20).clip(lower_bound=0).sqrt(),
        wilder(true_range, 14, 14), 100 * gain / (gain + loss), ema20,
        pl.when(is_macd).then(macd), signal, macd - signal,
        close / sma - 1, close / ema20 - 1, (close - sma) / close.rolling_std(20, ddof=0),
        score(volume, 20),
        close / ((vwap * volume).rolling_sum(20) / volume.rolling_sum(20)) - 1,
        (ret.abs() / (close * volume)).rolling_mean(20, min_samples=19),
        2 * (-pl.rolling_cov(change, change.shift(1), window_size=20, ddof=1))
        .clip(lower_bound=0).sqrt(),
        spread / close, ret.rolling_skew(60, bias=False), ret.rolling_kurtosis(60, bias=False),
        pl.rolling_corr(ret, ret.shift(1), window_size=60),
        close / close.rolling_max(60) - 1,
        (close - close.shift(10)).abs() / change.abs().rolling_sum(10), score(count, 20),
    ]


def features():
    names = ("open", "high", "low", "close", "volume", "vwap", "spread", "count")
    frame = pl.DataFrame({name: serve.numbers(f"{name}.f64") for name in names})
    query = frame.lazy().select(
        feature.alias(f"f{place}") for place, feature in enumerate(twenty_seven()))

    def work():
        query.collect()
        return 27 * len(frame)

    def answer():
        return query.collect().fill_null(np.nan).to_numpy()

    return work, answer


def csv():
    """With the types of the columns told, as a user who cares for speed would."""
    numbers = ("bid", "ask", "bid_size", "ask_size")
    schema = {"timestamp": pl.Int64, "symbol": pl.String, **dict.fromkeys(numbers, pl.Float64)}
    path = serve.folder() / "quotes.csv"

    def read():
        return pl.read_csv(path, schema=schema)

    rows = len(read())

    def work():
        read()
        return rows

    def answer():
        frame = read()
        counts = frame.group_by("symbol", maintain_order=True).len()["len"]
        return [
            rows, (frame["timestamp"] // 1_000_000_000).cast(pl.Float64).sum(),
            *(frame[name].sum() for name in numbers), *counts]

    return work, answer


serve.serve({
    "correlation": correlation, "bars": bars, "dynamic-bars": dynamic_bars, "features": features,
    "csv": csv})

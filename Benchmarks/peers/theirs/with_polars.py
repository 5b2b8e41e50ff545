"""polars: everything as one lazy query over columns that are in memory."""

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


def bars():
    ticks = pl.DataFrame({
        "time": serve.numbers("time.i64"),
        "symbol": serve.numbers("symbol.i64").astype(np.uint32),
        "price": serve.numbers("price.f64"),
        "size": serve.numbers("size.f64"),
    })
    query = ticks.lazy().group_by(
        (pl.col("time") // 1_000_000_000).alias("start"), "symbol"
    ).agg(
        pl.col("price").first().alias("open"), pl.col("price").max().alias("high"),
        pl.col("price").min().alias("low"), pl.col("price").last().alias("close"),
        pl.col("size").sum().alias("volume"), pl.len().alias("count"))

    def work():
        query.collect()
        return len(ticks)

    def answer():
        return query.collect().sort("start", "symbol").cast(pl.Float64).to_numpy()

    return work, answer


def dynamic_bars():
    """The same as polars' manual puts it: on times, window by window."""
    ticks = pl.DataFrame({
        "time": serve.numbers("time.i64").astype("datetime64[ns]"),
        "symbol": serve.numbers("symbol.i64").astype(np.uint32),
        "price": serve.numbers("price.f64"),
        "size": serve.numbers("size.f64"),
    })
    query = ticks.lazy().group_by_dynamic("time", every="1s", group_by="symbol").agg(
        pl.col("price").first().alias("open"), pl.col("price").max().alias("high"),
        pl.col("price").min().alias("low"), pl.col("price").last().alias("close"),
        pl.col("size").sum().alias("volume"), pl.len().alias("count"))

    def work():
        query.collect()
        return len(ticks)

    def answer():
        made = query.collect().select(
            pl.col("time").cast(pl.Int64) // 1_000_000_000, pl.exclude("time"))
        return made.sort("time", "symbol").cast(pl.Float64).to_numpy()

    return work, answer


serve.serve({"correlation": correlation, "bars": bars, "dynamic-bars": dynamic_bars})

"""polars: everything as one lazy query over columns that are in memory."""

import numpy as np
import polars as pl
import serve


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


serve.serve({"bars": bars})

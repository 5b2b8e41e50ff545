"""pandas: the rolling correlation matrix of a frame, all rows in one call."""

import pandas as pd
import serve

WINDOW = 256


def correlation():
    rows = serve.returns()
    frame = pd.DataFrame(rows)

    def matrices():
        return frame.rolling(WINDOW).corr().to_numpy().reshape(len(rows), *[rows.shape[1]] * 2)

    def work():
        frame.rolling(WINDOW).corr()
        return len(rows)

    def answer():
        every = matrices()
        return [serve.upper(every[end - 1]) for end in serve.checkpoints(len(rows))]

    return work, answer


def csv():
    """With the types of the columns told; the C engine is the one that needs no other package."""
    numbers = ("bid", "ask", "bid_size", "ask_size")
    types = {"timestamp": "int64", "symbol": "string", **dict.fromkeys(numbers, "float64")}
    path = serve.folder() / "quotes.csv"

    def read():
        return pd.read_csv(path, dtype=types, engine="c")

    rows = len(read())

    def work():
        read()
        return rows

    def answer():
        frame = read()
        counts = frame.groupby("symbol", sort=False).size()
        return [
            rows, (frame["timestamp"] // 1_000_000_000).astype(float).sum(),
            *(frame[name].sum() for name in numbers), *counts]

    return work, answer


serve.serve({"correlation": correlation, "csv": csv})

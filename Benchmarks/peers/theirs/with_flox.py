"""flox-py: its own loops in C++ over arrays, one call for each pair or symbol."""

import flox_py
import numpy as np
import serve

WINDOW = 256
SCALE = 1e8  # of its fixed-point prices
SECOND = 1_000_000_000
DECADES = 1_000_000_000 * SECOND


def grid():
    """What to add to times so that its bars of a second start where ours do.

    Its grid counts from the start of the machine, towards which it rounds: so times must lie after
    that, and be moved by a fraction of a second that only a try tells.
    """
    times = np.array([0, 10 * SECOND]) + DECADES * 2
    made = flox_py.aggregate_time_bars(
        times, np.ones(2), np.ones(2), np.ones(2, dtype=np.uint8), 1.0)
    return DECADES + int(made["start_time_ns"][0]) % SECOND


def correlation():
    columns = np.ascontiguousarray(serve.returns().T)
    count = columns.shape[1]
    pairs = serve.pairs(len(columns))

    def work():
        for i, j in pairs:
            flox_py.rolling_correlation(columns[i], columns[j], WINDOW)
        return count

    def answer():
        every = [flox_py.rolling_correlation(columns[i], columns[j], WINDOW) for i, j in pairs]
        return [
            serve.packed(len(columns), [values[end - 1] for values in every])
            for end in serve.checkpoints(count)]

    return work, answer


def bars():
    symbol = serve.numbers("symbol.i64")
    time, price, size = (
        serve.numbers(name) for name in ("time.i64", "price.f64", "size.f64"))
    offset = grid()

    def trades(i):
        """The trades of a symbol and one more, without which it keeps the last bar to itself."""
        mine = symbol == i
        return (
            np.append(time[mine] + offset, time.max() + offset + 2 * SECOND),
            np.append(price[mine], 1.0), np.append(size[mine], 1.0),
            np.ones(mine.sum() + 1, dtype=np.uint8), 1.0)

    # It knows no symbols, so each one's trades are apart before the clock starts.
    inputs = [trades(i) for i in range(symbol.max() + 1)]

    def work():
        for one in inputs:
            flox_py.aggregate_time_bars(*one)
        return len(time)

    def answer():
        # What it calls volume is the sum of price times size, so volume is left out.
        rows = np.concatenate([
            np.stack([
                (made["start_time_ns"] - offset) // SECOND, np.full(len(made), i),
                *(made[f"{name}_raw"] / SCALE for name in ("open", "high", "low", "close")),
                np.full(len(made), np.nan), made["trade_count"]], axis=1)
            for i, made in enumerate(flox_py.aggregate_time_bars(*one) for one in inputs)])
        return rows[np.lexsort((rows[:, 1], rows[:, 0]))]

    return work, answer


serve.serve({"correlation": correlation, "bars": bars})

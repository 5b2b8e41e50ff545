"""TA-Lib: its own loops in C over arrays, one call for each pair or indicator."""

import numpy as np
import serve
import talib

WINDOW = 256


def correlation():
    columns = np.ascontiguousarray(serve.returns().T)
    count = columns.shape[1]
    pairs = serve.pairs(len(columns))

    def work():
        for i, j in pairs:
            talib.CORREL(columns[i], columns[j], WINDOW)
        return count

    def answer():
        every = [talib.CORREL(columns[i], columns[j], WINDOW) for i, j in pairs]
        return [
            serve.packed(len(columns), [values[end - 1] for values in every])
            for end in serve.checkpoints(count)]

    return work, answer


def indicators():
    high, low, close = (serve.numbers(f"{name}.f64") for name in ("high", "low", "close"))

    def columns():
        return [
            talib.ATR(high, low, close, 14), talib.RSI(close, 14), talib.EMA(close, 20),
            *talib.MACD(close, 12, 26, 9)]

    def work():
        return len(columns()) * len(close)

    return work, lambda: np.stack(columns(), axis=1)


serve.serve({"correlation": correlation, "indicators": indicators})

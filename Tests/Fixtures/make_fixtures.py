#!/usr/bin/env python3
"""Writes the golden files of the feature tests: bars and the features numpy, pandas and TA-Lib give.

    pip install numpy==2.4.6 pandas==3.1.1 TA-Lib==0.8.2
    python3 Tests/Fixtures/make_fixtures.py

NAME.bars.csv holds the valid bars of one symbol, NAME.features.csv the expected values at some of
its rows (column `row`, from 0; an empty field is NaN). Every window is computed afresh.
"""
import pathlib

import numpy as np
import pandas as pd
import talib

OUT = pathlib.Path(__file__).parent / "features"
INPUTS = ["open", "high", "low", "close", "volume", "log_return", "spread", "vwap", "ticks"]


def bars(close, rng, volume=None, spread=None, wick=0.3):
    """Bars around the given closes; wick is how far high and low reach, in steps of the close."""
    close = np.asarray(close, dtype=float)
    count = len(close)
    opens = np.concatenate([close[:1], close[:-1]])
    step = np.abs(close - opens) * wick * rng.random((2, count))
    frame = pd.DataFrame({
        "open": opens, "high": np.maximum(opens, close) + step[0],
        "low": np.minimum(opens, close) - step[1], "close": close,
        "volume": rng.integers(1, 900, count).astype(float) if volume is None else volume})
    frame["log_return"] = np.log(frame.close / frame.close.shift(1))
    frame["spread"] = rng.random(count) * 1e-4 * close if spread is None else spread
    frame["vwap"] = (frame.high + frame.low + frame.close) / 3
    frame["ticks"] = rng.integers(1, 60, count).astype(float)
    return frame


def walk(rng, count, sigma=0.002, start=100.0):
    return start * np.exp(np.cumsum(rng.standard_t(4, count) * sigma))


def series():
    rng = np.random.default_rng(20240501)
    yield "walk", bars(walk(rng, 400), rng)

    close = walk(rng, 210)
    close[30:120] = close[30]                       # longer than every window
    close[150:172] = close[150]                     # longer than those of 20
    frame = bars(close, rng)
    frame.loc[40:70, ["volume", "ticks"]] = [500.0, 7.0]
    yield "constant", frame

    close = walk(rng, 230)
    close[75] *= 1e6
    frame = bars(close, rng, wick=0.0)
    frame.loc[40, "volume"] *= 1e6
    frame.loc[75, "high"] *= 10
    yield "glitch", frame

    frame = bars(walk(rng, 230), rng)
    frame.loc[rng.random(230) < 0.2, "log_return"] = np.nan
    frame.loc[60:66, "log_return"] = np.nan
    frame.loc[80:110, "volume"] = 0.0
    frame.loc[rng.random(230) < 0.3, "spread"] = np.nan
    frame.loc[140, "vwap"] = np.nan
    yield "gaps", frame

    steps = np.cumsum(rng.integers(-1, 2, 200))     # ticks of 1e-5 on a price of 1.1
    yield "pips", bars(np.round(1.1 + 1e-5 * steps, 5), rng)
    yield "tiny", bars(1.3 + 2e-7 * rng.standard_normal(200), rng)
    noise = np.where(np.arange(130) < 65, 4e-9, 1.6e-8)    # around BBANDS' 1e-8 of the mean
    yield "pegged", bars(1 + noise * rng.standard_normal(130), rng)
    yield "flat", bars(np.concatenate([np.full(80, 7.0), walk(rng, 50, start=7.0)]), rng)
    yield "dust", bars(walk(rng, 100, start=1e-12), rng)    # no size is too small
    yield "single", bars([5.0], rng)
    yield "rising", bars(10.0 + 0.5 * np.arange(100), rng)    # no loss, straight path


def over(values, length, function):
    """function of every full window; NaN where the window is not full or holds a NaN."""
    values = np.asarray(values, dtype=float)
    out = np.full(len(values), np.nan)
    for end in range(length, len(values) + 1):
        window = values[end - length:end]
        if not np.isnan(window).any():
            out[end - 1] = function(window)
    return out


def on_returns(returns, function):
    """function over the finite returns; a row without one repeats the value before it."""
    finite = np.isfinite(returns)
    out = np.full(len(returns), np.nan)
    out[finite] = function(returns[finite])
    last = np.nan
    for i in range(len(out)):
        if finite[i]:
            last = out[i]
        out[i] = last
    return out


def score(window):
    return np.nan if np.ptp(window) == 0 else (window[-1] - window.mean()) / window.std(ddof=1)


def pairs(function):
    return lambda window: function(window[1:], window[:-1])


def covariance(now, before):
    return np.cov(now, before, ddof=1)[0, 1]


def correlation(now, before):
    flat = np.ptp(now) == 0 or np.ptp(before) == 0
    return np.nan if flat else np.corrcoef(now, before)[0, 1]


def ewma(returns):
    """RiskMetrics; pandas' recursion (adjust=False) starts with the first value alike."""
    return np.sqrt(pd.Series(returns**2).ewm(alpha=0.06, adjust=False).mean().to_numpy())


def bollinger(window):
    deviation = 0.0 if np.ptp(window) == 0 else window.std()
    return (window[-1] - window.mean()) / deviation if deviation > 1e-8 * window.mean() else np.nan


def shape(name):
    """pandas' own skew or kurt of a window, NaN where all values are equal."""
    return lambda w: np.nan if np.ptp(w) == 0 else getattr(pd.Series(w / np.abs(w).max()), name)()


def features(b):
    o, h, l, c, v, r, spread, vwap, ticks = (b[x].to_numpy(dtype=float) for x in INPUTS)
    out = {}
    for n in (1, 5, 20):
        out[f"log_return_{n}"] = np.log(b.close / b.close.shift(n)).to_numpy()
    out["volatility_20"] = on_returns(
        r, lambda x: over(x, 20, lambda w: 0.0 if np.ptp(w) == 0 else w.std(ddof=1)))
    out["ewma_volatility_94"] = on_returns(r, ewma)
    spans, bodies = np.log(h / l), np.log(c / o)
    out["parkinson_20"] = np.sqrt(over(spans**2, 20, np.mean) / (4 * np.log(2)))
    out["garman_klass_20"] = np.sqrt(np.maximum(
        0, over(spans**2 / 2 - (2 * np.log(2) - 1) * bodies**2, 20, np.mean)))
    enough = len(c) > 1                             # TA-Lib refuses a single bar
    blank = np.full(len(c), np.nan)
    out["atr_14"] = talib.ATR(h, l, c, 14) if enough else blank
    out["rsi_14"] = talib.RSI(c, 14) if enough else blank
    out["ema_20"] = talib.EMA(c, 20) if enough else blank
    macd = talib.MACD(c, 12, 26, 9) if enough else (blank, blank, blank)
    for name, values in zip(("macd", "macd_signal", "macd_histogram"), macd):
        out[name + "_12_26_9"] = values
    out["sma_ratio_20"] = c / over(c, 20, np.mean) - 1
    out["ema_ratio_20"] = c / out["ema_20"] - 1
    out["bollinger_z_20"] = over(c, 20, bollinger)
    out["volume_z_20"] = over(v, 20, score)
    volumes = over(v, 20, np.sum)
    out["vwap_deviation_20"] = c / (
        over(vwap * v, 20, np.sum) / np.where(volumes > 0, volumes, np.nan)) - 1
    impact = np.abs(r) / (c * np.where(v > 0, v, np.nan))
    counts = over(np.isfinite(impact), 20, np.sum)
    out["amihud_20"] = over(np.nan_to_num(impact), 20, np.sum) / np.where(counts > 0, counts, np.nan)
    changes = np.diff(c, prepend=np.nan)
    out["roll_spread_20"] = 2 * np.sqrt(np.maximum(0, -over(changes, 21, pairs(covariance))))
    out["relative_spread"] = spread / c
    out["skew_60"] = on_returns(r, lambda x: over(x, 60, shape("skew")))
    out["kurtosis_60"] = on_returns(r, lambda x: over(x, 60, shape("kurt")))
    out["autocorrelation_60"] = on_returns(r, lambda x: over(x, 61, pairs(correlation)))
    out["drawdown_60"] = c / over(c, 60, np.max) - 1
    path = over(np.abs(changes), 10, np.sum)
    out["efficiency_ratio_10"] = np.abs(c - b.close.shift(10).to_numpy()) / np.where(
        path > 0, path, np.nan)
    out["tick_rate_z_20"] = over(ticks, 20, score)
    out = pd.DataFrame(out)
    return out.where(np.isfinite(out))


def normalized(frame):
    def one(column):
        return pd.Series(over(column.dropna(), 252, score), column.dropna().index)
    return frame.apply(one).reindex(frame.index).add_suffix("_z")


def main():
    OUT.mkdir(exist_ok=True)
    for name, frame in series():
        frame = frame[INPUTS]
        frame.to_csv(OUT / f"{name}.bars.csv", index=False)
        expected = features(frame)
        if len(frame) > 300:
            expected = pd.concat([expected, normalized(expected)], axis=1)
        chosen = [i for i in range(len(frame)) if i < 100 or i % 7 == 0]
        expected.iloc[chosen].to_csv(
            OUT / f"{name}.features.csv", index_label="row", float_format="%.14g")


if __name__ == "__main__":
    main()

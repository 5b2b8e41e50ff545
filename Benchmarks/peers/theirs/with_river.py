"""river: one rolling statistic for each pair, updated row by row."""

import serve
from river import stats, utils

WINDOW = 256
NEW_ROWS = 20


def fed(symbols, rows):
    """The statistics of all pairs after these rows."""
    every = [utils.Rolling(stats.PearsonCorr(), window_size=WINDOW) for _ in serve.pairs(symbols)]
    update(every, symbols, rows)
    return every


def update(every, symbols, rows):
    pairs = serve.pairs(symbols)
    for row in rows:
        for statistic, (i, j) in zip(every, pairs):
            statistic.update(row[i], row[j])
            statistic.get()


def correlation():
    rows = serve.returns().tolist()
    symbols = len(rows[0])
    warm = fed(symbols, rows[:WINDOW])

    def work():
        update(warm, symbols, rows[:NEW_ROWS])
        return NEW_ROWS

    def answer():
        answers, fresh, start = [], fed(symbols, []), 0
        for end in serve.checkpoints(len(rows)):
            update(fresh, symbols, rows[start:end])
            answers.append(serve.packed(symbols, [one.get() for one in fresh]))
            start = end
        return answers

    return work, answer


serve.serve({"correlation": correlation})

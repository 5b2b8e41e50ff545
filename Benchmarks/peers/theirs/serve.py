"""What every Python peer shares: the lines it exchanges with perf/peers, and its input."""

import json
import pathlib
import sys
import time

import numpy as np


def folder():
    return pathlib.Path(sys.argv[2])


def task():
    return sys.argv[1]


def numbers(name):
    """An array of the input, by the name of its file: `.f64` doubles, `.i64` integers."""
    kind = np.float64 if name.endswith(".f64") else np.int64
    return np.fromfile(folder() / name, dtype=kind)


def returns():
    """The rows of returns, one column a symbol."""
    return numbers("returns.f64").reshape(-1, int(numbers("symbols.i64")[0]))


def checkpoints(rows):
    """After how many rows the matrices are compared."""
    return [256, (256 + rows) // 2, rows]


def upper(matrix):
    """The upper triangle, row by row."""
    return matrix[np.triu_indices(len(matrix))]


def pairs(symbols):
    """The pairs of the upper triangle, row by row, without the diagonal."""
    return [(i, j) for i in range(symbols) for j in range(i + 1, symbols)]


def packed(symbols, values):
    """An upper triangle from the correlations of pairs(), with ones on the diagonal."""
    matrix = np.ones((symbols, symbols))
    for (i, j), value in zip(pairs(symbols), values):
        matrix[i, j] = value
    return upper(matrix)


def say(**reply):
    print(json.dumps(reply), flush=True)


def serve(tasks):
    """Makes the task of the command line, then obeys.

    A task is a function that prepares its input and returns: `work`, which does the timed work
    once and returns how many operations that were, and `answer`, which returns what came out as
    an array in the order that all sides agree on; a third, if any, is called before `work`, not
    timed.
    """
    try:
        work, answer, *before = tasks[task()]()
        say(ready=True)
        for line in sys.stdin:
            command, _, argument = line.strip().partition(" ")
            if command == "answer":
                values = np.asarray(answer(), dtype=np.float64).ravel()
                values.tofile(argument)
                say(values=len(values))
            else:
                for step in before:
                    step()
                start = time.perf_counter_ns()
                operations = work()
                say(nanoseconds=time.perf_counter_ns() - start, operations=operations)
    except Exception as error:  # the reason becomes a row of the table
        say(error=f"{type(error).__name__}: {error}")
        sys.exit(1)

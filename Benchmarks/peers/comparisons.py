"""What is compared with what."""

import dataclasses
import functools
from typing import Callable

import inputs


@dataclasses.dataclass(frozen=True)
class Peer:
    """Another's way to do the work of a comparison."""

    name: str  # as the table says it
    program: str  # `with_NAME` below theirs/
    expected: float | None = None  # theirs / ours at least
    environment: dict = dataclasses.field(default_factory=dict)
    task: str = ""  # where it differs from the comparison's


@dataclasses.dataclass(frozen=True)
class Comparison:
    """The same work by us and by others, on the same input, with the same answer."""

    name: str
    title: str
    operation: str  # what one operation is
    task: str  # ours
    prepare: Callable  # writes the input into a folder
    peers: tuple[Peer, ...]
    tolerance: float = 1e-9  # relative; near 0 absolute, `near` times as large
    near: float = 1e-3
    rounds: int = 5


COMPARISONS = [
    Comparison(
        "correlation.100", "correlation of 100 symbols, window 256",
        "one new row: update, matrix, version", "correlation",
        functools.partial(inputs.returns, symbols=100, rows=768),
        (Peer("numpy.corrcoef", "with_numpy", 40),)),
    Comparison(
        "correlation.1000", "correlation of 1,000 symbols, window 256",
        "one new row: update, matrix, version", "correlation",
        functools.partial(inputs.returns, symbols=1000, rows=512),
        (Peer("numpy.corrcoef", "with_numpy", 25),)),
    Comparison(
        "bars", "trades of 10 symbols to bars of 1 s, 10 trades a bar",
        "one trade, prices in memory", "bars",
        functools.partial(inputs.trades, symbols=10, seconds=10_000, per_second=10),
        (Peer("polars group_by", "with_polars", 30),)),
]

"""Two workers of the batch API beside two processes that know nothing of each other."""

import concurrent.futures

import quiet
from worker import Failure, Worker


def row(comparison, tool, folder, environment, progress):
    """Ours is an operation with two workers; theirs half of one of two processes at once."""
    made = {
        "comparison": comparison.name, "title": comparison.title,
        "operation": comparison.operation, "peer": "two processes with one worker each",
        "expected": 0.9, "note": "", "limit": comparison.limit}
    try:
        with (
            Worker([tool, "batch", folder], environment) as first,
            Worker([tool, "batch", folder], environment) as second,
            Worker([tool, "batch-2", folder], environment) as both,
            concurrent.futures.ThreadPoolExecutor(2) as pool,
        ):
            if (first.answer(folder / "1.f64") != both.answer(folder / "2.f64")).any():
                raise Failure("two workers give another matrix than one")
            alone, workers, processes, free = [], [], [], 0
            for turn in range(comparison.rounds):
                progress(f"{comparison.name}: {turn + 1} of {comparison.rounds}")
                quiet.wait()
                alone.append(first.nanoseconds())
                workers.append(both.nanoseconds())
                at_once = pool.map(lambda one: one.nanoseconds(), (first, second))
                processes.append(max(at_once) / 2)
                free += first.cores + second.cores > 1.8
    except Failure as failure:
        return made | {"failure": str(failure)}
    one, ours, theirs = min(alone), min(workers), min(processes)
    made["note"] = (
        f"one worker takes {one:.0f} ns: two are {one / ours:.2f} times as fast, two processes "
        f"{one / theirs:.2f} times")
    made |= {"free_rounds": free, "rounds": comparison.rounds}
    return made | {"ours_ns": ours, "theirs_ns": theirs, "ratio": theirs / ours}

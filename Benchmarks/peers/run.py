"""perf/peers: lets us and our peers do the same work in turns, and writes perf/peers.md."""

import argparse
import contextlib
import fnmatch
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

import numpy as np

import machine
import quiet
import report
import scaling
from comparisons import COMPARISONS
from worker import Failure, Worker

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "Benchmarks" / "peers"
SCRATCH = ROOT / ".build" / "peers"
TOOLS = SCRATCH / "tools"
DISRUPTOR = "/usr/share/java/disruptor.jar"
# One thread on every side, unless a row says otherwise.
ALONE = {
    "POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def disagreement(ours, theirs, comparison, peer):
    """None where the answers are the same, else in words by how much they are not."""
    if ours.shape != theirs.shape:
        return f"{theirs.size} values, ours are {ours.size}"
    kept = np.setdiff1d(np.arange(comparison.columns), peer.without)
    ours = ours.reshape(-1, comparison.columns)[:, kept]
    theirs = theirs.reshape(-1, comparison.columns)[:, kept]
    if not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return "values are absent where ours are not, or the other way round"
    # Near 0 a difference is measured by the usual size of the column.
    usual = np.nan_to_num(np.nanmedian(np.abs(ours), axis=0))
    room = comparison.tolerance * np.maximum(np.abs(ours), usual) + 1e-300
    distance = np.nan_to_num(np.abs(ours - theirs) / room)
    worst = distance.max(initial=0)
    if worst <= 1:
        return None
    column = f" in column {kept[distance.max(axis=0).argmax()]}" if len(kept) > 1 else ""
    return (
        f"differs by up to {worst * comparison.tolerance:.1e}{column}, "
        f"allowed {comparison.tolerance:g}")


def command(peer, comparison, folder):
    task = peer.task or comparison.task
    if peer.program == "Rings":
        return ["java", "-cp", f"{TOOLS}:{DISRUPTOR}", "Rings", task, folder]
    if (HERE / f"{peer.program}.cpp").exists():
        return [TOOLS / peer.program, task, folder]
    return [sys.executable, HERE / "theirs" / f"{peer.program}.py", task, folder]


def stored(path, table):
    """The table of a SQLite file, row by row."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        rows = database.execute(f"SELECT * FROM {table}").fetchall()
    return np.array(rows, dtype=float).ravel()


def versus(comparison, peer, folder, ours, answer):
    """The row of a peer: times of one operation, best of interleaved rounds."""
    row = {
        "comparison": comparison.name, "title": comparison.title,
        "operation": comparison.operation, "peer": peer.name, "expected": peer.expected,
        "note": peer.note, "limit": peer.limit,
    }
    try:
        with Worker(command(peer, comparison, folder), ALONE | peer.environment) as theirs:
            other = theirs.answer(folder / "theirs.f64")
            if comparison.stored:
                other = stored(folder / "theirs.db", comparison.stored)
            problem = disagreement(answer, other, comparison, peer)
            if problem:
                raise Failure(problem)
            times, cores = {"ours": [], "theirs": []}, []
            for turn in range(comparison.rounds):
                progress(f"{comparison.name}: {peer.name}, {turn + 1} of {comparison.rounds}")
                if comparison.threads > 1:
                    quiet.wait()
                times["ours"].append(ours.nanoseconds())
                times["theirs"].append(theirs.nanoseconds())
                cores.append(min(ours.cores, theirs.cores))
            row |= {f"{side}_ns": min(values) for side, values in times.items()}
            if comparison.threads > 1:
                row["free_rounds"] = sum(busy > 0.9 * comparison.threads for busy in cores)
                row["rounds"] = comparison.rounds
            row["ratio"] = row["theirs_ns"] / row["ours_ns"]
    except Failure as failure:
        row["failure"] = str(failure)
    return row


def compare(comparison, tool):
    folder = SCRATCH / comparison.name
    folder.mkdir(parents=True, exist_ok=True)
    progress(f"{comparison.name}: input")
    comparison.prepare(folder)
    rows = []
    if comparison.scales:
        rows.append(scaling.row(comparison, tool, folder, ALONE, progress))
        shutil.rmtree(folder)
        return rows
    with Worker([tool, comparison.task, folder], ALONE) as ours:
        answer = ours.answer(folder / "ours.f64")
        if comparison.stored:
            answer = stored(folder / "ours.db", comparison.stored)
        for peer in comparison.peers:
            rows.append(versus(comparison, peer, folder, ours, answer))
    shutil.rmtree(folder)
    return rows


def make_tools():
    """Compiles the peers that are not Python; one that does not compile fails when it is run."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    compile = ["g++", "-O3", "-DNDEBUG", "-std=c++17", "-pthread"]
    java = ["javac", "-cp", DISRUPTOR, "-d", TOOLS, HERE / "Rings.java"]
    inserts = [*compile, "-o", TOOLS / "inserts", HERE / "inserts.cpp", "-lsqlite3"]
    rings = [*compile, "-o", TOOLS / "rings", HERE / "rings.cpp"]
    for line in (rings, inserts, java):
        try:
            subprocess.run(line, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"perf/peers: {getattr(error, 'stderr', '') or error}", file=sys.stderr)


def build():
    progress("building")
    make_tools()
    subprocess.run(
        ["swift", "build", "-c", "release", "--product", "peers"], cwd=ROOT, check=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    path = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True,
        capture_output=True, text=True).stdout.strip()
    return pathlib.Path(path) / "peers"


def main():
    parser = argparse.ArgumentParser(prog="perf/peers", description=__doc__)
    parser.add_argument("--filter", default="*", metavar="GLOB", help="only these comparisons")
    parser.add_argument("--json", metavar="FILE", help="write the rows there too")
    parser.add_argument("--list", action="store_true", help="show the comparisons")
    options = parser.parse_args()
    chosen = [c for c in COMPARISONS if fnmatch.fnmatch(c.name, options.filter)]
    if options.list:
        for comparison in chosen:
            print(f"{comparison.name:18} {', '.join(p.name for p in comparison.peers)}")
        return
    if not chosen:
        parser.error(f"no comparison fits '{options.filter}'; --list shows them")
    tool = build()
    found = machine.describe(ROOT)
    rows = [row for comparison in chosen for row in compare(comparison, tool)]
    progress("")
    print(report.terminal(rows))
    if options.json:
        text = json.dumps({"machine": found, "results": rows}, indent=1, ensure_ascii=False)
        pathlib.Path(options.json).write_text(text + "\n")
    if chosen == COMPARISONS:
        (ROOT / "perf" / "peers.md").write_text(report.markdown(found, rows))


try:
    main()
except Failure as failure:
    sys.exit(f"perf/peers: our own side: {failure}")

"""Draws the costs in the results of `bench --json`: draw.py RESULTS FOLDER."""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

# The same bytes for the same results; text as outlines, as fonts differ between machines.
plt.rcParams.update({
    "svg.hashsalt": "tickloom", "font.size": 9, "axes.grid": True, "grid.alpha": 0.3,
    "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
    "legend.fontsize": 8, "figure.facecolor": "white",
})


class Picture:
    """One set of axes, and the results its lines come from."""

    def __init__(self, results, title, across, up):
        self.results = results
        self.figure, self.axes = plt.subplots(figsize=(4.6, 3.2), layout="constrained")
        self.axes.set(title=title, xlabel=across, ylabel=up)

    def line(self, label, pattern, places, scale=1.0, names=None):
        """A measured line: `pattern` with each place, or with its name, is a workload."""
        names = names or places
        values = [self.results[pattern.format(name)]["ns_per_op"] * scale for name in names]
        self.plot(label, places, values)
        return values

    def plot(self, label, places, values):
        self.axes.plot(places, values, marker="o", markersize=3.5, linewidth=1.4, label=label)

    def theory(self, label, places, values):
        self.axes.plot(places, values, "--", color="0.45", linewidth=1, label=label, zorder=1)

    def save(self, path, across="log", up="log", ticks=None):
        self.axes.set_xscale(across)
        self.axes.set_yscale(up)
        if up == "linear":
            # Room for the names above the lines.
            self.axes.set_ylim(bottom=0, top=1.5 * self.axes.get_ylim()[1])
        else:
            self.axes.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
            self.axes.yaxis.set_minor_formatter(lambda value, _: "")
        if ticks:
            self.axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
            self.axes.set_xticks([], minor=True)
        self.axes.legend()
        self.figure.savefig(path, metadata={"Date": None})
        plt.close(self.figure)


def symbols(results, path):
    places = [10, 50, 100, 200, 500, 1000]
    picture = Picture(results, "One version: row, matrix, hash", "symbols", "µs")
    picture.line("5 % missing", "correlation.version-missing.{}", places, 1e-3)
    picture.line(
        "5 % missing, exponential", "correlation.version-ewma-missing.{}", places, 1e-3)
    picture.line("complete", "correlation.version.{}", places, 1e-3)
    picture.line("complete, exponential", "correlation.version-ewma.{}", places, 1e-3)
    copies = [results[f"memory.copy.{n}x{n}"]["ns_per_op"] * 1e-3 for n in places]
    picture.theory("memcpy of the square matrix", places, copies)
    picture.save(path, ticks=places)


def missing(results, path):
    places = [0, 1, 5, 10, 20, 50]
    picture = Picture(results, "One version of 100 symbols", "returns absent, %", "µs")
    names = ["version", "missing-1", "version-missing", "missing-10", "missing-20", "missing-50"]
    values = picture.line("measured", "correlation.{}.100", places, 1e-3, names)
    # One path as soon as a pair may differ, and a pass over its pairs for each absent symbol.
    slope = (values[-1] - values[1]) / (places[-1] - places[1])
    picture.theory(
        "theory: a pass for each absent symbol", places[1:],
        [values[1] + slope * (place - places[1]) for place in places[1:]])
    picture.save(path, across="linear", up="linear", ticks=places)


def window(results, path):
    places = [64, 256, 1024, 4096]
    picture = Picture(results, "One version of 100 symbols", "rows in the window", "µs")
    names = ["window-64", "version", "window-1024", "window-4096"]
    values = picture.line("measured", "correlation.{}.100", places, 1e-3, names)
    picture.theory("theory: the window does not matter", places, [min(values)] * 4)
    picture.save(path, up="linear", ticks=places)


def files(results, path):
    places = [10_000, 100_000, 1_000_000]
    picture = Picture(results, "A run from file to matrix", "rows of the file", "ms")
    each = [results[f"run.file.{place}"]["ns_per_op"] * 1e-6 for place in places]
    picture.plot("measured", places, [time * place for time, place in zip(each, places)])
    picture.theory("theory: the best time a row", places, [min(each) * n for n in places])
    picture.save(path, ticks=places)


def batches(results, path):
    places = [1, 8, 64, 256]
    picture = Picture(results, "Batches", "ticks in a batch", "ns a tick")
    picture.line("ring, two threads", "ring.two-threads.{}", places)
    picture.line("ring, one thread", "ring.one-thread.{}", places)
    picture.line("bars", "bars.build.{}", places)
    picture.theory(
        "memcpy of a tick", places, [results["memory.copy.tick"]["ns_per_op"]] * len(places))
    picture.save(path, ticks=places)


def pipelines(results, path):
    places = [10, 100, 1000, 5000]
    picture = Picture(results, "From tick to version", "symbols, all active", "ns a tick")
    values = picture.line("measured", "pipeline.symbols.{}", places)
    # A row is shared by 20 ticks of each symbol; its matrix has symbols² entries.
    base, last = values[0], values[-1]
    slope = (last - base) / (places[-1] - places[0])
    picture.theory(
        "theory: constant + matrix entries a tick", places,
        [base + slope * (place - places[0]) for place in places])
    picture.save(path, ticks=places)


def engines(results, path):
    places = [10, 100, 1000]
    picture = Picture(results, "Engine: from push to version", "symbols, all active", "ns a tick")
    values = picture.line("measured, batches of 64", "engine.symbols.{}", places)
    picture.theory("theory: the symbols do not matter", places, [min(values)] * len(places))
    picture.save(path, up="linear", ticks=places)


def shards(results, path):
    picture = Picture(results, "200 symbols over shards", "shards", "ns a tick")
    for name, label in (("", "10 ticks a bar"), ("-dense", "100")):
        alone = picture.line(f"bars and features, {label}", f"engine.shards{name}.{{}}", [1, 2])
        picture.line(f"all of a pipeline, {label}", f"engine.spread{name}.{{}}", [1, 2, 4])
        theory = "theory: its share of the work" if name else None
        picture.theory(theory, [1, 2], [alone[0], alone[0] / 2])
    picture.save(path, up="linear", ticks=[1, 2, 4])


def queries(results, path):
    places = [200_000, 1_000_000, 3_000_000, 10_000_000]
    picture = Picture(
        results, "10,000 ticks of one symbol from a store", "ticks in the store", "ms")
    values = picture.line("measured", "query.range.{}", places, 1e-2)
    # SQLite's own rows are as many as the ticks, but 2 million at most.
    picture.line("plain rows with an index", "sqlite.range.{}", places[:2], 1e-2)
    picture.theory("theory: the size does not matter", places, [min(values)] * len(places))
    picture.save(path, up="linear", ticks=places)


def resuming(results, path):
    places = [0, 100_000, 300_000, 1_000_000, 3_000_000]
    picture = Picture(
        results, "Until an engine goes on", "inputs behind the snapshot", "ms")
    values = picture.line("measured", "journal.resume.{}", places, 1e-6)
    slope = (values[-1] - values[0]) / places[-1]
    picture.theory(
        "theory: constant + each input again", places,
        [values[0] + slope * place for place in places])
    picture.save(path, across="linear", up="linear", ticks=[0, 1_000_000, 3_000_000])


def stores(budgets, path):
    places = [200_000, 1_000_000, 3_000_000, 10_000_000]
    values = {budget["name"]: budget["value"] for budget in budgets}
    picture = Picture({}, "A store of inputs", "ticks", "MB")
    picture.plot("measured", places, [values[f"size.store.{place}"] for place in places])
    picture.theory("in memory: 80 bytes a tick", places, [80e-6 * place for place in places])
    picture.save(path, ticks=places)


def memory(budgets, path):
    places = [10, 100, 1000, 5000]
    values = {budget["name"]: budget["value"] for budget in budgets}
    picture = Picture({}, "Resident memory", "symbols, all active", "MB")
    for label, pattern in (("run", "memory.run.{}"), ("pipeline alone", "memory.pipeline.{}")):
        measured = [values[pattern.format(place)] for place in places]
        picture.plot(label, places, measured)
    picture.save(path, ticks=places)


def main():
    source, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    document = json.loads(pathlib.Path(source).read_text())
    results = {entry["name"]: entry for entry in document["results"]}
    drawn = (
        symbols, missing, window, files, batches, pipelines, engines, shards, queries, resuming)
    for draw, given in [(draw, results) for draw in drawn] + [
            (draw, document["budgets"]) for draw in (memory, stores)]:
        try:
            draw(given, folder / f"{draw.__name__}.svg")
        except KeyError as name:
            print(f"{draw.__name__}.svg is left as it is: {name} is not in {source}")


if __name__ == "__main__":
    main()

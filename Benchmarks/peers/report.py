"""The rows as a table for a terminal, and as perf/peers.md."""

import textwrap

INTRODUCTION = """\
# The same work by others

`make peers` writes this page. A row is the same input, in memory unless the row says file or
SQLite, and the same answer: they are compared first, to 1e-9 of a value (near 0 of the median of
its column), and a peer whose answer differs has no figure. Then both do the work in turns, warm,
and the best turn counts. Every side has one thread unless its name says otherwise; two-thread
figures have a core for each, and the best of nine turns. What a peer can do before the clock starts
(arrays, objects, queries) is done. Ratio is theirs ÷ ours: above 1 we are faster.
"""


def span(nanoseconds):
    """A duration with three digits, in the unit that suits it."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}".replace("e+03", "000")
    return f"{nanoseconds:.3g} ns"


def times(ratio):
    return f"{ratio:.2f} ×" if ratio < 10 else f"{ratio:,.0f} ×"


def missed(row):
    return "ratio" in row and row["expected"] is not None and row["ratio"] < row["expected"]


def expected(row):
    if row["expected"] is None:
        return ""
    return f"≥ {row['expected']:,g}" + (", missed" if missed(row) else "")


def remark(row):
    """How it was used, how free the cores were, or why it has no figure."""
    parts = [row["note"]] if row["note"] else []
    if "failure" in row:
        parts.insert(0, f"no figure: {row['failure']}")
    if row.get("free_rounds", 1) == 0:
        parts.append("fewer than two cores were free in every turn")
    elif "free_rounds" in row and row["free_rounds"] < row["rounds"]:
        parts.append(f"two cores were free in {row['free_rounds']} of {row['rounds']} turns")
    return "; ".join(parts)


def cells(row):
    if "ratio" not in row:
        return [row["peer"], "–", "–", "–", expected(row)]
    return [
        row["peer"], span(row["ours_ns"]), span(row["theirs_ns"]), times(row["ratio"]),
        expected(row)]


def grouped(rows):
    """The rows of each comparison, in order."""
    groups = {}
    for row in rows:
        groups.setdefault(row["comparison"], []).append(row)
    return groups


def terminal(rows):
    """Columns that line up, a heading for each comparison."""
    width = max((len(row["peer"]) for row in rows), default=0)
    lines = []
    for name, group in grouped(rows).items():
        head = group[0]
        lines += ["", f"{name}: {head['title']}; one op: {head['operation']}"]
        lines.append(f"  {'peer':{width}} {'ours':>9} {'theirs':>9} {'ratio':>9}  expected")
        for row in group:
            peer, ours, theirs, ratio, want = cells(row)
            lines.append(f"  {peer:{width}} {ours:>9} {theirs:>9} {ratio:>9}  {want}".rstrip())
            if remark(row):
                lines += textwrap.wrap(
                    remark(row), 96, initial_indent="      ", subsequent_indent="      ")
    return "\n".join(lines[1:])


def markdown(machine, rows):
    lines = [INTRODUCTION]
    lines += [f"- {name}: {value}" for name, value in machine.items()]
    lines += ["", "| comparison | peer | ours | theirs | ratio | expected |",
              "|---|---|--:|--:|--:|---|"]
    for name, group in grouped(rows).items():
        for row in group:
            lines.append("| " + " | ".join([f"`{name}`", *cells(row)]) + " |")
    lines += ["", "## What is compared", ""]
    for name, group in grouped(rows).items():
        head = group[0]
        lines.append(f"- `{name}`: {head['title']}. One operation: {head['operation']}.")
        lines += [f"  - {row['peer']}: {remark(row)}." for row in group if remark(row)]
    short = [row for row in rows if missed(row)]
    if short:
        lines += ["", "## Where less was reached than expected", ""]
        lines += [
            f"- `{row['comparison']}` beside {row['peer']}: {times(row['ratio'])} of "
            f"{row['expected']:,g}. {row['limit'] or 'Not looked into yet.'}" for row in short]
    return "\n".join(lines) + "\n"

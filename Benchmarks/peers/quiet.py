"""Waiting for a moment in which nothing else runs, as far as there is one."""

import pathlib
import time


def counts():
    """Idle and all time of all cores, in ticks of the system, since it started."""
    fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    ticks = [int(field) for field in fields]
    return ticks[3] + ticks[4], sum(ticks)


def wait(seconds=1.0, share=0.9):
    """Returns once the cores were idle for `share` of a twentieth of a second, or time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        idle, total = counts()
        time.sleep(0.05)
        idle_then, total_then = counts()
        if idle_then - idle >= share * (total_then - total):
            return

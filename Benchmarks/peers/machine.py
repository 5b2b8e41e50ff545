"""What a figure depends on beside the code: the machine, the tools, the versions."""

import importlib.metadata
import os
import pathlib
import platform
import re
import subprocess

PACKAGES = ("numpy", "pandas", "polars", "TA-Lib", "nautilus_trader", "river", "flox-py")
DEBIAN = {"boost": "libboost-dev", "readerwriterqueue": "libreaderwriterqueue-dev",
          "disruptor": "libdisruptor-java", "sqlite": "libsqlite3-dev"}


def output(*command, root=None):
    """The first line a command says, or that it is not there."""
    try:
        run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "not there"
    return (run.stdout.strip() or run.stderr.strip()).splitlines()[0]


def version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def field(file, pattern):
    try:
        found = re.search(pattern, pathlib.Path(file).read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else "unknown"


def describe(root):
    """Names and values, in the order of the report."""
    debian = " ".join(
        f"{name} {output('dpkg-query', '-W', '-f', '${Version}', package)}"
        for name, package in DEBIAN.items())
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--", "Sources", "CSources", "Benchmarks/peers"],
        cwd=root, capture_output=True, text=True).stdout.strip()
    return {
        "processor": field("/proc/cpuinfo", r"^model name\s*: (.*)$"),
        "cores": len(os.sched_getaffinity(0)),
        "system": field("/etc/os-release", r'^PRETTY_NAME="(.*)"') + ", " + platform.release(),
        "commit": output("git", "rev-parse", "--short=12", "HEAD", root=root)
        + (" with changes" if changed else ""),
        "swift": output("swift", "--version"),
        "compilers": f"{output('g++', '--version')}; {output('java', '-version')}",
        "python": f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "debian": debian,
    }

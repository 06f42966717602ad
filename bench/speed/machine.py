"""The machine and the versions of what is compared; no name of a host, no path."""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import real
from peers import HERE, SYSTEM_PYTHON


def processor():
    """The model of the processor."""
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found.group(1) if found else platform.machine()


def slug(text):
    """As a part of a file name."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"\((r|tm)\)|@.*|cpu|processor", "", text.lower())).strip("-")


def memory_gigabytes():
    """Memory of the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def said(command):
    """The first line of what a command prints, "" where it cannot be run."""
    if not shutil.which(str(command[0])):
        return ""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().split("\n")[0]


def commit():
    """The commit, and whether anything differs from it."""
    git = lambda *words: subprocess.run(["git", *words], cwd=real.ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return git("rev-parse", "--short", "HEAD") + (", with changes" if git("status", "--porcelain", "--untracked-files=no") else "")


def versions(tools, python):
    """Name and version of everything that is run."""
    lock = (real.ROOT / "bench/speed/engines/Cargo.lock").read_text()
    tantivy = re.search(r'name = "tantivy"\nversion = "([^"]+)"', lock).group(1)
    package = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
    postgres = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    pagefind = json.loads((HERE / "pagefind/package.json").read_text())["dependencies"]["pagefind"]
    found = {
        "Rex": said([tools.rex, "--version"]).removeprefix("rex "),
        "tantivy": tantivy,
        "rustc": " ".join(said(["rustc", "--version"]).split()[1:2]),
        "SQLite": said([python, "-c", "import sqlite3; print(sqlite3.sqlite_version)"]),
        "PostgreSQL": said([postgres[-1], "--version"]).split()[2] if postgres else "",
        "tantivy-py": said([python, "-c", package, "tantivy"]),
        "Xapian": said([SYSTEM_PYTHON, "-c", "import xapian; print(xapian.version_string())"]),
        "Pagefind": pagefind,
        "Node": said(["node", "--version"]).removeprefix("v"),
        "wrk": " ".join(said(["wrk", "--version"]).split()[1:2]),
        "Python": sys.version.split()[0],
    }
    return {name: version for name, version in found.items() if version and "Error" not in version and "Traceback" not in version}

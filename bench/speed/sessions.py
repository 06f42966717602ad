"""Processes with a line protocol, see `engines/src/session.rs`; memory and processor time of a process."""

import json
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

# Seconds between two samples of the memory of a process.
LOOK = 0.005


class Session:
    """An engine in a process of its own."""

    def __init__(self, command, environment=None):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, **(environment or {})})
        self._line()

    def ask(self, *words):
        """What it answers to a line."""
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self._line()

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args[0]} ended with {self.process.wait()}")
        return json.loads(line)

    def close(self):
        """Ends it."""
        self.process.stdin.close()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def memory(pid):
    """Megabytes of a process in memory: all, its own (anonymous), of files it maps."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return {name: int(lines[key].split()[0]) * 1024 / 1e6 for name, key in (("rss", "VmRSS"), ("anon", "RssAnon"), ("file", "RssFile"))}


def processor_seconds(pid):
    """Seconds of processor that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(command, cwd=None, environment=None):
    """Runs a command to its end: seconds, seconds of processor, largest memory in MB, with and without the files it has mapped.

    Raises RuntimeError with the end of its output if it fails."""
    with tempfile.TemporaryFile("w+") as said:
        started, peak, own = time.perf_counter(), 0.0, 0.0
        process = subprocess.Popen([str(part) for part in command], cwd=cwd, stdout=subprocess.DEVNULL, stderr=said,
                                   env={**os.environ, **(environment or {})})
        while True:
            # The peak memory of wait4 includes that of this process, which the child shares before `exec`.
            peak, own = max(peak, megabytes(process.pid, "VmHWM")), max(own, megabytes(process.pid, "RssAnon"))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            time.sleep(LOOK)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said.read()[-400:].strip()}")
    return {"seconds": seconds, "processor": usage.ru_utime + usage.ru_stime, "peak": peak, "own": own}


def megabytes(pid, kind):
    """Megabytes of a process by their name in its status: `VmHWM`, the most so far; `RssAnon`, without files. 0 if it has exited."""
    found = re.search(rf"{kind}:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) * 1024 / 1e6 if found else 0.0


def size(folder):
    """Bytes of all files of a folder."""
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())

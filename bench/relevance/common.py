"""What every module here uses: failures, programs, digests, tables."""

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Failure(Exception):
    """An error, as one sentence."""


def command(arguments):
    """Runs a program and returns its output; raises with the end of its error output if it fails."""
    try:
        ran = subprocess.run([*map(str, arguments)], capture_output=True, encoding="utf-8", check=False)
    except OSError as error:
        raise Failure(f"cannot run {arguments[0]}: {error.strerror}") from error
    if ran.returncode != 0:
        said = (ran.stderr.strip() or ran.stdout.strip()).splitlines() or ["it said nothing"]
        raise Failure(f"{Path(arguments[0]).name} ended with {ran.returncode}: {said[-1]}")
    return ran.stdout


def say(line):
    print(line, file=sys.stderr, flush=True)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def table(head, rows, kinds):
    """A table in Markdown. `kinds` says of its first columns whether they are labels (l) or numbers (n); others are n."""
    align = ["---" if kind == "l" else "---:" for kind in kinds.ljust(len(head), "n")]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, align, *rows])

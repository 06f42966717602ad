#!/usr/bin/env python3
"""Times `rex import decp` and `rex index` beside a program that parses the same file and feeds tantivy directly.

Contracts are made from the real files of ../shared/data/decp by a seeded generator, so that the files can be as large as one
likes; every program reads the same file, one after the other, several times over, and medians are compared. Standard library only.
"""

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FILES = ["marches-publics.info.json", "e-marchespublics.json", "data.gouv.fr_pes.json"]
SEED = 2026


def real_contracts(data):
    """The contracts of the official files of 2019."""
    contracts = []
    for name in FILES:
        contracts += json.loads((data / name).read_text(encoding="utf-8"))["marches"]
    return contracts


def write_contracts(contracts, count, path):
    """Writes a DECP file of `count` contracts: each is a real one, with half the words of its object from another one, and
    every tenth of them buyer and holders of a third. Skew of buyers, places, codes and words stays that of the real files."""
    dice = random.Random(SEED)
    with open(path, "w", encoding="utf-8") as out:
        out.write('{"marches":[')
        for rank in range(count):
            contract = dict(dice.choice(contracts))
            words, others = contract["objet"].split(), dice.choice(contracts)["objet"].split()
            contract["objet"] = " ".join(words[: (len(words) + 1) // 2] + others[len(others) // 2 :])
            contract["id"] = f"{rank:09d}"
            if rank % 10 == 0:
                third = dice.choice(contracts)
                contract.update({key: third[key] for key in ("acheteur", "titulaires") if key in third})
            out.write(("," if rank else "") + json.dumps(contract, ensure_ascii=False))
        out.write("]}")
    return path.stat().st_size


def timed(command, cwd=None):
    """Runs a command to its end: seconds, seconds of processor, largest memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
    seconds = time.perf_counter() - started
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def programs(rex, plain, contracts, folder):
    """What is timed: name, command, folder it runs in."""
    site = folder / "site"
    (site / "corpus").mkdir(parents=True)
    records, index = site / "corpus" / "contracts.jsonl", folder / "plain"
    rows = [("rex import decp", [rex, "import", "decp", contracts, "--out", records], site)]
    rows.append(("rex index", [rex, "index"], site))
    for name, arguments in [
        ("serde + tantivy, same fields, 1 writer", ["same", "1"]),
        ("serde + tantivy, same fields, 2 writers", ["same", "2"]),
        ("serde + tantivy, one text field, 1 writer", ["plain", "1"]),
    ]:
        rows.append((name, [plain, *arguments, contracts, index], None))
    return rows, site / "index"


def measure(rex, plain, contracts, folder, runs):
    """Medians by program, all programs in turn in every round."""
    rows, index = programs(rex, plain, contracts, folder)
    found = {name: [] for name, _, _ in rows}
    for _ in range(runs):
        for name, command, cwd in rows:
            if name == "rex index":
                shutil.rmtree(index, ignore_errors=True)
            found[name].append(timed([str(part) for part in command], cwd))
    return {name: tuple(statistics.median(figures) for figures in zip(*all_runs)) for name, all_runs in found.items()}


def table(medians, count):
    """The figures in Markdown, and how many times the speed of each peer Rex has, import and indexing together."""
    lines = ["| program | seconds | processor s | contracts/s | peak MB |", "| --- | --- | --- | --- | --- |"]
    for name, (seconds, processor, memory) in medians.items():
        lines.append(f"| {name} | {seconds:.2f} | {processor:.2f} | {count / seconds:,.0f} | {memory:.0f} |")
    ours = [sum(figures) for figures in zip(medians["rex import decp"][:2], medians["rex index"][:2])]
    lines += ["", "Rex, import and indexing together, beside each peer (1 is as fast, 0.5 half the speed):", ""]
    lines += ["| peer | by the clock | by processor time |", "| --- | --- | --- |"]
    for name, (seconds, processor, _) in medians.items():
        if not name.startswith("rex"):
            lines.append(f"| {name} | {seconds / ours[0]:.2f} | {processor / ours[1]:.2f} |")
    return lines


def large(rex, contracts, gigabytes, folder):
    """The memory of an import of a file of so many gigabytes."""
    sample = folder / "sample.json"
    size = write_contracts(contracts, 20_000, sample) / 20_000
    sample.unlink()
    path = folder / "large.json"
    count = int(gigabytes * 1e9 / size)
    size = write_contracts(contracts, count, path)
    seconds, _, memory = timed([str(rex), "import", "decp", str(path), "--out", str(folder / "large.jsonl")])
    return f"A file of {size / 1e9:.2f} GB, {count:,} contracts: imported in {seconds:.0f} s, peak memory {memory:.0f} MB."


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rex", type=Path, default=ROOT / "target/release/rex")
    arguments.add_argument("--data", type=Path, default=ROOT.parent / "shared/data/decp")
    arguments.add_argument("--records", type=int, default=100_000, help="contracts of the timed file")
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--large", type=float, default=0, help="also import a file of so many gigabytes, for its memory")
    arguments.add_argument("--out", type=Path, help="folder for a record of the run")
    options = arguments.parse_args()
    if not options.data.exists():
        sys.exit(f"no DECP files at {options.data}; name their folder with --data")
    if not options.rex.exists():
        sys.exit(f"no {options.rex}; run `cargo build --release`, or name another with --rex")
    plain = HERE / "tantivy/target/release/plain-tantivy"
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=HERE / "tantivy", check=True)
    contracts = real_contracts(options.data)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "contracts.json"
        size = write_contracts(contracts, options.records, path)
        medians = measure(options.rex.resolve(), plain, path, folder, options.runs)
        lines = table(medians, options.records)
        if options.large:
            lines += ["", large(options.rex.resolve(), contracts, options.large, folder)]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    head = [
        f"# Import and indexing, {time.strftime('%Y-%m-%d')}",
        "",
        f"`python3 bench/import/run.py {' '.join(sys.argv[1:])}` at commit {commit}; {os.cpu_count()} cores, {platform.machine()}.",
        f"{options.records:,} contracts, {size / 1e6:.0f} MB, seed {SEED}; medians of {options.runs} runs, the programs in turn.",
        "",
    ]
    text = "\n".join(head + lines) + "\n"
    print(text)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "README.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

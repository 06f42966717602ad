"""Measures Rex beside raw tantivy, SQLite, PostgreSQL, tantivy-py, Xapian and Pagefind: the same documents, the same queries, in turn on
one machine. Writes a folder in `bench/runs/`. See README.md; `cargo xtask bench` provides what it needs and runs it.
"""

import argparse
import os
import sys
import time
import unittest
from contextlib import ExitStack
from pathlib import Path

import check
import corpora
import growth
import indexing
import latency
import machine
import peers
import queries
import real
import report
import targets
import web

SECTIONS = ["latency", "http", "index", "growth"]
PEERS = ["tantivy", "sqlite", "postgres", "tantivy-py", "xapian", "pagefind"]
# Corpora that a peer is not for: a static site has no more than some thousand pages.
ONLY = {"pagefind": {"a"}}


def options():
    """The command line."""
    parser = argparse.ArgumentParser(prog="cargo xtask bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    listed = lambda known: lambda text: [name for name in text.split(",") if name in known or parser.error(f"{name}: not one of {', '.join(known)}")]
    parser.add_argument("--quick", action="store_true", help="50,000 contracts and fewer rounds, for a look")
    parser.add_argument("--contracts", type=int, help="contracts of corpus (c) [default: 1,000,000]")
    parser.add_argument("--corpora", type=listed(["a", "b", "c"]), default=["a", "b", "c"], help="a,b,c")
    parser.add_argument("--peers", type=listed(PEERS), default=PEERS, help=",".join(PEERS))
    parser.add_argument("--only", type=listed(SECTIONS), default=SECTIONS, help=",".join(SECTIONS))
    parser.add_argument("--rounds", type=int, help="rounds of all queries [default: 5, quick 3]")
    parser.add_argument("--budget", type=float, help="seconds of a mode of a peer over a corpus: who is slower is asked a sample [default: 40, quick 10]")
    parser.add_argument("--data", type=Path, default=real.DATA, help="folder that has decp/*.json and cpv/*.csv")
    parser.add_argument("--rex", type=Path, default=real.ROOT / "target/release/rex")
    parser.add_argument("--engines", type=Path, default=real.ROOT / "target/release/speed-engines")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="a Python that has peers/requirements.txt")
    parser.add_argument("--out", type=Path, help="folder of the record [default: bench/runs/DATE-PROCESSOR-CORES-cores]")
    found = parser.parse_args()
    found.contracts = found.contracts or (50_000 if found.quick else 1_000_000)
    found.rounds = found.rounds or (3 if found.quick else 5)
    found.budget = found.budget or (10 if found.quick else 40)
    # Run from any folder, and what is run from others.
    found.rex, found.engines = found.rex.resolve(), found.engines.resolve()
    found.data, found.python = found.data.resolve(), found.python.absolute()
    for path in (found.rex, found.engines, found.data / "decp", found.data / "cpv"):
        if not path.exists():
            sys.exit(f"no {path}; `cargo xtask bench` builds the programs, --data names the folder of the official files")
    return found


def log(sentence):
    """Prints progress."""
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


def prepared(chosen, tools, results):
    """The corpora by name, prepared for searching."""
    drawn = corpora.official(tools)
    found = {"a": corpora.shipped(tools), "b": drawn}
    if "c" in chosen.corpora:
        log(f"{chosen.contracts:,} contracts are made")
        found["c"] = corpora.generated(tools, chosen.contracts, drawn)
    found = {name: corpus for name, corpus in found.items() if name in chosen.corpora}
    for name, corpus in found.items():
        log(f"corpus {name} is prepared")
        if name == "c" and "index" in chosen.only:
            corpus.prepare_site()
            results["whole"] = indexing.whole(corpus, log)
        corpus.prepare()
        results["corpora"][name] = {"records": corpus.count(), "bytes": corpus.records.stat().st_size}
    return found


def compare(corpus, chosen, tools, stack, results):
    """Latencies of every available peer on one corpus."""
    ready = []
    for name in chosen.peers:
        if corpus.name not in ONLY.get(name, {"a", "b", "c"}) or name in results["missing"]:
            continue
        try:
            peer = results["peers"].get(name) or peers.find(name, tools, chosen.python, stack)
            results["peers"][name] = peer
            log(f"{corpus.name}: index of {name}")
            results["built"][corpus.name, name] = peer.build(corpus)
            ready.append(peer)
        except (peers.Missing, RuntimeError, OSError) as error:
            log(f"{name} is left out: {error}")
            results["missing"][name] = str(error)
    runs, missing, checked = latency.measure(corpus, ready, chosen.rounds, chosen.budget, log)
    results["missing"] |= missing
    results["latency"][corpus.name] = {"runs": runs, "checked": checked, "asked": queries.read(corpus.queries)}


def main():
    """Runs the selected measurements and writes the record."""
    chosen = options()
    started = time.time()
    tests = unittest.defaultTestLoader.discover(str(Path(__file__).resolve().parent), pattern="tests.py")
    if not unittest.TextTestRunner(verbosity=0).run(tests).wasSuccessful():
        sys.exit(1)
    tools = corpora.Tools(chosen.rex, chosen.engines, chosen.data)
    results = {"corpora": {}, "peers": {}, "built": {}, "missing": {}, "latency": {}, "http": {}, "start": {}}
    with ExitStack() as stack:
        found = prepared(chosen, tools, results)
        if "latency" in chosen.only:
            for corpus in found.values():
                compare(corpus, chosen, tools, stack, results)
    for name, corpus in found.items():
        if "http" in chosen.only and name in ("a", "c"):
            log(f"{name}: start and memory")
            results["start"][name] = web.start_and_memory(corpus, 5)
            results["http"][name] = web.throughput(corpus, chosen.rounds, 3 if chosen.quick else 8, os.cpu_count(), log)
    if "c" in found and "index" in chosen.only:
        part = found["c"] if chosen.contracts <= corpora.INDEXED else corpora.generated(tools, corpora.INDEXED, found["c"])
        part.prepare_site()
        results["index"] = indexing.compare(part, chosen.rounds if chosen.quick else 3, log)
    if "c" in found and "growth" in chosen.only:
        results["growth"] = growth.measure(found["c"], 2, log)
    if "c" in found:
        log("made contracts are held against real ones")
        results["check"] = check.tables(chosen.data, corpora.decp_file(found["c"]))
    results |= {"machine": machine, "binary": chosen.rex.stat().st_size, "minutes": (time.time() - started) / 60}
    out = chosen.out or real.ROOT / "bench/runs" / f"{time.strftime('%Y-%m-%d')}-{machine.slug(machine.processor())}-{os.cpu_count()}-cores"
    judged = targets.judge(results)
    report.write(out, results, judged, chosen, machine.versions(tools, chosen.python))
    log(f"record in {out}")
    unexplained = report.unexplained(results)
    for sentence in unexplained:
        print(sentence, file=sys.stderr)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Compares the relevance of Rex and its peers: the same documents and queries in one run. See README.md beside this file."""

import argparse
import contextlib
import csv
import os
import platform
import re
import signal
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

import robust
from common import HERE, ROOT, Failure, command, digest, say, table
from contracts import RexRecords, contracts
from engines import Rex, peers, run_engines, run_path
from measures import MEASURES, RESAMPLES, intervals, means, measure
from opensearch_node import OpenSearch
from queries import COLLECTIONS, SPLITS, load_collections, read_run

# What `rex eval --json` calls the measures.
REX_FIGURES = ["ndcg_at_10", "mrr_at_10", "recall_at_100", "no_result_share"]
# Of one figure computed twice: the order of a sum.
ROUNDING = 1e-9


def main():
    options = read_options()
    # Peers are stopped on both.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("run.py: terminated"))
    rex = Rex(options.rex)
    collections_ = load_collections(options.data, options.only)
    open_sets = [*collections_]
    if options.contracts:
        judged_contracts = contracts(rex, options.data, options.cache)
        collections_.append(judged_contracts)
    if not collections_:
        raise Failure(f"no collection in {options.data}, name another folder with --data")
    if options.rules:
        print(rules_table(rex, collections_, options.cache))
        return
    with contextlib.ExitStack() as resources:
        engines = [*peers(options.cache, resources), rex]
        run_engines(engines, collections_, options.cache)
        figures = measure_all(engines, collections_)
        compare_with_eval(rex, collections_, figures)
        results = mean_figures(engines, collections_, figures)
        report = tables(engines, collections_, results)
        report += "\n\n" + interval_table(engines, collections_, figures)
        if options.contracts:
            report += "\n\n" + records_table(rex, judged_contracts, engines, figures, options.cache)
        if options.robust:
            nodes = [engine for engine in engines if isinstance(engine, OpenSearch)]
            typists = [rex, *nodes, *(OpenSearch(engine.node, fuzzy=True) for engine in nodes)]
            report += "\n\n" + robust.report(typists, open_sets, options.cache)
        if options.check:
            report += "\n\n" + check(rex, engines, collections_, results)
    print(report)
    if options.out:
        write_record(options, report, engines, collections_, results)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    places = {
        "rex": (ROOT / "target/release/rex", "the binary [target/release/rex]"),
        "data": (ROOT.parent / "shared/data/ir", "folder of the collections [../shared/data/ir]"),
        "cache": (HERE / ".cache", "folder of what is downloaded and built [bench/relevance/.cache]"),
        "out": (None, "record the run in this folder: README.md and summary.csv"),
    }
    flags = {
        "check": "compare the figures with those of ir_measures",
        "contracts": "compare on contracts too, judged by their CPV codes",
        "robust": "what each query loses without accents, in capitals, with a typing error",
        "rules": "what nDCG@10 becomes without each rule of Rex",
    }
    for name, (default, help_) in places.items():
        parser.add_argument(f"--{name}", type=lambda text: Path(text).resolve(), default=default, help=help_)
    names = [name for name, *_ in COLLECTIONS]
    parser.add_argument("--only", action="append", choices=names, help="compare on this collection only; repeatable")
    for name, help_ in flags.items():
        parser.add_argument(f"--{name}", action="store_true", help=help_)
    options = parser.parse_args()
    named = [name for name, (default, _) in places.items() if getattr(options, name) != default]
    # As seen from the repository: a record says nothing of the machine's folders.
    named = [f"--{name} {os.path.relpath(getattr(options, name), ROOT)}" for name in named]
    named += [f'--only "{name}"' for name in options.only or []]
    named += [f"--{name}" for name in flags if getattr(options, name)]
    options.command = " ".join(["python3 bench/relevance/run.py", *named])
    (options.cache / "runs").mkdir(parents=True, exist_ok=True)
    return options


def measure_all(engines, collections_):
    """The measures by collection and engine, then by query."""
    return {
        (collection.name, engine.name): measure_run(engine.runs[collection.name], collection)
        for collection in collections_
        for engine in engines
    }


def measure_run(path, collection):
    ranked = read_run(path)
    return {query: measure(ranked[query], collection.grades[query]) for query in collection.split}


def mean_figures(engines, collections_, figures):
    """The means, by collection, split and engine."""
    results = {}
    for collection in collections_:
        for engine in engines:
            by_query = figures[collection.name, engine.name]
            for split in SPLITS:
                results[collection.name, split, engine.name] = means([by_query[query] for query in collection.ids(split)])
    return results


def compare_with_eval(rex, collections_, figures):
    """`rex eval` and this script must compute the same figures from the same hits."""
    for collection in collections_:
        ours = means(list(figures[collection.name, rex.name].values()))
        for name, mine in zip(REX_FIGURES, ours):
            its = rex.figures[collection.name][name]
            if abs(its - mine) > ROUNDING:
                raise Failure(f"`rex eval` says {name} {its} on {collection.name}, this script {mine}")


def tables(engines, collections_, results):
    """Two tables in Markdown: nDCG@10 at a glance, then everything."""
    names = [engine.name for engine in engines]
    glance, detail = [], []
    for collection in collections_:
        for split in SPLITS:
            size = len(collection.ids(split))
            rows = [results[collection.name, split, name] for name in names]
            ratios = [ratio([row[at] for row in rows]) for at in range(3)]
            glance.append([collection.name, split, size, *(f"{row[0]:.4f}" for row in rows), ratios[0]])
            for name, row in zip(names, rows):
                detail.append([collection.name, split, size, name, *(f"{figure:.4f}" for figure in row)])
            detail.append([collection.name, split, size, "Rex / best peer", *ratios, "–"])
    head = ["collection", "split", "queries"]
    glance = table([*head, *names, "Rex / best peer"], glance, "lln")
    detail = table([*head, "engine", *MEASURES], detail, "llnl")
    return f"nDCG@10:\n\n{glance}\n\nAll measures:\n\n{detail}"


def ratio(figures):
    """Rex, which comes last, over the best of its peers."""
    *others, ours = figures
    return f"{ours / max(others):.3f}" if others and max(others) > 0 else "–"


def interval_table(engines, collections_, figures):
    """nDCG@10 of Rex minus that of each peer, with its interval."""
    *others, rex = [engine.name for engine in engines]
    rows = []
    for collection in collections_:
        for split in SPLITS:
            queries = collection.ids(split)
            ours, *theirs = ({query: figures[collection.name, name][query][0] for query in queries} for name in [rex, *others])
            found = intervals(ours, dict(zip(others, theirs)), collection.group)
            groups = len({collection.group[query] for query in queries})
            rows.append([collection.name, split, len(queries), groups, *map(interval_text, found.values())])
    head = ["collection", "split", "queries", "groups", *others]
    return (
        "nDCG@10 of Rex minus that of each peer, with 95 % intervals (paired bootstrap over groups of queries, "
        f"{RESAMPLES:,} resamples):\n\n{table(head, rows, 'll')}"
    )


def interval_text(found):
    mean, low, high = found
    return f"{mean:+.4f} [{low:+.4f}, {high:+.4f}]"


def records_table(rex, collection, engines, figures, cache):
    """nDCG@10 of Rex with the names of the contracts in their own fields, minus that of every engine with the names as text."""
    records = RexRecords(rex, cache)
    path = run_path(records, collection, cache)
    records.run(collection, path)
    ours = {query: row[0] for query, row in measure_run(path, collection).items()}
    theirs = {engine.name: {query: row[0] for query, row in figures[collection.name, engine.name].items()} for engine in engines}
    found = intervals(ours, theirs, collection.group)
    row = [f"{sum(ours.values()) / len(ours):.4f}", *map(interval_text, found.values())]
    return (
        "Contracts as records of `rex index`, buyer and holders in their own fields: nDCG@10, and the difference from each engine "
        f"above:\n\n{table([records.name, *theirs], [row], '')}"
    )


def check(rex, engines, collections_, results):
    """The largest difference between our figures and those that ir_measures finds in the same run files."""
    try:
        import ir_measures
        from ir_measures import RR, R, nDCG
    except ImportError as error:
        raise Failure("--check needs ir_measures: pip install ir_measures") from error
    wanted = [nDCG @ 10, RR @ 10, R @ 100]
    ours, theirs = [], []
    for collection in collections_:
        for engine in engines:
            run = list(ir_measures.read_trec_run(str(engine.runs[collection.name])))
            for split in SPLITS:
                qrels = {query: collection.grades[query] for query in collection.ids(split)}
                found = ir_measures.calc_aggregate(wanted, qrels, run)
                figures = results[collection.name, split, engine.name]
                ours += [abs(found[one] - figure) for one, figure in zip(wanted, figures)]
            if engine is rex:
                figures = [rex.figures[collection.name][name] for name in REX_FIGURES]
                theirs += [abs(found[one] - figure) for one, figure in zip(wanted, figures)]
    return (
        f"Largest difference from ir_measures {version('ir_measures')} on the same run files: "
        f"`rex eval` {max(theirs):.1e} ({len(theirs)} figures), this script {max(ours):.1e} ({len(ours)} figures)."
    )


def rules_table(rex, collections_, cache):
    """nDCG@10 with all the rules, then what leaving each out changes, on both parts of each collection."""
    parts = SPLITS[:2]
    rules = rex.rules()

    def figures(without):
        row = []
        for collection in collections_:
            path = cache / "runs/rules.run"
            rex.run(collection, path, without)
            by_query = measure_run(path, collection)
            row += [means([by_query[query] for query in collection.ids(part)])[0] for part in parts]
        return row

    whole = figures(None)
    rows = [["(all rules)", *(f"{figure:.4f}" for figure in whole)]]
    for rule in rules:
        say(f"without {rule}")
        rows.append([f"without {rule}", *(f"{off - on:+.4f}" for off, on in zip(figures(rule), whole))])
    columns = [f"{collection.name}, {part}" for collection in collections_ for part in parts]
    return table(["nDCG@10", *columns], rows, "l")


def write_record(options, report, engines, collections_, results):
    """Writes the record of the run: versions, machine, collections and results."""
    options.out.mkdir(parents=True, exist_ok=True)
    facts = {
        "date": date.today().isoformat(),
        "command": f"`{options.command}`",
        "commit": commit(),
        **{engine.name: engine.version for engine in engines},
        "Python": platform.python_version(),
        "processor": f"{processor()}, {os.cpu_count()} threads, {platform.system()} {platform.machine()}",
    }
    runs = []
    for collection in collections_:
        for engine in engines:
            path = engine.runs[collection.name]
            ranked = read_run(path)
            hits = sum(map(len, ranked.values()))
            runs.append([collection.name, engine.name, len(ranked), hits, f"`{digest(path)[:16]}`"])
    runs = table(["collection", "engine", "queries with hits", "hits", "SHA-256 begins"], runs, "llnnl")
    facts = "\n".join(f"- {name}: {value}" for name, value in facts.items())
    text = f"# A run of bench/relevance\n\n{facts}\n\n{report}\n\nThe run files:\n\n{runs}\n"
    (options.out / "README.md").write_text(text, encoding="utf-8")
    with open(options.out / "summary.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["collection", "split", "engine", *MEASURES])
        rows.writerows([*key, *(f"{figure:.6f}" for figure in row)] for key, row in results.items())


def commit():
    try:
        name = command(["git", "-C", ROOT, "rev-parse", "--short=12", "HEAD"]).strip()
        changed = command(["git", "-C", ROOT, "status", "--porcelain", "--untracked-files=no"]).strip()
    except Failure:
        return "no commit"
    return name + (", changed" if changed else "")


def processor():
    try:
        match = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        match = None
    return match.group(1) if match else platform.processor() or platform.machine()


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"run.py: {failure}")
    except KeyboardInterrupt:
        sys.exit("run.py: interrupted")

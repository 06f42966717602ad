#!/usr/bin/env python3
"""Compares the relevance of Rex and its peers: the same documents and queries in one run. See README.md beside this file."""

import argparse
import collections
import csv
import hashlib
import json
import math
import os
import platform
import re
import subprocess
import sys
import zipfile
import zlib
from datetime import date
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

# Name, folder, queries, judgements.
COLLECTIONS = [
    ("piaf", "piaf", "queries.jsonl", "qrels.tsv"),
    ("cdtn", "cdtn", "queries.jsonl", "qrels.tsv"),
    ("cdtn variants", "cdtn", "queries_variants.jsonl", "qrels_variants.tsv"),
]
SPLITS = ["development", "held-out", "all"]
MEASURES = ["nDCG@10", "MRR@10", "recall@100", "no result"]
# What `rex eval --json` calls the measures.
REX_FIGURES = ["ndcg_at_10", "mrr_at_10", "recall_at_100", "no_result_share"]

# The last release that asks for no more than Java 11. Its wheel holds a jar with all of Lucene in it.
PYSERINI = "0.25.0"
WHEEL = f"pyserini-{PYSERINI}-py3-none-any.whl"
WHEEL_SHA256 = "d807cfd8ea7c6e24b6f7ecd3f80d7dac64698b039abfc65ca10d194f6d49bd0b"
JAR = f"anserini-{PYSERINI}-fatjar.jar"


class Failure(Exception):
    """An error, as one sentence."""


def main():
    options = read_options()
    collections_ = load_collections(options.data)
    rex = Rex(options.rex)
    if options.rules:
        print(rules_table(rex, collections_, options.cache))
        return
    engines = [*peers(options.cache), rex]
    run_engines(engines, collections_, options.cache)
    results = measure_all(engines, collections_)
    report = tables(engines, collections_, results)
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
    for name, (default, help_) in places.items():
        parser.add_argument(f"--{name}", type=lambda text: Path(text).resolve(), default=default, help=help_)
    parser.add_argument("--check", action="store_true", help="compare the figures with those of ir_measures")
    parser.add_argument("--rules", action="store_true", help="what nDCG@10 becomes without each rule of Rex")
    options = parser.parse_args()
    named = [name for name, (default, _) in places.items() if getattr(options, name) != default]
    # As seen from the repository: a record says nothing of the machine's folders.
    named = [f"--{name} {os.path.relpath(getattr(options, name), ROOT)}" for name in named]
    options.command = " ".join(["python3 bench/relevance/run.py", *named, *(["--check"] if options.check else [])])
    (options.cache / "runs").mkdir(parents=True, exist_ok=True)
    return options


class Collection:
    """Documents, queries and judgements. Queries are split into those for tuning and those for reporting."""

    def __init__(self, name, docs, queries, qrels):
        self.name, self.docs, self.queries, self.qrels = name, docs, queries, qrels
        self.grades = read_qrels(qrels)
        self.split = {}
        for line in queries.read_text(encoding="utf-8").splitlines():
            query = json.loads(line)
            if query["_id"] in self.grades:
                self.split[query["_id"]] = split_of(query)

    def ids(self, split):
        """The queries of a split."""
        return [query for query, its in self.split.items() if split in (its, "all")]


def split_of(query):
    """One third is held out, by a digest that no one chose. The variants of a query go where the query goes."""
    key = query.get("group") or query["_id"]
    return "held-out" if zlib.crc32(key.encode("utf-8")) % 3 == 0 else "development"


def read_qrels(path):
    grades = collections.defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        grades[query][document] = int(grade)
    return grades


def load_collections(data):
    found = []
    for name, folder, queries, qrels in COLLECTIONS:
        files = [data / folder / file for file in ("corpus.jsonl", queries, qrels)]
        missing = [file.name for file in files if not file.is_file()]
        if missing:
            say(f"{name} skipped: no {', '.join(missing)} in {data / folder}")
        else:
            found.append(Collection(name, *files))
    if not found:
        raise Failure(f"no collection in {data}, name another folder with --data")
    return found


class Rex:
    """Rex, from its binary."""

    name = "Rex"
    slug = "rex"

    def __init__(self, binary):
        self.binary = binary
        if not self.binary.is_file():
            raise Failure(f"no binary at {binary}: run `cargo build --release`, or name one with --rex")
        self.version = command([self.binary, "--version"]).split()[-1]
        self.figures = {}

    def run(self, collection, path, without=None):
        arguments = ["eval", "--docs", collection.docs, "--queries", collection.queries, "--qrels", collection.qrels]
        arguments += ["--run", path, "--json"]
        arguments += ["--without", without] if without else []
        self.figures[collection.name] = json.loads(command([self.binary, *arguments]))

    def rules(self):
        """The names of the rules that can be left out: `rex eval` lists them when it refuses another."""
        refused = subprocess.run([self.binary, "eval", "--without", "help"], capture_output=True, text=True)
        listed = re.search(r"possible values: ([^]]*)]", refused.stderr)
        if not listed:
            raise Failure("this rex has no rules to leave out: `rex eval --without help` lists none")
        return listed.group(1).split(", ")


class Tantivy:
    """Tantivy with the parts it comes with, from the package in tantivy/."""

    def __init__(self, name, analyzer, binary):
        self.name, self.analyzer, self.binary = name, analyzer, binary
        self.slug = f"tantivy-{analyzer}"
        lock = (HERE / "tantivy/Cargo.lock").read_text(encoding="utf-8")
        self.version = re.search(r'name = "tantivy"\nversion = "(.+)"', lock).group(1)

    def run(self, collection, path):
        command([self.binary, self.analyzer, collection.docs, collection.queries, path])


class Lucene:
    """Lucene with its FrenchAnalyzer, from the jar that the wheel of pyserini holds."""

    name = "Lucene"
    slug = "lucene"

    def __init__(self, jar):
        self.java = ["java", "-cp", jar, HERE / "lucene/LuceneRun.java"]
        self.version = command([*self.java, "--version"]).strip()

    def run(self, collection, path):
        command([*self.java, collection.docs, collection.queries, path])


def peers(cache):
    """The peers available on this machine; prints why others are not."""
    found = []
    try:
        binary = build_tantivy(cache)
        found += [Tantivy("tantivy", "stock", binary), Tantivy("tantivy, folded", "folded", binary)]
    except Failure as failure:
        say(f"tantivy skipped: {failure}")
    try:
        # The download is large: skip it without Java.
        command(["java", "-version"])
        found.append(Lucene(lucene_jar(cache)))
    except Failure as failure:
        say(f"Lucene skipped: {failure}")
    return found


def build_tantivy(cache):
    target = cache / "target"
    manifest = HERE / "tantivy/Cargo.toml"
    build = ["cargo", "build", "--release", "--quiet", "--locked", "--manifest-path", manifest]
    command([*build, "--target-dir", target])
    return target / "release/stock-tantivy"


def lucene_jar(cache):
    """The jar in the cache, downloaded where it is not there yet."""
    jar, wheel = cache / JAR, cache / WHEEL
    if jar.is_file():
        return jar
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command([*pip, "--dest", cache, f"pyserini=={PYSERINI}"])
    if digest(wheel) != WHEEL_SHA256:
        wheel.unlink()
        raise Failure(f"{WHEEL} is not the file it was")
    partial = jar.with_suffix(".part")
    with zipfile.ZipFile(wheel) as archive:
        partial.write_bytes(archive.read(f"pyserini/resources/jars/{JAR}"))
    partial.rename(jar)
    wheel.unlink()
    return jar


def run_path(engine, collection, cache):
    return cache / "runs" / f"{collection.name.replace(' ', '-')}.{engine.slug}.run"


def run_engines(engines, collections_, cache):
    for engine in engines:
        engine.runs = {}
        for collection in collections_:
            say(f"{engine.name} on {collection.name}")
            path = run_path(engine, collection, cache)
            engine.run(collection, path)
            engine.runs[collection.name] = path


def measure_all(engines, collections_):
    """The means, by collection, split and engine."""
    results = {}
    for collection in collections_:
        for engine in engines:
            by_split = measure_run(engine.runs[collection.name], collection)
            results.update({(collection.name, split, engine.name): row for split, row in by_split.items()})
    return results


def measure_run(path, collection):
    """The means of a run, by split."""
    ranked = read_run(path)
    by_query = {query: measure(ranked[query], grades) for query, grades in collection.grades.items()}
    return {split: means([by_query[query] for query in collection.ids(split)]) for split in SPLITS}


def read_run(path):
    """The documents found for each query, the best first. Engines write them in that order, at falling scores."""
    ranked = collections.defaultdict(list)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            query, _, document, _, _, _ = line.split()
            ranked[query].append(document)
    return ranked


def measure(ranking, grades):
    """The measures of one query, as trec_eval defines them, in the order of MEASURES."""
    found = [grades.get(document, 0) for document in ranking]
    relevant = sum(grade >= 1 for grade in grades.values())
    ideal = gain(sorted(grades.values(), reverse=True))
    first = next((rank for rank, grade in enumerate(found[:10], start=1) if grade >= 1), None)
    return (
        gain(found) / ideal if ideal else 0.0,
        1 / first if first else 0.0,
        sum(grade >= 1 for grade in found[:100]) / relevant if relevant else 0.0,
        0.0 if found else 1.0,
    )


def gain(grades):
    return sum(max(grade, 0) / math.log2(rank + 1) for rank, grade in enumerate(grades[:10], start=1))


def means(rows):
    return [sum(column) / len(rows) for column in zip(*rows)] or [math.nan] * len(MEASURES)


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


def table(head, rows, kinds):
    """A table in Markdown. `kinds` says of its first columns whether they are labels (l) or numbers (n); others are n."""
    align = ["---" if kind == "l" else "---:" for kind in kinds.ljust(len(head), "n")]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, align, *rows])


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
            by_split = measure_run(path, collection)
            row += [by_split[part][0] for part in parts]
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


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def command(arguments):
    """Runs a program and returns its output; raises with the end of its error output if it fails."""
    try:
        ran = subprocess.run([*map(str, arguments)], capture_output=True, encoding="utf-8", check=False)
    except OSError as error:
        raise Failure(f"cannot run {arguments[0]}: {error.strerror}") from error
    if ran.returncode != 0:
        said = ran.stderr.strip().splitlines() or ["it said nothing"]
        raise Failure(f"{Path(arguments[0]).name} ended with {ran.returncode}: {said[-1]}")
    return ran.stdout


def say(line):
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"run.py: {failure}")

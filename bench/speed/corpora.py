"""The corpora, built once and cached in `.cache/`: records, texts for other engines, queries, and the indexes of Rex and raw tantivy."""

import hashlib
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import generator
import queries
import real
from sessions import timed

# Contracts that all programs index in turn; larger corpora are indexed by Rex alone, to save time.
INDEXED = 200_000
CACHE = Path(__file__).resolve().parent / ".cache"


@dataclass
class Tools:
    """What is run."""

    rex: Path
    engines: Path
    data: Path

    @property
    def labels(self):
        """The official list of CPV labels."""
        (path,) = (self.data / "cpv").glob("*.csv")
        return path


@dataclass
class Corpus:
    """One corpus in its folder."""

    name: str
    folder: Path
    tools: Tools

    @property
    def records(self):
        """The records, one a line: the corpus of Rex."""
        return self.folder / "site/corpus/records.jsonl"

    @property
    def texts(self):
        """What other engines index."""
        return self.folder / "texts.jsonl"

    @property
    def queries(self):
        """The queries."""
        return self.folder / "queries.jsonl"

    @property
    def keystrokes(self):
        """The keystrokes."""
        return self.folder / "keystrokes.jsonl"

    @property
    def site(self):
        """Where `rex` runs."""
        return self.folder / "site"

    def count(self):
        """Number of records."""
        with open(self.records, "rb") as lines:
            return sum(1 for _ in lines)

    def rex_command(self):
        """A session of Rex."""
        return [self.tools.engines, "rex", self.site / "index", self.tools.labels, self.queries, self.keystrokes]

    def prepare_site(self):
        """Writes `rex.toml`, and `kept.toml` with the response cache, which answers nearly all of a few queries without a search."""
        for name, kept in (("rex.toml", 0), ("kept.toml", 16)):
            text = f'cpv = "{self.tools.labels.resolve()}"\n\n[limits]\nqueue_ms = 5000\nkept_mib = {kept}\n'
            (self.site / name).write_text(text, encoding="utf-8")

    def prepare(self):
        """Writes what is still missing: configurations, texts, Rex's index."""
        self.prepare_site()
        made(self.texts, key(self.records, self.tools.engines), lambda: timed([self.tools.engines, "texts", self.records, self.tools.labels, self.texts]))
        timed([self.tools.rex, "index"], self.site)


def key(*inputs):
    """A key that changes with the name, size or time of one of these files."""
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in inputs]
    return hashlib.sha256(json.dumps(stats).encode()).hexdigest()


def made(path, what, make):
    """Builds a file or folder unless it was built from the same key; returns the result of `make` from when it was built."""
    note = path.with_name(path.name + ".made.json")
    if path.exists() and note.exists():
        noted = json.loads(note.read_text())
        if noted["key"] == what:
            return noted["made"]
    note.unlink(missing_ok=True)
    result = make()
    note.write_text(json.dumps({"key": what, "made": result}))
    return result


def shipped(tools):
    """(a): the cases that Rex is shipped with."""
    corpus = new("a", "a", tools)
    timed([tools.engines, "records", real.ROOT / "corpus", corpus.records])
    write_queries(corpus, queries.read(corpus.records))
    return corpus


def official(tools):
    """(b): the contracts of the official files."""
    corpus = new("b", "b", tools)
    files = real.decp_files(tools.data)
    made(corpus.records, key(*files, tools.rex), lambda: timed([tools.rex, "import", "decp", *files, "--out", corpus.records]))
    write_queries(corpus, queries.read(corpus.records))
    return corpus


def generated(tools, count, drawn):
    """(c): this number of synthetic contracts, with the queries of (b)."""
    corpus = new("c", f"c-{generator.VERSION}-{generator.SEED}-{count}", tools)
    decp = decp_file(corpus)
    made(decp, f"{generator.VERSION} {count}", lambda: timed([sys.executable, generator.__file__, tools.data, count, decp]))
    made(corpus.records, key(decp, tools.rex), lambda: timed([tools.rex, "import", "decp", decp, "--out", corpus.records]))
    copy_queries(drawn, corpus)
    return corpus


def decp_file(corpus):
    """The DECP file that a generated corpus is imported from."""
    return corpus.folder / "decp.json"


def prefix(corpus, count):
    """The first records of a corpus, as a corpus."""
    first = new(f"{corpus.name}-{count}", f"{corpus.folder.name}-first-{count}", corpus.tools)

    def write():
        with open(corpus.records, encoding="utf-8") as lines, open(first.records, "w", encoding="utf-8") as out:
            out.writelines(line for _, line in zip(range(count), lines))

    made(first.records, key(corpus.records), write)
    copy_queries(corpus, first)
    return first


def new(name, folder, tools):
    """An empty corpus."""
    corpus = Corpus(name, CACHE / folder, tools)
    corpus.records.parent.mkdir(parents=True, exist_ok=True)
    return corpus


def write_queries(corpus, records):
    """Draws the queries and the keystrokes from these records."""
    queries.write(queries.draw(records, real.cpv_labels(corpus.tools.data)), corpus.queries)
    queries.write(queries.keystrokes(records), corpus.keystrokes)


def copy_queries(source, target):
    """The queries of another corpus."""
    shutil.copy(source.queries, target.queries)
    shutil.copy(source.keystrokes, target.keystrokes)

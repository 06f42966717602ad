"""Rex and its peers. An engine has a name, a slug, a version, and `run(collection, path)`, which writes a TREC run."""

import json
import re
import subprocess
import sys
import zipfile

import opensearch_node
from common import HERE, Failure, command, digest, say

# The last release that asks for no more than Java 11. Its wheel holds a jar with all of Lucene in it.
PYSERINI = "0.25.0"
WHEEL = f"pyserini-{PYSERINI}-py3-none-any.whl"
WHEEL_SHA256 = "d807cfd8ea7c6e24b6f7ecd3f80d7dac64698b039abfc65ca10d194f6d49bd0b"
JAR = f"anserini-{PYSERINI}-fatjar.jar"


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


def peers(cache, resources):
    """The peers available on this machine; prints why others are not. `resources`, an ExitStack, stops what they start."""
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
    try:
        node = resources.enter_context(opensearch_node.Node(cache / "opensearch"))
        found.append(opensearch_node.OpenSearch(node))
    except Failure as failure:
        say(f"OpenSearch skipped: {failure}")
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
    return cache / "runs" / f"{collection.slug}.{engine.slug}.run"


def run_engines(engines, collections_, cache):
    """Writes a run of every engine on every collection."""
    for engine in engines:
        engine.runs = {}
        for collection in collections_:
            say(f"{engine.name} on {collection.name}")
            path = run_path(engine, collection, cache)
            engine.run(collection, path)
            engine.runs[collection.name] = path

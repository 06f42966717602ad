"""OpenSearch with the French analysis of a careful set-up: one node from Maven artefacts, in a process of its own."""

import http.client
import json
import math
import os
import re
import shutil
import struct
import subprocess
import tempfile
import time
from pathlib import Path

from common import HERE, Failure, command
from queries import read_lines

# The Java that OpenSearch 3 asks for.
JAVA = 21
# Where Linux distributions install JDKs.
JVMS = Path("/usr/lib/jvm")
# Seconds for the node to answer, for its closing, and for one request.
STARTUP, CLOSING, REQUEST = 180, 30, 300
# Lucene hashes terms with a seed, which is random unless set. The scores of fuzzy queries depend on it: without it, nDCG@10 of the fuzzy
# variant on cdtn was between .673 and .680 in seven runs. Those of the other queries do not.
SEED = "-Dtests.seed=1"
# Hits a query, as deep as recall@100 looks.
DEPTH = 100
# Documents and queries a request.
BATCH = 200

ARTICLES = ["l", "m", "t", "qu", "n", "s", "j", "d", "c", "jusqu", "quoiqu", "lorsqu", "puisqu"]
SETTINGS = {
    "number_of_shards": 1,
    "number_of_replicas": 0,
    "analysis": {
        "filter": {
            "articles": {"type": "elision", "articles_case": True, "articles": ARTICLES},
            "stop_words": {"type": "stop", "stopwords": "_french_"},
            "light": {"type": "stemmer", "language": "light_french"},
        },
        "analyzer": {
            "fr": {
                "tokenizer": "standard",
                "filter": ["articles", "lowercase", "stop_words", "light", "asciifolding"],
            },
            "fd": {"tokenizer": "standard", "filter": ["articles", "lowercase", "stop_words", "asciifolding"]},
        },
    },
}
FR, FD = ({"type": "text", "analyzer": analyzer} for analyzer in ("fr", "fd"))
MAPPINGS = {
    "_source": {"enabled": False},
    "properties": {
        # The place of the document in its file, which breaks ties.
        "place": {"type": "integer"},
        "title": FR,
        "text": FR,
        # Title and text.
        "whole": {**FR, "fields": {"fd": FD}},
    },
}


def query_of(words, fuzzy=False):
    """The query, of the best formula among some sixty tried on these collections, all within a hundredth of one another."""

    def match(field, boost):
        clause = {"query": words, "boost": boost}
        return {"match": {field: {**clause, "fuzziness": "AUTO"} if fuzzy else clause}}

    return {
        "bool": {
            "should": [
                {"dis_max": {"tie_breaker": 0.6, "queries": [match("title", 1.5), match("text", 1)]}},
                match("whole.fd", 0.7),
                {"match_phrase": {"whole": {"query": words, "slop": 8, "boost": 0.5}}},
            ]
        }
    }


class OpenSearch:
    """The engine of run.py; `fuzzy` searches words with typing errors too."""

    def __init__(self, node, fuzzy=False):
        self.node, self.fuzzy = node, fuzzy
        self.name = "OpenSearch, fuzzy" if fuzzy else "OpenSearch"
        self.slug = "opensearch-fuzzy" if fuzzy else "opensearch"
        self.version = node.version

    def run(self, collection, path):
        index = self.node.index(collection.docs)
        queries = [(query["_id"], query["text"]) for query in read_lines(collection.queries)]
        with open(path, "w", encoding="utf-8") as run:
            for batch in batches(queries):
                answers = self.node.search(index, [query_of(words, self.fuzzy) for _, words in batch])
                for (query, _), hits in zip(batch, answers):
                    run.writelines(lines_of(query, hits))


def lines_of(query, hits):
    """The lines of a run. Other tools sort by score alone: it falls strictly, so that ties stay in the order they were found in."""
    least = math.inf
    for rank, (document, score) in enumerate(hits, start=1):
        least = score if score < least else next_down(least)
        yield f"{query} Q0 {document} {rank} {least!r} opensearch\n"


def next_down(score):
    """The next smaller number of single precision, in which scores are computed; of a positive one."""
    (bits,) = struct.unpack("<i", struct.pack("<f", score))
    return struct.unpack("<f", struct.pack("<i", bits - 1))[0]


def batches(rows):
    return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]


class Node:
    """One node on 127.0.0.1. A context: it starts on entry, and is closed with its data on exit, whatever happens."""

    def __init__(self, cache):
        self.cache, self.indexes = cache, {}
        self.java, self.java_version = find_java()
        self.jars = fetch_jars(cache)

    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="node-", dir=self.cache)
        arguments = ["-Xms512m", "-Xmx512m", SEED, "--add-modules", "jdk.incubator.vector"]
        arguments += ["--enable-native-access=ALL-UNNAMED", "-cp", f"{self.jars}/*", HERE / "opensearch/Node.java", self.home]
        # It closes when its standard input does: even if this process is killed. A session of its own spares it Ctrl-C.
        with open(self.cache / "node.log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [str(self.java), *map(str, arguments)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            version, self.port = self._wait()
        except BaseException:
            self.__exit__()
            raise
        self.version = f"{version}, on Java {self.java_version}"
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(CLOSING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def _wait(self):
        """The version and the port, once the node has printed them."""
        log = self.cache / "node.log"
        end = time.monotonic() + STARTUP
        while time.monotonic() < end:
            said = log.read_text(encoding="utf-8", errors="replace")
            ready = re.search(r"^(\d+\.\d+\.\d+\S*) (\d+)$", said, re.MULTILINE)
            if ready:
                return ready.group(1), int(ready.group(2))
            if self.process.poll() is not None:
                last = said.strip().splitlines() or ["it said nothing"]
                raise Failure(f"the node ended with {self.process.returncode}: {last[-1]}")
            time.sleep(0.2)
        raise Failure(f"the node does not answer after {STARTUP} s, see {log}")

    def index(self, docs):
        """The name of the index of these documents, made where it is not there yet."""
        if docs not in self.indexes:
            name = f"documents-{len(self.indexes)}"
            self._request("PUT", f"/{name}", {"settings": SETTINGS, "mappings": MAPPINGS})
            for batch in batches(list(enumerate(read_lines(docs)))):
                self._bulk(name, batch)
            self._request("POST", f"/{name}/_forcemerge?max_num_segments=1")
            self._request("POST", f"/{name}/_refresh")
            self.indexes[docs] = name
        return self.indexes[docs]

    def _bulk(self, name, batch):
        lines = []
        for place, document in batch:
            title, text = document.get("title") or "", document.get("text") or ""
            lines.append({"index": {"_id": document["_id"]}})
            lines.append({"place": place, "title": title, "text": text, "whole": f"{title} {text}"})
        answer = self._request("POST", f"/{name}/_bulk", lines)
        if answer["errors"]:
            refused = next(row["index"]["error"] for row in answer["items"] if "error" in row["index"])
            raise Failure(f"OpenSearch refuses a document: {refused['reason']}")

    def search(self, index, queries):
        """For each query its hits and their scores, the best first, ties in the order of the documents."""
        lines = []
        for query in queries:
            lines.append({})
            sort = [{"_score": "desc"}, {"place": "asc"}]
            lines.append({"query": query, "size": DEPTH, "sort": sort, "track_total_hits": False})
        answers = self._request("POST", f"/{index}/_msearch", lines)["responses"]
        for answer in answers:
            if "error" in answer:
                raise Failure(f"OpenSearch refuses a query: {answer['error']['reason']}")
        return [[(hit["_id"], hit["sort"][0]) for hit in answer["hits"]["hits"]] for answer in answers]

    def _request(self, method, path, body=None):
        """The answer to a request; a list is sent as JSON lines."""
        lines = isinstance(body, list)
        text = "".join(json.dumps(line) + "\n" for line in body) if lines else body and json.dumps(body)
        headers = {"Content-Type": "application/x-ndjson" if lines else "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=REQUEST)
        try:
            connection.request(method, path, text, headers)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Failure(f"OpenSearch does not answer {method} {path}: {error}") from error
        finally:
            connection.close()
        if response.status >= 300:
            raise Failure(f"OpenSearch answers {method} {path} with {response.status}: {answer[:300].decode(errors='replace')}")
        return json.loads(answer)


def find_java():
    """A Java that is recent enough, and its version: that of JAVA_HOME, of the path, or one installed beside it."""
    named = os.environ.get("JAVA_HOME")
    candidates = [Path(named) / "bin/java"] if named else []
    candidates += ["java", *sorted(JVMS.glob("*/bin/java"))]
    seen = []
    for java in candidates:
        try:
            version = re.search(r"\d+", command([java, "--version"]))
        except Failure:
            continue
        if version and int(version.group()) >= JAVA:
            return java, int(version.group())
        seen += [version.group()] if version else []
    found = f"only {', '.join(sorted(set(seen), key=int))}" if seen else "none"
    raise Failure(f"needs Java {JAVA} or later, by JAVA_HOME or on the path: found {found}")


def fetch_jars(cache):
    """The folder of the jars, which Maven fetches once for a pom.xml."""
    pom = HERE / "opensearch/pom.xml"
    jars, kept = cache / "jars", cache / "pom.xml"
    cache.mkdir(parents=True, exist_ok=True)
    if not jars.is_dir() or not kept.is_file() or kept.read_bytes() != pom.read_bytes():
        shutil.rmtree(jars, ignore_errors=True)
        partial = cache / "jars.part"
        command(["mvn", "-B", "-q", "-f", pom, "dependency:copy-dependencies", f"-DoutputDirectory={partial}"])
        partial.rename(jars)
        shutil.copyfile(pom, kept)
    return jars

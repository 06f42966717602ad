"""A corpus of the shipped cases, with or without real contracts, indexed and served by one binary."""

import argparse
import csv
import hashlib
import http.client
import io
import json
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CONFIG = "[limits]\nkept_mib = 0\n"  # No response cache.
START_SECONDS = 60


def parser(description):
    """The options that all scripts share."""
    options = argparse.ArgumentParser(description=description)
    shared = ROOT.parent / "shared/data"
    places = {
        "rex": (ROOT / "target/release/rex", "the binary [target/release/rex]"),
        "decp": (shared / "decp", "folder of DECP files in JSON [../shared/data/decp]"),
        "cases": (ROOT / "corpus", "folder of cases in Markdown [corpus]"),
        "text": (shared / "text", "folder of French texts [../shared/data/text]"),
        "dictionary": (None, "folder of index.aff and index.dic [those of dictionary-fr, from npm]"),
        "out": (None, "folder for downloads and builds, kept for the next run [a temporary one]"),
    }
    for name, (default, help_) in places.items():
        options.add_argument(f"--{name}", type=lambda text: Path(text).resolve(), default=default, help=help_)
    return options


@contextmanager
def folder_of(options):
    """The output folder; a temporary one is removed at the end."""
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        yield options.out
    else:
        with tempfile.TemporaryDirectory(prefix="rex-answers-") as name:
            yield Path(name)


class Site:
    """A folder with a corpus and its index, named after the digest of the binary, so that no other build uses this index."""

    def __init__(self, binary, out, decp, cases):
        if not binary.is_file():
            raise SystemExit(f"no binary at {binary}: run `cargo build --release`, or name one with --rex")
        files = sorted(decp.glob("*.json")) if decp else []
        if decp and not files:
            raise SystemExit(f"no DECP file in {decp}: name another folder with --decp")
        self.binary = binary
        self.folder = out / f"site-{hashlib.sha256(binary.read_bytes()).hexdigest()[:12]}"
        self.corpus, self.index = self.folder / "corpus", self.folder / "index"
        shutil.rmtree(self.corpus, ignore_errors=True)
        self.corpus.mkdir(parents=True)
        (self.folder / "rex.toml").write_text(CONFIG, encoding="utf-8")
        for case in sorted(cases.glob("*.md")):
            shutil.copy(case, self.corpus)
        if files:
            self.run("import", "decp", "--out", self.corpus / "decp.jsonl", *files)

    def run(self, *arguments):
        """Runs the binary in the folder; raises with its error message if it fails."""
        done = subprocess.run([self.binary, *arguments], cwd=self.folder, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"rex {arguments[0]} ended with {done.returncode}: {done.stderr.strip()}")

    def texts(self):
        """The titles of the contracts, or the lines of the cases if there are no contracts."""
        contracts = self.corpus / "decp.jsonl"
        if contracts.is_file():
            with open(contracts, encoding="utf-8") as lines:
                return [json.loads(line)["titre"] for line in lines]
        cases = (case.read_text(encoding="utf-8") for case in sorted(self.corpus.glob("*.md")))
        return [line for case in cases for line in case.splitlines() if len(line) > 20]

    def build(self):
        """Seconds to index the corpus from scratch."""
        shutil.rmtree(self.index, ignore_errors=True)
        started = time.perf_counter()
        self.run("index", "--corpus", self.corpus, "--index", self.index)
        return time.perf_counter() - started

    def generation_bytes(self):
        """Bytes of the current generation."""
        generation = self.index / (self.index / "current").read_text(encoding="utf-8").split()[0]
        return sum(file.stat().st_size for file in generation.rglob("*") if file.is_file())

    def serve(self):
        """`rex serve` on the corpus, after indexing if needed."""
        return Server(self)


class Server:
    """A running server on a free port, for a `with` statement; one connection, kept open."""

    def __init__(self, site):
        self.site = site

    def __enter__(self):
        log = self.site.folder / "serve.log"
        options = ["--corpus", self.site.corpus, "--index", self.site.index, "--addr", "127.0.0.1:0", "--log-level", "error"]
        with open(log, "wb") as errors:
            self.process = subprocess.Popen([self.site.binary, "serve", *options], cwd=self.site.folder, stdout=errors, stderr=errors)
        self.connection = http.client.HTTPConnection("127.0.0.1", self._port(log), timeout=60)
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.terminate()
        self.process.wait()

    def _port(self, log):
        for _ in range(START_SECONDS * 100):
            address = re.search(r"http://127\.0\.0\.1:(\d+)/", log.read_text(encoding="utf-8"))
            if address:
                return int(address.group(1))
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        self.process.kill()
        raise SystemExit(f"rex serve does not start: {log.read_text(encoding='utf-8').strip()}")

    def ask(self, method, address, body=None):
        """Status and body of an answer, with any status."""
        headers = {"Content-Type": "application/json"} if body else {}
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def get(self, path, **parameters):
        """The body of an answer, in bytes."""
        address = path + ("?" + urlencode(parameters) if parameters else "")
        self.connection.request("GET", address)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{address}: {answer.status} {body[:200].decode('utf-8', 'replace')}")
        return body

    def search(self, q, per_page=1, page=1):
        """The answer to a search, without facets."""
        return json.loads(self.get("/v1/search", q=q, par_page=per_page, page=page, facettes=""))

    def export(self, q=""):
        """Every hit of a search as a row of the CSV export, by id."""
        text = self.get("/v1/export.csv", q=q).decode("utf-8-sig")
        return {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=";")}

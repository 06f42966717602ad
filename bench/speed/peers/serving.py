"""Shared by the Python peers: reads documents and queries, and answers `run.py` with the protocol of `engines/src/session.rs`."""

import json
import re
import sys
import time

FACETS = ["type", "nature", "procedure", "reserve", "considerations", "territoire", "cpv", "acheteur", "titulaire", "structure", "theme", "annee"]
NUMBERS = ["montant", "duree"]
HITS = 10
# Values listed of a facet, as Rex does.
VALUES = 200
# Where buckets and bars begin, as in Rex: cents, months.
BARS = {
    "montant": [0, *(round(10**power * step) for power in range(5, 11) for step in (1, 1.6, 2.5, 4, 6.3)), 10**11],
    "duree": [*range(0, 61, 3), *range(72, 121, 12)],
}
STEPS = {
    "montant": [0, 4_000_000, 9_000_000, 14_000_000, 21_600_000, 100_000_000, 540_400_000],
    "duree": [0, 6, 12, 24, 36, 48],
}
ORDERS = {"-date": "date", "-montant": "montant"}


def cells(facet):
    """Where buckets or bars begin: what is counted by these gives both."""
    return sorted({*BARS[facet], *STEPS[facet]})


def documents(path):
    """The documents that `speed-engines texts` wrote."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


class Query:
    """A query as a peer needs it: words, values and bounds by facet, the column to sort by."""

    def __init__(self, line):
        asked = json.loads(line)
        self.words = re.findall(r"\w+", asked["q"])
        self.order = ORDERS.get(asked.get("tri"))
        self.values = {facet: values for facet, values in asked["filters"].items() if facet not in NUMBERS}
        self.bounds = {facet: bounds(values[0]) for facet, values in asked["filters"].items() if facet in NUMBERS}
        self.narrowed = [*self.values, *self.bounds]


def bounds(text):
    """`40000..90000` in euros as two numbers of cents, None for no bound."""
    return tuple(int(float(bound) * 100) if bound else None for bound in text.split(".."))


def queries(path):
    """All queries of a file."""
    with open(path, encoding="utf-8") as lines:
        return [Query(line) for line in lines]


def serve(asked, answer):
    """Answers `run MODE RANK...` until standard input ends; `answer(mode, query)` gives how many documents match."""
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        command, mode, *ranks = line.split()
        if command != "run":
            sys.exit(f"not understood: {line}")
        figures = []
        for rank in ranks:
            query = asked[int(rank)]
            started = time.perf_counter_ns()
            total = answer(mode, query)
            figures.append([time.perf_counter_ns() - started, total])
        print(json.dumps(figures), flush=True)


def main(build, open_):
    """`build DOCUMENTS FOLDER` or `serve FOLDER QUERIES`."""
    match sys.argv[1:]:
        case ["build", texts, folder]:
            build(texts, folder)
        case ["serve", folder, path]:
            serve(queries(path), open_(folder))
        case _:
            sys.exit("usage: build DOCUMENTS FOLDER | serve FOLDER QUERIES")

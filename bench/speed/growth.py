"""Latency and memory from a thousand contracts to the whole corpus."""

import corpora
import queries
import web
from figures import summary
from latency import by_category
from peers import RawTantivy
from sessions import Session, size


def sizes(count):
    """1,000, 10,000, ... and all."""
    found = [1000]
    while found[-1] * 10 < count:
        found.append(found[-1] * 10)
    return [one for one in found if one < count] + [count]


def measure(corpus, rounds, log):
    """One row for each size."""
    rows = []
    for count in sizes(corpus.count()):
        log(f"growth: {count:,} contracts")
        part = corpus if count == corpus.count() else corpora.prefix(corpus, count)
        part.prepare()
        floor = RawTantivy(corpus.tools)
        floor.build(part)
        rows.append({"contracts": count, **row(part, floor, rounds), "index_bytes": size(part.site / "index")})
    return rows


def row(corpus, floor, rounds):
    """Latencies of searches, of raw tantivy and of keystrokes in milliseconds, matches, and the memory of a server."""
    asked, typed = queries.read(corpus.queries), queries.read(corpus.keystrokes)
    alike = sorted(by_category(asked)["alike"])
    samples = {"search": [], "tantivy": [], "suggest": []}
    with Session(corpus.rex_command()) as rex, floor.start(corpus) as tantivy:
        asks = {
            "search": lambda: rex.ask("run", "search", *alike),
            "tantivy": lambda: tantivy.ask("run", "full", *alike),
            "suggest": lambda: rex.ask("run", "suggest", *(stroke["id"] for stroke in typed)),
        }
        for number in range(rounds + 1):
            for name, ask in asks.items():
                figures = ask()
                # The first round warms up.
                if number:
                    samples[name] += [nanoseconds / 1e6 for nanoseconds, _ in figures]
                if name == "search":
                    matches = [total for _, total in figures]
    with web.server(corpus) as process:
        web.wait_for_connection(process)
        idle = web.memory(process.pid)
        for query in asked:
            web.get(web.path(query))
        used = web.memory(process.pid)
    return {**{name: summary(all_) for name, all_ in samples.items()}, "matches": sum(matches) / len(matches), "idle": idle, "used": used}

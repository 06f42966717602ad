"""`attacks.py REX SITE [--before REX] [--rounds N] [--search-ms MS]` measures the most expensive requests that the limits of the server admit.

SITE is a folder with a corpus, and its index. Each request is sent alone, N times; the slowest answer counts. Then 20 visitors search
beside 4 attackers that repeat the most expensive batch, for 20 seconds. With `--before`, both are measured for another binary first, in
turn. Exits 1 if a request takes longer than `search_ms` and 50 ms, or a visitor gets another answer than 200.
"""

import argparse
import collections
import http.client
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

SEARCH_MS, MARGIN_MS = 5_000, 50
VISITORS, ATTACKERS, SECONDS = 20, 4, 20
LIGATURE = "\ufdfa"  # NFKC makes 18 characters of it.


class Server:
    """A server over a site, on a free port."""

    def __init__(self, rex, site, search_ms=SEARCH_MS):
        # The two binaries may differ in the index format.
        self.index = tempfile.mkdtemp(prefix="rex-attacks-")
        subprocess.run([rex, "index", "--index", self.index], cwd=site, check=True, capture_output=True)
        settings = Path(site, "rex.toml")
        own = Path(self.index, "rex.toml")
        own.write_text((settings.read_text() if settings.exists() else "") + f"\n[limits]\nsearch_ms = {search_ms}\n")
        corpus = str(Path(site, "corpus"))
        command = [rex, "serve", "--addr", "127.0.0.1:0", "--index", self.index, "--corpus", corpus, "--config", str(own)]
        self.process = subprocess.Popen(command, cwd=site, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"http://([\d.]+):(\d+)/", line):
                self.address = (found[1], int(found[2]))
                break
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.index)

    def ask(self, path, body=None, connection=None):
        """The status, the size and the milliseconds of an answer."""
        connection = connection or http.client.HTTPConnection(*self.address, timeout=600)
        method, headers = ("POST", {"Content-Type": "application/json"}) if body is not None else ("GET", {})
        begun = time.perf_counter()
        connection.request(method, path, body=json.dumps(body) if body is not None else None, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, content, (time.perf_counter() - begun) * 1000

    def memory(self):
        """Memory in MiB, without the pages of the mapped index, and the peak with them."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return [int(re.search(rf"{name}:\s+(\d+)", status)[1]) // 1024 for name in ("RssAnon", "VmHWM")]


def query(**parameters):
    """A query string."""
    return urllib.parse.urlencode(parameters, doseq=True)


def sample(server):
    """Values of the index: words, holders, buyers, amounts."""
    _, content, _ = server.ask("/v1/search?par_page=100&page=50")
    hits = json.loads(content)["hits"]
    records = [hit["record"] for hit in hits]
    titles = " ".join(record["titre"] for record in records)
    words = collections.Counter(re.findall(r"[a-zà-ÿ]{4,}", titles.lower()))
    holders = [name["nom"] if isinstance(name, dict) else name for record in records for name in record.get("titulaires", [])]
    names = list(dict.fromkeys(holders))
    return {
        "id": hits[0]["id"],
        "words": [word for word, _ in words.most_common(32)],
        "holders": (names * 5)[:500],
    }


def searches(known):
    """The expensive requests: name, path and body."""
    rng = random.Random(1)
    words, holders = known["words"], known["holders"]
    misspelt = " ".join(word[:1] + rng.choice("xzqk") + word[1:] + "s" for word in (words * 2)[:40])[:512]
    unknown = " ".join("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=15)) for _ in range(32))[:512]
    phrases = " ".join(f'"{a} {b}"' for a, b in itertools.pairwise(words))[:512]
    wide = LIGATURE * 512
    for name, text in {
        "frequent words": " ".join(words)[:512],
        "misspelt words": misspelt,
        "unknown words": unknown,
        "phrases": phrases,
        "letters": " ".join("abcdefghijklmnopqrstuvwxyz"),
        "numbers": " ".join(str(number) for number in range(1, 140))[:512],
        "exclusions": " ".join(f"-{word}" for word in words)[:512],
        "ligatures": wide,
        "ligature words": " ".join([LIGATURE * 15] * 32),
    }.items():
        yield f"search: {name}", f"/v1/search?{query(q=text, par_page=100)}", None
        yield f"page: {name}", f"/recherche?{query(q=text, par_page=100)}", None
        yield f"suggest: {name}", f"/v1/suggest?{query(q=text)}", None
        yield f"facet search: {name}", f"/v1/facets/titulaire?{query(q=text)}", None
        yield f"highlight: {name}", f"/cas/{known['id']}?{query(q=text)}", None
    some = [holder for holder in holders[:100]]
    yield "search: 100 holders", f"/v1/search?{query(titulaire=some)}"[:16_000], None
    yield "search: a long unknown holder", f"/v1/search?{query(titulaire=' '.join(f'mot{n}' for n in range(2000))[:15000])}", None
    yield "search: a long holder of ligatures", f"/v1/search?{query(titulaire=LIGATURE * 1700)}", None
    guessed = [holder[:-1] + "zq" for holder in some[:60]]
    for facet in ("titulaire", "acheteur", "territoire", "cpv", "theme"):
        unresolved = {facet: [f"{facet} {number} inconnu partout ailleurs" for number in range(100)]}
        yield f"search: 100 unknown values of {facet}", f"/v1/search?{query(**unresolved)}", None
    yield "search: 60 misspelt holders", f"/v1/search?{query(titulaire=guessed)}"[:16_000], None
    yield "similar", f"/v1/cases/{known['id']}/similar", None
    yield "feed", "/v1/feed.atom", None
    frequent = " ".join(words)[:512]
    filters = {
        "500 montant!=": " AND ".join(f"montant!={number}" for number in range(500)),
        "500 montant>": " OR ".join(f"montant>{900_000_000 + number}" for number in range(350)),
        "facets in turn": " AND ".join(f"(montant!={n} OR duree!={n} OR annee!={1000 + n})" for n in range(166)),
        "ranges in turn": " AND ".join(f"(montant>{n} OR duree<{n})" for n in range(250)),
        "not holders": " AND ".join(f"titulaire!='{n}'" for n in range(400)),
        "nested": "NOT (montant=1 AND " * 90 + "duree=2" + ")" * 90,
        "holders in": "titulaire IN [" + ",".join(json.dumps(name, ensure_ascii=False) for name in holders)[:9000].rsplit(",", 1)[0] + "]",
    }
    for name, text in filters.items():
        for facets in ([], ["*"]):
            for q in ("", frequent):
                body = {"q": q, "filter": text, "facets": facets, "limit": 20}
                label = f"meilisearch: {name}{', facets *' if facets else ''}{', words' if q else ''}"
                yield label, "/indexes/rex/search", body
    rich = {"q": frequent, "limit": 1000, "attributesToHighlight": ["*"], "attributesToCrop": ["*"], "showMatchesPosition": True, "facets": ["*"]}
    yield "meilisearch: 1,000 hits, all marked", "/indexes/rex/search", rich
    yield "meilisearch: 1,000 hits at depth", "/indexes/rex/search", rich | {"offset": 9000}
    yield "meilisearch: 1,000 hits by title", "/indexes/rex/search", rich | {"sort": ["titre:asc"]}
    yield "meilisearch: facet search", "/indexes/rex/facet-search", {"facetName": "titulaire", "facetQuery": wide, "filter": filters["500 montant!="]}
    for count in (24, 50):
        heavy = {"indexUid": "rex", "filter": filters["facets in turn"][:4500].rsplit(" AND ", 1)[0], "facets": ["*"], "q": frequent}
        yield f"batch of {count}", "/multi-search", {"queries": [heavy] * count}
    heavy = {"indexUid": "rex", "filter": filters["500 montant!="], "facets": ["*"]}
    yield "batch of 24 montant!=", "/multi-search", {"queries": [heavy] * 24}


def alone(server, rounds):
    """The slowest answer of each request."""
    slowest = {}
    for name, path, body in searches(sample(server)):
        times = [server.ask(path, body) for _ in range(rounds)]
        worst = max(times, key=lambda answer: answer[2])
        slowest[name] = (worst[2], worst[0], len(worst[1]))
    return slowest


def together(server):
    """The answers of visitors beside attackers: statuses and times."""
    known = sample(server)
    batch = next(body for name, _, body in searches(known) if name == "batch of 24")
    statuses, attacked, times = collections.Counter(), collections.Counter(), []
    until = time.perf_counter() + SECONDS

    def visit(number):
        rng = random.Random(number)
        connection = http.client.HTTPConnection(*server.address, timeout=60)
        while time.perf_counter() < until:
            path = "/v1/search?" + query(q=" ".join(rng.sample(known["words"], 2)), page=rng.randint(1, 3))
            status, _, took = server.ask(path, connection=connection)
            statuses[status] += 1
            times.append(took)
            time.sleep(rng.random())

    def attack(_):
        while time.perf_counter() < until:
            attacked[server.ask("/multi-search", batch)[0]] += 1

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(VISITORS)]
    threads += [threading.Thread(target=attack, args=(n,)) for n in range(ATTACKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    return statuses, attacked, times


def measure(rex, site, rounds, search_ms):
    """Measures one binary and prints the figures."""
    with Server(rex, site, search_ms) as server:
        slowest = alone(server, rounds)
        print(f"\n{rex}: the slowest requests, of {len(slowest)}; {rounds} times each")
        for name, (took, status, size) in sorted(slowest.items(), key=lambda item: -item[1][0])[:25]:
            print(f"{took:9.0f} ms  {status}  {size / 1024:8.0f} KiB  {name}")
        statuses, attacked, times = together(server)
        median, most = times[len(times) // 2], times[-1]
        print(f"{VISITORS} visitors beside {ATTACKERS} attackers, {SECONDS} s: {dict(statuses)}, p50 {median:.0f} ms, most {most:.0f} ms; attackers: {dict(attacked)}")
        print("memory in MiB, without the mapped index and at most with it:", *server.memory(), flush=True)
    return max(took for took, _, _ in slowest.values()) <= search_ms + MARGIN_MS and set(statuses) == {200}


def main():
    """Reads the arguments and measures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("rex", type=os.path.abspath)
    arguments.add_argument("site", type=os.path.abspath)
    arguments.add_argument("--before", type=os.path.abspath)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--search-ms", type=int, default=SEARCH_MS)
    given = arguments.parse_args()
    if given.before:
        measure(given.before, given.site, given.rounds, given.search_ms)
    sys.exit(0 if measure(given.rex, given.site, given.rounds, given.search_ms) else 1)


if __name__ == "__main__":
    main()

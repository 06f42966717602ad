#!/usr/bin/env python3
"""Two binaries in turn on one corpus and one machine: how much slower the second answers, how much larger its index is. See README.md."""

import json
import random
import time
from pathlib import Path
from statistics import median, quantiles

import french
import misspelt
from served import Site, folder_of, parser


def main():
    options = parser(__doc__)
    options.add_argument("--base", type=Path, required=True, help="the binary that --rex is compared with")
    options.add_argument("--queries", type=int, default=300, help="queries of a round [300]")
    options.add_argument("--rounds", type=int, default=7, help="how often each query is asked of both [7]")
    options.add_argument("--builds", type=int, default=5, help="how often both index the corpus from nothing [5]")
    options.add_argument("--seed", type=int, default=1, help="of the queries [1]")
    options = options.parse_args()
    with folder_of(options) as out:
        sites = [Site(binary.resolve(), out, options.decp, options.cases) for binary in (options.base, options.rex)]
        if sites[0].folder == sites[1].folder:
            print("both are the same binary: the ratios are noise")
        builds = in_turn(options.builds, [site.build for site in sites])
        sizes = [site.generation_bytes() for site in sites]
        queries = draw(titles(sites[0]), options)
        print(f"{len(queries)} queries, {options.rounds} rounds, {options.builds} builds\n")
        print("| measure | rex / base |\n|---|---:|")
        with sites[0].serve() as first, sites[1].serve() as second:
            times = best_times(queries, options.rounds, servers=(first, second))
        for name, of in (("p50 of the answers", median), ("p95 of the answers", lambda figures: quantiles(figures, n=20)[-1])):
            print(f"| {name} | {of(times[1]) / of(times[0]):.3f} |")
        print(f"| bytes of the index | {sizes[1] / sizes[0]:.3f} ({sizes[1]:,} / {sizes[0]:,}) |")
        print(f"| time to index | {median(builds[1]) / median(builds[0]):.3f} |")


def in_turn(times, calls):
    """The results of the calls, repeated in turn."""
    found = [[] for _ in calls]
    for _ in range(times):
        for results, call in zip(found, calls):
            results.append(call())
    return found


def best_times(queries, rounds, servers):
    """By server, the minimum time in seconds of each query over the rounds, since other load only adds to it."""
    best = [[float("inf")] * len(queries) for _ in servers]
    for round_ in range(rounds + 1):
        for at, query in enumerate(queries):
            # The order alternates, since the second call may find warm caches.
            for which in (0, 1) if (round_ + at) % 2 else (1, 0):
                started = time.perf_counter()
                servers[which].get("/v1/search", q=query)
                taken = time.perf_counter() - started
                if round_:  # The first round warms up.
                    best[which][at] = min(best[which][at], taken)
    return best


def titles(site):
    """The titles of the contracts."""
    with open(site.corpus / "decp.jsonl", encoding="utf-8") as lines:
        return [json.loads(line)["titre"] for line in lines]


def draw(titles_, options):
    """One to six words in a row of a title, a fifth of them with a misspelt word in front, all drawn with a seed."""
    chance = random.Random(options.seed)
    wrong = [line.split("\t")[0] for line in misspelt.WORDS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    queries = []
    while len(queries) < options.queries:
        words = [word for chunk in french.cut(chance.choice(titles_)) for word in chunk]
        start, length = chance.randrange(max(1, len(words))), chance.randint(1, 6)
        words = words[start : start + length]
        if chance.random() < 0.2:
            words.insert(0, chance.choice(wrong))
        if words:
            queries.append(" ".join(words).lower())
    return queries


if __name__ == "__main__":
    main()

"""The measures of a run, as trec_eval defines them, and the intervals of their differences."""

import collections
import math
import random

MEASURES = ["nDCG@10", "MRR@10", "recall@100", "no result"]
# Of the bootstrap.
RESAMPLES = 10_000
SEED = 20_240_229


def measure(ranking, grades):
    """The measures of one query, in the order of MEASURES."""
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


def intervals(ours, theirs, group, resamples=RESAMPLES):
    """For each peer of `theirs` the mean of ours minus its figure, and the bounds of the 95 % interval of that mean.

    `ours` and each peer's figures are by query. The bootstrap resamples groups of queries (`group` by query): the variants of one
    query are no independent observations. All peers are compared on the same resamples.
    """
    if not ours:
        return {peer: (math.nan, math.nan, math.nan) for peer in theirs}
    members = collections.defaultdict(list)
    for query in ours:
        members[group[query]].append(query)
    counts = [len(queries) for queries in members.values()]
    sums = {
        peer: [sum(ours[query] - figures[query] for query in queries) for queries in members.values()]
        for peer, figures in theirs.items()
    }
    drawn = {peer: [] for peer in theirs}
    chance = random.Random(SEED)
    places = range(len(counts))
    for _ in range(resamples):
        sample = chance.choices(places, k=len(counts))
        size = sum(map(counts.__getitem__, sample))
        for peer, by_group in sums.items():
            drawn[peer].append(sum(map(by_group.__getitem__, sample)) / size)
    found = {}
    for peer, by_group in sums.items():
        ordered = sorted(drawn[peer])
        low, high = (ordered[round(share * (resamples - 1))] for share in (0.025, 0.975))
        found[peer] = (sum(by_group) / len(ours), low, high)
    return found

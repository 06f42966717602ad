"""Compares synthetic with real contracts: growth and skew side by side."""

import itertools
import json
import random

import generator
import real
from figures import exponent, percentile

MARKS = [1_000, 2_000, 4_000, 6_000]
TOPS = [1, 10, 100]
MISSING = {"buyer": lambda one: not (one.get("acheteur") or one.get("autoriteConcedante")), "buyer's name": lambda one: not named_buyer(one),
           "holders": lambda one: not real.holder_list(one), "CPV code": lambda one: not real.cpv_key(one),
           "place": lambda one: not real.place_key(one), "amount": lambda one: not (one.get("montant") or one.get("valeurGlobale"))}


def named_buyer(contract):
    """The buyer's name, if given."""
    return (contract.get("acheteur") or contract.get("autoriteConcedante") or {}).get("nom")


def words(contract):
    """The folded words of the object."""
    return [word for token in str(contract["objet"]).split() for word in real.folded_words(token)]


KINDS = {
    "words": words,
    "buyers": lambda one: [real.buyer_key(one)],
    "holders": lambda one: [real.holder_key(holder) for holder in real.holder_list(one)],
    "places": lambda one: [real.place_key(one)],
    "CPV codes": lambda one: [real.cpv_key(one)],
}


class Tally:
    """Statistics of a stream of contracts, at some counts and in total."""

    def __init__(self, contracts, marks):
        self.counts = {kind: {} for kind in KINDS}
        self.things = {kind: 0 for kind in KINDS}
        self.marks, self.lengths, self.missing, self.contracts = {}, [], {name: 0 for name in MISSING}, 0
        for contract in contracts:
            self._add(contract)
            if self.contracts in marks:
                self._mark()
        self._mark()

    def _add(self, contract):
        self.contracts += 1
        for kind, of in KINDS.items():
            keys = of(contract)
            self.things[kind] += len(keys)
            for key in keys:
                self.counts[kind][key] = self.counts[kind].get(key, 0) + 1
            if kind == "words":
                self.lengths.append(len(keys))
        for name, is_missing in MISSING.items():
            self.missing[name] += is_missing(contract)

    def _mark(self):
        self.marks[self.contracts] = {kind: (self.things[kind], len(self.counts[kind])) for kind in KINDS}

    def top(self, kind, count):
        """The share of the most frequent ones, in percent."""
        return 100 * sum(sorted(self.counts[kind].values(), reverse=True)[:count]) / self.things[kind]

    def once(self, kind):
        """The share of those that occur once, in percent."""
        return 100 * sum(count == 1 for count in self.counts[kind].values()) / len(self.counts[kind])

    def slope(self, kind, start, end):
        """Heaps' exponent between two marks."""
        return exponent(self.marks[start][kind], self.marks[end][kind])


def made_contracts(path):
    """The contracts of a file that the generator wrote, one a line; those published again are left out, as an import does."""
    seen = set()
    with open(path, encoding="utf-8") as lines:
        for line in itertools.islice(lines, 1, None):
            if line.startswith("]"):
                break
            contract = json.loads(line.rstrip(",\n"))
            if contract["id"] not in seen:
                seen.add(contract["id"])
                yield contract


def tables(data, decp):
    """Real and made side by side, in Markdown."""
    contracts = real.contracts(data)
    whole = Tally(shuffled(contracts), MARKS)
    tens = [10_000, 100_000]
    made = Tally(made_contracts(decp), [*MARKS, len(contracts), *tens])
    last = made.contracts
    lines = ["Distinct values by number of contracts; real contracts in a seeded order.", ""]
    lines += ["| | " + " | ".join(f"{mark:,}" for mark in MARKS) + f" | all real: {len(contracts):,} | made: {last:,} |", "| --- |" + " ---: |" * (len(MARKS) + 2)]
    for kind in KINDS:
        for name, tally in (("real", whole), ("made", made)):
            at = [f"{tally.marks[mark][kind][1]:,}" if mark in tally.marks else "" for mark in [*MARKS, len(contracts), last]]
            if name == "real":
                at[-1] = ""
            lines.append(f"| {kind}, {name} | " + " | ".join(at) + " |")
    lines += ["", "Exponents of Heaps' law: fitted on the real ones from 1,000 on, then between two sizes.", ""]
    lines += ["| | fitted, real | 1,000 to 6,000, real | 1,000 to 6,000, made | 6,000 to all, made |", "| --- | ---: | ---: | ---: | ---: |"]
    for kind, of in KINDS.items():
        _, beta = generator.fitted([of(one) for one in contracts], generator.SEED)
        after = f"{made.slope(kind, 6000, last):.2f}" if last > 6000 else ""
        early = [f"{tally.slope(kind, 1000, 6000):.2f}" if 6000 in tally.marks else "" for tally in (whole, made)]
        lines.append(f"| {kind} | {beta:.2f} | {early[0]} | {early[1]} | {after} |")
    lines += ["", "Share of the most frequent in all, in percent.", ""]
    lines += ["| | " + " | ".join(f"first {top}, real | first {top}, made" for top in TOPS) + " | there once, real | there once, made |", "| --- |" + " ---: |" * 8]
    for kind in KINDS:
        shares = [f"{tally.top(kind, top):.1f}" for top in TOPS for tally in (whole, made)] + [f"{tally.once(kind):.1f}" for tally in (whole, made)]
        lines.append(f"| {kind} | " + " | ".join(shares) + " |")
    lines += ["", "| | real | made |", "| --- | ---: | ---: |"]
    for share, name in ((50, "median"), (95, "p95")):
        lines.append(f"| words of an object, {name} | {percentile(whole.lengths, share)} | {percentile(made.lengths, share)} |")
    for name in MISSING:
        lines.append(f"| without {name}, % | {100 * whole.missing[name] / whole.contracts:.2f} | {100 * made.missing[name] / last:.2f} |")
    return lines


def shuffled(contracts):
    """In a seeded random order, since the files are sorted by platform."""
    order = list(contracts)
    generator.shuffle(random.Random(generator.SEED), order)
    return order

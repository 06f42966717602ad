"""`generator.py DATA COUNT FILE` makes synthetic contracts from real ones. Words, buyers, holders, places and codes grow and keep their
skew as in the real files.

Each contract takes its parts from contracts drawn from the whole history, real and synthetic alike, so that frequent values are drawn
more often (Simon's process). Recombination adds no new values. Each kind of value therefore has a Heaps curve, fitted on the real files,
that gives the expected number of distinct values; a kind below its curve gets a new value. It replaces a rare one, so that the share
of frequent values stays.
"""

import json
import math
import random
import sys
from pathlib import Path

import real

# Increase it when the output changes: it is part of the names of cached files.
VERSION = 2
SEED = 2026
# Share of contracts that are published a second time, most of them soon after, as in the real files.
AGAIN, SOON = 0.03, 1000
# Values that are not replaced by new ones: the commonest words, and any other value more frequent than this.
COMMON_WORDS, RARE = 500, 3
SHUFFLES = 5
FIT_FROM = 1000


def fit(points):
    """The K and beta of Heaps' curve `K * n ** beta` through (n, distinct), by least squares of logarithms."""
    xs, ys = [math.log(n) for n, _ in points], [math.log(distinct) for _, distinct in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    beta = sum((a - x) * (b - y) for a, b in zip(xs, ys)) / sum((a - x) ** 2 for a in xs)
    return math.exp(y - beta * x), beta


def growth(items, at):
    """(things so far, different ones so far) after each of these numbers of contracts; `items` has the things of each contract."""
    seen, things, points, marks = set(), 0, [], set(at)
    for count, these in enumerate(items, 1):
        seen.update(these)
        things += len(these)
        if count in marks:
            points.append((things, len(seen)))
    return points


def fitted(items, seed):
    """Heaps' curve over several seeded shuffles of these contracts, from the thousandth on."""
    dice, points, order = random.Random(seed), [], list(items)
    marks = [FIT_FROM + step * (len(order) - FIT_FROM) // 8 for step in range(9)]
    for _ in range(SHUFFLES):
        shuffle(dice, order)
        points += growth(order, marks)
    return fit(points)


def shuffle(dice, items):
    """As `random.shuffle`, by `random` alone: what that gives is the same in every version of Python."""
    for last in range(len(items) - 1, 0, -1):
        other = int(dice.random() * (last + 1))
        items[last], items[other] = items[other], items[last]


class Curve:
    """How many different things there are, and should be. Nothing is missing in the first thousand contracts, where drawing from the
    real ones gives as many different ones as they have."""

    def __init__(self, items, seed):
        self.k, self.beta = fitted(items, seed)
        self.start = sum(map(len, items)) * FIT_FROM // len(items)
        self.seen, self.things = set(), 0
        counts = {}
        for key in (key for these in items for key in these):
            counts[key] = counts.get(key, 0) + 1
        self.frequent = {key for key, count in counts.items() if count > RARE}

    def missing(self):
        """How many different things are missing by now."""
        return self.k * self.things**self.beta - len(self.seen) if self.things >= self.start else 0.0

    def wants_for(self, key):
        """Whether something new is to take the place of this."""
        return self.missing() >= 1 and key not in self.frequent

    def add(self, keys):
        """Counts these."""
        self.things += len(keys)
        self.seen.update(keys)


class Spelling:
    """Makes words that could be French: letters by the three before them, as in the words it learnt from."""

    def __init__(self, words):
        self.after = {}
        for word in sorted(words):
            for at, letter in enumerate(word + "\n"):
                self.after.setdefault(("\t\t\t" + word)[at : at + 3], []).append(letter)

    def word(self, dice):
        """A word of 4 to 14 letters."""
        while True:
            word = ""
            while len(word) < 15:
                letters = self.after[("\t\t\t" + word)[-3:]]
                letter = letters[int(dice.random() * len(letters))]
                if letter == "\n":
                    break
                word += letter
            if 4 <= len(word) <= 14:
                return word


def halves(first, second):
    """As many words as the first has: its first half, and the last words of the second."""
    kept = (len(first) + 1) // 2
    wanted = len(first) - kept
    # Where the second is too short, the first goes on for longer.
    taken = second[len(second) - min(wanted, len(second)) :]
    return first[: len(first) - len(taken)] + taken


def like(word, model):
    """The word in the capitals of another."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word.capitalize() if model[:1].isupper() else word


def identifier(dice, digits):
    """A number of the given length whose last digit is the check digit of SIREN and SIRET (Luhn)."""
    number = str(int(dice.random() * 10 ** (digits - 1))).rjust(digits - 1, "0")
    total = 0
    for rank, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if rank % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return number + str(-total % 10)


class Generator:
    """A seeded stream of contracts."""

    def __init__(self, data):
        self.dice = random.Random(SEED)
        self.real = real.contracts(data)
        self._learn_words()
        self._learn_names(data)
        # Parts of contracts, real ones first and then those made, by the same rank in each list.
        self.objects = [" ".join(str(one["objet"]).split()) for one in self.real]
        self.codes = [one.get("codeCPV", "") for one in self.real]
        self.buyers = [one.get("acheteur") or one.get("autoriteConcedante") or {} for one in self.real]
        self.places = [one.get("lieuExecution") or {} for one in self.real]
        self.holders = [real.holder_list(one) for one in self.real]

    def _learn_words(self):
        tokens = [str(one["objet"]).split() for one in self.real]
        words = [[word for token in these for word in real.folded_words(token)] for these in tokens]
        counts = {}
        for word in (word for these in words for word in these):
            counts[word] = counts.get(word, 0) + 1
        by_count = sorted(counts, key=lambda word: (-counts[word], word))
        self.common = set(by_count[:COMMON_WORDS])
        rare = [word for word in by_count if counts[word] == 1]
        self.numbers = [word for word in rare if any(letter.isdigit() for letter in word)]
        self.number_share = len(self.numbers) / len(rare)
        letters = {token.strip(".,;:()\"'/-").lower() for these in tokens for token in these}
        self.spelling = Spelling(word for word in letters if word.isalpha() and len(word) >= 4)
        self.curves = {"words": Curve(words, SEED)}

    def _learn_names(self, data):
        one_each = {"buyers": real.buyer_key, "places": real.place_key, "codes": real.cpv_key}
        for name, key in one_each.items():
            self.curves[name] = Curve([[key(one)] for one in self.real], SEED)
        holders = [[real.holder_key(holder) for holder in real.holder_list(one)] for one in self.real]
        self.curves["holders"] = Curve(holders, SEED)
        named = sorted({one["acheteur"]["nom"] for one in self.real if (one.get("acheteur") or {}).get("nom")})
        self.kinds = [name.rsplit(" de ", 1)[0] for name in named if " de " in name]
        self.firms = sorted({str(holder["denominationSociale"]) for one in self.real for holder in real.holder_list(one)
                             if holder.get("denominationSociale")})
        self.unused_communes = real.communes()
        shuffle(self.dice, self.unused_communes)
        self.unused_codes = {}
        for code in sorted(real.cpv_labels(data)):
            self.unused_codes.setdefault(code[:2], []).append(code)
        for codes in self.unused_codes.values():
            shuffle(self.dice, codes)

    def one_of(self, items):
        """One of them, each as likely."""
        return items[int(self.dice.random() * len(items))]

    def contracts(self):
        """Contracts without end; now and then one is published again, with its amount changed."""
        rank, lately = 0, []
        while True:
            rank += 1
            contract = self._contract(rank)
            yield contract
            lately.append(contract)
            if self.dice.random() < AGAIN:
                yield again(self.one_of(lately))
            if len(lately) == SOON:
                lately = lately[SOON // 2 :]

    def _contract(self, rank):
        contract = dict(self.one_of(self.real))
        contract["id"] = f"{contract['id'][:4] if contract.get('id') else 2019}{rank:08d}00"
        first = int(self.dice.random() * len(self.objects))
        contract["objet"] = self._object(self.objects[first])
        contract["codeCPV"] = self._code(self.codes[first])
        buyer = "autoriteConcedante" if contract.get("autoriteConcedante") else "acheteur"
        contract[buyer], contract["lieuExecution"] = self._buyer_and_place()
        contract[real.holders_field(contract)] = self._holders()
        if "montant" in contract:
            contract["montant"] = self._amount(contract["montant"])
        for name, value in (("objects", contract["objet"]), ("codes", contract["codeCPV"]), ("buyers", contract[buyer]),
                            ("places", contract["lieuExecution"]), ("holders", contract[real.holders_field(contract)])):
            getattr(self, name).append(value)
        return contract

    def _object(self, first):
        tokens = halves(first.split(), self.one_of(self.objects).split())
        curve = self.curves["words"]
        words = [word for token in tokens for word in real.folded_words(token)]
        curve.add(words)
        missing = curve.missing()
        if missing >= 1:
            slots = [at for at, token in enumerate(tokens) if self._is_rare(token)]
            for _ in range(min(int(missing), len(slots))):
                at = slots.pop(int(self.dice.random() * len(slots)))
                tokens[at] = self._new_word(tokens[at])
        return " ".join(tokens)

    def _is_rare(self, token):
        words = real.folded_words(token)
        return len(words) == 1 and words[0] not in self.common

    def _new_word(self, model):
        seen = self.curves["words"].seen
        while True:
            if self.dice.random() < self.number_share:
                digits = [str(int(self.dice.random() * 10)) if letter.isdigit() else letter for letter in self.one_of(self.numbers)]
                word = "".join(digits)
            else:
                word = like(self.spelling.word(self.dice), model)
            if not seen.issuperset(real.folded_words(word)):
                seen.update(real.folded_words(word))
                return word

    def _code(self, code):
        curve = self.curves["codes"]
        unused = self.unused_codes.get(code[:2])
        if unused and curve.wants_for(code[:8]):
            code = unused.pop()
        curve.add([code[:8]])
        return code

    def _buyer_and_place(self):
        rank = int(self.dice.random() * len(self.buyers))
        buyer, place = self.buyers[rank], self.places[rank]
        buyers, places = self.curves["buyers"], self.curves["places"]
        if self.unused_communes and places.wants_for(str(place.get("code", ""))):
            code, name = self.unused_communes.pop()
            place = {"code": code, "typeCode": "Code commune", "nom": name}
        if buyers.wants_for(str(buyer)):
            commune = place.get("nom") or self.one_of(self.unused_communes or real.communes())[1]
            buyer = {"id": "21" + identifier(self.dice, 12), "nom": f"{self.one_of(self.kinds)} de {commune}"}
        buyers.add([str(buyer)])
        places.add([str(place.get("code", ""))])
        return buyer, place

    def _holders(self):
        holders = self.one_of(self.holders)
        curve = self.curves["holders"]
        rare = [at for at, holder in enumerate(holders) if curve.wants_for(real.holder_key(holder))]
        if rare:
            name = self.one_of(self.firms).split()
            name[-1] = like(self.spelling.word(self.dice), name[-1])
            new = {"typeIdentifiant": "SIRET", "id": identifier(self.dice, 14), "denominationSociale": " ".join(name)}
            at = self.one_of(rare)
            holders = holders[:at] + [new] + holders[at + 1 :]
        curve.add([real.holder_key(holder) for holder in holders])
        return holders

    def _amount(self, amount):
        # Round amounts and those that are no amount are as many as before.
        if not isinstance(amount, (int, float)) or amount < 100 or amount % 100 == 0:
            return amount
        return round(amount * (0.8 + 0.4 * self.dice.random()), 2)


def again(contract):
    """The same contract, published later with another amount."""
    published = {**contract, "datePublicationDonnees": "2025-12-31"}
    if isinstance(contract.get("montant"), (int, float)):
        published["montant"] = round(contract["montant"] * 1.1, 2)
    return published


def write(data, count, path):
    """Writes a DECP file in the format of 2019 with the given number of distinct contracts, some of them published twice."""
    is_first, different = True, set()
    with open(path, "w", encoding="utf-8") as out:
        out.write('{"marches":[')
        for contract in Generator(data).contracts():
            if contract["id"] not in different and len(different) == count:
                break
            different.add(contract["id"])
            out.write(("\n" if is_first else ",\n") + json.dumps(contract, ensure_ascii=False, separators=(",", ":")))
            is_first = False
        out.write("\n]}\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))

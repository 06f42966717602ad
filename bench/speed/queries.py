"""The 500 queries, drawn by a seed from titles of real contracts and from labels of CPV codes, as a visitor would type them; and the
keystrokes of visitors who type a title or a buyer's name.

A query is an object: `id`, `category`, `q`, `filters` (the parameters of `/v1/search`: value by value, by facet), `tri`, and for a typing
error the `id` of the same query without it, `exact`. A keystroke has `id`, `category`, `q`.
"""

import json
import random
import re

from real import folded

SEED = 2027
WORDS = {"words-1": 70, "words-2": 80, "words-3": 70, "words-4": 50}
TYPING, PREFIX, FILTERED, SORTED, EMPTY_FILTERED = 60, 50, 80, 20, 19
TYPED_TEXTS = 60
# Percentages of words from labels, and of words without accents.
FROM_LABELS, WITHOUT_ACCENTS = 25, 40
LONGEST_TYPED = 24

STOP_WORDS = set(
    "a à au aux avec ce ces cette dans de des du elle en entre et l la le les leur leurs lot lots marché n no nº n° ou par pas pour que qui "
    "sa se ses son sous sur un une d".split()
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MONTANTS = ["..40000", "40000..90000", "90000..", "140000..216000", "216000..1000000", "1000000.."]


def words_of(text):
    """The content words of a text, in lower case."""
    found = [word.split("'")[-1] for word in re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", text.lower().replace("’", "'"))]
    return [word for word in found if word not in STOP_WORDS and len(word) > 2]


def misspelled(word, dice):
    """The word with one letter left out, doubled, replaced, or two in a row swapped; never the first."""
    at = dice.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    edited = [before + after, before + letter + letter + after, before + dice.choice(LETTERS) + after, before + after[:1] + letter + after[1:]]
    wrong = dice.choice(edited)
    return wrong if wrong != word else misspelled(word, dice)


def filters_of(record, dice, count):
    """So many filters that this record passes."""
    found = {}
    if "procedure" in record:
        found["procedure"] = record["procedure"]
    if "nature" in record:
        found["nature"] = record["nature"]
    if record.get("territoire"):
        path = record["territoire"]
        found["territoire"] = " > ".join(path[: dice.randint(1, len(path))])
    if "cpv" in record:
        found["cpv"] = record["cpv"][: dice.randint(2, 4)].ljust(8, "0")
    if "montant_ht" in record:
        found["montant"] = dice.choice([range_ for range_ in MONTANTS if within(record["montant_ht"], range_)])
    if "date" in record:
        found["annee"] = str(record["date"])[:4]
    chosen = dice.sample(sorted(found), min(count, len(found)))
    return {facet: [found[facet]] for facet in chosen}


def within(number, bounds):
    """Whether a number is within `from..to`, both included."""
    least, most = bounds.split("..")
    return (not least or float(least) <= number) and (not most or number <= float(most))


class Drawing:
    """Queries as they are drawn, no two the same."""

    def __init__(self, records, labels):
        self.dice = random.Random(SEED)
        self.records = records
        self.labels = {code[:8]: label for code, label in labels.items()}
        self.queries, self.drawn = [], set()

    def add(self, category, q, filters=None, tri=None, exact=None):
        """Adds a query if it is a new one."""
        key = (q, json.dumps(filters or {}, sort_keys=True), tri)
        if key in self.drawn:
            return False
        self.drawn.add(key)
        query = {"id": len(self.queries), "category": category, "q": q, "filters": filters or {}}
        query |= {name: value for name, value in (("tri", tri), ("exact", exact)) if value is not None}
        self.queries.append(query)
        return True

    def words(self, count):
        """So many words in a row of a title or of the label of its CPV code, and the record."""
        while True:
            record = self.dice.choice(self.records)
            # A case has a text of its own; a contract has next to nothing but its title.
            texts = [section["texte"] for section in record.get("sections", []) if record["type"] != "marche"]
            text = self.dice.choice([record["titre"], *texts]) if texts else record["titre"]
            if self.dice.randrange(100) < FROM_LABELS:
                text = self.labels.get(record.get("cpv", "")[:8], "")
            words = words_of(text)
            if len(words) < count:
                continue
            at = self.dice.randrange(len(words) - count + 1)
            typed = " ".join(words[at : at + count])
            return (folded(typed) if self.dice.randrange(100) < WITHOUT_ACCENTS else typed), record

    def draw(self, category, number, make):
        """Adds queries until the given number are new; fewer if the records yield no more."""
        for _ in range(100 * number):
            number -= self.add(category, **make())
            if not number:
                break

    def draw_all(self):
        """All 500."""
        dice = self.dice
        for count, (category, number) in enumerate(WORDS.items(), 1):
            self.draw(category, number, lambda: {"q": self.words(count)[0]})
        exact = list(self.queries)

        def typing():
            query = dice.choice(exact)
            words = query["q"].split()
            long = [at for at, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
            if not long:
                return typing()
            at = dice.choice(long)
            words[at] = misspelled(words[at], dice)
            return {"q": " ".join(words), "exact": query["id"]}

        def prefix():
            typed = self.words(dice.randint(1, 3))[0]
            last = typed.split()[-1]
            return {"q": typed[: len(typed) - dice.randint(1, max(1, len(last) - 3))]}

        def filtered():
            typed, record = self.words(dice.randint(1, 3))
            return {"q": typed, "filters": filters_of(record, dice, dice.randint(1, 2))}

        self.draw("typing", TYPING, typing)
        self.draw("prefix", PREFIX, prefix)
        self.draw("filtered", FILTERED, filtered)
        self.draw("sorted", SORTED, lambda: {"q": self.words(dice.randint(1, 2))[0], "tri": dice.choice(["-date", "-montant"])})
        self.draw("empty-filtered", EMPTY_FILTERED, lambda: {"q": "", "filters": filters_of(dice.choice(self.records), dice, 1)})
        self.add("empty", "")
        return self.queries


def draw(records, labels):
    """The queries from these records, and labels by code: 500, or fewer where the records are a handful."""
    return Drawing(records, labels).draw_all()


def keystrokes(records):
    """What is typed after each key by visitors who type titles and names of buyers, from the first letter on."""
    dice, found = random.Random(SEED + 1), []
    for _ in range(TYPED_TEXTS):
        record = dice.choice(records)
        text = record["titre"].lower()
        if dice.random() < 0.3 and "acheteur" in record:
            text = record["acheteur"]["nom"].lower()
        for length in range(1, min(len(text), LONGEST_TYPED) + 1):
            # A space completes nothing, so it is no keystroke.
            if text[length - 1] != " ":
                found.append({"id": len(found), "category": "keystroke", "q": text[:length]})
    return found


def write(items, path):
    """Writes one JSON object a line."""
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")


def read(path):
    """Reads JSON lines."""
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]

"""Robustness: what each query finds when it is typed otherwise."""

import collections
import re
import unicodedata
import zlib

from common import say, table
from engines import run_path
from measures import measure
from queries import Collection, read_lines, read_run, write_lines, write_qrels

# A word that gets a typing error.
LONG_WORD = re.compile(r"[^\W\d_]{5,}")
APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
# The letters of a French keyboard.
AZERTY = ["azertyuiop", "qsdfghjklm", "wxcvbn"]
BESIDE = {
    letter: [row[at] for at in (place - 1, place + 1) if 0 <= at < len(row)] for row in AZERTY for place, letter in enumerate(row)
}
TYPED = "as typed"
# Between the id of a query and the number of the change.
MARK = "~"


def without_accents(text, _):
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def in_capitals(text, _):
    return text.upper()


def glued(text, _):
    return APOSTROPHE.sub("", text)


def spaced(text, _):
    return APOSTROPHE.sub(" ", text)


def misspelt(text, id_):
    """One typing error in one word; which one depends on the id alone. A text without a long word stays as it is."""
    words = list(LONG_WORD.finditer(text))
    if not words:
        return text
    word = pick(words, f"{id_} word")
    error = pick([dropped, doubled, swapped, beside], f"{id_} error")
    changed = error(word.group(), id_) or dropped(word.group(), id_)
    return text[: word.start()] + changed + text[word.end() :]


def dropped(word, id_):
    at = pick(range(len(word)), f"{id_} dropped")
    return word[:at] + word[at + 1 :]


def doubled(word, id_):
    at = pick(range(len(word)), f"{id_} doubled")
    return word[:at] + word[at] + word[at:]


def swapped(word, id_):
    """A letter swapped with the next, which is another one."""
    places = [at for at in range(len(word) - 1) if word[at] != word[at + 1]]
    if not places:
        return None
    at = pick(places, f"{id_} swapped")
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def beside(word, id_):
    """A letter replaced by one of its row of the keyboard, next to it."""
    places = [at for at, letter in enumerate(word) if letter.lower() in BESIDE]
    if not places:
        return None
    at = pick(places, f"{id_} beside")
    return word[:at] + pick(BESIDE[word[at].lower()], f"{id_} key") + word[at + 1 :]


def pick(options, key):
    """One of them, the same on every machine."""
    return options[zlib.crc32(key.encode("utf-8")) % len(options)]


# What a query becomes, of its text and its id.
CHANGES = {
    "without accents": without_accents,
    "capitals": in_capitals,
    "apostrophes glued": glued,
    "apostrophes as spaces": spaced,
    "typing error": misspelt,
}


def with_changes(collection, cache):
    """The collection with each query as typed and with each change that alters it, and the number that each change alters."""
    altered = dict.fromkeys([TYPED, *CHANGES], 0)
    rows, grades = [], {}
    for query in read_lines(collection.queries):
        id_, text = query["_id"], query["text"]
        if id_ not in collection.grades:
            continue
        texts = {TYPED: text, **{name: change(text, id_) for name, change in CHANGES.items()}}
        for place, (name, changed) in enumerate(texts.items()):
            if name == TYPED or changed != text:
                new_id = f"{id_}{MARK}{place}"
                rows.append({"_id": new_id, "text": changed, "group": collection.group[id_]})
                grades[new_id] = collection.grades[id_]
                altered[name] += 1
    folder = cache / "robust"
    folder.mkdir(parents=True, exist_ok=True)
    queries, qrels = (folder / f"{collection.slug}.{kind}" for kind in ("queries.jsonl", "qrels.tsv"))
    write_lines(queries, rows)
    write_qrels(qrels, grades)
    return Collection(f"{collection.name} changed", collection.docs, queries, qrels), altered


def figures_of(path, changed):
    """nDCG@10 as typed and after each change. A query that a change leaves alone keeps its figure."""
    ranked = read_run(path)
    by_query = collections.defaultdict(dict)
    for new_id, grades in changed.grades.items():
        id_, _, place = new_id.rpartition(MARK)
        by_query[id_][int(place)] = measure(ranked[new_id], grades)[0]
    places = range(len(CHANGES) + 1)
    return [sum(row.get(place, row[0]) for row in by_query.values()) / len(by_query) for place in places]


def loss(typed, other):
    # Adding zero turns the negative zero of a rounded figure into a positive one.
    return f"{round(100 * (typed - other) / typed, 1) + 0.0:+.1f} %" if typed else "–"


def report(engines, collections_, cache):
    """The table: nDCG@10 as typed, and what each change loses of it."""
    rows = []
    for collection in collections_:
        changed, altered = with_changes(collection, cache)
        rows.append([collection.name, "queries, those altered", *altered.values()])
        for engine in engines:
            say(f"{engine.name} on {changed.name}")
            path = run_path(engine, changed, cache)
            engine.run(changed, path)
            typed, *others = figures_of(path, changed)
            losses = [loss(typed, other) for other in others]
            rows.append([collection.name, engine.name, f"{typed:.4f}", *losses])
    head = ["collection", "engine", TYPED, *CHANGES]
    return "Robustness, nDCG@10 as typed and the share of it lost (all queries, altered or not):\n\n" + table(head, rows, "ll")

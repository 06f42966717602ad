"""The words of the records of a corpus, by the reference of `french.py`."""

import json
import re
from collections import Counter, defaultdict

import french
from served import ROOT

LEXICON = ROOT / "crates/rex-analysis/src/data/lexicon.tsv"
STOP_WORDS = ROOT / "crates/rex-analysis/src/data/stop_words.txt"
LETTERS = re.compile(r"[^\W\d_]+")
COMMENT = re.compile(r"<!--.*?-->", re.S)


def texts(record):
    """Every text of a record that Rex indexes, as in `crates/rex-indexer/src/build/document.rs`, without the label of its CPV code."""
    parties = [record.get("acheteur") or {}, *(record.get("titulaires") or [])]
    yield record["titre"]
    yield from (party.get(field) or "" for party in parties for field in ("nom", "structure"))
    for section in record.get("sections") or []:
        yield from (section.get("titre") or "", COMMENT.sub(" ", section.get("texte") or ""))
    for field in ("themes", "territoire", "considerations", "reserve"):
        yield from record.get(field) or []
    yield from (record.get(field) or "" for field in ("procedure", "nature"))


class Records:
    """The records of a site, indexed by word."""

    def __init__(self, server, site, dictionary):
        self.dictionary = dictionary
        self.by_word, self.by_lemma, self.joined, self.by_label = (defaultdict(set) for _ in range(4))
        self.titles = {}
        for record in self._all(server, site):
            self._add(record)
        for word, ids in self.by_word.items():
            for lemma in dictionary.lemmas_for(word):
                self.by_lemma[lemma] |= ids
        for id_, row in server.export().items():
            for word in (word for chunk in french.cut(row["cpv_libelle"]) for word in chunk):
                for lemma in dictionary.lemmas_for(word):
                    self.by_label[lemma].add(id_)
        self.synonyms = list(read_lexicon(LEXICON))
        stop_words = STOP_WORDS.read_text(encoding="utf-8").splitlines()
        self.stop_words = {word for line in stop_words if not line.startswith("#") for word in line.split()}

    def _all(self, server, site):
        with open(site.corpus / "decp.jsonl", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
        for case in site.corpus.glob("*.md"):
            yield json.loads(server.get(f"/v1/cases/{case.stem}"))

    def _add(self, record):
        id_ = record["id"]
        self.titles[id_] = record["titre"]
        for text in texts(record):
            before = ""
            for chunk in french.cut(text):
                folded = [french.fold(word) for word in chunk]
                for word in {*folded, "".join(folded)}:
                    self.by_word[word].add(id_)
                # `vidéo protection` may be written for `vidéoprotection`, and `LOT1` for `lot`.
                for first, second in zip([before, *folded], folded):
                    self.joined[first + second].add(id_)
                for word in (word for one in folded if not one.isalpha() for word in LETTERS.findall(one)):
                    self.joined[word].add(id_)
                before = folded[-1] if folded else ""

    def holding(self, word):
        """The records that contain an inflected form of a word."""
        return union(self.by_lemma[lemma] for lemma in self.dictionary.lemmas_for(word))

    def tolerated(self, word):
        """The neutral records: they contain the word split in two, with a number attached, or only in the label of their CPV code."""
        lemmas = self.dictionary.lemmas_for(word)
        joined = [ids for form, ids in self.joined.items() if lemmas & self.dictionary.lemmas_for(form)]
        return union([*joined, *(self.by_label[lemma] for lemma in lemmas)])

    def by_synonym(self, word):
        """The records that contain all words of a lexicon entry for a word."""
        found = set()
        for typed, given in self.synonyms:
            if len(typed) == 1 and self.dictionary.lemmas_for(typed[0]) & self.dictionary.lemmas_for(word):
                words = [one for one in given if french.fold(one) not in self.stop_words]
                sets = [self.holding(one) for one in words]
                found |= set.intersection(*sets) if sets else set()
        return found

    def forms(self, word, ids):
        """The number of the given records that contain each form of a word."""
        lemmas = self.dictionary.lemmas_for(word)
        counts = {form: len(held & ids) for form, held in self.by_word.items() if lemmas & self.dictionary.lemmas_for(form)}
        return Counter({form: count for form, count in counts.items() if count})


def union(sets):
    """The union of sets."""
    return set().union(*sets)


def read_lexicon(path):
    """Entries of the lexicon as pairs of tokenized texts, in both directions for a mutual entry."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            left, relation, right, *_ = line.split("\t")
            left, right = ([word for chunk in french.cut(side) for word in chunk] for side in (left, right))
            yield left, right
            if relation.strip() == "=":
                yield right, left

"""Xapian: BM25 over stems, a value slot for each facet, counted by match spies."""

import json
import unicodedata

import xapian
from serving import FACETS, HITS, NUMBERS, VALUES, cells, documents, main

SLOTS = {name: slot for slot, name in enumerate([*FACETS, *NUMBERS, "date"])}
# Bytes of the longest term of Xapian.
LONGEST = 240


def folded(text):
    """Lower case, without accents, elided articles apart: as Xapian's stemmer gets words in index and query alike."""
    letters = unicodedata.normalize("NFD", text.lower().replace("'", " ").replace("’", " "))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def term(facet, value):
    """The term of a value."""
    return f"X{facet.upper()}:{value}".encode()[:LONGEST]


def build(texts, folder):
    """Writes the database."""
    base = xapian.WritableDatabase(folder, xapian.DB_CREATE_OR_OVERWRITE)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("french"))
    generator.set_stemming_strategy(xapian.TermGenerator.STEM_ALL)
    for document in documents(texts):
        entry = xapian.Document()
        generator.set_document(entry)
        generator.index_text_without_positions(folded(f"{document['texte']}\n{document['libelle']}"))
        entry.set_data(json.dumps({"id": document["id"], "titre": document["titre"], "texte": document["texte"]}))
        for facet in FACETS:
            values = document["facettes"][facet]
            for value in values:
                entry.add_boolean_term(term(facet, value))
            # A slot has one value: those of a hierarchy are counted by the deepest, which says the others.
            if values:
                entry.add_value(SLOTS[facet], max(values, key=len) if facet == "territoire" else values[-1])
        for name in NUMBERS:
            if name in document["nombres"]:
                entry.add_value(SLOTS[name], xapian.sortable_serialise(document["nombres"][name]))
        if document["date"] is not None:
            entry.add_value(SLOTS["date"], xapian.sortable_serialise(document["date"]))
        base.add_document(entry)
    base.commit()
    base.close()


def open_(folder):
    """Answers by `top10` or `full`."""
    return Peer(xapian.Database(folder)).answer


class Peer:
    """An open database."""

    def __init__(self, base):
        self.base, self.stem, self.everything = base, xapian.Stem("french"), base.get_doccount()

    def answer(self, mode, query):
        """The ten first with passages; in `full` how many match and the counts of facets too."""
        enquire = xapian.Enquire(self.base)
        enquire.set_query(self.tree(query))
        if query.order:
            enquire.set_sort_by_value(SLOTS[query.order], True)
        spies = []
        if mode == "full":
            spies = self.spies(enquire, [name for name in FACETS + NUMBERS if name not in query.narrowed])
        found = enquire.get_mset(0, HITS, self.everything if mode == "full" else 0)
        for hit in found:
            said = json.loads(hit.document.get_data())
            found.snippet(said["texte"], 300, self.stem)
        self.read(spies)
        if mode == "full":
            for facet in query.narrowed:
                other = xapian.Enquire(self.base)
                other.set_query(self.tree(query, facet))
                other.set_weighting_scheme(xapian.BoolWeight())
                spies = self.spies(other, [facet])
                other.get_mset(0, 0, self.everything)
                self.read(spies)
        return found.get_matches_estimated()

    def spies(self, enquire, names):
        """One for each facet."""
        spies = [(name, xapian.ValueCountMatchSpy(SLOTS[name])) for name in names]
        for _, spy in spies:
            enquire.add_matchspy(spy)
        return spies

    def read(self, spies):
        """The counts: the most frequent values, or the cells of numbers."""
        for name, spy in spies:
            if name in NUMBERS:
                steps, counts = cells(name), {}
                for value in spy.values():
                    number = xapian.sortable_unserialise(value.term)
                    cell = sum(step <= number for step in steps)
                    counts[cell] = counts.get(cell, 0) + value.termfreq
            else:
                [(value.term, value.termfreq) for value in spy.top_values(VALUES)]

    def tree(self, query, but=None):
        """All the words, and the filters but that of one facet."""
        words = [xapian.Query(self.stem(folded(word))) for word in query.words]
        tree = xapian.Query(xapian.Query.OP_AND, words) if words else xapian.Query.MatchAll
        filters = [xapian.Query(xapian.Query.OP_OR, [xapian.Query(term(facet, value)) for value in values])
                   for facet, values in query.values.items() if facet != but]
        for facet, (least, most) in query.bounds.items():
            if facet != but:
                low = xapian.sortable_serialise(least or 0)
                filters.append(xapian.Query(xapian.Query.OP_VALUE_RANGE, SLOTS[facet], low, xapian.sortable_serialise(most))
                               if most is not None else xapian.Query(xapian.Query.OP_VALUE_GE, SLOTS[facet], low))
        for narrowing in filters:
            tree = xapian.Query(xapian.Query.OP_FILTER, tree, narrowing)
        return tree


if __name__ == "__main__":
    main(build, open_)

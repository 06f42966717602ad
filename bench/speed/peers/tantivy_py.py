"""tantivy-py: tantivy from Python, with its own French stemmer."""

from pathlib import Path

import tantivy
from serving import BARS, FACETS, HITS, NUMBERS, STEPS, VALUES, documents, main

TOKENIZER = "french"
MEMORY = 128 << 20


def schema():
    """One field of stems, the facets as terms and columns, the title stored."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("texte", tokenizer_name=TOKENIZER, index_option="freq")
    builder.add_text_field("titre", stored=True, index_option="basic", tokenizer_name="raw")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    for name in [*NUMBERS, "date"]:
        builder.add_unsigned_field(name, indexed=True, fast=True)
    return builder.build()


def french():
    """French as tantivy's documentation puts it together, and its filter of accents."""
    filters = tantivy.Filter
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(filters.remove_long(200)).filter(filters.lowercase())
    return builder.filter(filters.ascii_fold()).filter(filters.stemmer("french")).build()


def build(texts, folder):
    """Writes the index, in one segment."""
    index = tantivy.Index(schema(), path=folder)
    index.register_tokenizer(TOKENIZER, french())
    writer = index.writer(heap_size=MEMORY, num_threads=1)
    for document in documents(texts):
        fields = {"texte": [document["texte"], document["libelle"]], "titre": document["titre"], **document["nombres"]}
        if document["date"] is not None:
            fields["date"] = document["date"]
        fields |= {facet: values for facet, values in document["facettes"].items() if values}
        writer.add_document(tantivy.Document.from_dict(fields, index.schema))
    writer.commit()
    writer.wait_merging_threads()


def open_(folder):
    """Answers by `top10` or `full`."""
    index = tantivy.Index.open(folder)
    index.register_tokenizer(TOKENIZER, french())
    return Peer(index, french()).answer


class Peer:
    """An open index."""

    def __init__(self, index, analyzer):
        self.searcher, self.schema, self.analyzer = index.searcher(), index.schema, analyzer

    def answer(self, mode, query):
        """The ten first and how many match; counts of facets in `full`."""
        found = self.searcher.search(self.tree(query), limit=HITS, count=True, **({"order_by_field": query.order} if query.order else {}))
        for _, address in found.hits:
            self.searcher.doc(address)
        if mode == "full":
            self.count(query, [facet for facet in FACETS + NUMBERS if facet not in query.narrowed])
            for facet in query.narrowed:
                self.count(query, [facet], facet)
        return found.count

    def count(self, query, facets, but=None):
        """The counts of these facets."""
        wanted = {}
        for facet in facets:
            if facet in NUMBERS:
                wanted[f"{facet}_bars"] = {"range": {"field": facet, "ranges": ranges(BARS[facet])}}
                wanted[f"{facet}_steps"] = {"range": {"field": facet, "ranges": ranges(STEPS[facet])}}
                wanted[f"{facet}_stats"] = {"stats": {"field": facet}}
            else:
                wanted[facet] = {"terms": {"field": facet, "size": VALUES, "missing": "\0"}}
        return self.searcher.aggregate(self.tree(query, but), wanted)

    def tree(self, query, but=None):
        """All the words, and the filters but that of one facet."""
        term = tantivy.Query.term_query
        clauses = [term(self.schema, "texte", stem, "freq") for word in query.words for stem in self.analyzer.analyze(word)]
        for facet, values in query.values.items():
            if facet != but:
                one_of = [(tantivy.Occur.Should, term(self.schema, facet, value, "basic")) for value in values]
                clauses.append(tantivy.Query.const_score_query(tantivy.Query.boolean_query(one_of), 0.0))
        for facet, (least, most) in query.bounds.items():
            if facet != but:
                within = tantivy.Query.range_query(self.schema, facet, tantivy.FieldType.Unsigned, least or 0, most if most is not None else 2**62)
                clauses.append(tantivy.Query.const_score_query(within, 0.0))
        if not clauses:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, clause) for clause in clauses])


def ranges(begin):
    """Where each range begins and ends."""
    return [{"from": least, "to": most} for least, most in zip(begin, begin[1:])] + [{"from": begin[-1]}]


if __name__ == "__main__":
    main(build, open_)

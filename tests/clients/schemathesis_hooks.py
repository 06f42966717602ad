"""Hooks for schemathesis: parameter values that match cases, and a stricter reading of the OpenAPI document.

Random words match no case and random themes do not exist, so most requests get parameters that the server has values for. A field
that is missing in the document is an error of the document, which JSON Schema would accept.
"""

import json
import os
from urllib.request import urlopen

import schemathesis
from hypothesis import strategies as st


def names(values):
    """The filter values of a facet, of all levels."""
    for value in values:
        yield value.get("path") or value["value"]
        yield from names(value.get("children", ()))


with urlopen(os.environ["REX_URL"] + "/v1/search?par_page=100") as answer:
    everything = json.load(answer)

words = st.sampled_from(sorted({word for hit in everything["hits"] for word in hit["title"].split()}))
typed = st.one_of(
    st.lists(words, min_size=1, max_size=4).map(" ".join),
    words.map(lambda word: word[:-1]),
    words.map(lambda word: word[1:]),
    st.tuples(words, words).map(lambda pair: f'"{pair[0]}" -{pair[1]}'),
    st.tuples(words, words).map(lambda pair: f'"{pair[0]} {pair[1]}'),
)
KNOWN = {"q": typed}
for facet, counts in everything["facets"].items():
    values = [*names(counts.get("values") or counts.get("buckets") or ()), "non-renseigne"]
    KNOWN[facet] = st.lists(st.sampled_from(values), min_size=1, max_size=3)


@schemathesis.hook
def flatmap_query(context, query):
    """Replaces up to three random parameters by ones that match cases."""
    taken = sorted(KNOWN.keys() & {parameter.name for parameter in context.operation.query})
    if not taken:
        return st.just(query)
    chosen = st.lists(st.sampled_from(taken), unique=True, max_size=3)
    known = chosen.flatmap(lambda names: st.fixed_dictionaries({name: KNOWN[name] for name in names}))
    return known.map(lambda known: {**(query or {}), **known})


@schemathesis.hook
def before_load_schema(context, document):
    """Closes every object of the document to additional fields."""
    schemas = document["components"]["schemas"]
    parts = {part.get("$ref", "").rsplit("/")[-1] for schema in schemas.values() for part in schema.get("allOf", ())}
    for name, schema in schemas.items():
        if name in parts:
            # The object that it is a part of is closed instead.
            continue
        for variant in [schema, *schema.get("oneOf", ())]:
            if "properties" in variant or "allOf" in variant:
                variant["unevaluatedProperties"] = False

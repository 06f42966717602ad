"""Where engines count otherwise than Rex by their semantics, and why: by engine, a test of the query, and the reason."""

OWN_STEMS = [(lambda query: bool(query["q"]), "its stems, and where it cuts words, are its own.")]


def has(*parts):
    """Whether a query has one of these parts."""
    return lambda query: any(part in query["q"] for part in parts)


def has_word(*words):
    """Whether a query has one of these words."""
    return lambda query: not {*words}.isdisjoint(query["q"].split())


KNOWN = {
    "postgres": OWN_STEMS,
    "tantivy-py": OWN_STEMS,
    "xapian": OWN_STEMS,
    "pagefind": OWN_STEMS,
    "sqlite": [
        (has("-", "'"), "a word with a hyphen or an apostrophe is looked for in one by Rex (savoir-faire), in parts by SQLite."),
        (has("oe", "ae"), "œ is oe to Rex, a letter of its own to SQLite."),
        (has_word("pro"), "C'PRO is one word to Rex, two to SQLite."),
        (has_word("mtsambo"), "M'tsambo is one word to Rex, two to SQLite."),
    ],
}

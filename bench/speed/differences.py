"""Where engines count otherwise than Rex by their semantics, and why: by engine, a test of query and counts, and the reason."""

OWN_STEMS = [(lambda query, ours, theirs: bool(query["q"]), "its stems and its cutting of words are its own.")]

KNOWN = {
    "postgres": OWN_STEMS,
    "tantivy-py": OWN_STEMS,
    "xapian": OWN_STEMS,
    "pagefind": OWN_STEMS,
    "sqlite": [],
}

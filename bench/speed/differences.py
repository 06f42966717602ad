"""Known reasons why engines find other numbers of hits than Rex: by engine, a test of the query, and the reason."""

import json
import re
import unicodedata

# Words around an apostrophe that is no elision: l'eau is two words for all engines, MIL'SERVICES is one for Rex.
APOSTROPHE = re.compile(r"([^\W\d_]+)['’]([^\W\d_]+)")
ELIDED = {"l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"}
DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")

OWN_STEMS = [(lambda query: bool(query["q"]), "its stems, and where it cuts words, are its own.")]


def has(*parts):
    """Whether a query has one of these parts."""
    return lambda query: any(part in query["q"] for part in parts)


def folded(text):
    """Lower case, without accents."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))


def joined(texts):
    """The words that some document of the file of texts holds beside an apostrophe, or with one or with dots between the letters."""
    found = set()
    with open(texts, encoding="utf-8") as lines:
        for line in lines:
            text = folded(json.loads(line)["texte"])
            for before, after in APOSTROPHE.findall(text):
                if before not in ELIDED or after[0] not in "aeiouyh":
                    found |= {before, after, before + after}
            found.update(acronym.replace(".", "") for acronym in DOTTED.findall(text))
    return found


KNOWN = {
    "postgres": OWN_STEMS,
    "tantivy-py": OWN_STEMS,
    "xapian": OWN_STEMS,
    "pagefind": OWN_STEMS,
    "sqlite": [
        (has("-", "'"), "a word with a hyphen or an apostrophe is looked for in one by Rex (savoir-faire), in parts by SQLite."),
        (has("saint"), "St and Ste are Saint and Sainte to Rex."),
        (has("oe", "ae"), "œ is oe to Rex, a letter of its own to SQLite."),
        (lambda query: query.get("joined"), "a word of it stands somewhere as MIL'SERVICES or C.C.A.S. do: one word to Rex, its parts to SQLite."),
    ],
}

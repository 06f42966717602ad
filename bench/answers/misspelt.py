#!/usr/bin/env python3
"""Misspelt procurement terms: does the first hit contain the right word, or does a correction name it? See README.md beside this file."""

import french
from records import Records
from served import HERE, Site, folder_of, parser

WORDS = HERE / "misspelt.tsv"


def main():
    options = parser(__doc__).parse_args()
    with folder_of(options) as out:
        site = Site(options.rex, out, options.decp, options.cases)
        dictionary = french.dictionary(options.dictionary, out)
        pairs = read_pairs(dictionary)
        with site.serve() as server:
            records = Records(server, site, dictionary)
            unheld = [right for _, right in pairs if not records.holding(right)]
            if unheld:
                raise SystemExit(f"{WORDS.name}: no record holds {' '.join(unheld)}")
            lines = [line for wrong, right in pairs if (line := failure(wrong, right, server.search(wrong), records))]
        print(f"{len(pairs) - len(lines)} of {len(pairs)} found")
        print(*lines, sep="\n", end="\n" if lines else "")


def read_pairs(dictionary):
    """The pairs of the file; SystemExit for a misspelt word that is French."""
    lines = [line for line in WORDS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pairs = [tuple(line.split("\t")) for line in lines]
    french_words = [wrong for wrong, _ in pairs if dictionary.has(wrong)]
    if french_words or len({french.fold(wrong) for wrong, _ in pairs}) < len(pairs):
        raise SystemExit(f"{WORDS.name}: French, or twice there: {' '.join(french_words)}")
    return pairs


def failure(wrong, right, answer, records):
    """A description of the failure; None if the right word was found."""
    suggestions = answer["suggestions"]
    named = [correction["to"] for correction in suggestions.get("corrections") or []]
    lemmas = records.dictionary.lemmas_for(right)
    if any(lemmas & records.dictionary.lemmas_for(word) for word in named):
        return None
    if answer["hits"] and answer["hits"][0]["id"] in records.holding(right):
        return None
    first = answer["hits"][0]["title"] if answer["hits"] else "nothing"
    return f"- {wrong} for {right}: corrected to {' '.join(named) or 'nothing'}, offered {suggestions['did_you_mean']!r}, first {first[:80]!r}"


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""One-word queries of French words: none may be corrected to another word. See README.md beside this file."""

import random
import re

import french
from frequency import common_words, frequencies
from records import Records
from served import Site, folder_of, parser

# At least three letters, no superscripts as in `Dʳᵉˢ`.
PLAIN = re.compile(r"[a-zà-ÿœæA-ZÀ-ÝŒÆ](?:[-']?[a-zà-ÿœæA-ZÀ-ÝŒÆ]){2,}")


def main():
    options = parser(__doc__)
    options.add_argument("--words", type=int, default=1000, help="words of each sample [1000]")
    options.add_argument("--floor", type=int, default=20, help="how often a common word stands in the French texts at least [20]")
    options.add_argument("--seed", type=int, default=1, help="of the draw [1]")
    options = options.parse_args()
    with folder_of(options) as out:
        site = Site(options.rex, out, options.decp, options.cases)
        dictionary = french.dictionary(options.dictionary, out)
        counts = frequencies(options.text, out)
        with site.serve() as server:
            records = Records(server, site, dictionary)
            print("| sample | words | corrected | no record found | said to be missing |\n|---|---:|---:|---:|---:|")
            told = []
            for name, words in samples(dictionary, counts, options.floor, records).items():
                words = random.Random(options.seed).sample(words, min(options.words, len(words)))
                answers = {word: server.search(word) for word in words}
                corrections = {word: answer["suggestions"].get("corrections") for word, answer in answers.items()}
                replaced = {word: pairs for word, pairs in corrections.items() if pairs}
                nothing = sum(not answer["total"] for answer in answers.values())
                missing = sum(bool(answer["suggestions"].get("missing")) for answer in answers.values())
                print(f"| {name} | {len(words)} | {len(replaced)} | {nothing} | {missing} |")
                told.append(f"\n{name}: {', '.join(tell(word, pairs) for word, pairs in sorted(replaced.items())) or 'none corrected'}")
            print("\n".join(told))


def samples(dictionary, counts, floor, records):
    """The sets of words to draw from, in alphabetical order, so that a seed always draws the same sample."""
    lemmas = sorted(lemma for lemma in dictionary.lemmas if PLAIN.fullmatch(lemma))
    forms = sorted({form for spellings in dictionary.spellings.values() for form in spellings if PLAIN.fullmatch(form)})
    common = [word for word in common_words(dictionary, counts, floor) if PLAIN.fullmatch(word)]
    held = [word for word in common if french.fold(word) in records.by_word]
    return {
        "common words that no record holds": sorted({*common} - {*held}),
        "common words that records hold": held,
        "lemmas": [lemma for lemma in lemmas if lemma.islower()],
        "names": [lemma for lemma in lemmas if lemma.istitle()],
        "forms": [form for form in forms if form.islower()],
    }


def tell(word, pairs):
    """A word and its correction."""
    return f"{word} -> {' '.join(pair['to'] for pair in pairs)}"


if __name__ == "__main__":
    main()

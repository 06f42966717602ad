#!/usr/bin/env python3
"""One-word queries: precision and recall against the records that contain the word in any inflection. See README.md beside this file."""

import random
import re
from collections import Counter
from statistics import fmean

import french
from frequency import common_words, frequencies
from records import Records
from served import Site, folder_of, parser

MIN_LETTERS = 4
EXAMPLES = 3
MARK = re.compile(r"<mark>(.*?)</mark>")


def main():
    options = parser(__doc__)
    options.add_argument("--words", type=int, default=400, help="how many words are asked [400]")
    options.add_argument("--floor", type=int, default=100, help="how often a word stands in the French texts at least [100]")
    options.add_argument("--seed", type=int, default=1, help="of the draw [1]")
    options.add_argument("--worst", type=int, default=25, help="how many of the worst words are told [25]")
    options = options.parse_args()
    with folder_of(options) as out:
        site = Site(options.rex, out, options.decp, options.cases)
        dictionary = french.dictionary(options.dictionary, out)
        with site.serve() as server:
            records = Records(server, site, dictionary)
            words = draw(records, frequencies(options.text, out), options)
            print(f"{len(records.titles)} records, {len(words)} words, seed {options.seed}")
            rows = [Row(word, server, records) for word in words]
            print(summary(rows))
            print(worst(rows, server, records, options.worst))


def draw(records, counts, options):
    """Frequent French words that occur in this form in some record, drawn uniformly."""
    words = []
    for word in common_words(records.dictionary, counts, options.floor):
        key = french.fold(word)
        if len(key) >= MIN_LETTERS and key in records.by_word and key not in records.stop_words:
            words.append(word)
    return random.Random(options.seed).sample(words, min(options.words, len(words)))


class Row:
    """The hits of one word, and the expected ones."""

    def __init__(self, word, server, records):
        self.word = word
        self.hits = set(server.export(word))
        answer = server.search(word)
        self.total, self.suggestions = answer["total"], answer["suggestions"]
        self.due = records.holding(word)
        self.synonyms = records.by_synonym(word)
        self.wrong = self.hits - self.due - records.tolerated(word)
        self.missed = self.due - self.hits

    def precision(self, with_synonyms=False):
        """The share of right hits; 1 without hits. `with_synonyms` counts hits by the lexicon as right."""
        wrong = self.wrong - self.synonyms if with_synonyms else self.wrong
        right = self.hits & self.due
        return len(right) / (len(right) + len(wrong)) if right or wrong else 1.0

    def recall(self):
        """The share of expected records that were found."""
        return 1 - len(self.missed) / len(self.due)


def summary(rows):
    """A table in Markdown."""
    measures = {
        "precision": [row.precision() for row in rows],
        "precision but for synonyms of the lexicon": [row.precision(with_synonyms=True) for row in rows],
        "recall": [row.recall() for row in rows],
    }
    lines = ["| measure | mean | under .5 | under .9 |", "|---|---:|---:|---:|"]
    for name, figures in measures.items():
        under = [sum(figure < bar for figure in figures) for bar in (0.5, 0.9)]
        lines.append(f"| {name} | {fmean(figures):.4f} | {under[0]} | {under[1]} |")
    corrected = [row.word for row in rows if row.suggestions.get("corrections")]
    differing = [row.word for row in rows if row.total != len(row.hits)]
    lines.append(f"\ncorrected: {len(corrected)} {' '.join(corrected)}")
    lines.append(f"total of the search is not that of the export: {len(differing)} {' '.join(differing)}")
    return "\n".join(lines)


def worst(rows, server, records, count):
    """The worst words by both measures, with wrong and missed records."""
    lines = ["\nWorst precision (but for synonyms), and what the wrong hits have marked:"]
    for row in sorted(rows, key=lambda row: row.precision(with_synonyms=True))[:count]:
        wrong = row.wrong - row.synonyms
        if wrong:
            lines.append(f"- {row.word}: {row.precision(True):.2f}, {len(wrong)} wrong of {len(row.hits)}: {marked(row.word, wrong, server)}")
            lines += [f"    {id_} {records.titles[id_][:90]!r}" for id_ in sorted(wrong)[:EXAMPLES]]
    lines.append("\nWorst recall, and the forms that the missed records hold:")
    for row in sorted(rows, key=Row.recall)[:count]:
        if row.missed:
            lines.append(f"- {row.word}: {row.recall():.2f}, {len(row.missed)} missed of {len(row.due)}: {tell(records.forms(row.word, row.missed))}")
            lines += [f"    {id_} {records.titles[id_][:90]!r}" for id_ in sorted(row.missed)[:EXAMPLES]]
    return "\n".join(lines)


def marked(word, wrong, server):
    """The words marked in the wrong hits among the first thousand."""
    counts = Counter()
    for page in range(1, 11):
        answer = server.search(word, per_page=100, page=page)
        for hit in answer["hits"]:
            if hit["id"] in wrong:
                texts = str(hit["highlights"]) + str(hit["snippets"])
                counts.update({french.fold(one) for one in MARK.findall(texts)} or {"(nothing marked)"})
        if page >= answer["pages"]:
            break
    return tell(counts)


def tell(counts):
    return ", ".join(f"{form} {count}" for form, count in counts.most_common(6))


if __name__ == "__main__":
    main()

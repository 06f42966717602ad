"""Frequencies of French words in the texts of `../shared/data/text`: laws, and objects of public contracts."""

import json
import lzma
import re
from collections import Counter

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def frequencies(folder, cache):
    """Counts of lower-case words as written; cached."""
    kept = cache / "frequencies.json"
    if not kept.is_file():
        counts = Counter()
        for text in texts(folder):
            counts.update(WORD.findall(text.lower()))
        kept.write_text(json.dumps({word: count for word, count in counts.items() if count > 1}), encoding="utf-8")
    return json.loads(kept.read_text(encoding="utf-8"))


def common_words(dictionary, counts, floor):
    """Words of the dictionary with at least this frequency, in alphabetical order."""
    return sorted(word for word, count in counts.items() if count >= floor and dictionary.is_word(word))


def texts(folder):
    """The articles of the codes and the objects of the notices."""
    with lzma.open(folder / "codes.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]
    with lzma.open(folder / "boamp_objets.txt.xz", "rt", encoding="utf-8") as lines:
        yield from lines

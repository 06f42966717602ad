#!/usr/bin/env python3
"""How many things are found under other words than those of the record, with and without meaning. See README.md beside this file.

For each line of pairs.tsv, the official contracts are indexed without those whose object has a word of what is typed, so that only
other words can find them. A pair counts if one of the first three records, hits first and then those near in meaning, has all the
words of what is meant in its object.
"""

import argparse
import csv
import json
import subprocess
import tempfile
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FIRST = 3
# Words of fewer letters are not compared; others by their first letters, which inflected forms share.
LETTERS = 4
STEM = 5


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rex", type=Path, default=ROOT / "target/release/rex")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data/decp", help="folder of the DECP files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        records = contracts(options, folder)
        found = {"with meaning": 0, "without": 0}
        for pair in pairs():
            kept = [record for record in records if not has_any(record["titre"], pair["typed"])]
            write(folder / "corpus/contracts.jsonl", kept)
            for name, meaning in (("with meaning", "true"), ("without", "false")):
                config = folder / "rex.toml"
                config.write_text(f"[search]\nmeaning = {meaning}\n", encoding="utf-8")
                titles = search(options.rex, folder, config, pair["typed"])
                is_found = any(has_all(title, pair["meant"]) for title in titles[:FIRST])
                found[name] += is_found
                print(f"{pair['typed']} -> {pair['meant']}: {name}: {'found' if is_found else titles[:1]}")
        print(", ".join(f"{name} {count}" for name, count in found.items()), f"of {len(pairs())}")


def pairs():
    with open(HERE / "pairs.tsv", encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def contracts(options, folder):
    """The records of the DECP files."""
    (folder / "corpus").mkdir()
    out = folder / "all.jsonl"
    files = sorted(options.data.glob("*.json"))
    run([options.rex, "import", "decp", "--out", out, *files])
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def write(path, records):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def search(rex, folder, config, typed):
    """The objects of the hits, then of the records near in meaning."""
    places = ["--config", config, "--corpus", folder / "corpus", "--index", folder / "index"]
    run([rex, "index", *places])
    answer = json.loads(run([rex, "search", typed, "--json", *places]))
    near = answer.get("near_by_meaning", [])
    return [hit["record"]["titre"] for hit in answer["hits"]] + [case["title"] for case in near]


def stems(text):
    plain = unicodedata.normalize("NFD", text.lower()).encode("ascii", "ignore").decode("ascii")
    words = "".join(c if c.isalpha() else " " for c in plain).split()
    return {word[:STEM] for word in words if len(word) >= LETTERS}


def has_any(title, words):
    return bool(stems(title) & stems(words))


def has_all(title, words):
    return stems(words) <= stems(title)


def run(arguments):
    return subprocess.run([*map(str, arguments)], check=True, capture_output=True, encoding="utf-8").stdout


if __name__ == "__main__":
    main()

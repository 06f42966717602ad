"""A judged collection from published contracts: labels of CPV codes as queries, the contracts of the code as answers."""

import collections
import csv
import json
import shutil

from common import Failure, command, say
from queries import Collection, read_lines, write_lines, write_qrels

NAME = "contracts"
# Contracts that a label must have, at least and at most: fewer judge by chance, more fit any order.
LEAST, MOST = 3, 200


def contracts(rex, data, cache):
    """The collection, made anew in the cache from the files beside the other collections."""
    files = sorted((data.parent / "decp").glob("*.json"))
    lists = sorted((data.parent / "cpv").glob("*.csv"))
    if not files or not lists:
        raise Failure(f"no decp/*.json or no cpv/*.csv in {data.parent}")
    folder = cache / "contracts"
    folder.mkdir(parents=True, exist_ok=True)
    records = folder / "records.jsonl"
    config = folder / "rex.toml"
    config.write_text("", encoding="utf-8")
    command([rex.binary, "import", "decp", "--config", config, "--out", records, *files])
    documents, codes = [], {}
    for record in read_lines(records):
        documents.append(document_of(record))
        if record.get("cpv"):
            codes[record["id"]] = digits(record["cpv"])
    queries, grades = judged(read_labels(lists[0]), codes)
    paths = [folder / name for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv")]
    write_lines(paths[0], documents)
    write_lines(paths[1], queries)
    write_qrels(paths[2], grades)
    return Collection(NAME, *paths)


def document_of(record):
    """Title and names: neither the code, nor its label, nor what derives from it."""
    parties = [record.get("acheteur") or {}, *(record.get("titulaires") or [])]
    names = [party[field] for party in parties for field in ("nom", "structure") if party.get(field)]
    return {"_id": record["id"], "title": record["titre"], "text": ". ".join(names)}


def record_of(record):
    """The same as a record of Rex, with the names in their own fields."""
    buyer, *holders = (
        {field: party[field] for field in ("nom", "structure") if party.get(field)}
        for party in [record.get("acheteur") or {}, *(record.get("titulaires") or [])]
    )
    return {"id": record["id"], "type": record["type"], "titre": record["titre"], "acheteur": buyer, "titulaires": holders}


class RexRecords:
    """Rex on the same contracts, indexed by `rex index`: `rex eval` knows a title and a text, and no parties."""

    name = "Rex, records"
    slug = "rex-records"

    def __init__(self, rex, cache):
        self.binary, self.folder = rex.binary, cache / "contracts"

    def run(self, collection, path):
        corpus, index = self.folder / "corpus", self.folder / "index"
        for made in (corpus, index):
            shutil.rmtree(made, ignore_errors=True)
        corpus.mkdir()
        write_lines(corpus / "contracts.jsonl", map(record_of, read_lines(self.folder / "records.jsonl")))
        place = ["--config", self.folder / "rex.toml", "--corpus", corpus, "--index", index]
        command([self.binary, "index", *place])
        say(f"{self.name} on {collection.name}")
        with open(path, "w", encoding="utf-8") as run:
            for query in read_lines(collection.queries):
                found = command([self.binary, "search", *place, "--json", "--per-page", 100, "--", query["text"]])
                for rank, hit in enumerate(json.loads(found)["hits"], start=1):
                    run.write(f"{query['_id']} Q0 {hit['id']} {rank} {1 / rank} rex\n")


def read_labels(path):
    """The labels of the list, by code of eight digits, without a full stop."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return {digits(row["CODE"]): row["FR"].strip().rstrip(".") for row in csv.DictReader(file)}


def digits(code):
    """A code without its check digit."""
    return code.split("-")[0]


def stem(code):
    """What the codes below this one begin with."""
    return code[:2] + code[2:].rstrip("0")


def judged(labels, codes):
    """Queries and judgements, of the labels by code and the codes by contract.

    A contract is relevant for the label of its code and of each code above. A label that several codes share is one query. Labels of
    one division share contracts: they are one group.
    """
    by_stem = collections.defaultdict(list)
    for contract, code in codes.items():
        for length in range(2, len(stem(code)) + 1):
            by_stem[stem(code)[:length]].append(contract)
    by_label = collections.defaultdict(list)
    for code, label in labels.items():
        by_label[label].append(code)
    queries, grades = [], {}
    for label, same in by_label.items():
        relevant = {contract: 1 for code in same for contract in by_stem.get(stem(code), [])}
        if LEAST <= len(relevant) <= MOST:
            queries.append({"_id": same[0], "text": label, "group": same[0][:2]})
            grades[same[0]] = relevant
    return queries, grades

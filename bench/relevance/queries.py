"""The judged collections: documents, queries, judgements, splits."""

import collections
import json
import zlib

from common import Failure, say

# Name, folder, queries, judgements.
COLLECTIONS = [
    ("piaf", "piaf", "queries.jsonl", "qrels.tsv"),
    ("cdtn", "cdtn", "queries.jsonl", "qrels.tsv"),
    ("cdtn variants", "cdtn", "queries_variants.jsonl", "qrels_variants.tsv"),
    ("cdtn articles", "cdtn_articles", "queries.jsonl", "qrels.tsv"),
    ("cdtn articles variants", "cdtn_articles", "queries_variants.jsonl", "qrels_variants.tsv"),
]
SPLITS = ["development", "held-out", "all"]


class Collection:
    """Documents, queries and judgements. Queries are split into those for tuning and those for reporting."""

    def __init__(self, name, docs, queries, qrels):
        self.name, self.docs, self.queries, self.qrels = name, docs, queries, qrels
        self.slug = name.replace(" ", "-")
        self.grades = read_qrels(qrels)
        self.group, self.split = {}, {}
        for query in read_lines(queries):
            id_ = query["_id"]
            if id_ in self.grades:
                self.group[id_] = query.get("group") or id_
                self.split[id_] = split_of(self.group[id_])

    def ids(self, split):
        """The queries of a split."""
        return [query for query, its in self.split.items() if split in (its, "all")]


def split_of(group):
    """One third is held out, by a digest that no one chose. The variants of a query go where the query goes."""
    return "held-out" if zlib.crc32(group.encode("utf-8")) % 3 == 0 else "development"


def load_collections(data, names):
    """The collections of these names, or all of them, as far as they are there."""
    found = []
    for name, folder, queries, qrels in COLLECTIONS:
        if names and name not in names:
            continue
        files = [data / folder / file for file in ("corpus.jsonl", queries, qrels)]
        missing = [file.name for file in files if not file.is_file()]
        if missing:
            say(f"{name} skipped: no {', '.join(missing)} in {data / folder}")
        else:
            found.append(Collection(name, *files))
    return found


def read_lines(path):
    """JSON lines."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError as error:
                raise Failure(f"{path}: {error}") from error


def read_qrels(path):
    grades = collections.defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        grades[query][document] = int(grade)
    return grades


def write_lines(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_qrels(path, grades):
    """`grades` by query, then by document."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("query-id\tcorpus-id\tscore\n")
        file.writelines(
            f"{query}\t{document}\t{grade}\n" for query, judged in grades.items() for document, grade in judged.items()
        )


def read_run(path):
    """The documents found for each query, the best first. Engines write them in that order, at falling scores."""
    ranked = collections.defaultdict(list)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            query, _, document, _, _, _ = line.split()
            ranked[query].append(document)
    return ranked

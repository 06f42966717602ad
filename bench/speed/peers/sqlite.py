"""SQLite: FTS5 for the words, a table of values for each facet, counted by GROUP BY."""

import sqlite3
from pathlib import Path

from serving import FACETS, HITS, NUMBERS, VALUES, cells, documents, main


def build(texts, folder):
    """Writes `site.db`."""
    path = Path(folder) / "site.db"
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.execute("PRAGMA journal_mode = OFF")
    base.execute("CREATE VIRTUAL TABLE words USING fts5(texte, libelle, titre UNINDEXED, tokenize = \"unicode61 remove_diacritics 2\")")
    base.execute("CREATE TABLE cases (doc INTEGER PRIMARY KEY, id TEXT, montant INTEGER, duree INTEGER, date INTEGER)")
    for facet in FACETS:
        base.execute(f"CREATE TABLE {facet} (doc INTEGER, value TEXT)")
    for doc, document in enumerate(documents(texts), 1):
        base.execute("INSERT INTO words (rowid, texte, libelle, titre) VALUES (?, ?, ?, ?)",
                     (doc, document["texte"], document["libelle"], document["titre"]))
        numbers = [document["nombres"].get(name) for name in NUMBERS]
        base.execute("INSERT INTO cases VALUES (?, ?, ?, ?, ?)", (doc, document["id"], *numbers, document["date"]))
        for facet in FACETS:
            base.executemany(f"INSERT INTO {facet} VALUES (?, ?)", ((doc, value) for value in document["facettes"][facet]))
    for facet in FACETS:
        base.execute(f"CREATE INDEX {facet}_by_doc ON {facet} (doc, value)")
        base.execute(f"CREATE INDEX {facet}_by_value ON {facet} (value, doc)")
    for column in ["montant", "date"]:
        base.execute(f"CREATE INDEX cases_by_{column} ON cases ({column})")
    base.execute("INSERT INTO words (words) VALUES ('optimize')")
    base.execute("ANALYZE")
    base.commit()


def open_(folder):
    """Answers by `top10` or `full`; `exact` only counts, and leaves the labels of CPV codes out."""
    base = sqlite3.connect(Path(folder) / "site.db")
    base.execute("CREATE TEMP TABLE found (doc INTEGER PRIMARY KEY)")
    return lambda mode, query: {"top10": top, "full": full, "exact": exact}[mode](base, query)


def narrowing(query, but=None):
    """Every filter but that of one facet, as SQL over `cases` and its parameters."""
    clauses, parameters = ["TRUE"], []
    for facet, values in query.values.items():
        if facet != but:
            clauses.append(f"doc IN (SELECT doc FROM {facet} WHERE value IN ({', '.join('?' * len(values))}))")
            parameters += values
    for facet, (least, most) in query.bounds.items():
        if facet != but:
            clauses.append(f"{facet} BETWEEN ? AND ?")
            parameters += [least or 0, most if most is not None else 2**62]
    return " AND ".join(clauses), parameters


def matching(query):
    """The words for FTS5, all of them."""
    return " ".join(f'"{word}"' for word in query.words)


def found(query, but=None):
    """`hits` and what is to follow it: the words and the filters, as SQL, and its parameters."""
    clauses, parameters = narrowing(query, but)
    if not query.words:
        return "", f"FROM cases WHERE {clauses}", parameters
    # Materialized: left to itself, SQLite asks the full-text table again for every case that passes the filters.
    hits = "WITH hits AS MATERIALIZED (SELECT rowid AS doc, rank AS score FROM words WHERE words MATCH ?)"
    return hits, f"FROM hits CROSS JOIN cases USING (doc) WHERE {clauses}", [matching(query), *parameters]


def top(base, query):
    """The ten first, with passages."""
    hits, rows, parameters = found(query)
    sql = f"{hits} SELECT doc {rows}"
    if query.order:
        sql += f" ORDER BY {query.order} DESC"
    elif query.words:
        sql = f"{sql} ORDER BY score" if query.narrowed else "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank"
    for (doc,) in base.execute(f"{sql} LIMIT {HITS}", parameters).fetchall():
        base.execute("SELECT id FROM cases WHERE doc = ?", (doc,)).fetchone()
        if query.words:
            shown = "titre, snippet(words, 0, '<mark>', '</mark>', '…', 30)"
            base.execute(f"SELECT {shown} FROM words WHERE words MATCH ? AND rowid = ?", (matching(query), doc)).fetchone()
        else:
            base.execute("SELECT titre FROM words WHERE rowid = ?", (doc,)).fetchone()
    return 0


def full(base, query):
    """The same with the total and the counts of every facet."""
    top(base, query)
    total = find(base, query)
    for facet in FACETS + NUMBERS:
        if facet not in query.narrowed:
            count(base, facet)
    for facet in query.narrowed:
        find(base, query, facet)
        count(base, facet)
    return total


def exact(base, query):
    """How many match by their own text."""
    hits, rows, parameters = found(query)
    if query.words:
        parameters[0] = f"{{texte}} : ({parameters[0]})"
    return base.execute(f"{hits} SELECT count(*) {rows}", parameters).fetchone()[0]


def find(base, query, but=None):
    """Keeps what matches aside: every facet is counted over it."""
    hits, rows, parameters = found(query, but)
    base.execute("DELETE FROM found")
    base.execute(f"{hits} INSERT INTO found SELECT doc {rows}", parameters)
    return base.execute("SELECT changes()").fetchone()[0]


def count(base, facet):
    """The counts of one facet."""
    if facet in NUMBERS:
        steps = cells(facet)
        cell = " ".join(f"WHEN {facet} < {end} THEN {rank}" for rank, end in enumerate(steps[1:]))
        cell = f"CASE WHEN {facet} IS NULL THEN -1 {cell} ELSE {len(steps) - 1} END"
        base.execute(f"SELECT {cell} AS cell, count(*), min({facet}), max({facet}) FROM found JOIN cases USING (doc) GROUP BY cell").fetchall()
        return
    values = f"SELECT value, count(*) AS cases FROM found CROSS JOIN {facet} USING (doc) GROUP BY value ORDER BY cases DESC LIMIT {VALUES}"
    base.execute(values).fetchall()
    base.execute(f"SELECT count(*) FROM found WHERE NOT EXISTS (SELECT 1 FROM {facet} WHERE {facet}.doc = found.doc)").fetchone()


if __name__ == "__main__":
    main(build, open_)

"""PostgreSQL: full text of the configuration `french`, GIN, arrays of values counted by GROUP BY."""

import os
from pathlib import Path

import psycopg
from serving import FACETS, HITS, NUMBERS, VALUES, cells, documents, main


def connect():
    """The cluster that `run.py` started."""
    return psycopg.connect(host=os.environ["SPEED_POSTGRES_SOCKET"], dbname="postgres", user=os.environ["SPEED_POSTGRES_USER"], autocommit=True)


def table(folder):
    """One table for each corpus: its folder is named after it."""
    return "cases_" + Path(folder).parent.name.replace("-", "_")


def build(texts, folder):
    """Fills and indexes the table."""
    name = table(folder)
    with connect() as base:
        base.execute("SET maintenance_work_mem = '1GB'")
        base.execute(f"DROP TABLE IF EXISTS {name}")
        facets = ", ".join(f"{facet} text[] NOT NULL" for facet in FACETS)
        base.execute(f"CREATE UNLOGGED TABLE {name} (id text, titre text, texte text, libelle text, {facets},"
                     " montant bigint, duree bigint, date bigint,"
                     " words tsvector GENERATED ALWAYS AS (to_tsvector('french', texte || ' ' || libelle)) STORED)")
        columns = ["id", "titre", "texte", "libelle", *FACETS, *NUMBERS, "date"]
        with base.cursor().copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
            for document in documents(texts):
                numbers = [document["nombres"].get(number) for number in NUMBERS]
                values = [document["facettes"][facet] for facet in FACETS]
                copy.write_row([document["id"], document["titre"], document["texte"], document["libelle"], *values, *numbers, document["date"]])
        base.execute(f"CREATE INDEX ON {name} USING gin (words)")
        for facet in FACETS:
            base.execute(f"CREATE INDEX ON {name} USING gin ({facet})")
        for column in ["montant", "date"]:
            base.execute(f"CREATE INDEX ON {name} ({column} DESC NULLS LAST)")
        base.execute(f"VACUUM ANALYZE {name}")


def open_(folder):
    """Answers by `top10` or `full`."""
    base, name = connect(), table(folder)
    return lambda mode, query: {"top10": top, "full": full}[mode](base, name, query)


def condition(query, but=None):
    """What matches, as SQL and its parameters: the words, and every filter but that of one facet."""
    clauses, parameters = [], []
    if query.words:
        clauses.append("words @@ plainto_tsquery('french', %s)")
        parameters.append(" ".join(query.words))
    for facet, values in query.values.items():
        if facet != but:
            clauses.append(f"{facet} && %s::text[]")
            parameters.append(values)
    for facet, (least, most) in query.bounds.items():
        if facet != but:
            clauses.append(f"{facet} BETWEEN %s AND %s")
            parameters += [least or 0, most if most is not None else 2**62]
    return " AND ".join(clauses) or "TRUE", parameters


def top(base, name, query):
    """The ten first, with passages."""
    where, parameters = condition(query)
    words = " ".join(query.words)
    order, before = "", []
    if query.order:
        order = f"ORDER BY {query.order} DESC NULLS LAST"
    elif query.words:
        order, before = "ORDER BY ts_rank(words, plainto_tsquery('french', %s)) DESC", [words]
    passage = "ts_headline('french', texte, plainto_tsquery('french', %s))"
    sql = f"SELECT id, titre, {passage} FROM (SELECT * FROM {name} WHERE {where} {order} LIMIT {HITS}) AS hits"
    base.execute(sql, [words, *parameters, *before]).fetchall()
    return 0


def full(base, name, query):
    """The same with the total and the counts of every facet."""
    top(base, name, query)
    where, parameters = condition(query)
    (total,) = base.execute(f"SELECT count(*) FROM {name} WHERE {where}", parameters).fetchone()
    for facet in FACETS + NUMBERS:
        count(base, name, query, facet)
    return total


def count(base, name, query, facet):
    """The counts of one facet, under the filters of the others."""
    where, parameters = condition(query, facet)
    if facet in NUMBERS:
        steps = ", ".join(map(str, cells(facet)))
        base.execute(f"SELECT width_bucket({facet}, ARRAY[{steps}]::bigint[]) AS cell, count(*), min({facet}), max({facet})"
                     f" FROM {name} WHERE {where} GROUP BY cell", parameters).fetchall()
        return
    base.execute(f"SELECT value, count(*) AS cases FROM {name}, unnest({facet}) AS value WHERE {where} GROUP BY value ORDER BY cases DESC LIMIT {VALUES}",
                 parameters).fetchall()
    base.execute(f"SELECT count(*) FROM {name} WHERE {facet} = '{{}}' AND {where}", parameters).fetchone()


if __name__ == "__main__":
    main(build, open_)

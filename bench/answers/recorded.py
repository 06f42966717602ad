#!/usr/bin/env python3
"""Compares the answers of two binaries to the same 500 requests byte by byte, on the shipped cases alone and with real contracts.

Ignores durations and generation names. Exits with 1 if an answer differs. See README.md."""

import json
import random
import re
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

import french
import misspelt
from served import Site, folder_of, parser

LEFT_OUT = re.compile(rb'"(?:took_ms|processingTimeMs)":[0-9.e-]+|g-\d{8}T\d{9}Z-[0-9a-f]{8}|127\.0\.0\.1:\d+|\d{4}-\d\d-\d\dT[0-9:.]+Z')
HEADERS_LEFT_OUT = {"date", "etag", "content-length", "x-request-id", "last-modified"}
# Requests of each kind; filters and orders are drawn for every search.
KINDS = {"search": 230, "page": 60, "suggest": 60, "facet": 50, "case": 25, "similar": 25, "export": 15, "feed": 10, "meilisearch": 25}
FILTERS = [
    ("procedure", "mapa"), ("procedure", "Appel d'offres ouvert"), ("nature", "travaux"), ("nature", "services"), ("type", "marche"),
    ("type", "retour-d-experience"), ("territoire", "31"), ("territoire", "Occitanie"), ("territoire", "bretagne"), ("cpv", "45000000"),
    ("cpv", "909 112 008"), ("reserve", "SIAE"), ("theme", "insertion"), ("annee", "2019"), ("montant", "40000..90000"), ("montant", "..40000"),
    ("duree", "12.."), ("structure", "association"), ("acheteur", "non-renseigne"), ("titulaire", "ville"), ("considerations", "clause sociale"),
    ("cpv", "12"), ("page", "2"), ("par_page", "50"), ("facettes", "cpv,montant"), ("facettes", ""), ("maxi", "5"), ("nonsense", "1"),
]
ORDERS = ["", "", "", "montant", "-montant", "date", "-date", "titre", "-duree"]
FACETS = ["acheteur", "titulaire", "territoire", "cpv", "theme", "procedure", "structure", "montant"]


def main():
    options = parser(__doc__)
    options.add_argument("--base", type=Path, required=True, help="the binary to compare --rex with")
    options.add_argument("--seed", type=int, default=1, help="of the requests [1]")
    options = options.parse_args()
    different = 0
    with folder_of(options) as out:
        for name, decp in (("shipped", None), ("contracts", options.decp)):
            sites = [Site(binary.resolve(), out / name, decp, options.cases) for binary in (options.base, options.rex)]
            for site in sites:
                site.build()
            with sites[0].serve() as base, sites[1].serve() as new:
                for request in requests(base, sites[0].texts(), options.seed):
                    before, after = (plain(server.ask(*request)) for server in (base, new))
                    if before != after:
                        different += 1
                        print(f"{name}: {request}\n{first_difference(before, after)}")
        print(f"{2 * sum(KINDS.values())} requests, {different} answers differ")
    sys.exit(1 if different else 0)


def plain(answer):
    """Status and body without the parts that differ between runs."""
    status, body = answer
    return status, LEFT_OUT.sub(b"", body)


def first_difference(before, after):
    """Status of both answers, and their bytes around the first difference."""
    at = next((at for at, pair in enumerate(zip(before[1], after[1])) if pair[0] != pair[1]), 0)
    around = slice(max(0, at - 80), at + 200)
    return f"- {before[0]} {before[1][around]}\n+ {after[0]} {after[1][around]}"


def requests(server, titles, seed):
    """Method, path and body of each request, drawn with the seed."""
    chance = random.Random(seed)
    wrong = [line.split("\t")[0] for line in misspelt.WORDS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    ids = [hit["id"] for hit in json.loads(server.get("/v1/search", par_page=100, facettes=""))["hits"]]

    def words(most):
        cut = [word for chunk in french.cut(chance.choice(titles)) for word in chunk]
        start, length = chance.randrange(max(1, len(cut))), chance.randint(1, most)
        taken = cut[start : start + length]
        if chance.random() < 0.15:
            taken.insert(0, chance.choice(wrong))
        text = " ".join(taken)
        return chance.choice([text, text.lower(), f'"{text}"', f"{text} -{chance.choice(cut or ['x'])}", f"{text} {chance.choice(['2019', 'Lyon', '31', '< 40 k€', 'MAPA'])}"])

    def search():
        parameters = [("q", words(5))] if chance.random() < 0.9 else []
        parameters += chance.sample(FILTERS, chance.choice([0, 0, 1, 1, 2]))
        order = chance.choice(ORDERS)
        return urlencode(parameters + ([("tri", order)] if order else []))

    def meilisearch():
        body = {"q": words(3), "facets": ["*"], "limit": chance.choice([5, 20]), "attributesToHighlight": ["*"]}
        if chance.random() < 0.5:
            body["filter"] = chance.choice(["montant > 40000", "nature = travaux AND annee >= 2018", "NOT procedure EXISTS", "cpv IN [45000000, 90000000]"])
        return "POST", "/indexes/rex/search", json.dumps(body).encode()

    makers = {
        "search": lambda: ("GET", "/v1/search?" + search(), None),
        "page": lambda: ("GET", "/recherche?" + search(), None),
        "suggest": lambda: ("GET", "/v1/suggest?" + urlencode({"q": words(2)[: chance.randint(1, 14)]}), None),
        "facet": lambda: ("GET", f"/v1/facets/{chance.choice(FACETS)}?" + urlencode({"q": words(1)[:4].strip('"')}), None),
        "case": lambda: ("GET", f"{chance.choice(['/v1/cases/', '/cas/'])}{quote(chance.choice(ids))}", None),
        "similar": lambda: ("GET", f"/v1/cases/{quote(chance.choice(ids))}/similar", None),
        "export": lambda: ("GET", "/v1/export.csv?" + urlencode({"q": words(2)}), None),
        "feed": lambda: ("GET", "/v1/feed.atom?" + urlencode({"q": words(2)}), None),
        "meilisearch": meilisearch,
    }
    return [makers[kind]() for kind, count in KINDS.items() for _ in range(count)]


if __name__ == "__main__":
    main()

"""The Python SDK against the shipped cases (REX_SHIPPED) and the generated contracts (REX_MADE)."""

import json
import os
import re
import unittest
from pathlib import Path

import meilisearch
from meilisearch.errors import MeilisearchApiError

SHIPPED = meilisearch.Client(os.environ["REX_SHIPPED"], "une-cle-que-rex-ignore")
CASES = SHIPPED.index("rex")
CONTRACTS = meilisearch.Client(os.environ["REX_MADE"]).index("rex")


def ids(answer):
    return [hit["id"] for hit in answer["hits"]]


def places(answer):
    """The shipped cases by the first part of their ids."""
    return sorted(re.match("maine-et-loire|[a-z]+", id).group() for id in ids(answer))


class Sdk(unittest.TestCase):
    maxDiff = None

    def test_the_server_says_what_it_is(self):
        self.assertEqual(SHIPPED.health()["status"], "available")
        self.assertTrue(SHIPPED.is_healthy())
        self.assertRegex(SHIPPED.version()["pkgVersion"], r"^\d+\.\d+\.\d+")
        self.assertEqual(SHIPPED.get_version(), SHIPPED.version())

    def test_there_is_one_index(self):
        indexes = SHIPPED.get_indexes()
        self.assertEqual([(index.uid, index.primary_key) for index in indexes["results"]], [("rex", "id")])
        self.assertEqual(SHIPPED.get_raw_indexes()["total"], 1)
        index = SHIPPED.get_index("rex")
        self.assertEqual(index.primary_key, "id")
        # The SDK parses the dates.
        self.assertLessEqual(index.created_at, index.updated_at)

    def test_a_search_finds_the_right_case_first(self):
        answer = CASES.search("insertion dechets")
        first = answer["hits"][0]
        self.assertEqual(first["id"], "toulouse-ramassage-cartons")
        self.assertEqual(first["territoire"]["lvl1"], "Occitanie > Haute-Garonne")
        self.assertEqual((first["montant"], first["duree"], first["titulaire"]), (350000, 12, ["Greenburo"]))
        self.assertNotIn("reserve", first)
        self.assertEqual((answer["limit"], answer["offset"], answer["query"]), (20, 0, "insertion dechets"))

    def test_filters_of_every_kind(self):
        filters = json.loads(Path(__file__).with_name("filters.json").read_text("utf-8"))
        for filter, expected in filters:
            with self.subTest(filter=filter):
                self.assertEqual(places(CASES.search("", {"filter": filter})), expected)

    def test_facets_and_bounds(self):
        answer = CASES.search("", {"facets": ["reserve", "territoire.lvl0", "montant"], "filter": "nature = services"})
        self.assertEqual(answer["facetDistribution"]["reserve"], {"SIAE": 1, "ESAT": 1, "EA": 1, "ESS": 1})
        self.assertEqual(answer["facetDistribution"]["territoire.lvl0"]["Occitanie"], 1)
        self.assertEqual(answer["facetStats"]["montant"], {"min": 170000, "max": 1590000})

    def test_order_attributes_marks_and_crops(self):
        answer = CASES.search(
            "cartons",
            {
                "attributesToRetrieve": ["id"],
                "attributesToHighlight": ["titre"],
                "highlightPreTag": "**",
                "highlightPostTag": "**",
                "attributesToCrop": ["resume"],
                "cropLength": 8,
                "cropMarker": "[…]",
                "showRankingScore": True,
                "matchingStrategy": "all",
            },
        )
        first = answer["hits"][0]
        self.assertEqual(set(first), {"id", "_formatted", "_rankingScore"})
        self.assertTrue(0 <= first["_rankingScore"] <= 1)
        self.assertIn("**cartons**", first["_formatted"]["titre"])
        self.assertIn("[…]", first["_formatted"]["resume"])
        amounts = CASES.search("", {"sort": ["montant:desc"]})["hits"]
        self.assertEqual([hit["montant"] for hit in amounts], [1590000, 350000, 200000, 170000, 127721])

    def test_both_ways_of_paging(self):
        page = CONTRACTS.search("", {"sort": ["montant:asc"], "limit": 5, "offset": 20})
        self.assertEqual(ids(page), [f"contrat-{number}" for number in range(23, 28)])
        self.assertEqual((page["limit"], page["offset"], page["estimatedTotalHits"]), (5, 20, 60))
        page = CONTRACTS.search("", {"hitsPerPage": 25, "page": 3})
        self.assertEqual((page["hitsPerPage"], page["page"], page["totalPages"], page["totalHits"]), (25, 3, 3, 60))
        self.assertEqual(len(page["hits"]), 10)
        count = CONTRACTS.search("", {"hitsPerPage": 0, "filter": ["duree = 12"]})
        self.assertEqual((count["hits"], count["totalHits"]), ([], 30))

    def test_several_searches_at_once(self):
        queries = [{"indexUid": "rex", "q": "bambou"}, {"indexUid": "rex", "q": "", "filter": "duree = 36", "page": 1}]
        results = SHIPPED.multi_search(queries)["results"]
        self.assertEqual(ids(results[0]), ["mtsamboro-guichet-bancaire-bambou"])
        self.assertEqual((ids(results[1]), results[1]["totalHits"]), (["paris-precarite-energetique"], 1))

    def test_values_of_a_facet(self):
        self.assertEqual(CASES.facet_search("theme", "dechet")["facetHits"], [{"value": "déchets", "count": 1}])
        narrowed = CASES.facet_search("theme", "insert", {"filter": "montant > 300000"})
        self.assertEqual(narrowed["facetHits"], [{"value": "insertion", "count": 1}])
        # Without a query the SDK sends null.
        self.assertEqual(len(CASES.facet_search("nature")["facetHits"]), 2)

    def test_what_is_refused_says_why(self):
        for index, options, status, code in [
            ("autre", {}, 404, "index_not_found"),
            ("rex", {"filter": "montant >"}, 400, "invalid_search_filter"),
            ("rex", {"filter": "couleur = rouge"}, 400, "invalid_search_filter"),
            ("rex", {"sort": ["couleur:asc"]}, 400, "invalid_search_sort"),
            ("rex", {"hitsPerPage": "dix"}, 400, "invalid_search_hits_per_page"),
        ]:
            with self.subTest(options=options), self.assertRaises(MeilisearchApiError) as refused:
                SHIPPED.index(index).search("", options)
            error = refused.exception
            self.assertEqual((error.status_code, error.code, error.type), (status, code, "invalid_request"))
            self.assertTrue(error.link and error.message)


if __name__ == "__main__":
    unittest.main()

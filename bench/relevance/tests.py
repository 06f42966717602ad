#!/usr/bin/env python3
"""Unit tests of the computations; they take milliseconds and need neither binary nor data."""

import json
import math
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import contracts
import measures
import opensearch_node
import queries
import robust


class Measures(unittest.TestCase):
    def test_the_measures_of_a_ranking(self):
        ndcg, mrr, recall, none = measures.measure(["x", "a", "b"], {"a": 1, "b": 1, "c": 1, "d": 0})
        ideal = 1 + 1 / math.log2(3) + 1 / 2
        self.assertAlmostEqual(ndcg, (1 / math.log2(3) + 1 / 2) / ideal)
        self.assertEqual((mrr, recall, none), (1 / 2, 2 / 3, 0.0))
        self.assertEqual(measures.measure([], {"a": 1}), (0.0, 0.0, 0.0, 1.0))

    def test_an_interval_of_one_value_is_that_value(self):
        ours, theirs = {"a": 0.5, "b": 0.75}, {"a": 0.25, "b": 0.5}
        found = measures.intervals(ours, {"peer": theirs}, {"a": "a", "b": "b"}, 100)
        self.assertEqual(found, {"peer": (0.25, 0.25, 0.25)})

    def test_intervals_resample_groups(self):
        # Two groups, of one query and of three: a resample is one of three means.
        ours = {"a": 1.0, "b1": 0.0, "b2": 0.0, "b3": 0.0}
        theirs = dict.fromkeys(ours, 0.0)
        group = {"a": "a", "b1": "b", "b2": "b", "b3": "b"}
        self.assertEqual(measures.intervals(ours, {"peer": theirs}, group, 1000)["peer"], (0.25, 0.0, 1.0))
        alone = measures.intervals(ours, {"peer": theirs}, {query: "a" for query in ours}, 1000)["peer"]
        self.assertEqual(alone, (0.25, 0.25, 0.25))

    def test_intervals_are_the_same_in_every_run(self):
        ours = {str(at): at % 7 / 7 for at in range(50)}
        theirs = {query: 0.4 for query in ours}
        group = {query: query for query in ours}
        first = measures.intervals(ours, {"peer": theirs}, group, 200)
        again = measures.intervals(ours, {"other": theirs, "peer": theirs}, group, 200)
        self.assertEqual((again["other"], again["peer"]), (first["peer"], first["peer"]))
        mean, low, high = first["peer"]
        self.assertTrue(low < mean < high)


class Queries(unittest.TestCase):
    def test_variants_go_where_their_query_goes(self):
        with tempfile.TemporaryDirectory() as name:
            file, qrels = Path(name) / "queries.jsonl", Path(name) / "qrels.tsv"
            rows = [{"_id": f"r8v{at}", "text": "", "group": "r8"} for at in range(9)]
            queries.write_lines(file, [*rows, {"_id": "not judged", "text": ""}])
            queries.write_qrels(qrels, {row["_id"]: {"d": 1} for row in rows})
            found = queries.Collection("a name", file, file, qrels)
        self.assertEqual(set(found.split.values()), {queries.split_of("r8")})
        self.assertEqual(set(found.group.values()), {"r8"})
        self.assertEqual(len(found.ids("all")), 9)
        self.assertEqual(found.slug, "a-name")


class Robust(unittest.TestCase):
    def test_queries_typed_otherwise(self):
        text = "À l’usine d'été : heures"
        changed = [robust.CHANGES[name](text, "q") for name in list(robust.CHANGES)[:4]]
        self.assertEqual(
            changed,
            [
                "A l’usine d'ete : heures",
                "À L’USINE D'ÉTÉ : HEURES",
                "À lusine dété : heures",
                "À l usine d été : heures",
            ],
        )

    def test_an_error_changes_one_letter_of_one_long_word(self):
        text = "quelle prime pour les salariés"
        for at in range(200):
            changed = robust.misspelt(text, f"q{at}")
            self.assertEqual(changed, robust.misspelt(text, f"q{at}"))
            pairs = [(old, new) for old, new in zip(text.split(), changed.split()) if old != new]
            self.assertEqual(len(pairs), 1)
            ((old, new),) = pairs
            self.assertIn(old, ("quelle", "prime", "salariés"))
            self.assertLessEqual(abs(len(old) - len(new)), 1)
        self.assertEqual(robust.misspelt("le prix du lot", "q"), "le prix du lot")

    def test_queries_that_a_change_leaves_alone_are_ranked_once(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            file, qrels, run = (folder / part for part in ("queries.jsonl", "qrels.tsv", "run"))
            queries.write_lines(file, [{"_id": "a", "text": "prix"}, {"_id": "b", "text": "été"}])
            queries.write_qrels(qrels, {"a": {"d": 1}, "b": {"d": 1}})
            changed, altered = robust.with_changes(queries.Collection("name", file, file, qrels), folder)
            self.assertEqual(list(altered.values()), [2, 1, 2, 0, 0, 0])
            self.assertEqual(list(changed.grades), ["a~0", "a~2", "b~0", "b~1", "b~2"])
            run.write_text("a~0 Q0 d 1 1.0 x\nb~0 Q0 d 1 1.0 x\nb~2 Q0 d 1 1.0 x\n", encoding="utf-8")
            self.assertEqual(robust.figures_of(run, changed), [1.0, 0.5, 0.5, 1.0, 1.0, 1.0])

    def test_the_kinds_of_errors(self):
        self.assertIn(robust.dropped("prime", "q"), {"rime", "pime", "prme", "prie", "prim"})
        self.assertIn(robust.doubled("prime", "q"), {"pprime", "prrime", "priime", "primme", "primee"})
        self.assertIn(robust.swapped("prime", "q"), {"rpime", "pirme", "prmie", "priem"})
        self.assertIsNone(robust.swapped("aaaaa", "q"))
        self.assertIn(robust.beside("ééééa", "q"), {"ééééz"})
        self.assertIsNone(robust.beside("ééééé", "q"))


class Contracts(unittest.TestCase):
    def test_a_label_finds_its_code_and_those_below(self):
        labels = {"45000000": "Travaux", "45200000": "Bâtiments", "45210000": "Bâtiments", "45211000": "Maisons"}
        codes = {"a": "45210000", "b": "45211100", "c": "45200000", "d": "45300000", "e": "4521"}
        found, grades = contracts.judged(labels, codes)
        self.assertEqual([row["text"] for row in found], ["Travaux", "Bâtiments"])
        self.assertEqual(set(grades["45000000"]), set(codes))
        self.assertEqual(set(grades["45200000"]), {"a", "b", "c", "e"})
        self.assertEqual({row["group"] for row in found}, {"45"})

    def test_codes_end_in_zeros_except_in_their_division(self):
        self.assertEqual(contracts.stem("30000000"), "30")
        self.assertEqual(contracts.stem(contracts.digits("90910000-9")), "9091")

    def test_the_code_of_a_contract_is_not_in_its_document(self):
        record = {
            "id": "1",
            "titre": "Entretien",
            "cpv": "90910000-9",
            "nature": "services",
            "acheteur": {"nom": "Ville", "siret": "1"},
            "titulaires": [{"nom": "Net"}, {"structure": "SA"}],
        }
        self.assertEqual(contracts.document_of(record), {"_id": "1", "title": "Entretien", "text": "Ville. Net. SA"})


class OpenSearch(unittest.TestCase):
    def test_scores_fall_strictly_in_single_precision(self):
        lines = list(opensearch_node.lines_of("q", [("a", 2.5), ("b", 2.5), ("c", 2.5), ("d", 0.1)]))
        scores = [float(line.split()[4]) for line in lines]
        self.assertEqual([line.split()[2] for line in lines], ["a", "b", "c", "d"])
        self.assertEqual(scores, sorted(set(scores), reverse=True))
        self.assertEqual(scores[1], 2.5 - 2**-22)

    def test_typing_errors_are_for_words_alone(self):
        self.assertNotIn("fuzziness", json.dumps(opensearch_node.query_of("mots")))
        fuzzy = opensearch_node.query_of("mots", fuzzy=True)["bool"]["should"]
        self.assertEqual(json.dumps(fuzzy).count('"fuzziness": "AUTO"'), 3)
        self.assertNotIn("fuzziness", fuzzy[2]["match_phrase"]["whole"])

    def test_a_java_is_taken_if_recent_enough(self):
        versions = {"java": "openjdk 17.0.15 2025-04-15", "jdk-25": "openjdk 25 2025-09-16"}
        with mock.patch.dict("os.environ", {}, clear=True), tempfile.TemporaryDirectory() as folder:
            jvms = Path(folder)

            def command(arguments):
                return versions[str(arguments[0]).replace(f"{jvms}/", "").split("/")[0]]

            with mock.patch.object(opensearch_node, "command", command), mock.patch.object(opensearch_node, "JVMS", jvms):
                with self.assertRaisesRegex(opensearch_node.Failure, "found only 17"):
                    opensearch_node.find_java()
                binary = jvms / "jdk-25/bin/java"
                binary.parent.mkdir(parents=True)
                binary.touch()
                self.assertEqual(opensearch_node.find_java(), (binary, 25))


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Unit tests of the computations; they take milliseconds and need no binary."""

import tempfile
import unittest
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import french
import misspelt
from words import Row

AFFIXES = """FLAG long
SFX S. Y 2
SFX S. 0 0/L' [^sxz]
SFX S. 0 s/D' [^sxz]
SFX V. Y 2
SFX V. er ons/T. [^g]er
SFX V. ger geons ger
SFX T. Y 1
SFX T. 0 nous .
PFX L' Y 1
PFX L' 0 l' .
"""
ENTRIES = ["marché/S.L'", "marche/S.", "marcher/V.", "ranger/V.", "œuvre/S.", "Marche/L'", "à/L'", "sous-traitant/S.", "interdit/S.{}", "racine/S.()"]


def dictionary():
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "index.aff").write_text(AFFIXES, encoding="utf-8")
        (Path(name) / "index.dic").write_text("\n".join([str(len(ENTRIES)), *ENTRIES]), encoding="utf-8")
        return french.Dictionary(Path(name))


class Checks(unittest.TestCase):
    def test_forms_have_all_their_lemmas(self):
        known = dictionary()
        self.assertEqual(known.lemmas_for("MARCHES"), {"marché", "marche"})
        self.assertEqual(known.lemmas_for("marchons"), {"marcher"})
        self.assertEqual(known.lemmas_for("marchonsnous"), {"marcher"})
        self.assertEqual(known.lemmas_for("rangeons"), {"ranger"})
        self.assertFalse(known.has("rangons"))
        self.assertEqual(known.lemmas_for("Oeuvres"), {"œuvre"})
        self.assertEqual(known.lemmas_for("soustraitants"), {"sous-traitant"})
        self.assertFalse(known.has("interdit"))
        self.assertTrue(known.has("racines"))

    def test_a_word_is_no_name_and_has_its_accents(self):
        known = dictionary()
        self.assertTrue(known.is_word("marché"))
        self.assertFalse(known.is_word("Oeuvre"))

    def test_texts_are_cut_at_hyphens_and_after_elided_articles(self):
        chunks = french.cut("L’offre d'Île-de-France, LOT1 ; prud'hommes jusqu'au")
        folded = [[french.fold(word) for word in chunk] for chunk in chunks]
        self.assertEqual(folded, [["offre"], ["ile", "de", "france"], ["lot1"], ["prud", "hommes"], ["au"]])

    def test_precision_and_recall(self):
        row = Row.__new__(Row)
        row.hits, row.due, row.wrong, row.missed, row.synonyms = {1, 2, 3, 4}, {1, 2, 9}, {3, 4}, {9}, {4}
        self.assertEqual(row.precision(), 1 / 2)
        self.assertEqual(row.precision(with_synonyms=True), 2 / 3)
        self.assertAlmostEqual(row.recall(), 2 / 3)

    def test_a_misspelt_word_is_found_by_its_first_hit_or_its_correction(self):
        held = defaultdict(set, {"marché": {"a"}})
        records = SimpleNamespace(dictionary=dictionary(), holding=held.get)
        answer = {"suggestions": {"did_you_mean": None}, "hits": [{"id": "b", "title": "autre"}]}
        self.assertIn("marhcé", misspelt.failure("marhcé", "marché", answer, records))
        self.assertIsNone(misspelt.failure("marhcé", "marché", {**answer, "hits": [{"id": "a", "title": ""}]}, records))
        corrected = {"did_you_mean": "marchés", "corrections": [{"from": "marhcé", "to": "marchés"}]}
        self.assertIsNone(misspelt.failure("marhcé", "marché", {**answer, "suggestions": corrected}, records))


if __name__ == "__main__":
    unittest.main()

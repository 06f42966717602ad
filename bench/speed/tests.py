"""Unit tests of the computations; `run.py` runs them first, they take milliseconds."""

import json
import random
import tempfile
import unittest

import differences
import figures
import generator
import queries
import real
import svg


class Differences(unittest.TestCase):
    """Known tokenization differences of engines."""

    def test_words_are_joined_by_apostrophes_that_elide_nothing_and_by_dots(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as texts:
            for text in ("MIL'SERVICES d'eau", "C’PRO, l'été", "Le C.C.A.S. de Lyon. Fin."):
                print(json.dumps({"texte": text}), file=texts)
            texts.flush()
            self.assertEqual(differences.joined(texts.name), {"mil", "services", "milservices", "c", "pro", "cpro", "ccas"})


class Figures(unittest.TestCase):
    """Statistics."""

    def test_percentiles_are_samples_by_nearest_rank(self):
        samples = list(range(100, 0, -1))
        self.assertEqual([figures.percentile(samples, share) for share in (1, 50, 99, 100)], [1, 50, 99, 100])
        self.assertEqual(figures.percentile([7], 99), 7)
        self.assertEqual(figures.percentile([1, 2, 3], 50), 2)

    def test_a_ratio_is_that_of_the_middle_round(self):
        ours, theirs = [[2, 2], [9, 9], [4, 4]], [[1, 1], [1, 1], [1, 1]]
        self.assertEqual(figures.ratio_of_rounds(ours, theirs), 4)

    def test_numbers_have_three_digits(self):
        self.assertEqual([figures.significant(number) for number in (1234.5, 12.345, 0.0012345, 0)], ["1,234", "12.3", "0.00123", "0"])

    def test_charts_span_whole_decades(self):
        self.assertEqual(svg.decades([3, 120]), (0, 3))


class Generated(unittest.TestCase):
    """The generator."""

    def test_heaps_curve_is_found_again(self):
        k, beta = generator.fit([(n, 3 * n**0.6) for n in (10, 100, 1000)])
        self.assertAlmostEqual(k, 3)
        self.assertAlmostEqual(beta, 0.6)

    def test_growth_counts_different_things(self):
        self.assertEqual(generator.growth([["a", "b"], ["a"], ["c"]], [1, 3]), [(2, 2), (4, 3)])

    def test_halves_are_as_long_as_the_first(self):
        self.assertEqual(generator.halves(list("abcde"), list("vwxyz")), list("abcyz"))
        self.assertEqual(generator.halves(list("abcde"), ["z"]), list("abcdz"))
        self.assertEqual(generator.halves(["a"], list("xy")), ["a"])

    def test_identifiers_have_their_key(self):
        dice = random.Random(1)
        for number in (generator.identifier(dice, 14) for _ in range(50)):
            doubled = [int(digit) * (1 + rank % 2) for rank, digit in enumerate(reversed(number))]
            self.assertEqual(sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10, 0)

    def test_words_are_folded(self):
        self.assertEqual(real.folded_words("l'Œuvre-ÉTÉ"), ("l", "oeuvre", "ete"))


class Drawn(unittest.TestCase):
    """The queries."""

    def test_words_that_say_nothing_are_not_typed(self):
        self.assertEqual(queries.words_of("Entretien des locaux de l’école n°2 - lot 3"), ["entretien", "locaux", "école"])

    def test_an_error_is_another_word(self):
        dice = random.Random(1)
        for _ in range(200):
            wrong = queries.misspelled("batiment", dice)
            self.assertNotEqual(wrong, "batiment")
            self.assertEqual(wrong[0], "b")
            self.assertLessEqual(abs(len(wrong) - 8), 1)

    def test_bounds_are_included(self):
        found = [queries.within(number, bounds) for number, bounds in ((5, "5..9"), (9, "5..9"), (10, "5..9"), (1, "..9"), (10, "5.."))]
        self.assertEqual(found, [True, True, False, True, True])


if __name__ == "__main__":
    unittest.main()

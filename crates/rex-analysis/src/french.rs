//! The French analyzer: tokenizer, filters, fold and stem.

use crate::dictionary::{Dictionary, DictionaryEntry};
use crate::rules::Rule;
use crate::stem::{Stemmer, forced};
use crate::word::Word;
use crate::{accent, acronym, compound, elision, fold, inclusive, lemma, number, phone, reference, stop, tokenize};

/// A word of a text, in its exact form and its stem.
///
/// Several tokens may share a position: a word with two readings (`salarié·e`), and a compound with its first part
/// (`sous-traitant` with `sous`). They are alternatives: a query for either matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Offset of the first byte of the word, after its elided article.
    pub start: usize,
    /// Offset after its last byte.
    pub end: usize,
    /// Position in the text, from 0. Every word counts, also stop words.
    pub position: usize,
    /// Number of positions it covers: 1, or the number of parts of a compound.
    pub span: usize,
    /// Lower case, without accents or apostrophes: `dechets`.
    pub exact: String,
    /// The key shared by the inflected forms of the word: the stem of its lemma followed by the lemma, or its own stem if the
    /// dictionary does not know it. [`crate::family`] returns the stem of a key.
    pub stem: String,
}

/// Maximum length of a word in bytes. Longer ones give no token, but count as a position.
const MAX_WORD_BYTES: usize = 200;

/// Converts French text to tokens. Rex indexes and searches with the default; other settings are for measurements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Analyzer {
    /// The stemmer.
    pub stemmer: Stemmer,
    /// The disabled rules, one bit each.
    left_out: u32,
}

/// Joins, splits or drops words of a text.
type Filter = fn(&str, Vec<Word>) -> Vec<Word>;

/// The tokens of a text, by the default analyzer.
///
/// Stop words are included; see [`crate::is_stop_word`].
pub fn analyze(text: &str) -> Vec<Token> {
    Analyzer::default().analyze(text)
}

/// One token for each word: its first reading, without compounds.
pub fn words(text: &str) -> Vec<Token> {
    let mut tokens = analyze(text);
    tokens.retain(|token| token.span == 1);
    tokens.dedup_by_key(|token| token.position);
    tokens
}

impl Analyzer {
    /// This analyzer without a rule.
    #[must_use]
    pub fn without(self, rule: Rule) -> Self {
        Self {
            left_out: self.left_out | 1 << rule as u32,
            ..self
        }
    }

    /// This analyzer with another stemmer.
    #[must_use]
    pub fn with_stemmer(self, stemmer: Stemmer) -> Self {
        Self { stemmer, ..self }
    }

    /// The tokens of a text, in the order of their positions.
    pub fn analyze(self, text: &str) -> Vec<Token> {
        let words = self.words(text);
        let compounds = self.compounds(text, &words);
        let text_has_accents = accent::are_written(text);
        let mut tokens = Vec::with_capacity(words.len() + compounds.len());
        let mut compounds = compounds.into_iter().peekable();
        for (position, word) in words.iter().enumerate() {
            if let Some((parts, whole)) = compounds.next_if(|(parts, _)| parts.start == position) {
                let range = word.range.start..words[parts.end - 1].range.end;
                if range.len() <= MAX_WORD_BYTES {
                    tokens.push(self.token(range, position, parts.len(), whole));
                }
            }
            if word.range.len() <= MAX_WORD_BYTES {
                self.add(text, text_has_accents, position, word, &mut tokens);
            }
        }
        tokens
    }

    /// Whether this analyzer treats a word as a stop word.
    pub fn is_stop_word(self, exact: &str) -> bool {
        self.has(Rule::StopWords) && stop::is_stop_word(exact)
    }

    /// The stem of a word in its exact form, as in [`Token::stem`].
    pub fn stem(self, exact: &str) -> String {
        if !self.has(Rule::Stemming) {
            return exact.to_owned();
        }
        match self.entry(exact) {
            Some(entry) => lemma::key(&entry.lemmas(), |word| self.stem_of(word)),
            None => self.stem_of(exact),
        }
    }

    /// Further stems to search for a word in its exact form, if it or its other forms inflect several lemmas: *mise* also searches
    /// *mettre*. Mostly empty.
    pub fn related(self, exact: &str) -> Vec<String> {
        let entry = self.entry(exact).filter(|_| self.has(Rule::Stemming));
        let related = entry.map(|entry| lemma::related(Dictionary::shipped(), &entry.lemmas()));
        let related = related.unwrap_or_default().into_iter();
        related.map(|set| lemma::key(&set, |word| self.stem_of(word))).collect()
    }

    /// Whether two words in their exact forms share a lemma, or a stem if the dictionary does not know them.
    pub fn are_forms_of_one(self, one: &str, other: &str) -> bool {
        match (self.entry(one), self.entry(other)) {
            (Some(one), Some(other)) => {
                let lemmas = other.lemmas();
                one.lemmas().iter().any(|lemma| lemmas.contains(lemma))
            }
            _ => self.stem(one) == self.stem(other),
        }
    }

    /// The dictionary entry of a word in its exact form. `None` for stop words.
    fn entry(self, exact: &str) -> Option<DictionaryEntry<'_>> {
        if self.has(Rule::Dictionary) && !stop::is_stop_word(exact) {
            Dictionary::shipped().get(exact)
        } else {
            None
        }
    }

    /// The stem of a word, without its lemma.
    fn stem_of(self, word: &str) -> String {
        match forced(word) {
            Some(stem) if self.has(Rule::ForcedStems) => stem.to_owned(),
            _ => self.stemmer.stem(word),
        }
    }

    /// The compounds of several words, at most one for each first word, in text order.
    fn compounds(self, text: &str, words: &[Word]) -> Vec<(std::ops::Range<usize>, String)> {
        let mut compounds = Vec::new();
        if self.has(Rule::References) {
            compounds = reference::wholes(text, words);
        }
        if self.has(Rule::Compounds) {
            compounds.extend(compound::find(text, words, |word| self.fold(word)));
        }
        compounds.sort_by_key(|(parts, _)| parts.start);
        compounds.dedup_by_key(|(parts, _)| parts.start);
        compounds
    }

    fn words(self, text: &str) -> Vec<Word> {
        /// Average bytes of a word and its space, for the capacity.
        const WORD_BYTES: usize = 6;
        let mut words = Vec::with_capacity(text.len() / WORD_BYTES + 1);
        words.extend(tokenize::words(text));
        let filters: [(Rule, Filter); 7] = [
            (Rule::References, reference::join),
            (Rule::PhoneNumbers, phone::join),
            (Rule::Numbers, number::join),
            (Rule::Acronyms, acronym::join),
            (Rule::Inclusive, inclusive::join),
            (Rule::Elision, elision::strip),
            (Rule::Compounds, compound::split_units),
        ];
        for (rule, filter) in filters {
            if self.has(rule) {
                words = filter(text, words);
            }
        }
        words
    }

    /// Adds the tokens of one word, one for each reading.
    fn add(self, text: &str, text_has_accents: bool, position: usize, word: &Word, tokens: &mut Vec<Token>) {
        let first = tokens.len();
        let written = &text[word.range.clone()];
        let spellings = word.spellings.iter().map(String::as_str);
        let spellings = spellings.chain(word.spellings.is_empty().then_some(written));
        for spelling in spellings {
            let folded = self.fold(spelling);
            let readings = self
                .has(Rule::Accents)
                .then(|| accent::readings(&folded, spelling, text_has_accents));
            let mut push = |exact: String| {
                if !exact.is_empty() && !tokens[first..].iter().any(|token| token.exact == exact) {
                    tokens.push(self.token(word.range.clone(), position, 1, exact));
                }
            };
            match readings.flatten() {
                Some(readings) => readings.into_iter().for_each(&mut push),
                None => push(folded),
            }
        }
    }

    fn fold(self, word: &str) -> String {
        let folded = fold::fold(word);
        match fold::unabbreviated(&folded) {
            Some(long) if self.has(Rule::Abbreviations) => long.to_owned(),
            _ => folded,
        }
    }

    fn token(self, range: std::ops::Range<usize>, position: usize, span: usize, exact: String) -> Token {
        Token {
            start: range.start,
            end: range.end,
            position,
            span,
            stem: self.stem(&exact),
            exact,
        }
    }

    fn has(self, rule: Rule) -> bool {
        self.left_out & 1 << rule as u32 == 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The marked text and the exact form of each token.
    fn forms(text: &str) -> Vec<(&str, String)> {
        let marked = |token: Token| (&text[token.start..token.end], token.exact);
        analyze(text).into_iter().map(marked).collect()
    }

    #[test]
    fn tokens_of_the_field() {
        type Forms = (&'static str, &'static str);
        let table: &[(&str, &[Forms])] = &[
            ("", &[]),
            ("d'insertion", &[("insertion", "insertion")]),
            ("l’offre", &[("offre", "offre")]),
            ("JUSQU’AU", &[("AU", "au")]),
            ("l' insertion", &[("insertion", "insertion")]),
            ("aujourd'hui", &[("aujourd'hui", "aujourdhui")]),
            ("d’aujourd’hui", &[("aujourd’hui", "aujourdhui")]),
            ("prud’hommes", &[("prud’hommes", "prudhommes")]),
            ("entr'aide", &[("entr'aide", "entraide")]),
            ("Des déchets", &[("Des", "des"), ("déchets", "dechets")]),
            ("de\u{301}chets", &[("de\u{301}chets", "dechets")]),
            ("œuvres", &[("œuvres", "oeuvres")]),
            ("ﬁnancement", &[("ﬁnancement", "financement")]),
            ("collec\u{ad}tivité", &[("collec\u{ad}tivité", "collectivite")]),
            (
                "collec-\n tivité",
                &[
                    ("collec-\n tivité", "collectivite"),
                    ("collec", "collec"),
                    ("tivité", "tivite"),
                ],
            ),
            ("M'Tsamboro", &[("M'Tsamboro", "mtsamboro"), ("M'Tsamboro", "tsamboro")]),
            ("L'Haÿ", &[("Haÿ", "hay")]),
            ("d'HLM", &[("HLM", "hlm")]),
            ("l'S.C.I.C.", &[("S.C.I.C", "scic")]),
            ("S.C.O.P.", &[("S.C.O.P", "scop")]),
            ("M. Dupont", &[("M", "m"), ("Dupont", "dupont")]),
            (
                "sous-traitant",
                &[
                    ("sous-traitant", "soustraitant"),
                    ("sous", "sous"),
                    ("traitant", "traitant"),
                ],
            ),
            ("peut-il", &[("peut", "peut"), ("il", "il")]),
            ("2021-2022", &[("2021", "2021"), ("2022", "2022")]),
            ("salarié·es", &[("salarié·es", "salaries"), ("salarié·es", "salariees")]),
            (
                "acheteur·rice·s",
                &[("acheteur·rice·s", "acheteurs"), ("acheteur·rice·s", "achetrices")],
            ),
            ("agent(e)s", &[("agent(e)s", "agents"), ("agent(e)s", "agentes")]),
            ("tou.te.s", &[("tou.te.s", "tous"), ("tou.te.s", "toutes")]),
            (
                "usager-ère-s",
                &[("usager-ère-s", "usagers"), ("usager-ère-s", "usageres")],
            ),
            ("lot(s)", &[("lot(s", "lot"), ("lot(s", "lots")]),
            ("fini.les lots", &[("fini", "fini"), ("les", "les"), ("lots", "lots")]),
            ("1 590\u{a0}000\u{202f}€", &[("1 590\u{a0}000", "1590000")]),
            (
                "en 2023 150 lots",
                &[("en", "en"), ("2023", "2023"), ("150", "150"), ("lots", "lots")],
            ),
            ("75231240-8", &[("75231240-8", "752312408"), ("75231240-8", "75231240")]),
            (
                "752 312 408",
                &[("752 312 408", "752312408"), ("752 312 408", "75231240")],
            ),
            ("75 231 240", &[("75 231 240", "75231240")]),
            (
                "213 105 554 00017",
                &[
                    ("213 105 554 00017", "21310555400017"),
                    ("213 105 554 00017", "213105554"),
                ],
            ),
            (
                "m² CO₂ 2ᵉ 1er",
                &[("m²", "m2"), ("CO₂", "co2"), ("2ᵉ", "2e"), ("1er", "1er")],
            ),
            ("n° 3", &[("n", "n"), ("3", "3")]),
            ("½", &[("½", "1"), ("½", "2")]),
            ("500kg", &[("500kg", "500kg"), ("500", "500"), ("kg", "kg")]),
            (
                "St-Étienne",
                &[("St-Étienne", "saintetienne"), ("St", "saint"), ("Étienne", "etienne")],
            ),
            (
                "un marché à la marche",
                &[
                    ("un", "un"),
                    ("marché", "marché"),
                    ("à", "a"),
                    ("la", "la"),
                    ("marche", "marche"),
                ],
            ),
            ("MARCHE", &[("MARCHE", "marché"), ("MARCHE", "marche")]),
            ("« lot »\u{a0}?", &[("lot", "lot")]),
            ("l'", &[("l", "l")]),
        ];
        for (text, expected) in table {
            let found = forms(text);
            let found: Vec<_> = found.iter().map(|(word, exact)| (*word, exact.as_str())).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn forms_of_a_word_meet_and_others_do_not() {
        let stem = |word: &str| analyze(word)[0].stem.clone();
        for family in [
            &["travail", "travaux"][..],
            &["emploi", "emplois"],
            &["réemploi", "réemplois"],
            &["journal", "journaux"],
            &["local", "locaux"],
            &["achat", "achats"],
            &["conduire", "conduisent"],
            &["nouveau", "nouvelle"],
            &["sourcing", "sourcings"],
            &["public", "publique", "publics", "publiques"],
            &["réservé", "réservée", "réservés", "réservées", "reservee"],
            &["foncier", "foncière", "fonciere", "foncières"],
            &["2e", "2ème", "2nde"],
            &["sécurité", "securite"],
            &["marché", "marchés"],
        ] {
            let stems: Vec<_> = family.iter().map(|word| stem(word)).collect();
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{family:?}: {stems:?}");
        }
        for (one, other) in [
            ("collecte", "collectivité"),
            ("collecte", "collectif"),
            ("collectif", "collectivité"),
            ("formation", "forme"),
            ("environnement", "environ"),
            ("environnement", "environs"),
            ("public", "publication"),
            ("bâtiment", "bâtir"),
            ("bâtiment", "bât"),
            ("restauration", "restaurant"),
            ("lot", "loterie"),
            ("coopérative", "coopération"),
            ("marché", "marcher"),
            ("marché à", "marche à"),
            ("communication", "commune"),
            ("réserver", "réservoir"),
            ("réhabiliter", "réhabilitation"),
        ] {
            assert_ne!(stem(one), stem(other), "{one} {other}");
        }
    }

    #[test]
    fn words_of_a_family_have_a_stem_in_common() {
        let of_word = |word: &str| crate::family(&analyze(word)[0].stem).to_owned();
        for (one, other, meet) in [
            ("achat", "acheter", true),
            ("réhabiliter", "réhabilitation", true),
            ("environnement", "environnementaux", true),
            ("collecte", "collectivité", false),
            ("restauration", "restaurant", false),
        ] {
            assert_eq!(of_word(one) == of_word(other), meet, "{one} {other}");
        }
    }

    #[test]
    fn a_form_of_two_words_is_related_to_both() {
        let analyzer = Analyzer::default();
        let related = analyzer.related("mise");
        for form in ["mettre", "miser"] {
            assert!(related.contains(&analyzer.stem(form)), "{related:?}");
            assert!(analyzer.related(form).contains(&analyzer.stem("mise")));
            assert!(analyzer.are_forms_of_one("mise", form));
        }
        assert!(!analyzer.are_forms_of_one("mettre", "miser"));
        assert!(analyzer.related("cartons").is_empty());
        assert!(analyzer.without(Rule::Dictionary).related("mise").is_empty());
    }

    #[test]
    fn positions_count_every_word_but_no_elided_article() {
        let positions = |text: &str| analyze(text).iter().map(|token| token.position).collect::<Vec<_>>();
        assert_eq!(positions("le tri de l'eau"), [0, 1, 2, 3]);
        assert_eq!(positions("un sous-traitant ici"), [0, 1, 1, 2, 3]);
        let long = "x".repeat(MAX_WORD_BYTES + 1);
        assert_eq!(positions(&format!("a {long} b")), [0, 2]);
    }

    proptest! {
        #[test]
        fn offsets_are_words_of_the_text(text in "\\PC{0,60}|[a-zéÀœﬁ'’\u{ad}\u{301} \\-.·()/0-9\n½]{0,60}") {
            let tokens = analyze(&text);
            for token in &tokens {
                prop_assert!(token.start < token.end && token.span > 0);
                prop_assert!(text.is_char_boundary(token.start) && text.is_char_boundary(token.end));
                prop_assert!(!token.exact.is_empty() && !token.stem.is_empty());
            }
            prop_assert!(tokens.is_sorted_by_key(|token| (token.position, token.start)));
            prop_assert_eq!(analyze(&text), tokens);
        }

        #[test]
        fn an_accent_or_a_capital_changes_nothing(text in "[a-zéèêàçœ]{1,12}") {
            prop_assume!(!fold::fold(&text).starts_with("marche"));
            let typed = analyze(&fold::fold(&text));
            prop_assert_eq!(&analyze(&text)[0].stem, &typed[0].stem);
            prop_assert_eq!(&analyze(&text.to_uppercase())[0].stem, &typed[0].stem);
        }

        #[test]
        fn an_exact_form_is_its_own_exact_form(
            text in "[a-zéèœ'’-]{1,12}|(n°|[lraLRDA]|art|loi)?[. *]{0,2}[0-9]{1,4}([-/][0-9]{1,4}){1,3}(/UE)?\
                |[+]?0?[0-9]{1,3}([ .-]?[0-9]{2,3}){3,5}|[jlnqu]{1,2}'[aeiout]{1,3}|[a-z]{2,8}(eur|eux|f|en|el|eau)s?[·./(-](e|se|le|ne|rice|ive)s?\\)?s?"
        ) {
            for token in analyze(&text) {
                let again = analyze(&token.exact);
                prop_assert!(again.iter().any(|other| other.exact == token.exact), "{:?}", again);
            }
        }
    }
}

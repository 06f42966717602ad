use crate::{elision, fold, stem, tokenize};

/// A word of a text, in the two forms it is searched by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// First byte of the word in the text, its elided article left out.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Its rank in the text, from 0; every word counts, stop words too.
    pub position: usize,
    /// Lower case, without accents or apostrophes: `dechets`.
    pub exact: String,
    /// The exact form in the singular: `dechet`.
    pub stem: String,
}

/// Words longer than this, in bytes, are no words: they are left out, and keep their position.
const MAX_WORD_BYTES: usize = 200;

/// The tokens of a text: cut into words, elided articles taken off, accents folded, plurals brought to the singular.
///
/// Stop words are tokens like others; [`crate::is_stop_word`] tells them.
pub fn analyze(text: &str) -> Vec<Token> {
    tokenize::words(text)
        .map(|word| elision::strip(text, word))
        .enumerate()
        .filter(|(_, word)| word.len() <= MAX_WORD_BYTES)
        .filter_map(|(position, word)| {
            let exact = fold::fold(&text[word.clone()]);
            (!exact.is_empty()).then(|| Token {
                start: word.start,
                end: word.end,
                position,
                stem: stem::singular(&exact),
                exact,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Forms = (&'static str, &'static str, &'static str);

    /// What is marked in the text, and the two forms.
    fn forms(text: &str) -> Vec<(&str, String, String)> {
        let marked = |token: Token| (&text[token.start..token.end], token.exact, token.stem);
        analyze(text).into_iter().map(marked).collect()
    }

    #[test]
    fn tokens_of_the_field() {
        let table: &[(&str, &[Forms])] = &[
            ("", &[]),
            ("d'insertion", &[("insertion", "insertion", "insertion")]),
            ("l’offre", &[("offre", "offre", "offre")]),
            ("JUSQU’AU", &[("AU", "au", "au")]),
            ("qu'il", &[("il", "il", "il")]),
            ("aujourd'hui", &[("aujourd'hui", "aujourdhui", "aujourdhui")]),
            ("prud’hommes", &[("prud’hommes", "prudhommes", "prudhomme")]),
            (
                "Des déchets",
                &[("Des", "des", "des"), ("déchets", "dechets", "dechet")],
            ),
            ("DÉCHETS", &[("DÉCHETS", "dechets", "dechet")]),
            ("de\u{301}chets", &[("de\u{301}chets", "dechets", "dechet")]),
            ("œuvres", &[("œuvres", "oeuvres", "oeuvre")]),
            ("ﬁnancement", &[("ﬁnancement", "financement", "financement")]),
            (
                "collec\u{ad}tivité",
                &[("collec\u{ad}tivité", "collectivite", "collectivite")],
            ),
            ("M'Tsambo", &[("M'Tsambo", "mtsambo", "mtsambo")]),
            ("M’TSAMBO", &[("M’TSAMBO", "mtsambo", "mtsambo")]),
            ("l'ESS", &[("ESS", "ess", "ess")]),
            ("d'HLM", &[("HLM", "hlm", "hlm")]),
            ("l'SCIC", &[("SCIC", "scic", "scic")]),
            (
                "Île-de-France",
                &[
                    ("Île", "ile", "ile"),
                    ("de", "de", "de"),
                    ("France", "france", "france"),
                ],
            ),
            ("m²", &[("m²", "m2", "m2")]),
            ("travaux", &[("travaux", "travaux", "travail")]),
            ("'mot'", &[("mot", "mot", "mot")]),
            ("l'", &[("l", "l", "l")]),
            ("« marché »\u{a0}?", &[("marché", "marche", "marche")]),
        ];
        for (text, expected) in table {
            let found = forms(text);
            let found: Vec<_> = found
                .iter()
                .map(|(word, exact, stem)| (*word, exact.as_str(), stem.as_str()))
                .collect();
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn positions_count_every_word_but_no_elided_article() {
        let positions: Vec<_> = analyze("le tri de l'eau").iter().map(|token| token.position).collect();
        assert_eq!(positions, [0, 1, 2, 3]);
        let long = "x".repeat(MAX_WORD_BYTES + 1);
        let positions: Vec<_> = analyze(&format!("a {long} b"))
            .iter()
            .map(|token| token.position)
            .collect();
        assert_eq!(positions, [0, 2]);
    }

    proptest! {
        #[test]
        fn offsets_are_words_of_the_text(text in "\\PC{0,60}|[a-zéÀœﬁ'’\u{ad}\u{301} \\-]{0,60}") {
            let mut last = 0;
            for token in analyze(&text) {
                prop_assert!(token.start >= last && token.start < token.end);
                prop_assert!(text.is_char_boundary(token.start) && text.is_char_boundary(token.end));
                prop_assert!(!token.exact.is_empty() && !token.stem.is_empty());
                last = token.end;
            }
        }

        #[test]
        fn an_accent_or_a_capital_changes_nothing(text in "[a-zéèêàçœ]{1,12}") {
            let typed = analyze(&fold::fold(&text));
            prop_assert_eq!(&analyze(&text)[0].stem, &typed[0].stem);
            prop_assert_eq!(&analyze(&text.to_uppercase())[0].stem, &typed[0].stem);
        }
    }
}

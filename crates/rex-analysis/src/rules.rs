//! The rules of the analyzer that can be switched off.

/// A rule of the analyzer that can be switched off to measure its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `L. 2113-12` and `n° 2014-856` are one word in every spelling.
    References,
    /// `01 42 34 56 78` is one number, with or without a country code.
    PhoneNumbers,
    /// `1 590 000` is one number; every spelling of a CPV code is one code.
    Numbers,
    /// `S.C.O.P.` is `SCOP`.
    Acronyms,
    /// `salarié·es` is `salariés` and `salariées`.
    Inclusive,
    /// `l'insertion` is `insertion`.
    Elision,
    /// `sous-traitant` is also `soustraitant`.
    Compounds,
    /// `marché` differs from `marche`.
    Accents,
    /// `St-Étienne` is `Saint-Étienne`.
    Abbreviations,
    /// `déchets` matches `déchet`.
    Stemming,
    /// Forms of a dictionary word match by lemma, apart from other words of its stem.
    Dictionary,
    /// Words with a stem in `data/stems.tsv`.
    ForcedStems,
    /// Words such as `le` and `comment` are ignored in queries.
    StopWords,
}

impl Rule {
    /// Every rule, with its name in `rex eval --without`.
    pub const ALL: [(&'static str, Self); 13] = [
        ("references", Self::References),
        ("phone-numbers", Self::PhoneNumbers),
        ("numbers", Self::Numbers),
        ("acronyms", Self::Acronyms),
        ("inclusive", Self::Inclusive),
        ("elision", Self::Elision),
        ("compounds", Self::Compounds),
        ("accents", Self::Accents),
        ("abbreviations", Self::Abbreviations),
        ("stemming", Self::Stemming),
        ("dictionary", Self::Dictionary),
        ("forced-stems", Self::ForcedStems),
        ("stop-words", Self::StopWords),
    ];
}

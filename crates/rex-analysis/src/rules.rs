/// A rule of the analysis that can be left out, to measure what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
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
    /// `marché` is not `marche`.
    Accents,
    /// `St-Étienne` is `Saint-Étienne`.
    Abbreviations,
    /// `déchets` is also `déchet`.
    Stemming,
    /// Words whose stem is written down.
    ForcedStems,
    /// Words such as `le` and `comment` ask for nothing.
    StopWords,
}

impl Rule {
    /// Every rule, by the name `rex eval --without` takes.
    pub const ALL: [(&'static str, Self); 10] = [
        ("numbers", Self::Numbers),
        ("acronyms", Self::Acronyms),
        ("inclusive", Self::Inclusive),
        ("elision", Self::Elision),
        ("compounds", Self::Compounds),
        ("accents", Self::Accents),
        ("abbreviations", Self::Abbreviations),
        ("stemming", Self::Stemming),
        ("forced-stems", Self::ForcedStems),
        ("stop-words", Self::StopWords),
    ];
}

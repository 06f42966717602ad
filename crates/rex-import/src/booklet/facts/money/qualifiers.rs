//! Qualifiers of an amount, by the words around it: tax, unit, bound.

/// Whether an amount is before or after tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tax {
    Before,
    Included,
    Unsaid,
}

/// What an amount pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Per {
    Contract,
    /// A year, a month, an hour, a tonne...
    Part,
}

/// Whether an amount is exact or a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Exact,
    About,
    Maximum,
    Minimum,
    /// One end of a range.
    End,
}

pub(crate) fn tax(tail: &str) -> Tax {
    let words = format!(
        " {} ",
        tail.replace(['(', ')', '/', ',', ';', ':', '-', '\u{a0}'], " ")
            .replace('.', "")
    );
    let place = |names: &[&str]| names.iter().filter_map(|name| words.find(name)).min();
    let before = place(&[
        " ht ",
        "hors tax",
        "hors tva",
        "net de tax",
        "nets de tax",
        "exonéré",
        "non assujetti",
        "tva non applicable",
        "excl vat",
        "excl tax",
        "excluding vat",
        "excluding tax",
        "before tax",
    ]);
    match (
        before,
        place(&[
            " ttc ",
            "toutes taxes",
            "taxes comprises",
            "tva comprise",
            "tva incluse",
            "incl vat",
            "incl tax",
            "including vat",
            "including tax",
        ]),
    ) {
        (Some(before), Some(included)) if included < before => Tax::Included,
        (Some(_), _) => Tax::Before,
        (None, Some(_)) => Tax::Included,
        (None, None) => Tax::Unsaid,
    }
}

/// Whether a label says before or after tax. `None` if it says neither.
pub(crate) fn tax_of(label: &str) -> Option<Tax> {
    Some(tax(&lowered(label))).filter(|tax| *tax != Tax::Unsaid)
}

/// Whether an amount is for the contract or a part of it, by the words before and after it.
pub(crate) fn per(before: &str, tail: &str) -> Per {
    const PARTS: &[&str] = &[
        "annuel",
        "chaque année",
        "chaque mois",
        "mensuel",
        "horaire",
        "de l'heure",
        "journali",
        "hebdomadaire",
        "unitaire",
        "chacun",
    ];
    let tail = tail.replace('’', "'");
    let before = before.trim_end();
    // « 2 lots de 50 000 € »
    let is_each_lot = ["lots de", "lots à", "lots d'environ"]
        .iter()
        .any(|lots| before.ends_with(lots));
    if is_each_lot || PARTS.iter().any(|part| tail.contains(part)) || is_per_unit(&tail) {
        Per::Part
    } else {
        Per::Contract
    }
}

/// Whether the words after a price make it a unit price: `/h`, `par repas`, `la journée`, `l'unité`.
fn is_per_unit(tail: &str) -> bool {
    const UNITS: &[&str] = &[
        "an",
        "ans",
        "année",
        "annee",
        "mois",
        "trimestre",
        "semestre",
        "semaine",
        "jour",
        "jours",
        "journée",
        "demi-journée",
        "heure",
        "heures",
        "h",
        "j",
        "nuit",
        "tonne",
        "tonnes",
        "t",
        "kg",
        "kilo",
        "litre",
        "km",
        "kilomètre",
        "m2",
        "m²",
        "m3",
        "m³",
        "ml",
        "mètre",
        "lot",
        "personne",
        "unité",
        "u",
        "pièce",
        "repas",
        "couvert",
        "article",
        "place",
        "passage",
        "séance",
        "visite",
        "course",
        "intervention",
    ];
    /// Words that may separate an amount from its unit.
    const AFTER_AMOUNT: &[&str] = &[
        "ht", "h.t", "ttc", "hors", "taxe", "taxes", "tva", "net", "nets", "nette", "de", "à", "-",
    ];
    let spaced = tail.replace('/', " / ").replace("l'", "l' ");
    let words: Vec<&str> = spaced
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | ':'))
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
        .collect();
    let leading = words.iter().take_while(|word| AFTER_AMOUNT.contains(word)).count();
    // « 12 € HT par dossier »: a noun without an article is a unit; « par la Ville » names the payer.
    let is_bare = |word: &str| !matches!(word, "le" | "la" | "l'" | "les" | "un" | "une");
    let is_slash_unit = tail.split('/').skip(1).any(|rest| {
        let word: String = rest.chars().take_while(|c| c.is_alphabetic() || *c == '.').collect();
        !word.is_empty() && !AFTER_AMOUNT.contains(&word.trim_matches('.'))
    });
    is_slash_unit
        || words.windows(2).enumerate().any(|(at, pair)| match pair[0] {
            "par" => UNITS.contains(&pair[1]) || (at == leading && is_bare(pair[1])),
            "/" => UNITS.contains(&pair[1]),
            "la" | "le" | "l'" => at == leading && UNITS.contains(&pair[1]),
            _ => false,
        })
}

pub(crate) fn bound(before: &str, tail: &str) -> Bound {
    let said = |names: &[&str]| names.iter().any(|name| before.contains(name) || tail.contains(name));
    let typed = before.trim_end();
    let ends = |names: &[&str]| names.iter().any(|name| typed.ends_with(name));
    let is_below = ends(&["<", "≤", "moins de", "en dessous de"]) || typed.contains("inférieur");
    let is_above = ends(&[">", "≥"]) || typed.contains("supérieur");
    if is_below || said(&["max", "plafon", "jusqu", "au plus", "n'excédant", "limité à"]) {
        Bound::Maximum
    } else if is_above || said(&["minimum", "mini ", "au moins", "plancher", "à partir de"]) {
        Bound::Minimum
    } else if said(&[
        "environ",
        "env.",
        "près de",
        "de l'ordre",
        "estim",
        "approximati",
        "autour de",
        "prévisionnel",
        "plus de ",
        "~",
        "≈",
    ]) {
        Bound::About
    } else {
        Bound::Exact
    }
}

/// Whether the words before an amount make it a part of the contract: `montant annuel de 40 000 €`, `prix horaire`.
pub(crate) fn is_of_part(text: &str) -> bool {
    let lower = lowered(text).replace('’', "'");
    [
        "annuel",
        "par an",
        "/an",
        "/ an",
        "l'an ",
        "mensuel",
        "par mois",
        "/mois",
        "horaire",
        "unitaire",
        "journalier",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// Lower case with the same byte offsets.
pub(crate) fn lowered(text: &str) -> String {
    let lower = |c: char| {
        let mut small = c.to_lowercase();
        match (small.next(), small.next()) {
            (Some(one), None) if one.len_utf8() == c.len_utf8() => one,
            _ => c,
        }
    };
    text.chars().map(lower).collect()
}

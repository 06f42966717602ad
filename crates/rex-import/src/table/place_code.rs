//! The territory of a code: a postcode, an INSEE code, the code of a département.

use rex_corpus::{Territories, Territory};

/// What kind of place a column names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Any,
    Region,
    Departement,
    Epci,
    Commune,
    Postcode,
    Insee,
}

/// The name and the code of `Toulouse (31)`, `31 - Haute-Garonne`, `31000 Toulouse`.
pub(super) fn split_code(text: &str) -> (String, Option<String>) {
    let is_code = |word: &str| {
        let upper = word.to_uppercase();
        let digits = upper.strip_prefix("2A").or(upper.strip_prefix("2B")).unwrap_or(&upper);
        word.len() <= 5 && word.starts_with(|c: char| c.is_ascii_digit()) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let words = text
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')'))
        .filter(|word| !word.is_empty());
    let (codes, own): (Vec<&str>, Vec<&str>) = words.partition(|word| is_code(word));
    // « Paris 15e » has no code; « 2 rives » may.
    let own: Vec<&str> = own
        .into_iter()
        .filter(|word| !matches!(*word, "-" | "–" | ":" | "/") && !word.eq_ignore_ascii_case("cedex"))
        .collect();
    (own.join(" "), codes.first().map(|code| code.to_uppercase()))
}

pub(super) fn of_code(code: &str, level: Level) -> Vec<Territory> {
    let all = Territories::shipped();
    let padded = |width: usize| format!("{code:0>width$}");
    let departement = |code: &str| Territories::departement(code).into_iter().collect::<Vec<_>>();
    let postcode = |code: &str| {
        let communes = all.postcode(code).to_vec();
        // A CEDEX code has the département in front.
        let prefix = if code.starts_with("97") || code.starts_with("98") {
            3
        } else {
            2
        };
        if communes.is_empty() {
            code.get(..prefix).map(departement).unwrap_or_default()
        } else {
            communes
        }
    };
    match level {
        Level::Region => Territories::region(&padded(2)).into_iter().collect(),
        Level::Departement => departement(&padded(2)),
        Level::Postcode if code.len() >= 4 => postcode(&padded(5)),
        Level::Insee if code.len() >= 4 => all.commune(&padded(5)).into_iter().collect(),
        _ if code.len() <= 3 => departement(&padded(2)),
        _ => match all.postcode(&padded(5)) {
            [] => match all.commune(&padded(5)) {
                Some(commune) => vec![commune],
                None => postcode(&padded(5)),
            },
            communes => communes.to_vec(),
        },
    }
}

/// The territory meant by a code: the only one, or the département of several.
pub(super) fn pick_of_code(territories: &[Territory]) -> Option<Territory> {
    if let [only] = territories {
        return Some(*only);
    }
    let departement = Territory::Departement(territories.first()?.departement()?);
    territories
        .iter()
        .all(|territory| territory.is_in(departement))
        .then_some(departement)
}

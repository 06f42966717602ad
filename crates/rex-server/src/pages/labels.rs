//! French labels of facets and values.

use rex_corpus::{Cpv, CpvLabels, Euros};
use rex_query::{Bounds, Facet, Selection, Sort, steps};

use rex_api::french_format;

/// Facets in display order, the same as in the widget (`assets/widget/state.js`).
pub(crate) const ORDER: [Facet; 14] = [
    Facet::Territoire,
    Facet::Montant,
    Facet::Procedure,
    Facet::Reserve,
    Facet::Duree,
    Facet::Theme,
    Facet::Nature,
    Facet::Structure,
    Facet::Cpv,
    Facet::Acheteur,
    Facet::Titulaire,
    Facet::Considerations,
    Facet::Annee,
    Facet::Type,
];

pub(crate) const MISSING: &str = "Non renseigné";

/// Sort orders with their labels.
pub(crate) const SORTS: [(Sort, &str); 8] = [
    (Sort::Relevance, "Pertinence"),
    (Sort::AmountDescending, "Montant décroissant"),
    (Sort::Amount, "Montant croissant"),
    (Sort::DateDescending, "Les plus récents"),
    (Sort::Date, "Les plus anciens"),
    (Sort::Duration, "Durée croissante"),
    (Sort::DurationDescending, "Durée décroissante"),
    (Sort::Title, "Titre"),
];

pub(crate) fn facet(facet: Facet) -> &'static str {
    match facet {
        Facet::Type => "Document",
        Facet::Nature => "Nature",
        Facet::Procedure => "Procédure",
        Facet::Reserve => "Réservé à",
        Facet::Considerations => "Considérations",
        Facet::Territoire => "Territoire",
        Facet::Cpv => "Objet (CPV)",
        Facet::Acheteur => "Acheteur",
        Facet::Titulaire => "Titulaire",
        Facet::Structure => "Type de structure",
        Facet::Theme => "Thème",
        Facet::Annee => "Année",
        Facet::Montant => "Montant HT",
        Facet::Duree => "Durée",
    }
}

/// The label of a value. CPV codes have theirs from `labels`; most other values are their own label.
pub(crate) fn value(labels: &CpvLabels, facet: Facet, value: &str) -> String {
    let known = match (facet, value) {
        (Facet::Type, "retour-d-experience") => "Retour d'expérience",
        (Facet::Type, "marche") => "Marché public",
        (Facet::Nature, "services") => "Services",
        (Facet::Nature, "travaux") => "Travaux",
        (Facet::Nature, "fournitures") => "Fournitures",
        (Facet::Reserve, "SIAE") => "SIAE (insertion)",
        (Facet::Reserve, "EA") => "EA (entreprises adaptées)",
        (Facet::Reserve, "ESAT") => "ESAT (travail protégé)",
        (Facet::Reserve, "ESS") => "ESS (économie sociale)",
        (Facet::Cpv, _) => return cpv(labels, value),
        _ => value,
    };
    known.to_owned()
}

/// `75 Administration et sécurité sociale` for a division, `75231240-8 Services de réinsertion` for other codes, or the code
/// alone.
fn cpv(labels: &CpvLabels, digits: &str) -> String {
    let shown = match Cpv::parse(digits) {
        Ok(_) if digits.ends_with("000000") => digits[..2].to_owned(),
        Ok(code) => code.to_string(),
        Err(_) => return digits.to_owned(),
    };
    match labels.of_branch(digits) {
        Some(label) => format!("{shown} {label}"),
        None => shown,
    }
}

/// The label of a selection: `de 40 000 € à 90 000 €`.
pub(crate) fn selection(labels: &CpvLabels, facet: Facet, selection: &Selection) -> String {
    match selection {
        Selection::Missing => MISSING.to_lowercase(),
        Selection::Range(bounds) => range(facet, *bounds),
        // The label of a path is its last level.
        Selection::Value(path) => {
            let last = path.rsplit(rex_query::PATH_SEPARATOR).next().unwrap_or(path);
            value(labels, facet, last)
        }
    }
}

fn range(facet: Facet, bounds: Bounds) -> String {
    let steps = steps(facet);
    let ends = steps.iter().skip(1).copied().map(Some).chain([None]);
    if let Some((from, to)) = steps
        .iter()
        .zip(ends)
        .find(|(from, to)| Bounds::up_to(**from, *to) == bounds)
    {
        return bucket(facet, *from, to).to_lowercase();
    }
    match (bounds.from.filter(|from| *from > 0), bounds.to) {
        (Some(from), Some(to)) if from == to => amount(facet, from),
        (Some(from), Some(to)) => format!("de {} à {}", amount(facet, from), amount(facet, to)),
        (Some(from), None) => format!("à partir de {}", amount(facet, from)),
        (None, Some(to)) => format!("jusqu'à {}", amount(facet, to)),
        (None, None) => "renseigné".to_owned(),
    }
}

/// The label of a bucket; its upper bound is exclusive.
pub(crate) fn bucket(facet: Facet, from: u64, to: Option<u64>) -> String {
    match to {
        Some(to) if from == 0 => format!("Moins de {}", amount(facet, to)),
        // Whole months: the last included month is clearer than the exclusive bound.
        Some(to) if facet == Facet::Duree => format!("De {from} à {} mois", to - 1),
        Some(to) => format!("De {} à {}", amount(facet, from), amount(facet, to)),
        None => format!("{} et plus", amount(facet, from)),
    }
}

fn amount(facet: Facet, number: u64) -> String {
    match facet {
        Facet::Montant => Euros::from_cents(number).map_or_else(String::new, french_format::euros),
        _ => french_format::months(number),
    }
}

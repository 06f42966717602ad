//! Three cases, in the layout of any house.

use rex_corpus::CpvLabels;
use rex_import::{Booklet, ImportedCase};

pub(crate) fn read(text: &str) -> Booklet {
    Booklet::read(text, &CpvLabels::shipped()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Title, buyer, holder, amount and duration of a case; `-` for a missing fact.
fn facts(case: &ImportedCase) -> String {
    let record = &case.record;
    let or_dash = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    [
        record.titre.clone(),
        or_dash(record.acheteur.as_ref().map(|buyer| buyer.nom.clone())),
        or_dash(record.titulaires.first().map(|holder| holder.nom.clone())),
        or_dash(record.montant_ht.map(|amount| amount.to_string())),
        or_dash(record.duree_mois.map(|months| months.to_string())),
    ]
    .join(" | ")
}

pub(crate) fn all_facts(booklet: &Booklet) -> Vec<String> {
    booklet.cases.iter().map(facts).collect()
}

/// The sections of a case, as `heading: text`.
pub(crate) fn sections(case: &ImportedCase) -> Vec<String> {
    let sections = case.record.sections.iter();
    sections
        .map(|section| format!("{}: {}", section.titre, section.texte))
        .collect()
}

/// Three contracts: title, buyer, holder, amount, duration.
pub(crate) const CONTRACTS: [[&str; 5]; 3] = [
    [
        "Taille des haies du parc",
        "Ville de Rennes",
        "association Vert Demain",
        "32 000 € HT",
        "18 mois",
    ],
    [
        "Lavage du linge de l'internat",
        "Département du Nord",
        "SCOP Blanc Bleu",
        "75 500 € HT",
        "2 ans",
    ],
    [
        "Livraison de paniers de légumes",
        "Commune de Albi",
        "Les Potagers du Tarn",
        "12 800 € HT",
        "1 an",
    ],
];
/// Their facts where a line names the buyer, which stays as it is written.
pub(crate) const FACTS: [&str; 3] = [
    "Taille des haies du parc | Ville de Rennes | Vert Demain | 32000 | 18",
    "Lavage du linge de l'internat | Département du Nord | Blanc Bleu | 75500 | 24",
    "Livraison de paniers de légumes | Commune de Albi | Les Potagers du Tarn | 12800 | 12",
];

/// A text with one part for each contract, in which `{title}` and the like are replaced, and `{rank}` by its rank.
pub(crate) fn booklet_of(template: &str) -> String {
    let one = |(rank, contract): (usize, &[&str; 5])| {
        let names = ["{title}", "{buyer}", "{holder}", "{amount}", "{duration}"];
        let whole = template
            .replace("{rank}", &(rank + 1).to_string())
            .replace("{TITLE}", &contract[0].to_uppercase());
        names
            .iter()
            .zip(contract)
            .fold(whole, |text, (name, value)| text.replace(name, value))
    };
    CONTRACTS.iter().enumerate().map(one).collect()
}

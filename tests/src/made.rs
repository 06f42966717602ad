//! Contracts made by rule, so that what a client has to find can be worked out without Rex.

use serde_json::{Value, json};

use crate::Site;

/// How many there are on the [`site`] of them.
pub const COUNT: usize = 60;

/// Each is the theme of one in twelve.
const THEMES: [&str; 12] = [
    "alimentation",
    "bâtiment",
    "collecte",
    "déchets",
    "énergie",
    "espaces verts",
    "insertion",
    "logement",
    "mobilité",
    "numérique",
    "réemploi",
    "textile",
];

/// A third of them each, as the places.
const NATURES: [&str; 3] = ["services", "travaux", "fournitures"];

const PLACES: [[&str; 3]; 3] = [
    ["Bretagne", "Finistère", "Brest Métropole"],
    ["Bretagne", "Morbihan", "Ville de Vannes"],
    ["Occitanie", "Haute-Garonne", "Toulouse Métropole"],
];

/// A site with [`COUNT`] of them and nothing else.
pub fn site() -> Site {
    let site = Site::empty();
    site.write("corpus/marches.jsonl", lines(records(COUNT)));
    site
}

/// The records of the numbers from 1 to a count.
pub fn records(count: usize) -> impl Iterator<Item = Value> {
    (1..=count).map(record)
}

/// Records as a file of JSON lines.
pub fn lines(records: impl Iterator<Item = Value>) -> String {
    records.map(|record| format!("{record}\n")).collect()
}

/// The record of a number: it has the amount of as many times 10,000 euros, every tenth none; odd ones take 24 months by an open
/// procedure, even ones 12 by an adapted one.
fn record(number: usize) -> Value {
    let is_even = number.is_multiple_of(2);
    let theme = THEMES[number % THEMES.len()];
    let mut record = json!({
        "id": format!("contrat-{number:02}"),
        "titre": format!("Contrat {number:02} : {theme}"),
        "nature": NATURES[number % NATURES.len()],
        "procedure": if is_even { "Procédure adaptée" } else { "Appel d'offres ouvert" },
        "duree_mois": if is_even { 12 } else { 24 },
        "territoire": PLACES[number % PLACES.len()],
        "themes": [theme],
        "acheteur": {"nom": PLACES[number % PLACES.len()][2]},
        "date": format!("{}-03-15", 2019 + number % 5),
        "sections": [{"titre": "Le besoin", "texte": format!("Ce que l'acheteur cherchait : {theme}, pour {number} communes.")}],
    });
    if !number.is_multiple_of(10) {
        record["montant_ht"] = json!(number * 10_000);
    }
    record
}

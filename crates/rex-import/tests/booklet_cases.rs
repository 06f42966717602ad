//! The small booklets of the shared data: facts of each case, whatever the house, the encoding and the format.

use rex_corpus::CpvLabels;
use rex_import::{Booklet, ImportedCase};

/// Title, buyer, holder, structure, procedure, amount, duration and headings of a case.
fn facts(case: &ImportedCase) -> String {
    let record = &case.record;
    let or_dash = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let holder = record.titulaires.first();
    let headings: Vec<&str> = record.sections.iter().map(|section| section.titre.as_str()).collect();
    [
        record.titre.clone(),
        or_dash(record.acheteur.as_ref().map(|buyer| buyer.nom.clone())),
        or_dash(holder.map(|holder| holder.nom.clone())),
        or_dash(holder.and_then(|holder| holder.structure.first().cloned())),
        or_dash(record.procedure.map(|procedure| procedure.to_string())),
        or_dash(record.montant_ht.map(|amount| amount.to_string())),
        or_dash(record.duree_mois.map(|months| months.to_string())),
        headings.join(", "),
    ]
    .join(" | ")
}

fn case_facts(headings: &str) -> [String; 3] {
    [
        "Entretien des berges du canal | Communauté de communes du Val | L'Atelier des Rives | Entreprise d'insertion | Procédure adaptée | 48000 | 24",
        "Collecte des cartons du centre-ville | Commune de Quimper | Les Recycleurs | Association | Marché réservé | - | 48",
        "Repas de la crèche municipale | Commune de Saumur | La Table du Quartier | Coopérative | Appel d'offres ouvert | 35500 | 36",
    ]
    .map(|facts| format!("{facts} | {headings}"))
}

const KNOWN: &str = "Présentation du marché, La réponse au marché, Ce que le marché a permis";

#[test]
fn each_booklet_of_the_shared_data() {
    for (name, headings) in [
        (
            "a-partage-experience.txt",
            "Contexte, Objectifs et résultats, Mise en œuvre, Valorisation de cette expérience",
        ),
        ("c-markdown.md", KNOWN),
        ("e-sections-du-livret.txt", KNOWN),
        (
            "f-bonne-pratique.txt",
            "Objectifs, Description de l'action, Moyens mobilisés, Résultats et impacts, Conditions de réussite",
        ),
        ("i-crlf-bom.txt", KNOWN),
    ] {
        let Some(path) = rex_tests::shared(&format!("data/cases/booklet/{name}")) else {
            return;
        };
        let text = std::fs::read_to_string(path).expect("a booklet");
        let booklet = Booklet::read(&text, &CpvLabels::shipped()).expect("a booklet");
        let found: Vec<String> = booklet.cases.iter().map(facts).collect();
        let mut expected = case_facts(headings);
        if name == "f-bonne-pratique.txt" {
            // A line names the buyer, under headings that Rex does not know: the name stays as it is written.
            expected[1] = expected[1].replace("Commune de Quimper", "Ville de Quimper");
        }
        assert_eq!(found, expected, "{name}");
        assert_eq!(
            booklet.cases[0]
                .record
                .source
                .as_ref()
                .and_then(|source| source.titre.as_ref()),
            None,
            "{name}"
        );
    }
    let Some(path) = rex_tests::shared("data/cases/booklet/g-un-seul-cas.txt") else {
        return;
    };
    let text = std::fs::read_to_string(path).expect("a booklet");
    let booklet = Booklet::read(&text, &CpvLabels::shipped()).expect("a booklet");
    let found: Vec<String> = booklet.cases.iter().map(facts).collect();
    assert_eq!(found, case_facts(KNOWN)[..1]);
}

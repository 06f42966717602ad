//! Facts of booklets whose headings Rex does not know: nothing that a line says is lost.

use rex_corpus::CpvLabels;
use rex_import::{Booklet, FindingKind, ImportedCase};

fn read(text: &str) -> Booklet {
    Booklet::read(text, &CpvLabels::shipped()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn several_holders_each_with_its_structure() {
    let booklet = read(
        "## Nettoyage des quais\n\nAcheteur : Ville de Quimper\nTitulaire : Net Plus, ESAT Kan\nMontant : 10 000 € HT\n\n\
         ## Taille des haies\n\nAcheteur : Ville de Rouen\nTitulaires : SCOP Vert, Jardins du Bocage (EI)\nMontant : 20 000 € HT\n\n\
         ## Repas\n\nAcheteur : Ville de Pau\nTitulaire : Cuisine solidaire (SIAE) ; Traiteur / Fournil\nMontant : 30 000 € HT\n\n\
         ## Linge\n\nAcheteur : Ville de Brest\nTitulaire : Blanc Bleu, entreprise adaptée\nMontant : 30 000 € HT\n\n\
         ## Lots\n\nAcheteur : Ville de Brest\nTitulaire du marché : Alpha\nMontant : 30 000 € HT\nAttributaire : Bêta\n\n",
    );
    let holders = |case: &ImportedCase| -> Vec<String> {
        let all = case.record.titulaires.iter();
        all.map(|holder| format!("{} [{}]", holder.nom, holder.structure.concat()))
            .collect()
    };
    let found: Vec<Vec<String>> = booklet.cases.iter().map(holders).collect();
    assert_eq!(
        found,
        [
            vec!["Net Plus []", "Kan [ESAT]"],
            vec!["Vert [Coopérative]", "Jardins du Bocage [Entreprise d'insertion]"],
            vec![
                "Cuisine solidaire [Structure d'insertion par l'activité économique]",
                "Traiteur []",
                "Fournil []"
            ],
            vec!["Blanc Bleu [Entreprise adaptée]"],
            vec!["Alpha []", "Bêta []"],
        ]
    );
    let doubts = |case: &ImportedCase| case.of_kind(FindingKind::Doubtful).count();
    assert_eq!(
        booklet.cases.iter().map(doubts).collect::<Vec<_>>(),
        [1, 1, 0, 0, 0],
        "a comma may be part of a name, a semicolon may not"
    );
}

#[test]
fn lines_of_places_themes_and_numbers_of_months() {
    let case = |line: &str| {
        let text = format!("# Un achat\n\nAcheteur : OPAC\nMontant : 10 000 € HT\n{line}\n\nUn récit.\n");
        read(&text).cases.remove(0)
    };
    for (line, territory) in [
        ("Lieu : Pau", "Nouvelle-Aquitaine > Pyrénées-Atlantiques > Pau"),
        ("Lieu d'exécution : Rouen", "Normandie > Seine-Maritime > Rouen"),
        (
            "Territoire : Saint-Denis (93)",
            "Île-de-France > Seine-Saint-Denis > Saint-Denis",
        ),
        ("Commune : Quimper", "Bretagne > Finistère > Quimper"),
        (
            "Département : Gironde",
            "Nouvelle-Aquitaine > Gironde > Département de la Gironde",
        ),
        ("Région : Bretagne", "Bretagne"),
        (
            "Région : Bretagne\nDépartement : Finistère\nCommune : Brest",
            "Bretagne > Finistère > Brest",
        ),
        (
            "Lieux : Brest, Quimper",
            "Bretagne > Finistère > Département du Finistère",
        ),
    ] {
        assert_eq!(case(line).record.territoire.join(" > "), territory, "{line}");
    }
    let unknown = case("Lieu d'exécution : Zzyzxville");
    assert!(unknown.record.territoire.is_empty());
    assert!(unknown.to_markdown().contains("Lieu d'exécution : Zzyzxville"));
    assert!(
        unknown
            .of_kind(FindingKind::Doubtful)
            .any(|finding| finding.message.contains("\"Zzyzxville\" is no known"))
    );
    let record = case("Thèmes : insertion, réemploi\nAnnée : 2023\nDurée en mois : 36\nCPV : 90910000").record;
    assert_eq!(record.themes, ["insertion", "réemploi"]);
    assert_eq!(record.date.map(String::from).as_deref(), Some("2023"));
    assert_eq!(record.duree_mois, Some(36));
    assert_eq!(record.cpv.map(|cpv| cpv.to_string()).as_deref(), Some("90910000-9"));
    let other = case("Critères : prix 60 %\nClause : sociale").to_markdown();
    assert!(other.contains("- Critères : prix 60 %\n- Clause : sociale"), "{other}");
}

#[test]
fn a_line_of_the_buyer_keeps_its_name() {
    for (name, written, territory) in [
        ("Ville de Rennes", "Ville de Rennes", "Rennes"),
        ("la Ville de Rennes", "Ville de Rennes", "Rennes"),
        ("Eurométropole de Metz", "Eurométropole de Metz", "Metz Métropole"),
        ("Mairie du Havre", "Mairie du Havre", "Le Havre"),
        ("Saumur", "Saumur", "Saumur"),
        ("L'Hôpital", "L'Hôpital", "L'Hôpital"),
        ("l'hôpital", "L'hôpital", ""),
    ] {
        let text = format!("# Un achat\n\nAcheteur : {name}\nMontant : 10 000 € HT\nDurée : 2 ans\n");
        let record = read(&text).cases.remove(0).record;
        assert_eq!(record.acheteur.map(|buyer| buyer.nom).as_deref(), Some(written));
        assert_eq!(record.territoire.last().map_or("", String::as_str), territory, "{name}");
    }
}

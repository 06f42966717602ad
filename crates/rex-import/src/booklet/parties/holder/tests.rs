use super::*;
use crate::booklet::layout::body::Block;

fn holder(response: &str, heading: &str) -> (String, String) {
    let blocks = [Block::of_line(response, 1)];
    let sources = HolderSources {
        response: &blocks,
        outcome: &[],
        outcome_heading: (!heading.is_empty()).then_some((9, heading)),
        labelled: &[],
        buyer: Some("Commune de Rennes"),
    };
    let found = find(&sources, &mut Findings::default());
    found
        .into_iter()
        .next()
        .map(|(party, _)| (party.nom, party.structure.concat()))
        .unwrap_or_default()
}

#[test]
fn names_the_holder_and_what_it_is() {
    for (response, heading, name, structure) in [
        (
            "Terravive est une entreprise coopérative basée à Nantes. Elle trie.",
            "Ce marché a permis à Terravive",
            "Terravive",
            "Coopérative",
        ),
        (
            "L'association Un Toit intervient à Rennes.",
            "",
            "Un Toit",
            "Association",
        ),
        (
            "La SCIC Les Bons Plats, créée en 2012, cuisine.",
            "Ce que ce marché a permis",
            "Les Bons Plats",
            "Coopérative",
        ),
        (
            "Implantée à Rennes, la régie de quartier Cleunay Vivant emploie vingt personnes.",
            "",
            "Régie de quartier Cleunay Vivant",
            "Régie de quartier",
        ),
        (
            "La régie de quartier de Maurepas emploie vingt personnes.",
            "",
            "Régie de quartier de Maurepas",
            "Régie de quartier",
        ),
        (
            "TOITUR NORD est une association. Toiture Nord forme aussi.",
            "Ce marché a permis au groupement",
            "Toiture Nord",
            "Association",
        ),
        (
            "Toiture Nord est une association.",
            "CE MARCHÉ A PERMIS AU GROUPEMENT",
            "Toiture Nord",
            "Association",
        ),
        (
            "LOGEO, association reconnue, agit. Ainsi, LOGEO Grand Ouest s'engage.",
            "Ce marché a permis à LOGEO",
            "LOGEO Grand Ouest",
            "Association",
        ),
        (
            "C'est l'ESAT Les Peupliers qui a été retenu par la Ville de Rennes.",
            "",
            "Les Peupliers",
            "ESAT",
        ),
        (
            "Depuis 1998, Ressourcerie du Pays d'Auge est un chantier d'insertion.",
            "",
            "Ressourcerie du Pays d'Auge",
            "Atelier et chantier d'insertion",
        ),
        (
            "L'ESAT Le Grand Large, géré par l'association Bel Horizon, entretient les parcs.",
            "",
            "Le Grand Large",
            "ESAT",
        ),
        (
            "L'ESAT Le Grand Large, géré par l'association Bel Horizon",
            "",
            "Le Grand Large",
            "ESAT",
        ),
        (
            "Envie 2E Lorraine, entreprise d'insertion membre du réseau Envie, collecte les appareils.",
            "",
            "Envie 2E Lorraine",
            "Entreprise d'insertion",
        ),
        (
            "Cosmétocar, entreprise d'insertion, emploie douze personnes.",
            "",
            "Cosmétocar",
            "Entreprise d'insertion",
        ),
        (
            "L'association Alpha et la SCOP Beta ont répondu ensemble.",
            "",
            "Alpha",
            "Association",
        ),
        (
            "Alpha Services (mandataire) et Beta Propreté ont répondu ensemble.",
            "",
            "Alpha Services",
            "",
        ),
        (
            "Elle a répondu seule.",
            "Ce marché a permis à l'entreprise adaptée Signes Ouest",
            "Signes Ouest",
            "Entreprise adaptée",
        ),
    ] {
        assert_eq!(
            holder(response, heading),
            (name.to_owned(), structure.to_owned()),
            "{response}"
        );
    }
    assert_eq!(holder("Elle a répondu seule.", "").0, "");
}

//! Values of facets as people type them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use rex_index::IndexWriter;
use rex_search::{Engine, Facet, ValueReading};
use serde_json::{Value, json};
use tantivy::directory::RamDirectory;

fn engine() -> Engine {
    let records: Vec<Value> = vec![
        json!({"id": "a", "titre": "A", "territoire": ["Occitanie", "Haute-Garonne", "Toulouse Métropole"],
               "acheteur": {"nom": "Toulouse Métropole"}, "themes": ["déchets", "Insertion", "insertion"]}),
        json!({"id": "b", "titre": "B", "territoire": ["Mayotte", "Mayotte", "Mtsamboro"], "themes": ["Espaces verts"]}),
        json!({"id": "c", "titre": "C", "territoire": ["La Réunion", "La Réunion", "Saint-Denis"],
               "considerations": ["Clause sociale"]}),
        json!({"id": "d", "titre": "D", "territoire": ["Île-de-France", "Seine-Saint-Denis", "Saint-Denis"]}),
        json!({"id": "e", "titre": "E", "territoire": ["Île-de-France", "Paris", "Ville de Paris"],
               "titulaires": [{"nom": "Greenburo", "structure": "Société coopérative"}]}),
        json!({"id": "f", "titre": "F", "territoire": ["Bretagne"], "date": "2023"}),
    ];
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    for record in &records {
        writer.add(&serde_json::from_value(record.clone()).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    Engine::open(directory, "test").unwrap()
}

/// What is read, as one text: the values, or after `?` the likely ones.
fn read(engine: &Engine, facet: Facet, typed: &str) -> String {
    match engine.read_value(facet, typed, None).unwrap() {
        ValueReading::Values(values) => values.join(" | "),
        ValueReading::Likely(values) => format!("? {}", values.join(" | ")),
        ValueReading::Unknown => "-".to_owned(),
    }
}

#[test]
fn a_value_is_read_as_people_type_it() {
    let engine = engine();
    for (facet, typed, expected) in [
        (
            Facet::Territoire,
            "Occitanie > Haute-Garonne",
            "Occitanie > Haute-Garonne",
        ),
        (
            Facet::Territoire,
            "occitanie>haute garonne",
            "Occitanie > Haute-Garonne",
        ),
        (Facet::Territoire, "haute-garonne", "Occitanie > Haute-Garonne"),
        (
            Facet::Territoire,
            "HAUTE GARONNE > TOULOUSE METROPOLE",
            "Occitanie > Haute-Garonne > Toulouse Métropole",
        ),
        (Facet::Territoire, "occitanie", "Occitanie"),
        (Facet::Territoire, "ile de france", "Île-de-France"),
        (Facet::Territoire, "mayotte", "Mayotte"),
        (Facet::Territoire, "paris", "Île-de-France > Paris"),
        (Facet::Territoire, "31", "Occitanie > Haute-Garonne"),
        (Facet::Territoire, "976", "Mayotte > Mayotte"),
        (Facet::Territoire, "1", "Auvergne-Rhône-Alpes > Ain"),
        (
            Facet::Territoire,
            "département de la Haute-Garonne",
            "Occitanie > Haute-Garonne",
        ),
        // Official, though no case is there.
        (Facet::Territoire, "gers", "Occitanie > Gers"),
        (
            Facet::Territoire,
            "saint-denis",
            "? La Réunion > La Réunion > Saint-Denis | Île-de-France > Seine-Saint-Denis > Saint-Denis",
        ),
        (Facet::Territoire, "haute garone", "? Occitanie > Haute-Garonne"),
        (Facet::Territoire, "ocitanie", "? Occitanie"),
        (Facet::Territoire, "Atlantide", "-"),
        (Facet::Territoire, " > ", "-"),
        (Facet::Procedure, "MAPA", "Procédure adaptée"),
        (Facet::Procedure, "procedures ADAPTEES", "Procédure adaptée"),
        (Facet::Procedure, "Marchés réservés", "Marché réservé"),
        (
            Facet::Procedure,
            "appel d’offres",
            "? Appel d'offres ouvert | Appel d'offres restreint",
        ),
        (Facet::Procedure, "procédure adpatée", "? Procédure adaptée"),
        (Facet::Procedure, "X", "-"),
        (Facet::Nature, "Services", "services"),
        (Facet::Nature, "service", "services"),
        (Facet::Nature, "traveaux", "? travaux"),
        (Facet::Reserve, "siae", "SIAE"),
        (Facet::Reserve, "Entreprises adaptées", "EA"),
        (Facet::Type, "Retour d'expérience", "retour-d-experience"),
        (Facet::Type, "rex", "retour-d-experience"),
        (Facet::Type, "marchés publics", "marche"),
        (Facet::Theme, "DECHET", "déchets"),
        (Facet::Theme, "INSERTION", "Insertion | insertion"),
        (Facet::Theme, "insertion", "insertion"),
        (Facet::Theme, "espace vert", "Espaces verts"),
        (Facet::Theme, "dechtes", "? déchets"),
        (Facet::Theme, "inser", "? Insertion"),
        (Facet::Theme, "logement", "-"),
        (Facet::Considerations, "CLAUSE SOCIALE", "Clause sociale"),
        (Facet::Structure, "societe cooperative", "Coopérative"),
        (Facet::Acheteur, "toulouse metropole", "Toulouse Métropole"),
        (Facet::Acheteur, "Toulouse Metropol", "-"),
        (Facet::Titulaire, "GREENBURO", "Greenburo"),
        (Facet::Annee, "2023", "2023"),
        (Facet::Annee, "2024", "-"),
        (Facet::Cpv, "75231240", "-"),
        (Facet::Montant, "1..2", "-"),
        (Facet::Theme, "", "-"),
    ] {
        assert_eq!(read(&engine, facet, typed), expected, "{}={typed}", facet.name());
    }
}

#[test]
fn a_reading_ends_in_time() {
    let late = engine().read_value(Facet::Theme, "dechtes", Some(std::time::Duration::ZERO));
    assert!(matches!(late, Err(rex_search::SearchError::TimedOut)));
}

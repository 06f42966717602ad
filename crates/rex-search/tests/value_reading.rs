//! Values of facets as people type them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use rex_indexer::IndexWriter;
use rex_query::{Deadline, Facet, ResolvedValue, SearchBackend};
use rex_search::Engine;
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

/// The resolved value as one text: the values, or the likely ones after `?`.
fn read(engine: &Engine, facet: Facet, typed: &str) -> String {
    match engine.resolve_value(facet, typed, Deadline::NONE).unwrap() {
        ResolvedValue::Values(values) => values.join(" | "),
        ResolvedValue::Likely(values) => format!("? {}", values.join(" | ")),
        ResolvedValue::Unknown | ResolvedValue::Malformed => "-".to_owned(),
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
        (Facet::Acheteur, "Toulouse Metropol", "? Toulouse Métropole"),
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
    let late = engine().resolve_value(Facet::Theme, "dechtes", Deadline::within(Duration::ZERO));
    assert!(matches!(late, Err(rex_query::SearchError::TimedOut)));
}

#[test]
fn the_shipped_cases_are_found_by_the_names_people_use() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    let report = rex_corpus::Corpus::open(&folder)
        .unwrap()
        .read(|record, _| writer.add(&record))
        .unwrap();
    assert_eq!(report.problems, []);
    writer.finish().unwrap();
    let engine = Engine::open(directory, "test").unwrap();
    let (toulouse, lyon) = (
        "Occitanie > Haute-Garonne > Toulouse Métropole",
        "Auvergne-Rhône-Alpes > Rhône > Métropole de Lyon",
    );
    let (haute_garonne, maine_et_loire) = ("Occitanie > Haute-Garonne", "Pays de la Loire > Maine-et-Loire");
    let mtsamboro = "Mayotte > Mayotte > Mtsamboro";
    let mut wrong: Vec<String> = Vec::new();
    let both = "? Appel d'offres ouvert | Appel d'offres restreint";
    for (facet, rows) in [
        (
            Facet::Territoire,
            [
                ("toulouse", format!("? {toulouse}").as_str()),
                ("lyon", lyon),
                ("anjou", maine_et_loire),
                ("ANJOU", maine_et_loire),
                ("IDF", "Île-de-France"),
                ("pdl", "Pays de la Loire"),
                // Official, though no case is there.
                ("PACA", "Provence-Alpes-Côte d'Azur"),
                ("vienne", "Nouvelle-Aquitaine > Vienne"),
                ("(31)", haute_garonne),
                ("31000", haute_garonne),
                ("dans le 31", haute_garonne),
                ("dépt 31", haute_garonne),
                ("Haute-Garonne (31)", haute_garonne),
                ("97630", "Mayotte > Mayotte"),
                ("2a", "Corse > Corse-du-Sud"),
                ("31 %", "-"),
                ("M'Tsamboro", mtsamboro),
                ("m tsamboro", mtsamboro),
                ("ille de france", "? Île-de-France"),
            ]
            .as_slice(),
        ),
        (
            Facet::Procedure,
            &[
                ("adaptée", "? Procédure adaptée"),
                ("adapté", "? Procédure adaptée"),
                ("réservé", "? Marché réservé"),
                ("m.a.p.a.", "Procédure adaptée"),
                ("procédure MAPA", "Procédure adaptée"),
                ("AO", both),
                ("ao", both),
                ("A.O.", both),
                ("AOO", "Appel d'offres ouvert"),
                ("compétitif", "? Dialogue compétitif"),
                ("de", "-"),
            ],
        ),
        (
            Facet::Structure,
            &[
                ("SCOP", "? Coopérative"),
                ("S.C.I.C.", "? Coopérative"),
                ("AI", "Association intermédiaire"),
                ("ETTI", "? SIAE"),
                ("Mutuelle", "Mutuelle"),
                ("intermédiaire", "? Association intermédiaire"),
            ],
        ),
        (
            Facet::Reserve,
            &[
                ("ACI", "SIAE"),
                ("AI", "SIAE"),
                ("EI", "SIAE"),
                ("ETTI", "SIAE"),
                ("e.s.a.t.", "ESAT"),
                ("insertion", "? SIAE"),
                ("réservé aux entreprises adaptées", "? EA"),
            ],
        ),
        (
            Facet::Nature,
            &[
                ("marché de travaux", "travaux"),
                ("marchés publics de services", "services"),
                ("travaux publics", "? travaux"),
            ],
        ),
        (
            Facet::Type,
            &[
                ("retex", "retour-d-experience"),
                ("étude de cas", "retour-d-experience"),
                ("retour", "? retour-d-experience"),
            ],
        ),
        (
            Facet::Acheteur,
            &[
                ("Toulouse Metropol", "? Toulouse Métropole"),
                ("metropole toulouse", "? Toulouse Métropole"),
                ("paris", "? Ville de Paris"),
                ("métropole", "? Métropole de Lyon | Toulouse Métropole"),
                ("de", "-"),
                ("Ville de Dijon", "-"),
                ("SNCF", "-"),
            ],
        ),
        (
            Facet::Titulaire,
            &[
                ("soliha", "? SOLIHA Grand Paris"),
                ("GREEN BURO", "Greenburo"),
                ("Grenburo", "? Greenburo"),
            ],
        ),
        (
            Facet::Cpv,
            &[
                ("728810000", "72810000"),
                ("728 810 000", "72810000"),
                ("8530000-2", "85300000"),
                ("752 312 408", "75231240"),
                ("75231240-1", "-"),
                ("abc", "-"),
                ("45233141", "-"),
            ],
        ),
    ] {
        for (typed, expected) in rows {
            let found = read(&engine, facet, typed);
            if found != *expected {
                wrong.push(format!("{}={typed}: {found}, expected {expected}", facet.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

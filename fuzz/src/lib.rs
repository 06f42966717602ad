//! Shared by the targets: a small index of invented records, and a temporary folder, in memory if possible.

#![forbid(unsafe_code)]

use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};

use rex_corpus::{Corpus, Record, Report};
use rex_indexer::IndexWriter;
use rex_search::Engine;
use serde_json::{Value, json};
use tantivy::directory::RamDirectory;

/// The invented records: one of each type, every facet present in some and missing in others.
fn records() -> Vec<Value> {
    vec![
        json!({
            "id": "tri", "titre": "Tri des déchets & papiers", "montant_ht": 40000, "duree_mois": 12, "date": "2021-03-01",
            "territoire": ["Occitanie", "Haute-Garonne", "Toulouse Métropole"], "cpv": "90511000-2", "themes": ["déchets"],
            "procedure": "Procédure adaptée", "reserve": ["SIAE", "EA"], "nature": "services", "lots": {"nombre": 3, "reserves": 1},
            "acheteur": {"nom": "Toulouse Métropole", "siret": "24310051800170"}, "considerations": ["clause sociale"],
            "titulaires": [{"nom": "L'Association du tri", "structure": "Association"}],
            "sections": [{"titre": "Le marché", "texte":
                "La collectivité a cherché longtemps. Le **tri** des déchets fut confié à une entreprise d'insertion du quartier."}],
        }),
        json!({
            "id": "berges", "titre": "Entretien des berges et des espaces verts", "montant_ht": 90000.5, "duree_mois": 24,
            "date": "2023", "territoire": ["Occitanie", "Lot"], "themes": ["espaces verts", "insertion"], "nature": "services",
            "procedure": "Appel d'offres ouvert", "titulaires": [{"nom": "ESAT du Lot"}], "reserve": ["ESAT"], "cpv": "77310000-6",
            "sections": [{"titre": "Résultat", "texte": "Deux équipes de salarié·es en insertion entretiennent 40 000 m² de berges."}],
        }),
        json!({
            "id": "repas", "titre": "Repas bio pour les cantines scolaires", "territoire": ["Bretagne"], "duree_mois": 36,
            "acheteur": {"nom": "Commune de Saint-Éloi-l'Église"}, "titulaires": [{"nom": "S.C.O.P. La Tablée", "structure": "Coopérative"}],
            "themes": ["alimentation"], "reserve": ["ESS"], "cpv": "55524000-9", "montant_ht": 127721,
        }),
        json!({
            "id": "c-1", "type": "marche", "titre": "Travaux de peinture des écoles", "nature": "travaux", "montant_ht": 1590000,
            "date": "2024-06-18", "territoire": ["Nouvelle-Aquitaine", "Gironde", "Bordeaux"], "cpv": "45442110-1",
            "acheteur": {"nom": "Ville de Bordeaux"}, "titulaires": [{"nom": "SIRET 85480074501125"}],
        }),
        json!({
            "id": "c-2", "type": "marche", "titre": "Collecte des cartons, lot n° 2", "nature": "services", "date": "2022-11-24",
            "territoire": ["Occitanie", "Haute-Garonne"], "themes": ["déchets"], "titulaires": [{"nom": "Cartons & Cie"}],
        }),
        json!({"id": "nu", "titre": "Papiers", "nature": "fournitures"}),
    ]
}

/// Number of records in the index of [`engine`].
pub const RECORDS: u64 = 6;

/// An engine over the invented records, in memory.
pub fn engine() -> Engine {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).expect("memory takes an index");
    for record in records() {
        let record = serde_json::from_value(record).expect("the records are right");
        writer.add(&record).expect("memory takes a record");
    }
    writer.finish().expect("memory takes an index");
    Engine::open(directory, "g-20261124T081500123Z-1a2b3c4d").expect("the index is of this format")
}

/// A temporary folder, in memory if possible, so that fuzzing does not wait for a disk.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// Creates an empty folder.
    pub fn create() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        Self(folder.expect("a folder for temporary files"))
    }

    /// The path of a file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("room for a file");
        path
    }

    /// Reads its only file as a corpus, then removes the file.
    pub fn read_corpus(&self, name: &str, content: &[u8]) -> (Vec<Record>, Report) {
        let path = self.write(name, content);
        let corpus = Corpus::open(self.0.path()).expect("one file is a corpus");
        let mut records = Vec::new();
        let read = corpus.read(|record, _| {
            records.push(record);
            Ok::<_, Infallible>(())
        });
        fs::remove_file(path).expect("the file that was written");
        let Ok(report) = read;
        (records, report)
    }
}

/// Checks that records written as JSON lines read back unchanged.
pub fn assert_read_again(folder: &Folder, records: &[Record]) {
    // Headings may be longer in Markdown than in JSON lines.
    const MAX_TITLE: usize = 1_000;
    let mut sections = records.iter().flat_map(|record| &record.sections);
    if records.is_empty() || sections.any(|section| section.titre.chars().count() > MAX_TITLE) {
        return;
    }
    let lines: Vec<String> = records
        .iter()
        .map(|record| serde_json::to_string(record).expect("a record is JSON"))
        .collect();
    let (again, report) = folder.read_corpus("again.jsonl", lines.join("\n").as_bytes());
    let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{problems:?} in {lines:?}");
    assert_eq!(again, records);
}

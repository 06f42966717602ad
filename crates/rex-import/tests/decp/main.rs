//! Imports of DECP files: both formats, wrong values, duplicates, truncated files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod damage;
mod formats;
mod lots;
mod malformed;
mod published;
mod standards;
mod values;
mod written;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rex_corpus::{Corpus, CpvLabels, Record};
use rex_import::{DecpOptions, DecpProblem, DecpSummary, import_decp};
use serde_json::{Value, json};

/// A temporary folder with input files and the output.
struct Fixture(tempfile::TempDir);

impl Fixture {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn import(&self, files: &[PathBuf]) -> DecpSummary {
        self.import_with(files, &CpvLabels::shipped())
    }

    fn import_with(&self, files: &[PathBuf], labels: &CpvLabels) -> DecpSummary {
        import_decp(files, &self.path("out.jsonl"), &DecpOptions::new(labels), |_| {
            ControlFlow::Continue(())
        })
        .unwrap()
    }

    fn records(&self, name: &str) -> Vec<Record> {
        let text = fs::read_to_string(self.path(name)).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The records of one file of these contracts.
    fn imported(&self, contracts: &Value) -> Vec<Record> {
        let file = self.write("in.json", json!({ "marches": contracts }).to_string());
        let summary = self.import(&[file]);
        assert_eq!(summary.broken().next(), None);
        self.records("out.jsonl")
    }
}

fn contract(id: &str) -> Value {
    json!({
        "id": id, "acheteur": {"id": "21590328700013", "nom": "Commune de Lambersart"}, "_type": "Marché", "nature": "Marché",
        "objet": "Tonte des pelouses", "codeCPV": "77311000", "procedure": "Procédure adaptée",
        "lieuExecution": {"code": "59130", "typeCode": "Code postal", "nom": "Ville de Lambersart"},
        "dureeMois": 12, "dateNotification": "2019-01-14", "datePublicationDonnees": "2019-02-01", "montant": 50000.5,
        "titulaires": [{"typeIdentifiant": "SIRET", "id": "85480074501125", "denominationSociale": "Les Jardins"}]
    })
}

#[test]
fn reads_the_format_of_2019() {
    let records = Fixture::new().imported(&json!([contract("A1")]));
    let mut record = serde_json::to_value(&records[0]).unwrap();
    let id = record.as_object_mut().unwrap().remove("id").unwrap();
    assert!(id.as_str().unwrap().starts_with("21590328700013-A1-"), "{id}");
    assert_eq!(
        record,
        json!({
            "titre": "Tonte des pelouses", "type": "marche",
            "acheteur": {"nom": "Commune de Lambersart", "siret": "21590328700013"},
            "titulaires": [{"nom": "Les Jardins", "siret": "85480074501125"}],
            "nature": "services", "procedure": "Procédure adaptée", "cpv": "77311000-3", "montant_ht": 50000.5,
            "duree_mois": 12, "territoire": ["Hauts-de-France", "Nord", "Lambersart"], "date": "2019-01-14",
            "source": {"titre": "Données essentielles de la commande publique"}
        })
    );
}

#[test]
fn reads_the_format_of_2022() {
    let records = Fixture::new().imported(&json!({
        "marche": [{
            "id": "B", "acheteur": {"id": "21590328700013"}, "nature": "Marché", "objet": "Voirie", "codeCPV": "45233140-2",
            "techniques": {"technique": ["Accord-cadre"]}, "procedure": "Appel d'offres ouvert",
            "lieuExecution": {"code": "59", "typeCode": "Code département"}, "dureeMois": 48, "montant": "575000",
            "dateNotification": "2024-05-15", "titulaires": [{"titulaire": {"id": "55204599900869", "typeIdentifiant": "SIRET"}}],
            "considerationsSociales": {"considerationSociale": ["Clause sociale", "Critère social"]},
            "considerationsEnvironnementales": {"considerationEnvironnementale": ["Pas de considération environnementale"]},
            "modifications": [
                {"modification": {"id": 2, "montant": 610000, "dateNotificationModification": "2025-01-01"}},
                {"modification": {"id": 1, "montant": 600000, "dureeMois": 60, "dateNotificationModification": "2024-10-18",
                    "titulaires": [{"titulaire": {"id": "85480074501125", "typeIdentifiant": "SIRET"}}]}}
            ]
        }],
        "contrat-concession": [{
            "id": "C", "autoriteConcedante": {"id": "12345678901234"}, "nature": "Délégation de service public",
            "objet": "Fourrière", "procedure": "Procédure négociée ouverte", "dureeMois": 240, "dateSignature": "2024-06-18",
            "valeurGlobale": 70.5, "concessionnaires": [{"concessionnaire": {"typeIdentifiant": "SIRET", "id": "47904352300014"}}]
        }]
    }));
    let [pound, road] = records.as_slice() else {
        panic!("{records:#?}")
    };
    assert_eq!(
        road.acheteur.as_ref().unwrap().nom,
        "Commune de Lambersart",
        "by its SIRET"
    );
    assert_eq!(
        road.montant_ht.unwrap().to_string(),
        "610000",
        "the last modification counts"
    );
    assert_eq!(road.duree_mois, Some(60));
    assert_eq!(road.titulaires[0].nom, "SIRET 85480074501125");
    assert_eq!(road.considerations, ["clause sociale", "critère social"]);
    assert_eq!(road.nature.unwrap().label(), "travaux");
    assert_eq!(road.territoire, ["Hauts-de-France", "Nord"]);
    assert_eq!(road.sections[0].texte, "Accord-cadre");
    assert_eq!(pound.acheteur.as_ref().unwrap().nom, "SIRET 12345678901234");
    assert_eq!(pound.nature.unwrap().label(), "services");
    assert_eq!(
        (pound.duree_mois, pound.date.unwrap().to_string()),
        (Some(240), "2024-06-18".to_owned())
    );
    assert_eq!(pound.montant_ht.unwrap().to_string(), "70.50");
}

#[test]
fn reads_a_list_of_one_and_a_byte_order_mark() {
    let fixture = Fixture::new();
    let one = json!({"marches": {"marche": contract("A")}}).to_string();
    let bare = json!([contract("B")]).to_string();
    let files = [
        fixture.write("a.json", format!("\u{feff}{one}")),
        fixture.write("b.json", bare),
    ];
    assert_eq!(fixture.import(&files).written, 2);
}

#[test]
fn dirt_is_kept_out_and_said() {
    let mut dirty = contract("A");
    for (key, value) in [
        ("codeCPV", json!("12345678")),
        ("montant", json!(1e17)),
        ("dureeMois", json!(365)),
        ("dateNotification", json!("0218-10-29")),
        ("procedure", json!("Au hasard")),
        ("lieuExecution", json!({"code": "00000", "typeCode": "CODE POSTAL"})),
        ("objet", json!("TRAVAUX<br />et#8211, LOT 2\n")),
        ("acheteur", json!({"id": "x", "nom": "Régie"})),
        (
            "titulaires",
            json!([{"typeIdentifiant": "SIRET", "id": "1", "denominationSociale": "Un"}, 7, null]),
        ),
    ] {
        dirty[key] = value;
    }
    let fixture = Fixture::new();
    let records = fixture.imported(&json!([dirty, 7, {"x": 1}]));
    let [record] = records.as_slice() else {
        panic!("{records:#?}")
    };
    assert_eq!(record.titre, "TRAVAUX – LOT 2");
    assert!(record.cpv.is_none() && record.montant_ht.is_none() && record.duree_mois.is_none());
    assert!(record.date.is_none() && record.procedure.is_none() && record.territoire.is_empty());
    let said = record.anomalies.join("\n");
    for typed in [
        "12345678",
        "100000000000000000",
        "365",
        "0218-10-29",
        "Au hasard",
        "00000",
        "« x »",
        "« 1 »",
    ] {
        assert!(said.contains(typed), "{typed} in {said}");
    }
    let summary = fixture.import(&[fixture.path("in.json")]);
    assert_eq!((summary.read, summary.written, summary.refused), (3, 1, 2));
    assert_eq!(summary.refusals.len(), 2);
    assert_eq!(summary.problems[&DecpProblem::Amount], 1);
}

#[test]
fn a_modification_that_gives_the_difference_is_kept_out() {
    let mut modified = contract("A");
    modified["modifications"] = json!([{"montant": 1264, "objetModification": "Avenant *1*"}]);
    let records = Fixture::new().imported(&json!([modified]));
    assert_eq!(records[0].montant_ht.unwrap().to_string(), "50000.50");
    assert_eq!(records[0].anomalies, ["montant modifié écarté : « 1264 »"]);
    assert!(records[0].sections[0].texte.contains(r"Avenant \*1\*"));
}

#[test]
fn a_contract_published_twice_is_one_record() {
    let (mut first, mut second) = (contract("A"), contract("A"));
    first["montant"] = json!(1000);
    second["montant"] = json!(2000);
    second["datePublicationDonnees"] = json!("2019-03-01+01:00");
    let mut other = contract("A");
    other["objet"] = json!("Autre objet");
    let fixture = Fixture::new();
    let a = fixture.write("a.json", json!({"marches": [first, other]}).to_string());
    let b = fixture.write("b.json", json!({"marches": [second]}).to_string());
    for files in [[a.clone(), b.clone()], [b.clone(), a.clone()], [b, a]] {
        let summary = fixture.import(&files);
        assert_eq!((summary.read, summary.written, summary.duplicates), (3, 2, 1));
        let mut amounts: Vec<_> = fixture
            .records("out.jsonl")
            .iter()
            .map(|record| record.montant_ht.unwrap().to_string())
            .collect();
        amounts.sort();
        assert_eq!(amounts, ["2000", "50000.50"], "the latest wins, whatever the order");
    }
}

#[test]
fn a_file_cut_short_keeps_what_was_read_and_harms_nothing() {
    let fixture = Fixture::new();
    let whole = json!({"marches": [contract("A"), contract("B")]}).to_string();
    let cut = fixture.write("cut.json", &whole[..whole.len() - 40]);
    let summary = fixture.import(std::slice::from_ref(&cut));
    let said: Vec<_> = summary.broken().collect();
    let offset = whole.len() - 40;
    assert_eq!(
        said,
        [format!(
            "{}: byte {offset}: the file ends in the middle of a record; it was cut; the record before it is kept",
            cut.display()
        )]
    );
    assert_eq!(fixture.records("out.jsonl").len(), 1);

    let before = fixture.write("out.jsonl", "what was there\n");
    let summary = fixture.import(&[cut]);
    assert_eq!(fs::read_to_string(before).unwrap(), "what was there\n");
    assert_eq!(summary.output.as_deref(), Some(&*fixture.path("out.partial.jsonl")));
    assert_eq!(fixture.records("out.partial.jsonl").len(), 1);

    // A readable file is imported even if another is not readable.
    fs::remove_file(fixture.path("out.jsonl")).unwrap();
    let broken = fixture.write("broken.json", "{\"marches\": [}");
    let good = fixture.write("good.json", &whole);
    let summary = fixture.import(&[broken, good]);
    assert_eq!((summary.written, summary.broken().count()), (2, 1));
    let left: Vec<_> = fs::read_dir(fixture.0.path())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert!(
        !left.iter().any(|name| name.to_string_lossy().starts_with('.')),
        "{left:?}"
    );
}

#[test]
fn files_of_other_kinds_are_named() {
    let fixture = Fixture::new();
    for (content, expected) in [
        (
            &b""[..],
            "is empty, expected DECP in JSON, XML, CSV or Parquet, also in .gz or .zip",
        ),
        (b"PK\x05\x06", "an empty or divided ZIP archive"),
        (b"<programme/>", "is XML (<programme>) without <marche>"),
        (b"<!doctype html><html>", "is a web page (HTML)"),
        (b"\x89PNG\r\n", "is a picture"),
        (b"titre;acheteur;montant\n", "run `rex import table`"),
        (b"{\"a\": 1}", "no \"marches\" in it"),
        (b"{\"marches\": 7}", "expected the contracts of \"marches\""),
        (b"{\0\"\0", "is UTF-16 without a byte order mark"),
        (b"{\"marches\": []} x", "trailing characters"),
        (b"{\"marches\": ", "the file ends"),
        (
            b"{oups}",
            "holds no contract (byte 1: expected a key in quotes), expected DECP",
        ),
    ] {
        let file = fixture.write("x.json", content);
        let summary = fixture.import(&[file]);
        let said = summary.broken().next().unwrap_or_default().to_owned();
        assert!(said.contains(expected), "{said}");
        assert!(!fixture.path("out.jsonl").exists());
    }
    let summary = fixture.import(&[fixture.path("missing.json"), fixture.0.path().to_owned()]);
    let said: Vec<_> = summary.broken().collect();
    assert!(
        said[0].contains("cannot be read") && said[1].contains("is a folder"),
        "{said:?}"
    );
}

#[test]
fn what_is_too_large_is_bounded() {
    let fixture = Fixture::new();
    let mut many = contract("A");
    let holder =
        |rank: usize| json!({"typeIdentifiant": "SIRET", "id": format!("{rank:014}"), "denominationSociale": "H"});
    many["titulaires"] = (0..1_000).map(holder).collect();
    many["objet"] = json!("mot ".repeat(2_000));
    let records = fixture.imported(&json!([many]));
    assert_eq!(records[0].titulaires.len(), 100);
    assert!(
        records[0].anomalies.iter().any(|said| said.contains("« 900 »")),
        "{:?}",
        records[0].anomalies
    );
    assert!(records[0].titre.ends_with(" …") && records[0].sections[0].texte.len() > 7_000);
    assert_clean(&fixture.path("out.jsonl"));

    let file = fixture.write(
        "x.json",
        format!(
            "{{\"marches\": [{}, {{\"objet\": \"{}\"}}]}}",
            contract("B"),
            "x".repeat(17 << 20)
        ),
    );
    let summary = fixture.import(&[file]);
    let said = summary.broken().next().unwrap();
    assert!(
        said.contains("over 16777216 bytes without the end of a record"),
        "{said}"
    );
    assert_eq!(summary.read, 1);
}

#[test]
fn values_where_others_belong_are_read_or_said() {
    let mut odd = contract("A");
    for (key, value) in [
        ("acheteur", json!([{"id": "213 105 554 00017"}])),
        ("codeCPV", json!(["45000000-7"])),
        ("lieuExecution", json!([{"code": 1004, "typeCode": "Code commune"}])),
        ("montant", json!({"valeur": 1})),
        ("dureeMois", json!([1, 2])),
        ("titulaires", json!(["ACME", "85480074501125"])),
    ] {
        odd[key] = value;
    }
    let mut bare = contract("A");
    bare["acheteur"] = json!("21310555400017");
    let records = Fixture::new().imported(&json!([bare, odd]));
    let [record] = records.as_slice() else {
        panic!("one buyer, one contract: {records:#?}")
    };
    assert_eq!(record.acheteur.as_ref().unwrap().nom, "Commune de Toulouse");
    assert_eq!(record.cpv.unwrap().to_string(), "45000000-7");
    assert_eq!(record.territoire.last().map(String::as_str), Some("Ambérieu-en-Bugey"));
    let holders: Vec<_> = record.titulaires.iter().map(|holder| holder.nom.as_str()).collect();
    assert_eq!(holders, ["ACME", "SIRET 85480074501125"]);
    assert_eq!(
        record.anomalies,
        ["montant écarté : « (objet) »", "durée écartée, en mois : « (liste) »"]
    );
}

#[test]
fn a_holder_without_a_legible_name_is_none() {
    let fixture = Fixture::new();
    let mut odd = contract("A");
    odd["titulaires"] = json!([{"id": "\u{7f}"}, {"denominationSociale": "\u{7f}\u{200b}"}, {"id": "AB12"}]);
    let records = fixture.imported(&json!([odd]));
    let names: Vec<_> = records[0].titulaires.iter().map(|holder| holder.nom.as_str()).collect();
    assert_eq!(names, ["AB12"]);
    assert_clean(&fixture.path("out.jsonl"));
}

#[test]
fn modifications_count_to_the_last_and_within_reason() {
    let mut modified = contract("A");
    let modification = |rank: usize| {
        let day = format!("20{:02}-{:02}-01", 19 + rank / 12, 1 + rank % 12);
        json!({"montant": 50_000 + rank, "dateNotificationModification": day})
    };
    let mut modifications: Vec<Value> = (0..60).chain(60..100).map(modification).collect();
    modifications.push(json!({"dureeMois": 365, "dateNotificationModification": "2019-01-01"}));
    modified["modifications"] = json!(modifications);
    let records = Fixture::new().imported(&json!([modified]));
    assert_eq!(records[0].montant_ht.unwrap().to_string(), "50099");
    assert_eq!(records[0].duree_mois, Some(12));
    assert_eq!(records[0].anomalies, ["durée modifiée écartée : « 365 »"]);
}

#[test]
fn two_imports_to_one_output_do_not_meet() {
    let fixture = Fixture::new();
    let file = fixture.write(
        "in.json",
        json!({"marches": [contract("A"), contract("B")]}).to_string(),
    );
    let (labels, out) = (CpvLabels::shipped(), fixture.path("out.jsonl"));
    let options = DecpOptions::new(&labels);
    let mut inner = None;
    let outer = import_decp(std::slice::from_ref(&file), &out, &options, |_| {
        if inner.is_none() {
            inner = Some(
                import_decp(std::slice::from_ref(&file), &out, &options, |_| {
                    ControlFlow::Continue(())
                })
                .unwrap(),
            );
        }
        ControlFlow::Continue(())
    });
    assert_eq!((inner.unwrap().written, outer.unwrap().written), (2, 2));
    assert_eq!(fixture.records("out.jsonl").len(), 2);
}

#[test]
fn an_import_that_is_stopped_leaves_nothing() {
    let fixture = Fixture::new();
    let file = fixture.write(
        "in.json",
        json!({"marches": [contract("A"), contract("B")]}).to_string(),
    );
    fixture.write("out.jsonl", "before\n");
    let labels = CpvLabels::shipped();
    let stopped = import_decp(&[file], &fixture.path("out.jsonl"), &DecpOptions::new(&labels), |_| {
        ControlFlow::Break(())
    });
    assert_eq!(
        stopped.unwrap_err().to_string(),
        "the import was stopped; nothing was written"
    );
    assert_eq!(fs::read_to_string(fixture.path("out.jsonl")).unwrap(), "before\n");
    assert_eq!(fs::read_dir(fixture.0.path()).unwrap().count(), 2);
}

/// Asserts that the corpus reader accepts every line of a file.
fn assert_clean(file: &Path) {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(file, folder.path().join("records.jsonl")).unwrap();
    let report = Corpus::open(folder.path()).unwrap().read::<()>(|_, _| Ok(())).unwrap();
    let problems: Vec<_> = report.problems.iter().take(3).map(ToString::to_string).collect();
    assert_eq!(problems, [] as [String; 0]);
}

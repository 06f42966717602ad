//! Other formats than official JSON: tables, XML, answers of an API, lines, archives. The same contracts give the same records.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use rex_corpus::Record;
use serde_json::{Map, Value, json};

use super::{Fixture, contract};

/// Contracts with one and with several holders, and with modifications.
fn contracts() -> Vec<Value> {
    let holder = |id: &str, name: &str| json!({"typeIdentifiant": "SIRET", "id": id, "denominationSociale": name});
    let mut several = contract("B");
    several["titulaires"] = json!([
        holder("85480074501125", "Les Jardins"),
        holder("55204599900869", "La Serre")
    ]);
    several["objet"] = json!("Tonte, taille ; « bois »\net \"haies\"");
    let mut modified = contract("C");
    modified["modifications"] = json!([
        {"objetModification": "Une rue de plus", "montant": 60000, "dateNotificationModification": "2019-06-01",
            "datePublicationDonneesModification": "2019-06-10"},
        {"objetModification": "Cession", "dureeMois": 24, "titulaires": [holder("55204599900869", "La Serre")],
            "dateNotificationModification": "2020-01-01", "datePublicationDonneesModification": "2020-01-10"},
    ]);
    vec![contract("A"), several, modified]
}

/// A text of a JSON scalar.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The items of a list, in the nesting of 2019 or of 2022.
fn items(list: &Value, item: &str) -> Vec<Value> {
    let items = list.as_array().into_iter().flatten();
    items.map(|inner| inner.get(item).unwrap_or(inner).clone()).collect()
}

/// The cells of contracts as decp.info publishes them: a row for each version and each holder.
fn rows(contracts: &[Value]) -> Vec<Vec<(&'static str, String)>> {
    let mut rows = Vec::new();
    for contract in contracts {
        let modifications = items(&contract["modifications"], "modification");
        let mut state = contract.clone();
        for version in 0..=modifications.len() {
            let mut purpose = Value::Null;
            if let Some(modification) = version.checked_sub(1).map(|at| &modifications[at]) {
                purpose = modification["objetModification"].clone();
                for (key, modified) in [
                    ("montant", "montant"),
                    ("dureeMois", "dureeMois"),
                    ("titulaires", "titulaires"),
                    ("dateNotification", "dateNotificationModification"),
                    ("datePublicationDonnees", "datePublicationDonneesModification"),
                ] {
                    if let Some(value) = modification.get(modified) {
                        state[key] = value.clone();
                    }
                }
            }
            let mut holders = items(&state["titulaires"], "titulaire");
            if holders.is_empty() {
                holders.push(Value::Null);
            }
            for holder in holders {
                let mut row = row(&state);
                row.extend([
                    ("titulaire_id", text(&holder["id"])),
                    ("titulaire_typeIdentifiant", text(&holder["typeIdentifiant"])),
                    ("titulaire_nom", text(&holder["denominationSociale"])),
                    ("modification_id", version.to_string()),
                    ("donneesActuelles", (version == modifications.len()).to_string()),
                    ("objetModification", text(&purpose)),
                ]);
                rows.push(row);
            }
        }
    }
    rows
}

/// The flat cells of a contract, without its holders.
fn row(contract: &Value) -> Vec<(&'static str, String)> {
    let buyer = &contract["acheteur"];
    let place = &contract["lieuExecution"];
    let list = |list: &str, item: &str| {
        let items = &contract[list][item];
        let items = items.as_array().map(|items| items.iter().map(text).collect::<Vec<_>>());
        items.unwrap_or_default().join(", ")
    };
    vec![
        ("uid", text(&buyer["id"]) + &text(&contract["id"])),
        ("id", text(&contract["id"])),
        ("nature", text(&contract["nature"])),
        ("objet", text(&contract["objet"])),
        ("codeCPV", text(&contract["codeCPV"])),
        ("procedure", text(&contract["procedure"])),
        ("dureeMois", text(&contract["dureeMois"])),
        ("dateNotification", text(&contract["dateNotification"])),
        ("datePublicationDonnees", text(&contract["datePublicationDonnees"])),
        ("montant", text(&contract["montant"])),
        ("sourceDataset", text(&contract["source"])),
        ("acheteur_id", text(&buyer["id"])),
        ("acheteur_nom", text(&buyer["nom"])),
        ("lieuExecution_code", text(&place["code"])),
        ("lieuExecution_typeCode", text(&place["typeCode"])),
        ("lieuExecution_nom", text(&place["nom"])),
        ("techniques", list("techniques", "technique")),
        (
            "considerationsSociales",
            list("considerationsSociales", "considerationSociale"),
        ),
        (
            "considerationsEnvironnementales",
            list("considerationsEnvironnementales", "considerationEnvironnementale"),
        ),
    ]
}

fn csv(rows: &[Vec<(&'static str, String)>], delimiter: u8) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    out.write_record(rows[0].iter().map(|(name, _)| name)).unwrap();
    rows.iter()
        .for_each(|row| out.write_record(row.iter().map(|(_, cell)| cell)).unwrap());
    out.into_inner().unwrap()
}

/// The flat objects of data.economie.gouv.fr: numbered holders, and at most one modification.
fn flat(contract: &Value) -> Value {
    let mut flat: Map<String, Value> = Map::new();
    for (name, cell) in row(contract) {
        let name = if name == "sourceDataset" { "source" } else { name };
        flat.insert(name.to_lowercase(), json!(cell));
    }
    for number in 1..=3 {
        let holder = &contract["titulaires"][number - 1];
        for (name, key) in [
            ("id", "id"),
            ("typeidentifiant", "typeIdentifiant"),
            ("denominationsociale", "denominationSociale"),
        ] {
            flat.insert(
                format!("titulaire_{name}_{number}"),
                holder.get(key).cloned().unwrap_or(json!("CDL")),
            );
        }
    }
    let modification = &contract["modifications"][0];
    for (name, key) in [
        ("objetmodification", "objetModification"),
        ("montantmodification", "montant"),
        ("dureemoismodification", "dureeMois"),
        (
            "datenotificationmodificationmodification",
            "dateNotificationModification",
        ),
        (
            "datepublicationdonneesmodificationmodification",
            "datePublicationDonneesModification",
        ),
    ] {
        flat.insert(name.to_owned(), modification.get(key).cloned().unwrap_or(json!("CDL")));
    }
    Value::Object(flat)
}

fn xml(value: &Value, name: &str) -> String {
    match value {
        Value::Array(items) => items.iter().map(|item| xml(item, name)).collect(),
        Value::Object(fields) => {
            let inside: String = fields.iter().map(|(key, value)| xml(value, key)).collect();
            format!("<{name}>{inside}</{name}>")
        }
        Value::Null => String::new(),
        scalar => {
            let text = text(scalar).replace('&', "&amp;").replace('<', "&lt;");
            format!("<{name}>{text}</{name}>")
        }
    }
}

/// Contracts in XML, where lists have an element around their items.
fn xml_file(contracts: &[Value]) -> String {
    let listed = |contract: &Value| {
        let mut contract = contract.clone();
        let mut modifications = items(&contract["modifications"], "modification");
        for modification in &mut modifications {
            if modification["titulaires"].is_array() {
                modification["titulaires"] = json!({"titulaire": items(&modification["titulaires"], "titulaire")});
            }
        }
        contract["titulaires"] = json!({"titulaire": items(&contract["titulaires"], "titulaire")});
        contract["modifications"] = json!({"modification": modifications});
        xml(&contract, "marche")
    };
    let contracts: String = contracts.iter().map(listed).collect();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<marches xmlns=\"urn:x\">{contracts}</marches>")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The records of a file, by id.
fn sorted(fixture: &Fixture, file: &PathBuf) -> Vec<Value> {
    let _ = fs::remove_file(fixture.path("out.jsonl"));
    let summary = fixture.import(std::slice::from_ref(file));
    assert_eq!(summary.broken().next(), None, "{}", file.display());
    assert_eq!(summary.refused, 0, "{:?}", summary.refusals);
    let mut records: Vec<Value> = fixture
        .records("out.jsonl")
        .iter()
        .map(|record: &Record| json!(record))
        .collect();
    records.sort_by_key(|record| record["id"].to_string());
    records
}

#[test]
fn every_format_gives_the_same_records() {
    let fixture = Fixture::new();
    let contracts = contracts();
    let official = json!({"marches": contracts}).to_string();
    let expected = sorted(&fixture, &fixture.write("official.json", &official));
    assert_eq!(expected.len(), 3);
    assert_eq!(expected[2]["titulaires"][0]["nom"], "La Serre");
    let rows = rows(&contracts);
    let table = csv(&rows, b',');
    let semicolons = csv(&rows, b';');
    let windows = encoding_rs::WINDOWS_1252
        .encode(std::str::from_utf8(&semicolons).unwrap())
        .0
        .into_owned();
    let utf16: Vec<u8> = format!("\u{feff}{}", String::from_utf8_lossy(&semicolons))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let shuffled: Vec<_> = rows.iter().rev().cloned().collect();
    let lines: String = contracts.iter().map(|contract| format!("{contract}\n")).collect();
    let wrapped: Vec<Value> = contracts.iter().map(|contract| json!({"marche": contract})).collect();
    let xml = xml_file(&contracts);
    let latin = xml.replace("UTF-8", "ISO-8859-15");
    let latin = encoding_rs::ISO_8859_15.encode(&latin).0.into_owned();
    for (name, content) in [
        ("table.csv", table.clone()),
        ("semicolons.csv", [&b"\xef\xbb\xbf"[..], &semicolons].concat()),
        ("tabs.tsv", csv(&rows, b'\t')),
        ("windows.csv", windows),
        ("utf16.csv", utf16),
        ("shuffled.csv", csv(&shuffled, b',')),
        ("lines.ndjson", lines.clone().into_bytes()),
        ("wrapped.json", json!({"marches": wrapped}).to_string().into_bytes()),
        ("contracts.xml", xml.clone().into_bytes()),
        ("latin.xml", latin),
        ("official.json.gz", gzip(official.as_bytes())),
        ("table.csv.gz", gzip(&table)),
        (
            "archive.zip",
            zip(&[
                ("LISEZMOI.txt", b"x"),
                ("__MACOSX/._a.json", b"x"),
                ("dossier/a.json", official.as_bytes()),
            ]),
        ),
        (
            "twice.zip",
            zip(&[("a.csv", &table), ("b.ndjson.gz", &gzip(lines.as_bytes()))]),
        ),
    ] {
        let mut records = sorted(&fixture, &fixture.write(name, content));
        if name == "shuffled.csv" {
            // Holders are in the order of their rows.
            for record in &mut records {
                record["titulaires"]
                    .as_array_mut()
                    .unwrap()
                    .sort_by_key(|holder| holder["nom"] != "Les Jardins");
            }
        }
        assert_eq!(records, expected, "{name}");
    }
}

#[test]
fn the_answers_of_an_api_give_the_same_records() {
    let fixture = Fixture::new();
    let mut contracts = contracts();
    contracts[2]["modifications"].as_array_mut().unwrap().truncate(1);
    let official = json!({"marches": contracts}).to_string();
    let expected = sorted(&fixture, &fixture.write("official.json", official));
    let flat: Vec<Value> = contracts.iter().map(flat).collect();
    let with = |wrap: &dyn Fn(&Value) -> Value| flat.iter().map(wrap).collect::<Vec<Value>>();
    let fields =
        with(&|fields| json!({"datasetid": "decp", "recordid": "a", "fields": fields, "record_timestamp": "2024"}));
    let records = with(&|fields| json!({"links": [], "record": {"id": "a", "size": 7, "fields": fields}}));
    let features = with(&|fields| json!({"type": "Feature", "geometry": null, "properties": fields}));
    let cells: Vec<Vec<(&'static str, String)>> = flat
        .iter()
        .map(|fields| {
            let fields = fields.as_object().unwrap();
            fields
                .iter()
                .map(|(name, cell)| (&*name.clone().leak(), text(cell)))
                .collect()
        })
        .collect();
    let lines: String = fields.iter().map(|record| format!("{record}\n")).collect();
    for (name, content) in [
        ("list.json", json!(flat).to_string()),
        ("results.json", json!({"total_count": 3, "results": flat}).to_string()),
        ("export.json", json!(fields).to_string()),
        (
            "records.json",
            json!({"nhits": 3, "parameters": {"dataset": "decp"}, "records": fields}).to_string(),
        ),
        (
            "v2.json",
            json!({"total_count": 3, "links": [], "records": records}).to_string(),
        ),
        (
            "features.geojson",
            json!({"type": "FeatureCollection", "features": features}).to_string(),
        ),
        ("lines.jsonl", lines),
        ("export.csv", String::from_utf8(csv(&cells, b';')).unwrap()),
    ] {
        assert_eq!(sorted(&fixture, &fixture.write(name, content)), expected, "{name}");
    }
}

/// The official JSON files, and tables and XML made of them.
#[test]
fn published_contracts_give_the_same_records_in_every_format() {
    let Some(folder) = rex_tests::shared("data/decp") else {
        return;
    };
    let fixture = Fixture::new();
    for name in [
        "marches-publics.info.json",
        "e-marchespublics.json",
        "data.gouv.fr_pes.json",
        "dematis13.v2.json",
        "dematis16.v2.json",
        "marches_avec_modifications.v2.json",
    ] {
        let file: Value = serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap();
        let contracts = file["marches"]
            .get("marche")
            .unwrap_or(&file["marches"])
            .as_array()
            .unwrap();
        // The tables have no concessions.
        let contracts: Vec<Value> = contracts
            .iter()
            .filter(|contract| contract["acheteur"].is_object())
            .cloned()
            .collect();
        let official = json!({ "marches": contracts }).to_string();
        let expected = sorted(&fixture, &fixture.write("official.json", official));
        for (file, content) in [
            ("contracts.csv", csv(&rows(&contracts), b',')),
            ("contracts.xml", xml_file(&contracts).into_bytes()),
        ] {
            let records = sorted(&fixture, &fixture.write(file, content));
            assert_eq!(records.len(), expected.len(), "{name}: {file}");
            for (record, expected) in records.iter().zip(&expected) {
                assert_eq!(record, expected, "{name}: {file}");
            }
        }
    }
}

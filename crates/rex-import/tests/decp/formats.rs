//! Other formats than official JSON: tables, XML, answers of an API, lines, archives. The same contracts give the same records.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use proptest::prelude::*;
use rex_corpus::Record;
use serde_json::{Map, Value, json};

use super::{Fixture, assert_clean, contract};

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

/// The inputs in `data/cases/decp`, with the values of their README.
#[test]
fn the_cases_of_other_formats_are_read_or_named() {
    let Some(folder) = rex_tests::shared("data/cases/decp") else {
        return;
    };
    let fixture = Fixture::new();
    for name in [
        "ods21-export.json",
        "ods21-records.json",
        "ods1-export.json",
        "ods.geojson",
        "ods21-export.csv",
    ] {
        let records = sorted(&fixture, &folder.join(name));
        let [first, second] = records.as_slice() else {
            panic!("{name}: {records:#?}")
        };
        for (record, expected) in [
            (
                first,
                json!({
                    "titre": "Fourniture de paniers de légumes pour la cantine", "type": "marche",
                    "acheteur": {"nom": "Commune de Toulouse", "siret": "21310555400017"},
                    "titulaires": [{"nom": "SIRET 12345678900011", "siret": "12345678900011"}],
                    "nature": "fournitures", "procedure": "Procédure adaptée", "cpv": "15330000-0", "montant_ht": 45000, "duree_mois": 24,
                    "considerations": ["clause sociale", "critère social"], "territoire": ["Occitanie", "Haute-Garonne"],
                    "date": "2024-03-11", "sections": [{"texte": "Accord-cadre"}],
                    "source": {"titre": "Données essentielles de la commande publique", "editeur": "PLATEFORME"}
                }),
            ),
            (
                second,
                json!({
                    "titre": "Entretien des berges", "type": "marche",
                    "acheteur": {"nom": "Commune de Toulouse", "siret": "21310555400017"},
                    "titulaires": [{"nom": "SIRET 12345678900029", "siret": "12345678900029"}],
                    "nature": "services", "procedure": "Appel d'offres ouvert", "cpv": "77310000-6", "montant_ht": 21000, "duree_mois": 18,
                    "considerations": ["marché réservé", "clause environnementale"],
                    "territoire": ["Occitanie", "Haute-Garonne", "Toulouse"], "date": "2024-05-02",
                    "source": {"titre": "Données essentielles de la commande publique", "editeur": "PLATEFORME"}
                }),
            ),
        ] {
            let mut record = record.clone();
            let fields = record.as_object_mut().unwrap();
            fields.remove("id");
            fields.remove("anomalies");
            assert_eq!(record, expected, "{name}");
        }
    }
    for (name, titles) in [
        ("pes-2022.xml", &["Entretien des berges du canal"][..]),
        ("decp-info.csv", &["Entretien des berges"]),
        ("scdl.csv", &["Entretien des berges du canal"]),
        ("lines.ndjson", &["Entretien des berges", "Paniers"]),
        ("cle-pointee.json", &["Entretien des berges du canal"]),
    ] {
        let records = sorted(&fixture, &folder.join(name));
        let found: Vec<_> = records.iter().map(|record| record["titre"].as_str().unwrap()).collect();
        assert_eq!(found, titles, "{name}");
        for record in &records {
            assert_eq!(record["acheteur"]["siret"], "21310555400017", "{name}");
            assert_eq!(record["anomalies"], Value::Null, "{name}");
            let is_whole = name != "lines.ndjson";
            assert_eq!(record["titulaires"][0]["siret"] == "12345678900029", is_whole, "{name}");
            assert_eq!(record["territoire"][2] == "Toulouse", is_whole, "{name}");
            assert_eq!(record["cpv"] == "77310000-6", is_whole, "{name}");
        }
    }
    for (name, expected) in [
        ("boamp-records.json", "is BOAMP (notices"),
        ("ocds.json", "is OCDS (Open Contracting)"),
    ] {
        let summary = fixture.import(&[folder.join(name)]);
        let said = summary.broken().next().unwrap_or_default();
        assert!(said.contains(expected) && said.contains("download"), "{said}");
    }
}

#[test]
fn lots_and_publications_in_rows_stay_apart() {
    let fixture = Fixture::new();
    let mut lot = contract("A");
    lot["montant"] = json!(7000);
    lot["titulaires"] =
        json!([{"typeIdentifiant": "SIRET", "id": "55204599900869", "denominationSociale": "La Serre"}]);
    let mut later = contract("A");
    later["datePublicationDonnees"] = json!("2019-09-01");
    later["montant"] = json!(51000);
    let table = csv(&rows(&[contract("A"), lot, later]), b';');
    let records = sorted(&fixture, &fixture.write("table.csv", table));
    let amounts: Vec<_> = records
        .iter()
        .map(|record| (&record["titulaires"][0]["nom"], &record["montant_ht"]))
        .collect();
    assert_eq!(
        amounts,
        [
            (&json!("Les Jardins"), &json!(51000)),
            (&json!("La Serre"), &json!(7000))
        ]
    );
}

#[test]
fn what_is_wrong_with_a_table_is_said_by_line() {
    let fixture = Fixture::new();
    let header = "id;acheteur_id;objet;montant\n";
    let good = "A;21590328700013;Tonte;1000\n";
    for (content, written, refused, said) in [
        (format!("{header}{good}B;21590328700013;\"Bois;1;2\n"), 2, 0, ""),
        (
            format!("{header}{good}B;21590328700013;Bois;1;2;3\n"),
            1,
            1,
            "record 2, line 3: 6 cells up to line 3, expected 4",
        ),
        (
            format!("{header}{good}\n;;;\nB;21590328700013\n"),
            2,
            1,
            "no id, no buyer and no object",
        ),
        (format!("{header}{good}B;;Taille;;;;\n"), 2, 0, ""),
    ] {
        let summary = fixture.import(&[fixture.write("table.csv", &content)]);
        assert_eq!(
            (summary.written, summary.refused),
            (written, refused),
            "{content}: {:?}",
            summary.refusals
        );
        assert!(
            summary.refusals.iter().all(|refusal| refusal.contains(said)),
            "{:?}",
            summary.refusals
        );
    }
    let endless = format!("{header}{good}B;21590328700013;\"{}", "mot ".repeat(5 << 20));
    let summary = fixture.import(&[fixture.write("endless.csv", endless)]);
    let said = summary.broken().next().unwrap();
    assert!(
        said.contains("endless.csv: line 3: over 16777216 bytes without the end of a row, as a quote is missing; the record before it is kept"),
        "{said}"
    );
}

#[test]
fn what_is_wrong_with_a_file_of_an_archive_costs_that_file() {
    let fixture = Fixture::new();
    let official = json!({"marches": [contract("A")]}).to_string();
    let archive = zip(&[
        ("a.json", b"{\"marches\": ["),
        ("b/b.json", official.as_bytes()),
        ("c.csv", b"x,y\n1,2\n"),
    ]);
    let summary = fixture.import(&[fixture.write("all.zip", &archive)]);
    let said = summary.broken().next().unwrap();
    assert!(
        said.contains("all.zip/a.json: ")
            && said.contains("all.zip/c.csv: is a table without the columns of DECP (its columns: « x », « y »)"),
        "{said}"
    );
    assert_eq!(summary.written, 1);
    for (name, content, expected) in [
        (
            "photos.zip",
            zip(&[("a.jpg", b"x")]),
            "without a .json, .xml or .csv file (it holds « a.jpg »)",
        ),
        ("cas.xlsx", zip(&[("xl/workbook.xml", b"<x/>")]), "is an Excel workbook"),
        ("cas.docx", zip(&[("word/document.xml", b"<x/>")]), "is a Word document"),
        (
            "cas.ods",
            zip(&[("mimetype", b"x"), ("content.xml", b"<x/>")]),
            "is an OpenDocument file",
        ),
        (
            "cut.zip",
            archive[..archive.len() / 2].to_vec(),
            "is a ZIP archive that cannot be read",
        ),
        (
            "cut.json.gz",
            gzip(official.as_bytes())[..200].to_vec(),
            "cannot be read to its end",
        ),
        (
            "twice.gz",
            gzip(&gzip(official.as_bytes())),
            "is an archive in an archive",
        ),
    ] {
        let summary = fixture.import(&[fixture.write(name, content)]);
        let said = summary.broken().next().unwrap_or_default();
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn an_xml_file_cut_short_keeps_what_was_read() {
    let fixture = Fixture::new();
    let xml = xml_file(&contracts());
    let cut = &xml[..xml.len() - 300];
    let summary = fixture.import(&[fixture.write("cut.xml", cut)]);
    assert_eq!(summary.written, 2);
    let said = summary.broken().next().unwrap();
    assert!(said.contains("; the 2 records before it are kept"), "{said}");
    let deep = format!("<marches><marche>{}", "<a>".repeat(100_000));
    let summary = fixture.import(&[fixture.write("deep.xml", deep)]);
    let said = summary.broken().next().unwrap();
    assert!(said.contains("too many elements within each other"), "{said}");
    let long = format!(
        "<marches><marche><objet>{}</objet></marche></marches>",
        "mot ".repeat(5 << 20)
    );
    let summary = fixture.import(&[fixture.write("long.xml", long)]);
    assert_eq!((summary.written, summary.broken().count()), (0, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Damaged bytes of any format never panic, and every record written is valid.
    #[test]
    fn damaged_files_of_every_format_are_survived(
        format in 0..6_usize,
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        end in any::<prop::sample::Index>(),
    ) {
        let contracts = contracts();
        let table = csv(&rows(&contracts), b',');
        let flat: Vec<Value> = contracts.iter().map(flat).collect();
        let mut bytes = match format {
            0 => table,
            1 => xml_file(&contracts).into_bytes(),
            2 => json!({"results": flat}).to_string().into_bytes(),
            3 => contracts.iter().map(|contract| format!("{contract}\n")).collect::<String>().into_bytes(),
            4 => gzip(&table),
            _ => zip(&[("a.csv", &table)]),
        };
        for (at, byte) in cuts {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if end.index(3) == 0 {
            bytes.truncate(end.index(bytes.len()));
        }
        let fixture = Fixture::new();
        let summary = fixture.import(&[fixture.write("in", &bytes)]);
        prop_assert_eq!(summary.read, summary.written + summary.duplicates + summary.refused);
        for said in summary.refusals.iter().map(String::as_str).chain(summary.broken()) {
            prop_assert!(said.len() < 1_000, "{}", said);
        }
        if summary.written > 0 {
            assert_clean(&fixture.path("out.jsonl"));
        }
    }
}

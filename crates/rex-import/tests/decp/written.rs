//! Contracts, and files of other formats made of them.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use serde_json::{Map, Value, json};

use super::contract;

/// Contracts with one and with several holders, and with modifications.
pub(super) fn contracts() -> Vec<Value> {
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
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The items of a list, in the nesting of 2019 or of 2022.
pub(super) fn items(list: &Value, item: &str) -> Vec<Value> {
    let items = list.as_array().into_iter().flatten();
    items.map(|inner| inner.get(item).unwrap_or(inner).clone()).collect()
}

/// The cells of contracts as decp.info publishes them: a row for each version and each holder.
pub(super) fn rows(contracts: &[Value]) -> Vec<Vec<(&'static str, String)>> {
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
pub(super) fn row(contract: &Value) -> Vec<(&'static str, String)> {
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

pub(super) fn csv(rows: &[Vec<(&'static str, String)>], delimiter: u8) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    out.write_record(rows[0].iter().map(|(name, _)| name)).unwrap();
    rows.iter()
        .for_each(|row| out.write_record(row.iter().map(|(_, cell)| cell)).unwrap());
    out.into_inner().unwrap()
}

/// The flat objects of data.economie.gouv.fr: numbered holders, and at most one modification.
pub(super) fn flat(contract: &Value) -> Value {
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

pub(super) fn xml(value: &Value, name: &str) -> String {
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
pub(super) fn xml_file(contracts: &[Value]) -> String {
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

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

pub(super) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// A table in Parquet, not compressed, in which every value is a text or null.
pub(super) fn parquet(rows: &[Vec<(&'static str, String)>]) -> Vec<u8> {
    let column = |(name, _): &(&str, String)| {
        let column = Type::primitive_type_builder(name, PhysicalType::BYTE_ARRAY);
        let column = column
            .with_logical_type(Some(LogicalType::String))
            .with_repetition(Repetition::OPTIONAL);
        Arc::new(column.build().unwrap())
    };
    let fields = rows[0].iter().map(column).collect();
    let schema = Type::group_type_builder("table").with_fields(fields).build().unwrap();
    let file = tempfile::tempfile().unwrap();
    let mut writer = SerializedFileWriter::new(file.try_clone().unwrap(), Arc::new(schema), Arc::default()).unwrap();
    // Two groups of rows.
    for rows in rows.chunks(rows.len().div_ceil(2)) {
        let mut group = writer.next_row_group().unwrap();
        for at in 0..rows[0].len() {
            let cells: Vec<&str> = rows.iter().map(|row| row[at].1.as_str()).collect();
            let levels: Vec<i16> = cells.iter().map(|cell| i16::from(!cell.is_empty())).collect();
            let values: Vec<ByteArray> = cells
                .iter()
                .filter(|cell| !cell.is_empty())
                .map(|cell| ByteArray::from(*cell))
                .collect();
            let mut column = group.next_column().unwrap().unwrap();
            column
                .typed::<ByteArrayType>()
                .write_batch(&values, Some(&levels), None)
                .unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
    read(file)
}

fn read(mut file: File) -> Vec<u8> {
    use std::io::{Read, Seek};
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    bytes
}

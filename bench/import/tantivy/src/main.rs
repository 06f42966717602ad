//! `plain-tantivy same|plain THREADS FILE FOLDER`: the shortest way from a DECP file (2019) to a tantivy index.
//!
//! The file is read whole and parsed by serde into ready-made structures, nothing is checked or cleaned, and each contract
//! becomes a document. `same` has the text fields of Rex, each twice (words as written, stems) with the same texts in them, and its columns; `plain`
//! has one text field, stemmed. Words are cut by tantivy's own tokenizer, lower case and French stemmer.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer};
use tantivy::{Index, TantivyDocument};

/// Memory held before a segment is written, in bytes: what Rex takes.
const MEMORY: usize = 128 << 20;

#[derive(Deserialize)]
struct File {
    marches: Vec<Contract>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Contract {
    id: String,
    acheteur: Option<Party>,
    objet: String,
    #[serde(rename = "codeCPV")]
    code_cpv: Option<String>,
    procedure: Option<String>,
    nature: Option<String>,
    lieu_execution: Option<Place>,
    duree_mois: Option<u64>,
    date_notification: Option<String>,
    montant: Option<f64>,
    titulaires: Option<Vec<Party>>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Party {
    id: String,
    nom: Option<String>,
    denomination_sociale: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    code: Option<String>,
    nom: Option<String>,
}

/// The fields of the index.
struct Fields {
    id: Field,
    record: Field,
    /// All, title, parties; each as written and by stem.
    texts: Vec<Field>,
    columns: Vec<Field>,
    numbers: Vec<Field>,
    title_order: Field,
}

const COLUMNS: [&str; 12] = [
    "type",
    "nature",
    "procedure",
    "reserve",
    "considerations",
    "territoire",
    "cpv",
    "acheteur",
    "titulaire",
    "structure",
    "theme",
    "annee",
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, threads, file, folder] = &arguments[..] else {
        return Err("usage: plain-tantivy same|plain THREADS FILE FOLDER".into());
    };
    let is_plain = mode == "plain";
    let (schema, fields) = schema(is_plain);
    let folder = Path::new(folder);
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    let index = Index::create_in_dir(folder, schema)?;
    let words = || {
        TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(RemoveLongFilter::limit(200))
            .filter(LowerCaser)
    };
    index.tokenizers().register("exact", words().build());
    index
        .tokenizers()
        .register("stem", words().filter(Stemmer::new(Language::French)).build());
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(threads.parse()?, MEMORY)?;
    let File { marches } = serde_json::from_slice(&fs::read(file)?)?;
    let count = marches.len();
    for contract in marches {
        writer.add_document(document(&fields, &contract, is_plain)?)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    println!("{count} contracts");
    Ok(())
}

fn schema(is_plain: bool) -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let text = |builder: &mut SchemaBuilder, name: &str, tokenizer: &str| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        builder.add_text_field(
            &format!("{name}_{tokenizer}"),
            TextOptions::default().set_indexing_options(indexing),
        )
    };
    let fast = || TextOptions::default().set_fast("raw");
    let id = builder.add_text_field("id", fast() | STRING);
    let record = builder.add_bytes_field("record", STORED);
    let texts = if is_plain {
        vec![text(&mut builder, "all", "stem")]
    } else {
        let zones = ["all", "title", "parties"].iter();
        zones
            .flat_map(|zone| ["exact", "stem"].map(|form| text(&mut builder, zone, form)))
            .collect()
    };
    let columns = COLUMNS.map(|name| builder.add_text_field(name, fast())).to_vec();
    let numbers = ["montant", "duree", "date"]
        .map(|name| builder.add_u64_field(name, FAST))
        .to_vec();
    let title_order = builder.add_text_field("title_order", fast());
    let fields = Fields {
        id,
        record,
        texts,
        columns,
        numbers,
        title_order,
    };
    (builder.build(), fields)
}

fn document(fields: &Fields, contract: &Contract, is_plain: bool) -> Result<TantivyDocument, serde_json::Error> {
    let mut document = TantivyDocument::default();
    document.add_text(fields.id, &contract.id);
    document.add_bytes(fields.record, &serde_json::to_vec(contract)?);
    let title = contract.objet.as_str();
    let holders = contract.titulaires.iter().flatten();
    let parties: Vec<&str> = contract
        .acheteur
        .iter()
        .chain(holders)
        .flat_map(|party| {
            [
                party.nom.as_deref(),
                party.denomination_sociale.as_deref(),
                Some(party.id.as_str()),
            ]
        })
        .flatten()
        .collect();
    let place = contract.lieu_execution.iter().filter_map(|place| place.nom.as_deref());
    let subject = [
        contract.procedure.as_deref(),
        contract.nature.as_deref(),
        contract.code_cpv.as_deref(),
    ];
    let mut all = vec![title];
    if !is_plain {
        all.extend([title, title]);
        all.extend(&parties);
    }
    all.extend(&parties);
    all.extend(subject.into_iter().flatten().chain(place));
    let zones: [&[&str]; 3] = [&all, &[title], &parties];
    let forms = if is_plain { 1 } else { 2 };
    for (rank, field) in fields.texts.iter().enumerate() {
        for text in zones[rank / forms] {
            document.add_text(*field, text);
        }
    }
    let first = |rank: usize, value: Option<&str>, document: &mut TantivyDocument| {
        if let Some(value) = value {
            document.add_text(fields.columns[rank], value);
        }
    };
    first(0, Some("marche"), &mut document);
    first(1, contract.nature.as_deref(), &mut document);
    first(2, contract.procedure.as_deref(), &mut document);
    let place = contract.lieu_execution.as_ref();
    first(5, place.and_then(|place| place.code.as_deref()), &mut document);
    first(6, contract.code_cpv.as_deref(), &mut document);
    first(
        7,
        contract.acheteur.as_ref().and_then(|buyer| buyer.nom.as_deref()),
        &mut document,
    );
    for holder in contract.titulaires.iter().flatten() {
        first(8, holder.denomination_sociale.as_deref(), &mut document);
    }
    let date = contract.date_notification.as_deref();
    first(11, date.and_then(|date| date.get(..4)), &mut document);
    let day = date.and_then(|date| date.get(..10)?.replace('-', "").parse().ok());
    let cents = contract.montant.map(|euros| (euros * 100.0) as u64);
    for (field, number) in fields.numbers.iter().zip([cents, contract.duree_mois, day]) {
        if let Some(number) = number {
            document.add_u64(*field, number);
        }
    }
    document.add_text(fields.title_order, title.to_lowercase());
    Ok(document)
}

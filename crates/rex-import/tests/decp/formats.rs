//! Other formats than official JSON: tables, XML, answers of an API, lines, archives. The same contracts give the same records.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use rex_corpus::Record;
use serde_json::{Value, json};

use super::written::{contracts, csv, flat, gzip, parquet, rows, text, xml_file, zip};
use super::{Fixture, assert_clean, contract};

/// The records of a file, by id.
pub(super) fn sorted(fixture: &Fixture, file: &PathBuf) -> Vec<Value> {
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
        ("table.parquet", parquet(&rows)),
        ("table.parquet.gz", gzip(&parquet(&rows))),
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
    let quote = "other rows in a cell, up to line ";
    for (rows, written, refused, said) in [
        // A quote that is never closed, and one that the next row closes.
        ("B;21590328700013;\"Bois;1\nC;21590328700013;Haies;2\n", 1, 1, quote),
        (
            "B;21590328700013;\"Bois;1\nC;21590328700013;\"Haies\";2\nD;21590328700013;Sols;3\n",
            2,
            1,
            quote,
        ),
        ("B;21590328700013;\"Bois,\net haies ; sols\";2\n", 2, 0, ""),
        (
            "B;21590328700013;Bois;1;2;3\n",
            1,
            1,
            "record 2, line 3: 6 cells up to line 3, expected 4",
        ),
        ("B;21590328700013;Bois;1;;\n", 2, 0, ""),
        ("\n;;;\n", 1, 1, "no id, no buyer and no object"),
        ("B,21590328700013,Bois,1\nC;21590328700013\n", 1, 2, "cells up to line "),
        // Without the last cells, but whole.
        ("B;21590328700013;Bois\n", 2, 0, ""),
    ] {
        let summary = fixture.import(&[fixture.write("table.csv", format!("{header}{good}{rows}"))]);
        assert_eq!(
            (summary.written, summary.refused, summary.broken().next()),
            (written, refused, None),
            "{rows}: {:?}",
            summary.refusals
        );
        assert!(
            summary.refusals.iter().all(|refusal| refusal.contains(said)),
            "{:?}",
            summary.refusals
        );
    }
    let cut = format!("{header}{good}B;21590328700013;Boi");
    let summary = fixture.import(&[fixture.write("cut.csv", cut)]);
    let said = summary.broken().next().unwrap();
    assert!(
        said.contains("the file ends in the middle of a record; it was cut; the record before it is kept"),
        "{said}"
    );
    let wide =
        format!("{header}{}\n", ";".repeat(1_000)).replacen("montant", &format!("montant{}", ";x".repeat(1_000)), 1);
    let summary = fixture.import(&[fixture.write("wide.csv", wide)]);
    let said = summary.broken().next().unwrap();
    assert!(
        said.contains("is a table of 1004 columns, expected at most 1000"),
        "{said}"
    );
    let endless = format!("{header}{good}B;21590328700013;\"{}", "mot ".repeat(5 << 20));
    let summary = fixture.import(&[fixture.write("endless.csv", endless)]);
    let said = summary.broken().next().unwrap();
    assert!(
        said.contains("endless.csv: line 3: over 4194304 bytes without the end of a row, as a quote is missing; the record before it is kept"),
        "{said}"
    );
}

#[test]
fn the_columns_of_another_table_are_named_in_one_line() {
    let fixture = Fixture::new();
    let header = "\"Nom\nde l'agent\",\"Un\rservice\",\"a\u{85}b\"\n1,2,3\n";
    let summary = fixture.import(&[fixture.write("agents.csv", header)]);
    let said = summary.broken().next().unwrap();
    assert!(
        said.contains("(its columns: « Nom de l'agent », « Un service », « a b »)") && said.lines().count() == 1,
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
    let twice = zip(&[("a.json", official.as_bytes()), ("b.zip", &archive)]);
    let inner = fixture.import(&[fixture.write("twice.zip", twice)]);
    let named = inner.broken().next().unwrap();
    assert!(
        named.contains("twice.zip/b.zip: is an archive in an archive; extract it") && inner.written == 1,
        "{named}"
    );
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
            "without a .json, .xml, .csv or .parquet file (it holds « a.jpg »)",
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
    let between = xml.replace("</marches>", "");
    let summary = fixture.import(&[fixture.write("between.xml", between)]);
    let said = summary.broken().next().unwrap();
    assert!(said.contains("it was cut; the 3 records before it are kept"), "{said}");
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
        format in 0..7_usize,
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
            5 => parquet(&rows(&contracts)),
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

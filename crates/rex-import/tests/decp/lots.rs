//! Lots under one number, and publications of one contract.

use serde_json::{Value, json};

use super::{Fixture, contract};

/// A lot of the contract `A`: its holder, amount, and day of publication.
fn lot(holder: u64, amount: u32, day: &str) -> Value {
    let mut lot = contract("A");
    lot["titulaires"] = json!([{"typeIdentifiant": "SIRET", "id": format!("{holder:014}")}]);
    lot["montant"] = json!(amount);
    lot["datePublicationDonnees"] = json!(day);
    lot
}

/// The ids and amounts of the records of these contracts, each in a file of its own, by amount.
fn imported(contracts: &[Value]) -> Vec<(String, String)> {
    let fixture = Fixture::new();
    let files: Vec<_> = contracts
        .iter()
        .enumerate()
        .map(|(number, contract)| {
            fixture.write(&format!("{number}.json"), json!({ "marches": [contract] }).to_string())
        })
        .collect();
    let summary = fixture.import(&files);
    let mut records: Vec<_> = fixture
        .records("out.jsonl")
        .into_iter()
        .map(|record| (record.id, record.montant_ht.unwrap().to_string()))
        .collect();
    records.sort_by(|a, b| a.1.cmp(&b.1));
    let others = records.len() - 1;
    assert_eq!(summary.lots, others as u64);
    assert_eq!(summary.duplicates as usize, contracts.len() - records.len());
    records
}

fn amounts(contracts: &[Value]) -> Vec<String> {
    imported(contracts).into_iter().map(|(_, amount)| amount).collect()
}

#[test]
fn lots_of_one_publication_day_are_contracts_of_their_own() {
    let [first, second, third] = [
        lot(1, 1000, "2019-02-01"),
        lot(2, 2000, "2019-02-01"),
        lot(3, 3000, "2019-02-01"),
    ];
    let records = imported(&[first.clone(), second.clone(), third.clone()]);
    let amounts: Vec<_> = records.iter().map(|(_, amount)| amount.as_str()).collect();
    assert_eq!(amounts, ["1000", "2000", "3000"]);
    // Neither the order nor another publication changes the ids.
    let mut modified = second.clone();
    modified["modifications"] = json!([{"montant": 2500, "dateNotificationModification": "2020-01-01"}]);
    let again = imported(&[modified, third, second, first.clone()]);
    let ids = |records: &[(String, String)]| records.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&again), ids(&records));
    assert_eq!(again[1].1, "2500");
    // One of them has the id of a contract that is alone.
    let alone = imported(&[first]);
    let with_its_id = records.iter().filter(|(id, _)| *id == alone[0].0).count();
    assert_eq!(with_its_id, 1);
}

#[test]
fn publications_of_one_contract_stay_one() {
    let first = lot(1, 1000, "2019-02-01");
    for (again, kept) in [
        (lot(1, 1000, "2019-02-01"), "1000"),
        (lot(1, 2000, "2019-02-01"), "2000"),
        (lot(2, 1000, "2019-02-01"), "1000"),
        (lot(2, 2000, "2019-03-01"), "2000"),
    ] {
        assert_eq!(amounts(&[first.clone(), again.clone()]), [kept], "{again}");
    }
    // A value that is not known is not another one.
    let mut unknown = lot(2, 0, "2019-02-01");
    assert_eq!(amounts(&[unknown.clone(), first.clone()]), ["1000"]);
    unknown = lot(0, 2000, "2019-02-01");
    unknown["titulaires"] = json!([]);
    assert_eq!(amounts(&[unknown, first]), ["1000"]);
}

#[test]
fn two_lots_of_one_holder_differ_in_their_code() {
    let (roof, mut doors) = (lot(1, 1000, "2019-02-01"), lot(1, 2000, "2019-02-01"));
    doors["codeCPV"] = json!("45421000-4");
    assert_eq!(amounts(&[roof, doors]), ["1000", "2000"]);
}

#[test]
fn the_lots_of_a_file_are_kept() {
    let Some(file) = rex_tests::shared("data/cases/decp/lots-meme-numero.json") else {
        return;
    };
    let fixture = Fixture::new();
    let summary = fixture.import(&[file]);
    assert_eq!((summary.written, summary.lots, summary.duplicates), (3, 2, 0));
    let mut records = fixture.records("out.jsonl");
    let amounts: Vec<_> = records
        .iter()
        .map(|record| record.montant_ht.unwrap().to_string())
        .collect();
    assert_eq!(amounts, ["34973", "87203", "20200"]);
    records.sort_by(|a, b| a.id.cmp(&b.id));
    records.dedup_by(|a, b| a.id == b.id);
    assert_eq!(records.len(), 3);
}

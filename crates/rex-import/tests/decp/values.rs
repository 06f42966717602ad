//! Values that publishers write in other ways: they are read, mended or said.

use rex_corpus::{CpvLabels, Record};
use rex_import::{DecpProblem, DecpSummary};
use serde_json::{Value, json};

use super::{Fixture, assert_clean, contract};

/// The summary and the records of a shared file. `None` where it is absent.
fn shared(name: &str) -> Option<(DecpSummary, Vec<Record>)> {
    let file = rex_tests::shared(&format!("data/cases/decp/{name}"))?;
    let fixture = Fixture::new();
    let summary = fixture.import(&[file]);
    assert_eq!(summary.broken().next(), None, "{name}");
    assert_clean(&fixture.path("out.jsonl"));
    Some((summary, fixture.records("out.jsonl")))
}

/// The record of the contract `A` with other values.
fn with(values: &Value) -> Record {
    let mut changed = contract("A");
    for (key, value) in values.as_object().unwrap() {
        changed[key] = value.clone();
    }
    let mut records = Fixture::new().imported(&json!([changed]));
    assert_eq!(records.len(), 1);
    records.remove(0)
}

fn buyer(record: &Record) -> &str {
    &record.acheteur.as_ref().unwrap().nom
}

#[test]
fn a_number_that_is_none_is_null() {
    let Some((summary, records)) = shared("nan.json") else {
        return;
    };
    assert_eq!((summary.read, summary.written, summary.refused), (3, 3, 0));
    for record in &records {
        assert_eq!(
            record.anomalies,
            [] as [String; 0],
            "fields that are not read, or that are not those of a contract"
        );
        assert_eq!(record.montant_ht.unwrap().to_string(), "18000");
        assert_eq!(buyer(record), "Commune de Toulouse");
    }
}

#[test]
fn an_empty_conceding_authority_makes_no_concession() {
    if let Some((summary, records)) = shared("autorite-vide.json") {
        assert_eq!(summary.written, 2);
        let buyers: Vec<_> = records.iter().map(buyer).collect();
        assert_eq!(buyers, ["Commune de Toulouse", "Commune de Rennes"]);
        assert_eq!(records[1].montant_ht.unwrap().to_string(), "5000");
        assert!(records.iter().all(|record| record.anomalies.is_empty()));
    }
    for empty in [
        json!(""),
        json!({}),
        json!({"id": ""}),
        json!({"id": null, "nom": "NC"}),
        json!("nan"),
        json!([]),
        json!(null),
    ] {
        for kind in ["Marché", "nan", ""] {
            let record = with(&json!({
                "_type": kind, "autoriteConcedante": empty, "concessionnaires": empty, "valeurGlobale": 0.0, "dureeMois": 301,
            }));
            assert_eq!(buyer(&record), "Commune de Lambersart", "{empty}");
            assert_eq!(record.duree_mois, None, "no concession: {empty}");
            assert_eq!(record.montant_ht.unwrap().to_string(), "50000.50");
            assert_eq!(record.titulaires[0].nom, "Les Jardins");
        }
    }
}

#[test]
fn the_type_tells_concessions_from_contracts() {
    let both = json!({
        "autoriteConcedante": {"id": "21350238800019"}, "acheteur": {"id": "21590328700013"}, "valeurGlobale": 70_000,
        "montant": 50_000, "dureeMois": 400,
    });
    for (kind, name, amount, months) in [
        ("Contrat de concession", "Commune de Rennes", "70000", Some(400)),
        ("Marché", "Commune de Lambersart", "50000", None),
        ("", "Commune de Rennes", "70000", Some(400)),
    ] {
        let mut values = both.clone();
        values["_type"] = json!(kind);
        let record = with(&values);
        assert_eq!(buyer(&record), name, "{kind}");
        assert_eq!(record.montant_ht.unwrap().to_string(), amount, "{kind}");
        assert_eq!(record.duree_mois, months, "{kind}");
    }
    let record = with(&json!({"_type": "Contrat de concession", "valeurGlobale": 0.0}));
    assert_eq!(
        record.montant_ht.unwrap().to_string(),
        "50000.50",
        "the amount that is one"
    );
}

#[test]
fn words_for_no_value_are_no_value() {
    for word in [
        "nan",
        "NaN",
        "None",
        "null",
        "NULL",
        "N/A",
        "NC",
        "CDL",
        "MQ",
        "INX",
        "MQ NC",
        "INX None",
        "-Infinity",
    ] {
        let record = with(&json!({
            "codeCPV": word, "procedure": word, "montant": word, "dureeMois": word, "dateNotification": word, "nature": word,
            "lieuExecution": {"code": word, "typeCode": word, "nom": word}, "titulaires": [{"id": word, "typeIdentifiant": word}],
            "considerationsSociales": [word], "modifications": word,
        }));
        assert_eq!(record.anomalies, [] as [String; 0], "{word}");
        assert!(
            record.cpv.is_none() && record.procedure.is_none() && record.montant_ht.is_none(),
            "{word}"
        );
        assert!(
            record.territoire.is_empty() && record.titulaires.is_empty() && record.sections.is_empty(),
            "{word}"
        );
    }
    let record = with(&json!({"codeCPV": "INX 77310000-6"}));
    assert_eq!(record.cpv.unwrap().to_string(), "77310000-6");
    assert_eq!(
        record.anomalies,
        ["valeur signalée inexploitable par sa source, champ codeCPV : « INX 77310000-6 »"]
    );
}

#[test]
fn texts_in_the_wrong_encoding_are_mended_and_said() {
    if let Some((summary, records)) = shared("cp1252-perdu.json") {
        assert_eq!(records[0].titre, "Mission de maîtrise d'œuvre pour l’accueil – lot 2");
        assert_eq!(records[0].titulaires[0].nom, "Atelier du Cœur");
        assert_eq!(records[0].anomalies.len(), 2);
        assert_eq!(summary.problems[&DecpProblem::Encoding], 1);
    }
    let record = with(&json!({
        "objet": "Entretien de lâ€™Ã©cole", "acheteur": {"id": "21590328700013", "nom": "RÃ©gie"},
        "lieuExecution": {"code": "59350", "typeCode": "Code commune", "nom": "Quartier de la DÃ©liv\u{9c}"},
        "modifications": [{"objetModification": "DÃ©lai de l\u{92}avenant", "montant": 60000}],
    }));
    assert_eq!(record.titre, "Entretien de l’école");
    assert_eq!(buyer(&record), "Régie");
    assert!(record.sections[0].texte.contains("Délivœ") && record.sections[0].texte.contains("Délai de l’avenant"));
    let said = record.anomalies.join("\n");
    for field in [
        "objet",
        "acheteur.nom",
        "lieuExecution.nom",
        "modifications.objetModification",
    ] {
        assert!(said.contains(&format!("champ {field} ")), "{field}: {said}");
    }
}

#[test]
fn typed_line_breaks_are_spaces() {
    if let Some((_, records)) = shared("antislash-n.json") {
        assert_eq!(records[0].titre, "Mesures acoustiques du groupe scolaire Lot 2 : suivi");
    }
    let record = with(&json!({"objet": r"Reprise de C:\new\r\nLot 1\r\nLot 2"}));
    assert_eq!(
        record.titre, r"Reprise de C:\new\r\nLot 1 Lot 2",
        "a path ends at the space"
    );
}

#[test]
fn a_procedure_without_a_candidate_has_no_holder() {
    if let Some((summary, records)) = shared("sans-candidat.json") {
        assert_eq!(records.len(), 2);
        for (record, word) in records.iter().zip(["PAS DE CANDIDAT", "SANS SUITE"]) {
            assert!(record.titulaires.is_empty());
            assert!(
                record.anomalies.contains(&format!("aucun titulaire : « {word} »")),
                "{:?}",
                record.anomalies
            );
        }
        assert_eq!(summary.problems[&DecpProblem::NoHolder], 2);
        assert!(!summary.problems.contains_key(&DecpProblem::Holder));
    }
    let record =
        with(&json!({"titulaires": ["INFRUCTUEUX", {"id": "85480074501125", "denominationSociale": "Les Jardins"}]}));
    let names: Vec<_> = record.titulaires.iter().map(|holder| holder.nom.as_str()).collect();
    assert_eq!(names, ["Les Jardins"]);
}

#[test]
fn a_code_that_exists_is_taken_whatever_its_check_digit() {
    let Some(list) = rex_tests::shared("data/cpv/cpv_2008_ver_2013_FR.csv") else {
        return;
    };
    let Some(file) = rex_tests::shared("data/cases/decp/cpv-cle-par-defaut.json") else {
        return;
    };
    let fixture = Fixture::new();
    let codes = |labels: &CpvLabels| -> Vec<_> {
        fixture.import_with(std::slice::from_ref(&file), labels);
        let records = fixture.records("out.jsonl");
        let codes = records.iter().map(|record| record.cpv.map(|cpv| cpv.to_string()));
        assert!(
            records.iter().all(|record| record.anomalies.len() == 1),
            "taken or not, it is said"
        );
        codes.collect()
    };
    let code = |code: &str| Some(code.to_owned());
    let whole = codes(&CpvLabels::read(&list).unwrap());
    assert_eq!(whole, [code("90620000-9"), code("45000000-7"), code("77310000-6")]);
    assert_eq!(
        codes(&CpvLabels::shipped()),
        [None, code("45000000-7"), None],
        "only the codes it holds"
    );
}

#[test]
fn long_durations_are_kept_and_said() {
    for (months, expected, is_said) in [
        (120, Some(120), false),
        (121, Some(121), true),
        (300, Some(300), true),
        (301, None, true),
        (365, None, true),
        (730, None, true),
    ] {
        let record = with(&json!({"dureeMois": months}));
        assert_eq!(
            (record.duree_mois, !record.anomalies.is_empty()),
            (expected, is_said),
            "{months}"
        );
        let record = with(&json!({"modifications": [{"dureeMois": months}]}));
        assert_eq!(record.duree_mois, expected.or(Some(12)), "{months}");
        assert_eq!(!record.anomalies.is_empty(), is_said, "{months}");
    }
    let record = with(&json!({"_type": "Contrat de concession", "dureeMois": 240}));
    assert_eq!((record.duree_mois, record.anomalies.len()), (Some(240), 0));
}

#[test]
fn a_place_is_that_of_its_name_where_the_code_is_another() {
    let Some((summary, records)) = shared("lieux.json") else {
        return;
    };
    let places: Vec<_> = records
        .iter()
        .map(|record| record.territoire.last().map_or("", String::as_str))
        .collect();
    let expected = [
        "Irigny",
        "Ville de Paris",
        "Annemasse",
        "Lacaune",
        "Carvin",
        "Roubaix",
        "Loiret",
        "Ville de Paris",
        "Croix",
        "Grand Est",
    ];
    assert_eq!(places, expected);
    let said: Vec<_> = records.iter().map(|record| !record.anomalies.is_empty()).collect();
    assert_eq!(said, [true, true, true, true, true, true, false, false, false, false]);
    assert_eq!(
        records[0].anomalies,
        ["lieu d'exécution dont le code et le nom diffèrent, lu Irigny : « 69100, Code postal, IRIGNY »"]
    );
    assert_eq!(summary.problems[&DecpProblem::PlaceDiffers], 6);
}

#[test]
fn a_place_is_said_for_each_record_that_has_it() {
    let mut contracts = ["A", "B"].map(contract);
    for contract in &mut contracts {
        contract["lieuExecution"] = json!({"code": "59200", "typeCode": "Code postal", "nom": "Roubaix"});
    }
    let records = Fixture::new().imported(&json!(contracts));
    assert!(
        records.iter().all(|record| record.anomalies.len() == 1),
        "the second is remembered"
    );
}

//! Published shapes of today's open data, and other standards.

use serde_json::{Value, json};

use super::Fixture;
use super::formats::sorted;

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
    let source = |titre: &str| json!({ "titre": titre });
    for (name, expected) in [
        (
            "ocds.json",
            json!({
                "titre": "Entretien des berges du canal", "type": "marche", "acheteur": {"nom": "Toulouse", "siret": "21310555400017"},
                "titulaires": [{"nom": "Les Jardins du Val", "siret": "12345678900029"}], "montant_ht": 18000, "date": "2024-05-02",
                "source": source("Open Contracting (OCDS)")
            }),
        ),
        (
            "boamp-records.json",
            json!({
                "titre": "Entretien des berges du canal", "type": "marche", "acheteur": {"nom": "Commune de Toulouse"},
                "titulaires": [{"nom": "Les Jardins du Val"}], "nature": "services", "procedure": "Procédure adaptée",
                "territoire": ["Occitanie", "Haute-Garonne"], "source": source("BOAMP, avis d'attribution")
            }),
        ),
    ] {
        let mut record = sorted(&fixture, &folder.join(name)).remove(0);
        let fields = record.as_object_mut().unwrap();
        fields.remove("id");
        fields.remove("anomalies");
        assert_eq!(record, expected, "{name}");
    }
}

#[test]
fn awards_of_ocds_and_of_the_boamp_are_contracts() {
    let fixture = Fixture::new();
    let award = |id: &str, status: &str| {
        json!({
            "id": id, "status": status, "date": "2024-05-02T00:00:00Z", "value": {"amount": 18000, "currency": "EUR"},
            "items": [{"id": "1", "classification": {"scheme": "CPV", "id": "77310000"}}],
            "suppliers": [{"id": "FR-SIRET-12345678900029", "name": "Les Jardins du Val"}, {"name": "La Serre"}]
        })
    };
    let release = json!({
        "ocid": "ocds-x-1", "id": "r1", "date": "2024-06-01T00:00:00Z", "tag": ["award"],
        "buyer": {"id": "FR-SIRET-213 105 554 00017", "name": "Ville de Toulouse"},
        "tender": {"title": "Entretien des berges", "procurementMethodDetails": "Procédure adaptée"},
        "awards": [award("1", "active"), award("2", "cancelled"), award("3", "active")]
    });
    let mut dollars = release.clone();
    dollars["ocid"] = json!("ocds-x-2");
    dollars["awards"] = json!([award("1", "active")]);
    dollars["awards"][0]["value"]["currency"] = json!("USD");
    let tender = json!({"ocid": "ocds-x-3", "tag": ["tender"], "tender": {"title": "Bois"}});
    let package = json!({"version": "1.1", "releases": [release, dollars, tender]});
    let records = json!({"records": [{"ocid": "ocds-x-1", "compiledRelease": release}]});
    for (name, content, written, refused) in [
        ("package.json", package.to_string(), 3, 1),
        ("records.json", records.to_string(), 2, 0),
        ("lines.jsonl", format!("{release}\n{dollars}\n"), 3, 0),
    ] {
        let summary = fixture.import(&[fixture.write(name, content)]);
        assert_eq!(
            (summary.written, summary.refused),
            (written, refused),
            "{name}: {:?}",
            summary.refusals
        );
        let record = &fixture.records("out.jsonl")[0];
        assert_eq!(record.titre, "Entretien des berges");
        assert_eq!(
            record.acheteur.as_ref().unwrap().siret.as_deref(),
            Some("21310555400017")
        );
        assert_eq!(record.titulaires.len(), 2);
        assert_eq!(record.cpv.unwrap().to_string(), "77310000-6");
        assert_eq!(record.montant_ht.unwrap().to_string(), "18000");
        assert_eq!(record.procedure.unwrap().label(), "Procédure adaptée");
        assert_eq!(record.anomalies, [] as [String; 0]);
        let amounts = fixture
            .records("out.jsonl")
            .iter()
            .filter(|record| record.montant_ht.is_some())
            .count();
        assert_eq!(amounts, 2, "{name}");
    }
    let notice = |id: &str, nature: &str| json!({"idweb": id, "id": id, "objet": "Travaux", "nomacheteur": "Ville d'Albi", "nature": nature, "type_marche": ["TRAVAUX"], "titulaire": null});
    let notices = json!({"total_count": 2, "results": [notice("24-1", "ATTRIBUTION"), notice("24-2", "APPEL_OFFRE")]});
    let summary = fixture.import(&[fixture.write("boamp.json", notices.to_string())]);
    assert_eq!((summary.written, summary.refused), (1, 1));
    assert!(
        summary.refusals[0].contains("a notice of the BOAMP that is not an award"),
        "{:?}",
        summary.refusals
    );
}

#[test]
fn keys_in_any_case_and_columns_of_json_are_read() {
    let fixture = Fixture::new();
    let mut contract = super::contract("A");
    contract["modifications"] = json!([{"montant": 60000, "dateNotificationModification": "2019-06-01"}]);
    let expected = sorted(
        &fixture,
        &fixture.write("official.json", json!({"marches": [contract]}).to_string()),
    );
    let fields = contract.as_object().unwrap();
    let capitals: serde_json::Map<String, Value> = fields
        .iter()
        .map(|(key, value)| (key.to_uppercase(), value.clone()))
        .collect();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(fields.keys()).unwrap();
    table.write_record(fields.values().map(text)).unwrap();
    let table = String::from_utf8(table.into_inner().unwrap()).unwrap();
    for (name, content) in [
        ("capitals.json", json!({"marches": [capitals]}).to_string()),
        ("nested.csv", table),
    ] {
        assert_eq!(sorted(&fixture, &fixture.write(name, content)), expected, "{name}");
    }
}

#[test]
fn a_siret_that_was_taken_for_a_number_gets_its_zero_back() {
    let fixture = Fixture::new();
    let mut contract = super::contract("A");
    contract["acheteur"]["id"] = json!(4_555_025_800_029_u64);
    contract["titulaires"][0]["id"] = json!(4_555_025_800_028_u64 + 10_000_000);
    let records = fixture.imported(&json!([contract]));
    assert_eq!(
        records[0].acheteur.as_ref().unwrap().siret.as_deref(),
        Some("04555025800029")
    );
    assert_eq!(
        records[0].titulaires[0].siret, None,
        "the check digit of the SIREN is wrong"
    );
}

#[test]
fn a_record_of_millions_of_values_is_refused() {
    let fixture = Fixture::new();
    let many = format!("[{}0]", "0,".repeat(1_000_000));
    let record = super::contract("A")
        .to_string()
        .replace("\"montant\":50000.5", &format!("\"montant\":{many}"));
    let file = fixture.write(
        "many.json",
        format!("{{\"marches\": [{record}, {}]}}", super::contract("B")),
    );
    let summary = fixture.import(&[file]);
    assert_eq!((summary.written, summary.refused), (1, 1));
    assert!(
        summary.refusals[0].contains("over 200000 values in a record"),
        "{:?}",
        summary.refusals
    );
    let elements = format!(
        "<marches><marche>{}</marche></marches>",
        "<titulaires><titulaire><id>1</id></titulaire></titulaires>".repeat(200_000)
    );
    let summary = fixture.import(&[fixture.write("many.xml", elements)]);
    let said = summary.broken().next().unwrap();
    assert!(said.contains("over 16777216 bytes in the record"), "{said}");
}

//! Damaged files and values of the wrong type.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Fixture, assert_clean, contract};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Damaged bytes never panic, and every record written is valid.
    #[test]
    fn damaged_files_are_survived(
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        end in any::<prop::sample::Index>(),
    ) {
        let fixture = Fixture::new();
        let mut bytes = json!({"marches": {"marche": [contract("A"), contract("B")], "contrat-concession": [contract("C")]}})
            .to_string()
            .into_bytes();
        for (at, byte) in cuts {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if end.index(3) == 0 {
            bytes.truncate(end.index(bytes.len()));
        }
        let file = fixture.write("in.json", &bytes);
        let summary = fixture.import(&[file]);
        prop_assert_eq!(summary.read, summary.written + summary.duplicates + summary.refused);
        if summary.written > 0 {
            assert_clean(&fixture.path("out.jsonl"));
        }
    }

    /// A value of any type in any field never loses a contract.
    #[test]
    fn any_value_in_any_field_is_survived(values in proptest::collection::vec(value(), 10)) {
        let fixture = Fixture::new();
        let mut odd = contract("A");
        let keys = ["objet", "acheteur", "codeCPV", "procedure", "lieuExecution", "dureeMois", "dateNotification", "montant", "titulaires", "modifications"];
        for (key, value) in keys.iter().zip(values) {
            odd[*key] = value;
        }
        let records = fixture.imported(&json!([odd]));
        prop_assert_eq!(records.len(), 1);
        assert_clean(&fixture.path("out.jsonl"));
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[0-9 .,/-]{0,14}".prop_map(Value::from),
        Just(json!("non-renseigne")),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let key = prop::sample::select(vec![
            "id",
            "nom",
            "code",
            "typeCode",
            "titulaire",
            "denominationSociale",
            "modification",
            "montant",
            "x",
        ]);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..3).prop_map(|entries| entries
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

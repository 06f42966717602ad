//! Files that are not JSON here and there: a bad value costs that value, a record that cannot be read costs that record.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rex_corpus::Record;
use rex_import::{DecpProblem, DecpSummary};
use serde_json::json;

use super::{Fixture, assert_clean, contract};

/// Imports a file of the format of 2019, whose records are these texts, with a good record before and after.
fn imported(records: &[&[u8]]) -> (DecpSummary, Vec<Record>) {
    let mut file = format!("{{\"marches\": [{}", contract("first")).into_bytes();
    for record in records {
        file.extend(b",\n");
        file.extend(*record);
    }
    write_last(&mut file);
    import(&file)
}

fn write_last(file: &mut Vec<u8>) {
    file.extend(format!(",\n{}]}}", contract("last")).into_bytes());
}

fn import(file: &[u8]) -> (DecpSummary, Vec<Record>) {
    let fixture = Fixture::new();
    let path = fixture.write("in.json", file);
    let summary = fixture.import(&[path]);
    assert_eq!(summary.read, summary.written + summary.duplicates + summary.refused);
    if summary.written > 0 {
        assert_clean(&fixture.path("out.jsonl"));
    }
    (summary, fixture.records("out.jsonl"))
}

/// The contract `A` with a value of `montant` and an object as they stand in a file.
fn typed(montant: &str, object: &[u8]) -> Vec<u8> {
    let text = contract("A").to_string();
    let text = text.replace("50000.5", montant);
    let (before, after) = text.split_once("Tonte des pelouses").unwrap();
    [before.as_bytes(), object, after.as_bytes()].concat()
}

#[test]
fn a_bad_value_costs_that_value_and_is_said() {
    for (montant, object, amount, title, said) in [
        (
            "1e400",
            &b"Tonte"[..],
            None,
            "Tonte",
            "valeur illisible écartée, champ montant : « 1e400 »",
        ),
        (
            "-1E999",
            b"Tonte",
            None,
            "Tonte",
            "valeur illisible écartée, champ montant : « -1E999 »",
        ),
        (
            "NaN",
            b"Tonte",
            None,
            "Tonte",
            "valeur illisible écartée, champ montant : « NaN »",
        ),
        (
            "-NaN",
            b"Tonte",
            None,
            "Tonte",
            "valeur illisible écartée, champ montant : « -NaN »",
        ),
        (
            "Infinity",
            b"Tonte",
            None,
            "Tonte",
            "valeur illisible écartée, champ montant : « Infinity »",
        ),
        (
            "-Infinity",
            b"Tonte",
            None,
            "Tonte",
            "valeur illisible écartée, champ montant : « -Infinity »",
        ),
        (
            "undefined",
            b"Tonte",
            None,
            "Tonte",
            "valeur illisible écartée, champ montant : « undefined »",
        ),
        (
            "[[1E999, NaN]]",
            b"Tonte",
            None,
            "Tonte",
            "valeur illisible écartée, champ montant : « 1E999 »",
        ),
        (
            "050000",
            b"Tonte",
            Some("50000"),
            "Tonte",
            "nombre mal écrit, lu comme texte, champ montant : « 050000 »",
        ),
        (
            "+7.",
            b"Tonte",
            Some("7"),
            "Tonte",
            "nombre mal écrit, lu comme texte, champ montant : « +7. »",
        ),
        (
            "9",
            b"Tont\\ud83d!",
            Some("9"),
            "Tont\u{fffd}!",
            "caractère illisible remplacé, champ objet : « \\ud83d »",
        ),
        (
            "9",
            b"\\ude00\\ud83d",
            Some("9"),
            "\u{fffd}\u{fffd}",
            "caractère illisible remplacé, champ objet : « \\ude00 »",
        ),
        (
            "9",
            b"Soci\xe9t\xe9",
            Some("9"),
            "Société",
            "caractère relu en Windows-1252, champ objet : « octet E9 »",
        ),
        (
            "9",
            b"Tonte\xe2\x82",
            Some("9"),
            "Tonte\u{fffd}",
            "caractère illisible remplacé, champ objet : « octet E2 »",
        ),
        (
            "9",
            b"Tonte\tdes\nbois",
            Some("9"),
            "Tonte des bois",
            "caractère de commande, champ objet : « U+0009 »",
        ),
        (
            "9",
            b"C:\\x\\u12\\q",
            Some("9"),
            "C:\\x\\u12\\q",
            "échappement inconnu, champ objet : « \\x »",
        ),
        (
            "9",
            b"l\\'eau",
            Some("9"),
            "l'eau",
            "échappement inconnu, champ objet : « \\' »",
        ),
    ] {
        let name = format!("{montant} {}", object.escape_ascii());
        let (summary, records) = imported(&[&typed(montant, object)]);
        assert_eq!((summary.written, summary.broken().next()), (3, None), "{name}");
        let record = &records[1];
        assert_eq!(record.titre, title, "{name}");
        assert_eq!(
            record.montant_ht.map(|euros| euros.to_string()).as_deref(),
            amount,
            "{name}"
        );
        assert_eq!(record.anomalies[0], said, "{name}");
        assert_eq!(
            (record.duree_mois, record.titulaires.len()),
            (Some(12), 1),
            "the rest is kept"
        );
        assert!(
            records[0].anomalies.is_empty() && records[2].anomalies.is_empty(),
            "{name}"
        );
    }
}

#[test]
fn what_is_bad_in_one_field_is_said_once_and_counted_once() {
    let bad = format!("[{}1]", "NaN, ".repeat(10_000));
    let (summary, records) = imported(&[&typed(&bad, "\u{1}\u{2}".repeat(10_000).as_bytes())]);
    assert_eq!(summary.problems[&DecpProblem::Value], 1);
    assert_eq!(summary.problems[&DecpProblem::Character], 1);
    let said = &records[1].anomalies;
    assert_eq!(
        said.iter().filter(|said| said.contains("illisible")).count(),
        1,
        "{said:?}"
    );
    // More fields than a record has room for.
    let mut many = String::from("{\"id\": \"A\", \"objet\": \"Tonte\"");
    let keys = [
        "acheteur",
        "lieuExecution",
        "montant",
        "nature",
        "objet",
        "procedure",
        "titulaires",
    ];
    for (outer, inner) in keys.iter().flat_map(|outer| keys.map(|inner| (outer, inner))) {
        let values = keys.map(|key| format!("\"{key}\": NaN")).join(", ");
        write!(many, ", \"{outer}\": {{\"{inner}\": {{{values}}}}}").unwrap();
    }
    let (_, records) = imported(&[(many + "}").as_bytes()]);
    assert_eq!(records[1].anomalies.len(), 100);
}

#[test]
fn a_bad_key_or_a_key_that_is_repeated_costs_its_value() {
    let text = contract("A").to_string();
    let key = text.replace("\"montant\"", "\"mont\u{1}ant\"");
    let (_, records) = imported(&[key.as_bytes()]);
    assert_eq!(records[1].montant_ht, None);
    assert_eq!(
        records[1].anomalies,
        ["caractère de commande, champ mont\\u0001ant : « U+0001 »"]
    );
    // Of duplicate keys the last counts.
    let twice = text.replace("\"montant\":", "\"montant\": 7, \"montant\":");
    assert_eq!(
        imported(&[twice.as_bytes()]).1[1].montant_ht.unwrap().to_string(),
        "50000.50"
    );
}

/// What docs/IMPORT.md promises: a value that is not JSON is left out and noted, and the record is kept.
#[test]
fn a_bad_value_in_any_field_keeps_the_record() {
    let good = contract("A");
    for (field, value) in good.as_object().unwrap() {
        let typed = format!("\"{field}\":{value}");
        for bad in [
            "1e400",
            "NaN",
            "-Infinity",
            "[NaN]",
            "{\"id\": 1e999}",
            "01",
            "\"\t\"",
            "\"\\ud83d\"",
            "\"\\x\"",
            "\"\u{fffe}",
        ] {
            let record = good.to_string().replace(&typed, &format!("\"{field}\":{bad}"));
            let mut record = record.into_bytes();
            // A byte that is not UTF-8.
            if let Some(at) = record.windows(3).position(|bytes| bytes == "\u{fffe}".as_bytes()) {
                record.splice(at..at + 3, *b"\xff\"");
            }
            let (summary, records) = imported(&[&record]);
            let name = format!("{field}: {bad}");
            assert_eq!(
                (summary.written, summary.broken().next()),
                (3, None),
                "{name}: {:?}",
                summary.refusals
            );
            let said = format!(", champ {field}");
            assert!(
                records[1].anomalies.iter().any(|anomaly| anomaly.contains(&said)),
                "{name}: {:?}",
                records[1].anomalies
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// A byte that is changed anywhere in a record costs no other record.
    #[test]
    fn a_damaged_byte_costs_at_most_its_record(at in any::<prop::sample::Index>(), byte in byte()) {
        let mut record = contract("A").to_string().into_bytes();
        let at = at.index(record.len());
        record[at] = byte;
        let (summary, records) = imported(&[&record]);
        let shown = record.escape_ascii();
        let ids: Vec<_> = records.iter().map(|record| record.id.as_str()).collect();
        prop_assert!(ids.iter().any(|id| id.contains("first")) && ids.iter().any(|id| id.contains("last")), "{shown}: {ids:?}");
        prop_assert_eq!(summary.broken().next(), None, "{}", shown);
        prop_assert!(ids.len() == 3 || summary.refused > 0, "{shown}: {ids:?}");
    }
}

/// Any byte, more often one that JSON gives a meaning.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![any::<u8>(), prop::sample::select(&b"{}[]\",:\\ \n0"[..])]
}

#[test]
fn a_record_that_cannot_be_read_costs_that_record() {
    let good = contract("A").to_string();
    let start = format!("{{\"marches\": [{},\n", contract("first")).len();
    for (bad, at, why) in [
        (
            good.replace("\"objet\":", "\"objet\" "),
            good.find("\"Tonte").unwrap(),
            "expected `:`",
        ),
        (good.replacen(',', "", 1), 0, "expected `,` or `}`"),
        (good.replace("\"Code postal\"", "\"Code postal\","), 0, "trailing comma"),
        (
            good.replace("\"Tonte des pelouses\"", "Tonte des pelouses"),
            0,
            "expected `,` or `}`",
        ),
        (good.replace("\"objet\"", "objet"), 0, "key must be a string"),
        (good.replace("des pelouses\"", "des pelouses"), 0, ""),
        (good.replace("Tonte des", "Tonte \"des"), 0, ""),
        (good.replace("Tonte des", "Tonte \"des\""), 0, "expected `,` or `}`"),
        (good[..good.len() - 1].to_owned(), 0, ""),
        (good[..good.find("pelouses").unwrap()].to_owned(), 0, ""),
        (good[..good.find("[").unwrap() + 1].to_owned(), 0, ""),
        (
            format!("{}{}", "[".repeat(200), "]".repeat(200)),
            0,
            "over 128 lists and objects within each other",
        ),
    ] {
        let (summary, records) = imported(&[bad.as_bytes()]);
        let ids: Vec<_> = records.iter().map(|record| record.id.as_str()).collect();
        let [refusal] = summary.refusals.as_slice() else {
            panic!("{bad}: {:?}", summary.refusals)
        };
        assert_eq!(ids.len(), 2, "{bad}: {ids:?}");
        assert!(ids[1].contains("last"), "{bad}: {ids:?}");
        assert_eq!(summary.broken().next(), None, "{bad}");
        assert!(
            refusal.contains("in.json: record 2, byte ") && refusal.contains(why),
            "{bad}: {refusal}"
        );
        if at > 0 {
            assert!(refusal.contains(&format!("byte {}: ", start + at)), "{bad}: {refusal}");
        }
    }
}

#[test]
fn a_record_that_ends_too_early_is_kept_so_far() {
    let early = contract("A").to_string().replace("59130\",", "59130\"},");
    let (summary, records) = imported(&[early.as_bytes()]);
    assert_eq!((records.len(), summary.broken().next()), (3, None));
    assert!(summary.refusals[0].contains("not an object"), "{:?}", summary.refusals);
}

#[test]
fn what_stands_between_records_costs_no_record() {
    let [a, b, c] = ["A", "B", "C"].map(|id| contract(id).to_string());
    for (file, refused) in [
        (format!("\u{feff}{{\"marches\": [{a}, {b}, {c}]}}"), 0),
        (format!("[{a}{b},,{c},]"), 0),
        (format!("[{a}, oups, {b}, \"\u{1}\", {c}]"), 2),
        (format!("{{\"marches\": [{a}]}}{{\"marches\": [{b}, {c}]}}"), 1),
        (
            format!("{{\"marches\": [{a}\n{{\"marches\": {{\"marche\": [{b}, {c}]}}}}"),
            1,
        ),
        (
            format!(
                "{{\"version\": NaN, \"vide\": \"\u{1}\", \"marches\": {{\"autre\": 1e999, \"marche\": [{a}, {b}, {c}]}}}}"
            ),
            0,
        ),
        (format!("{{\"version\" 1, \"marches\": [{a}, {b}, {c}]}}"), 1),
        (format!("{{\"titre\": \"Marchés\", x\"marches\": [{a}, {b}, {c}]}}"), 1),
        (
            format!("{{\"marches\": {{\"marche\": [{a}, {b}}}, \"contrat-concession\": [{c}]}}}}"),
            1,
        ),
    ] {
        let (summary, records) = import(file.as_bytes());
        assert_eq!(
            (records.len(), summary.broken().next()),
            (3, None),
            "{file}: {:?}",
            summary.refusals
        );
        assert_eq!(summary.refused, refused, "{file}: {:?}", summary.refusals);
    }
    let bytes = [
        b"[".as_slice(),
        a.as_bytes(),
        b",\xff\xfe,",
        b.as_bytes(),
        b"\xe9,",
        c.as_bytes(),
        b"]",
    ]
    .concat();
    let (summary, records) = import(&bytes);
    assert_eq!((records.len(), summary.refused, summary.broken().next()), (3, 2, None));
}

#[test]
fn a_record_or_a_string_that_never_ends_hides_no_other() {
    let long = "x".repeat(17 << 20);
    // Longer than a record may be, and then one whose end is missing.
    let record = json!({"id": "long", "objet": long}).to_string();
    let (summary, records) = imported(&[record.as_bytes()]);
    assert_eq!((records.len(), summary.refused), (2, 1), "{:?}", summary.refusals);
    assert!(summary.refusals[0].contains("over 16777216 bytes without the end of a record"));
    let never = format!("{{\"id\": \"never\", \"objet\": \"{}", "un mot ".repeat(3 << 20));
    let (summary, records) = imported(&[never.as_bytes()]);
    assert_eq!((records.len(), summary.refused), (2, 1), "{:?}", summary.refusals);
}

#[test]
fn a_file_of_opening_brackets_ends_in_time() {
    let begun = Instant::now();
    for part in ["{", "[{", "{\"acheteur\":1,x", "{\"acheteur\":{\"a\":", "{\"objet\":\""] {
        let file = format!("{{\"marches\": [{}", part.repeat((4 << 20) / part.len()));
        let (summary, records) = import(file.as_bytes());
        assert!(
            records.is_empty() && summary.broken().count() == 1,
            "{part}: {:?}",
            summary.refusals.len()
        );
    }
    assert!(begun.elapsed() < Duration::from_secs(300), "{:?}", begun.elapsed());
}

//! Mends the texts of a record before it is converted: texts that stand for no value, marks of publishers, wrong encodings.

use std::sync::LazyLock;

use super::anomaly::{Anomalies, DecpProblem};
use super::encoding;
use super::json::Json;
use rex_corpus::data_lines;

/// Texts that stand for no value. The case of ASCII letters does not count.
static NO_VALUE: LazyLock<Vec<&str>> = LazyLock::new(|| data_lines(include_str!("../data/no_value.txt")).collect());

/// Fields with names, in which a mark may be the beginning of one.
const NAMES: [&str; 2] = ["denominationSociale", "nom"];

/// Mends every text of a record, and reports the texts that it changes.
pub(super) fn mend(fields: &mut Json, wrong: &mut Anomalies) {
    mend_under(fields, &mut Vec::new(), wrong);
}

fn mend_under(json: &mut Json, keys: &mut Vec<&'static str>, wrong: &mut Anomalies) {
    match json {
        Json::Null => {}
        Json::List(items) => items.iter_mut().for_each(|item| mend_under(item, keys, wrong)),
        Json::Map(entries) => {
            for (key, value) in entries {
                keys.push(key);
                mend_under(value, keys, wrong);
                keys.pop();
            }
        }
        Json::Scalar(text) => {
            if is_no_value(text) {
                *json = Json::Null;
                return;
            }
            let is_name = keys.last().is_some_and(|key| NAMES.contains(key));
            if let Some(value) = unmarked(text).filter(|_| !is_name) {
                let what = format!("valeur signalée inexploitable par sa source, champ {}", keys.join("."));
                wrong.add(DecpProblem::Marked, &what, text);
                *text = value.to_owned();
            }
            if let Some(mended) = encoding::mended(text) {
                let what = format!("texte mal encodé, caractères rétablis, champ {}", keys.join("."));
                let restored: Vec<String> = mended.restored.iter().map(char::to_string).collect();
                wrong.add(DecpProblem::Encoding, &what, &restored.join(" "));
                *text = mended.text;
            }
        }
    }
}

/// Whether a text stands for no value, with or without a mark: `NaN`, `NC`, `MQ NC`.
fn is_no_value(text: &str) -> bool {
    let text = text.trim();
    // Most values are numbers, codes and dates.
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let is_listed = |text: &str| NO_VALUE.iter().any(|known| known.eq_ignore_ascii_case(text));
    let value = ["CDL", "MQ", "INX"].iter().find_map(|mark| after_mark(text, mark));
    is_listed(text) || value.is_some_and(is_listed)
}

/// The value after the mark `INX`: inexploitable. Its source writes the mark before the value that it cannot use.
fn unmarked(text: &str) -> Option<&str> {
    after_mark(text.trim(), "INX")
}

fn after_mark<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let value = text.strip_prefix(mark)?.strip_prefix(' ')?.trim();
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_stands_for_no_value_is_none() {
        for text in [
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
            " nan ",
            "-Infinity",
        ] {
            assert!(is_no_value(text), "{text}");
        }
        for text in [
            "",
            "0",
            "CDL ELECTRICITE",
            "INX 77310000-6",
            "Nancy",
            "NC Numericable",
            "MQX",
            "MQ NCX",
        ] {
            assert!(!is_no_value(text), "{text}");
        }
        assert!(is_no_value("NON COMMUNIQUÉ") && is_no_value("Non renseignée"));
    }

    #[test]
    fn a_mark_is_taken_off_a_value_but_not_off_a_name() {
        let mut fields = Json::Map(vec![
            ("codeCPV", Json::Scalar("INX 77310000-6".to_owned())),
            ("denominationSociale", Json::Scalar("INX Conseil".to_owned())),
        ]);
        let mut wrong = Anomalies::default();
        mend(&mut fields, &mut wrong);
        assert_eq!(fields.get("codeCPV").text(), "77310000-6");
        assert_eq!(fields.get("denominationSociale").text(), "INX Conseil");
        let mut counts = std::collections::BTreeMap::new();
        let said = wrong.finish(&mut counts);
        assert_eq!(
            said,
            ["valeur signalée inexploitable par sa source, champ codeCPV : « INX 77310000-6 »"]
        );
    }
}

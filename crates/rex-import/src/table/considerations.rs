//! Social and environmental considerations as people type them.

use rex_corpus::{data_lines, name_key};

/// The labels of texts, as typed where they are not known. `sociale` in a column « Clauses » is « clause sociale »; « oui »
/// is what the header names, if it does.
pub(super) fn considerations(values: &[String], header: &str) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for value in values {
        let whole = match name_key(value).as_str() {
            "oui" | "yes" | "x" => of_header(header),
            "sociale" | "sociales" | "social" => "clause sociale".to_owned(),
            "environnementale" | "environnementales" | "environnemental" => "clause environnementale".to_owned(),
            _ => value.clone(),
        };
        let label = label(&whole).map_or(whole.clone(), str::to_owned);
        // « 0.15 », « 30 % » are the weight of one.
        let is_text = label.contains(char::is_alphabetic);
        if is_text && !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// The consideration that a header names; empty without one.
fn of_header(header: &str) -> String {
    let key = name_key(header);
    let label = label(header).or_else(|| match () {
        () if key.contains("social") => Some("clause sociale"),
        () if key.contains("environnement") => Some("clause environnementale"),
        () => None,
    });
    label.unwrap_or_default().to_owned()
}

/// The label of a published spelling; empty where it says that there is none.
fn label(text: &str) -> Option<&'static str> {
    let key = name_key(text);
    let lines = data_lines(include_str!("../data/considerations.tsv")).filter_map(|line| line.split_once('\t'));
    let mut known = lines.filter(|(_, spellings)| spellings.split(';').any(|spelling| name_key(spelling) == key));
    known.next().map(|(label, _)| label)
}

#[cfg(test)]
mod tests {
    use super::considerations;

    #[test]
    fn spellings_are_labels() {
        for (values, header, expected) in [
            (
                &["Clauses sociales", "critère environnemental"][..],
                "Considérations",
                &["clause sociale", "critère environnemental"][..],
            ),
            (&["sociale"], "Clauses", &["clause sociale"]),
            (&["Oui"], "Clause sociale", &["clause sociale"]),
            (&["x"], "Considérations sociales", &["clause sociale"]),
            (&["Oui"], "Clauses", &[]),
            (&["non"], "Clause sociale", &[]),
            (&["0.15", "30 %"], "Clause sociale (%)", &[]),
            (&["Pas de considération sociale", "insertion"], "", &["insertion"]),
        ] {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            assert_eq!(considerations(&values, header), expected, "{values:?}");
        }
    }
}

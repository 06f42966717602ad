//! The lines `Propriété : valeur` below the title of a page that Notion exported.

use super::keys::field;
use crate::read::node::{Field, MAX_KEYS, Node, Value};

/// The properties of a body, each of a known field, with their lines from `first_line` on; and the body without them, with as many
/// lines. They are the first paragraph below the heading, if each of its lines has a colon.
pub(crate) fn properties(body: &str, first_line: usize) -> (Vec<Field>, String) {
    let mut found: Vec<Field> = Vec::new();
    let mut left = String::with_capacity(body.len());
    let mut lines = body.split_inclusive('\n').enumerate();
    let mut paragraph = Vec::new();
    for (index, line) in &mut lines {
        let is_blank = line.trim().is_empty();
        if index == 0 || (is_blank && paragraph.is_empty()) {
            left.push_str(line);
        } else if is_blank {
            paragraph.push((index, line));
            break;
        } else {
            paragraph.push((index, line));
        }
    }
    let are_properties = paragraph
        .iter()
        .all(|(_, line)| line.trim().is_empty() || line.contains(':'));
    for (index, line) in paragraph {
        let entry = property(line).filter(|(key, _)| {
            let is_new = found.iter().all(|known| known.key != *key);
            are_properties && is_new && found.len() < MAX_KEYS && field(key).is_some()
        });
        let Some((key, value)) = entry else {
            left.push_str(line);
            continue;
        };
        let line = first_line + index;
        found.push(Field {
            key: key.to_owned(),
            line,
            node: Node {
                line,
                value: Value::Scalar(value.to_owned()),
            },
        });
        left.push('\n');
    }
    left.extend(lines.map(|(_, line)| line));
    (found, left)
}

/// The key and the value of a line.
fn property(line: &str) -> Option<(&str, &str)> {
    const LONGEST_KEY: usize = 40;
    let (key, value) = line.split_once(':')?;
    let (key, value) = (key.trim(), value.trim());
    (!key.is_empty() && key.len() <= LONGEST_KEY && !value.is_empty()).then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_first_paragraph() {
        let body = "# Tri\n\nAcheteur: Ville de Brest\nResponsable: X\nMontant : 48 000 €\n\nLe texte: ici.\n";
        let (found, left) = properties(body, 1);
        let keys: Vec<_> = found.iter().map(|field| (field.key.as_str(), field.line)).collect();
        assert_eq!(keys, [("Acheteur", 3), ("Montant", 5)]);
        assert_eq!(left, "# Tri\n\n\nResponsable: X\n\n\nLe texte: ici.\n");
        let text = "# Tri\n\nDate: hier,\net la suite.\n";
        assert_eq!(properties(text, 1), (Vec::new(), text.to_owned()));
    }

    proptest::proptest! {
        #[test]
        fn lines_stay_where_they_are(body in "(# |Montant|Date|: |\n|\r\n|[a-zé]){0,40}") {
            let (_, left) = properties(&body, 1);
            proptest::prop_assert!(left.matches('\n').count().abs_diff(body.matches('\n').count()) <= 1);
        }
    }
}

//! Mends front matter that is not YAML but can only mean one thing.

use std::borrow::Cow;

use super::yaml::MAX_DEPTH;

/// A text with the same lines, in which tabs that indent or begin a value are spaces, and values with « : » are in quotes. `None` if
/// nothing changes.
///
/// French typography has a space before a colon; YAML has none before the colon of a key.
pub(crate) fn mended(yaml: &str) -> Option<String> {
    let mut mended = String::with_capacity(yaml.len() + 16);
    // Tabs of the lines above that this one may be part of, and the depth that they mean.
    let mut levels = vec![(0, 0)];
    let mut has_value_above = false;
    for line in yaml.split_inclusive('\n') {
        let text = line.trim_start_matches('\t');
        let tabs = line.len() - text.len();
        if text.trim().is_empty() {
            mended.push_str(text);
            continue;
        }
        levels.retain(|(above, _)| *above <= tabs);
        let (above, depth) = levels.last().copied().unwrap_or_default();
        // Below a key with a value, a line is no part of it.
        let depth = depth + usize::from(tabs > above && !has_value_above);
        if tabs > above {
            levels.push((tabs, depth));
        }
        has_value_above = value(text).is_some_and(|value| !value.is_empty());
        mended.push_str(&"  ".repeat(depth.min(MAX_DEPTH)));
        mended.push_str(&in_quotes(&with_space(text)));
    }
    (mended != yaml).then_some(mended)
}

/// The value of a line `key: value`, which may be empty. `None` for another line.
fn value(line: &str) -> Option<&str> {
    let (key, value) = line.split_once(':')?;
    let is_key = !key.trim().is_empty()
        && key
            .trim()
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
    (is_key && !key.ends_with(' ') && (value.is_empty() || value.starts_with(char::is_whitespace)))
        .then(|| value.trim())
}

/// A line with a space instead of tabs between its key and its value.
fn with_space(line: &str) -> Cow<'_, str> {
    let end = match line.starts_with("-\t") {
        true => 1,
        false => value(line).and_then(|_| line.find(':')).map_or(0, |at| at + 1),
    };
    let rest = line[end..].trim_start_matches([' ', '\t']);
    match end > 0 && line[end..line.len() - rest.len()].contains('\t') {
        true => Cow::Owned(format!("{} {rest}", &line[..end])),
        false => Cow::Borrowed(line),
    }
}

/// A line `key: value` with its value in quotes, if the value has « : » and begins as plain text.
fn in_quotes(line: &str) -> Cow<'_, str> {
    let Some(value) = value(line).filter(|value| value.contains(" : ") && value.starts_with(char::is_alphanumeric))
    else {
        return Cow::Borrowed(line);
    };
    let is_other_key = value.replace(" : ", "").contains(": ") || value.ends_with(':') || value.contains(" #");
    if is_other_key {
        return Cow::Borrowed(line);
    }
    let start = line.find(value).unwrap_or_default();
    let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
    Cow::Owned(format!(
        "{}\"{quoted}\"{}",
        &line[..start],
        &line[start + value.len()..]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_what_means_one_thing() {
        for (yaml, expected) in [
            (
                "titre: Deux points : dans le titre\n",
                Some("titre: \"Deux points : dans le titre\"\n"),
            ),
            ("titre: Un \"mot\" : deux\n", Some("titre: \"Un \\\"mot\\\" : deux\"\n")),
            ("titre:\tA\n\tmontant_ht: 5\n", Some("titre: A\nmontant_ht: 5\n")),
            (
                "acheteur:\n\tnom: A\n\tsiret: 1\n",
                Some("acheteur:\n  nom: A\n  siret: 1\n"),
            ),
            ("themes:\n\t-\ta\n\t-\tb\n", Some("themes:\n  - a\n  - b\n")),
            ("titre: a: b\n", None),
            ("titre: a : b: c\n", None),
            ("acheteur: {nom: L'Atelier: des Rives}\n", None),
            ("titre: \"a : b\"\n", None),
        ] {
            assert_eq!(mended(yaml).as_deref(), expected, "{yaml}");
        }
    }

    proptest::proptest! {
        #[test]
        fn lines_stay_where_they_are(yaml in "([a-zé:\"\t\r\n \\\\#']|: ){0,60}") {
            if let Some(mended) = mended(&yaml) {
                proptest::prop_assert_eq!(mended.matches('\n').count(), yaml.matches('\n').count());
            }
        }
    }
}

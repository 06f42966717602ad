//! Ids and titles from file names.

use std::ffi::OsStr;
use std::path::Path;

use crate::nfc::nfc;
use crate::record::id::is_record_id;
use crate::vocabulary::name_key;

/// The name of a file and, for an `index.md`, of its folder, which other programs take for the name of the page.
#[derive(Debug, Clone)]
pub(crate) struct FileName {
    pub(crate) stem: String,
    pub(crate) folder: Option<String>,
}

impl FileName {
    pub(crate) fn of(path: &Path) -> Self {
        let text = |name: Option<&OsStr>| name.map(|name| name.to_string_lossy().into_owned());
        let stem = text(path.file_stem()).unwrap_or_default();
        let folder = text(path.parent().and_then(Path::file_name)).filter(|_| stem == "index");
        Self { stem, folder }
    }
}

/// The default id of a file: its stem or, if that cannot be an id, the words of the stem in lower case, without accents and joined by
/// dashes. A stem without a letter or digit, or with a control character, is returned as it is.
pub(crate) fn default_id(stem: &str) -> String {
    /// Maximum length of a made id, in bytes.
    const LONGEST: usize = 100;
    let stem = nfc(stem);
    if is_record_id(&stem) || stem.contains(char::is_control) {
        return stem;
    }
    let mut id = String::new();
    for word in name_key(without_notion_id(&stem)).split(' ') {
        if id.len() + 1 + word.len() > LONGEST && !id.is_empty() {
            break;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(word);
    }
    if is_record_id(&id) { id } else { stem }
}

/// A title from a stem: `2024-03-15-nettoyage-mairie` is `Nettoyage mairie`.
pub(crate) fn title(stem: &str) -> String {
    let name = without_notion_id(stem);
    let name = match name.contains(' ') {
        true => name.to_owned(),
        false => name[date_length(name)..].replace(['-', '_'], " "),
    };
    let mut letters = name.trim().chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Whether a stem begins with a day, as the posts of Jekyll do.
pub(crate) fn is_dated(stem: &str) -> bool {
    date_length(stem) > 0
}

/// The length of `2024-03-15-`, if a stem begins with such a day.
fn date_length(stem: &str) -> usize {
    const PATTERN: &[u8; 11] = b"0000-00-00-";
    let begins = stem.as_bytes().get(..PATTERN.len());
    let fits = |(byte, pattern): (&u8, &u8)| match pattern {
        b'0' => byte.is_ascii_digit(),
        other => byte == other,
    };
    match begins.is_some_and(|begins| begins.iter().zip(PATTERN).all(fits)) {
        true => PATTERN.len(),
        false => 0,
    }
}

/// A stem without the 32 hexadecimal digits that Notion adds.
fn without_notion_id(stem: &str) -> &str {
    match stem.rsplit_once(' ') {
        Some((name, id)) if id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) => name,
        _ => stem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_an_id() {
        for (stem, id, named) in [
            ("Été à Évry", "ete-a-evry", "Été à Évry"),
            ("Collecte des cartons", "collecte-des-cartons", "Collecte des cartons"),
            ("berges_du-val", "berges_du-val", "Berges du val"),
            (
                "2024-03-15-nettoyage-mairie",
                "2024-03-15-nettoyage-mairie",
                "Nettoyage mairie",
            ),
            ("cas n°3 (fin).v2", "cas-n-3-fin-v2", "Cas n°3 (fin).v2"),
            ("Tri 0123456789abcdef0123456789abcdef", "tri", "Tri"),
            ("…", "…", "…"),
            ("a\u{1b}[5m", "a\u{1b}[5m", "A\u{1b}[5m"),
        ] {
            assert_eq!((default_id(stem).as_str(), title(stem).as_str()), (id, named), "{stem}");
        }
        assert!(default_id(&"mot ".repeat(200)).len() <= 100);
    }

    proptest::proptest! {
        #[test]
        fn a_made_id_is_one(stem in "\\PC{0,20}") {
            let id = default_id(&stem);
            proptest::prop_assert!(is_record_id(&id) || id == nfc(&stem));
            let _ = title(&stem);
        }
    }
}

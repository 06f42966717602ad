//! The index key of a word, equal for its inflected forms, with its stem as prefix.
//!
//! The key of a dictionary word is the stem of its lemma, [`FAMILY_END`], and the rest of the lemma. A form that inflects several
//! lemmas names them all. The key of an unknown word is its stem. So the words of one stem, a family, are neighbours in the term
//! dictionary, and a prefix query finds them.

use crate::dictionary::{Dictionary, LEMMA_SEPARATOR};

/// Separates the stem of a key from the rest of the lemma. The smallest byte in keys, so that a family sorts before longer stems.
pub const FAMILY_END: u8 = b' ';
const SEPARATOR: char = FAMILY_END as char;
/// Marks a lemma that does not begin with its stem and is written whole.
const WHOLE: char = '/';

/// The key of a form that inflects some lemmas, at least one.
pub(crate) fn key<S: AsRef<str>>(lemmas: &[S], stem: impl Fn(&str) -> String) -> String {
    let first = lemmas.first().map_or("", AsRef::as_ref);
    // A final digit distinguishes lemmas of one spelling.
    let mut key = stem(first.trim_end_matches(|c: char| c.is_ascii_digit()));
    let stem_length = key.len();
    key.push(SEPARATOR);
    match first.strip_prefix(&key[..stem_length]) {
        Some(rest) => key.push_str(rest),
        None => {
            key.push(WHOLE);
            key.push_str(first);
        }
    }
    for other in lemmas.iter().skip(1) {
        key.push_str(LEMMA_SEPARATOR);
        key.push_str(other.as_ref());
    }
    key
}

/// The stem of a key, common to the words of a family.
pub fn family(key: &str) -> &str {
    key.split_once(SEPARATOR).map_or(key, |(stem, _)| stem)
}

/// The first lemma of a key, or its stem if the dictionary does not know the word.
pub fn lemma_of(key: &str) -> String {
    let Some((stem, rest)) = key.split_once(SEPARATOR) else {
        return key.to_owned();
    };
    let first = rest.split(LEMMA_SEPARATOR).next().unwrap_or_default();
    let lemma = match first.strip_prefix(WHOLE) {
        Some(whole) => whole.to_owned(),
        None => format!("{stem}{first}"),
    };
    lemma.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
}

/// Other sets of lemmas that share a lemma with the form.
pub(crate) fn related(dictionary: &Dictionary, lemmas: &[String]) -> Vec<Vec<String>> {
    let mut related: Vec<Vec<String>> = Vec::new();
    let mut add = |set: Vec<String>| {
        if set != lemmas && !related.contains(&set) {
            related.push(set);
        }
    };
    for lemma in lemmas {
        add(vec![lemma.clone()]);
        dictionary.shared_by(lemma).into_iter().for_each(&mut add);
    }
    related
}

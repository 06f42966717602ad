//! What a word is indexed by, so that its inflected forms meet and the other words of its stem can be found.
//!
//! The key of a word of the dictionary is the stem of its lemma, [`FAMILY_END`], and what tells the lemma from others of that stem; that
//! of a form that inflects several lemmas names them all. The key of a word that the dictionary does not know is its stem. So the
//! words of one stem are neighbours in an index, and a prefix finds them.

use crate::dictionary::{Dictionary, LEMMA_SEPARATOR};

/// Between the stem of a key and what tells its lemma: the least of the bytes that a key has, so that the keys of a family come before
/// those of longer stems.
pub const FAMILY_END: u8 = b' ';
const SEPARATOR: char = FAMILY_END as char;
/// What tells a lemma that does not begin with its stem.
const WHOLE: char = '/';

/// The key of a form that inflects some lemmas, at least one.
pub(crate) fn key<S: AsRef<str>>(lemmas: &[S], stem: impl Fn(&str) -> String) -> String {
    let first = lemmas.first().map_or("", AsRef::as_ref);
    // A number tells the second lemma of a spelling from the first.
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

/// The stem that a key begins with: what the words of a family have in common.
pub fn family(key: &str) -> &str {
    key.split_once(SEPARATOR).map_or(key, |(stem, _)| stem)
}

/// The lemma that a key names, the first of several; its stem, where the dictionary does not know it.
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

/// The sets of lemmas, other than that of the form itself, whose forms inflect one of its lemmas.
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

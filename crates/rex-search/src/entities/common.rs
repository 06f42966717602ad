//! Looks up words of a query in the dictionary.

use rex_analysis::{Dictionary, Kinds};

/// Whether a folded word is the infinitive of a verb.
pub(super) fn is_infinitive(folded: &str) -> bool {
    let is_lemma = || {
        let entry = Dictionary::shipped().get(folded);
        entry.is_some_and(|entry| {
            entry.kinds().is_any_of(Kinds::VERB) && entry.lemmas().iter().any(|lemma| lemma == folded)
        })
    };
    ["er", "ir", "re"].iter().any(|end| folded.ends_with(end)) && is_lemma()
}

/// Whether the dictionary has a folded word, as a name or as any other word.
pub(super) fn is_known(folded: &str) -> bool {
    Dictionary::shipped().get(folded).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_infinitives() {
        for (token, expected) in [
            ("publier", true),
            ("combles", false),
            ("manche", false),
            ("vienne", false),
            ("mer", false),
        ] {
            assert_eq!(is_infinitive(token), expected, "{token}");
        }
    }
}

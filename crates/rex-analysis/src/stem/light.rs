//! The light stemmer of J. Savoy: plural, feminine and the commonest endings of nouns and adjectives.
//!
//! Source: J. Savoy, « Light stemming approaches for the French, Portuguese, German and Hungarian languages », Proceedings
//! of the 2006 ACM Symposium on Applied Computing, p. 1031-1035, and the rules of its appendix.

/// Replaces an ending of words of a minimum length.
struct SuffixRule {
    /// Minimum length of the word, in letters.
    length: usize,
    ending: &'static str,
    instead: &'static str,
    /// Whether to stop after this rule.
    is_last: bool,
}

const fn rule(length: usize, ending: &'static str, instead: &'static str, is_last: bool) -> SuffixRule {
    SuffixRule {
        length,
        ending,
        instead,
        is_last,
    }
}

const RULES: &[SuffixRule] = &[
    rule(10, "issement", "ir", true),
    rule(9, "issant", "ir", true),
    rule(7, "ivement", "if", true),
    rule(7, "ement", "e", true),
    rule(12, "ficatrice", "fier", true),
    rule(11, "ficateur", "fier", true),
    rule(10, "catrice", "quer", true),
    rule(9, "cateur", "quer", true),
    rule(9, "atrice", "er", true),
    rule(8, "ateur", "er", true),
    rule(7, "trice", "teur", false),
    rule(6, "ieme", "", true),
    rule(8, "teuse", "ter", true),
    rule(7, "teur", "ter", true),
    rule(6, "euse", "eu", true),
    rule(9, "ere", "er", true),
    rule(8, "ive", "if", true),
    rule(5, "folle", "fou", true),
    rule(5, "molle", "mou", true),
    rule(10, "nnelle", "n", true),
    rule(10, "nnel", "n", true),
    rule(5, "ete", "et", false),
    rule(9, "ique", "", false),
    rule(9, "esse", "e", true),
    rule(8, "inage", "in", true),
    rule(10, "ualisation", "uel", true),
    rule(10, "isation", "", true),
    rule(10, "isateur", "", true),
    rule(9, "ation", "", true),
    rule(9, "ition", "", true),
];

/// The stem of a folded word.
pub(super) fn stem(word: &str) -> String {
    if !word.is_ascii() {
        return word.to_owned();
    }
    let mut stem = singular(word);
    for rule in RULES {
        if stem.len() < rule.length {
            continue;
        }
        if let Some(radical) = stem.strip_suffix(rule.ending) {
            stem = format!("{radical}{}", rule.instead);
            if rule.is_last {
                break;
            }
        }
    }
    normalize(&stem)
}

fn singular(word: &str) -> String {
    match word.len() {
        6.. if word.ends_with("aux") && !word.ends_with("eaux") => format!("{}al", &word[..word.len() - 3]),
        4.. => word.strip_suffix(['x', 's']).unwrap_or(word).to_owned(),
        _ => word.to_owned(),
    }
}

/// Removes doubled letters, then the endings `ie`, `r` and `e`.
fn normalize(word: &str) -> String {
    if word.len() <= 4 {
        return word.to_owned();
    }
    let mut single = String::with_capacity(word.len());
    for c in word.chars() {
        if !single.ends_with(c) {
            single.push(c);
        }
    }
    if single.len() <= 4 {
        return single;
    }
    if let Some(radical) = single.strip_suffix("ie") {
        return radical.to_owned();
    }
    let mut radical = single.as_str();
    for ending in ['r', 'e'] {
        radical = radical.strip_suffix(ending).unwrap_or(radical);
    }
    radical.to_owned()
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn follows_the_algorithm() {
        for (words, expected) in [
            (["chevaux", "cheval"], "cheval"),
            (["hospitaliers", "hospitaliere"], "hospitali"),
            (["collective", "collectifs"], "colectif"),
            (["institutionnelle", "institution"], "institution"),
        ] {
            assert_eq!([stem(words[0]), stem(words[1])], [expected; 2]);
        }
    }
}

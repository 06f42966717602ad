//! The minimal stemmer of J. Savoy: plural, then the endings -r, -e, -é and a doubled consonant.
//!
//! Source: J. Savoy, « A stemming procedure and stopword list for general French corpora », Journal of the American
//! Society for Information Science 50(10), 1999, p. 944-952.

/// Shorter words are unchanged.
const MIN_LENGTH: usize = 6;

/// The stem of a folded word.
pub(super) fn stem(word: &str) -> String {
    if word.len() < MIN_LENGTH || !word.is_ascii() {
        return word.to_owned();
    }
    if let Some(radical) = word.strip_suffix("aux") {
        return format!("{radical}al");
    }
    if let Some(radical) = word.strip_suffix('x') {
        return radical.to_owned();
    }
    let mut stem = word;
    for ending in ['s', 'r', 'e'] {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    match stem.as_bytes() {
        [.., before, last] if before == last => stem[..stem.len() - 1].to_owned(),
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn follows_the_algorithm() {
        for (word, expected) in [
            ("chevaux", "cheval"),
            ("baronnes", "baron"),
            ("chantee", "chante"),
            ("lots", "lots"),
        ] {
            assert_eq!(stem(word), expected);
        }
    }
}

//! Suffix rules of a hunspell affix file with two-letter flags.

use std::collections::HashMap;

/// Flag of an entry that is a word only with a suffix.
pub(super) const NEEDS_AFFIX: &str = "()";

/// `SFX flag strip add/flags condition`.
struct Suffix {
    strip: String,
    add: String,
    /// Flags of the resulting form, whose rules apply to it in turn.
    flags: Vec<String>,
    condition: Vec<Letters>,
}

/// One position of a condition: `[^sxz]`, `e`, `.`.
enum Letters {
    Any,
    Among(Vec<char>),
    NotAmong(Vec<char>),
}

/// Suffix rules by flag. Prefixes, which only elide articles and pronouns, are ignored.
pub(super) struct Affixes(HashMap<String, Vec<Suffix>>);

impl Affixes {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if !text.lines().any(|line| line.trim() == "FLAG long") {
            return Err("index.aff: expected flags of two letters (FLAG long)".to_owned());
        }
        let mut suffixes: HashMap<String, Vec<Suffix>> = HashMap::new();
        for line in text.lines() {
            // The header line of a flag has four columns.
            let columns: Vec<_> = line.split_whitespace().collect();
            let ["SFX", flag, strip, add, condition, ..] = columns.as_slice() else {
                continue;
            };
            let (add, flags) = add.split_once('/').unwrap_or((add, ""));
            let letters = |text: &str| if text == "0" { String::new() } else { text.to_owned() };
            suffixes.entry((*flag).to_owned()).or_default().push(Suffix {
                strip: letters(strip),
                add: letters(add),
                flags: flags_of(flags),
                condition: condition_of(condition),
            });
        }
        Ok(Self(suffixes))
    }

    /// The forms of a word by its flags, and by the flags of these forms, without the word itself.
    pub(super) fn expand(&self, word: &str, flags: &[String]) -> Vec<String> {
        let mut forms = Vec::new();
        for suffix in flags.iter().filter_map(|flag| self.0.get(flag)).flatten() {
            let Some(stem) = word.strip_suffix(&suffix.strip).filter(|_| suffix.accepts(word)) else {
                continue;
            };
            let form = format!("{stem}{}", suffix.add);
            let again = suffix.flags.iter().filter_map(|flag| self.0.get(flag)).flatten();
            let made = again.filter(|again| again.accepts(&form));
            let made: Vec<_> = made
                .filter_map(|again| Some(format!("{}{}", form.strip_suffix(&again.strip)?, again.add)))
                .collect();
            forms.extend(made);
            forms.push(form);
        }
        forms
    }
}

impl Suffix {
    fn accepts(&self, word: &str) -> bool {
        let mut letters = word.chars().rev();
        self.condition.iter().rev().all(|place| match (place, letters.next()) {
            (_, None) => false,
            (Letters::Any, _) => true,
            (Letters::Among(known), Some(c)) => known.contains(&c),
            (Letters::NotAmong(known), Some(c)) => !known.contains(&c),
        })
    }
}

/// Splits flags of two letters each.
pub(super) fn flags_of(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(2).map(|flag| flag.iter().collect()).collect()
}

fn condition_of(text: &str) -> Vec<Letters> {
    let mut condition = Vec::new();
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        condition.push(match c {
            '.' => Letters::Any,
            '[' => {
                let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                match inside.strip_prefix('^') {
                    Some(inside) => Letters::NotAmong(inside.chars().collect()),
                    None => Letters::Among(inside.chars().collect()),
                }
            }
            _ => Letters::Among(vec![c]),
        });
    }
    // A single dot matches any word, an empty one too.
    if text == "." { Vec::new() } else { condition }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expands_by_condition_and_twice() {
        let affixes =
            "FLAG long\nSFX S. Y 2\nSFX S. 0 s/D' [^sxz]\nSFX a0 Y 1\nSFX a0 er é/S. [^y]er\nSFX a0 er âmes .\n";
        let affixes = Affixes::parse(affixes).unwrap();
        assert_eq!(affixes.expand("lot", &flags_of("S.L'")), ["lots"]);
        assert!(affixes.expand("prix", &flags_of("S.")).is_empty());
        assert_eq!(
            affixes.expand("danser", &flags_of("a0")),
            ["dansés", "dansé", "dansâmes"]
        );
        assert_eq!(affixes.expand("payer", &flags_of("a0")), ["payâmes"]);
        assert!(Affixes::parse("SET UTF-8").is_err());
    }
}

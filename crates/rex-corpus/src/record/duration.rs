//! Durations as people type them.

/// Numbers that people write in letters.
const NUMBERS: [&str; 12] = [
    "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
];

/// The months of `24`, `24 mois`, `2 ans`, `un an et 6 mois`, `1,5 an`. `None` for any other text, and for days and weeks.
pub(crate) fn months(text: &str) -> Option<u32> {
    const LONGEST: usize = 60;
    let text = text.trim().to_lowercase();
    if let Ok(months) = text.parse() {
        return Some(months);
    }
    if text.len() > LONGEST {
        return None;
    }
    let mut total = 0.0;
    let mut number: Option<f64> = None;
    let mut has_unit = false;
    for word in words(&text) {
        let months_each = match word.trim_end_matches('.') {
            "mois" | "month" | "months" => 1.0,
            "an" | "ans" | "année" | "années" | "annee" | "annees" | "year" | "years" => 12.0,
            "et" | "and" => continue,
            word => {
                let named = NUMBERS.iter().position(|known| *known == word);
                let named = named.map(|index| index as f64 + 1.0);
                let value = named.or_else(|| word.replace(',', ".").parse().ok())?;
                if number.replace(value).is_some() {
                    return None;
                }
                continue;
            }
        };
        total += number.take()? * months_each;
        has_unit = true;
    }
    let is_whole = has_unit && number.is_none() && total.fract() == 0.0 && (0.0..=1e6).contains(&total);
    is_whole.then_some(total as u32)
}

/// The words of a text. A digit before a letter ends a word: `24mois`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().flat_map(|word| {
        let letter = word.find(char::is_alphabetic).unwrap_or(word.len());
        let (number, unit) = word.split_at(letter);
        [number, unit].into_iter().filter(|part| !part.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_months_and_years() {
        for (text, expected) in [
            ("24", Some(24)),
            ("24 mois", Some(24)),
            ("24mois", Some(24)),
            ("2 ans", Some(24)),
            ("Deux ans", Some(24)),
            ("un an et 6 mois", Some(18)),
            ("1,5 an", Some(18)),
            ("3 années", Some(36)),
            ("90 jours", None),
            ("12 mois reconductible 3 fois", None),
            ("1,3 mois", None),
            ("2 ans 6", None),
            ("ans", None),
            ("", None),
            ("inf ans", None),
        ] {
            assert_eq!(months(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn anything_typed_is_a_duration_or_none(text in "([0-9,.]{1,4}|mois|ans|et|[ é-]){0,9}") {
            let _ = months(&text);
        }
    }
}

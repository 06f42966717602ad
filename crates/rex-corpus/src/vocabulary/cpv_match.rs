//! Recognises CPV codes with typing errors: `728 810 000`, `8530000-2`, `3111000`.

use super::{Cpv, CpvError, CpvLabels, name_key};

/// How a code was recognised, from the most certain to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CpvMatch {
    /// The text is a valid code.
    Exact,
    /// The digits are right, the punctuation differs: `752 312 408`.
    Respelled,
    /// The label given is that of a code with nearly the same digits.
    ByLabel,
    /// A zero is missing, the first or the last one, by the check digit or, for the first, by the division.
    MissingZero,
    /// The eight digits are in the list, the check digit is another one.
    WrongCheck,
}

impl CpvLabels {
    /// The code meant by a text, with the help of the label beside it if there is one.
    ///
    /// # Errors
    /// A text without a recognisable code, a code whose division does not exist, or one that is not in the complete nomenclature.
    pub fn recognize(&self, typed: &str, label: Option<&str>) -> Result<(Cpv, CpvMatch), CpvError> {
        /// With more digits, the text is no mistyped code.
        const MOST_DIGITS: usize = 11;
        let typed = typed.trim();
        let malformed = || CpvError::Malformed(typed.chars().take(40).collect());
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let is_code = |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '-' | '.' | '–' | '\u{2011}');
        if digits.is_empty() || digits.len() > MOST_DIGITS || !typed.chars().all(is_code) {
            return Err(malformed());
        }
        let labelled = label.map(|label| self.labelled(label)).unwrap_or_default();
        let written = match Cpv::parse(typed) {
            Ok(code) => Ok((code, CpvMatch::Exact)),
            Err(error) => spelled(&digits, has_check(typed))
                .map(|code| (code, CpvMatch::Respelled))
                .ok_or(error),
        };
        let written = written.and_then(|(code, reading)| {
            let known = self.knows(code).then_some((code, reading));
            known.ok_or_else(malformed)
        });
        if let Ok((code, _)) = written
            && (labelled.is_empty() || labelled.contains(&code) || self.contradicts(code, label))
        {
            return written;
        }
        if let Some(code) = nearest(&digits, &labelled) {
            return Ok((code, CpvMatch::ByLabel));
        }
        written.or_else(|error| {
            let code = self.with_missing_zero(&digits, typed);
            code.map(|code| (code, CpvMatch::MissingZero))
                .or_else(|| Some((self.with_wrong_check(&digits, typed)?, CpvMatch::WrongCheck)))
                .ok_or(error)
        })
    }

    /// Whether the list has another label for the code than the one given. The code then wins.
    fn contradicts(&self, code: Cpv, label: Option<&str>) -> bool {
        let own = self.get(code).map(name_key);
        own.is_some() && own != label.map(name_key)
    }

    /// The code of eight digits before a wrong check digit. The list must have it: a wrong digit elsewhere gives a wrong check digit too.
    fn with_wrong_check(&self, digits: &str, typed: &str) -> Option<Cpv> {
        let eight = digits.get(..8).filter(|_| digits.len() == 9 && has_check(typed))?;
        Cpv::parse(eight).ok().filter(|code| self.get(*code).is_some())
    }

    /// The code of a text of seven digits with its missing zero.
    fn with_missing_zero(&self, digits: &str, typed: &str) -> Option<Cpv> {
        let tried: &[String] = &match (digits.len(), has_check(typed)) {
            (7, false) => vec![format!("0{digits}")],
            (8, true) => {
                let (seven, check) = digits.split_at(7);
                vec![format!("0{seven}-{check}"), format!("{seven}0-{check}")]
            }
            _ => return None,
        };
        let mut codes = tried
            .iter()
            .filter_map(|code| Cpv::parse(code).ok())
            .filter(|code| self.knows(*code));
        let code = codes.next()?;
        codes.next().is_none().then_some(code)
    }
}

/// Whether a single digit follows the last hyphen, as a check digit does.
fn has_check(typed: &str) -> bool {
    typed.rsplit_once('-').is_some_and(|(_, check)| check.len() == 1)
}

/// The code of eight digits, or of eight and their check digit.
fn spelled(digits: &str, has_check: bool) -> Option<Cpv> {
    match (digits.len(), has_check) {
        (8, false) => Cpv::parse(digits).ok(),
        (9, _) => Cpv::parse(&format!("{}-{}", &digits[..8], &digits[8..])).ok(),
        _ => None,
    }
}

/// Of the codes of a label, the one with the smallest edit distance to the digits. `None` above three errors.
fn nearest(digits: &str, codes: &[Cpv]) -> Option<Cpv> {
    const MOST_ERRORS: usize = 3;
    let errors = |code: &Cpv| {
        let whole = format!("{}{}", code.digits(), code.check_digit());
        strsim::damerau_levenshtein(digits, code.digits()).min(strsim::damerau_levenshtein(digits, &whole))
    };
    let near = codes.iter().map(|code| (errors(code), *code)).min();
    near.filter(|(errors, _)| *errors <= MOST_ERRORS).map(|(_, code)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_mistyped_codes() {
        let labels = CpvLabels::shipped();
        for (typed, label, expected, reading) in [
            ("75231240-8", None, "75231240-8", CpvMatch::Exact),
            ("752 312 408", None, "75231240-8", CpvMatch::Respelled),
            ("75 231 240", None, "75231240-8", CpvMatch::Respelled),
            (
                "728 810 000",
                Some("Services d’audit informatique"),
                "72810000-1",
                CpvMatch::ByLabel,
            ),
            ("8530000-2", None, "85300000-2", CpvMatch::MissingZero),
            (
                "8530000-2",
                Some("Services d'action sociale et services connexes"),
                "85300000-2",
                CpvMatch::ByLabel,
            ),
            ("3111000", None, "03111000-2", CpvMatch::MissingZero),
            ("4543100-7", None, "45431000-7", CpvMatch::MissingZero),
            (
                "75231240-8",
                Some("Services d'audit informatique"),
                "75231240-8",
                CpvMatch::Exact,
            ),
            ("45000000-0", None, "45000000-7", CpvMatch::WrongCheck),
            ("75 231 240-1", None, "75231240-8", CpvMatch::WrongCheck),
            (
                "75231240-1",
                Some("Services d'audit informatique"),
                "75231240-8",
                CpvMatch::WrongCheck,
            ),
        ] {
            let recognised = labels
                .recognize(typed, label)
                .map(|(code, reading)| (code.to_string(), reading));
            assert_eq!(recognised, Ok((expected.to_owned(), reading)), "{typed}");
        }
    }

    #[test]
    fn refuses_other_numbers() {
        for typed in [
            "",
            "12345678",
            "00000000-1",
            "11111111-1",
            "74000000-9",
            "20190128-1",
            "7",
            "informatique",
            "123456789012",
            "75231240-8 75231240-8",
            "752312401",
            "90620000-1",
        ] {
            let recognised = CpvLabels::shipped().recognize(typed, None);
            assert!(recognised.is_err(), "{typed}: {recognised:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(typed in "[0-9a-é .-]{0,14}", label in proptest::option::of(".{0,20}")) {
            let labels = CpvLabels::shipped();
            if let Ok((code, _)) = labels.recognize(&typed, label.as_deref()) {
                proptest::prop_assert!(labels.knows(code));
            }
        }
    }
}

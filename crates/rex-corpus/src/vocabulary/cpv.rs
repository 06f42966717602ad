use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::data_lines;

/// A code of the Common Procurement Vocabulary (Regulation (EC) No 213/2008), eight digits, its check digit verified.
///
/// Parsed with or without its check digit, displayed with it: `75231240-8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Cpv([u8; 8]);

/// Why a text is not a CPV code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CpvError {
    /// Not eight digits with an optional dash and check digit.
    #[error("\"{0}\" is not a CPV code, expected eight digits and their check digit such as 75231240-8")]
    Malformed(String),
    /// The check digit does not match the eight digits.
    #[error("bad CPV check digit in \"{given}\", expected {expected} if the eight digits are right")]
    CheckDigit {
        /// The text given.
        given: String,
        /// The same eight digits with their check digit.
        expected: String,
    },
}

/// The first division is 03.
const FIRST_DIVISION: u8 = 3;

/// Prefixes of codes with the offset of their check digit, sorted.
static OFFSETS: LazyLock<Vec<(&'static str, u8)>> = LazyLock::new(|| {
    data_lines(include_str!("../data/cpv_check.tsv"))
        .filter_map(|line| {
            let (prefix, offset) = line.split_once('\t')?;
            Some((prefix, offset.parse().ok()?))
        })
        .collect()
});

static DIVISIONS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    data_lines(include_str!("../data/cpv_divisions.tsv"))
        .filter_map(|line| line.split_once('\t'))
        .collect()
});

impl Cpv {
    /// Reads `75231240-8` or `75231240`.
    ///
    /// # Errors
    /// Any other text, and a check digit that does not match.
    pub fn parse(text: &str) -> Result<Self, CpvError> {
        let text = text.trim();
        let malformed = || CpvError::Malformed(text.to_owned());
        let (digits, check) = match text.split_once('-') {
            Some((digits, check)) => (digits, Some(check)),
            None => (text, None),
        };
        let code = Self(digits.as_bytes().try_into().map_err(|_| malformed())?);
        if !code.0.iter().all(u8::is_ascii_digit) || code.division_number() < FIRST_DIVISION {
            return Err(malformed());
        }
        match check.map(str::as_bytes) {
            None => Ok(code),
            Some([digit]) if *digit == b'0' + code.check_digit() => Ok(code),
            Some([b'0'..=b'9']) => Err(CpvError::CheckDigit {
                given: text.to_owned(),
                expected: code.to_string(),
            }),
            Some(_) => Err(malformed()),
        }
    }

    /// The eight digits, without the check digit.
    pub fn digits(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a CPV code holds ASCII digits only")
    }

    /// The check digit, 0 to 9, by the rule in `data/cpv_check.tsv`.
    pub fn check_digit(self) -> u8 {
        const WEIGHTS: [u32; 8] = [3, 7, 1, 3, 7, 1, 3, 7];
        let sum: u32 = self
            .0
            .iter()
            .zip(WEIGHTS)
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        ((sum + u32::from(self.offset())) % 10) as u8
    }

    fn offset(self) -> u8 {
        let digits = self.digits();
        // A longer prefix sorts after the shorter ones: the last match is the longest.
        let before = OFFSETS.partition_point(|(prefix, _)| *prefix <= digits);
        (OFFSETS[..before].iter().rev())
            .take_while(|(prefix, _)| prefix[..2] == digits[..2])
            .find(|(prefix, _)| digits.starts_with(prefix))
            .map_or(0, |(_, offset)| *offset)
    }

    /// The branches above the code and the code itself, from the division down, eight digits each:
    /// `75231240` gives `75000000 75200000 75230000 75231000 75231200 75231240`.
    pub fn branches(&self) -> Vec<String> {
        let digits = self.digits();
        let significant = digits.trim_end_matches('0').len().max(2);
        let branch = |length| [&digits[..length], &"000000"[length - 2..]].concat();
        (2..=significant).map(branch).collect()
    }

    /// Whether it is a division: two digits, then zeros.
    pub fn is_division(&self) -> bool {
        self.digits().ends_with("000000")
    }

    /// A short French name of the division (the first two digits). `None` if Regulation 213/2008 has no such division.
    pub fn division_name(self) -> Option<&'static str> {
        let division = &self.digits()[..2];
        DIVISIONS
            .iter()
            .find(|(number, _)| *number == division)
            .map(|(_, name)| *name)
    }

    /// The 45 divisions, each with its short French name.
    pub fn divisions() -> impl Iterator<Item = (Self, &'static str)> {
        DIVISIONS
            .iter()
            .filter_map(|(number, name)| Some((Self::parse(&format!("{number:0<8}")).ok()?, *name)))
    }

    fn division_number(self) -> u8 {
        (self.0[0] - b'0')
            .saturating_mul(10)
            .saturating_add(self.0[1].saturating_sub(b'0'))
    }
}

impl fmt::Display for Cpv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.digits(), self.check_digit())
    }
}

impl From<Cpv> for String {
    fn from(cpv: Cpv) -> Self {
        cpv.to_string()
    }
}

impl TryFrom<String> for Cpv {
    type Error = CpvError;

    fn try_from(text: String) -> Result<Self, CpvError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn the_longest_matching_prefix_offsets_the_check_digit() {
        assert!(OFFSETS.is_sorted());
        for (prefix, _) in OFFSETS.iter() {
            for rest in ["0", "1", "9"] {
                let digits: String = prefix.chars().chain(rest.repeat(8).chars()).take(8).collect();
                let fitting = OFFSETS.iter().filter(|(prefix, _)| digits.starts_with(prefix));
                let (_, offset) = fitting.max_by_key(|(prefix, _)| prefix.len()).unwrap();
                let code = Cpv(digits.as_bytes().try_into().unwrap());
                assert_eq!(code.offset(), *offset, "{digits}");
            }
        }
    }

    #[test]
    fn verifies_the_check_digit() {
        for code in [
            "75231240-8",
            "72810000-1",
            "85300000-2",
            "03311000-2",
            "45000000-7",
            "65122000-0",
        ] {
            assert_eq!(Cpv::parse(code).map(|cpv| cpv.to_string()), Ok(code.to_owned()));
            assert_eq!(Cpv::parse(&code[..8]).map(|cpv| cpv.to_string()), Ok(code.to_owned()));
        }
        assert_eq!(
            Cpv::parse("75231240-9").unwrap_err().to_string(),
            "bad CPV check digit in \"75231240-9\", expected 75231240-8 if the eight digits are right"
        );
    }

    #[test]
    fn refuses_what_is_not_a_code() {
        for text in [
            "",
            "728 810 000",
            "752312408",
            "8530000-2",
            "85300000-",
            "85300000-22",
            "0000000a",
            "00000000",
            "é5300000",
        ] {
            assert!(matches!(Cpv::parse(text), Err(CpvError::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn climbs_to_the_division() {
        let branches = Cpv::parse("75231240").unwrap().branches();
        assert_eq!(
            branches,
            ["75000000", "75200000", "75230000", "75231000", "75231200", "75231240"]
        );
        assert_eq!(Cpv::parse("30000000").unwrap().branches(), ["30000000"]);
        assert_eq!(Cpv::parse("30192000").unwrap().branches().len(), 4);
    }

    #[test]
    fn agrees_with_the_whole_official_list() {
        let Some(list) = rex_tests::shared("data/cpv/cpv_2008_ver_2013_FR.csv") else {
            return;
        };
        let list = std::fs::read_to_string(list).unwrap();
        let codes: Vec<&str> = list.lines().skip(1).filter_map(|line| line.get(..10)).collect();
        assert!(codes.len() > 9_000, "only {} codes", codes.len());
        for code in codes {
            let cpv = Cpv::parse(code).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(cpv.to_string(), code);
            assert!(cpv.division_name().is_some(), "{code} has no division name");
        }
    }
}

//! Parameter values: parsing, validation and formatting.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};
use rex_corpus::{CaseType, Cpv, CpvError, Euros, Nature, Procedure, Reserve, nearest_hint, structure_label};
use rex_query::{Bounds, Facet, FacetKind, MAX_QUERY_CHARS, Matching, PATH_SEPARATOR, Selection, Sort, query_length};
use unicode_normalization::UnicodeNormalization;

use crate::problem::Problem;

/// The value that selects the cases without a value.
pub(crate) const MISSING: &str = "non-renseigne";
/// Separates the bounds of a range.
const TO: &str = "..";
/// Région, département, collectivité.
const TERRITORY_LEVELS: usize = 3;
/// Maximum length of a value in characters.
pub const MAX_VALUE_CHARS: usize = 1_000;

const SORTS: [(&str, Sort); 8] = [
    ("pertinence", Sort::Relevance),
    ("montant", Sort::Amount),
    ("-montant", Sort::AmountDescending),
    ("date", Sort::Date),
    ("-date", Sort::DateDescending),
    ("duree", Sort::Duration),
    ("-duree", Sort::DurationDescending),
    ("titre", Sort::Title),
];

const MATCHINGS: [(&str, Matching); 2] = [("most", Matching::Most), ("all", Matching::All)];

/// The value of `matching`.
pub(crate) fn matching_name(matching: Matching) -> &'static str {
    let mut names = MATCHINGS.iter().filter(|(_, named)| *named == matching);
    names.next().map_or(MATCHINGS[0].0, |(name, _)| name)
}

/// The values of `matching`.
pub fn matching_names() -> impl Iterator<Item = &'static str> {
    MATCHINGS.iter().map(|(name, _)| *name)
}

pub(crate) fn matching(value: &str) -> Result<Matching, Problem> {
    let known = MATCHINGS.iter().find(|(name, _)| *name == value);
    known.map(|(_, matching)| *matching).ok_or_else(|| {
        let detail = format!("\"{}\" is not known, expected most or all", short(value));
        Problem::invalid("matching", detail)
    })
}

/// The value of `tri` for a sort order.
pub fn sort_name(sort: Sort) -> &'static str {
    SORTS
        .iter()
        .find(|(_, named)| *named == sort)
        .map_or(SORTS[0].0, |(name, _)| name)
}

/// The values of `tri`.
pub fn sort_names() -> impl Iterator<Item = &'static str> {
    SORTS.iter().map(|(name, _)| *name)
}

/// Formats a selection as a parameter value.
pub fn selection_value(facet: Facet, selection: &Selection) -> String {
    match selection {
        Selection::Value(value) => value.clone(),
        Selection::Missing => MISSING.to_owned(),
        Selection::Range(bounds) => {
            let bound = |bound: Option<u64>| bound.map_or_else(String::new, |number| number_value(facet, number));
            format!("{}{TO}{}", bound(bounds.from), bound(bounds.to))
        }
    }
}

/// Percent-encodes a path segment or a parameter value.
pub fn encode(text: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, KEPT).to_string()
}

pub(crate) fn decode_component(encoded: &str) -> Option<String> {
    let spaced = encoded.replace('+', " ");
    let decoded = percent_decode(spaced.as_bytes()).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

pub(crate) fn unknown_parameter(name: &str, known: impl IntoIterator<Item = &'static str>) -> Problem {
    let name: String = name.chars().take(100).collect();
    Problem::UnknownParameter {
        hint: expected(&name, known),
        name,
    }
}

/// The tail of an error message about an unknown name: the nearest known name, or all of them.
pub(crate) fn expected(name: &str, known: impl IntoIterator<Item = &'static str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest_hint(name, known.iter().copied()) {
        near if near.is_empty() => format!(", expected one of: {}", known.join(", ")),
        near => near,
    }
}

pub(crate) fn query(name: &str, value: &str) -> Result<String, Problem> {
    match query_length(value) {
        length if length > MAX_QUERY_CHARS => Err(Problem::invalid(
            name,
            match value.chars().count() {
                sent if sent == length => format!("{length} characters, expected at most {MAX_QUERY_CHARS}"),
                sent => format!(
                    "{sent} characters, which stand for {length} (Unicode NFKC), expected at most {MAX_QUERY_CHARS}"
                ),
            },
        )),
        _ => Ok(value.to_owned()),
    }
}

pub(crate) fn sort(value: &str) -> Result<Sort, Problem> {
    SORTS
        .iter()
        .find(|(name, _)| *name == value)
        .map(|(_, sort)| *sort)
        .ok_or_else(|| {
            let expected = expected(&short(value), sort_names());
            Problem::invalid("tri", format!("\"{}\" is not an order{expected}", short(value)))
        })
}

pub(crate) fn number(name: &str, value: &str, max: usize) -> Result<usize, Problem> {
    let number = value.parse().ok().filter(|number| (1..=max).contains(number));
    number.ok_or_else(|| {
        Problem::invalid(
            name,
            format!(
                "\"{}\" is out of bounds, expected a whole number, 1 to {max}",
                short(value)
            ),
        )
    })
}

pub(crate) fn facets(value: &str) -> Result<Vec<Facet>, Problem> {
    let mut facets = Vec::new();
    for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let facet = Facet::from_name(name).ok_or_else(|| {
            let expected = expected(&short(name), Facet::ALL.into_iter().map(Facet::name));
            Problem::invalid("facettes", format!("\"{}\" is not a facet{expected}", short(name)))
        })?;
        if !facets.contains(&facet) {
            facets.push(facet);
        }
    }
    Ok(facets)
}

pub(crate) fn selection(facet: Facet, value: &str) -> Result<Selection, Problem> {
    // The corpus is in Unicode NFC.
    let value: String = value.trim().nfc().collect();
    let value = value.as_str();
    let invalid = |detail: String| Problem::invalid(facet.name(), detail);
    if value == MISSING {
        return Ok(Selection::Missing);
    }
    if value.is_empty() {
        return Err(invalid(format!("empty, expected a value or {MISSING}")));
    }
    if value.chars().count() > MAX_VALUE_CHARS {
        return Err(invalid(format!("a value of over {MAX_VALUE_CHARS} characters")));
    }
    if facet.kind() == FacetKind::Range {
        return bounds(facet, value).map(Selection::Range).map_err(invalid);
    }
    if facet == Facet::Annee && !is_year(value) {
        let value = short(value);
        return Err(invalid(format!(
            "\"{value}\" is not a year, expected one such as 2023; several may be given, each by itself"
        )));
    }
    if facet == Facet::Cpv {
        return match cpv(value) {
            Ok(code) => Ok(Selection::Value(code.digits().to_owned())),
            // The index decides whether this is a misprint of a code that cases have.
            Err(_) if may_be_printed_code(value) => Ok(Selection::Value(value.to_owned())),
            Err(error) => Err(invalid(error.to_string())),
        };
    }
    facet_value(facet, value).map(Selection::Value)
}

/// Whether a text consists of digits and the separators that documents print within CPV codes.
fn may_be_printed_code(value: &str) -> bool {
    let is_part =
        |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '-' | '.' | '/' | '\u{2010}'..='\u{2015}');
    value.chars().all(is_part) && value.contains(|c: char| c.is_ascii_digit())
}

pub(crate) fn is_year(value: &str) -> bool {
    value.len() == 4 && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// The canonical value of a term or hierarchical facet: labels of closed lists in their own case and accents, CPV codes as
/// eight digits.
///
/// # Errors
/// [`Problem::InvalidParameter`]: a malformed CPV code, a territory with too many levels.
pub fn facet_value(facet: Facet, value: &str) -> Result<String, Problem> {
    let value: String = value.trim().nfc().collect();
    let value = value.as_str();
    let invalid = |detail: String| Problem::invalid(facet.name(), detail);
    if facet == Facet::Territoire && value.matches(PATH_SEPARATOR).count() >= TERRITORY_LEVELS {
        return Err(invalid(format!(
            "a path of over {TERRITORY_LEVELS} levels, expected one such as Occitanie{PATH_SEPARATOR}Haute-Garonne"
        )));
    }
    Ok(match facet {
        Facet::Cpv => Cpv::parse(value)
            .map_err(|error| invalid(error.to_string()))?
            .digits()
            .to_owned(),
        // Labels of closed lists match regardless of case and accents. An unknown label matches no case.
        Facet::Procedure => label(value, Procedure::parse(value).ok().map(Procedure::label)),
        Facet::Reserve => label(value, Reserve::from_label(value).map(Reserve::label)),
        Facet::Nature => label(value, Nature::from_label(value).map(Nature::label)),
        Facet::Type => label(value, CaseType::from_label(value).map(CaseType::label)),
        Facet::Structure => label(value, structure_label(value)),
        _ => value.to_owned(),
    })
}

/// Parses a CPV code: with spaces or dots, without the dash before its check digit, or shortened to a division, group, class
/// or category.
pub(crate) fn cpv(value: &str) -> Result<Cpv, CpvError> {
    let parsed = Cpv::parse(value);
    let Err(CpvError::Malformed(_)) = parsed else {
        return parsed;
    };
    let bare: String = value.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    let is_number = bare.bytes().all(|byte| byte.is_ascii_digit());
    match bare.len() {
        2..=6 if is_number => Cpv::parse(&format!("{bare:0<8}")),
        9 if is_number => Cpv::parse(&format!("{}-{}", &bare[..8], &bare[8..])),
        8..=10 => Cpv::parse(&bare),
        _ => parsed.clone(),
    }
    // The error quotes the text as typed.
    .or(parsed)
}

/// The label of a closed list where the value is known, else the value.
pub(crate) fn label(value: &str, known: Option<&str>) -> String {
    known.unwrap_or(value).to_owned()
}

/// Parses an inclusive range: `40000..90000`, `..40000` or `90000..`.
pub(crate) fn bounds(facet: Facet, value: &str) -> Result<Bounds, String> {
    let expected = match facet {
        Facet::Montant => "expected bounds such as 40000..90000, ..40000 or 90000..",
        _ => "expected bounds such as 12..24, ..24 or 12..",
    };
    let (from, to) = value
        .split_once(TO)
        .ok_or_else(|| format!("\"{}\" is not a range, {expected}", short(value)))?;
    let bound = |text: &str| match text.trim() {
        "" => Ok(None),
        text => number_from(facet, text).map(Some),
    };
    let bounds = Bounds {
        from: bound(from)?,
        to: bound(to)?,
    };
    match bounds {
        Bounds { from: None, to: None } => Err(format!("no bound, {expected}")),
        Bounds {
            from: Some(from),
            to: Some(to),
        } if from > to => Err(format!("\"{}\" ends before it begins, {expected}", short(value))),
        bounds => Ok(bounds),
    }
}

/// Parses a bound in the unit of the index: cents for amounts, months for durations.
pub(crate) fn number_from(facet: Facet, text: &str) -> Result<u64, String> {
    match facet {
        Facet::Montant => Euros::parse(&short(text))
            .map(Euros::cents)
            .map_err(|error| error.to_string()),
        _ => text
            .parse::<u32>()
            .map(u64::from)
            .map_err(|_| format!("\"{}\" is not a number of months, expected a whole one", short(text))),
    }
}

pub(crate) fn number_value(facet: Facet, number: u64) -> String {
    match facet {
        Facet::Montant => Euros::from_cents(number).map_or_else(String::new, |amount| amount.to_string()),
        _ => number.to_string(),
    }
}

/// The part of a value that an error message quotes.
pub(crate) fn short(value: &str) -> String {
    value.chars().take(60).collect()
}

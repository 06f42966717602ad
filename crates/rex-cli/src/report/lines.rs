//! Parses the lines of the search log.

use std::io::{self, BufRead};

use rex_query::{Facet, MAX_QUERY_CHARS};
use serde::Deserialize;

/// Maximum length of a line in bytes; a query of 512 characters, each escaped as `\u0000`, is far shorter.
const MAX_LINE: usize = 16 << 10;

/// A line of the log.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LoggedSearch {
    /// `2026-11-24T21Z`.
    pub(crate) hour: String,
    /// As typed.
    #[serde(rename = "q")]
    pub(crate) query: String,
    /// Names of the facets of its filters.
    pub(crate) facets: Vec<String>,
    /// Number of hits.
    pub(crate) total: u64,
}

impl LoggedSearch {
    /// Parses a line; `None` if it is damaged.
    fn read(line: &[u8]) -> Option<Self> {
        let search: Self = serde_json::from_slice(line).ok()?;
        let has_hour = is_hour(&search.hour) && search.query.chars().count() <= MAX_QUERY_CHARS;
        let has_facets = search.facets.iter().all(|name| Facet::from_name(name).is_some());
        (has_hour && has_facets).then_some(search)
    }
}

fn is_hour(hour: &str) -> bool {
    const SHAPE: &[u8] = b"dddd-dd-ddTddZ";
    let has_shape = |(byte, shape): (u8, &u8)| {
        if *shape == b'd' {
            byte.is_ascii_digit()
        } else {
            byte == *shape
        }
    };
    hour.len() == SHAPE.len() && hour.bytes().zip(SHAPE).all(has_shape)
}

/// Calls `each` with every search of a log file, and with `None` for each damaged line. Memory is bounded by [`MAX_LINE`], whatever the
/// length of a line.
///
/// # Errors
/// If the file cannot be read.
pub(crate) fn read_lines(mut file: impl BufRead, mut each: impl FnMut(Option<LoggedSearch>)) -> io::Result<()> {
    let mut line = Vec::new();
    // Whether the current line exceeds the maximum; the rest of it is discarded.
    let mut is_too_long = false;
    loop {
        let read = file.fill_buf()?;
        if read.is_empty() {
            break;
        }
        let end = read.iter().position(|byte| *byte == b'\n');
        let part = &read[..end.unwrap_or(read.len())];
        is_too_long |= line.len() + part.len() > MAX_LINE;
        if !is_too_long {
            line.extend_from_slice(part);
        }
        let used = end.map_or(read.len(), |end| end + 1);
        file.consume(used);
        if end.is_some() {
            end_line(&mut line, &mut is_too_long, &mut each);
        }
    }
    end_line(&mut line, &mut is_too_long, &mut each);
    Ok(())
}

/// Passes a line on, unless it is empty, and starts the next one.
fn end_line(line: &mut Vec<u8>, is_too_long: &mut bool, each: &mut impl FnMut(Option<LoggedSearch>)) {
    if *is_too_long {
        each(None);
    } else if !line.is_empty() {
        each(LoggedSearch::read(line));
    }
    line.clear();
    *is_too_long = false;
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    const LINE: &str = r#"{"hour":"2026-11-24T21Z","q":"tri","facets":["cpv"],"total":3,"page":1}"#;

    fn queries(text: impl AsRef<[u8]>) -> Vec<Option<String>> {
        let mut queries = Vec::new();
        let file = BufReader::with_capacity(7, text.as_ref());
        read_lines(file, |search| queries.push(search.map(|search| search.query))).unwrap();
        queries
    }

    #[test]
    fn lines_are_read_and_damaged_ones_reported() {
        let tri = || Some("tri".to_owned());
        let half = &LINE[..30];
        let wrong_hour = LINE.replace("T21Z", "T21:30Z");
        let wrong_facet = LINE.replace("cpv", "ville");
        let text = format!("{LINE}\n\n{half}\n{LINE}\n{wrong_hour}\n{wrong_facet}\n[]\n{LINE}");
        assert_eq!(queries(text), [tri(), None, tri(), None, None, None, tri()]);
        assert_eq!(queries(b"\xff\xfe\n"), [None]);
        assert_eq!(queries(""), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_one_damaged_line() {
        let long = "x".repeat(MAX_LINE * 3);
        assert_eq!(
            queries(format!("{long}\n{LINE}\n{long}")),
            [None, Some("tri".to_owned()), None]
        );
        let query = "é".repeat(MAX_QUERY_CHARS);
        assert_eq!(queries(LINE.replace("tri", &query)), [Some(query.clone())]);
        assert_eq!(queries(LINE.replace("tri", &format!("{query}é"))), [None]);
    }
}

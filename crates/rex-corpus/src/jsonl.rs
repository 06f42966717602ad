//! Bulk records: one JSON object a line, with the fields of the front matter and a list of `sections`.

use std::io::{self, BufRead, Read};
use std::path::Path;

use crate::check::{Checker, Origin};
use crate::node::Node;
use crate::problem::Problem;
use crate::record::Record;

/// A megabyte a line: hundreds of pages, and a bound on memory whatever the file holds.
const MAX_LINE_BYTES: usize = 1 << 20;

/// Where a line of the file is.
pub(crate) struct Place {
    /// From 1.
    pub(crate) line: usize,
    /// The bytes read of the file, this line included.
    pub(crate) end: u64,
}

/// Reads every record of a file, in its order, giving each with its place and the problems found there.
///
/// # Errors
/// What reading the file gives, and what `visit` gives.
pub(crate) fn read<E: From<io::Error>>(
    path: &Path,
    mut source: impl BufRead,
    mut visit: impl FnMut(Place, Option<Record>, Vec<Problem>) -> Result<(), E>,
) -> Result<(), E> {
    let mut bytes = Vec::new();
    let mut end = 0;
    for line in 1.. {
        bytes.clear();
        source
            .by_ref()
            .take(MAX_LINE_BYTES as u64 + 1)
            .read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            break;
        }
        end += bytes.len() as u64;
        if bytes.len() > MAX_LINE_BYTES {
            let message = format!("a line of over {MAX_LINE_BYTES} bytes, expected one record a line");
            visit(Place { line, end }, None, vec![Problem::at(path, line, message)])?;
            end += source.skip_until(b'\n')? as u64;
            continue;
        }
        let mut problems = Vec::new();
        match parse(path, line, &bytes, &mut problems) {
            None if problems.is_empty() => {}
            record => visit(Place { line, end }, record, problems)?,
        }
    }
    Ok(())
}

/// The record of one line; `None` without a problem for a blank one.
fn parse(path: &Path, line: usize, bytes: &[u8], problems: &mut Vec<Problem>) -> Option<Record> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        problems.push(Problem::at(path, line, "not UTF-8, expected the file in that encoding"));
        return None;
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return None;
    }
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => Checker::new(path, problems).record(&Node::from_json(value, line), Origin::Line),
        Err(error) => {
            let message = format!(
                "not valid JSON at column {} ({error}), expected one object a line",
                error.column()
            );
            problems.push(Problem::at(path, line, message));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(bytes: &[u8]) -> (Vec<Record>, Vec<String>) {
        let (mut records, mut messages) = (Vec::new(), Vec::new());
        read::<io::Error>(Path::new("b.jsonl"), bytes, |_, record, problems| {
            records.extend(record);
            messages.extend(problems.iter().map(ToString::to_string));
            Ok(())
        })
        .unwrap();
        (records, messages)
    }

    #[test]
    fn reads_one_record_a_line() {
        let (records, messages) = read_all(
            "\u{feff}{\"id\":\"a\",\"titre\":\"A\",\"montant_ht\":12.5,\"sections\":[{\"titre\":\"S\",\"texte\":\"T\"}]}\n\n{\"id\":\"b\",\"titre\":\"B\"}"
                .as_bytes(),
        );
        assert_eq!(messages, [] as [String; 0]);
        assert_eq!(records.len(), 2);
        assert_eq!(records[0].sections[0].texte, "T");
    }

    #[test]
    fn goes_on_after_a_bad_line() {
        let mut bytes = b"{\"id\":\"a\"\n\xff\n[]\n{\"titre\":\"no id\"}\n".to_vec();
        bytes.extend(vec![b'x'; MAX_LINE_BYTES + 10]);
        bytes.extend(b"\n{\"id\":\"z\",\"titre\":\"Z\"}\n");
        let (records, messages) = read_all(&bytes);
        assert_eq!(records.len(), 1);
        let starts: Vec<_> = messages
            .iter()
            .map(|message| message.get(..26).unwrap_or(message))
            .collect();
        assert_eq!(
            starts,
            [
                "b.jsonl:1: not valid JSON ",
                "b.jsonl:2: not UTF-8, expe",
                "b.jsonl:3: a list, expecte",
                "b.jsonl:4: no field \"id\", ",
                "b.jsonl:5: a line of over ",
            ]
        );
    }
}

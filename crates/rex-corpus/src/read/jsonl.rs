//! Bulk records: one JSON object a line, with the fields of the front matter and a list of `sections`.

use std::io::{self, BufRead, Read};
use std::path::Path;

use super::content::Content;
use super::node::Node;
use crate::check::problem::Findings;
use crate::check::{Checker, Origin};
use crate::record::Record;

/// One megabyte, which is hundreds of pages. Bounds the memory for any input.
const MAX_LINE_BYTES: usize = 1 << 20;

/// Passes every line that is not blank to `visit`: its number, from 1, the offset of its end in bytes, and its content.
///
/// # Errors
/// The error of `visit`.
pub(crate) fn each_line<E>(
    mut source: impl BufRead,
    mut visit: impl FnMut(usize, u64, Content<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut bytes = Vec::new();
    let mut end = 0;
    let mut is_empty = true;
    for line in 1.. {
        let read = read_line(&mut source, &mut bytes);
        end += read.as_ref().copied().unwrap_or_default();
        match read {
            Ok(0) => break,
            Ok(length) if length > MAX_LINE_BYTES as u64 => {
                let message = format!("a line of over {MAX_LINE_BYTES} bytes, expected one record a line");
                visit(line, end, Content::Wrong(&message))?;
            }
            Ok(_) if is_blank(&bytes) => continue,
            Ok(_) => visit(line, end, Content::Line(&bytes))?,
            Err(error) => {
                let message = format!("cannot be read from here on: {error}");
                return visit(line, end, Content::Wrong(&message));
            }
        }
        is_empty = false;
    }
    if is_empty {
        let message = "the file is empty, expected one JSON object a line";
        visit(1, end, Content::Wrong(message))?;
    }
    Ok(())
}

/// Reads a line and returns its length in bytes, 0 at the end of the file. Bytes beyond the maximum length are skipped.
fn read_line(source: &mut impl BufRead, bytes: &mut Vec<u8>) -> io::Result<u64> {
    bytes.clear();
    let mut length = source
        .by_ref()
        .take(MAX_LINE_BYTES as u64 + 1)
        .read_until(b'\n', bytes)? as u64;
    if length > MAX_LINE_BYTES as u64 && !bytes.ends_with(b"\n") {
        length += source.skip_until(b'\n')? as u64;
    }
    Ok(length)
}

/// A line that begins with an object needs no scan of the rest.
fn is_blank(bytes: &[u8]) -> bool {
    !bytes.starts_with(b"{") && std::str::from_utf8(bytes).is_ok_and(|text| trimmed(text).is_empty())
}

fn trimmed(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim()
}

/// Reads the record of one line. `None` if it has a problem, which is added to `findings`.
pub(crate) fn read(path: &Path, line: usize, bytes: &[u8], findings: &mut Findings) -> Option<Record> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        findings.problem(path, line, "not UTF-8, expected the file in that encoding");
        return None;
    };
    let text = trimmed(text);
    match serde_json::from_str::<Node>(text) {
        Ok(mut node) => {
            node.shift(line);
            Checker::new(path, findings).record(&node, Origin::Line)
        }
        Err(error) => {
            let message = format!("not a record in JSON ({error}), expected one object a line");
            findings.problem(path, line, message.replace(" at line 1 column ", ", column "));
            None
        }
    }
}

/// The texts of the sections of a line, as written. Empty for a line that is not valid.
pub(crate) fn texts(bytes: &[u8]) -> Vec<String> {
    let line = std::str::from_utf8(bytes).ok().map(trimmed);
    let record: Option<serde_json::Value> = line.and_then(|line| serde_json::from_str(line).ok());
    let sections = record.as_ref().and_then(|record| record.get("sections"));
    let sections = match sections {
        Some(serde_json::Value::Array(sections)) => sections.as_slice(),
        Some(section) => std::slice::from_ref(section),
        None => &[],
    };
    let texts = sections.iter().filter_map(|section| section.get("texte")?.as_str());
    texts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(bytes: &[u8]) -> (Vec<Record>, Vec<String>) {
        let (mut records, mut messages) = (Vec::new(), Vec::new());
        let path = Path::new("b.jsonl");
        each_line::<()>(bytes, |line, _, content| {
            let mut findings = Findings::default();
            match content {
                Content::Line(bytes) => records.extend(read(path, line, bytes, &mut findings)),
                Content::File(_) => panic!("a file in a line"),
                Content::Wrong(message) => findings.problem(path, line, message),
            }
            messages.extend(findings.problems.iter().map(ToString::to_string));
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
    fn comments_are_in_no_text() {
        let (records, messages) = read_all(
            "{\"id\":\"a\",\"titre\":\"A\",\"sections\":[{\"texte\":\"Un <!-- non --> mot\"},{\"texte\":\"<!-- rien -->\"}]}".as_bytes(),
        );
        assert_eq!(messages, [] as [String; 0]);
        let texts: Vec<_> = records[0]
            .sections
            .iter()
            .map(|section| section.texte.as_str())
            .collect();
        assert_eq!(texts, ["Un  mot"]);
    }

    #[test]
    fn refuses_duplicate_keys_and_empty_files() {
        let (records, messages) = read_all(b"{\"id\":\"a\",\"id\":\"b\",\"titre\":\"T\"}\n");
        assert_eq!(records, []);
        assert_eq!(
            messages,
            ["b.jsonl:1: not a record in JSON (key \"id\" comes twice, column 14), expected one object a line"]
        );
        assert_eq!(
            read_all(b" \n\n").1,
            ["b.jsonl:1: the file is empty, expected one JSON object a line"]
        );
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
                "b.jsonl:1: not a record in",
                "b.jsonl:2: not UTF-8, expe",
                "b.jsonl:3: a list, expecte",
                "b.jsonl:4: no field \"id\", ",
                "b.jsonl:5: a line of over ",
            ]
        );
    }
}

//! Reads a collection in BEIR format (Thakur et al., 2021): documents and queries as JSON lines, judgements as tab-separated
//! columns with a header.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use rex_corpus::open_regular;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::metrics::Grade;
use crate::failure::UserError;

/// Maximum length of a line, to bound memory; well above the longest document of public collections.
const MAX_LINE_BYTES: usize = 16 << 20;

/// A document. Unknown keys are ignored.
#[derive(Debug, Deserialize)]
pub(crate) struct Document {
    /// Unique in its file.
    #[serde(rename = "_id")]
    pub(crate) id: String,
    /// Absent, null or empty if the collection has no titles.
    #[serde(default)]
    pub(crate) title: Option<String>,
    /// Plain text.
    pub(crate) text: String,
}

/// A query. Unknown keys are ignored.
#[derive(Debug, Deserialize)]
pub(crate) struct Query {
    /// Unique in its file.
    #[serde(rename = "_id")]
    pub(crate) id: String,
    /// As typed.
    pub(crate) text: String,
}

/// Grades of judged documents, by query id and document id.
pub(crate) type Judgements = HashMap<String, HashMap<String, Grade>>;

/// Calls `visit` with every document in file order, and returns all ids in that order.
///
/// # Errors
/// A file that cannot be read, a line that is not a document, an id used twice; any error of `visit`.
pub(crate) fn read_documents(
    path: &Path,
    mut visit: impl FnMut(Document) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<String>> {
    let mut ids = Ids::default();
    read_lines(path, |line, text| {
        let document: Document = parse(path, line, text, "{\"_id\": ..., \"title\": ..., \"text\": ...}")?;
        ids.add(path, line, &document.id)?;
        visit(document)
    })?;
    Ok(ids.in_order)
}

/// Every query, in file order.
///
/// # Errors
/// A file that cannot be read, a line that is not a query, an id used twice.
pub(crate) fn read_queries(path: &Path) -> anyhow::Result<Vec<Query>> {
    let mut ids = Ids::default();
    let mut queries = Vec::new();
    read_lines(path, |line, text| {
        let query: Query = parse(path, line, text, "{\"_id\": ..., \"text\": ...}")?;
        ids.add(path, line, &query.id)?;
        queries.push(query);
        Ok(())
    })?;
    Ok(queries)
}

/// Every judgement.
///
/// # Errors
/// A file that cannot be read, no header, a line of other columns, a document judged twice for one query.
pub(crate) fn read_judgements(path: &Path) -> anyhow::Result<Judgements> {
    let mut judgements = Judgements::new();
    let mut has_header = false;
    read_lines(path, |line, text| {
        let refuse = |what: &str| Err(at(path, line, what).into());
        let columns: Vec<_> = text.split('\t').collect();
        let [query, document, score] = columns[..] else {
            return refuse("expected three columns separated by tabs: query-id, corpus-id, score");
        };
        let grade = score.trim().parse::<Grade>();
        match (grade, has_header) {
            (Err(_), false) => has_header = true,
            (Ok(_), false) => return refuse("expected a header first: query-id, corpus-id, score"),
            (Err(_), true) => return refuse(&format!("the score \"{score}\" is not a whole number")),
            (Ok(grade), true) => {
                let judged = judgements.entry(query.to_owned()).or_default();
                if judged.insert(document.to_owned(), grade).is_some() {
                    return refuse(&format!(
                        "document \"{document}\" is judged twice for query \"{query}\""
                    ));
                }
            }
        }
        Ok(())
    })?;
    Ok(judgements)
}

/// Ids of one file, which must be unique.
#[derive(Default)]
struct Ids {
    in_order: Vec<String>,
    lines: HashMap<String, usize>,
}

impl Ids {
    fn add(&mut self, path: &Path, line: usize, id: &str) -> Result<(), UserError> {
        if let Some(first) = self.lines.insert(id.to_owned(), line) {
            let what = format!("duplicate _id \"{id}\", first used at line {first}");
            return Err(at(path, line, &what));
        }
        self.in_order.push(id.to_owned());
        Ok(())
    }
}

/// Calls `visit` with the number (from 1) and the text of every line that is not blank, without its line ending.
fn read_lines(path: &Path, mut visit: impl FnMut(usize, &str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let unreadable = |error| UserError(format!("cannot read {}: {error}", path.display()));
    let mut source = BufReader::new(open_regular(path).map_err(unreadable)?);
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let mut limited = source.by_ref().take(MAX_LINE_BYTES as u64 + 1);
        let length = limited.read_until(b'\n', &mut bytes).map_err(unreadable)?;
        if length == 0 {
            break;
        }
        if length > MAX_LINE_BYTES {
            let what = format!("a line longer than {MAX_LINE_BYTES} bytes");
            return Err(at(path, line, &what).into());
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| at(path, line, "not UTF-8"))?;
        let text = text.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r']);
        if !text.trim().is_empty() {
            visit(line, text)?;
        }
    }
    Ok(())
}

fn parse<T: DeserializeOwned>(path: &Path, line: usize, text: &str, expected: &str) -> Result<T, UserError> {
    serde_json::from_str(text).map_err(|error| {
        let what = format!("bad JSON ({error}), expected {expected}");
        at(path, line, &what.replace(" at line 1 column ", ", column "))
    })
}

fn at(path: &Path, line: usize, what: &str) -> UserError {
    UserError(format!("{}:{line}: {what}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A file of its own, and the folder that holds it.
    fn file(content: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, content).unwrap();
        (folder, path)
    }

    fn said<T>(result: anyhow::Result<T>, path: &Path) -> String {
        let error = result.err().expect("a refusal").to_string();
        error.replace(&path.display().to_string(), "f")
    }

    #[test]
    fn reads_documents_with_and_without_titles() {
        let (_folder, path) = file(
            "\u{feff}{\"_id\":\"a b/é\",\"title\":\"T\",\"text\":\"X\",\"url\":1}\r\n\n{\"_id\":\"2\",\"text\":\"\"}\n{\"_id\":\"3\",\"title\":null,\"text\":\"Y\"}"
                .as_bytes(),
        );
        let mut titles = Vec::new();
        let ids = read_documents(&path, |document| {
            titles.push(document.title);
            Ok(())
        });
        assert_eq!(ids.unwrap(), ["a b/é", "2", "3"]);
        assert_eq!(titles, [Some("T".to_owned()), None, None]);
    }

    #[test]
    fn invalid_json_is_named_with_its_line() {
        for (content, expected) in [
            (
                "{\"_id\":\"a\",\"text\":\"\"}\n{\"_id\":\"b\"}",
                "f:2: bad JSON (missing field `text`, column 11), expected {\"_id\": ..., \"text\": ...}",
            ),
            (
                "[1",
                "f:1: bad JSON (invalid type: integer `1`, expected a string, column 2), expected {\"_id\": ..., \"text\": ...}",
            ),
            (
                "{\"_id\":\"a\",\"text\":\"\"}\n\n{\"_id\":\"a\",\"text\":\"\"}",
                "f:3: duplicate _id \"a\", first used at line 1",
            ),
        ] {
            let (_folder, path) = file(content.as_bytes());
            assert_eq!(said(read_queries(&path), &path), expected);
        }
        let (_folder, path) = file(b"\xff\n");
        assert_eq!(said(read_queries(&path), &path), "f:1: not UTF-8");
    }

    #[test]
    fn reads_judgements() {
        let (_folder, path) = file(b"query-id\tcorpus-id\tscore\r\nq\td1\t2\r\nq\td 2\t0\r\nr\td1\t-1\r\n");
        let judgements = read_judgements(&path).unwrap();
        assert_eq!(judgements.len(), 2);
        assert_eq!(judgements["q"]["d1"], 2);
        assert_eq!(judgements["q"]["d 2"], 0);
        assert_eq!(judgements["r"]["d1"], -1);
    }

    #[test]
    fn an_invalid_judgement_is_named_with_its_line() {
        for (content, expected) in [
            ("q\td\t1\n", "f:1: expected a header first: query-id, corpus-id, score"),
            ("q\td\ts\nq\td\t1.5\n", "f:2: the score \"1.5\" is not a whole number"),
            (
                "q\td\ts\nq 0 d 1\n",
                "f:2: expected three columns separated by tabs: query-id, corpus-id, score",
            ),
            (
                "q\td\ts\nq\td\t1\nq\td\t0\n",
                "f:3: document \"d\" is judged twice for query \"q\"",
            ),
        ] {
            let (_folder, path) = file(content.as_bytes());
            assert_eq!(said(read_judgements(&path), &path), expected);
        }
    }
}

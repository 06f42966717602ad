//! TREC run files: the hits of each query, for `trec_eval` and other tools.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::failure::UserError;

/// The last column: name of the system.
const TAG: &str = "rex";

/// A run file being written: `query Q0 document rank score rex`, ranks from 1.
///
/// Tools sort by score, ignore the rank column, and break ties each in its own way. So the written scores are strictly decreasing: a
/// score that is not lower than the one before is replaced by the next lower `f32`, the precision of `trec_eval`.
pub(crate) struct RunFile {
    out: BufWriter<File>,
}

impl RunFile {
    /// Creates a file, or truncates an existing one.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn create(path: &Path) -> Result<Self, UserError> {
        let file =
            File::create(path).map_err(|error| UserError(format!("cannot write {}: {error}", path.display())))?;
        Ok(Self {
            out: BufWriter::new(file),
        })
    }

    /// Whether an id fits in a column: columns are separated by white space.
    pub(crate) fn can_hold(id: &str) -> bool {
        !id.is_empty() && !id.contains(|c: char| c.is_whitespace() || c.is_control())
    }

    /// Writes the hits of a query, best first.
    ///
    /// # Errors
    /// If writing fails.
    pub(crate) fn write<'a>(&mut self, query: &str, hits: impl IntoIterator<Item = (&'a str, f32)>) -> io::Result<()> {
        let mut least = f32::INFINITY;
        for (at, (document, score)) in hits.into_iter().enumerate() {
            least = if score < least { score } else { least.next_down() };
            // As `f64`, so that all digits are written and reading them back gives the same `f32`.
            writeln!(self.out, "{query} Q0 {document} {} {} {TAG}", at + 1, f64::from(least))?;
        }
        Ok(())
    }

    /// Flushes the file.
    ///
    /// # Errors
    /// If writing fails.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_scores_are_strictly_decreasing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run");
        let mut run = RunFile::create(&path).unwrap();
        let hits = [
            ("d3", 7.5),
            ("d9", 7.5),
            ("d1", 7.5),
            ("d4", 0.5),
            ("d5", 0.75),
            ("d6", 0.0),
            ("d7", 0.0),
        ];
        run.write("q", hits).unwrap();
        run.finish().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut least = f32::INFINITY;
        for (line, (document, _)) in text.lines().zip(hits) {
            let columns: Vec<_> = line.split(' ').collect();
            let [query, "Q0", found, _, score, "rex"] = columns[..] else {
                panic!("{line}");
            };
            let score = score.parse::<f64>().unwrap() as f32;
            assert_eq!((query, found), ("q", document));
            assert!(score < least, "{text}");
            least = score;
        }
        assert!(text.starts_with("q Q0 d3 1 7.5 ") && text.lines().count() == hits.len());
        assert!(text.contains("q Q0 d4 4 0.5 rex\n"), "{text}");
    }

    #[test]
    fn an_id_with_white_space_does_not_fit_in_a_column() {
        for (id, fits) in [
            ("é/a#b", true),
            ("a b", false),
            ("", false),
            ("a\u{a0}b", false),
            ("a\u{1c}b", false),
        ] {
            assert_eq!(RunFile::can_hold(id), fits, "{id:?}");
        }
    }
}

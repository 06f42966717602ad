//! Corpora as people keep them: exports of other programs, other spellings, other encodings.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod programs;
mod spellings;

use std::convert::Infallible;
use std::fs;
use std::path::Path;

use rex_corpus::{Corpus, Record, plain_text};

struct Read {
    records: Vec<Record>,
    notes: Vec<String>,
    problems: Vec<String>,
}

impl Read {
    fn folder(folder: &Path) -> Self {
        let mut records = Vec::new();
        let Ok(report) = Corpus::open(folder).unwrap().read(|record, _| {
            records.push(record);
            Ok::<_, Infallible>(())
        });
        let prefix = format!("{}/", folder.display());
        let lines = |lines: Vec<String>| lines.iter().map(|line| line.replace(&prefix, "")).collect();
        Self {
            records,
            notes: lines(report.notes.iter().map(ToString::to_string).collect()),
            problems: lines(report.problems.iter().map(ToString::to_string).collect()),
        }
    }

    /// A corpus of one file.
    fn one(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), content).unwrap();
        Self::folder(folder.path())
    }

    fn record(&self, id: &str) -> &Record {
        let found = self.records.iter().find(|record| record.id == id);
        found.unwrap_or_else(|| panic!("no {id} in {:?}: {:?}", self.records, self.problems))
    }

    fn only(&self) -> &Record {
        assert_eq!((self.records.len(), self.problems.len()), (1, 0), "{:?}", self.problems);
        &self.records[0]
    }

    /// The notes or problems of a file.
    fn of<'a>(lines: &'a [String], file: &str) -> Vec<&'a str> {
        let of_file = |line: &'a String| line.strip_prefix(file)?.strip_prefix(':');
        lines.iter().filter_map(of_file).collect()
    }
}

fn text(record: &Record) -> String {
    let sections = record.sections.iter();
    let texts = sections.map(|section| format!("{}{}", section.titre, plain_text(&section.texte)));
    texts.collect::<Vec<_>>().join("\n")
}

fn iso(record: &Record) -> Option<String> {
    record.date.map(|date| date.to_string())
}

proptest::proptest! {
    /// Any file is a record, problems or a note, and a record is one that JSON lines take unchanged.
    #[test]
    fn any_file_is_read_or_refused(
        fence in "---|\\+\\+\\+|\\+\\+\\+|",
        fields in proptest::collection::vec(
            ("(title|tags|categories|draft|Titre|montant|lieu|territoire|procedure|reserve|date|aliases|lots|x)",
             "(: | = |=|:\t)",
             "[a-z0-9éÉ'\"\\[\\]{},.:#&*|> -]{0,20}|\"[a-z ,;]{0,9}\"|\\[\"[a-z]{1,5}\"\\]|saumur|MAPA"),
            0..6,
        ),
        body in "(# |\\[\\[|\\]\\]|> \\[!a\\]|<p>|</p>|<!-- wp:p -->|#|\n|\n\n|[a-zé: ]){0,30}",
    ) {
        let fields: String = fields.iter().map(|(key, sign, value)| format!("{key}{sign}{value}\n")).collect();
        let read = Read::one("un cas.md", format!("{fence}\n{fields}{fence}\n{body}"));
        proptest::prop_assert!(read.records.len() + read.problems.len() + read.notes.len() > 0);
        for record in &read.records {
            let again = Read::one("a.jsonl", serde_json::to_string(record).unwrap());
            proptest::prop_assert_eq!(&again.problems, &Vec::<String>::new());
            proptest::prop_assert_eq!(&again.records[0], record);
        }
    }
}

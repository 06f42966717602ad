//! French labels of CPV codes.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{data_lines, name_key};
use crate::Cpv;
use crate::regular_file::read_regular;

/// Labels of CPV codes: the shipped ones, or the official list that a publisher downloads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CpvLabels {
    labels: BTreeMap<Cpv, String>,
    /// Whether the list is the complete nomenclature.
    is_complete: bool,
}

/// Why a file is not a list of CPV labels.
#[derive(Debug, thiserror::Error)]
pub enum CpvLabelsError {
    /// The file cannot be read.
    #[error("cannot read the CPV labels {}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file has another format.
    #[error("{}:{line}: {message}; expected a code and its French label a line, below a header such as CODE,FR", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        message: String,
    },
}

/// Maximum file size. The official list has half a megabyte.
const MAX_BYTES: u64 = 16 << 20;
/// Maximum characters of a label. The longest official one has 200.
const MAX_LABEL: usize = 500;
/// From this many codes on, a list counts as complete. The nomenclature of 2008 has 9,454.
const COMPLETE: usize = 9_000;

impl CpvLabels {
    /// A list without a label.
    pub fn none() -> Self {
        Self {
            labels: BTreeMap::new(),
            is_complete: false,
        }
    }

    /// Short names of the 45 divisions, and the labels of the codes of the shipped cases.
    pub fn shipped() -> Self {
        let labels = data_lines(include_str!("../data/cpv_labels.tsv"))
            .filter_map(|line| line.split_once('\t'))
            .filter_map(|(code, label)| Some((Cpv::parse(code).ok()?, label)));
        Self {
            labels: Cpv::divisions()
                .chain(labels)
                .map(|(code, label)| (code, label.to_owned()))
                .collect(),
            is_complete: false,
        }
    }

    /// Reads the official list as downloaded: CSV in UTF-8 with the header `CODE,FR`, separated by commas or semicolons. The crate
    /// `rex-import` reads the other formats.
    ///
    /// # Errors
    /// A file that is no regular one, is larger than 16 MiB, cannot be read or has another format, and the first line that is not a code and a label.
    pub fn read(path: &Path) -> Result<Self, CpvLabelsError> {
        let bytes = read_regular(path, MAX_BYTES).map_err(|source| CpvLabelsError::Io {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&bytes).map_err(|(line, message)| CpvLabelsError::Malformed {
            path: path.to_owned(),
            line,
            message,
        })
    }

    /// Parses a list.
    ///
    /// # Errors
    /// The first wrong line, from 1, and what is wrong with it.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, (u64, String)> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = 1 + bytes[..error.valid_up_to()]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            (line as u64, "not UTF-8".to_owned())
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let head = text.lines().next().unwrap_or_default();
        let delimiter = if head.contains(';') { b';' } else { b',' };
        let mut lines = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(text.as_bytes());
        let columns = lines.headers().map_err(|error| (1, error.to_string()))?;
        let column = |name: &str| {
            columns
                .iter()
                .position(|column| column.trim().eq_ignore_ascii_case(name))
        };
        let (Some(code), Some(label)) = (column("CODE"), column("FR")) else {
            return Err((
                1,
                format!("the columns are {}", columns.iter().collect::<Vec<_>>().join(", ")),
            ));
        };
        let mut rows = Vec::new();
        for record in lines.records() {
            let record =
                record.map_err(|error| (error.position().map_or(1, csv::Position::line), error.to_string()))?;
            let line = record.position().map_or(1, csv::Position::line);
            let cell = |column: usize| record.get(column).unwrap_or_default().to_owned();
            rows.push((line, cell(code), cell(label)));
        }
        Self::from_rows(rows)
    }

    /// The labels of a list, from any format: the line, from 1, the code, with or without its check digit, and the label.
    ///
    /// # Errors
    /// The first line that is not a code and a label, and what is wrong with it.
    pub fn from_rows(rows: impl IntoIterator<Item = (u64, String, String)>) -> Result<Self, (u64, String)> {
        let mut labels = BTreeMap::new();
        for (line, code, label) in rows {
            let code = Cpv::parse(&code).map_err(|error| (line, error.to_string()))?;
            let label = label.trim();
            if label.is_empty() || label.chars().count() > MAX_LABEL {
                return Err((line, format!("no label for {code}, or one of over {MAX_LABEL} letters")));
            }
            labels.insert(code, label.to_owned());
        }
        if labels.is_empty() {
            return Err((1, "no code".to_owned()));
        }
        Ok(Self {
            is_complete: labels.len() >= COMPLETE,
            labels,
        })
    }

    /// The label of a code.
    pub fn get(&self, code: Cpv) -> Option<&str> {
        self.labels.get(&code).map(String::as_str)
    }

    /// The label of a code. For a division without a label in the list, its short name.
    pub fn of_code(&self, code: Cpv) -> Option<&str> {
        let division = || code.division_name().filter(|_| code.is_division());
        self.get(code).or_else(division)
    }

    /// The label of a code of eight digits. `None` for any other text.
    pub fn of_digits(&self, digits: &str) -> Option<&str> {
        self.get(Cpv::parse(digits).ok()?)
    }

    /// The label of a value of the facet `cpv`, eight digits. For a division, its short name: the official one is an enumeration.
    pub fn of_branch(&self, digits: &str) -> Option<&str> {
        let code = Cpv::parse(digits).ok()?;
        match code.division_name() {
            Some(name) if code.is_division() => Some(name),
            _ => self.get(code),
        }
    }

    /// Whether a code is in the nomenclature. Checks only the division if the list is not complete.
    pub fn knows(&self, code: Cpv) -> bool {
        code.division_name().is_some() && (!self.is_complete || self.labels.contains_key(&code))
    }

    /// The codes with a label, ignoring letter case, accents and punctuation.
    pub fn labelled(&self, label: &str) -> Vec<Cpv> {
        let key = name_key(label);
        let same = self.labels.iter().filter(|(_, known)| name_key(known) == key);
        same.map(|(code, _)| *code).collect()
    }

    /// SHA-256 of the codes and labels, in hexadecimal.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for (code, label) in &self.labels {
            digest.update(code.digits());
            digest.update(label);
            digest.update([0]);
        }
        base16ct::lower::encode_string(&digest.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ships_the_divisions_and_what_the_cases_need() {
        let labels = CpvLabels::shipped();
        let label = |code: &str| labels.get(Cpv::parse(code).unwrap());
        assert_eq!(label("75231240"), Some("Services de réinsertion"));
        assert!(label("45000000").is_some() && label("45100000").is_none());
        assert_eq!(labels.labelled("SERVICES DE REINSERTION").len(), 1);
        assert!(labels.knows(Cpv::parse("45100000").unwrap()));
    }

    #[test]
    fn reads_the_official_file() {
        let labels = CpvLabels::parse(
            "\u{feff}CODE,FR\n03000000-1,\"Produits agricoles, de l'élevage\"\n03111000-2,Graines\n".as_bytes(),
        )
        .unwrap();
        assert_eq!(
            labels.get(Cpv::parse("03000000").unwrap()),
            Some("Produits agricoles, de l'élevage")
        );
        let Some(path) = rex_tests::shared("data/cpv/cpv_2008_ver_2013_FR.csv") else {
            return;
        };
        let labels = CpvLabels::read(&path).unwrap();
        assert_eq!(labels.labels.len(), 9_454);
        assert!(labels.is_complete && !labels.knows(Cpv::parse("45000001").unwrap()));
        let cleaning = Cpv::parse("90911200").unwrap();
        assert_eq!(labels.get(cleaning), Some("Services de nettoyage de bâtiments"));
    }

    #[test]
    fn says_why_a_file_is_refused() {
        for (bytes, line, expected) in [
            (&b""[..], 1, "the columns are"),
            (b"a,b\n1,2\n", 1, "the columns are a, b"),
            (b"CODE,FR\n", 1, "no code"),
            (b"CODE,FR\n03000000-1,A\nx,B\n", 3, "\"x\" is not a CPV code"),
            (b"CODE,FR\n03000000-1,\n", 2, "no label"),
            (b"CODE,FR\n\xff", 2, "not UTF-8"),
        ] {
            let (at, message) = CpvLabels::parse(bytes).unwrap_err();
            assert!(at == line && message.contains(expected), "{at}: {message}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let _ = CpvLabels::parse(&[b"CODE,FR\n".as_slice(), &bytes].concat());
        }
    }
}

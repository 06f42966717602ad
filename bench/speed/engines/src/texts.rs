//! The texts and values of a record, as Rex indexes them: every engine is given the same.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use rex_corpus::{Corpus, CpvLabels, Record};
use rex_index::{Zone, ZoneTexts};
use rex_query::{Facet, FacetKind};
use serde::Serialize;

use crate::Failure;

/// Reads the records of a file one after the other.
///
/// # Errors
/// A file that cannot be read, and what `take` fails with.
pub fn each(path: &Path, mut take: impl FnMut(&str, Record) -> Result<(), Failure>) -> Result<(), Failure> {
    let file = File::open(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    for line in BufReader::new(file).lines() {
        let line = line?;
        take(&line, serde_json::from_str(&line)?)?;
    }
    Ok(())
}

/// The label of the CPV code of a record.
pub fn label<'a>(labels: &'a CpvLabels, record: &Record) -> Option<&'a str> {
    record.cpv.and_then(|code| labels.get(code))
}

/// What engines that are not written in Rust are given.
#[derive(Serialize)]
struct Document<'a> {
    id: &'a str,
    titre: &'a str,
    /// All that is searched, once, but the label.
    texte: String,
    /// The label of the CPV code.
    libelle: &'a str,
    /// Values by facet, hierarchies at every level.
    facettes: BTreeMap<&'static str, Vec<String>>,
    /// Numbers by facet: cents, months.
    nombres: BTreeMap<&'static str, u64>,
    date: Option<u64>,
}

/// Writes the records of a corpus folder as JSON lines, as `rex import` writes contracts.
///
/// # Errors
/// A folder that is no corpus, and a file that cannot be written.
pub fn records(folder: &Path, out: &Path) -> Result<(), Failure> {
    let mut out = BufWriter::new(File::create(out)?);
    Corpus::open(folder)?.read(|record, _| -> Result<(), Failure> {
        serde_json::to_writer(&mut out, &record)?;
        Ok(out.write_all(b"\n")?)
    })?;
    Ok(out.flush()?)
}

/// Writes the documents of records, a line each.
///
/// # Errors
/// Files that cannot be read or written.
pub fn write(records: &Path, cpv: &Path, out: &Path) -> Result<(), Failure> {
    let labels = CpvLabels::read(cpv)?;
    let mut out = BufWriter::new(File::create(out)?);
    each(records, |_, record| {
        let texts = ZoneTexts::of(Zone::All, &record);
        let texts = [texts.words, texts.numbers].concat();
        let kept = |facet: &Facet| facet.kind() != FacetKind::Range;
        let document = Document {
            id: &record.id,
            titre: &record.titre,
            texte: texts.join("\n"),
            libelle: label(&labels, &record).unwrap_or_default(),
            facettes: (Facet::ALL.into_iter().filter(kept))
                .map(|facet| (facet.name(), facet.values(&record)))
                .collect(),
            nombres: (Facet::ALL.into_iter())
                .filter_map(|facet| Some((facet.name(), facet.number(&record)?)))
                .collect(),
            date: record.date.map(|date| date.sort_key()),
        };
        serde_json::to_writer(&mut out, &document)?;
        out.write_all(b"\n")?;
        Ok(())
    })?;
    Ok(out.flush()?)
}

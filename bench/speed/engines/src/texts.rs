//! The texts and values of a record, as Rex indexes them: every engine is given the same.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use rex_corpus::{Corpus, Cpv, CpvLabels, Record, plain_text};
use rex_index::{Facet, FacetKind, Zone};
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

/// The texts of a zone.
pub fn zone(zone: Zone, record: &Record) -> Vec<String> {
    let sections = record
        .sections
        .iter()
        .flat_map(|section| [section.titre.clone(), plain_text(&section.texte)]);
    match zone {
        Zone::Title => vec![record.titre.clone()],
        Zone::Parties => (record.acheteur.iter().chain(&record.titulaires))
            .flat_map(|party| std::iter::once(party.nom.clone()).chain(party.siret.clone()))
            .collect(),
        Zone::All => {
            let repeated = Zone::REPEATS
                .into_iter()
                .flat_map(|(part, times)| std::iter::repeat_n(self::zone(part, record), times).flatten());
            repeated.chain(subject(record)).chain(sections).collect()
        }
    }
}

fn subject(record: &Record) -> Vec<String> {
    let mut texts: Vec<String> = record
        .themes
        .iter()
        .chain(&record.territoire)
        .chain(&record.considerations)
        .cloned()
        .collect();
    texts.extend(Facet::Structure.values(record));
    texts.extend(record.reserve.iter().map(ToString::to_string));
    texts.extend(record.procedure.map(|procedure| procedure.label().to_owned()));
    texts.extend(record.nature.map(|nature| nature.label().to_owned()));
    texts.extend(record.cpv.iter().flat_map(|code| cpv_spellings(*code)));
    texts
}

fn cpv_spellings(code: Cpv) -> Vec<String> {
    let mut spellings = vec![code.to_string()];
    for branch in code.branches() {
        let prefix = branch.trim_end_matches('0');
        if (3..branch.len()).contains(&prefix.len()) {
            spellings.push(prefix.to_owned());
        }
        spellings.push(branch);
    }
    spellings.dedup();
    spellings
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
        let sections = record
            .sections
            .iter()
            .flat_map(|section| [section.titre.clone(), plain_text(&section.texte)]);
        let mut texts = zone(Zone::Title, &record);
        texts.extend(zone(Zone::Parties, &record));
        texts.extend(subject(&record).into_iter().chain(sections));
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

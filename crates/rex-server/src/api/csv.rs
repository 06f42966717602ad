//! Cases as CSV rows for spreadsheets.

use std::io;

use rex_corpus::{CpvLabels, Euros, Party, Record};

use super::printable::printable;
use rex_api::case_address::case_address;

/// Makes spreadsheets read the file as UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// Separates the values of a cell.
const AND: &str = " | ";
/// Maximum length of a cell in characters. Spreadsheets accept 32,767.
const MAX_CELL: usize = 32_000;

/// The header row: the fields of the front matter.
const HEADINGS: [&str; 24] = [
    "id",
    "type",
    "titre",
    "acheteur",
    "acheteur_siret",
    "titulaires",
    "titulaires_siret",
    "structures",
    "nature",
    "procedure",
    "reserve",
    "considerations",
    "lots",
    "lots_reserves",
    "cpv",
    "cpv_libelle",
    "montant_ht",
    "duree_mois",
    "territoire",
    "themes",
    "date",
    "source",
    "source_url",
    "page",
];

/// A chunk of CSV.
pub(crate) struct Table(csv::Writer<Vec<u8>>);

impl Default for Table {
    fn default() -> Self {
        let mut builder = csv::WriterBuilder::new();
        builder.delimiter(b';').terminator(csv::Terminator::CRLF);
        Self(builder.from_writer(Vec::new()))
    }
}

impl Table {
    /// A chunk that starts with the header row.
    pub(crate) fn with_headings() -> io::Result<Self> {
        let mut table = Self::default();
        let mut headings = HEADINGS.map(str::to_owned);
        headings[0].insert_str(0, BYTE_ORDER_MARK);
        table.add(&headings)?;
        Ok(table)
    }

    pub(crate) fn add(&mut self, row: &[String; HEADINGS.len()]) -> io::Result<()> {
        self.0.write_record(row).map_err(io::Error::other)
    }

    pub(crate) fn finish(self) -> io::Result<Vec<u8>> {
        self.0.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}

/// The cells of a case, in header order. `base` is the base URL of the site.
pub(crate) fn row(labels: &CpvLabels, base: &str, record: &Record) -> [String; HEADINGS.len()] {
    let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
    let holders = |of: fn(&Party) -> Option<String>| {
        let cells: Vec<String> = record
            .titulaires
            .iter()
            .map(|holder| of(holder).unwrap_or_default())
            .collect();
        one_each(&cells)
    };
    let buyer = record.acheteur.as_ref();
    let source = record.source.as_ref();
    let reserve: Vec<String> = record.reserve.iter().map(ToString::to_string).collect();
    [
        text(&record.id),
        text(record.case_type.label()),
        text(&record.titre),
        text(buyer.map_or("", |buyer| &buyer.nom)),
        buyer
            .and_then(|buyer| buyer.siret.as_deref())
            .map_or_else(String::new, siret),
        holders(|holder| Some(holder.nom.clone())),
        holders(|holder| holder.siret.as_deref().map(siret)),
        holders(|holder| Some(holder.structure.join(", "))),
        text(record.nature.map_or("", rex_corpus::Nature::label)),
        text(record.procedure.map_or("", rex_corpus::Procedure::label)),
        several(&reserve),
        several(&record.considerations),
        number(record.lots.map(|lots| lots.nombre)),
        number(record.lots.and_then(|lots| lots.reserves)),
        record.cpv.map_or_else(String::new, |cpv| cpv.to_string()),
        text(record.cpv.and_then(|cpv| labels.of_code(cpv)).unwrap_or_default()),
        record.montant_ht.map_or_else(String::new, amount),
        number(record.duree_mois),
        text(&record.territoire.join(rex_query::PATH_SEPARATOR)),
        several(&record.themes),
        record.date.map_or_else(String::new, |date| date.to_string()),
        text(source.and_then(|source| source.titre.as_deref()).unwrap_or_default()),
        text(source.and_then(|source| source.url.as_deref()).unwrap_or_default()),
        format!("{base}{}", case_address(&record.id)),
    ]
}

/// A multi-valued cell.
fn several(values: &[String]) -> String {
    text(&values.join(AND))
}

/// A cell with one value per contractor, so that the contractor columns align; empty where all values are.
fn one_each(values: &[String]) -> String {
    if values.iter().all(String::is_empty) {
        String::new()
    } else {
        several(values)
    }
}

/// Prevents formula injection (OWASP, "CSV Injection"): prefixes an apostrophe, which spreadsheets hide. Removes control
/// characters and truncates.
fn text(text: &str) -> String {
    const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let kept: String = printable(text).take(MAX_CELL).collect();
    if kept.trim_start().starts_with(FORMULA_STARTS) {
        format!("'{kept}")
    } else {
        kept
    }
}

/// Grouped digits: a spreadsheet would read 14 plain digits as a number and round it.
fn siret(siret: &str) -> String {
    match siret.len() {
        14 if siret.is_ascii() => {
            let (siren, establishment) = siret.split_at(9);
            format!("{} {} {} {establishment}", &siren[..3], &siren[3..6], &siren[6..])
        }
        _ => text(siret),
    }
}

/// A decimal comma and no thousands separator, so that French spreadsheets read a number.
fn amount(amount: Euros) -> String {
    match amount.cents() % 100 {
        0 => (amount.cents() / 100).to_string(),
        cents => format!("{},{cents:02}", amount.cents() / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_as_a_formula_is_shown_and_not_run() {
        for formula in ["=1+1", "+33 6", "-x", "@SUM(A1)", " =1", "＝1", "\u{8}=1", "\t=1"] {
            let cell = text(formula);
            assert!(cell.starts_with('\''), "{formula:?} gives {cell:?}");
        }
        assert_eq!(text("Lot 1 = tri\nLot 2"), "Lot 1 = tri\nLot 2");
        assert_eq!(text("Lot\t1\u{8}, tri\r\nLot 2"), "Lot 1, tri\nLot 2");
        assert_eq!(several(&["=a".to_owned(), "b".to_owned()]), "'=a | b");
        assert_eq!(one_each(&[String::new(), "b".to_owned()]), " | b");
        assert_eq!(one_each(&[String::new(), String::new()]), "");
    }

    #[test]
    fn figures_are_those_of_a_french_spreadsheet() {
        assert_eq!(amount(Euros::from_cents(35_000_000).unwrap()), "350000");
        assert_eq!(amount(Euros::from_cents(12_772_150).unwrap()), "127721,50");
        assert_eq!(siret("32884730400035"), "328 847 304 00035");
        assert_eq!(siret("=1"), "'=1");
    }
}

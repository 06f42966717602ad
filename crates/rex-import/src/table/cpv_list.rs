//! The labels of CPV codes in a table, or in the XML of the official publication.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use rex_corpus::{Cpv, CpvLabels, name_key};

use super::cell::Cell;
use super::sheet::{Row, Sheet};
use crate::text_encoding::decoded;

/// The first wrong line or row, from 1, and what is wrong with it.
type Problem = (u64, String);

/// Rows above the header that may be a title.
const MAX_TITLE_ROWS: usize = 20;

/// The labels in a table: a row for each code, with or without its check digit, and its label. Of several languages, French.
///
/// The columns are known by their headers (`CODE` and `FR`, `Code CPV` and `Libellé`...), or without headers by the codes.
///
/// # Errors
/// A table without such columns, and the first row that is not a code and a label.
pub fn cpv_labels(sheets: &[Sheet]) -> Result<CpvLabels, (u64, String)> {
    let found = sheets.iter().find_map(|sheet| Some((sheet, columns(&sheet.rows)?)));
    let Some((sheet, columns)) = found else {
        return Err(without_columns(sheets));
    };
    let rows = sheet.rows[columns.first..].iter();
    CpvLabels::from_rows(rows.map(|row| {
        let text = |column: usize| row.cell(column).to_string();
        (row.number as u64, code(row.cell(columns.code)), text(columns.label))
    }))
}

/// The labels in the XML of the official publication: `<CPV CODE="…"><TEXT LANG="FR">…</TEXT></CPV>`.
///
/// # Errors
/// A file that is not such XML, and the first code without a French label.
pub fn cpv_labels_of_xml(bytes: &[u8]) -> Result<CpvLabels, (u64, String)> {
    let text = decoded(bytes).0;
    let mut reader = Reader::from_str(&text);
    // Offsets in place of lines: to count those of each code would take quadratic time.
    let mut rows: Vec<(u64, String, String)> = Vec::new();
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event();
        let event = event.map_err(|error| (line(&text, start), format!("not the XML of the CPV: {error}")))?;
        match event {
            Event::Start(tag) if tag.name().as_ref() == "CPV" => {
                rows.push((start as u64, attribute(&tag, "CODE"), String::new()));
            }
            Event::Start(tag) if tag.name().as_ref() == "TEXT" && attribute(&tag, "LANG") == "FR" => {
                let label = reader.read_text(tag.name());
                let label = label.map_err(|error| (line(&text, start), format!("not the XML of the CPV: {error}")))?;
                if let Some((_, _, last)) = rows.last_mut() {
                    *last = unescape(&label).map_or_else(|_| label.to_string(), Cow::into_owned);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    CpvLabels::from_rows(rows).map_err(|(start, message)| (line(&text, start as usize), message))
}

/// The line of a byte offset, from 1.
fn line(text: &str, offset: usize) -> u64 {
    let before = text.get(..offset).unwrap_or(text);
    1 + before.bytes().filter(|byte| *byte == b'\n').count() as u64
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let found = tag.try_get_attribute(name).ok().flatten();
    found.map(|found| found.value.into_owned()).unwrap_or_default()
}

/// Where the codes and the labels are.
struct Columns {
    code: usize,
    label: usize,
    /// Index of the first row of codes.
    first: usize,
}

fn columns(rows: &[Row]) -> Option<Columns> {
    let start = rows.iter().take(MAX_TITLE_ROWS);
    let headed = start.clone().enumerate().find_map(|(index, row)| {
        let (code, label) = headers(row)?;
        Some(Columns {
            code,
            label,
            first: index + 1,
        })
    });
    headed.or_else(|| {
        start.enumerate().find_map(|(index, row)| {
            let is_code = |(_, cell): &(usize, &Cell)| Cpv::parse(&code(cell)).is_ok();
            let is_label =
                |(_, cell): &(usize, &Cell)| matches!(cell, Cell::Text(text) if text.contains(char::is_alphabetic));
            let code = row.filled().find(is_code)?.0;
            let label = row.filled().find(is_label)?.0;
            Some(Columns {
                code,
                label,
                first: index,
            })
        })
    })
}

/// The columns of the codes and of the labels by their headers.
fn headers(row: &Row) -> Option<(usize, usize)> {
    const LABELS: &[&str] = &[
        "label",
        "description",
        "name",
        "nom",
        "title",
        "titre",
        "intitule",
        "designation",
        "denomination",
        "texte",
        "text",
        "bezeichnung",
        "beschreibung",
        "descripcion",
        "descrizione",
        "descricao",
        "omschrijving",
        "en",
    ];
    let keys: Vec<(usize, String)> = row
        .filled()
        .map(|(column, cell)| (column, name_key(&cell.to_string())))
        .collect();
    let says = |key: &str, word: &str| key.split(' ').any(|own| own == word);
    let named = |is: &dyn Fn(&str) -> bool| keys.iter().find(|(_, key)| is(key)).map(|(column, _)| *column);
    let code = named(&|key| ["code", "code cpv", "cpv code", "cpv", "codes cpv"].contains(&key))
        .or_else(|| named(&|key| says(key, "code")))?;
    let others = || keys.iter().filter(|(column, _)| *column != code);
    let other = |is: &dyn Fn(&str) -> bool| others().find(|(_, key)| is(key)).map(|(column, _)| *column);
    let label = other(&|key| key == "fr")
        .or_else(|| other(&|key| ["fr", "francais", "french"].iter().any(|word| says(key, word))))
        .or_else(|| other(&|key| says(key, "libelle") || says(key, "libelles")))
        .or_else(|| other(&|key| LABELS.iter().any(|word| says(key, word))));
    // Of two columns, the other one.
    let only = others().next().filter(|_| keys.len() == 2).map(|(column, _)| *column);
    Some((code, label.or(only)?))
}

/// A code as typed. A number has lost its leading zero.
fn code(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => format!("{number:08}"),
        cell => cell.to_string().split_whitespace().collect(),
    }
}

fn without_columns(sheets: &[Sheet]) -> Problem {
    let Some(first) = sheets.first().and_then(|sheet| sheet.rows.first()) else {
        return (1, "no code".to_owned());
    };
    const MOST: usize = 30;
    let names: Vec<String> = first.filled().take(MOST).map(|(_, cell)| cell.to_string()).collect();
    (first.number as u64, format!("the columns are {}", names.join(", ")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use super::*;
    use crate::table::{csv_sheet, workbook_sheets};
    use rex_tests::spreadsheet::{ods_of, xlsx_of};

    fn label(labels: &CpvLabels, code: &str) -> Option<String> {
        labels.of_digits(code).map(str::to_owned)
    }

    fn of_csv(bytes: &[u8]) -> Result<CpvLabels, Problem> {
        cpv_labels(&[csv_sheet(bytes).unwrap()])
    }

    #[test]
    fn reads_lists_under_other_headers() {
        for text in [
            "CODE;FR\n77310000-6;Été",
            "Code CPV;Libellé\n77310000;Été",
            "CODE\tBG\tEN\tFR\tGA\n77310000-6\tx\ty\tÉté\tz",
            "N°,Code du vocabulaire commun,Libellé français\n1,77310000-6,Été",
            "CPV;Description FR;Description EN\n77310000-6;Été;Summer",
            "Main code,Label\n77310000 - 6,Été",
            "CPV-Code;Bezeichnung\n77310000-6;Été",
            "Cpv;Wort\n77310000-6;Été",
            "Vocabulaire CPV 2008\n\nCODE;FR\n77310000-6;Été",
            "77310000-6;Été",
        ] {
            let labels = of_csv(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(label(&labels, "77310000").as_deref(), Some("Été"), "{text}");
        }
    }

    #[test]
    fn reads_spreadsheets_and_a_code_that_lost_its_zero() {
        let rows: [&[&str]; 3] = [
            &["CODE", "EN", "FR"],
            &["=3111000", "Seeds", "Graines"],
            &["77310000-6", "Green", "Espaces verts"],
        ];
        let labels = cpv_labels(&workbook_sheets(&xlsx_of(&rows)).unwrap()).unwrap();
        assert_eq!(label(&labels, "03111000").as_deref(), Some("Graines"));
        assert_eq!(label(&labels, "77310000").as_deref(), Some("Espaces verts"));
        let labels = cpv_labels(&workbook_sheets(&ods_of(&[rows[0], rows[2]])).unwrap()).unwrap();
        assert_eq!(label(&labels, "77310000").as_deref(), Some("Espaces verts"));
    }

    #[test]
    fn reads_the_official_xml() {
        let xml = "<?xml version=\"1.0\"?>\n<CPV_CODES>\n<CPV CODE=\"77310000-6\">\n <TEXT LANG=\"EN\">Green</TEXT>\n <TEXT LANG=\"FR\">Réalisation &amp; entretien</TEXT>\n</CPV>\n<CPV CODE=\"03111000-2\"><TEXT LANG='FR'>Graines</TEXT></CPV></CPV_CODES>";
        let labels = cpv_labels_of_xml(xml.as_bytes()).unwrap();
        assert_eq!(label(&labels, "77310000").as_deref(), Some("Réalisation & entretien"));
        assert_eq!(label(&labels, "03111000").as_deref(), Some("Graines"));
        for (xml, at, expected) in [
            ("<a/>", 1, "no code"),
            (
                "<a>\n<CPV CODE=\"x\"><TEXT LANG=\"FR\">A</TEXT></CPV></a>",
                2,
                "\"x\" is not a CPV code",
            ),
            (
                "<a>\n\n<CPV CODE=\"77310000-6\"><TEXT LANG=\"EN\">A</TEXT></CPV></a>",
                3,
                "no label",
            ),
            (
                "<a>\n<CPV CODE=\"77310000-6\"><TEXT LANG=\"FR\">A",
                2,
                "not the XML of the CPV",
            ),
        ] {
            let (line, message) = cpv_labels_of_xml(xml.as_bytes()).unwrap_err();
            assert!(line == at && message.contains(expected), "{line}: {message}");
        }
    }

    #[test]
    fn the_wrong_row_is_named() {
        for (text, line, expected) in [
            ("a;b;c\n1;2;3", 1, "the columns are a, b, c"),
            ("CODE;FR\n", 1, "no code"),
            ("CODE;FR\n03000000-1;A\nx;B\n", 3, "\"x\" is not a CPV code"),
            (
                "CODE;FR\n\n03000000-9;A\n",
                3,
                "bad CPV check digit in \"03000000-9\", expected 03000000-1",
            ),
            ("CODE;FR\n03000000-1;\n", 2, "no label"),
        ] {
            let (at, message) = of_csv(text.as_bytes()).unwrap_err();
            assert!(at == line && message.contains(expected), "{text}: {at}: {message}");
        }
    }

    #[test]
    fn reads_each_input_of_the_kind() {
        let Some(folder) = rex_tests::shared("data/cases/cpv") else {
            return;
        };
        let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
        for name in ["autres-noms.csv", "tabulations.tsv"] {
            assert_eq!(
                label(&of_csv(&read(name)).unwrap(), "77310000").as_deref(),
                Some("Espaces verts"),
                "{name}"
            );
        }
        let labels = of_csv(&read("windows-1252.csv")).unwrap();
        assert_eq!(
            label(&labels, "77310000").as_deref(),
            Some("Réalisation et entretien d espaces verts")
        );
        let labels = cpv_labels_of_xml(&read("cpv.xml")).unwrap();
        assert_eq!(label(&labels, "77310000").as_deref(), Some("Espaces verts"));
    }

    #[test]
    fn the_official_list_is_the_same_in_each_form() {
        let Some(path) = rex_tests::shared("data/cpv/cpv_2008_ver_2013_FR.csv") else {
            return;
        };
        let labels = CpvLabels::read(&path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(of_csv(&bytes).unwrap(), labels);
        let sheet = csv_sheet(&bytes).unwrap();
        let mut xml = String::from("<CPV_CODES>");
        for row in &sheet.rows[1..] {
            let text = quick_xml::escape::escape(row.cell(1).to_string()).into_owned();
            xml.push_str(&format!(
                "<CPV CODE=\"{}\"><TEXT LANG=\"FR\">{text}</TEXT></CPV>",
                row.cell(0)
            ));
        }
        assert_eq!(
            cpv_labels_of_xml(format!("{xml}</CPV_CODES>").as_bytes()).unwrap(),
            labels
        );
    }

    proptest::proptest! {
        #[test]
        fn any_xml_is_labels_or_an_error(text in "(<CPV CODE=\"77310000\">|</CPV>|<TEXT LANG=\"FR\">|</TEXT>|&amp;|&|<|é|<!\\[CDATA\\[|\n){0,12}") {
            let _ = cpv_labels_of_xml(text.as_bytes());
        }
    }
}

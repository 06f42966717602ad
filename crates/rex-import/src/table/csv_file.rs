//! The rows of a CSV file.

use std::borrow::Cow;

use crate::delimiter::delimiter;
use crate::text_encoding::decoded;

use super::cell::Cell;
use super::sheet::{RowCollector, Sheet, SheetError};

/// Reads a CSV file: separated by `;`, `,`, tabs or `|`, in UTF-8, UTF-16 or Windows-1252.
///
/// # Errors
/// A file that is not text, is empty or is over a bound.
pub fn csv_sheet(bytes: &[u8]) -> Result<Sheet, SheetError> {
    let text = decoded(bytes).0;
    if text.contains('\0') {
        return Err(SheetError::NoText);
    }
    // Excel reads its own first line « sep=; » and does not count it as a row.
    let (declared, text) = declared_delimiter(&text);
    let mut text = line_feeds(text).into_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let delimiter = declared.unwrap_or_else(|| regular_delimiter(&text));
    let mut records = reader(delimiter, &text);
    let mut record = csv::StringRecord::new();
    let mut collected = RowCollector::default();
    // Line breaks inside cells: a row of the sheet can be several lines of the file.
    let (mut inside, mut row) = (0, 0);
    while records.read_record(&mut record).unwrap_or(false) {
        inside += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let end = usize::try_from(records.position().line()).unwrap_or(usize::MAX);
        // A cell that is not closed has no end of line.
        row = end.saturating_sub(1 + inside).max(row + 1);
        for (column, cell) in record.iter().enumerate() {
            collected.add(row, column, Cell::from_text(cell))?;
        }
    }
    if collected.rows.is_empty() {
        return Err(SheetError::Empty);
    }
    let open = open_quote(&text, delimiter).map(|line| {
        format!("the quotation mark in line {line} is not closed: what follows is read as the text of one cell")
    });
    Ok(Sheet {
        rows: collected.rows,
        doubts: open.into_iter().collect(),
        ..Sheet::default()
    })
}

/// The line of the quotation mark that begins a cell and is not closed.
fn open_quote(text: &str, delimiter: u8) -> Option<usize> {
    let (mut opened, mut closed) = (None, None);
    let (mut line, mut is_start) = (1, true);
    for byte in text.bytes() {
        (opened, closed) = match (byte, opened) {
            (b'"', Some(start)) => (None, Some(start)),
            // A doubled mark is one of the text of a cell.
            (b'"', None) => (closed.or(is_start.then_some(line)), None),
            (_, opened) => (opened, None),
        };
        is_start = byte == delimiter || byte == b'\n';
        line += usize::from(byte == b'\n');
    }
    opened
}

fn reader(delimiter: u8, text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The delimiter by which most of the first rows have one number of cells, two or more: a title above the table, or a comma in a
/// text, does not mislead it.
fn regular_delimiter(text: &str) -> u8 {
    const ROWS: usize = 30;
    let regular = |delimiter: u8| {
        let rows = reader(delimiter, text).into_records().take(ROWS);
        let widths: Vec<usize> = rows.filter_map(Result::ok).map(|row| row.len()).collect();
        let alike = |width: &usize| widths.iter().filter(|other| *other == width).count();
        let most = widths
            .iter()
            .filter(|width| **width > 1)
            .map(|width| (alike(width), *width))
            .max();
        most.unwrap_or_default()
    };
    let likely = delimiter(text.as_bytes());
    let others = [b';', b',', b'\t', b'|'].into_iter().filter(|other| *other != likely);
    // Of equals the last, which is the one of the first line.
    let known = others.chain([likely]).max_by_key(|delimiter| regular(*delimiter));
    known.unwrap_or(likely)
}

/// The delimiter of a first line `sep=;`, and the text after it.
fn declared_delimiter(text: &str) -> (Option<u8>, &str) {
    let rest = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP="));
    match rest.and_then(|rest| rest.split_at_checked(1)) {
        Some((delimiter, rest)) if rest.starts_with(['\r', '\n']) && delimiter.is_ascii() => {
            let rest = rest.strip_prefix('\r').unwrap_or(rest);
            (delimiter.bytes().next(), rest.strip_prefix('\n').unwrap_or(rest))
        }
        _ => (None, text),
    }
}

/// The text with the line ends of Windows and of old Macs as line feeds.
fn line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, SheetError> {
        let shown = |row: &super::super::Row| {
            let cells: Vec<String> = row.cells.iter().map(ToString::to_string).collect();
            format!("{}:{}", row.number, cells.join("|"))
        };
        let sheet = csv_sheet(bytes)?;
        Ok(sheet.rows.iter().map(shown).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn reads_what_spreadsheets_and_platforms_write() {
        let utf16: Vec<u8> = "\u{feff}é\tb\n1\t2".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, expected) in [
            ("a;b\n1;2\n".as_bytes(), "1:a|b 2:1|2"),
            ("\u{feff}a,b\r\n\"1, 2\",3\r\n".as_bytes(), "1:a|b 2:1, 2|3"),
            (b"a\tb\r1\t2", "1:a|b 2:1|2"),
            (b"\xe9;\x80\n", "1:é|€"),
            (&utf16, "1:é|b 2:1|2"),
            (b"sep=,\r\na,b;c\n1,2", "1:a|b;c 2:1|2"),
            // Rows are counted as a spreadsheet shows them: with empty ones, and line breaks in a cell are no row.
            (b"\n\na;b\n\n;\n\"1\n2\";3\n4;5", "3:a|b 6:1\n2|3 7:4|5"),
            (
                b"Les cas; en 2024\n\na,b,c\n1,2,3\n4,5,6\n",
                "1:Les cas; en 2024 3:a|b|c 4:1|2|3 5:4|5|6",
            ),
            (
                b"titre;texte\nun;deux, trois, quatre\ncinq;six, sept\n",
                "1:titre|texte 2:un|deux, trois, quatre 3:cinq|six, sept",
            ),
            (b"titre\nun\n", "1:titre 2:un"),
        ] {
            assert_eq!(
                read(bytes).as_deref(),
                Ok(expected),
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn what_is_no_table_is_said() {
        assert_eq!(read(b""), Err(SheetError::Empty));
        assert_eq!(read(b" \n;;\n"), Err(SheetError::Empty));
        assert_eq!(read(b"a\0b"), Err(SheetError::NoText));
        assert_eq!(read("a;".repeat(600).as_bytes()), Err(SheetError::Columns(1)));
        assert_eq!(read("a;b\n".repeat(20_001).as_bytes()), Err(SheetError::Rows));
        let long = format!("a;b\n1;{}", "x".repeat(200_000));
        assert_eq!(read(long.as_bytes()), Err(SheetError::Cell("B2".to_owned())));
        let doubts = |text: &[u8]| csv_sheet(text).unwrap().doubts.join(" ");
        assert!(doubts(b"a;b\n\"1;2\n3;4\n").starts_with("the quotation mark in line 2 is not closed"));
        assert!(doubts(b"a;b\n\"1\n\"\"2\"\"\";2\n3;\"4\n").contains("in line 4 "));
        assert_eq!(read(b"a;b\n1;\"2\n").as_deref(), Ok("1:a|b 2:1|2"));
        // An inch is no quotation mark.
        assert_eq!(doubts(b"a;b\n27\";2\n\"\";\"x\"\"\"\n"), "");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_rows_in_order(bytes in proptest::collection::vec(proptest::sample::select(&b"a;,\"\n\r\t|\xe9 0\xff"[..]), 0..200)) {
            if let Ok(sheet) = csv_sheet(&bytes) {
                proptest::prop_assert!(sheet.rows.windows(2).all(|pair| pair[0].number < pair[1].number));
                proptest::prop_assert!(sheet.rows.iter().all(|row| row.filled().count() > 0));
            }
        }

        #[test]
        fn texts_are_read_as_they_were_written(rows in proptest::collection::vec(proptest::collection::vec("[a-z,;\"\n ]{0,8}x", 2..5), 1..6)) {
            let mut writer = csv::WriterBuilder::new().delimiter(b';').flexible(true).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let written = [b"sep=;\n".as_slice(), &writer.into_inner().unwrap()].concat();
            let sheet = csv_sheet(&written).unwrap();
            let read: Vec<Vec<String>> = sheet.rows.iter().map(|row| row.cells.iter().map(ToString::to_string).collect()).collect();
            let trimmed: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect()).collect();
            proptest::prop_assert_eq!(read, trimmed);
            proptest::prop_assert!(sheet.rows.iter().enumerate().all(|(index, row)| row.number == index + 1));
        }
    }
}

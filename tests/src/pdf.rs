//! Builds PDF files, good ones and hostile ones.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Height of the pages.
const TOP: usize = 1_500;
/// The objects that every file here begins with: catalogue, pages, font.
const FONT: &[u8] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

/// A PDF with pages of text lines.
pub fn text(pages: &[&str]) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = vec![catalogue(), Vec::new(), FONT.to_vec()];
    let mut kids = String::new();
    for page in pages {
        let mut content = b"BT /F1 10 Tf\n".to_vec();
        for (rank, line) in page.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
            content.extend(format!("1 0 0 1 40 {} Tm (", TOP - 40 - rank * 12).into_bytes());
            content.extend(line.chars().flat_map(win_ansi));
            content.extend(b") Tj\n");
        }
        content.extend(b"ET");
        let number = objects.len() + 1;
        kids.push_str(&format!("{number} 0 R "));
        objects.push(page_object(number + 1, ""));
        objects.push(stream("", &content));
    }
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()).into_bytes();
    file(&objects)
}

/// A PDF of one page: `content` is its stream object, number 5, and `others` are further objects, from number 6 on, of which the
/// page names the first as the form `/X`.
pub fn page(content: Vec<u8>, others: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    page_of(FONT, content, others)
}

/// A PDF of one page as [`page`], in whose font the letter `A` stands for a text, as ligatures do.
pub fn page_of_ligature(text: &str, content: Vec<u8>) -> Vec<u8> {
    let font = String::from_utf8_lossy(FONT).replace(" >>", " /ToUnicode 6 0 R >>");
    let codes: String = text.encode_utf16().map(|code| format!("{code:04X}")).collect();
    let map = format!("1 beginbfchar\n<41> <{codes}>\nendbfchar\n");
    page_of(font.as_bytes(), content, [stream("", map.as_bytes())])
}

fn page_of(font: &[u8], content: Vec<u8>, others: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut objects = vec![
        catalogue(),
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_vec(),
        font.to_vec(),
        page_object(5, "/XObject << /X 6 0 R >>"),
        content,
    ];
    objects.extend(others);
    file(&objects)
}

/// The catalogue, object 1, whose pages are object 2.
pub fn catalogue() -> Vec<u8> {
    b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()
}

fn page_object(content: usize, resources: &str) -> Vec<u8> {
    let resources = format!("/Resources << /Font << /F1 3 0 R >> {resources} >>");
    format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 {TOP}] {resources} /Contents {content} 0 R >>")
        .into_bytes()
}

/// A form that draws what `content` says; its own form `/X` is the object `next`.
pub fn form(content: &str, next: usize) -> Vec<u8> {
    let resources = format!("/Resources << /Font << /F1 3 0 R >> /XObject << /X {next} 0 R >> >>");
    stream(
        &format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources}"),
        content.as_bytes(),
    )
}

/// A stream object with further entries in its dictionary.
pub fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<< /Length {} {entries} >>\nstream\n", data.len()).into_bytes();
    object.extend(data);
    object.extend(b"\nendstream");
    object
}

/// A stream object of compressed data.
pub fn compressed_stream(data: &[u8]) -> Vec<u8> {
    stream("/Filter /FlateDecode", &compressed(data))
}

/// Data compressed for `FlateDecode`.
///
/// # Panics
/// Never: memory takes what is written.
pub fn compressed(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).expect("memory");
    encoder.finish().expect("memory")
}

/// `13 * 8 * 258 * times` zero bytes and one more, compressed without making them: each code of 13 bits repeats 258 of them.
pub fn compressed_zeros(times: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    // One last block of fixed codes, then the literal 0.
    bits.push("1");
    bits.push("10");
    bits.push("00110000");
    for _ in 0..8 * 13 * times {
        // Length 258, distance 1.
        bits.push("11000101");
        bits.push("00000");
    }
    bits.push("0000000");
    let length = 13 * 8 * 258 * times + 1;
    let mut out = vec![0x78, 0x9c];
    out.extend(bits.bytes);
    // Adler-32 of zeros.
    out.extend(((length % 65_521) as u16).to_be_bytes());
    out.extend([0, 1]);
    out
}

/// Bits in the order of Deflate, the first in the lowest place.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    fn push(&mut self, bits: &str) {
        for bit in bits.bytes() {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= (bit - b'0') << (self.used % 8);
            }
            self.used += 1;
        }
    }
}

/// A file of numbered objects, of which the first is the catalogue.
pub fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (rank, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n", rank + 1).into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(table.into_bytes());
    let trailer = format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    file.extend(trailer.into_bytes());
    file
}

/// A letter in the encoding of the font, escaped for a PDF string.
fn win_ansi(letter: char) -> Vec<u8> {
    match letter {
        '(' | ')' | '\\' => vec![b'\\', letter as u8],
        '€' => vec![0x80],
        '’' => vec![0x92],
        '•' => vec![0x95],
        '…' => vec![0x85],
        'œ' => vec![0x9c],
        letter => vec![u8::try_from(u32::from(letter)).unwrap_or(b'?')],
    }
}

//! Stored records, dictionary-encoded.
//!
//! Most texts of a record occur in other records too: the buyer, the places, the procedure, nearly every word of the title. A text that
//! occurs for the second time gets a *number* in the dictionary of the index, the file `texts`, and records hold the number, in one to
//! three bytes. A text that occurs for the first time is in the record itself. Decoding a record copies a few dozen texts.
//!
//! ```text
//! Record ─ RecordEncoder (assigns numbers) ─ bytes in tantivy's store ─ RecordDecoder (file `texts`) ─ Record
//! ```
//!
//! tantivy copies the bytes when it merges segments, so a number must mean the same text in every generation that a record passes
//! through: an update continues the dictionary of the generation before it.
//!
//! The bytes of a record. A `text` is one or several pieces, split where noted; a `group` is several texts with one number:
//!
//! ```text
//! parts                                      2 bytes, a bit for each optional part, in the order below
//! id                                         text split at `-`
//! title                                      text
//! type, nature, procedure                    group
//! buyer                                      group of name, SIRET, structures (joined by `STRUCTURE_SEPARATOR`)
//! holders, reservations, considerations      count, then such groups; then texts
//! lots                                       number of lots; number reserved plus one, or 0
//! CPV code                                   text
//! amount, duration                           cents; months
//! territory                                  count, group
//! themes                                     count, texts
//! date                                       text
//! title and publisher of the source          group
//! address and page of the source             text split at `/`; number
//! anomalies                                  count, texts
//! sections                                   count, then heading and text of each
//! ```

pub mod decode;
pub mod dictionary;

pub use decode::RecordDecoder;
pub use dictionary::Dictionary;

/// Separates the structures of a party, which are stored as one text: the unit separator of ASCII, which occurs in no text.
pub const STRUCTURE_SEPARATOR: char = '\u{1f}';

/// Name of the file in a generation.
pub const FILE: &str = "texts";

/// Bits of the optional parts of a record.
#[expect(missing_docs, reason = "each is named by the part")]
pub mod part {
    pub const BUYER: u16 = 1;
    pub const HOLDERS: u16 = 1 << 1;
    pub const RESERVE: u16 = 1 << 2;
    pub const CONSIDERATIONS: u16 = 1 << 3;
    pub const LOTS: u16 = 1 << 4;
    pub const CPV: u16 = 1 << 5;
    pub const AMOUNT: u16 = 1 << 6;
    pub const DURATION: u16 = 1 << 7;
    pub const TERRITORY: u16 = 1 << 8;
    pub const THEMES: u16 = 1 << 9;
    pub const DATE: u16 = 1 << 10;
    pub const SOURCE: u16 = 1 << 11;
    pub const ADDRESS: u16 = 1 << 12;
    pub const PAGE: u16 = 1 << 13;
    pub const ANOMALIES: u16 = 1 << 14;
    pub const SECTIONS: u16 = 1 << 15;
}

/// The kind of a piece of text, by its first byte.
pub mod piece {
    /// Up to this value: the number of bytes of text that follow.
    pub const SHORT: u8 = 10;
    /// Text: the number of bytes follows, then the bytes.
    pub const LONG: u8 = 11;
    /// Decimal digits: their count follows, then their value in [`bytes_of`] bytes.
    pub const DECIMAL: u8 = 12;
    /// Hexadecimal digits: the number of bytes follows, then the bytes.
    pub const HEXADECIMAL: u8 = 13;
    /// No text, in an optional place of a group.
    pub const NOTHING: u8 = 14;
    /// From this value on: a dictionary number in this byte.
    pub const ONE_BYTE: u8 = 15;
    /// From this value on: a dictionary number in this byte and the next.
    pub const TWO_BYTES: u8 = 160;
    /// From this value on: a dictionary number in this byte and the next two.
    pub const THREE_BYTES: u8 = 240;
    /// Several pieces: their count follows, then the pieces.
    pub const SEVERAL: u8 = 255;

    /// The first dictionary number that takes two bytes.
    pub const FIRST_OF_TWO: u32 = (TWO_BYTES - ONE_BYTE) as u32;
    /// The first dictionary number that takes three bytes.
    pub const FIRST_OF_THREE: u32 = FIRST_OF_TWO + ((THREE_BYTES - TWO_BYTES) as u32) * (1 << 8);
    /// Capacity of the dictionary.
    pub const NUMBERS: u32 = FIRST_OF_THREE + ((SEVERAL - THREE_BYTES) as u32) * (1 << 16);

    /// Most digits of a [`DECIMAL`] piece: every such number fits eight bytes.
    pub const MAX_DIGITS: usize = 19;

    /// Bytes that hold every number of `digits` decimal digits, up to [`MAX_DIGITS`].
    pub fn bytes_of(digits: usize) -> usize {
        // log2(10) = 3.322 bits a digit.
        (digits * 3_322).div_ceil(8_000)
    }
}

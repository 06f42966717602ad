//! Records as they are stored: without what comes again.
//!
//! Most of what a record holds was in another one before it: the buyer, the places, the procedure, nearly every word of the title.
//! A text that is met for the second time is given a *number*, and told once in a table of the index, the file `texts`; records hold
//! the number, of one to three bytes. What is met for the first time stands in the record itself. So a record is read by copying a
//! few dozen texts together, and nothing is unpacked but its block.
//!
//! ```text
//! Record ─ RecordEncoder (numbers of the texts) ─ bytes, in the store of the engine ─ RecordDecoder (the file `texts`) ─ Record
//! ```
//!
//! The engine copies the bytes when it merges segments, so a number stands for the same text as long as records are passed on from one
//! generation to the next: an update goes on with the table of the generation before, and gives new texts the numbers after its.
//!
//! The bytes of a record, where `text`, `path` and `group` are those of [`write`]:
//!
//! ```text
//! parts                                      2 bytes, a bit for each of what may be missing, in the order below
//! id                                         text cut at `-`
//! title                                      text
//! type, nature, procedure                    group
//! buyer                                      group of name, SIRET, structures (joined by `STRUCTURE_SEPARATOR`)
//! holders, reservations, considerations      count, then such groups; then texts
//! lots                                       number, number of those reserved and one
//! CPV code                                   text
//! amount, duration                           cents; months
//! territory                                  count, group
//! themes                                     count, texts
//! date                                       text
//! title and publisher of the source          group
//! address and page of the source             text cut at `/`; number
//! anomalies                                  count, texts
//! sections                                   count, texts, heading and text in turn
//! ```

pub mod decode;
pub mod dictionary;

pub use decode::RecordDecoder;
pub use dictionary::Dictionary;

/// Between the structures of a party, which are one text where they are stored: the unit separator of ASCII, which no text has a use for.
pub const STRUCTURE_SEPARATOR: char = '\u{1f}';

/// Name of the file in a generation.
pub const FILE: &str = "texts";

/// What a record may lack, by the bit that says it is there.
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

/// What a piece of a text is, by its first byte.
pub mod piece {
    /// Up to here: so many bytes of text follow.
    pub const SHORT: u8 = 10;
    /// Their count follows, then the bytes.
    pub const LONG: u8 = 11;
    /// The count of digits follows, then their number in as few bytes as hold every number of so many digits.
    pub const DECIMAL: u8 = 12;
    /// The count of bytes follows, then the bytes that are written as hexadecimal digits.
    pub const HEXADECIMAL: u8 = 13;
    /// No text at all, where there may be none.
    pub const NOTHING: u8 = 14;
    /// From here on: a number of one byte.
    pub const ONE_BYTE: u8 = 15;
    /// From here on: a number of two bytes.
    pub const TWO_BYTES: u8 = 160;
    /// From here on: a number of three bytes.
    pub const THREE_BYTES: u8 = 240;
    /// Several pieces: their count follows.
    pub const SEVERAL: u8 = 255;

    /// The first number of two bytes.
    pub const FIRST_OF_TWO: u32 = (TWO_BYTES - ONE_BYTE) as u32;
    /// The first number of three bytes.
    pub const FIRST_OF_THREE: u32 = FIRST_OF_TWO + ((THREE_BYTES - TWO_BYTES) as u32) * (1 << 8);
    /// How many numbers there are.
    pub const NUMBERS: u32 = FIRST_OF_THREE + ((SEVERAL - THREE_BYTES) as u32) * (1 << 16);

    /// Digits of a number that eight bytes hold, whatever they are.
    pub const MOST_DIGITS: usize = 19;

    /// Bytes that hold every number of so many digits, at most [`MOST_DIGITS`].
    pub fn bytes_of(digits: usize) -> usize {
        // A digit takes 3.322 bits.
        (digits * 3_322).div_ceil(8_000)
    }
}

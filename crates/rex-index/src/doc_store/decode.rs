//! Decodes stored records.

use rex_corpus::{CaseType, Cpv, Date, Euros, Lots, Nature, Party, Procedure, Record, Reserve, Section, Source};
use tantivy::directory::Directory;
use tantivy::schema::Value;
use tantivy::{SegmentReader, TantivyDocument, TantivyError};

use super::dictionary::Dictionary;
use super::{FILE, STRUCTURE_SEPARATOR, part, piece};
use crate::codec::reader;
use crate::schema::fields::Fields;

/// Limit on the bytes of text in one record, against damaged lengths: a file or line of the corpus has at most one megabyte.
const MAX_BYTES: usize = 4 << 20;

/// Decodes the stored records of an index.
#[derive(Debug, Clone)]
pub struct RecordDecoder {
    texts: Dictionary,
    fields: Fields,
}

impl RecordDecoder {
    /// Opens the dictionary of an index.
    ///
    /// # Errors
    /// A file that is missing, cannot be read or is damaged.
    pub fn open(directory: &dyn Directory) -> tantivy::Result<Self> {
        Dictionary::open(directory).map(Self::of)
    }

    /// Decodes with a dictionary.
    pub fn of(texts: Dictionary) -> Self {
        let (_, fields) = Fields::schema();
        Self { texts, fields }
    }

    /// The dictionary.
    pub fn texts(&self) -> &Dictionary {
        &self.texts
    }

    /// The record of a document.
    ///
    /// # Errors
    /// A document that is damaged or of another index.
    pub fn record(&self, document: &TantivyDocument) -> tantivy::Result<Record> {
        self.read(self.stored(document))
    }

    /// Visits the records of all documents of some segments, in order.
    ///
    /// # Errors
    /// Segments that cannot be read, and errors of `visit`.
    pub fn each(
        &self,
        segments: &[SegmentReader],
        mut visit: impl FnMut(Record) -> tantivy::Result<()>,
    ) -> tantivy::Result<()> {
        for segment in segments {
            // In sequence, so a cache of one block is enough.
            for document in segment.get_store_reader(1)?.iter(None) {
                visit(self.record(&document?)?)?;
            }
        }
        Ok(())
    }

    /// Visits the ids and titles of all documents of some segments, in order, without decoding the rest.
    ///
    /// # Errors
    /// Segments that cannot be read, and errors of `visit`.
    pub fn each_title(
        &self,
        segments: &[SegmentReader],
        mut visit: impl FnMut(&str, &str) -> tantivy::Result<()>,
    ) -> tantivy::Result<()> {
        for segment in segments {
            for document in segment.get_store_reader(1)?.iter::<TantivyDocument>(None) {
                let document = document?;
                let mut parts = self.parts(self.stored(&document));
                let mut id_and_title = || {
                    parts.head()?;
                    Some((parts.text('-')?, parts.text(' ')?))
                };
                let (id, title) = id_and_title().ok_or_else(unknown)?;
                visit(&id, &title)?;
            }
        }
        Ok(())
    }

    /// The id of a document, without decoding the rest.
    ///
    /// # Errors
    /// A document that is damaged or of another index.
    pub fn id(&self, document: &TantivyDocument) -> tantivy::Result<String> {
        let mut parts = self.parts(self.stored(document));
        parts.head().and_then(|_| parts.text('-')).ok_or_else(unknown)
    }

    fn stored<'a>(&self, document: &'a TantivyDocument) -> &'a [u8] {
        let stored = document.get_first(self.fields.record);
        stored.and_then(|value| value.as_bytes()).unwrap_or_default()
    }

    fn parts<'a>(&'a self, bytes: &'a [u8]) -> Parts<'a> {
        Parts {
            texts: &self.texts,
            bytes,
            left: MAX_BYTES,
        }
    }

    /// Decodes the bytes of a record.
    ///
    /// # Errors
    /// Bytes that are damaged or of another index.
    pub fn read(&self, bytes: &[u8]) -> tantivy::Result<Record> {
        let mut parts = self.parts(bytes);
        let record = parts.record().filter(|_| parts.bytes.is_empty());
        record.ok_or_else(unknown)
    }
}

/// Reads the bytes of a record from front to back. `None` means damage.
struct Parts<'a> {
    texts: &'a Dictionary,
    bytes: &'a [u8],
    /// Bytes of text that the rest may still decode to.
    left: usize,
}

impl<'a> Parts<'a> {
    fn record(&mut self) -> Option<Record> {
        let parts = self.head()?;
        let has = |part: u16| parts & part != 0;
        let id = self.text('-')?;
        let titre = self.text(' ')?;
        let [case_type, nature, procedure] = self.group()?;
        let buyer = has(part::BUYER).then(|| self.party());
        let holders = self.list(has(part::HOLDERS), Self::party)?;
        let reserve = self.list(has(part::RESERVE), |parts| Reserve::from_label(&parts.text(' ')?))?;
        let considerations = self.list(has(part::CONSIDERATIONS), |parts| parts.text(' '))?;
        let lots = has(part::LOTS).then(|| self.lots());
        let cpv = has(part::CPV).then(|| Cpv::parse(&self.text(' ')?).ok());
        let amount = has(part::AMOUNT).then(|| Euros::from_cents(self.count()?));
        let months = has(part::DURATION).then(|| self.small());
        let territoire = if has(part::TERRITORY) {
            self.levels()?
        } else {
            Vec::new()
        };
        let themes = self.list(has(part::THEMES), |parts| parts.text(' '))?;
        let date = has(part::DATE).then(|| Date::parse(&self.text(' ')?).ok());
        let source = has(part::SOURCE).then(|| self.source(has(part::ADDRESS), has(part::PAGE)));
        Some(Record {
            id,
            titre,
            case_type: CaseType::from_label(&case_type?)?,
            acheteur: known(buyer)?,
            titulaires: holders,
            nature: known(nature.map(|label| Nature::from_label(&label)))?,
            procedure: known(procedure.map(|label| procedure_of(&label)))?,
            reserve,
            considerations,
            lots: known(lots)?,
            cpv: known(cpv)?,
            montant_ht: known(amount)?,
            duree_mois: known(months)?,
            territoire,
            themes,
            date: known(date)?,
            source: known(source)?,
            anomalies: self.list(has(part::ANOMALIES), |parts| parts.text(' '))?,
            sections: self.list(has(part::SECTIONS), |parts| {
                Some(Section {
                    titre: parts.text(' ')?,
                    texte: parts.text(' ')?,
                })
            })?,
        })
    }

    /// The bits of the optional parts.
    fn head(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn party(&mut self) -> Option<Party> {
        let [nom, siret, structure] = self.group()?;
        Some(Party {
            nom: nom?,
            siret,
            structure: structure.map_or_else(Vec::new, |joined| {
                joined.split(STRUCTURE_SEPARATOR).map(str::to_owned).collect()
            }),
        })
    }

    fn lots(&mut self) -> Option<Lots> {
        Some(Lots {
            nombre: self.small()?,
            reserves: match self.count()? {
                0 => None,
                reserves => Some(u32::try_from(reserves - 1).ok()?),
            },
        })
    }

    fn source(&mut self, has_address: bool, has_page: bool) -> Option<Source> {
        let [titre, editeur] = self.group()?;
        let url = has_address.then(|| self.text('/'));
        let page = has_page.then(|| self.small());
        Some(Source {
            titre,
            editeur,
            url: known(url)?,
            page: known(page)?,
        })
    }

    fn levels(&mut self) -> Option<Vec<String>> {
        let count = self.length()?;
        self.texts(count)?.into_iter().collect()
    }

    fn list<T>(&mut self, is_there: bool, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        if !is_there {
            return Some(Vec::new());
        }
        let count = self.length()?;
        (0..count).map(|_| read(self)).collect()
    }

    fn group<const N: usize>(&mut self) -> Option<[Option<String>; N]> {
        self.texts(N)?.try_into().ok()
    }

    /// The texts of a group of `count`.
    fn texts(&mut self, count: usize) -> Option<Vec<Option<String>>> {
        let first = self.byte()?;
        if first != piece::SEVERAL {
            let key = self.numbered(first)?;
            self.left = self.left.checked_sub(key.len())?;
            let mut key = Parts {
                texts: self.texts,
                bytes: key,
                left: 0,
            };
            let texts = (0..count).map(|_| key.key_text()).collect::<Option<_>>()?;
            return key.bytes.is_empty().then_some(texts);
        }
        let text = |parts: &mut Self| match parts.bytes.first()? {
            &piece::NOTHING => parts.byte().map(|_| None),
            _ => parts.text(' ').map(Some),
        };
        (0..count).map(|_| text(self)).collect()
    }

    /// A text of a group that is one dictionary entry: its length plus one, then its bytes; 0 where there is none.
    fn key_text(&mut self) -> Option<Option<String>> {
        match self.count()? {
            0 => Some(None),
            length => {
                let bytes = self.take(usize::try_from(length - 1).ok()?)?;
                Some(Some(std::str::from_utf8(bytes).ok()?.to_owned()))
            }
        }
    }

    fn text(&mut self, separator: char) -> Option<String> {
        let mut text = String::new();
        match self.byte()? {
            piece::SEVERAL => {
                let count = self.length()?;
                for piece in 0..count {
                    if piece > 0 {
                        text.push(separator);
                    }
                    let first = self.byte()?;
                    self.piece(first, &mut text)?;
                }
            }
            first => self.piece(first, &mut text)?,
        }
        Some(text)
    }

    /// Appends the piece whose first byte is given.
    fn piece(&mut self, first: u8, text: &mut String) -> Option<()> {
        let before = text.len();
        match first {
            0..=piece::SHORT => text.push_str(std::str::from_utf8(self.take(first.into())?).ok()?),
            piece::LONG => {
                let length = self.length()?;
                text.push_str(std::str::from_utf8(self.take(length)?).ok()?);
            }
            piece::DECIMAL => {
                let digits = usize::from(self.byte()?);
                let mut number = [0; 8];
                let bytes = self.take(piece::bytes_of(digits))?;
                number.get_mut(..bytes.len())?.copy_from_slice(bytes);
                let number = u64::from_le_bytes(number);
                text.push_str(&format!("{number:0digits$}"));
            }
            piece::HEXADECIMAL => {
                let length = usize::from(self.byte()?);
                text.push_str(&base16ct::lower::encode_string(self.take(length)?));
            }
            piece::NOTHING | piece::SEVERAL => return None,
            _ => text.push_str(std::str::from_utf8(self.numbered(first)?).ok()?),
        }
        self.left = self.left.checked_sub(text.len() - before)?;
        Some(())
    }

    /// The dictionary text whose number begins with the given byte.
    fn numbered(&mut self, first: u8) -> Option<&'a [u8]> {
        let above = |least: u8| u32::from(first - least);
        let number = match first {
            0..piece::ONE_BYTE | piece::SEVERAL => return None,
            piece::ONE_BYTE..piece::TWO_BYTES => above(piece::ONE_BYTE),
            piece::TWO_BYTES..piece::THREE_BYTES => {
                piece::FIRST_OF_TWO + (above(piece::TWO_BYTES) << 8) + u32::from(self.byte()?)
            }
            piece::THREE_BYTES.. => {
                let rest = u32::from(self.byte()?) << 8 | u32::from(self.byte()?);
                piece::FIRST_OF_THREE + (above(piece::THREE_BYTES) << 16) + rest
            }
        };
        self.texts.get(number)
    }

    /// A variable-length integer, seven bits a byte, the lowest first.
    fn count(&mut self) -> Option<u64> {
        let mut count = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            count |= u64::from(byte & 0x7f) << shift;
            if byte < 1 << 7 {
                return Some(count);
            }
        }
        None
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.count()?).ok()
    }

    fn small(&mut self) -> Option<u32> {
        u32::try_from(self.count()?).ok()
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }
}

fn unknown() -> TantivyError {
    reader::damaged(FILE, "a stored record is damaged or of another index")
}

/// Turns an optional part into `Some(None)` if it is absent, and into `None`, which fails the record, if it is damaged.
fn known<T>(part: Option<Option<T>>) -> Option<Option<T>> {
    match part {
        None => Some(None),
        Some(part) => part.map(Some),
    }
}

/// The procedure with exactly this label. [`Procedure::parse`] accepts other spellings too and is slower.
fn procedure_of(label: &str) -> Option<Procedure> {
    Procedure::all().find(|procedure| procedure.label() == label)
}

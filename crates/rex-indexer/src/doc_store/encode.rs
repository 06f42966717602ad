//! Encodes records.
//!
//! ```text
//! text       one piece; or SEVERAL, their count, and the pieces between the separators
//! group      the dictionary number of all texts of the group; or SEVERAL, and for each its text, or NOTHING
//! count      seven bits a byte, the lowest first; the eighth bit marks continuation
//! ```

use rex_corpus::{Nature, Party, Procedure, Record, Section, Source};
use tantivy::directory::Directory;

use super::dictionary_builder::DictionaryBuilder;
use crate::build::memory_budget::MemoryBudget;
use crate::error::BuildError;
use rex_index::doc_store::dictionary::Dictionary;
use rex_index::doc_store::{STRUCTURE_SEPARATOR, part, piece};

/// Encodes records and builds the dictionary of their texts.
#[derive(Debug)]
pub(crate) struct RecordEncoder {
    numbers: DictionaryBuilder,
}

impl RecordEncoder {
    /// Starts an empty dictionary.
    pub(crate) fn new(memory: MemoryBudget) -> Self {
        Self {
            numbers: DictionaryBuilder::new(memory),
        }
    }

    /// Continues the dictionary of another index, whose records are kept.
    pub(crate) fn after(texts: &Dictionary, memory: MemoryBudget) -> Self {
        Self {
            numbers: DictionaryBuilder::after(texts, memory),
        }
    }

    /// Encodes a record.
    pub(crate) fn bytes(&mut self, record: &Record) -> Vec<u8> {
        let mut out = RecordBytes {
            numbers: &mut self.numbers,
            bytes: Vec::new(),
        };
        out.record(record);
        out.bytes
    }

    /// Writes the dictionary as the file of an index.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub(crate) fn write_texts(&self, directory: &dyn Directory) -> Result<(), BuildError> {
        self.numbers.write(directory)
    }
}

/// The bytes of one record.
struct RecordBytes<'a> {
    numbers: &'a mut DictionaryBuilder,
    bytes: Vec<u8>,
}

impl RecordBytes<'_> {
    fn record(&mut self, record: &Record) {
        // Destructured without `..`, so that a new field is a compile error.
        let Record {
            id,
            titre,
            case_type,
            acheteur,
            titulaires,
            nature,
            procedure,
            reserve,
            considerations,
            lots,
            cpv,
            montant_ht,
            duree_mois,
            territoire,
            themes,
            date,
            source,
            anomalies,
            sections,
        } = record;
        self.bytes.extend(parts(record).to_le_bytes());
        self.text(id, '-');
        self.text(titre, ' ');
        self.group(&[
            Some(case_type.label()),
            nature.map(Nature::label),
            procedure.map(Procedure::label),
        ]);
        if let Some(buyer) = acheteur {
            self.party(buyer);
        }
        if !titulaires.is_empty() {
            self.count(titulaires.len() as u64);
            titulaires.iter().for_each(|holder| self.party(holder));
        }
        self.texts(reserve.iter().map(|reserve| reserve.label()));
        self.texts(considerations.iter().map(String::as_str));
        if let Some(lots) = lots {
            self.count(lots.nombre.into());
            self.count(lots.reserves.map_or(0, |reserves| u64::from(reserves) + 1));
        }
        if let Some(cpv) = cpv {
            self.text(cpv.digits(), ' ');
        }
        if let Some(amount) = montant_ht {
            self.count(amount.cents());
        }
        if let Some(months) = duree_mois {
            self.count((*months).into());
        }
        if !territoire.is_empty() {
            self.count(territoire.len() as u64);
            let levels: Vec<_> = territoire.iter().map(|level| Some(level.as_str())).collect();
            self.group(&levels);
        }
        self.texts(themes.iter().map(String::as_str));
        if let Some(date) = date {
            self.text(&date.to_string(), ' ');
        }
        if let Some(Source {
            titre,
            editeur,
            url,
            page,
        }) = source
        {
            self.group(&[titre.as_deref(), editeur.as_deref()]);
            if let Some(url) = url {
                self.text(url, '/');
            }
            if let Some(page) = page {
                self.count((*page).into());
            }
        }
        self.texts(anomalies.iter().map(String::as_str));
        if !sections.is_empty() {
            self.count(sections.len() as u64);
            for Section { titre, texte } in sections {
                self.text(titre, ' ');
                self.text(texte, ' ');
            }
        }
    }

    fn party(&mut self, Party { nom, siret, structure }: &Party) {
        let one = |structure: &String| structure.replace(STRUCTURE_SEPARATOR, " ");
        let joined = structure.iter().map(one).collect::<Vec<_>>();
        let joined = (!joined.is_empty()).then(|| joined.join(&STRUCTURE_SEPARATOR.to_string()));
        self.group(&[Some(nom), siret.as_deref(), joined.as_deref()]);
    }

    /// Count and texts; nothing if there are none, as a bit of the parts says so.
    fn texts<'t>(&mut self, texts: impl ExactSizeIterator<Item = &'t str>) {
        if texts.len() > 0 {
            self.count(texts.len() as u64);
            texts.for_each(|text| self.text(text, ' '));
        }
    }

    fn group(&mut self, texts: &[Option<&str>]) {
        let mut key = Vec::new();
        for text in texts {
            write_count(&mut key, text.map_or(0, |text| text.len() as u64 + 1));
            key.extend(text.unwrap_or_default().as_bytes());
        }
        if let Some(number) = self.numbers.of(&key) {
            return self.number(number);
        }
        self.bytes.push(piece::SEVERAL);
        for text in texts {
            match text {
                Some(text) => self.text(text, ' '),
                None => self.bytes.push(piece::NOTHING),
            }
        }
    }

    fn text(&mut self, text: &str, separator: char) {
        if let Some(number) = self.numbers.of(text.as_bytes()) {
            return self.number(number);
        }
        let pieces = text.split(separator).count();
        if pieces == 1 {
            return self.literal(text);
        }
        self.bytes.push(piece::SEVERAL);
        self.count(pieces as u64);
        for piece in text.split(separator) {
            match self.numbers.of(piece.as_bytes()) {
                Some(number) => self.number(number),
                None => self.literal(piece),
            }
        }
    }

    /// A piece without a dictionary number.
    fn literal(&mut self, text: &str) {
        if let Some(number) = decimal(text) {
            self.bytes.extend([piece::DECIMAL, text.len() as u8]);
            self.bytes.extend(&number.to_le_bytes()[..piece::bytes_of(text.len())]);
        } else if let Some(bytes) = hexadecimal(text) {
            self.bytes.extend([piece::HEXADECIMAL, bytes.len() as u8]);
            self.bytes.extend(bytes);
        } else {
            match u8::try_from(text.len()) {
                Ok(length) if length <= piece::SHORT => self.bytes.push(length),
                _ => {
                    self.bytes.push(piece::LONG);
                    self.count(text.len() as u64);
                }
            }
            self.bytes.extend(text.as_bytes());
        }
    }

    fn number(&mut self, number: u32) {
        let bytes = number.to_le_bytes();
        if number < piece::FIRST_OF_TWO {
            self.bytes.push(piece::ONE_BYTE + bytes[0]);
        } else if number < piece::FIRST_OF_THREE {
            let [low, high, ..] = (number - piece::FIRST_OF_TWO).to_le_bytes();
            self.bytes.extend([piece::TWO_BYTES + high, low]);
        } else {
            let [low, middle, high, _] = (number - piece::FIRST_OF_THREE).to_le_bytes();
            self.bytes.extend([piece::THREE_BYTES + high, middle, low]);
        }
    }

    fn count(&mut self, count: u64) {
        write_count(&mut self.bytes, count);
    }
}

fn parts(record: &Record) -> u16 {
    let source = record.source.as_ref();
    [
        (part::BUYER, record.acheteur.is_some()),
        (part::HOLDERS, !record.titulaires.is_empty()),
        (part::RESERVE, !record.reserve.is_empty()),
        (part::CONSIDERATIONS, !record.considerations.is_empty()),
        (part::LOTS, record.lots.is_some()),
        (part::CPV, record.cpv.is_some()),
        (part::AMOUNT, record.montant_ht.is_some()),
        (part::DURATION, record.duree_mois.is_some()),
        (part::TERRITORY, !record.territoire.is_empty()),
        (part::THEMES, !record.themes.is_empty()),
        (part::DATE, record.date.is_some()),
        (part::SOURCE, source.is_some()),
        (part::ADDRESS, source.is_some_and(|source| source.url.is_some())),
        (part::PAGE, source.is_some_and(|source| source.page.is_some())),
        (part::ANOMALIES, !record.anomalies.is_empty()),
        (part::SECTIONS, !record.sections.is_empty()),
    ]
    .into_iter()
    .filter(|(_, is_there)| *is_there)
    .fold(0, |parts, (part, _)| parts | part)
}

/// The value of a text of digits, if encoding it takes fewer bytes.
fn decimal(text: &str) -> Option<u64> {
    let is_shorter = (4..=piece::MAX_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_shorter.then(|| text.parse().ok()).flatten()
}

/// The bytes of a hexadecimal text, if encoding them takes fewer bytes.
fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_shorter = (6..=64).contains(&text.len()) && text.bytes().all(is_digit);
    is_shorter.then(|| base16ct::lower::decode_vec(text).ok()).flatten()
}

fn write_count(out: &mut Vec<u8>, mut count: u64) {
    while count >= 1 << 7 {
        out.push(count as u8 | 1 << 7);
        count >>= 7;
    }
    out.push(count as u8);
}

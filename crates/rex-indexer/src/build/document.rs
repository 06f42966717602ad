//! From a record to a tantivy document.

use std::borrow::Cow;

use std::sync::Arc;

use rex_analysis::{RecordVector, TextVector, WordVectors};
use rex_corpus::{CpvLabels, Record};
use tantivy::TantivyDocument;

use crate::text::token_cache::{CutText, WordCutter, push_exact, push_stems};
use rex_index::record_vectors::to_words;
use rex_index::schema::fields::{Fields, Zone};
use rex_index::schema::zone_texts::ZoneTexts;

/// Initial capacity of a document in bytes, enough for most contracts.
const CAPACITY: usize = 3 << 10;

/// The document of a record, without the stored record. `packed` is a buffer.
pub(crate) fn document(
    fields: &Fields,
    labels: &CpvLabels,
    record: &Record,
    cutter: &mut WordCutter,
    packed: &mut String,
) -> TantivyDocument {
    let mut document = TantivyDocument::with_capacity(CAPACITY);
    let texts = ZoneTexts::of(Zone::All, record);
    let mut cut = |texts: &[Cow<'_, str>]| -> Vec<_> { texts.iter().map(|text| cutter.cut(text)).collect() };
    let (words, numbers) = (cut(&texts.words), cut(&texts.numbers));
    let all = || words.iter().chain(&numbers);
    document.add_text(
        fields.stem(Zone::All),
        filled(packed, |packed| push_stems(packed, all())),
    );
    document.add_text(fields.exact, filled(packed, |packed| push_exact(packed, &words)));
    document.add_text(fields.forms, filled(packed, |packed| cutter.push_forms(packed, all())));
    let (title, sections) = (&words[..1.min(words.len())], &words[words.len() - texts.sections..]);
    let vector = RecordVector::of(vector(title).as_ref(), vector(sections).as_ref());
    for (field, number) in fields.meaning.into_iter().zip(to_words(vector)) {
        document.add_u64(field, number);
    }
    // The texts of the other zones are the first ones of `Zone::All`, already tokenized.
    let (mut words, mut numbers) = (words.as_slice(), numbers.as_slice());
    for (zone, _) in Zone::REPEATS {
        let texts = ZoneTexts::of(zone, record);
        let (of_zone, others) = words.split_at(texts.words.len());
        let (numbers_of_zone, other_numbers) = numbers.split_at(texts.numbers.len());
        let all = of_zone.iter().chain(numbers_of_zone);
        document.add_text(fields.stem(zone), filled(packed, |packed| push_stems(packed, all)));
        (words, numbers) = (others, other_numbers);
    }
    if let Some(label) = record.cpv.and_then(|code| labels.get(code)) {
        let label = [cutter.cut(label)];
        document.add_text(
            fields.cpv_label,
            filled(packed, |packed| push_stems(packed, label.iter())),
        );
    }
    if let Some(date) = record.date {
        document.add_u64(fields.date, date.sort_key());
    }
    document
}

/// The vector of some texts together.
fn vector(texts: &[Arc<CutText>]) -> Option<TextVector> {
    let mut sum = WordVectors::shipped().sum();
    texts.iter().for_each(|text| text.add_vectors(&mut sum));
    sum.finish()
}

fn filled(packed: &mut String, push: impl FnOnce(&mut String)) -> &str {
    packed.clear();
    push(packed);
    packed
}

//! Records into an index of tantivy.

use std::fs;
use std::path::Path;

use rex_corpus::{CpvLabels, Record};
use rex_index::{Fields, Zone, ZoneTexts};
use rex_query::{Facet, FacetKind};
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer};
use tantivy::{Index, TantivyDocument};

use crate::Failure;
use crate::plain::{STEMS, Stems};
use crate::texts;

/// Memory held before segments are written, in bytes: what Rex takes.
const MEMORY: usize = 128 << 20;
/// Bytes of a word; longer ones are left out, as Rex does.
const LONGEST: usize = 200;

/// What an index has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One field of stems, the facets, the record: what the floor is searched in.
    Minimal,
    /// Every field of Rex, words cut by tantivy's own tokenizers: what the speed of indexing is compared with.
    Same,
}

impl Shape {
    /// By its name on the command line.
    ///
    /// # Errors
    /// Another name.
    pub fn named(name: &str) -> Result<Self, Failure> {
        match name {
            "minimal" => Ok(Self::Minimal),
            "same" => Ok(Self::Same),
            _ => Err(format!("no shape {name}, expected minimal or same").into()),
        }
    }
}

/// The fields of [`Shape::Minimal`].
pub struct Minimal {
    /// Stems, with how often a document has them, for BM25.
    pub all: Field,
    /// The record as JSON.
    pub record: Field,
    /// In the order of [`Facet::ALL`]: terms and columns.
    pub facets: Vec<Field>,
    /// To sort by.
    pub date: Field,
}

impl Minimal {
    /// The schema and its fields.
    pub fn schema() -> (Schema, Self) {
        let mut builder = Schema::builder();
        let stems = TextFieldIndexing::default()
            .set_tokenizer(STEMS)
            .set_index_option(IndexRecordOption::WithFreqs);
        let fields = Self {
            all: builder.add_text_field("all", TextOptions::default().set_indexing_options(stems)),
            record: builder.add_bytes_field("record", STORED),
            facets: (Facet::ALL.into_iter())
                .map(|facet| match facet.kind() {
                    FacetKind::Range => builder.add_u64_field(facet.name(), FAST | INDEXED),
                    FacetKind::Terms | FacetKind::Hierarchy => {
                        builder.add_text_field(facet.name(), TextOptions::default().set_fast("raw") | STRING)
                    }
                })
                .collect(),
            date: builder.add_u64_field("date", FAST),
        };
        (builder.build(), fields)
    }

    fn document(&self, line: &str, record: &Record, labels: &CpvLabels) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_bytes(self.record, line.as_bytes());
        let texts = ZoneTexts::of(Zone::All, record);
        for text in texts.words.into_iter().chain(texts.numbers) {
            document.add_text(self.all, text);
        }
        document.add_text(self.all, texts::label(labels, record).unwrap_or_default());
        for (facet, field) in Facet::ALL.into_iter().zip(&self.facets) {
            add_facet(&mut document, facet, *field, record);
        }
        if let Some(date) = record.date {
            document.add_u64(self.date, date.sort_key());
        }
        document
    }
}

fn add_facet(document: &mut TantivyDocument, facet: Facet, field: Field, record: &Record) {
    for value in facet.values(record) {
        document.add_text(field, facet.term(&value));
    }
    if let Some(number) = facet.number(record) {
        document.add_u64(field, number);
    }
}

/// The schema of Rex, and the columns that its file of facets stands for.
fn same_schema() -> (Schema, Fields, Vec<Field>) {
    let (schema, fields) = Fields::schema();
    let mut builder = Schema::builder();
    for (_, entry) in schema.fields() {
        builder.add_field(entry.clone());
    }
    let facets = Facet::ALL.map(|facet| match facet.kind() {
        FacetKind::Range => builder.add_u64_field(facet.name(), FAST),
        FacetKind::Terms | FacetKind::Hierarchy => {
            builder.add_text_field(facet.name(), TextOptions::default().set_fast("raw"))
        }
    });
    (builder.build(), fields, facets.to_vec())
}

/// All the fields of Rex.
fn same(fields: &Fields, facets: &[Field], record: &Record, labels: &CpvLabels) -> Result<TantivyDocument, Failure> {
    let mut document = TantivyDocument::default();
    document.add_bytes(fields.record, &serde_json::to_vec(record)?);
    for zone in Zone::ALL {
        let texts = ZoneTexts::of(zone, record);
        if zone == Zone::All {
            for text in &texts.words {
                document.add_text(fields.exact, text);
            }
        }
        for text in texts.words.iter().chain(&texts.numbers) {
            document.add_text(fields.stem(zone), text);
        }
    }
    if let Some(label) = texts::label(labels, record) {
        document.add_text(fields.cpv_label, label);
    }
    for (facet, field) in Facet::ALL.into_iter().zip(facets) {
        add_facet(&mut document, facet, *field, record);
    }
    if let Some(date) = record.date {
        document.add_u64(fields.date, date.sort_key());
    }
    Ok(document)
}

/// Indexes the records of a file in a new folder, and leaves one segment.
///
/// # Errors
/// Files that cannot be read or written.
pub fn index(shape: Shape, threads: usize, records: &Path, cpv: &Path, folder: &Path) -> Result<(), Failure> {
    let labels = CpvLabels::read(cpv)?;
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    let (schema, minimal) = Minimal::schema();
    let (same_schema, fields, facets) = same_schema();
    let index = Index::create_in_dir(folder, if shape == Shape::Minimal { schema } else { same_schema })?;
    index.tokenizers().register(STEMS, TextAnalyzer::builder(Stems).build());
    // The names that the schema of Rex gives its tokenizers.
    let words = || {
        TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(RemoveLongFilter::limit(LONGEST))
            .filter(LowerCaser)
    };
    index.tokenizers().register("exact", words().build());
    // Nothing is written to this field: it takes knowing the words of a whole record.
    index.tokenizers().register("forms", words().build());
    index
        .tokenizers()
        .register("stem", words().filter(Stemmer::new(Language::French)).build());
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(threads, MEMORY)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    texts::each(records, |line, record| {
        writer.add_document(match shape {
            Shape::Minimal => minimal.document(line, &record, &labels),
            Shape::Same => same(&fields, &facets, &record, &labels)?,
        })?;
        Ok(())
    })?;
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.wait_merging_threads()?;
    Ok(())
}

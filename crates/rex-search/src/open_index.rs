//! An open index and its settings.

use std::sync::Arc;

use rex_corpus::Record;
use rex_index::{Completions, FacetColumns, FieldLengths, Fields, RecordDecoder, RecordVectors, SortOrdinals};
use rex_query::Deadline;
use tantivy::directory::Directory;
use tantivy::{DocAddress, Index, IndexReader, ReloadPolicy, Searcher, TantivyDocument, TantivyError};

use crate::entities::{ValueDictionary, recognize};
use crate::error::Result;
use crate::facet::boost::Boost;
use crate::query::expansion::{derive, terms};
use crate::query::interpretation::{InterpretedQuery, NamedValue};
use crate::query::parser::parse;
use crate::query::planner::Plan;
use crate::query::ranking_rules::{RankingRule, Settings};
use crate::query::term_stats::TermStats;
use crate::scoring::type_boost;

/// The open files of one generation, and the settings it is searched with.
pub(crate) struct OpenIndex {
    reader: IndexReader,
    pub(crate) fields: Fields,
    /// The values that parts of a query can name.
    values: ValueDictionary,
    pub(crate) facets: FacetColumns,
    pub(crate) records: RecordDecoder,
    pub(crate) ordinals: SortOrdinals,
    pub(crate) vectors: RecordVectors,
    pub(crate) lengths: Arc<FieldLengths>,
    /// Selects the cases, in an index of cases and contracts.
    pub(crate) cases: Option<Boost>,
    pub(crate) settings: Settings,
    pub(crate) completions: Completions,
}

impl OpenIndex {
    /// Opens the generation in a directory.
    ///
    /// # Errors
    /// A directory that holds no finished index of this format.
    pub(crate) fn open(directory: &dyn Directory, settings: Settings) -> tantivy::Result<Self> {
        let completions = Completions::open(directory)?;
        let index = Index::open(directory.box_clone())?;
        let (schema, fields) = Fields::schema();
        if index.schema() != schema {
            return Err(TantivyError::SchemaError(
                "the fields are not those of this version".to_owned(),
            ));
        }
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher: Searcher = IndexReader::searcher(&reader);
        let facets = FacetColumns::open(directory, &searcher)?;
        Ok(Self {
            values: ValueDictionary::read(&facets)?,
            lengths: Arc::new(FieldLengths::open(directory, &searcher)?),
            cases: type_boost::cases(&facets),
            facets,
            ordinals: SortOrdinals::open(directory, &searcher)?,
            vectors: RecordVectors::open(&searcher)?,
            records: RecordDecoder::open(directory)?,
            reader,
            fields,
            settings,
            completions,
        })
    }

    /// A searcher over the segments of the index.
    pub(crate) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Interprets the text of a query.
    pub(crate) fn interpreted(&self, searcher: &Searcher, text: &str, deadline: Deadline) -> Result<InterpretedQuery> {
        let mut query = parse(self.settings.analyzer, text);
        let entities = if self.settings.has(RankingRule::Understanding) {
            recognize(text, &self.values)
        } else {
            Vec::new()
        };
        let values = NamedValue::of(entities.clone());
        query.leave_to_values(&values);
        let term_stats = self.term_stats(searcher, deadline);
        let mut terms = terms(&term_stats, &self.settings, &query)?;
        derive(&term_stats, &self.settings, &mut terms, |term| term.is_missing)?;
        Ok(InterpretedQuery::new(
            searcher,
            &self.facets,
            query,
            terms,
            values,
            entities,
        )?)
    }

    pub(crate) fn term_stats<'a>(&'a self, searcher: &'a Searcher, deadline: Deadline) -> TermStats<'a> {
        TermStats::new(searcher, &self.fields, &self.settings, deadline)
    }

    /// Whether a record is a case, in an index of cases and contracts.
    pub(crate) fn is_case(&self, address: DocAddress) -> tantivy::Result<bool> {
        let Some(cases) = &self.cases else { return Ok(false) };
        let rows = self.facets.rows(address.segment_ord);
        Ok(cases.filter(&self.facets)?.accepts(rows, address.doc_id))
    }

    pub(crate) fn plan<'a>(&'a self, interpreted: &'a InterpretedQuery) -> Plan<'a> {
        Plan {
            fields: &self.fields,
            lengths: &self.lengths,
            settings: &self.settings,
            interpreted,
        }
    }

    /// The address of the document with an id; `None` if there is none.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn address(&self, searcher: &Searcher, id: &str) -> tantivy::Result<Option<DocAddress>> {
        self.ordinals.find(searcher, &self.records, id)
    }

    /// The record of a document.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn record(&self, searcher: &Searcher, address: DocAddress) -> tantivy::Result<Record> {
        let document: TantivyDocument = searcher.doc(address)?;
        self.records.record(&document)
    }
}

use rex_corpus::{Record, plain_text};
use rex_index::{Facet, Fields};
use tantivy::collector::TopDocs;
use tantivy::directory::Directory;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, Index, IndexReader, ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::collect::{Matches, Pass};
use crate::facet;
use crate::highlight::Highlighter;
use crate::parse::{ParsedQuery, parse};
use crate::plan::plan;
use crate::request::{MAX_DEPTH, SearchRequest};
use crate::response::{Highlights, Hit, SearchResponse, Snippet, Suggestions};
use crate::snippet::best_passage;

/// Bytes of a case that are read for passages to show: ten pages. A hundred hits of any length cost no more than that each.
const MAX_READ: usize = 32 << 10;

/// Answers searches from one generation.
///
/// It reads from the directory it is given and starts no thread: a search runs on the thread that asks.
pub struct Engine {
    reader: IndexReader,
    fields: Fields,
    generation: String,
}

/// The index could not be read: damage on disk, or an index that is not ours. Never the fault of a request.
#[derive(Debug, thiserror::Error)]
#[error("the index of generation {generation} cannot be read: {source}")]
pub struct SearchError {
    generation: String,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Engine {
    /// Opens the generation that a directory holds, under its name.
    ///
    /// # Errors
    /// A directory that holds no index of this format.
    pub fn open(directory: impl Into<Box<dyn Directory>>, generation: impl Into<String>) -> Result<Self, SearchError> {
        let generation = generation.into();
        let open = || -> tantivy::Result<(IndexReader, Fields)> {
            let index = Index::open(directory)?;
            let (schema, fields) = Fields::schema();
            if index.schema() != schema {
                return Err(tantivy::TantivyError::SchemaError(
                    "the fields are not those of this version".to_owned(),
                ));
            }
            let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            Ok((reader, fields))
        };
        match open() {
            Ok((reader, fields)) => Ok(Self {
                reader,
                fields,
                generation,
            }),
            Err(error) => Err(SearchError {
                generation,
                source: error.into(),
            }),
        }
    }

    /// The generation it reads.
    pub fn generation(&self) -> &str {
        &self.generation
    }

    /// How many cases there are.
    pub fn cases(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// The case of an id, its sections included.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn case(&self, id: &str) -> Result<Option<Record>, SearchError> {
        let find = || -> tantivy::Result<Option<Record>> {
            let searcher = self.reader.searcher();
            let query = TermQuery::new(Term::from_field_text(self.fields.id, id), IndexRecordOption::Basic);
            let found = searcher.search(&query, &TopDocs::with_limit(1).order_by_score())?;
            found
                .first()
                .map(|(_, address)| self.record(&searcher, *address))
                .transpose()
        };
        find().map_err(|error| self.error(error))
    }

    /// Answers a request. Past [`MAX_DEPTH`] there are no hits.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        self.answer(request).map_err(|error| self.error(error))
    }

    fn answer(&self, request: &SearchRequest) -> tantivy::Result<SearchResponse> {
        let searcher = self.reader.searcher();
        let query = parse(&request.query);
        let (matches, relaxed) = self.matches(&searcher, &query, request)?;
        let highlighter = Highlighter::new(&query);
        let first = (request.page - 1).saturating_mul(request.per_page);
        let page = matches.hits.iter().skip(first).take(request.per_page);
        let hits = page.map(|(score, address)| Ok(hit(self.record(&searcher, *address)?, *score, &highlighter)));
        let hits = hits.collect::<tantivy::Result<_>>()?;
        let facets = request.facets.iter().zip(matches.counts);
        let reachable = usize::try_from(matches.total).unwrap_or(usize::MAX).min(MAX_DEPTH);
        Ok(SearchResponse {
            total: matches.total,
            page: request.page,
            per_page: request.per_page,
            pages: reachable.div_ceil(request.per_page),
            generation: self.generation.clone(),
            hits,
            facets: facets.map(|(facet, counts)| present(*facet, counts, request)).collect(),
            suggestions: Suggestions {
                relaxed,
                ..Suggestions::default()
            },
        })
    }

    /// The cases that hold all the words; when there is none, those that hold most of them.
    fn matches(
        &self,
        searcher: &Searcher,
        query: &ParsedQuery,
        request: &SearchRequest,
    ) -> tantivy::Result<(Matches, bool)> {
        let pass = Pass {
            filters: &request.filters,
            facets: &request.facets,
            sort: request.sort,
            limit: request.page.saturating_mul(request.per_page).min(MAX_DEPTH),
        };
        let all = query.words.len();
        let matches = searcher.search(&*plan(&self.fields, query, all), &pass)?;
        let fewest = all.div_ceil(2);
        if matches.matched > 0 || query.is_empty() {
            return Ok((matches, false));
        }
        for required in (fewest..all).rev() {
            let fewer = searcher.search(&*plan(&self.fields, query, required), &pass)?;
            if fewer.matched > 0 {
                return Ok((fewer, true));
            }
        }
        Ok((matches, false))
    }

    fn record(&self, searcher: &Searcher, address: DocAddress) -> tantivy::Result<Record> {
        let document: TantivyDocument = searcher.doc(address)?;
        let bytes = document
            .get_first(self.fields.record)
            .and_then(|value| value.as_bytes())
            .unwrap_or_default();
        serde_json::from_slice(bytes)
            .map_err(|error| tantivy::TantivyError::InternalError(format!("a stored record: {error}")))
    }

    fn error(&self, error: tantivy::TantivyError) -> SearchError {
        SearchError {
            generation: self.generation.clone(),
            source: error.into(),
        }
    }
}

fn present(facet: Facet, counts: facet::RawCounts, request: &SearchRequest) -> (Facet, crate::FacetCounts) {
    (facet, facet::present(facet, counts, request.filters.of(facet)))
}

fn hit(record: Record, score: f32, highlighter: &Highlighter) -> Hit {
    let mut budget = MAX_READ;
    let snippet = |section: &rex_corpus::Section| {
        let read = section.texte.floor_char_boundary(budget);
        budget -= read;
        Some(Snippet {
            section: section.titre.clone(),
            passage: best_passage(highlighter, &plain_text(&section.texte[..read]))?,
        })
    };
    Hit {
        score,
        highlights: Highlights {
            title: highlighter.mark(&record.titre),
            buyer: record.acheteur.as_ref().map(|buyer| highlighter.mark(&buyer.nom)),
            holders: record
                .titulaires
                .iter()
                .map(|holder| highlighter.mark(&holder.nom))
                .collect(),
        },
        snippets: record.sections.iter().filter_map(snippet).collect(),
        record,
    }
}

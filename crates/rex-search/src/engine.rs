use std::sync::Arc;

use rex_corpus::Record;
use rex_index::{Completions, Facet, Facets, Fields, Lengths, Ranks, RecordReader};
use tantivy::directory::Directory;
use tantivy::{DocAddress, Index, IndexReader, ReloadPolicy, Score, Searcher, TantivyDocument};

use crate::collector::deadline::{Deadline, is_past};
use crate::collector::facet_collector::Raise;
use crate::collector::match_all_cache::Everything;
use crate::entities::{KnownValues, chips, understand};
use crate::facet::counts::ValueCounts;
use crate::facet::listing;
use crate::highlight::highlighter::Highlighter;
use crate::highlight::hit_cache::PreparedCases;
use crate::more_like_this::similar::{Nearby, Similar};
use crate::query::expansion::{derive, meanings};
use crate::query::interpretation::{NamedValue, Reading};
use crate::query::parser::parse;
use crate::query::planner::Plan;
use crate::query::ranking_rules::{RankingRule, Settings};
use crate::query::term_stats::Vocabulary;
use crate::request::{Condition, DEFAULT_VALUES, MAX_DEPTH, SearchRequest, Sort};
use crate::response::{Correction, FacetCounts, Hit, SearchResponse, Suggestions};
use crate::scoring::explain::{Explanation, explain};
use crate::scoring::proximity;
use crate::scoring::type_boost;
use crate::spellcheck::candidates;
use crate::spellcheck::did_you_mean::corrections;

/// Answers searches from one generation.
///
/// It reads from the directory it is given and starts no thread: a search runs on the thread that asks.
pub struct Engine {
    pub(crate) reader: IndexReader,
    fields: Fields,
    values: KnownValues,
    pub(crate) facets: Facets,
    records: RecordReader,
    pub(crate) ranks: Ranks,
    everything: Everything,
    lengths: Arc<Lengths>,
    /// What tells cases from contracts, where it holds both.
    pub(crate) cases: Option<Raise>,
    generation: String,
    pub(crate) settings: Settings,
    prepared: PreparedCases,
    /// None in an index that is not finished.
    pub(crate) completions: Option<Completions>,
}

/// What was found.
pub(crate) struct Found {
    /// Cases that match, filters applied.
    total: u64,
    /// The best of them, the best first.
    pub(crate) hits: Vec<(Score, DocAddress)>,
    /// The counts of each facet asked for, in that order; none where they are those of all cases.
    pub(crate) counts: Vec<Option<ValueCounts>>,
}

/// What a request matches.
pub(crate) struct Matched {
    pub(crate) found: Found,
    /// The query as it was searched.
    pub(crate) reading: Reading,
    /// Whether cases were found that do not hold all the words.
    pub(crate) relaxed: bool,
}

/// Why a search has no answer. Never the fault of what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index could not be read: damage on disk, or an index that is not ours.
    #[error("the index of generation {generation} cannot be read: {source}")]
    Unreadable {
        /// The generation.
        generation: String,
        /// What the engine underneath says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The search was not done within [`SearchRequest::time_limit`], and was stopped.
    #[error("the search was stopped: its time was over")]
    TimedOut,
}

impl Engine {
    /// Opens the generation that a directory holds, under its name.
    ///
    /// # Errors
    /// A directory that holds no index of this format.
    pub fn open(directory: impl Into<Box<dyn Directory>>, generation: impl Into<String>) -> Result<Self, SearchError> {
        Self::open_with(directory, generation, Settings::default())
    }

    /// Opens the generation that a directory holds, to be searched with other settings than those of Rex.
    ///
    /// # Errors
    /// A directory that holds no index of this format.
    pub fn open_with(
        directory: impl Into<Box<dyn Directory>>,
        generation: impl Into<String>,
        settings: Settings,
    ) -> Result<Self, SearchError> {
        let generation = generation.into();
        let directory = directory.into();
        let open = || -> tantivy::Result<Self> {
            let completions = Completions::open(&*directory)?;
            let index = Index::open(directory.clone())?;
            let (schema, fields) = Fields::schema();
            if index.schema() != schema {
                return Err(tantivy::TantivyError::SchemaError(
                    "the fields are not those of this version".to_owned(),
                ));
            }
            let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            let searcher = reader.searcher();
            let facets = Facets::open(&*directory, &searcher)?;
            let records = RecordReader::open(&*directory)?;
            Ok(Self {
                values: KnownValues::read(&facets)?,
                lengths: Arc::new(Lengths::open(&*directory, &searcher)?),
                cases: type_boost::cases(&facets),
                facets,
                ranks: Ranks::open(&*directory, &searcher, &records)?,
                records,
                everything: Everything::default(),
                reader,
                fields,
                generation: generation.clone(),
                settings,
                prepared: PreparedCases::new(),
                completions,
            })
        };
        open().map_err(|error| SearchError::Unreadable {
            generation: generation.clone(),
            source: error.into(),
        })
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
            let address = self.address(&searcher, id)?;
            address.map(|address| self.record(&searcher, address)).transpose()
        };
        find().map_err(|error| self.error(error))
    }

    /// The cases nearest to the case of an id, at most `limit`, the nearest first; never that case itself. `None` where no
    /// case has the id.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn similar(&self, id: &str, limit: usize) -> Result<Option<Vec<Similar>>, SearchError> {
        let find = || -> tantivy::Result<Option<Vec<Similar>>> {
            let searcher = self.reader.searcher();
            let Some(itself) = self.address(&searcher, id)? else {
                return Ok(None);
            };
            let read = |address| self.record(&searcher, address);
            let near = Nearby {
                searcher: &searcher,
                fields: &self.fields,
                lengths: &self.lengths,
                facets: &self.facets,
                ranks: &self.ranks,
            };
            near.similar(itself, limit, read).map(Some)
        };
        find().map_err(|error| self.error(error))
    }

    /// Marks the words of a query in any text, as in its answer, whether or not the text is that of a hit.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn highlighter(&self, query: &str) -> Result<Highlighter, SearchError> {
        let reading = self.reading(&self.reader.searcher(), query);
        reading
            .map(|reading| self.marks(&reading))
            .map_err(|error| self.error(error))
    }

    /// Why the case of an id ranks where it does for a query; `None` where no case has the id.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn explain(&self, query: &str, id: &str) -> Result<Option<Explanation>, SearchError> {
        let explain = || -> tantivy::Result<Option<Explanation>> {
            let searcher = self.reader.searcher();
            let Some(address) = self.address(&searcher, id)? else {
                return Ok(None);
            };
            let reading = self.reading(&searcher, query)?;
            let request = SearchRequest {
                query: query.to_owned(),
                ..SearchRequest::default()
            };
            let (_, reading, _) = self.widen(&searcher, reading, &request, &[], 0, Deadline::default())?;
            let mut explanation = explain(&searcher, &self.plan(&reading), address)?;
            let rows = self.facets.rows(address.segment_ord);
            for raise in &reading.named {
                if raise.filter(&self.facets)?.accepts(rows, address.doc_id) {
                    explanation.raises.push((raise.facet, raise.by));
                    explanation.score += raise.by;
                }
            }
            if self.is_case(address)? {
                explanation.score += explanation.case;
            } else {
                explanation.case = 0.0;
            }
            Ok(Some(explanation))
        };
        explain().map_err(|error| self.error(error))
    }

    /// Answers a request. Past [`MAX_DEPTH`] there are no hits.
    ///
    /// # Errors
    /// An index that cannot be read; a search that takes longer than its limit.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        self.answer(request).map_err(|error| self.error(error))
    }

    fn answer(&self, request: &SearchRequest) -> tantivy::Result<SearchResponse> {
        let deadline = Deadline::within(request.time_limit);
        let searcher = self.reader.searcher();
        let reading = self.reading(&searcher, &request.query)?;
        let reach = request.offset.saturating_add(request.limit).min(MAX_DEPTH);
        let Matched {
            found: matches,
            reading,
            relaxed,
        } = self.matches(&searcher, reading, request, reach, deadline)?;
        let highlighter = self.marks(&reading);
        let page = matches.hits.iter().skip(request.offset).take(request.limit);
        let hits = page.map(|(score, address)| {
            let read = || self.record(&searcher, *address);
            self.prepared.hit(*address, *score, &highlighter, read)
        });
        let hits: Vec<Hit> = hits.collect::<tantivy::Result<_>>()?;
        let counted = request.facets.iter().zip(matches.counts);
        let facets = counted.map(|(facet, counts)| {
            deadline.check()?;
            Ok((*facet, self.facet_counts(*facet, counts.as_ref(), request)?))
        });
        let corrections = corrections(&request.query, &reading.meanings, &hits);
        let missing = reading.missing(&request.query);
        let did_you_mean = match Correction::apply(&corrections, &request.query) {
            Some(corrected) => Some(corrected),
            None if missing.is_empty() => None,
            None => self.offer(&searcher, &request.query, &reading)?,
        };
        Ok(SearchResponse {
            total: matches.total,
            generation: self.generation.clone(),
            hits,
            highlighter,
            facets: facets.collect::<tantivy::Result<_>>()?,
            suggestions: Suggestions {
                relaxed,
                missing,
                optional: reading.optional(&request.query),
                derived: reading.derived(),
                did_you_mean,
                corrections,
                chips: chips(request, &reading.understood),
            },
        })
    }

    /// What a query says.
    pub(crate) fn reading(&self, searcher: &Searcher, text: &str) -> tantivy::Result<Reading> {
        let mut query = parse(self.settings.analyzer, text);
        let understood = if self.settings.has(RankingRule::Understanding) {
            understand(text, &self.values)
        } else {
            Vec::new()
        };
        let values = NamedValue::of(understood.clone());
        query.leave_to_values(&values);
        let vocabulary = self.vocabulary(searcher);
        let mut meanings = meanings(&vocabulary, &self.settings, &query)?;
        derive(&vocabulary, &self.settings, &mut meanings, |meaning| meaning.is_missing)?;
        Reading::new(searcher, &self.facets, query, meanings, values, understood)
    }

    pub(crate) fn vocabulary<'a>(&'a self, searcher: &'a Searcher) -> Vocabulary<'a> {
        Vocabulary::new(searcher, &self.fields, &self.settings)
    }

    /// A query with near words in place of those that no case holds; none where there is none.
    fn offer(&self, searcher: &Searcher, query: &str, reading: &Reading) -> tantivy::Result<Option<String>> {
        let mut offered = Vec::new();
        for meaning in reading.meanings.iter().filter(|meaning| meaning.is_missing) {
            if let Some(to) = candidates::offer(&self.vocabulary(searcher), &meaning.word)? {
                let range = meaning.word.range.clone();
                offered.push(Correction {
                    from: query.get(range.clone()).unwrap_or_default().to_owned(),
                    to,
                    range,
                });
            }
        }
        Ok(Correction::apply(&offered, query))
    }

    /// Whether a record is a case, in an index that holds contracts too.
    fn is_case(&self, address: DocAddress) -> tantivy::Result<bool> {
        let Some(cases) = &self.cases else { return Ok(false) };
        let rows = self.facets.rows(address.segment_ord);
        Ok(cases.filter(&self.facets)?.accepts(rows, address.doc_id))
    }

    fn marks(&self, reading: &Reading) -> Highlighter {
        Highlighter::new(self.settings.analyzer, &reading.meanings, &reading.query.phrases)
    }

    pub(crate) fn plan<'a>(&'a self, reading: &'a Reading) -> Plan<'a> {
        Plan {
            fields: &self.fields,
            lengths: &self.lengths,
            settings: &self.settings,
            reading,
        }
    }

    /// The first hits of a request, at least `reach` where there are as many, and the counts.
    pub(crate) fn matches(
        &self,
        searcher: &Searcher,
        reading: Reading,
        request: &SearchRequest,
        reach: usize,
        deadline: Deadline,
    ) -> tantivy::Result<Matched> {
        let mut matched = self.find(searcher, reading, request, reach, deadline)?;
        // Whoever only counts reads no places of words.
        if reach > 0 && request.sort == Sort::Relevance && self.settings.has(RankingRule::Proximity) {
            let cases = self
                .cases
                .as_ref()
                .map(|cases| cases.filter(&self.facets))
                .transpose()?;
            let is_case = |address: DocAddress| {
                let rows = self.facets.rows(address.segment_ord);
                cases.as_ref().is_some_and(|cases| cases.accepts(rows, address.doc_id))
            };
            proximity::rerank(searcher, &self.plan(&matched.reading), is_case, &mut matched.found.hits)?;
        }
        Ok(matched)
    }

    /// The best hits of a request, their number and the counts, without what every case has: that is known.
    fn find(
        &self,
        searcher: &Searcher,
        reading: Reading,
        request: &SearchRequest,
        reach: usize,
        deadline: Deadline,
    ) -> tantivy::Result<Matched> {
        deadline.check()?;
        let finds_all = reading.is_everything() && request.condition == Condition::default();
        // A facet is counted under the filters of the others.
        let is_known = |facet: Facet| finds_all && request.filters.iter().all(|(filtered, _)| filtered == facet);
        let counted: Vec<Facet> = request
            .facets
            .iter()
            .copied()
            .filter(|facet| !is_known(*facet))
            .collect();
        if finds_all && request.filters.is_empty() && reach <= Everything::DEPTH {
            let first = || {
                let pass = self.pass(&reading, request, &[], Everything::DEPTH, deadline);
                Ok(pass.search(searcher, &self.plan(&reading).all_words())?.hits)
            };
            let found = Found {
                total: searcher.num_docs(),
                hits: self.everything.hits(request.sort, first)?.to_vec(),
                counts: request.facets.iter().map(|_| None).collect(),
            };
            return Ok(Matched {
                found,
                reading,
                relaxed: false,
            });
        }
        let (matches, reading, relaxed) = self.widen(searcher, reading, request, &counted, reach, deadline)?;
        let mut counts = Vec::with_capacity(request.facets.len());
        let mut of_pass = matches.counts.into_iter();
        for facet in &request.facets {
            counts.push(if is_known(*facet) { None } else { of_pass.next() });
        }
        let found = Found {
            total: matches.total,
            hits: matches.hits,
            counts,
        };
        Ok(Matched {
            found,
            reading,
            relaxed,
        })
    }

    /// What a reader sees of a facet; without counts, of all cases.
    fn facet_counts(
        &self,
        facet: Facet,
        counts: Option<&ValueCounts>,
        request: &SearchRequest,
    ) -> tantivy::Result<FacetCounts> {
        let table = self.facets.table(facet);
        let selected = request.filters.of(facet);
        let present =
            |counts: &ValueCounts| listing::present(table, counts, selected, request.max_values, request.max_numbers);
        let of_all = || present(&ValueCounts::of_all(table));
        let is_plain = selected.is_empty() && request.max_values == DEFAULT_VALUES && request.max_numbers == 0;
        match counts {
            Some(counts) => present(counts),
            None if is_plain => self.everything.facet(facet, of_all).cloned(),
            None => of_all(),
        }
    }

    fn address(&self, searcher: &Searcher, id: &str) -> tantivy::Result<Option<DocAddress>> {
        self.ranks.find(searcher, &self.records, id)
    }

    pub(crate) fn record(&self, searcher: &Searcher, address: DocAddress) -> tantivy::Result<Record> {
        let document: TantivyDocument = searcher.doc(address)?;
        self.records.record(&document)
    }

    pub(crate) fn error(&self, error: tantivy::TantivyError) -> SearchError {
        if is_past(&error) {
            return SearchError::TimedOut;
        }
        SearchError::Unreadable {
            generation: self.generation.clone(),
            source: error.into(),
        }
    }
}

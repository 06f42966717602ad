use std::sync::Arc;

use rex_corpus::Record;
use rex_index::{Completions, Facet, Facets, Fields, Lengths, Ranks, RecordReader};
use tantivy::collector::DocSetCollector;
use tantivy::directory::Directory;
use tantivy::{DocAddress, Index, IndexReader, ReloadPolicy, Score, Searcher, TantivyDocument};

use crate::cases_first;
use crate::collect::{Floor, Matches, Pass, Raise};
use crate::counts::ValueCounts;
use crate::deadline::{Deadline, is_past};
use crate::everything::Everything;
use crate::explain::{Explanation, explain};
use crate::facet;
use crate::highlight::Highlighter;
use crate::meaning::{Meaning, meanings};
use crate::parse::{ParsedQuery, parse};
use crate::plan::Plan;
use crate::prepared::PreparedCases;
use crate::proximity;
use crate::request::{Condition, DEFAULT_VALUES, MAX_DEPTH, Matching, SearchRequest, Sort};
use crate::response::{Correction, FacetCounts, Hit, SearchResponse, Suggestions};
use crate::settings::{RankingRule, Settings};
use crate::similar::{Nearby, Similar};
use crate::spelling::corrections;
use crate::understand::{KnownValues, Understood, chips, understand};
use crate::vocabulary::Vocabulary;

/// So few cases that hold all the words are next to nothing: in so many of all cases, and three pages at most.
const NEXT_TO_NOTHING: u64 = 30;
const NEXT_TO_NOTHING_OF: u64 = 10;
/// A case without some of the words counts as found when its score is at least so much of the best one. Lower, counts swell
/// and nothing is found better; higher, the right case is sometimes left out (docs/RELEVANCE.md).
const NEAR_THE_BEST: f32 = 0.33;

/// Answers searches from one generation.
///
/// It reads from the directory it is given and starts no thread: a search runs on the thread that asks.
pub struct Engine {
    pub(crate) reader: IndexReader,
    fields: Fields,
    values: KnownValues,
    pub(crate) facets: Facets,
    records: RecordReader,
    ranks: Ranks,
    everything: Everything,
    lengths: Arc<Lengths>,
    /// Whether it holds cases and contracts.
    is_mixed: bool,
    generation: String,
    settings: Settings,
    prepared: PreparedCases,
    /// None in an index that is not finished.
    pub(crate) completions: Option<Completions>,
}

/// A query, read: its words, what each may be found as, and what raises cases.
pub(crate) struct Reading {
    query: ParsedQuery,
    meanings: Vec<Meaning>,
    /// For the values that the query names.
    named: Vec<Raise>,
    /// For being a case, where there are contracts too.
    case: Option<Raise>,
}

impl Reading {
    fn raises(&self) -> Vec<&Raise> {
        self.named.iter().chain(&self.case).collect()
    }

    /// Whether it finds every case, each as good as any other of its type.
    fn is_everything(&self) -> bool {
        let query = &self.query;
        let says_nothing = query.phrases.is_empty() && query.excluded.is_empty() && !query.is_beyond_words;
        says_nothing && self.meanings.is_empty() && self.named.is_empty()
    }
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
                is_mixed: cases_first::is_mixed(&facets),
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
            let mut explanation = explain(&searcher, &self.plan(&reading), address)?;
            let rows = self.facets.rows(address.segment_ord);
            for raise in &reading.named {
                if raise.filter(&self.facets)?.accepts(rows, address.doc_id) {
                    explanation.raises.push((raise.facet, raise.by));
                    explanation.score += raise.by;
                }
            }
            if let Some(raise) = &reading.case
                && raise.filter(&self.facets)?.accepts(rows, address.doc_id)
            {
                explanation.case = raise.by;
                explanation.score += raise.by;
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
        let (matches, relaxed) = self.matches(&searcher, &reading, request, reach, deadline)?;
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
        Ok(SearchResponse {
            total: matches.total,
            generation: self.generation.clone(),
            hits,
            highlighter,
            facets: facets.collect::<tantivy::Result<_>>()?,
            suggestions: Suggestions {
                relaxed,
                missing: Vec::new(),
                optional: Vec::new(),
                derived: Vec::new(),
                did_you_mean: Correction::apply(&corrections, &request.query),
                corrections,
                chips: chips(request, &self.values),
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
        query.leave_to_filters(&understood);
        let meanings = meanings(
            &Vocabulary::new(searcher, &self.fields, &self.settings),
            &self.settings,
            &query,
        )?;
        Ok(Reading {
            query,
            named: raises(understood),
            case: self.is_mixed.then(|| cases_first::raise(&meanings)),
            meanings,
        })
    }

    fn marks(&self, reading: &Reading) -> Highlighter {
        Highlighter::new(self.settings.analyzer, &reading.meanings, &reading.query.phrases)
    }

    fn plan<'a>(&'a self, reading: &'a Reading) -> Plan<'a> {
        Plan {
            fields: &self.fields,
            lengths: &self.lengths,
            settings: &self.settings,
            query: &reading.query,
            meanings: &reading.meanings,
            is_raised: !reading.named.is_empty(),
        }
    }

    /// The first hits of a request, at least so many where there are as many, and the counts; and whether it was relaxed.
    pub(crate) fn matches(
        &self,
        searcher: &Searcher,
        reading: &Reading,
        request: &SearchRequest,
        reach: usize,
        deadline: Deadline,
    ) -> tantivy::Result<(Found, bool)> {
        let (mut matches, relaxed) = self.find(searcher, reading, request, reach, deadline)?;
        // Whoever only counts reads no places of words.
        if reach > 0 && request.sort == Sort::Relevance && self.settings.has(RankingRule::Proximity) {
            proximity::rerank(searcher, &self.plan(reading), &mut matches.hits)?;
        }
        Ok((matches, relaxed))
    }

    /// The best hits of a request, their number and the counts, without what every case has: that is known.
    fn find(
        &self,
        searcher: &Searcher,
        reading: &Reading,
        request: &SearchRequest,
        reach: usize,
        deadline: Deadline,
    ) -> tantivy::Result<(Found, bool)> {
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
                let (matches, _) = self.pass(searcher, reading, request, &[], Everything::DEPTH, deadline)?;
                Ok(matches.hits)
            };
            let found = Found {
                total: searcher.num_docs(),
                hits: self.everything.hits(request.sort, first)?.to_vec(),
                counts: request.facets.iter().map(|_| None).collect(),
            };
            return Ok((found, false));
        }
        let (matches, relaxed) = self.pass(searcher, reading, request, &counted, reach, deadline)?;
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
        Ok((found, relaxed))
    }

    /// The cases that hold all the words; when there is none or next to none, those that come near the best one too.
    fn pass(
        &self,
        searcher: &Searcher,
        reading: &Reading,
        request: &SearchRequest,
        facets: &[Facet],
        reach: usize,
        deadline: Deadline,
    ) -> tantivy::Result<(Matches, bool)> {
        // In another order there is no score to raise.
        let raises = match request.sort {
            Sort::Relevance => reading.raises(),
            _ => Vec::new(),
        };
        let plan = self.plan(reading);
        let pass = Pass {
            index: &self.facets,
            ranks: &self.ranks,
            filters: &request.filters,
            condition: &request.condition,
            facets,
            sort: request.sort,
            is_scored: !reading.is_everything(),
            limit: match reach {
                0 => 0,
                // Those that proximity may put among the first.
                _ if plan.has_proximity() => reach.max(proximity::DEPTH),
                _ => reach,
            },
            floor: None,
            raises: &raises,
            deadline,
        };
        let all = plan.all_words();
        let matches = pass.search(searcher, &all)?;
        let enough = NEXT_TO_NOTHING.min(searcher.num_docs() / NEXT_TO_NOTHING_OF).max(1);
        let is_fixed = request.matching == Matching::All || !self.settings.has(RankingRule::Relaxing);
        if matches.matched >= enough || reading.meanings.len() < 2 || is_fixed {
            return Ok((matches, false));
        }
        let any = plan.any_word();
        let Some(best) = any.best(searcher, deadline)? else {
            return Ok((matches, false));
        };
        let floor = Floor {
            score: best * NEAR_THE_BEST,
            always: searcher.search(&*all.query, &DocSetCollector)?,
        };
        let some = Pass {
            floor: Some(&floor),
            ..pass
        };
        let near = some.search(searcher, &any)?;
        // Cases that hold all the words may be all there is.
        let relaxed = near.matched > matches.matched;
        Ok((near, relaxed))
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
            |counts: &ValueCounts| facet::present(table, counts, selected, request.max_values, request.max_numbers);
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

/// Cases that have what the query names come first among their like: it counts as a rare word of the title would.
fn raises(understood: Vec<Understood>) -> Vec<Raise> {
    const BY: f32 = 12.0;
    let raise = |part: Understood| Raise {
        facet: part.facet,
        selection: part.selection,
        by: BY,
    };
    understood.into_iter().map(raise).collect()
}

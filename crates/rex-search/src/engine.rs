use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rex_corpus::{CpvLabels, Record};
use rex_query::{
    Completion, Condition, Correction, DEFAULT_VALUES, Deadline, Facet, FacetCounts, FacetKind, FacetMatches,
    FacetQuery, Highlighter, Hit, IndexInfo, MAX_COMPLETIONS, MAX_DEPTH, ResolvedValue, Scan, SearchBackend,
    SearchError, SearchRequest, SearchResponse, Similar, Sort, Suggestions, query_length,
};
use tantivy::directory::Directory;
use tantivy::{DocAddress, Score, Searcher};

use crate::collector::match_all_cache::MatchAllCache;
use crate::collector::scan::HitScan;
use crate::entities::chips;
use crate::error::{Error, Result};
use crate::facet::counts::ValueCounts;
use crate::facet::filter_expr::CodeFilters;
use crate::facet::listing;
use crate::facet::value_resolver::{self, FacetValues};
use crate::facet::value_search::find_values;
use crate::highlight::highlighter::TermHighlighter;
use crate::highlight::hit_cache::HitCache;
use crate::meaning::offer::near_by_meaning;
use crate::more_like_this::similar::Nearby;
use crate::open_index::OpenIndex;
use crate::query::interpretation::InterpretedQuery;
use crate::query::ranking_rules::{RankingRule, Settings};
use crate::query::relaxation::{collector, widen};
use crate::scoring::explain::{Explanation, explain};
use crate::scoring::rerank::{self, rerank};
use crate::spellcheck::candidates;
use crate::spellcheck::did_you_mean::corrections;
use crate::suggest::{CpvCompletions, Sources, complete};

/// Longest text that is compared with the values of a facet, in normalized characters. Names have at most 300.
const MAX_VALUE_CHARS: usize = 1_000;

/// The tantivy [`SearchBackend`]: answers searches from one generation.
///
/// It reads from the directory it is given and starts no thread: a search runs on the thread of its caller.
pub struct Engine {
    index: OpenIndex,
    generation: String,
    /// Labels of CPV codes.
    labels: CpvLabels,
    match_all: MatchAllCache,
    cached: HitCache,
    /// The labels as completions, built by the first call of [`SearchBackend::suggest`].
    cpv_completions: OnceLock<CpvCompletions>,
}

/// The matches of a query.
struct QueryMatches {
    /// Cases that match, filters applied.
    total: u64,
    /// How many of them lack a word of the query.
    lacking: u64,
    /// The best ones, the best first.
    hits: Vec<(Score, DocAddress)>,
    /// The counts of the requested facets, in that order; `None` where they are those of all cases.
    counts: Vec<Option<ValueCounts>>,
}

/// The matches of a request, and the query that found them.
struct InterpretedMatches {
    found: QueryMatches,
    /// The query as it was run, relaxed where needed.
    interpreted: InterpretedQuery,
    /// Whether some matches lack some of the words.
    relaxed: bool,
    /// What meaning added to the scores of the first hits, in their order.
    lifts: Vec<Score>,
}

impl Engine {
    /// Opens the generation in a directory, under its name.
    ///
    /// # Errors
    /// A directory that holds no index of this format.
    pub fn open(
        directory: impl Into<Box<dyn Directory>>,
        generation: impl Into<String>,
    ) -> std::result::Result<Self, SearchError> {
        Self::open_with(directory, generation, Settings::default())
    }

    /// Opens the generation in a directory with other settings than the default.
    ///
    /// # Errors
    /// A directory that holds no index of this format.
    pub fn open_with(
        directory: impl Into<Box<dyn Directory>>,
        generation: impl Into<String>,
        settings: Settings,
    ) -> std::result::Result<Self, SearchError> {
        let generation = generation.into();
        let index = OpenIndex::open(&*directory.into(), settings)
            .map_err(|error| Error::from(error).of_generation(&generation))?;
        Ok(Self {
            index,
            generation,
            labels: CpvLabels::shipped(),
            match_all: MatchAllCache::default(),
            cached: HitCache::new(),
            cpv_completions: OnceLock::new(),
        })
    }

    /// The same with other labels of CPV codes than the shipped ones. They have to be those the index was built with, so that a
    /// completion finds its cases.
    #[must_use]
    pub fn with_labels(self, labels: CpvLabels) -> Self {
        Self {
            labels,
            cpv_completions: OnceLock::new(),
            ..self
        }
    }

    /// Explains the rank of a case for a query; `None` if there is no case with this id.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn explain(&self, query: &str, id: &str) -> std::result::Result<Option<Explanation>, SearchError> {
        self.explanation(query, id).map_err(|error| self.error(error))
    }

    fn explanation(&self, query: &str, id: &str) -> Result<Option<Explanation>> {
        let (index, searcher) = (&self.index, self.index.searcher());
        let Some(address) = index.address(&searcher, id)? else {
            return Ok(None);
        };
        let interpreted = index.interpreted(&searcher, query, Deadline::NONE)?;
        let request = SearchRequest {
            query: query.to_owned(),
            facets: Vec::new(),
            ..SearchRequest::default()
        };
        let matches = self.matches(&searcher, interpreted, &request, rerank::DEPTH)?;
        let interpreted = matches.interpreted;
        let record = index.record(&searcher, address)?;
        let vector = index.vectors.get(address);
        let mut explanation = explain(&searcher, &index.plan(&interpreted), address, &record, vector)?;
        let mut hits = matches.found.hits.iter().zip(&matches.lifts);
        let lift = hits.find(|((_, hit), _)| *hit == address);
        if let (Some(meaning), Some((_, added))) = (&mut explanation.meaning, lift) {
            meaning.added = *added;
            explanation.score += added;
        }
        let rows = index.facets.rows(address.segment_ord);
        for boost in &interpreted.named {
            if boost.filter(&index.facets)?.accepts(rows, address.doc_id) {
                explanation.boosts.push((boost.facet, boost.by));
                explanation.score += boost.by;
            }
        }
        if index.is_case(address)? {
            explanation.score += explanation.case;
        } else {
            explanation.case = 0.0;
        }
        Ok(Some(explanation))
    }

    fn answer(&self, request: &SearchRequest) -> Result<SearchResponse> {
        let searcher = self.index.searcher();
        let interpreted = self.index.interpreted(&searcher, &request.query, request.deadline)?;
        let depth = request.offset.saturating_add(request.limit).min(MAX_DEPTH);
        let InterpretedMatches {
            found: matches,
            interpreted,
            relaxed,
            ..
        } = self.matches(&searcher, interpreted, request, depth)?;
        let highlighter = self.marks(&interpreted);
        let page = matches.hits.iter().skip(request.offset).take(request.limit);
        let hits = page.map(|(score, address)| {
            request.deadline.check()?;
            let read = || self.index.record(&searcher, *address);
            Ok(self.cached.hit(*address, *score, &highlighter, read)?)
        });
        let hits: Vec<Hit> = hits.collect::<Result<_>>()?;
        let counted = request.facets.iter().zip(matches.counts);
        let facets = counted.map(|(facet, counts)| {
            request.deadline.check()?;
            Ok((*facet, self.facet_counts(*facet, counts.as_ref(), request)?))
        });
        let corrections = corrections(&request.query, &interpreted.terms, &hits);
        let missing = interpreted.missing(&request.query);
        let near_by_meaning = match matches.total == 0 || !missing.is_empty() {
            true => near_by_meaning(
                &self.index,
                &searcher,
                request,
                &interpreted,
                matches.total,
                &matches.hits,
            )?,
            false => Vec::new(),
        };
        let did_you_mean = match Correction::apply(&corrections, &request.query) {
            Some(corrected) => Some(corrected),
            None if missing.is_empty() => None,
            None => self.offer(&searcher, request, &interpreted)?,
        };
        Ok(SearchResponse {
            total: matches.total,
            generation: self.generation.clone(),
            hits,
            highlighter: Arc::new(highlighter),
            facets: facets.collect::<Result<_>>()?,
            suggestions: Suggestions {
                relaxed,
                lacking_words: matches.lacking,
                missing,
                optional: interpreted.optional(&request.query),
                derived: interpreted.derived(),
                did_you_mean,
                corrections,
                chips: chips(request, &interpreted.entities),
            },
            near_by_meaning,
        })
    }

    /// The query with similar words in place of those that no case holds; `None` if there are none.
    fn offer(
        &self,
        searcher: &Searcher,
        request: &SearchRequest,
        interpreted: &InterpretedQuery,
    ) -> Result<Option<String>> {
        let query = request.query.as_str();
        let mut offered = Vec::new();
        for term in interpreted.terms.iter().filter(|term| term.is_missing) {
            if let Some(to) = candidates::offer(&self.index.term_stats(searcher, request.deadline), &term.word)? {
                let range = term.word.range.clone();
                offered.push(Correction {
                    from: query.get(range.clone()).unwrap_or_default().to_owned(),
                    to,
                    range,
                });
            }
        }
        Ok(Correction::apply(&offered, query))
    }

    fn marks(&self, interpreted: &InterpretedQuery) -> TermHighlighter {
        TermHighlighter::new(
            self.index.settings.analyzer,
            &interpreted.terms,
            &interpreted.query.phrases,
        )
    }

    /// The first hits of a request, at least `depth` of them if there are as many, and the counts.
    fn matches(
        &self,
        searcher: &Searcher,
        interpreted: InterpretedQuery,
        request: &SearchRequest,
        depth: usize,
    ) -> Result<InterpretedMatches> {
        let mut matched = self.find(searcher, interpreted, request, depth)?;
        // A request for counts only needs no positions.
        if depth > 0 && request.sort == Sort::Relevance {
            matched.lifts = rerank(
                searcher,
                &self.index,
                &matched.interpreted,
                &mut matched.found.hits,
                request.deadline,
            )?;
        }
        Ok(matched)
    }

    /// The best hits of a request, their number and the counts. Counts over all cases are left out: they are in the index.
    fn find(
        &self,
        searcher: &Searcher,
        interpreted: InterpretedQuery,
        request: &SearchRequest,
        depth: usize,
    ) -> Result<InterpretedMatches> {
        request.deadline.check()?;
        let finds_all = interpreted.matches_all() && request.condition == Condition::default();
        // A facet is counted under the filters of the others.
        let is_known = |facet: Facet| finds_all && request.filters.iter().all(|(filtered, _)| filtered == facet);
        let counted: Vec<Facet> = request
            .facets
            .iter()
            .copied()
            .filter(|facet| !is_known(*facet))
            .collect();
        if finds_all && request.filters.is_empty() && depth <= MatchAllCache::DEPTH {
            let filters = CodeFilters::default();
            let first = || {
                let collector = collector(&self.index, &interpreted, request, &filters, &[], MatchAllCache::DEPTH);
                Ok(collector
                    .search(searcher, &self.index.plan(&interpreted).all_words(), None)?
                    .hits)
            };
            let found = QueryMatches {
                total: searcher.num_docs(),
                lacking: 0,
                hits: self.match_all.hits(request.sort, first)?.to_vec(),
                counts: request.facets.iter().map(|_| None).collect(),
            };
            return Ok(InterpretedMatches {
                found,
                interpreted,
                relaxed: false,
                lifts: Vec::new(),
            });
        }
        let (matches, interpreted, relaxed) = widen(&self.index, searcher, interpreted, request, &counted, depth)?;
        let mut counts = Vec::with_capacity(request.facets.len());
        let mut of_pass = matches.counts.into_iter();
        for facet in &request.facets {
            counts.push(if is_known(*facet) { None } else { of_pass.next() });
        }
        let found = QueryMatches {
            total: matches.total,
            lacking: matches.lacking,
            hits: matches.hits,
            counts,
        };
        Ok(InterpretedMatches {
            found,
            interpreted,
            relaxed,
            lifts: Vec::new(),
        })
    }

    /// The response for a facet; without counts, that over all cases.
    fn facet_counts(&self, facet: Facet, counts: Option<&ValueCounts>, request: &SearchRequest) -> Result<FacetCounts> {
        let table = self.index.facets.table(facet);
        let present = |counts: &ValueCounts| -> Result<FacetCounts> { Ok(listing::present(table, counts, request)?) };
        let of_all = || present(&ValueCounts::of_all(table));
        let is_plain = request.filters.of(facet).is_empty()
            && (request.max_values, request.max_per_level, request.max_numbers) == (DEFAULT_VALUES, 0, 0);
        match counts {
            Some(counts) => present(counts),
            None if is_plain => self.match_all.facet(facet, of_all).cloned(),
            None => of_all(),
        }
    }

    fn values(&self, request: &SearchRequest, query: &FacetQuery) -> Result<FacetMatches> {
        let searcher = self.index.searcher();
        let interpreted = self.index.interpreted(&searcher, &request.query, request.deadline)?;
        let request = SearchRequest {
            facets: vec![query.facet],
            ..request.clone()
        };
        let mut found = self.matches(&searcher, interpreted, &request, 0)?.found;
        let table = self.index.facets.table(query.facet);
        let counts = found.counts.pop().flatten();
        let counts = counts.unwrap_or_else(|| ValueCounts::of_all(table));
        let label = |path: &str| match query.facet {
            Facet::Cpv => self.labels.of_branch(path),
            _ => None,
        };
        find_values(table, &counts, &request, query, &label)
    }

    fn completions(&self, typed: &str, limit: usize) -> Result<Vec<Completion>> {
        let cpv = match self.cpv_completions.get() {
            Some(cpv) => cpv,
            None => {
                let label = |digits: &str| self.labels.of_digits(digits);
                let cpv = CpvCompletions::read(&self.index.facets, &label)?;
                self.cpv_completions.get_or_init(|| cpv)
            }
        };
        let sources = Sources {
            completions: &self.index.completions,
            cpv,
            facets: &self.index.facets,
            lexicon: &self.index.settings.lexicon,
        };
        Ok(complete(sources, typed, limit.min(MAX_COMPLETIONS))?)
    }

    fn similar_to(&self, id: &str, limit: usize) -> Result<Option<Vec<Similar>>> {
        let (index, searcher) = (&self.index, self.index.searcher());
        let Some(itself) = index.address(&searcher, id)? else {
            return Ok(None);
        };
        let near = Nearby {
            searcher: &searcher,
            fields: &index.fields,
            lengths: &index.lengths,
            facets: &index.facets,
            ordinals: &index.ordinals,
            vectors: index.settings.has(RankingRule::Meaning).then_some(&index.vectors),
        };
        let similar = near.similar(itself, limit, |address| index.record(&searcher, address))?;
        Ok(Some(similar))
    }

    fn hits(&self, request: &SearchRequest, hits: Range<usize>) -> Result<HitScan> {
        let searcher = self.index.searcher();
        let interpreted = self.index.interpreted(&searcher, &request.query, request.deadline)?;
        let request = SearchRequest {
            facets: Vec::new(),
            ..request.clone()
        };
        let matches = self.matches(&searcher, interpreted, &request, hits.end)?.found;
        let within = matches.hits.iter().skip(hits.start).take(hits.len());
        Ok(HitScan {
            addresses: within.map(|(_, address)| *address).collect(),
            records: self.index.records.clone(),
            generation: self.generation.clone(),
            searcher,
        })
    }

    fn error(&self, error: Error) -> SearchError {
        error.of_generation(&self.generation)
    }
}

impl SearchBackend for Engine {
    fn info(&self) -> IndexInfo {
        IndexInfo {
            generation: self.generation.clone(),
            cases: self.index.searcher().num_docs(),
        }
    }

    fn search(&self, request: &SearchRequest) -> std::result::Result<SearchResponse, SearchError> {
        self.answer(request).map_err(|error| self.error(error))
    }

    fn facet_values(
        &self,
        request: &SearchRequest,
        query: &FacetQuery,
    ) -> std::result::Result<FacetMatches, SearchError> {
        self.values(request, query).map_err(|error| self.error(error))
    }

    fn has_value(&self, facet: Facet, value: &str) -> bool {
        let table = self.index.facets.table(facet);
        facet.kind() != FacetKind::Range && table.ordinal_of(&facet.term(value)).is_some()
    }

    fn resolve_value(
        &self,
        facet: Facet,
        typed: &str,
        deadline: Deadline,
    ) -> std::result::Result<ResolvedValue, SearchError> {
        if self.has_value(facet, typed) {
            return Ok(value_resolver::one(typed));
        }
        if query_length(typed) > MAX_VALUE_CHARS {
            return Ok(ResolvedValue::Unknown);
        }
        let values = FacetValues {
            facet,
            table: self.index.facets.table(facet),
            lexicon: &self.index.settings.lexicon,
            deadline,
        };
        value_resolver::resolve(&values, typed).map_err(|error| self.error(error))
    }

    fn suggest(&self, typed: &str, limit: usize) -> std::result::Result<Vec<Completion>, SearchError> {
        self.completions(typed, limit).map_err(|error| self.error(error))
    }

    fn case(&self, id: &str) -> std::result::Result<Option<Record>, SearchError> {
        let searcher = self.index.searcher();
        let address = self.index.address(&searcher, id);
        let read = |address| self.index.record(&searcher, address);
        let record = address.and_then(|address| address.map(read).transpose());
        record.map_err(|error| self.error(error.into()))
    }

    fn similar(&self, id: &str, limit: usize) -> std::result::Result<Option<Vec<Similar>>, SearchError> {
        self.similar_to(id, limit).map_err(|error| self.error(error))
    }

    fn highlighter(&self, query: &str) -> std::result::Result<Arc<dyn Highlighter>, SearchError> {
        let interpreted = self.index.interpreted(&self.index.searcher(), query, Deadline::NONE);
        let interpreted = interpreted.map_err(|error| self.error(error))?;
        Ok(Arc::new(self.marks(&interpreted)))
    }

    fn scan(&self, request: &SearchRequest, hits: Range<usize>) -> std::result::Result<Arc<dyn Scan>, SearchError> {
        let hits = self.hits(request, hits).map_err(|error| self.error(error))?;
        Ok(Arc::new(hits))
    }
}

//! tantivy doing the bare minimum: what a search costs before anything that Rex adds.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;

use rex_query::{Bounds, DEFAULT_VALUES, Facet, FacetKind, SearchRequest, Selection, Sort, bars, steps};
use serde_json::{Value, json};
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::{AggContextParams, AggregationCollector, AggregationLimitsGuard};
use tantivy::collector::{Collector, Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, Occur, Query, RangeQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, Index, Order, ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::Failure;
use crate::plain::asked;
use crate::queries::Typed;
use crate::writing::Minimal;

const HITS: usize = 10;
/// Bytes that aggregations may take, far more than they need.
const AGGREGATION_MEMORY: u64 = 2 << 30;
const BUCKETS: u32 = 1_000_000;
/// What cases without a value are counted as.
const MISSING: &str = "\u{0}";

/// The first hits, and what another collector gave.
type Collected<C> = (Vec<DocAddress>, Option<<C as Collector>::Fruit>);

/// An open index of the shape `minimal`.
pub struct Floor {
    searcher: Searcher,
    fields: Minimal,
    context: AggContextParams,
    aggregations: BTreeMap<Facet, Aggregations>,
}

/// A query, made ready before the clock runs; the trees of tantivy are made as it runs.
pub struct Ready {
    request: SearchRequest,
    words: Vec<Vec<String>>,
}

impl Floor {
    /// Opens the index in a folder.
    ///
    /// # Errors
    /// A folder without one.
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        let index = Index::open_in_dir(folder)?;
        let searcher = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?
            .searcher();
        let limits = AggregationLimitsGuard::new(Some(AGGREGATION_MEMORY), Some(BUCKETS));
        Ok(Self {
            fields: Minimal::schema().1,
            context: AggContextParams::new(limits, index.tokenizers().clone()),
            aggregations: (Facet::ALL.into_iter())
                .map(|facet| Ok((facet, serde_json::from_value(aggregations(facet))?)))
                .collect::<Result<_, Failure>>()?,
            searcher,
        })
    }

    /// Makes a query ready.
    ///
    /// # Errors
    /// A parameter that Rex does not know.
    pub fn read(&self, typed: &Typed) -> Result<Ready, Failure> {
        Ok(Ready {
            request: typed.request()?,
            words: asked(&typed.q),
        })
    }

    /// `top10`: the ten best and their records. `full`: that, how many match, and the counts of every facet, each narrowed facet
    /// under the other filters only.
    ///
    /// # Errors
    /// Another mode, and an index that cannot be read.
    pub fn answer(&self, mode: &str, query: &Ready) -> Result<u64, Failure> {
        match mode {
            "top10" => self.top(query, None::<Count>).map(|_| 0),
            "full" => self.full(query),
            _ => Err(format!("tantivy has no mode {mode}").into()),
        }
    }

    fn full(&self, query: &Ready) -> Result<u64, Failure> {
        let narrowed: Vec<Facet> = query.request.filters.iter().map(|(facet, _)| facet).collect();
        let others: Vec<Facet> = Facet::ALL
            .into_iter()
            .filter(|facet| !narrowed.contains(facet))
            .collect();
        let found = self.top(query, Some((Count, self.counting(&others))))?;
        let total = found.as_ref().map_or(0, |(total, _)| *total);
        std::hint::black_box(found);
        for facet in narrowed {
            let tree = self.tree(query, Some(facet), false);
            std::hint::black_box(self.searcher.search(&tree, &self.counting(&[facet]))?);
        }
        Ok(total as u64)
    }

    /// The ten first hits, read, and what another collector gives. Without one, tantivy passes over documents that cannot be among the
    /// ten.
    fn top<C: Collector>(&self, query: &Ready, beside: Option<C>) -> Result<Option<C::Fruit>, Failure> {
        let tree = self.tree(query, None, query.request.sort == Sort::Relevance);
        let top = TopDocs::with_limit(HITS);
        let (hits, fruit) = match query.request.sort {
            Sort::Relevance => self.collected(&*tree, top.order_by_score(), beside)?,
            Sort::DateDescending => self.collected(&*tree, top.order_by_u64_field("date", Order::Desc), beside)?,
            Sort::AmountDescending => self.collected(
                &*tree,
                top.order_by_u64_field(Facet::Montant.name(), Order::Desc),
                beside,
            )?,
            _ => return Err("an order that no query has".into()),
        };
        for at in hits {
            let document: TantivyDocument = self.searcher.doc(at)?;
            std::hint::black_box(
                document
                    .get_first(self.fields.record)
                    .and_then(|record| record.as_bytes().map(<[u8]>::len)),
            );
        }
        Ok(fruit)
    }

    fn collected<K, T, C>(&self, tree: &dyn Query, top: T, beside: Option<C>) -> Result<Collected<C>, Failure>
    where
        T: Collector<Fruit = Vec<(K, DocAddress)>>,
        C: Collector,
    {
        let (hits, fruit) = match beside {
            None => (self.searcher.search(tree, &top)?, None),
            Some(beside) => {
                let (hits, fruit) = self.searcher.search(tree, &(top, beside))?;
                (hits, Some(fruit))
            }
        };
        Ok((hits.into_iter().map(|(_, at)| at).collect(), fruit))
    }

    /// All the words, and the filters but that of one facet.
    fn tree(&self, query: &Ready, but: Option<Facet>, is_scored: bool) -> Box<dyn Query> {
        let option = if is_scored {
            IndexRecordOption::WithFreqs
        } else {
            IndexRecordOption::Basic
        };
        let stem = |stem: &String| -> Box<dyn Query> {
            Box::new(TermQuery::new(Term::from_field_text(self.fields.all, stem), option))
        };
        let words = query.words.iter().map(|stems| match &stems[..] {
            [only] => stem(only),
            several => Box::new(BooleanQuery::union(several.iter().map(stem).collect())) as Box<dyn Query>,
        });
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = words.map(|word| (Occur::Must, word)).collect();
        if clauses.is_empty() {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        for (facet, selections) in query.request.filters.iter().filter(|(facet, _)| Some(*facet) != but) {
            let one_of = selections
                .iter()
                .map(|selection| self.selected(facet, selection))
                .collect();
            clauses.push((
                Occur::Must,
                Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::union(one_of)), 0.0)),
            ));
        }
        if clauses.len() == 1 {
            return clauses.swap_remove(0).1;
        }
        Box::new(BooleanQuery::new(clauses))
    }

    fn selected(&self, facet: Facet, selection: &Selection) -> Box<dyn Query> {
        let field = self.fields.facets[facet as usize];
        match selection {
            Selection::Value(value) => {
                let term = Term::from_field_text(field, &facet.term(value));
                Box::new(TermQuery::new(term, IndexRecordOption::Basic))
            }
            Selection::Range(Bounds { from, to }) if facet.kind() == FacetKind::Range => {
                let bound = |number: &Option<u64>| {
                    number.map_or(Bound::Unbounded, |number| {
                        Bound::Included(Term::from_field_u64(field, number))
                    })
                };
                Box::new(RangeQuery::new(bound(from), bound(to)))
            }
            // No query of ours asks for it.
            Selection::Range(_) | Selection::Missing => Box::new(BooleanQuery::union(Vec::new())),
        }
    }

    fn counting(&self, facets: &[Facet]) -> AggregationCollector {
        let wanted: Aggregations = facets
            .iter()
            .flat_map(|facet| self.aggregations[facet].clone())
            .collect();
        AggregationCollector::from_aggs(wanted, self.context.clone())
    }
}

/// What counts a facet as Rex does: the most frequent values and the missing; of numbers buckets and bars, the least, the most, how many.
fn aggregations(facet: Facet) -> Value {
    let name = facet.name();
    if facet.kind() != FacetKind::Range {
        let terms = json!({"terms": {"field": name, "size": DEFAULT_VALUES, "missing": MISSING}});
        return json!({ name: terms });
    }
    let ranges = |begin: &[u64]| -> Value {
        let ends = begin.iter().skip(1).map(Some).chain([None]);
        begin
            .iter()
            .zip(ends)
            .map(|(from, to)| to.map_or(json!({"from": from}), |to| json!({"from": from, "to": to})))
            .collect()
    };
    json!({
        format!("{name}_buckets"): {"range": {"field": name, "ranges": ranges(steps(facet))}},
        format!("{name}_bars"): {"range": {"field": name, "ranges": ranges(bars(facet))}},
        format!("{name}_stats"): {"stats": {"field": name}},
    })
}

//! Caches analyzed cases: reading and analyzing a long case takes longer than finding it.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rex_analysis::{Analyzer, Rule, Token};
use rex_corpus::{Record, plain_text};
use tantivy::DocAddress;

use crate::highlight::highlighter::TermHighlighter;
use crate::highlight::snippet::best_passage;
use rex_query::{Highlights, Hit, Marked, Snippet};

/// Bytes of the sections of a case that passages are taken from: ten pages. This bounds the cost of a hit.
const MAX_READ: usize = 32 << 10;
/// Capacity in bytes: thousands of contracts, or tens of cases of ten pages.
const MAX_KEPT: u64 = 16 << 20;
/// Bytes of a usual case: only the initial estimate of the number of entries.
const USUAL: u64 = 4 << 10;

/// Capacity of the stem cache: few distinct words make up most of a text.
const MAX_STEMS: usize = 1 << 14;

/// The cases of a generation that were shown last.
pub(crate) struct HitCache {
    cases: Cache<DocAddress, Arc<CachedCase>, CaseWeighter>,
    stems: StemCache,
}

/// Stems of recent words: stemming costs more than splitting into words.
struct StemCache(Cache<String, String>);

impl StemCache {
    fn analyze(&self, analyzer: Analyzer, text: &str) -> Vec<Token> {
        let mut tokens = analyzer.without(Rule::Stemming).analyze(text);
        for token in &mut tokens {
            token.stem = self.0.get(token.exact.as_str()).unwrap_or_else(|| {
                let stem = analyzer.stem(&token.exact);
                self.0.insert(token.exact.clone(), stem.clone());
                stem
            });
        }
        tokens
    }
}

#[derive(Clone)]
struct CaseWeighter;

impl Weighter<DocAddress, Arc<CachedCase>> for CaseWeighter {
    fn weight(&self, _: &DocAddress, cached: &Arc<CachedCase>) -> u64 {
        cached.bytes
    }
}

/// A case and the tokens of its texts.
struct CachedCase {
    record: Arc<Record>,
    title: Vec<Token>,
    buyer: Vec<Token>,
    holders: Vec<Vec<Token>>,
    /// Of each section, the plain text that is read, and its tokens.
    sections: Vec<(String, Vec<Token>)>,
    /// Approximate size.
    bytes: u64,
}

impl HitCache {
    pub(crate) fn new() -> Self {
        Self {
            cases: Cache::with_weighter((MAX_KEPT / USUAL) as usize, MAX_KEPT, CaseWeighter),
            stems: StemCache(Cache::new(MAX_STEMS)),
        }
    }

    /// The hit of a case; `read` gives the case if it is not cached.
    pub(crate) fn hit<E>(
        &self,
        address: DocAddress,
        score: f32,
        highlighter: &TermHighlighter,
        read: impl FnOnce() -> Result<Record, E>,
    ) -> Result<Hit, E> {
        let cached = match self.cases.get(&address) {
            Some(cached) => cached,
            // Nothing to mark: no need to analyze.
            None if highlighter.marks_nothing() => return Ok(unmarked(read()?, score)),
            None => {
                let cached = Arc::new(CachedCase::new(
                    |text| self.stems.analyze(highlighter.analyzer(), text),
                    read()?,
                ));
                self.cases.insert(address, Arc::clone(&cached));
                cached
            }
        };
        Ok(cached.hit(score, highlighter))
    }
}

impl CachedCase {
    fn new(analyze: impl Fn(&str) -> Vec<Token>, record: Record) -> Self {
        let mut budget = MAX_READ;
        let sections = record.sections.iter().map(|section| {
            let read = section.texte.floor_char_boundary(budget);
            budget -= read;
            let text = plain_text(&section.texte[..read]);
            let words = analyze(&text);
            (text, words)
        });
        let mut cached = Self {
            title: analyze(&record.titre),
            buyer: record
                .acheteur
                .as_ref()
                .map(|buyer| analyze(&buyer.nom))
                .unwrap_or_default(),
            holders: record.titulaires.iter().map(|holder| analyze(&holder.nom)).collect(),
            sections: sections.collect(),
            bytes: 0,
            record: Arc::new(record),
        };
        cached.bytes = cached.size();
        cached
    }

    fn size(&self) -> u64 {
        /// Estimates: a record without its sections, and the allocator overhead per string.
        const RECORD: usize = 2 << 10;
        const OVERHEAD: usize = 16;
        let words = |words: &Vec<Token>| -> usize {
            let letters = |word: &Token| word.exact.capacity() + word.stem.capacity() + 2 * OVERHEAD;
            words.iter().map(letters).sum::<usize>() + words.capacity() * size_of::<Token>()
        };
        let short = self.holders.iter().chain([&self.title, &self.buyer]).map(words);
        let sections = self
            .sections
            .iter()
            .map(|(text, in_text)| text.capacity() + words(in_text));
        let written = self.record.sections.iter().map(|section| section.texte.len());
        (RECORD + short.chain(sections).chain(written).sum::<usize>()) as u64
    }

    fn hit(&self, score: f32, highlighter: &TermHighlighter) -> Hit {
        let mark = |text: &str, words: &[Token]| Marked {
            text: text.to_owned(),
            marks: highlighter
                .find_among(words)
                .into_iter()
                .map(|found| found.range)
                .collect(),
        };
        let record = &self.record;
        let sections = record.sections.iter().zip(&self.sections);
        let snippet = |(section, (text, words)): (&rex_corpus::Section, &(String, Vec<Token>))| {
            Some(Snippet {
                section: section.titre.clone(),
                passage: best_passage(&highlighter.find_among(words), text)?,
            })
        };
        let holders = record.titulaires.iter().zip(&self.holders);
        Hit {
            score,
            highlights: Highlights {
                title: mark(&record.titre, &self.title),
                buyer: record.acheteur.as_ref().map(|buyer| mark(&buyer.nom, &self.buyer)),
                holders: holders.map(|(holder, words)| mark(&holder.nom, words)).collect(),
            },
            snippets: sections.filter_map(snippet).collect(),
            record: Arc::clone(record),
        }
    }
}

/// A hit without marks.
fn unmarked(record: Record, score: f32) -> Hit {
    let plain = |text: &String| Marked {
        text: text.clone(),
        marks: Vec::new(),
    };
    Hit {
        score,
        highlights: Highlights {
            title: plain(&record.titre),
            buyer: record.acheteur.as_ref().map(|buyer| plain(&buyer.nom)),
            holders: record.titulaires.iter().map(|holder| plain(&holder.nom)).collect(),
        },
        snippets: Vec::new(),
        record: Arc::new(record),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn record(texte: &str) -> Record {
        serde_json::from_value(serde_json::json!({
            "id": "a", "titre": "Tri des déchets", "acheteur": {"nom": "Tri-sur-Mer"},
            "sections": [{"titre": "Le marché", "texte": texte}]
        }))
        .unwrap()
    }

    #[test]
    fn a_case_is_read_once_and_marked_for_each_query() {
        let cases = HitCache::new();
        let address = DocAddress::new(0, 7);
        let hit = |query: &str, read: fn() -> Record| {
            cases
                .hit(
                    address,
                    1.0,
                    &TermHighlighter::of(query),
                    || Ok::<_, Infallible>(read()),
                )
                .unwrap()
        };
        let first = hit("tri", || record("Le **tri** de tout."));
        assert_eq!(first.highlights.title.marks.first(), Some(&(0..3)));
        assert_eq!(first.snippets[0].passage.text, "Le tri de tout.");
        let second = hit("déchets", || unreachable!("it is kept"));
        assert_eq!(second.highlights.title.marks.first(), Some(&(8..16)));
        assert!(second.snippets.is_empty() && Arc::ptr_eq(&first.record, &second.record));
    }

    #[test]
    fn a_query_without_words_shows_the_same_as_one_that_is_not_there() {
        let hit = |query: &str| {
            let read = || Ok::<_, Infallible>(record("On trie tout."));
            let hit = HitCache::new().hit(DocAddress::new(0, 7), 0.0, &TermHighlighter::of(query), read);
            hit.unwrap()
        };
        assert_eq!(hit(""), hit("absent"));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let cases = HitCache::new();
        let text = "mot ".repeat(MAX_READ);
        for document in 0..100 {
            let read = || Ok::<_, Infallible>(record(&text));
            let hit = cases.hit(DocAddress::new(0, document), 1.0, &TermHighlighter::of("mot"), read);
            assert_eq!(hit.unwrap().snippets.len(), 1);
        }
        let (kept, size) = (
            cases.cases.len() as u64,
            CachedCase::new(|text| Analyzer::default().analyze(text), record(&text)).bytes,
        );
        assert!(
            (1..100).contains(&kept) && kept * size <= MAX_KEPT,
            "{kept} cases of {size} bytes"
        );
    }
}

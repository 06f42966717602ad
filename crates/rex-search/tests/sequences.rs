//! Phrases of words with several inflected forms in one case, compared with a naive scan of every text.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use rex_analysis::{Token, analyze};
use rex_corpus::Record;
use rex_indexer::IndexWriter;
use rex_query::{SearchBackend, SearchRequest};
use rex_search::Engine;
use serde_json::json;
use tantivy::directory::RamDirectory;
use tantivy::fieldnorm::FieldNormReader;

/// Forms of few stems, a compound of several words, and a number.
const WORDS: [&str; 9] = [
    "marché",
    "marchés",
    "carton",
    "cartons",
    "de",
    "des",
    "sous-traitant",
    "sous-traitants",
    "12",
];
/// Words that have one reading only.
const ASKED: [&str; 7] = ["marché", "marchés", "carton", "cartons", "de", "des", "12"];
/// Generated corpora, and phrases searched in each.
const CORPORA: u32 = 150;
const PHRASES: usize = 12;

/// A case, by its texts: the title, the names, and the others.
type Texts = [Vec<String>; 3];

fn text(words: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS.as_slice()), words).prop_map(|words| words.join(" "))
}

fn case() -> impl Strategy<Value = Texts> {
    let several = |count| prop::collection::vec(text(1..5), count);
    (text(1..6), several(0..3), several(0..3)).prop_map(|(title, names, others)| [vec![title], names, others])
}

fn phrase() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(ASKED.as_slice()), 2..4)
}

/// The names are those of holders, the other texts sections by their text.
fn record(rank: usize, [title, names, others]: &Texts) -> Record {
    let names: Vec<_> = names.iter().map(|name| json!({"nom": name})).collect();
    let sections: Vec<_> = others
        .iter()
        .map(|text| json!({"titre": "Texte", "texte": text}))
        .collect();
    let record = json!({"id": format!("c{rank:02}"), "titre": title[0], "titulaires": names, "sections": sections});
    serde_json::from_value(record).unwrap()
}

fn engine(cases: &[Texts], per_segment: usize) -> Engine {
    let directory = RamDirectory::create();
    let mut writer = IndexWriter::create(directory.clone()).unwrap();
    let records: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(rank, case)| record(rank, case))
        .collect();
    for segment in records.chunks(per_segment) {
        segment.iter().for_each(|record| writer.add(record).unwrap());
        writer.commit().unwrap();
    }
    // Several segments are merged into one every other time.
    if per_segment.is_multiple_of(2) {
        writer.finish().unwrap();
    } else {
        writer.finish_unmerged().unwrap();
    }
    Engine::open(directory, "test").unwrap()
}

/// The key of a token: its exact form, or its stem.
type Told = fn(&Token) -> &str;

fn by_form(token: &Token) -> &str {
    &token.exact
}

fn by_stem(token: &Token) -> &str {
    &token.stem
}

/// Phrase frequency in the texts.
fn held<'a>(texts: impl IntoIterator<Item = &'a String>, phrase: &[&str], told: Told) -> usize {
    let asked = analyze(&phrase.join(" "));
    let starts = |text: &String| {
        let tokens = analyze(text);
        let is_at = |place: usize, word: &Token| {
            let mut there = tokens.iter().filter(|token| token.position == place);
            there.any(|token| told(token) == told(word))
        };
        let starts = 0..tokens.len();
        starts
            .filter(|start| asked.iter().all(|word| is_at(start + word.position, word)))
            .count()
    };
    texts.into_iter().map(starts).sum()
}

/// Number of tokens of the texts, rounded as the index rounds field lengths.
fn length<'a>(texts: impl IntoIterator<Item = &'a String>) -> usize {
    texts.into_iter().map(|text| analyze(text).len()).sum()
}

fn kept(length: usize) -> f64 {
    f64::from(FieldNormReader::id_to_fieldnorm(FieldNormReader::fieldnorm_to_id(
        length as u32,
    )))
}

/// The weight of a zone, and its texts in a case.
type Zone = (f64, fn(&Texts) -> Vec<String>);

/// What BM25 gives cases for a phrase: BM25F over all texts, where the names stand twice, and once more for
/// the title and for the names alone.
struct Bm25<'a> {
    cases: &'a [Texts],
    phrase: &'a [&'a str],
}

impl Bm25<'_> {
    const ZONES: [Zone; 3] = [
        (1.6, |[title, names, others]| {
            // "Texte" heads each section.
            let headed = others.iter().flat_map(|text| ["Texte".to_owned(), text.clone()]);
            title.iter().chain(names).cloned().chain(headed).collect()
        }),
        (1.6 * 0.55, |case| case[0].clone()),
        (1.6 * 0.2, |case| case[1].clone()),
    ];

    fn lengths(&self, zone: usize, length_of: impl Fn(usize) -> f64) -> f64 {
        let texts = Self::ZONES[zone].1;
        self.cases.iter().map(|case| length_of(length(&texts(case)))).sum()
    }

    /// Sum of the IDF weights of the words: as written in the whole text, by stem in the other zones.
    fn idf(&self, zone: usize) -> f64 {
        let texts = Self::ZONES[zone].1;
        let told = if zone == 0 { by_form } else { by_stem };
        let cases = self.cases.len() as f64;
        let weight = |word: &&str| {
            let holding = self.cases.iter().filter(|case| held(&texts(case), &[word], told) > 0);
            let holding = holding.count() as f64;
            (1.0 + (cases - holding + 0.5) / (holding + 0.5)).ln()
        };
        self.phrase.iter().map(weight).sum()
    }

    fn score(&self, case: &Texts) -> f64 {
        const K1: f64 = 0.8;
        const B: f64 = 0.65;
        let cases = self.cases.len() as f64;
        let said = Self::ZONES.map(|(_, texts)| held(&texts(case), self.phrase, by_form) as f64);
        let long = Self::ZONES.map(|(_, texts)| kept(length(&texts(case))));
        let all = [0, 1, 2].map(|zone| self.lengths(zone, |length| length as f64));
        let weighed = |of: [f64; 3]| of[0] + of[2];
        let norm = |length: f64, all: f64| K1 * (1.0 - B + B * length * cases / all.max(1.0));
        let zone = |zone: usize| {
            let (said, norm) = match zone {
                0 => (weighed(said), norm(weighed(long), weighed(all))),
                _ => (said[zone], norm(long[zone], all[zone])),
            };
            Self::ZONES[zone].0 * self.idf(zone) * (K1 + 1.0) * said / (said + norm)
        };
        zone(0) + zone(1) + zone(2)
    }
}

fn check(cases: &[Texts], engine: &Engine, phrase: &[&str], excluded: Option<&[&str]>) -> Result<(), TestCaseError> {
    let mut query = format!("\"{}\"", phrase.join(" "));
    if let Some(excluded) = excluded {
        query.push_str(&format!(" -\"{}\"", excluded.join(" ")));
    }
    let bm25 = Bm25 { cases, phrase };
    let holds = |case: &&Texts| {
        let texts = || case.iter().flatten();
        held(texts(), phrase, by_form) > 0 && excluded.is_none_or(|words| held(texts(), words, by_stem) == 0)
    };
    let ranked = cases.iter().enumerate().filter(|(_, case)| holds(case));
    let expected: BTreeMap<String, f64> = ranked
        .map(|(rank, case)| (format!("c{rank:02}"), bm25.score(case)))
        .collect();
    let request = SearchRequest {
        query: query.clone(),
        limit: 100,
        ..SearchRequest::default()
    };
    let response = engine.search(&request).unwrap();
    prop_assert_eq!(response.total, expected.len() as u64, "{}", query);
    let hits: Vec<_> = response.hits.iter().map(|hit| (&hit.record.id, hit.score)).collect();
    let found: Vec<_> = hits.iter().map(|(id, _)| (*id).clone()).collect();
    let mut ids = found.clone();
    ids.sort();
    prop_assert_eq!(ids, expected.keys().cloned().collect::<Vec<_>>(), "{}", query);
    prop_assert!(
        hits.is_sorted_by(|(id, score), (other, less)| score > less || score == less && id < other),
        "{query}: {hits:?}"
    );
    for (id, score) in hits {
        let is_near = |other: f64| (f64::from(score) - other).abs() < 1e-4 * other;
        prop_assert!(is_near(expected[id]), "{query} {id}: {score} {}", expected[id]);
        let explained = engine.explain(&query, id).unwrap().unwrap();
        prop_assert!(
            explained.holds_all_words && is_near(f64::from(explained.score)),
            "{query} {id}: {explained:?}"
        );
    }
    // Whoever asks for no score counts the same.
    let listing = engine.scan(&request, 0..100).unwrap();
    prop_assert_eq!(listing.len(), found.len(), "{}", query);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CORPORA))]

    #[test]
    fn phrases_are_found_where_the_texts_say_them(
        cases in prop::collection::vec(case(), 1..14),
        phrases in prop::collection::vec((phrase(), prop::option::of(phrase())), PHRASES),
        per_segment in 2..14_usize,
    ) {
        let engine = engine(&cases, per_segment);
        for (phrase, excluded) in phrases {
            check(&cases, &engine, &phrase, excluded.as_deref())?;
        }
    }
}

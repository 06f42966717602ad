//! Matches below the competitive score threshold are not scored, or skipped: the hits are those of scoring every match.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::thread;

use rex_corpus::Record;
use rex_indexer::IndexWriter;
use rex_query::{Facet, Filters, SearchBackend, SearchRequest, Selection, Suggestions};
use rex_search::Engine;
use serde_json::json;
use tantivy::directory::RamDirectory;

/// Number of cases: enough for the most common word to get a table of score bounds by length.
const CASES: usize = 1_600;
/// Hits reranked by proximity.
const DEPTH: usize = 100;
/// Tolerance: sums in another order round differently.
const ROUNDING: f32 = 1e-3;

/// A linear congruential generator (Knuth, MMIX), the same numbers each time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    /// A few words, the first ones of the list more often.
    fn text(&mut self, words: &[&str], most: usize) -> String {
        let count = 1 + self.below(most);
        let drawn: Vec<_> = (0..count)
            .map(|_| words[self.below(words.len()).min(self.below(words.len()))])
            .collect();
        drawn.join(" ")
    }
}

fn records() -> Vec<Record> {
    let words = [
        "travaux",
        "travail",
        "de",
        "fourniture",
        "école",
        "écoles",
        "voirie",
        "entretien",
        "désamiantage",
        "dépollution",
        "sols",
        "mobilier",
        "bambou",
    ];
    let names = ["Ville de Travaux", "Fournitures Voirie", "Commune", "Entretien"];
    let themes = ["Voirie", "Écoles", "Propreté"];
    let mut draw = Draw(2_026);
    let record = |rank: usize| {
        let section = json!({"titre": draw.text(&words, 2), "texte": draw.text(&words, 60)});
        let title = match rank {
            // The rarest words, never together.
            7 => "Guichet 2019".to_owned(),
            8 => "Ukulélé".to_owned(),
            // All words of some queries but one.
            9..13 => "Mobilier, dépollution : mobilier, sols, dépollution, sols".to_owned(),
            _ => draw.text(&words, 9),
        };
        serde_json::from_value(json!({
            "id": format!("c{:04}", rank * 7_919 % CASES),
            "titre": title,
            "type": if draw.below(9) == 0 { "retour-d-experience" } else { "marche" },
            "acheteur": {"nom": names[draw.below(names.len())]},
            "themes": [themes[draw.below(themes.len())]],
            "sections": if draw.below(2) == 0 { vec![section] } else { Vec::new() },
        }))
        .unwrap()
    };
    (0..CASES).map(record).collect()
}

/// Score of a case by its explanation: without proximity, meaning and boosts; with boosts; with proximity too.
struct Scores {
    words: f32,
    raised: f32,
    near: f32,
    /// What meaning may add.
    worth: f32,
    is_in_title: bool,
    is_whole_title: bool,
    is_case: bool,
    holds_all: bool,
    holds_any: bool,
}

fn scores(engine: &Engine, query: &str, id: &str) -> Scores {
    let why = engine.explain(query, id).unwrap().unwrap();
    let raises: f32 = why.boosts.iter().map(|(_, by)| by).sum::<f32>() + why.case;
    let added = why.meaning.as_ref().map_or(0.0, |meaning| meaning.added);
    let near = why.score - added;
    Scores {
        words: near - why.proximity - raises,
        raised: near - why.proximity,
        near,
        worth: why.meaning.as_ref().map_or(0.0, |meaning| meaning.worth),
        is_in_title: why.is_in_title,
        is_whole_title: why.is_whole_title,
        is_case: why.case > 0.0,
        holds_all: why.holds_all_words,
        holds_any: !why.is_excluded
            && (why.phrases.is_empty() || why.phrase_score > 0.0)
            && why.words.iter().any(|word| !word.matches.is_empty()),
    }
}

#[test]
fn what_is_found_is_what_scoring_every_case_finds() {
    let records = records();
    let (mut relaxed, mut partial) = (0, 0);
    // On several segments, every third query: each takes a score of every case.
    for (per_segment, step) in [(CASES, 1), (600, 3)] {
        let directory = RamDirectory::create();
        let mut writer = IndexWriter::create(directory.clone()).unwrap();
        for segment in records.chunks(per_segment) {
            segment.iter().for_each(|record| writer.add(record).unwrap());
            writer.commit().unwrap();
        }
        writer.finish_unmerged().unwrap();
        let engine = Engine::open(directory, "test").unwrap();
        let queries = [
            "travaux",
            "ukulélé",
            "travaux voirie",
            "fourniture -bambou",
            "travaux fourniture guichet ukulélé",
            "travaux voirie ukulélé -mobilier",
            "travaux de guichet \"ukulélé\"",
            "dépollution mobilier entretien travaux",
            "mobilier sols travaux -bambou",
            "sols mobilier voirie",
            "voirie mobilier dépollution \"travaux\"",
        ];
        for query in queries.into_iter().step_by(step) {
            let scored = thread::scope(|scope| {
                let halves = records.chunks(CASES / 2).map(|records| {
                    let score = |record: &Record| scores(&engine, query, &record.id);
                    scope.spawn(move || records.iter().map(score).collect::<Vec<_>>())
                });
                let halves: Vec<_> = halves.collect();
                halves
                    .into_iter()
                    .flat_map(|half| half.join().unwrap())
                    .collect::<Vec<_>>()
            });
            let scored: BTreeMap<&str, Scores> = records.iter().map(|record| record.id.as_str()).zip(scored).collect();
            for theme in [None, Some("Voirie")] {
                let suggestions = check(&engine, &records, &scored, query, theme);
                relaxed += u32::from(suggestions.relaxed);
                partial += u32::from(!suggestions.relaxed && suggestions.lacking_words > 0);
            }
        }
    }
    assert!(relaxed >= 4 && partial >= 6, "{relaxed} {partial}");
}

/// The scores with meaning, the highest first: a record that lacks a word in its title stays below those before it that hold all of them
/// there, and a contract below the cases before it.
fn lifted<'a>(ranked: &[(&'a str, &Scores)]) -> Vec<(f32, &'a str)> {
    let is_literal = ranked.iter().take(DEPTH).any(|(_, scores)| scores.is_whole_title);
    let mut lifted: Vec<(f32, &str)> = Vec::new();
    for (rank, (id, scores)) in ranked.iter().enumerate() {
        let mut score = scores.near;
        if !is_literal && rank < DEPTH {
            let before = ranked[..rank].iter().zip(&lifted).filter(|((_, before), _)| {
                before.is_in_title && !scores.is_in_title || before.is_case && !scores.is_case
            });
            score = before
                .map(|(_, (score, _))| *score)
                .fold(score + scores.worth, f32::min);
        }
        lifted.push((score, *id));
    }
    lifted.sort_by(|one, other| other.0.total_cmp(&one.0));
    lifted
}

/// Compares a search with the scores of all cases.
fn check(
    engine: &Engine,
    records: &[Record],
    scored: &BTreeMap<&str, Scores>,
    query: &str,
    theme: Option<&str>,
) -> Suggestions {
    let mut filters = Filters::default();
    if let Some(theme) = theme {
        filters.add(Facet::Theme, Selection::Value(theme.to_owned()));
    }
    let request = SearchRequest {
        query: query.to_owned(),
        filters,
        limit: 20,
        ..SearchRequest::default()
    };
    let found = engine.search(&request).unwrap();
    let relaxed = found.suggestions.relaxed;
    let best = scored
        .values()
        .filter(|scores| scores.holds_any)
        .map(|scores| scores.words)
        .fold(0.0, f32::max);
    let mut of_all: Vec<f32> = scored
        .values()
        .filter(|scores| scores.holds_all)
        .map(|scores| scores.words)
        .collect();
    of_all.sort_by(|one, other| other.total_cmp(one));
    // The score that a case without some of the words has to reach.
    let least = match relaxed {
        true => best * 0.33,
        false if of_all.len() >= 30 && query.contains(' ') => of_all[9],
        false => f32::INFINITY,
    };
    let is_partial = |scores: &Scores| !scores.holds_all && scores.holds_any && scores.words >= least;
    let counts = |scores: &Scores| scores.holds_all || is_partial(scores);
    let borderline = |scores: &Scores| !scores.holds_all && (scores.words - least).abs() < ROUNDING;
    assert!(!scored.values().any(borderline), "{query}: too near the floor to say");
    let of_theme = |record: &&Record| theme.is_none_or(|theme| record.themes.iter().any(|other| other == theme));
    let mut expected: Vec<(&str, &Scores)> = records
        .iter()
        .filter(of_theme)
        .map(|record| (record.id.as_str(), &scored[record.id.as_str()]))
        .filter(|(_, scores)| counts(scores))
        .collect();
    assert_eq!(found.total, expected.len() as u64, "{query} {theme:?}");
    let lacking = expected.iter().filter(|(_, scores)| !scores.holds_all).count() as u64;
    assert_eq!(found.suggestions.lacking_words, lacking, "{query} {theme:?}");
    expected.sort_by(|one, other| other.1.raised.total_cmp(&one.1.raised).then(one.0.cmp(other.0)));
    // Among hits with the score of the last reranked one, any may be reranked.
    let last = expected.get(DEPTH).map_or(0.0, |(_, scores)| scores.raised);
    expected.retain(|(_, scores)| scores.raised >= last - ROUNDING);
    expected.sort_by(|one, other| other.1.near.total_cmp(&one.1.near).then(one.0.cmp(other.0)));
    let lifted = lifted(&expected);
    assert_eq!(found.hits.len(), expected.len().min(20), "{query} {theme:?}");
    for (hit, (score, id)) in found.hits.iter().zip(&lifted) {
        let itself = lifted.iter().find(|(_, id)| *id == hit.record.id).unwrap().0;
        assert!(
            (hit.score - itself).abs() < ROUNDING,
            "{query} {theme:?}: {} is not itself",
            hit.record.id
        );
        assert!(
            (hit.score - score).abs() < ROUNDING,
            "{query} {theme:?}: {id} is left out"
        );
    }
    found.suggestions
}

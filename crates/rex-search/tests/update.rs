//! An index updated step by step answers like one built from scratch, to the last bit of every score.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use rex_corpus::{Corpus, CpvLabels};
use rex_index::IndexDir;
use rex_indexer::{BuildOptions, BuildOutcome, build};
use rex_query::{Facet, Filters, SearchBackend, SearchRequest, Selection, Sort};
use rex_search::Engine;

const STEPS: usize = 20;
const WORDS: [&str; 24] = [
    "tri",
    "insertion",
    "cartons",
    "école",
    "papiers",
    "collecte",
    "déchets",
    "réemploi",
    "mobilier",
    "entretien",
    "espaces",
    "verts",
    "restauration",
    "bio",
    "traiteur",
    "linge",
    "blanchisserie",
    "vélos",
    "chantier",
    "nettoyage",
    "archives",
    "numérisation",
    "bâtiment",
    "public",
];
const QUERIES: [&str; 12] = [
    "",
    "tri",
    "collecte déchets",
    "réemploi mobilier école",
    "blanchiserie",
    "espace vert",
    "\"collecte tri\"",
    "insertion -tri",
    "nettoyage Lyon",
    "numér",
    "traiteur bio restauration public",
    "chantier introuvable",
];

/// One record, by what it is made from.
#[derive(Debug, Clone)]
struct Case {
    /// Its id; `m…` for a Markdown file, `l…` for a JSON line.
    id: String,
    seed: u32,
}

/// The corpus: cases by the key of their place, files before lines.
type Cases = BTreeMap<u32, Case>;

/// A change to the corpus: what is done, where, and what with.
type Step = (u8, u32, u32);

/// The words of a case: some texts are longer than the engine knows lengths exactly.
fn words(seed: u32, count: u32) -> String {
    let mut state = u64::from(seed).wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    let mut text = String::new();
    for _ in 0..count {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // The least of two: some words are more frequent than others.
        let pick = ((state >> 33) as usize % WORDS.len()).min((state >> 48) as usize % WORDS.len());
        let _ = write!(text, "{} ", WORDS[pick]);
    }
    text.trim_end().to_owned()
}

fn fields(case: &Case) -> serde_json::Value {
    let seed = case.seed;
    let buyer = ["Ville de Lyon", "Ville d'Évry", "Région Occitanie", "VILLE DE LYON"][seed as usize % 4];
    let mut fields = serde_json::json!({
        "titre": words(seed, 3 + seed % 5),
        "type": (["retour-d-experience", "marche"][seed as usize % 2]),
        "acheteur": {"nom": buyer},
        "themes": [WORDS[seed as usize % 7]],
        "territoire": [(["Occitanie", "Bretagne"][seed as usize / 3 % 2])],
        "date": format!("{}", 2018 + seed % 6),
    });
    if !seed.is_multiple_of(3) {
        fields["montant_ht"] = (1_000 * (seed % 90)).into();
        fields["cpv"] = ["90500000", "55000000", "98310000"][seed as usize % 3].into();
    }
    fields
}

/// Writes the corpus into an empty folder: every case whose id begins with `m` as a file, the others as lines.
fn write(folder: &Path, cases: &Cases) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).unwrap();
    let mut lines = String::new();
    for case in cases.values() {
        let text = words(case.seed ^ 0x5555, 20 + case.seed % 160);
        let mut fields = fields(case);
        if case.id.starts_with('m') {
            let path = folder.join(format!("{}.md", case.id));
            fs::write(path, format!("---\n{fields}\n---\n## Marché\n{text}\n")).unwrap();
        } else {
            fields["id"] = case.id.clone().into();
            fields["sections"] = serde_json::json!([{"titre": "Marché", "texte": text}]);
            let _ = writeln!(lines, "{fields}");
        }
    }
    if !lines.is_empty() {
        fs::write(folder.join("l.jsonl"), lines).unwrap();
    }
}

/// Does a step; the keys of the cases are the order of their lines.
fn change(cases: &mut Cases, (what, at, with): Step) {
    let keys: Vec<u32> = cases.keys().copied().collect();
    let key = keys[at as usize % keys.len()];
    let kind = if with.is_multiple_of(2) { 'm' } else { 'l' };
    match what {
        0 => cases.get_mut(&key).unwrap().seed = with,
        1 if cases.len() > 4 => drop(cases.remove(&key)),
        2 => {
            // A new id, and the same words.
            cases.get_mut(&key).unwrap().id = format!("{kind}{with}");
        }
        3 => {
            // Two trade places.
            let other = keys[with as usize % keys.len()];
            let (one, two) = (cases[&key].clone(), cases[&other].clone());
            cases.insert(key, two);
            cases.insert(other, one);
        }
        _ => {
            let key = (0..)
                .map(|step| with.wrapping_add(step))
                .find(|key| !cases.contains_key(key))
                .unwrap();
            cases.insert(
                key,
                Case {
                    id: format!("{kind}{key}"),
                    seed: with / 2,
                },
            );
        }
    }
    // Ids stay unique, whatever was drawn.
    let mut seen = std::collections::BTreeSet::new();
    cases.retain(|_, case| seen.insert(case.id.clone()));
}

fn requests() -> Vec<SearchRequest> {
    let mut requests: Vec<SearchRequest> = QUERIES
        .iter()
        .map(|query| SearchRequest {
            query: (*query).to_owned(),
            limit: 50,
            ..SearchRequest::default()
        })
        .collect();
    for sort in [Sort::Amount, Sort::DateDescending, Sort::Title] {
        requests.push(SearchRequest {
            sort,
            limit: 50,
            ..SearchRequest::default()
        });
    }
    let mut filters = Filters::default();
    filters.add(Facet::Acheteur, Selection::Value("Ville de Lyon".to_owned()));
    requests.push(SearchRequest {
        query: "tri".to_owned(),
        filters,
        ..SearchRequest::default()
    });
    requests
}

/// Every answer of an engine, without the name of its generation.
fn answers(engine: &Engine, cases: &Cases) -> Vec<String> {
    let mut answers = Vec::new();
    for request in requests() {
        let found = engine.search(&request).unwrap();
        let scores: Vec<_> = found.hits.iter().map(|hit| hit.score.to_bits()).collect();
        answers.push(format!(
            "{:?} {} {scores:?} {:?} {:?} {:?}",
            request.query, found.total, found.hits, found.facets, found.suggestions
        ));
    }
    for case in cases.values().take(8) {
        answers.push(format!("{} {:?}", case.id, engine.similar(&case.id, 10).unwrap()));
        let explained = engine.explain("collecte tri école", &case.id).unwrap();
        answers.push(format!("{} {explained:?}", case.id));
    }
    for typed in ["t", "co", "ville", "ré", "blanchiserie", "collecte d", "tri in"] {
        answers.push(format!("{typed} {:?}", engine.suggest(typed, 20).unwrap()));
    }
    answers
}

fn built(index: &Path, corpus: &Path) -> (Engine, Option<(u64, u64)>) {
    let corpus = Corpus::open(corpus).unwrap();
    let options = BuildOptions::default();
    let outcome = build(&IndexDir::at(index), &corpus, &CpvLabels::shipped(), &options, |_| {}).unwrap();
    let updated = match outcome {
        BuildOutcome::Updated { anew, kept, .. } => Some((anew, kept)),
        _ => None,
    };
    let generation = outcome.generation();
    (
        Engine::open(generation.directory().unwrap(), generation.name).unwrap(),
        updated,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn updates_answer_as_a_full_build(
        seeds in prop::collection::vec(0..5_000_u32, 8..40),
        steps in prop::collection::vec((0..5_u8, 0..1_000_u32, 0..5_000_u32), STEPS),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (corpus, updated, full) = (folder.path().join("corpus"), folder.path().join("updated"), folder.path().join("full"));
        let mut cases: Cases = (0..)
            .zip(seeds)
            .map(|(rank, seed)| {
                let kind = if rank % 3 == 0 { 'm' } else { 'l' };
                (rank * 100, Case { id: format!("{kind}{rank}"), seed })
            })
            .collect();
        write(&corpus, &cases);
        built(&updated, &corpus);
        let mut updates = 0;
        for step in steps {
            change(&mut cases, step);
            write(&corpus, &cases);
            let (engine, update) = built(&updated, &corpus);
            if let Some((anew, kept)) = update {
                updates += 1;
                prop_assert_eq!(anew + kept, cases.len() as u64);
            }
            let _ = fs::remove_dir_all(&full);
            let (expected, whole) = built(&full, &corpus);
            prop_assert!(whole.is_none());
            for (found, expected) in answers(&engine, &cases).iter().zip(answers(&expected, &cases)) {
                prop_assert_eq!(found, &expected, "after {:?}", step);
            }
        }
        prop_assert!(updates > STEPS / 2, "{} updates", updates);
    }
}

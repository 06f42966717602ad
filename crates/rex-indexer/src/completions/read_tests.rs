//! Completions are read as they were written.

use proptest::prelude::*;

use rex_index::completions::Completions;
use rex_query::CompletionKind;
use tantivy::directory::OwnedBytes;

use super::candidates::Candidate;
use super::write::write;

fn written(completions: &[(CompletionKind, &str, u32)]) -> Vec<u8> {
    let candidates = completions.iter().map(|(kind, key, count)| Candidate {
        kind: *kind,
        key: (*key).to_owned(),
        text: key.to_uppercase(),
        count: *count,
        id: (*count == 1).then(|| "un-cas".to_owned()),
    });
    let mut bytes = Vec::new();
    write(candidates.collect(), &mut bytes).unwrap();
    bytes
}

fn some() -> Vec<u8> {
    written(&[
        (CompletionKind::Title, "ramassage des cartons", 1),
        (CompletionKind::Title, "collecte", 3),
        (CompletionKind::Expression, "collecte des cartons", 2),
        (CompletionKind::Expression, "carton plat", 5),
        (CompletionKind::Expression, "des cartons", 4),
    ])
}

fn read(bytes: Vec<u8>) -> tantivy::Result<Completions> {
    Completions::read(&OwnedBytes::new(bytes))
}

fn texts(completions: &Completions, kind: CompletionKind, prefix: &str) -> Vec<(String, usize)> {
    let found = completions.best(completions.starting(kind, prefix));
    found
        .map(|(id, at)| (completions.get(id).unwrap().key.to_owned(), at))
        .collect()
}

#[test]
fn a_prefix_finds_its_completions_by_descending_count() {
    let completions = read(some()).unwrap();
    let found = texts(&completions, CompletionKind::Expression, "carton");
    let expected = [("carton plat", 0), ("des cartons", 4), ("collecte des cartons", 13)];
    assert_eq!(found, expected.map(|(key, at)| (key.to_owned(), at)));
    assert_eq!(
        texts(&completions, CompletionKind::Expression, "des").len(),
        1,
        "a stop word within a text is not a start"
    );
    assert_eq!(texts(&completions, CompletionKind::Title, "").len(), 3);
    assert_eq!(texts(&completions, CompletionKind::ContractTitle, "c"), []);
    let title = completions
        .get(completions.of_kind(CompletionKind::Title).start)
        .unwrap();
    assert_eq!((title.text, title.count, title.record), ("COLLECTE", 3, None));
    assert!(completions.get(5).is_err());
    let with_key = |kind, key| Some(completions.get(completions.with_key(kind, key)?).unwrap().count);
    assert_eq!(with_key(CompletionKind::Expression, "des cartons"), Some(4));
    assert_eq!(with_key(CompletionKind::Title, "collecte"), Some(3));
    for key in ["cartons", "collecte", "collecte des", "carton plats", ""] {
        assert_eq!(with_key(CompletionKind::Expression, key), None, "{key}");
    }
    assert_eq!(completions.words().get("cartons"), Some(4));
}

#[test]
fn a_file_may_have_no_completions() {
    let completions = read(written(&[])).unwrap();
    assert_eq!(texts(&completions, CompletionKind::Title, ""), []);
}

#[test]
fn damage_is_an_error() {
    let good = some();
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 0x55;
        assert!(read(bytes).is_err(), "byte {at}");
        assert!(read(good[..at].to_vec()).is_err(), "cut at {at}");
    }
    assert!(read(b"{\"format\": 1}".to_vec()).is_err());
}

proptest! {
    #[test]
    fn a_prefix_finds_the_same_as_a_plain_loop(
        texts in prop::collection::vec("[ab]{1,3}( [ab]{1,3}){0,3}", 0..40), prefix in "[ab]{0,3}( [ab]{0,2})?",
    ) {
        let all: Vec<(CompletionKind, &str, u32)> =
            texts.iter().enumerate().map(|(index, text)| (CompletionKind::Expression, text.as_str(), index as u32 + 2)).collect();
        let completions = read(written(&all)).unwrap();
        let mut expected: Vec<(u32, &str, usize)> = Vec::new();
        for (_, text, count) in &all {
            let starts = text.char_indices().filter(|(at, _)| *at == 0 || text.as_bytes()[at - 1] == b' ');
            let found = starts.filter(|(at, _)| text[*at..].starts_with(prefix.as_str()));
            expected.extend(found.filter(|(at, _)| *at == 0 || !rex_analysis::is_stop_word(text[*at..].split(' ').next().unwrap())).map(|(at, _)| (*count, *text, at)));
        }
        let mut found: Vec<(u32, &str, usize)> = Vec::new();
        for (id, at) in completions.best(completions.starting(CompletionKind::Expression, &prefix)) {
            let entry = completions.get(id).unwrap();
            found.push((entry.count, entry.key, at));
        }
        prop_assert!(found.is_sorted_by(|a, b| a.0 >= b.0));
        expected.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(found, expected);
    }
}

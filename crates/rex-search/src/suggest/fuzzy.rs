//! Corrections of typed words to words of the corpus.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use levenshtein_automata::{DFA, Distance, SINK_STATE};
use rex_analysis::is_stop_word;
use tantivy::directory::OwnedBytes;
use tantivy_fst::{Automaton, IntoStreamer, Map, Streamer};

use super::typed::{Typed, TypedWord};
use crate::spellcheck::levenshtein::{beginnings_near, has_digit, words_near};

/// Most corrections of a word.
const MAX_NEAR: usize = 4;
/// Words of the corpus examined per word, in alphabetical order.
const MAX_TRIED: usize = 20_000;
/// Most words corrected together.
const MAX_TOGETHER: usize = 2;
/// Known words at the end of the text that are corrected one at a time.
const MAX_IN_TURN: usize = 3;

/// A word of the corpus near one that was typed: the fewest errors first, then the most frequent.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct NearWord {
    errors: u8,
    weight: Reverse<u64>,
    word: String,
}

/// The corrected texts, the fewest errors first. Words that the corpus does not have are corrected together; if it has them all, each
/// of the last ones in turn.
pub(super) fn corrections(words: &Map<OwnedBytes>, typed: &Typed) -> Vec<Typed> {
    let last = typed.words.len().saturating_sub(1);
    let is_known = |rank: &usize| knows(words, &typed.words[*rank].folded, *rank == last);
    let unknown: Vec<usize> = (0..typed.words.len()).filter(|rank| !is_known(rank)).collect();
    if unknown.len() > MAX_TOGETHER {
        return Vec::new();
    }
    let near_of = |rank: usize| near(words, &typed.words[rank].folded, rank == last);
    let mut ways: Vec<(u8, Typed)> = Vec::new();
    if unknown.is_empty() {
        for rank in (0..typed.words.len()).rev().take(MAX_IN_TURN) {
            ways.extend(near_of(rank).iter().map(|near| (near.errors, typed.with(rank, near))));
        }
    } else {
        ways.push((0, typed.clone()));
        for rank in unknown {
            let near = near_of(rank);
            let with_each = |(errors, typed): (u8, Typed)| {
                let with = |near: &NearWord| (errors + near.errors, typed.with(rank, near));
                near.iter().map(with).collect::<Vec<_>>()
            };
            ways = ways.into_iter().flat_map(with_each).collect();
        }
    }
    ways.sort_by_key(|(errors, _)| *errors);
    ways.into_iter().map(|(_, typed)| typed).collect()
}

impl Typed {
    fn with(&self, rank: usize, near: &NearWord) -> Self {
        let mut corrected = self.clone();
        corrected.words[rank] = TypedWord {
            folded: near.word.clone(),
            is_corrected: true,
        };
        corrected
    }
}

/// Whether the corpus has a word, or one with this prefix.
fn knows(words: &Map<OwnedBytes>, word: &str, as_prefix: bool) -> bool {
    if !as_prefix {
        return words.contains_key(word);
    }
    let mut following = words.range().ge(word).into_stream();
    following
        .next()
        .is_some_and(|(next, _)| next.starts_with(word.as_bytes()))
}

/// The words of the corpus nearest to one, or whose prefixes are nearest to it; not itself. Only those with the same first letter are
/// looked at, see [`crate::spellcheck::levenshtein`].
fn near(words: &Map<OwnedBytes>, word: &str, as_prefix: bool) -> Vec<NearWord> {
    if is_stop_word(word) {
        return Vec::new();
    }
    let automaton = if as_prefix {
        beginnings_near(word)
    } else {
        words_near(word)
    };
    let Some(automaton) = automaton else {
        return Vec::new();
    };
    let first = word.chars().next().map_or(0, char::len_utf8);
    let after_first = [&word.as_bytes()[..first], &[u8::MAX]].concat();
    let mut stream = words
        .search(DfaAutomaton(&automaton))
        .ge(&word[..first])
        .lt(after_first)
        .with_state()
        .into_stream();
    let mut nearest = BTreeSet::new();
    for _ in 0..MAX_TRIED {
        let Some((found, weight, state)) = stream.next() else {
            break;
        };
        let Distance::Exact(errors @ 1..) = automaton.distance(state) else {
            continue;
        };
        let Some(found) = std::str::from_utf8(found).ok().filter(|found| !has_digit(found)) else {
            continue;
        };
        nearest.insert(NearWord {
            errors,
            weight: Reverse(weight),
            word: found.to_owned(),
        });
        if nearest.len() > MAX_NEAR {
            nearest.pop_last();
        }
    }
    nearest.into_iter().collect()
}

/// Adapts the automaton to the trait of `tantivy_fst`.
struct DfaAutomaton<'a>(&'a DFA);

impl Automaton for DfaAutomaton<'_> {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}

#[cfg(test)]
mod tests {
    use tantivy_fst::MapBuilder;
    use tantivy_fst::raw::Fst;

    use super::*;

    fn words(words: &[(&str, u64)]) -> Map<OwnedBytes> {
        let mut map = MapBuilder::memory();
        words
            .iter()
            .for_each(|(word, weight)| map.insert(word, *weight).unwrap());
        Fst::new(OwnedBytes::new(map.into_inner().unwrap())).unwrap().into()
    }

    fn corrected(map: &Map<OwnedBytes>, text: &str) -> Vec<String> {
        let words = text.split(' ').map(|word| TypedWord {
            folded: word.to_owned(),
            is_corrected: false,
        });
        let typed = Typed { words: words.collect() };
        let spelled = |typed: Typed| {
            let words: Vec<String> = typed.words.into_iter().map(|word| word.folded).collect();
            words.join(" ")
        };
        corrections(map, &typed).into_iter().map(spelled).collect()
    }

    #[test]
    fn words_are_corrected_as_people_mistype_them() {
        let map = words(&[
            ("45220", 9),
            ("45220000000001", 8),
            ("77310", 5),
            ("cartons", 3),
            ("collecte", 9),
            ("collecte2", 9),
            ("collectes", 2),
            ("energetique", 4),
            ("toulon", 1),
            ("toulouse", 5),
            ("tri", 7),
        ]);
        for (typed, expected) in [
            ("tolouse", vec!["toulouse"]),
            ("tuolo", vec!["toulouse", "toulon"]),
            ("touluose", vec!["toulouse"]),
            ("energetqiue", vec!["energetique"]),
            ("energteqiu", vec!["energetique"]),
            ("couleuse", vec![]),
            ("tre", vec![]),
            ("colecte cartns", vec!["collecte cartons"]),
            ("colecte cartns tuloues", vec![]),
            ("4523", vec![]),
            ("45221", vec![]),
            ("7731", vec![]),
            ("colecte 7732", vec![]),
            ("collecte tri", vec!["collectes tri"]),
        ] {
            assert_eq!(corrected(&map, typed), expected, "{typed}");
        }
    }
}

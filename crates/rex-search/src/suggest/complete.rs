//! From what was typed to completions.

use std::collections::HashSet;
use std::rc::Rc;

use rex_analysis::{is_stop_word, words};
use rex_index::{CompletionEntry, CompletionKind, Completions};

use super::Completion;
use super::mark::mark;
use super::mix::mix;
use super::near;

/// Bytes of the longest text that is completed; no completion is longer.
const MAX_TYPED_BYTES: usize = 800;
/// Completions of a kind looked at for one that holds all the words: what bounds the time of a rare combination.
const MAX_TRIED: usize = 200;
/// A completion found by correcting what has completions as it is must be so many times as frequent as those.
const TIMES_AS_FREQUENT: u64 = 10;

/// Words to complete, folded, the last one as far as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) words: Vec<TypedWord>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedWord {
    /// As typed, or as corrected.
    pub(super) folded: String,
    /// Whether it is a word of the corpus put in the place of what was typed.
    pub(super) is_corrected: bool,
}

/// A completion found.
pub(super) struct Found<'a> {
    pub(super) id: u32,
    pub(super) entry: CompletionEntry<'a>,
    /// The words by which it was found.
    typed: Rc<Typed>,
    /// The byte of its key from which they follow one another; none where they are anywhere in it.
    from: Option<usize>,
}

/// The best completions for a text.
pub(super) fn complete(completions: &Completions, text: &str, limit: usize) -> tantivy::Result<Vec<Completion>> {
    let typed = Typed::read(text);
    let length: usize = typed.words.iter().map(|word| word.folded.len() + 1).sum();
    if length > MAX_TYPED_BYTES {
        return Ok(Vec::new());
    }
    let mut search = Search {
        completions,
        limit,
        seen: HashSet::new(),
        chosen: Vec::new(),
    };
    if typed.words.is_empty() {
        search.add_frequent()?;
    } else {
        search.add_typed(&typed)?;
        if search.chosen.len() < limit {
            search.add_corrected(&typed)?;
        }
    }
    Ok(search.chosen.into_iter().map(Found::into_completion).collect())
}

struct Search<'a> {
    completions: &'a Completions,
    limit: usize,
    seen: HashSet<u32>,
    chosen: Vec<Found<'a>>,
}

impl<'a> Search<'a> {
    /// Adds the values that most records have.
    fn add_frequent(&mut self) -> tantivy::Result<()> {
        let nothing = Rc::new(Typed { words: Vec::new() });
        let mut found = Vec::new();
        for kind in CompletionKind::ALL {
            if matches!(kind, CompletionKind::Value(_)) {
                for id in self.completions.of_kind(kind).take(self.limit) {
                    found.push(self.found(id, &nothing, None)?);
                }
            }
        }
        self.choose(found);
        Ok(())
    }

    /// Adds what holds the words as they are: side by side, then anywhere.
    fn add_typed(&mut self, typed: &Typed) -> tantivy::Result<()> {
        let typed = Rc::new(typed.clone());
        let found = self.beginning_with(&typed)?;
        self.choose(found);
        if self.chosen.len() < self.limit {
            let found = self.holding(&typed)?;
            self.choose(found);
        }
        match typed.before_stop_word() {
            Some(before) if self.chosen.is_empty() => self.add_typed(&before),
            _ => Ok(()),
        }
    }

    /// Adds what holds the words with one or two of them corrected, where that is worth it.
    fn add_corrected(&mut self, typed: &Typed) -> tantivy::Result<()> {
        let most = self.chosen.iter().map(|found| u64::from(found.entry.count)).max();
        let worth = most.map_or(0, |count| count * TIMES_AS_FREQUENT);
        for corrected in near::corrections(self.completions.words(), typed) {
            let corrected = Rc::new(corrected);
            let mut found = self.beginning_with(&corrected)?;
            if found.is_empty() {
                found = self.holding(&corrected)?;
            }
            found.retain(|found| u64::from(found.entry.count) >= worth);
            self.choose(found);
            if self.chosen.len() >= self.limit {
                break;
            }
        }
        Ok(())
    }

    /// Takes the best of what was found, as many as are missing.
    fn choose(&mut self, mut found: Vec<Found<'a>>) {
        found.retain(|found| !self.seen.contains(&found.id));
        let chosen = mix(found, self.limit - self.chosen.len());
        self.seen.extend(chosen.iter().map(|found| found.id));
        self.chosen.extend(chosen);
    }

    /// The best completions of each kind that the words begin, at one of their own words.
    fn beginning_with(&self, typed: &Rc<Typed>) -> tantivy::Result<Vec<Found<'a>>> {
        let prefix = typed.prefix();
        let mut found = Vec::new();
        for kind in CompletionKind::ALL {
            let mut ids = Vec::new();
            let stretch = self.completions.starting(kind, &prefix);
            for (id, from) in self.completions.best(stretch) {
                if !self.seen.contains(&id) && !ids.contains(&id) {
                    ids.push(id);
                    found.push(self.found(id, typed, Some(from))?);
                }
                if ids.len() == self.limit {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// The best completions of each kind that hold all the words, anywhere: looked for among those that hold the rarest.
    fn holding(&self, typed: &Rc<Typed>) -> tantivy::Result<Vec<Found<'a>>> {
        let mut found = Vec::new();
        if typed.words.len() < 2 {
            return Ok(found);
        }
        for kind in CompletionKind::ALL {
            let rarest = typed
                .anchors()
                .map(|prefix| self.completions.starting(kind, prefix))
                .min_by_key(ExactSizeIterator::len);
            let mut ids = Vec::new();
            for (id, _) in self.completions.best(rarest.unwrap_or_default()).take(MAX_TRIED) {
                let is_known = self.seen.contains(&id) || ids.contains(&id);
                if !is_known && typed.is_held_by(self.completions.get(id)?.key) {
                    ids.push(id);
                    found.push(self.found(id, typed, None)?);
                }
                if ids.len() == self.limit {
                    break;
                }
            }
        }
        Ok(found)
    }

    fn found(&self, id: u32, typed: &Rc<Typed>, from: Option<usize>) -> tantivy::Result<Found<'a>> {
        Ok(Found {
            id,
            entry: self.completions.get(id)?,
            typed: Rc::clone(typed),
            from,
        })
    }
}

impl Found<'_> {
    fn into_completion(self) -> Completion {
        Completion {
            text: mark(&self.entry, &self.typed, self.from),
            kind: self.entry.kind,
            count: self.entry.count.into(),
            case: self.entry.record.map(str::to_owned),
        }
    }
}

impl Typed {
    fn read(text: &str) -> Self {
        let words = words(text).into_iter().map(|token| TypedWord {
            folded: token.exact,
            is_corrected: false,
        });
        Self { words: words.collect() }
    }

    /// The words as a key has them.
    fn prefix(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.folded.as_str()).collect();
        words.join(" ")
    }

    /// The words by which completions can be found: no completion is found by a stop word within it.
    fn anchors(&self) -> impl Iterator<Item = &str> {
        let words = self.words.iter().map(|word| word.folded.as_str());
        words.filter(|word| !is_stop_word(word))
    }

    /// Without its last word, where that is a stop word after others: what follows it is still to be typed.
    fn before_stop_word(&self) -> Option<Self> {
        let (last, before) = self.words.split_last()?;
        let can_wait = !before.is_empty() && is_stop_word(&last.folded);
        can_wait.then(|| Self { words: before.to_vec() })
    }

    /// Whether a key holds every word, stop words aside, and one that begins with the last.
    fn is_held_by(&self, key: &str) -> bool {
        let Some((last, whole)) = self.words.split_last() else {
            return true;
        };
        let mut whole = whole.iter().filter(|word| !is_stop_word(&word.folded));
        whole.all(|word| key.split(' ').any(|other| other == word.folded))
            && key.split(' ').any(|other| other.starts_with(&last.folded))
    }
}

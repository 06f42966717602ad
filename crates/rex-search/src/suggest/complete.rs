//! Completes a text.

use std::collections::HashSet;
use std::rc::Rc;

use rex_query::{Completion, CompletionKind};

use super::diversify::diversify;
use super::found::{FoundCompletion, Sources};
use super::fuzzy;
use super::names::{NamedCompletion, named};
use super::typed::Typed;
use crate::entities::digits_of;

/// Bytes of the longest text that is completed; no completion is longer.
const MAX_TYPED_BYTES: usize = 800;
/// Completions examined per kind for one that holds all the words: bounds the time of rare combinations.
const MAX_TRIED: usize = 200;
/// A corrected completion has to be this many times as frequent as one of the text as typed.
const TIMES_AS_FREQUENT: u64 = 10;
/// Most labels of CPV codes completed from their digits.
const MAX_CODED: usize = 5;
/// Slots reserved for values that the text may be another name of.
const MAX_UNSURE: usize = 2;

/// The best completions for a text.
pub(crate) fn complete(sources: Sources<'_>, text: &str, limit: usize) -> tantivy::Result<Vec<Completion>> {
    let typed = Typed::read(text);
    let length: usize = typed.words.iter().map(|word| word.folded.len() + 1).sum();
    if length > MAX_TYPED_BYTES {
        return Ok(Vec::new());
    }
    let mut search = Search {
        sources,
        limit,
        seen: HashSet::new(),
        chosen: Vec::new(),
    };
    if typed.words.is_empty() {
        search.add_frequent()?;
    } else {
        let (sure, unsure) = named(sources, text, &typed.prefix())?
            .into_iter()
            .partition(|named| named.is_sure);
        search.add_named(sure, &typed);
        search.add_coded(text);
        search.add_typed(&typed, unsure)?;
        if search.chosen.len() < limit {
            search.add_corrected(&typed)?;
        }
    }
    let chosen = search.chosen.into_iter();
    Ok(chosen.map(|found| found.into_completion(sources.facets)).collect())
}

struct Search<'a> {
    sources: Sources<'a>,
    limit: usize,
    /// The keys of the chosen completions.
    seen: HashSet<&'a str>,
    chosen: Vec<FoundCompletion<'a>>,
}

impl<'a> Search<'a> {
    /// Adds the most frequent values.
    fn add_frequent(&mut self) -> tantivy::Result<()> {
        let nothing = Rc::new(Typed { words: Vec::new() });
        let mut found = Vec::new();
        for kind in CompletionKind::ALL {
            if matches!(kind, CompletionKind::Value(_)) {
                for id in self.sources.completions.of_kind(kind).take(self.limit) {
                    found.push(self.found(id, &nothing, None)?);
                }
            }
        }
        self.choose(found, self.limit);
        Ok(())
    }

    /// Adds the values that the text is another name of.
    fn add_named(&mut self, named: Vec<NamedCompletion<'a>>, typed: &Typed) {
        let typed = Rc::new(typed.clone());
        let found = named.into_iter().map(|named| FoundCompletion {
            id: 0,
            // If the name is the text of the completion, it is marked.
            from: named.name.is_none().then_some(0),
            typed: match named.name {
                Some(_) => Rc::new(Typed { words: Vec::new() }),
                None => Rc::clone(&typed),
            },
            entry: named.entry,
            code: named.value,
            name: named.name,
        });
        self.choose(found.collect(), self.limit);
    }

    /// Adds the labels of CPV codes that begin with the typed digits.
    fn add_coded(&mut self, text: &str) {
        let Some(digits) = digits_of(text) else { return };
        let cpv = self.sources.cpv;
        let nothing = Rc::new(Typed { words: Vec::new() });
        let ranks = cpv.coded(&digits).into_iter().take(MAX_CODED);
        let found = ranks.filter_map(|rank| {
            let found = self.found_code(rank, &nothing, None)?;
            let name = found.code.map(str::to_owned);
            Some(FoundCompletion { name, ..found })
        });
        self.choose(found.collect(), self.limit);
    }

    /// Adds completions that hold the words: adjacent, then anywhere. `named` comes between the two.
    fn add_typed(&mut self, typed: &Typed, mut named: Vec<NamedCompletion<'a>>) -> tantivy::Result<()> {
        let typed = Rc::new(typed.clone());
        let found = self.beginning_with(&typed)?;
        named.retain(|named| {
            let is_found = found.iter().any(|found| found.entry.key == named.entry.key);
            !is_found && !self.seen.contains(named.entry.key)
        });
        named.truncate(MAX_UNSURE);
        self.choose(found, self.limit.saturating_sub(named.len()));
        self.add_named(named, &typed);
        if self.chosen.len() < self.limit {
            let found = self.holding(&typed)?;
            self.choose(found, self.limit);
        }
        match typed.before_stop_word() {
            Some(before) if self.chosen.is_empty() => self.add_typed(&before, Vec::new()),
            _ => Ok(()),
        }
    }

    /// Adds completions that hold the words with one or two of them corrected, if they are frequent enough.
    fn add_corrected(&mut self, typed: &Typed) -> tantivy::Result<()> {
        let most = self.chosen.iter().map(|found| u64::from(found.entry.count)).max();
        let worth = most.map_or(0, |count| count * TIMES_AS_FREQUENT);
        for corrected in fuzzy::corrections(self.sources.completions.words(), typed) {
            let corrected = Rc::new(corrected);
            let mut found = self.beginning_with(&corrected)?;
            if found.is_empty() {
                found = self.holding(&corrected)?;
            }
            found.retain(|found| u64::from(found.entry.count) >= worth);
            self.choose(found, self.limit);
            if self.chosen.len() >= self.limit {
                break;
            }
        }
        Ok(())
    }

    /// Chooses the best ones, until `limit` are chosen.
    fn choose(&mut self, mut found: Vec<FoundCompletion<'a>>, limit: usize) {
        found.retain(|found| !self.seen.contains(found.entry.key));
        let chosen = diversify(found, limit.saturating_sub(self.chosen.len()));
        self.seen.extend(chosen.iter().map(|found| found.entry.key));
        self.chosen.extend(chosen);
    }

    /// The best completions of each kind that begin with the words, at one of their words.
    fn beginning_with(&self, typed: &Rc<Typed>) -> tantivy::Result<Vec<FoundCompletion<'a>>> {
        let Sources { completions, cpv, .. } = self.sources;
        let prefix = typed.prefix();
        let mut found = Vec::new();
        for (rank, from) in cpv.best(cpv.starting(&prefix)) {
            found.extend(self.found_code(rank, typed, Some(from)));
            if found.len() == self.limit {
                break;
            }
        }
        for kind in CompletionKind::ALL {
            let mut ids = Vec::new();
            for (id, from) in completions.best(completions.starting(kind, &prefix)) {
                if !ids.contains(&id) {
                    let other = self.found(id, typed, Some(from))?;
                    if !self.seen.contains(other.entry.key) {
                        ids.push(id);
                        add(&mut found, other);
                    }
                }
                if ids.len() == self.limit {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// The best completions of each kind that hold all the words anywhere, searched among those that hold the rarest word.
    fn holding(&self, typed: &Rc<Typed>) -> tantivy::Result<Vec<FoundCompletion<'a>>> {
        let Sources { completions, cpv, .. } = self.sources;
        let mut found = Vec::new();
        if typed.words.len() < 2 {
            return Ok(found);
        }
        let rarest = typed.anchors().map(|prefix| cpv.starting(prefix));
        let rarest = rarest.min_by_key(ExactSizeIterator::len).unwrap_or_default();
        for (rank, _) in cpv.best(rarest).into_iter().take(MAX_TRIED) {
            let code = self.found_code(rank, typed, None);
            found.extend(code.filter(|found| typed.is_held_by(found.entry.key)));
            if found.len() == self.limit {
                break;
            }
        }
        for kind in CompletionKind::ALL {
            let rarest = typed
                .anchors()
                .map(|prefix| completions.starting(kind, prefix))
                .min_by_key(ExactSizeIterator::len);
            let mut ids = Vec::new();
            for (id, _) in completions.best(rarest.unwrap_or_default()).take(MAX_TRIED) {
                let key = completions.get(id)?.key;
                let is_known = self.seen.contains(key) || ids.contains(&id);
                if !is_known && typed.is_held_by(key) {
                    ids.push(id);
                    add(&mut found, self.found(id, typed, None)?);
                }
                if ids.len() == self.limit {
                    break;
                }
            }
        }
        Ok(found)
    }

    fn found(&self, id: u32, typed: &Rc<Typed>, from: Option<usize>) -> tantivy::Result<FoundCompletion<'a>> {
        Ok(FoundCompletion {
            id,
            entry: self.sources.completions.get(id)?,
            typed: Rc::clone(typed),
            from,
            code: None,
            name: None,
        })
    }

    /// The CPV label with a rank, unless it is chosen already.
    fn found_code(&self, rank: u32, typed: &Rc<Typed>, from: Option<usize>) -> Option<FoundCompletion<'a>> {
        let (entry, code) = self.sources.cpv.get(rank)?;
        (!self.seen.contains(entry.key)).then(|| FoundCompletion {
            id: rank,
            entry,
            typed: Rc::clone(typed),
            from,
            code: Some(code),
            name: None,
        })
    }
}

/// Adds a completion. A CPV label with the same text stays, as it says more than a title.
fn add<'a>(found: &mut Vec<FoundCompletion<'a>>, other: FoundCompletion<'a>) {
    let mut labels = found.iter_mut().take_while(|found| found.code.is_some());
    match labels.find(|label| label.entry.key == other.entry.key) {
        Some(same) => same.entry.count = same.entry.count.max(other.entry.count),
        None => found.push(other),
    }
}

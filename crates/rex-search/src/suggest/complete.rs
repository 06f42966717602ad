//! From what was typed to completions.

use std::collections::HashSet;
use std::rc::Rc;

use rex_analysis::{Lexicon, is_stop_word, words};
use rex_index::{CompletionEntry, CompletionKind, Completions, Facet, Facets};

use super::diversify::mix;
use super::highlight::mark;
use super::names::{Named, named};
use super::{Completion, CpvCompletions, fuzzy};
use crate::entities::digits_of;

/// Bytes of the longest text that is completed; no completion is longer.
const MAX_TYPED_BYTES: usize = 800;
/// Completions of a kind looked at for one that holds all the words: what bounds the time of a rare combination.
const MAX_TRIED: usize = 200;
/// A completion found by correcting what has completions as it is must be so many times as frequent as those.
const TIMES_AS_FREQUENT: u64 = 10;
/// Labels of CPV codes given for their digits.
const MAX_CODED: usize = 5;
/// Completions kept room for, where what is typed may be another name of them.
const MAX_UNSURE: usize = 2;

/// What completions come from.
#[derive(Clone, Copy)]
pub(super) struct Sources<'a> {
    pub(super) completions: &'a Completions,
    pub(super) cpv: &'a CpvCompletions,
    /// The values that cases have.
    pub(super) facets: &'a Facets,
    pub(super) lexicon: &'a Lexicon,
}

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
    /// Its rank among those that as many records have.
    pub(super) id: u32,
    pub(super) entry: CompletionEntry<'a>,
    /// The words by which it was found.
    typed: Rc<Typed>,
    /// The byte of its key from which they follow one another; none where they are anywhere in it.
    from: Option<usize>,
    /// The value that the text is the label of, where that is another: the code of a CPV label.
    code: Option<&'a str>,
    /// What was typed, where it is another name of it.
    name: Option<String>,
}

/// The best completions for a text.
pub(super) fn complete(sources: Sources<'_>, text: &str, limit: usize) -> tantivy::Result<Vec<Completion>> {
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
    /// The keys of what was chosen.
    seen: HashSet<&'a str>,
    chosen: Vec<Found<'a>>,
}

impl<'a> Search<'a> {
    /// Adds the values that most records have.
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

    /// Adds what the text is another name of.
    fn add_named(&mut self, named: Vec<Named<'a>>, typed: &Typed) {
        let typed = Rc::new(typed.clone());
        let found = named.into_iter().map(|named| Found {
            id: 0,
            // A name that is the text of the completion is marked in it.
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

    /// Adds the labels of the CPV codes whose digits are typed.
    fn add_coded(&mut self, text: &str) {
        let Some(digits) = digits_of(text) else { return };
        let cpv = self.sources.cpv;
        let nothing = Rc::new(Typed { words: Vec::new() });
        let ranks = cpv.coded(&digits).into_iter().take(MAX_CODED);
        let found = ranks.filter_map(|rank| {
            let found = self.found_code(rank, &nothing, None)?;
            let name = found.code.map(str::to_owned);
            Some(Found { name, ..found })
        });
        self.choose(found.collect(), self.limit);
    }

    /// Adds what holds the words as they are: side by side, then anywhere; and before the latter what they may be another
    /// name of.
    fn add_typed(&mut self, typed: &Typed, mut named: Vec<Named<'a>>) -> tantivy::Result<()> {
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

    /// Adds what holds the words with one or two of them corrected, where that is worth it.
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

    /// Takes the best of what was found, until `limit` are chosen.
    fn choose(&mut self, mut found: Vec<Found<'a>>, limit: usize) {
        found.retain(|found| !self.seen.contains(found.entry.key));
        let chosen = mix(found, limit.saturating_sub(self.chosen.len()));
        self.seen.extend(chosen.iter().map(|found| found.entry.key));
        self.chosen.extend(chosen);
    }

    /// The best completions of each kind that the words begin, at one of their own words.
    fn beginning_with(&self, typed: &Rc<Typed>) -> tantivy::Result<Vec<Found<'a>>> {
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

    /// The best completions of each kind that hold all the words, anywhere: looked for among those that hold the rarest.
    fn holding(&self, typed: &Rc<Typed>) -> tantivy::Result<Vec<Found<'a>>> {
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

    fn found(&self, id: u32, typed: &Rc<Typed>, from: Option<usize>) -> tantivy::Result<Found<'a>> {
        Ok(Found {
            id,
            entry: self.sources.completions.get(id)?,
            typed: Rc::clone(typed),
            from,
            code: None,
            name: None,
        })
    }

    /// The label of a rank, unless it was chosen before.
    fn found_code(&self, rank: u32, typed: &Rc<Typed>, from: Option<usize>) -> Option<Found<'a>> {
        let (entry, code) = self.sources.cpv.get(rank)?;
        (!self.seen.contains(entry.key)).then(|| Found {
            id: rank,
            entry,
            typed: Rc::clone(typed),
            from,
            code: Some(code),
            name: None,
        })
    }
}

/// Adds a completion to those found; a label of a CPV code that is the same text stays, as it says more than a title does.
fn add<'a>(found: &mut Vec<Found<'a>>, other: Found<'a>) {
    let mut labels = found.iter_mut().take_while(|found| found.code.is_some());
    match labels.find(|label| label.entry.key == other.entry.key) {
        Some(same) => same.entry.count = same.entry.count.max(other.entry.count),
        None => found.push(other),
    }
}

impl Found<'_> {
    fn into_completion(self, facets: &Facets) -> Completion {
        let has = |facet: Facet| facets.table(facet).rank_of(&facet.term(self.entry.text)).is_some();
        let value = match self.entry.kind {
            CompletionKind::Value(Facet::Cpv) => self.code,
            CompletionKind::Value(facet) => self.code.or_else(|| has(facet).then_some(self.entry.text)),
            _ => None,
        };
        Completion {
            value: value.map(str::to_owned),
            other_name: self.name,
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

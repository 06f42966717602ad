//! Headings that recur in a text, in the same order from case to case.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::booklet::facts::fact_line::{self, FactKind};
use crate::booklet::facts::nature::natures;
use crate::booklet::facts::{duration, money};
use crate::booklet::layout::body::has_label;
use crate::booklet::layout::headings::{self, Heading, Role};
use crate::booklet::layout::lines::{Line, ends_sentence, item};
use crate::booklet::layout::titles::is_kicker;
use rex_corpus::{Procedure, name_key};

/// Headings of one text. Each has the role [`Role::Own`], with its rank.
#[derive(Debug, Clone, Default)]
pub(crate) struct OwnHeadings {
    /// In the order of the text.
    pub(crate) headings: Vec<Heading>,
    /// The lines of running heads above titles: « BONNE PRATIQUE ».
    pub(crate) kickers: Vec<usize>,
    /// The text of each heading, by rank, as it stands first.
    pub(crate) names: Vec<String>,
}

/// The lines that recur in a text and look like headings.
#[derive(Debug, Default)]
pub(crate) struct RecurringLines {
    /// The key of each line that looks like a heading, in the order of the text.
    lines: Vec<(usize, String)>,
    counts: HashMap<String, usize>,
    /// The strongest mark of the lines with each key.
    marks: HashMap<String, Mark>,
    /// Number of lines of a list of contacts: « Téléphone : … ».
    pub(crate) contacts: usize,
}

impl OwnHeadings {
    /// The text of the headings that are left, without the kickers.
    pub(crate) fn used(&self) -> Vec<String> {
        let mut ranks: Vec<usize> = Vec::new();
        for heading in &self.headings {
            if let Role::Own(rank) = heading.role
                && !ranks.contains(&rank)
            {
                ranks.push(rank);
            }
        }
        ranks.iter().map(|rank| self.names[*rank].clone()).collect()
    }
}

/// How a line that looks like a heading is marked, the strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    /// A label and a value without a mark: « Critères : prix 60 % ».
    Label,
    Plain,
    Bold,
    Markdown,
}

/// Maximum number of headings; those beyond are ignored, as they would exceed the maximum number of cases anyway.
const MOST_HEADINGS: usize = 20_000;

impl RecurringLines {
    /// Finds them in a text, except in its table of contents.
    pub(crate) fn of(lines: &[Line], contents: &Range<usize>) -> Self {
        let mut found = Self::default();
        for index in (0..lines.len()).filter(|index| !contents.contains(index)) {
            let bare = lines[index].bare();
            let label = bare.split_once(':').map(|(label, _)| headings::words(label).join(" "));
            found.contacts += usize::from(label.is_some_and(|label| headings::is_of_another_text(&label)));
            if let Some(key) = key(lines, index).filter(|_| found.lines.len() < MOST_HEADINGS) {
                *found.counts.entry(key.clone()).or_default() += 1;
                let mark = found.marks.entry(key.clone()).or_insert(Mark::Label);
                *mark = (*mark).max(Mark::of(&lines[index]));
                found.lines.push((index, key));
            }
        }
        found
    }

    /// The first of them as they stand in the text, each with its count.
    pub(crate) fn named(&self, lines: &[Line]) -> Vec<(String, usize)> {
        const MOST: usize = 5;
        let mut named: Vec<(&str, usize)> = Vec::new();
        for (index, key) in &self.lines {
            let is_new = named.iter().all(|(known, _)| *known != key);
            if self.counts[key] > 1 && is_new && named.len() < MOST {
                named.push((key, *index));
            }
        }
        let text = |(key, index): &(&str, usize)| (lines[*index].bare(), self.counts[*key]);
        named.iter().map(text).collect()
    }

    /// Whether a heading recurs that no case has: « Ordre du jour ».
    pub(crate) fn is_of_another_text(&self) -> bool {
        self.counts
            .iter()
            .any(|(key, count)| *count > 1 && headings::is_of_another_text(key))
    }

    /// The sets of headings that may be those of the cases, the most frequent first. Headings of one set recur about as often.
    pub(crate) fn sets(&self, lines: &[Line]) -> Vec<OwnHeadings> {
        const MOST_SETS: usize = 6;
        let weakest = self.weakest_mark();
        let is_heading = |key: &&String| self.marks[*key] >= weakest;
        let recurring = self.counts.iter().filter(|(key, count)| **count > 1 && is_heading(key));
        let mut counts: Vec<usize> = recurring.map(|(_, count)| *count).collect();
        counts.sort_unstable_by(|one, other| other.cmp(one));
        counts.dedup();
        let mut sets: Vec<OwnHeadings> = Vec::new();
        let mut last: Vec<&str> = Vec::new();
        for most in counts {
            let is_in = |count: usize| count > 1 && (most.div_ceil(4)..=most).contains(&count);
            let mut keys: Vec<&str> = Vec::new();
            keys.extend(
                self.counts
                    .iter()
                    .filter(|(key, count)| is_in(**count) && is_heading(key))
                    .map(|(key, _)| key.as_str()),
            );
            keys.sort_unstable();
            if keys.len() >= 3 && keys != last && sets.len() < MOST_SETS {
                sets.push(self.set(lines, &keys));
                last = keys;
            }
        }
        sets
    }

    /// The weakest mark of a heading: where two headings of Markdown recur, lines without a mark are text.
    fn weakest_mark(&self) -> Mark {
        let recurs = |key: &str| self.counts[key] > 1;
        let of_markdown = |(key, mark): &(&String, &Mark)| **mark == Mark::Markdown && recurs(key);
        if self.marks.iter().filter(of_markdown).count() > 1 {
            Mark::Markdown
        } else {
            Mark::Plain
        }
    }

    /// The headings with one of the sorted keys, and those that are known as headings of cases.
    fn set(&self, lines: &[Line], keys: &[&str]) -> OwnHeadings {
        let mut ranks: BTreeMap<&str, usize> = BTreeMap::new();
        let mut set = OwnHeadings::default();
        for (index, key) in &self.lines {
            let text = lines[*index].bare();
            let is_known = || headings::role_of(&text).is_some_and(|role| role < Role::End);
            let is_end = headings::role_of(&text) == Some(Role::End);
            if is_end || !(keys.binary_search(&key.as_str()).is_ok() || is_known()) {
                continue;
            }
            let next = ranks.len();
            let rank = *ranks.entry(key).or_insert(next);
            if rank == set.names.len() {
                set.names.push(text.clone());
            }
            set.headings.push(Heading {
                role: Role::Own(rank),
                first: *index,
                last: *index,
                text,
            });
        }
        set
    }
}

impl Mark {
    fn of(line: &Line) -> Self {
        if line.level.is_some() {
            Self::Markdown
        } else if is_bold(&line.text) {
            Self::Bold
        } else if has_label(&line.text) {
            Self::Label
        } else {
            Self::Plain
        }
    }
}

/// The key of a line that looks like a heading: short, no sentence, no fact, set apart from the lines around it.
fn key(lines: &[Line], index: usize) -> Option<String> {
    const LONGEST: usize = 90;
    let line = &lines[index];
    if line.is_blank() || line.text.len() > 3 * LONGEST {
        return None;
    }
    let is_marked = line.level.is_some() || is_bold(&line.text);
    let text = line.text.replace("**", "");
    let text = text.trim();
    let ends_open = text.ends_with(['?', ':']) || !ends_sentence(text);
    let is_listed = item(text).is_some() && line.level.is_none();
    if text.chars().count() > LONGEST || is_listed || !ends_open || text.ends_with(',') || is_kicker(text) {
        return None;
    }
    if !(is_marked || stands_apart(lines, index, text)) || is_fact(text) {
        return None;
    }
    headings::key(text)
}

/// Whether a whole line is bold.
pub(crate) fn is_bold(text: &str) -> bool {
    let inner = text
        .strip_prefix("**")
        .and_then(|text| text.trim_end_matches(':').trim_end().strip_suffix("**"));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.contains("**"))
}

/// Whether a line is a paragraph of its own, or begins one below the end of a sentence.
fn stands_apart(lines: &[Line], index: usize, text: &str) -> bool {
    const SHORT: usize = 45;
    let above = index.checked_sub(1).map(|above| &lines[above]);
    let below = lines.get(index + 1);
    let is_free_above = above.is_none_or(Line::is_blank);
    let is_free_below = below.is_none_or(Line::is_blank);
    if text.starts_with(char::is_lowercase) {
        return is_free_above && is_free_below;
    }
    let follows_sentence = above.is_some_and(|above| ends_sentence(&above.text) || above.level.is_some());
    let goes_on = below.is_some_and(|below| below.text.starts_with(char::is_lowercase));
    // In the text of a PDF, a title or a name stands right above.
    let follows_short =
        above.is_some_and(|above| above.text.chars().count() <= SHORT && !above.text.ends_with([',', '-']));
    (is_free_above || follows_sentence || follows_short) && !goes_on
}

/// Whether a line is a fact or the value of one: « Montant 3 € », « Procédure adaptée », « 24 mois ».
fn is_fact(text: &str) -> bool {
    let (about, value) = fact_line::label(text);
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    let is_procedure = || Procedure::named_in(text).is_some() && name_key(text).split(' ').count() <= 6;
    (about.is_some_and(|about| about != FactKind::Contact) && !value.is_empty())
        || about == Some(FactKind::Cpv)
        || is_procedure()
        || !natures(text, false).is_empty()
        || (has_digit && (!money::amounts(text).is_empty() || duration::read(text).is_some()))
}

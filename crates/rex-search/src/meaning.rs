//! What each word of a query may be found as: itself, a compound, a synonym, a completion, a correction, a label.

use rex_analysis::{Synonym, Token, is_apostrophe, words};

use crate::correct::{self, Rules};
use crate::parse::{Form, ParsedQuery, Word};
use crate::plan::OTHER_FORM;
use crate::settings::{RankingRule, Settings};
use crate::vocabulary::Vocabulary;

/// A word to find, with what else would do.
#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    /// As typed.
    pub(crate) word: Word,
    /// What is the word itself: its forms, and the compounds it is a part of.
    pub(crate) own: Vec<Form>,
    /// What stands for it.
    pub(crate) alternatives: Vec<Alternative>,
    /// Stems of the word, and of what it is completed or corrected to, that labels of CPV codes hold.
    pub(crate) labelled: Vec<String>,
    /// How telling it is, or what stands for it where the index does not know it.
    pub(crate) weight: f32,
    /// What its best match in the index counts, where that of the word as typed counts 1: less where the index knows other forms
    /// only, or what stands for it; 0 where no case says anything of the kind.
    pub(crate) reach: f32,
    /// Whether a case has to hold it; the others only rank.
    pub(crate) is_required: bool,
}

/// What may stand for a word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alternative {
    pub(crate) rule: AlternativeRule,
    /// The words to find one after the other, by their places.
    pub(crate) sequence: Vec<(usize, Form)>,
    /// Whether they have to be written so: acronyms, and compounds in one word.
    pub(crate) is_exact: bool,
    /// What it counts, where the word itself counts 1.
    pub(crate) factor: f32,
    /// In words, for who asks why.
    pub(crate) text: String,
}

/// Why something stands for a word, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AlternativeRule {
    /// Two words typed apart that are written in one.
    Joined,
    /// The lexicon says so.
    Synonym,
    /// The word is the beginning of it.
    Completion,
    /// The word is misspelled.
    Correction,
}

impl AlternativeRule {
    /// What a match counts, where that of the word itself counts 1.
    const fn factor(self) -> f32 {
        match self {
            Self::Joined => 0.8,
            Self::Synonym => 0.5,
            Self::Completion | Self::Correction => 0.7,
        }
    }
}

/// What the words of a query may be found as; those that are asked for, in the order typed.
pub(crate) fn meanings(
    vocabulary: &Vocabulary<'_>,
    settings: &Settings,
    query: &ParsedQuery,
) -> tantivy::Result<Vec<Meaning>> {
    let mut meanings = Vec::new();
    let last = query.words.last().map(|word| word.position);
    for word in query.words.iter().filter(|word| word.is_asked) {
        meanings.push(Meaning {
            own: word.forms.iter().chain(&word.wholes).cloned().collect(),
            alternatives: Vec::new(),
            labelled: Vec::new(),
            weight: 0.0,
            reach: 0.0,
            is_required: !word.is_optional,
            word: word.clone(),
        });
    }
    if settings.has(RankingRule::Joins) {
        add_parted(&mut meanings);
        add_joined(vocabulary, settings, query, &mut meanings)?;
    }
    if settings.has(RankingRule::Synonyms) {
        add_synonyms(settings, query, &mut meanings);
    }
    let rules = Rules {
        corrections: settings.has(RankingRule::Corrections),
        prefixes: settings.has(RankingRule::Prefixes),
    };
    for meaning in &mut meanings {
        // What is found another way needs no guess; words in two for one in a row are no other way to be sure of.
        let is_found = meaning
            .alternatives
            .iter()
            .any(|alternative| alternative.sequence.len() == 1 || alternative.rule == AlternativeRule::Synonym);
        if !is_found {
            let is_last = last == Some(meaning.word.position);
            let found = correct::replacements(vocabulary, settings.analyzer, &meaning.word, is_last, rules)?;
            meaning
                .alternatives
                .extend(found.into_iter().map(|found| replaced(found.form, found.is_completion)));
        }
        add_labels(vocabulary, meaning)?;
        weigh(vocabulary, meaning)?;
    }
    Ok(meanings)
}

/// The stems by which labels are looked for: those that some label holds, as all others would only cost time.
fn add_labels(vocabulary: &Vocabulary<'_>, meaning: &mut Meaning) -> tantivy::Result<()> {
    let replacing = meaning.alternatives.iter().filter(|alternative| {
        matches!(
            alternative.rule,
            AlternativeRule::Completion | AlternativeRule::Correction
        )
    });
    let replacing = replacing.flat_map(|alternative| alternative.sequence.iter().map(|(_, form)| form));
    for form in meaning.own.iter().chain(replacing) {
        if !meaning.labelled.contains(&form.stem) && vocabulary.cases_labelled(&form.stem)? > 0 {
            meaning.labelled.push(form.stem.clone());
        }
    }
    Ok(())
}

fn replaced(form: Form, is_completion: bool) -> Alternative {
    let rule = if is_completion {
        AlternativeRule::Completion
    } else {
        AlternativeRule::Correction
    };
    Alternative {
        rule,
        text: form.exact.clone(),
        sequence: vec![(0, form)],
        is_exact: false,
        factor: rule.factor(),
    }
}

/// A word typed with its apostrophe that cases write in two: `prud'hommes`, `aujourd'hui`.
fn add_parted(meanings: &mut [Meaning]) {
    let rule = AlternativeRule::Joined;
    for meaning in meanings {
        let parts = words(&meaning.word.typed.replace(is_apostrophe, " "));
        if parts.len() < 2 || !meaning.word.typed.contains(is_apostrophe) {
            continue;
        }
        let text = parts
            .iter()
            .map(|part| part.exact.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let place = |(place, part): (usize, Token)| {
            let form = Form {
                exact: part.exact,
                stem: part.stem,
            };
            (place, form)
        };
        meaning.alternatives.push(Alternative {
            rule,
            sequence: parts.into_iter().enumerate().map(place).collect(),
            is_exact: true,
            factor: rule.factor(),
            text,
        });
    }
}

/// Two words typed side by side that cases write in one: `socio technique`, `prud hommes`, `m tsamboro`.
fn add_joined(
    vocabulary: &Vocabulary<'_>,
    settings: &Settings,
    query: &ParsedQuery,
    meanings: &mut [Meaning],
) -> tantivy::Result<()> {
    /// Shorter ones are words like others: `en fin` is no `enfin`.
    const MIN_LENGTH: usize = 6;
    for pair in query.words.windows(2) {
        let [first, second] = pair else { continue };
        let are_one_compound = !first.wholes.is_empty() && first.wholes == second.wholes;
        let is_side_by_side = second.position == first.position + 1 && !are_one_compound;
        let whole = format!("{}{}", first.forms[0].exact, second.forms[0].exact);
        let is_word = whole.len() >= MIN_LENGTH && whole.contains(|c: char| !c.is_ascii_digit());
        if !is_side_by_side || !is_word || first.is_stop_word && second.is_stop_word {
            continue;
        }
        if vocabulary.cases_with_exactly(&whole)? == 0 {
            continue;
        }
        let Some(token) = settings
            .analyzer
            .analyze(&whole)
            .into_iter()
            .find(|token| token.span == 1)
        else {
            continue;
        };
        let rule = AlternativeRule::Joined;
        for meaning in meanings.iter_mut() {
            if [first.position, second.position].contains(&meaning.word.position) {
                meaning.alternatives.push(Alternative {
                    rule,
                    sequence: vec![(
                        0,
                        Form {
                            exact: token.exact.clone(),
                            stem: token.stem.clone(),
                        },
                    )],
                    is_exact: false,
                    factor: rule.factor(),
                    text: whole.clone(),
                });
            }
        }
    }
    Ok(())
}

/// What the lexicon says of the words typed. One step: a synonym has no synonyms.
fn add_synonyms(settings: &Settings, query: &ParsedQuery, meanings: &mut [Meaning]) {
    for (rank, first) in query.words.iter().enumerate() {
        let stems = first
            .forms
            .iter()
            .flat_map(|form| settings.lexicon.beginning_with(&form.stem));
        for synonym in stems {
            if is_typed(synonym, &query.words[rank..]) {
                let positions = first.position..first.position + synonym.from.len();
                add_synonym(synonym, meanings, |position| positions.contains(&position));
            }
        }
    }
}

/// Whether words begin with what a synonym stands for.
fn is_typed(synonym: &Synonym, words: &[Word]) -> bool {
    let is_word = |(rank, token): (usize, &Token)| {
        let word = words.get(rank)?;
        let is_next = word.position == words[0].position + rank;
        let is_same = word.forms.iter().any(|form| form.stem == token.stem);
        Some(is_next && is_same && (!synonym.is_in_capitals || word.is_in_capitals()))
    };
    synonym
        .from
        .iter()
        .enumerate()
        .all(|word| is_word(word).unwrap_or_default())
}

/// A synonym of several words stands for each of them, and is worth as much as all.
fn add_synonym(synonym: &Synonym, meanings: &mut [Meaning], covers: impl Fn(usize) -> bool) {
    let rule = AlternativeRule::Synonym;
    let covered = meanings
        .iter()
        .filter(|meaning| covers(meaning.word.position))
        .count()
        .max(1);
    let start = synonym.to[0].position;
    let sequence: Vec<_> = synonym
        .to
        .iter()
        .map(|token| {
            let form = Form {
                exact: token.exact.clone(),
                stem: token.stem.clone(),
            };
            (token.position - start, form)
        })
        .collect();
    for meaning in meanings.iter_mut().filter(|meaning| covers(meaning.word.position)) {
        meaning.alternatives.push(Alternative {
            rule,
            sequence: sequence.clone(),
            is_exact: synonym.to_text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit()),
            factor: rule.factor() / covered as f32,
            text: synonym.to_text.clone(),
        });
    }
}

/// How telling a word is; what stands for a word the index knows is never more telling than the word itself. Labels count
/// where no case says the word.
fn weigh(vocabulary: &Vocabulary<'_>, meaning: &mut Meaning) -> tantivy::Result<()> {
    let (mut exactly, mut known, mut labelled) = (0, 0, 0);
    for form in &meaning.own {
        exactly = exactly.max(vocabulary.cases_with_exactly(&form.exact)?);
        known = known.max(vocabulary.cases_with(form)?);
        labelled = labelled.max(vocabulary.cases_labelled(&form.stem)?);
    }
    meaning.reach = match (exactly, known) {
        (_, 0) => 0.0,
        (0, _) => OTHER_FORM,
        _ => 1.0,
    };
    if known == 0 {
        known = labelled;
    }
    let own = crate::vocabulary::weight(vocabulary.cases(), known);
    meaning.weight = own;
    for alternative in &mut meaning.alternatives {
        let (mut weight, mut holding) = (0.0, u64::MAX);
        for (_, form) in &alternative.sequence {
            weight += vocabulary.weight_of_stem(&form.stem)?;
            holding = holding.min(vocabulary.cases_with(form)?);
        }
        if known == 0 {
            meaning.weight = meaning.weight.min(weight);
        } else if weight > own {
            alternative.factor *= own / weight;
        }
        if holding > 0 {
            meaning.reach = meaning.reach.max(alternative.factor);
        }
    }
    Ok(())
}

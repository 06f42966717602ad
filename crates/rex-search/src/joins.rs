//! Words written in one or in two: `prud'hommes` and `prud hommes`, `vidéo protection` and `vidéoprotection`.

use rex_analysis::{Analyzer, Dictionary, is_apostrophe, words};

use crate::meaning::{Alternative, AlternativeRule, Meaning};
use crate::parse::{Form, ParsedQuery};
use crate::settings::Settings;
use crate::vocabulary::Vocabulary;

/// Letters of the shortest word in one that stands for two: `en fin` is no `enfin`.
const MIN_WHOLE: usize = 6;
/// Letters of the shortest part of a word in two.
const MIN_PART: usize = 4;

/// Adds to each word what it is when written in one or in two.
///
/// # Errors
/// An index that cannot be read.
pub(crate) fn add(
    vocabulary: &Vocabulary<'_>,
    settings: &Settings,
    query: &ParsedQuery,
    meanings: &mut [Meaning],
) -> tantivy::Result<()> {
    for meaning in meanings.iter_mut() {
        add_parted(settings.analyzer, meaning);
        add_split(vocabulary, settings.analyzer, meaning)?;
    }
    add_joined(vocabulary, settings, query, meanings)
}

fn joined(analyzer: Analyzer, parts: &[&str]) -> Option<Alternative> {
    let rule = AlternativeRule::Joined;
    let form = |part: &&str| {
        let mut tokens = analyzer.analyze(part).into_iter();
        let token = tokens.find(|token| token.span == 1)?;
        Some(Form::of(analyzer, token))
    };
    let forms: Option<Vec<_>> = parts.iter().map(form).collect();
    Some(Alternative {
        rule,
        sequence: forms?.into_iter().enumerate().collect(),
        is_exact: parts.len() > 1,
        factor: rule.factor(),
        text: parts.join(" "),
    })
}

/// A word typed with its apostrophe that cases write in two: `prud'hommes`, `aujourd'hui`.
fn add_parted(analyzer: Analyzer, meaning: &mut Meaning) {
    if !meaning.word.typed.contains(is_apostrophe) {
        return;
    }
    let parts = words(&meaning.word.typed.replace(is_apostrophe, " "));
    if parts.len() > 1 {
        let parts: Vec<_> = parts.iter().map(|part| part.exact.as_str()).collect();
        meaning.alternatives.extend(joined(analyzer, &parts));
    }
}

/// A word that no case holds and that some case writes in two, each of them a word: `vidéoprotection`.
fn add_split(vocabulary: &Vocabulary<'_>, analyzer: Analyzer, meaning: &mut Meaning) -> tantivy::Result<()> {
    let [form] = meaning.word.forms.as_slice() else {
        return Ok(());
    };
    let whole = &form.exact;
    let is_word = whole.len() >= 2 * MIN_PART && whole.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_word || !meaning.word.wholes.is_empty() || vocabulary.cases_with(form)? > 0 {
        return Ok(());
    }
    for at in MIN_PART..=whole.len() - MIN_PART {
        let (first, second) = whole.split_at(at);
        let are_words = [first, second]
            .iter()
            .all(|part| Dictionary::shipped().get(part).is_some());
        if are_words && vocabulary.cases_with_sequence(&[first, second])? > 0 {
            meaning.alternatives.extend(joined(analyzer, &[first, second]));
        }
    }
    Ok(())
}

/// Two words typed side by side that cases write in one: `socio technique`, `prud hommes`, `m tsamboro`.
fn add_joined(
    vocabulary: &Vocabulary<'_>,
    settings: &Settings,
    query: &ParsedQuery,
    meanings: &mut [Meaning],
) -> tantivy::Result<()> {
    for pair in query.words.windows(2) {
        let [first, second] = pair else { continue };
        let are_one_compound = !first.wholes.is_empty() && first.wholes == second.wholes;
        let is_side_by_side = second.position == first.position + 1 && !are_one_compound;
        let whole = format!("{}{}", first.forms[0].exact, second.forms[0].exact);
        let is_word = whole.len() >= MIN_WHOLE && whole.contains(|c: char| !c.is_ascii_digit());
        if !is_side_by_side || !is_word || first.is_stop_word && second.is_stop_word {
            continue;
        }
        if vocabulary.cases_with_exactly(&whole)? == 0 {
            continue;
        }
        let Some(alternative) = joined(settings.analyzer, &[&whole]) else {
            continue;
        };
        let both = [first.position, second.position];
        let joined = meanings
            .iter_mut()
            .filter(|meaning| both.contains(&meaning.word.position));
        joined.for_each(|meaning| meaning.alternatives.push(alternative.clone()));
    }
    Ok(())
}

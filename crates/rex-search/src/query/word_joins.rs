//! Words written as one or as two: `prud'hommes` and `prud hommes`, `vidéo protection` and `vidéoprotection`.

use rex_analysis::{Analyzer, Dictionary, is_apostrophe, words};

use crate::error::Result;
use crate::query::expanded_term::{ExpandedTerm, Expansion, ExpansionRule};
use crate::query::parser::{Form, ParsedQuery};
use crate::query::ranking_rules::Settings;
use crate::query::term_stats::TermStats;

/// Letters of the shortest joined word: `en fin` is not `enfin`.
const MIN_WHOLE: usize = 6;
/// Letters of the shortest part.
const MIN_PART: usize = 4;
/// Prefixes that are also written apart, folded (Grevisse, Le Bon Usage, §§ 177-179, formative elements).
const PREFIXES: &[&str] = &[
    "aero", "agro", "anti", "auto", "bi", "bio", "co", "cyber", "eco", "electro", "extra", "geo", "hydro", "inter",
    "intra", "macro", "micro", "mono", "moto", "multi", "nano", "peri", "photo", "poly", "post", "pre", "radio",
    "semi", "socio", "super", "tele", "thermo", "ultra", "video",
];

/// Expands words with their joined and split spellings.
///
/// # Errors
/// An index that cannot be read; a deadline that is past.
pub(crate) fn add(
    term_stats: &TermStats<'_>,
    settings: &Settings,
    query: &ParsedQuery,
    terms: &mut [ExpandedTerm],
) -> Result<()> {
    for term in terms.iter_mut() {
        term_stats.deadline.check()?;
        let mut ways = apart(&term.word.typed);
        if let [form] = term.word.forms.as_slice()
            && term.word.wholes.is_empty()
        {
            ways.extend(in_two(&form.exact, term_stats.cases_with(form)? > 0));
        }
        for parts in ways {
            let parts: Vec<_> = parts.iter().map(String::as_str).collect();
            if term_stats.cases_with_sequence(&parts)? > 0 {
                term.expansions.extend(joined(settings.analyzer, &parts));
            }
        }
    }
    add_joined(term_stats, settings, query, terms)
}

fn joined(analyzer: Analyzer, parts: &[&str]) -> Option<Expansion> {
    let rule = ExpansionRule::Joined;
    let form = |part: &&str| {
        let mut tokens = analyzer.analyze(part).into_iter();
        let token = tokens.find(|token| token.span == 1)?;
        Some(Form::of(analyzer, token))
    };
    let forms: Option<Vec<_>> = parts.iter().map(form).collect();
    Some(Expansion {
        rule,
        sequence: forms?.into_iter().enumerate().collect(),
        is_exact: false,
        factor: rule.factor(),
        text: parts.join(" "),
    })
}

/// The parts of a word typed with its apostrophe: `prud'hommes`, `aujourd'hui`.
fn apart(typed: &str) -> Vec<Vec<String>> {
    if !typed.contains(is_apostrophe) {
        return Vec::new();
    }
    let parts = words(&typed.replace(is_apostrophe, " "));
    let parts: Vec<String> = parts.into_iter().map(|part| part.exact).collect();
    if parts.len() > 1 { vec![parts] } else { Vec::new() }
}

/// The ways to split a word: after a prefix, or between two words of the dictionary if no case holds the joined word.
fn in_two(whole: &str, is_held: bool) -> Vec<Vec<String>> {
    if !whole.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Vec::new();
    }
    let is_word = |part: &str| part.len() >= MIN_PART && Dictionary::shipped().get(part).is_some();
    let places = (1..whole.len()).filter(|at| {
        let (first, second) = whole.split_at(*at);
        PREFIXES.contains(&first) && second.len() >= MIN_PART || !is_held && is_word(first) && is_word(second)
    });
    let parts = places.map(|at| vec![whole[..at].to_owned(), whole[at..].to_owned()]);
    parts.collect()
}

/// Expands adjacent words that cases write as one: `socio technique`, `prud hommes`, `m tsamboro`.
fn add_joined(
    term_stats: &TermStats<'_>,
    settings: &Settings,
    query: &ParsedQuery,
    terms: &mut [ExpandedTerm],
) -> Result<()> {
    for pair in query.words.windows(2) {
        let [first, second] = pair else { continue };
        let are_one_compound = !first.wholes.is_empty() && first.wholes == second.wholes;
        let is_side_by_side = second.position == first.position + 1 && !are_one_compound;
        let whole = format!("{}{}", first.forms[0].exact, second.forms[0].exact);
        let is_word = whole.len() >= MIN_WHOLE && whole.contains(|c: char| !c.is_ascii_digit());
        if !is_side_by_side || !is_word || first.is_stop_word && second.is_stop_word {
            continue;
        }
        let Some(expansion) = joined(settings.analyzer, &[&whole]) else {
            continue;
        };
        if term_stats.cases_with(&expansion.sequence[0].1)? == 0 {
            continue;
        }
        let both = [first.position, second.position];
        let joined = terms.iter_mut().filter(|term| both.contains(&term.word.position));
        joined.for_each(|term| term.expansions.push(expansion.clone()));
    }
    Ok(())
}

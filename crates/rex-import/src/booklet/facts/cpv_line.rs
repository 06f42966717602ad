//! The CPV code of an information block, with the label beside or below it.

use crate::booklet::facts::duration;
use crate::booklet::facts::fact_line::{FactKind, FactLine};
use crate::booklet::facts::money;
use crate::booklet::facts::nature::natures;
use crate::imported::Findings;
use rex_corpus::name_key;
use rex_corpus::{Cpv, CpvLabels, CpvMatch, Procedure};

pub(crate) fn cpv(entries: &mut [FactLine], labels: &CpvLabels, findings: &mut Findings) -> Option<Cpv> {
    let at = entries
        .iter()
        .position(|entry| entry.about == Some(FactKind::Cpv) || has_code(&entry.text))?;
    let (typed, after) = code(&entries[at].text)?;
    entries[at].is_used = true;
    let line = entries[at].line;
    let mut label = Some(after).filter(|after| after.chars().any(char::is_alphabetic));
    if label.is_none() {
        label = label_below(&mut entries[at + 1..], labels);
    }
    let read = labels.recognize(&typed, label.as_deref());
    let (code, reading) = match read {
        Ok(read) => read,
        Err(error) => {
            findings.doubtful(line, "cpv", &typed, format!("cpv: {error}"));
            return None;
        }
    };
    let own = labels.get(code).map(|own| format!(" ({own})")).unwrap_or_default();
    findings.found(line, "cpv", &format!("{code}{own}"));
    let corrected = |how: String| format!("cpv: {typed} → {code}, {how}");
    let by_label = || corrected(format!("by its label « {} »", label.as_deref().unwrap_or_default()));
    match reading {
        CpvMatch::Exact => {}
        CpvMatch::Respelled => findings.corrected(
            line,
            "cpv",
            &typed,
            corrected(format!("the same digits as a code is written{own}")),
        ),
        CpvMatch::ByLabel => findings.corrected(line, "cpv", &typed, by_label()),
        CpvMatch::MissingZero => {
            findings.corrected(line, "cpv", &typed, corrected(format!("a zero was missing{own}")));
        }
        CpvMatch::WrongCheck => {
            findings.corrected(
                line,
                "cpv",
                &typed,
                corrected(format!("the check digit was wrong{own}")),
            );
        }
    }
    let others = label.as_deref().map(|label| labels.labelled(label)).unwrap_or_default();
    if let Some(other) = others.first().filter(|_| !others.contains(&code)) {
        findings.doubtful(
            line,
            "cpv",
            &typed,
            format!("cpv: the label « {} » is that of {other}", label.unwrap_or_default()),
        );
    }
    Some(code)
}

/// Whether a text contains a code with its check digit: `75231240-8`.
fn has_code(text: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_digit() || c == '-'))
        .any(|word| word.len() == 10 && word.as_bytes()[8] == b'-')
}

/// The text of a code, and the text after it.
fn code(text: &str) -> Option<(String, String)> {
    let start = text
        .to_lowercase()
        .find("cpv")
        .filter(|at| text.is_char_boundary(*at))
        .map_or(0, |at| at + 3);
    let from = |start: usize| {
        text.get(start..)?
            .find(|c: char| c.is_ascii_digit())
            .map(|at| start + at)
    };
    let begin = from(start).or_else(|| from(0))?;
    let is_code = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '–');
    let rest = &text[begin..];
    let end = rest.find(|c: char| !is_code(c)).unwrap_or(rest.len());
    let typed = rest[..end].trim_matches([' ', '-', '.', '–']);
    let after = rest[end..]
        .trim_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != '\'')
        .trim_end_matches(')');
    (!typed.is_empty()).then(|| (typed.to_owned(), after.to_owned()))
}

/// The label on the lines below a code, at most three, if they hold no other fact.
fn label_below(entries: &mut [FactLine], labels: &CpvLabels) -> Option<String> {
    const MOST_LINES: usize = 3;
    let is_label = |entry: &FactLine| {
        entry.about.is_none_or(|about| about == FactKind::Object)
            && natures(&entry.text, false).is_empty()
            && Procedure::named_in(&entry.text).is_none()
            && !name_key(&entry.text).contains("reserve")
            && money::amounts(&entry.text).is_empty()
            && duration::read(&entry.text).is_none()
    };
    let mut below = String::new();
    let count = entries
        .iter()
        .take(MOST_LINES)
        .take_while(|entry| is_label(entry))
        .count();
    for at in 0..count {
        below = format!("{below} {}", entries[at].text).trim().to_owned();
        if !labels.labelled(&below).is_empty() {
            entries[..=at].iter_mut().for_each(|entry| entry.is_used = true);
            return Some(below);
        }
    }
    // A label that is not in the list is accepted if it is in sentence case.
    let first = entries
        .first_mut()
        .filter(|entry| count > 0 && entry.text.split(' ').count() > 1)?;
    let is_sentence_case = first.text.starts_with(char::is_uppercase) && first.text.chars().any(char::is_lowercase);
    first.is_used = is_sentence_case;
    is_sentence_case.then(|| first.text.clone())
}

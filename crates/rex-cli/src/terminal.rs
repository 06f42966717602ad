//! Text output for people. Colours only on a terminal.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use rex_api::selection_value;
use rex_api::similarity_reason::reason_text;
use rex_corpus::{CpvLabels, Record, Report};
use rex_query::{
    Bounds, Bucket, Chip, Correction, Facet, FacetCounts, Hit, Marked, SearchRequest, SearchResponse, Selection,
    Similar, Suggestions, TreeValue,
};
use rex_terminal::{Indent, Output, StyledText};

use crate::logging::say_as_json;

/// Maximum line width in columns, however wide the terminal is.
pub(crate) const WIDEST: usize = 100;
/// Values shown per facet.
const VALUES: usize = 6;

const TITLE: Style = Style::new().bold();
const MARK: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));
const QUIET: Style = Style::new().dimmed();

/// Prints a line on standard error, or logs it if the log is JSON. A write error is ignored: the command itself can still succeed.
pub(crate) fn say(line: impl Display) {
    if !say_as_json(&line) {
        let _ = Output::stderr().line(line);
    }
}

/// Prints every problem of a corpus on standard error, one per line.
pub(crate) fn say_problems(report: &Report) {
    report.problems.iter().for_each(say);
    if let Some(omitted) = omitted(report) {
        say(omitted);
    }
}

/// Writes every problem of a corpus, one per line, and the number of omitted ones.
pub(crate) fn problems(out: &mut Output<impl Write>, report: &Report) -> io::Result<()> {
    for problem in &report.problems {
        out.line(problem)?;
    }
    omitted(report).map_or(Ok(()), |omitted| out.line(omitted))
}

/// Writes the notes of a report, each on a line.
pub(crate) fn notes(out: &mut Output<impl Write>, report: &Report) -> io::Result<()> {
    for note in &report.notes {
        out.line(note)?;
    }
    match report.omitted_notes {
        0 => Ok(()),
        omitted => out.line(format_args!("and {omitted} more notes")),
    }
}

fn omitted(report: &Report) -> Option<String> {
    (report.omitted > 0).then(|| format!("and {} more", report.omitted))
}

/// Writes the answer to a search: notices, hits, cases near in meaning, then facets. `labels` are the labels of CPV codes.
pub(crate) fn answer(
    out: &mut Output<impl Write>,
    labels: &CpvLabels,
    request: &SearchRequest,
    response: &SearchResponse,
    took: Duration,
) -> io::Result<()> {
    let width = textwrap::termwidth().clamp(20, WIDEST);
    let plural = if response.total == 1 { "" } else { "s" };
    let milliseconds = took.as_secs_f64() * 1000.0;
    out.line(format_args!("{} case{plural} in {milliseconds:.1} ms", response.total))?;
    for notice in notices(&response.suggestions) {
        out.line(notice)?;
    }
    let chips: Vec<_> = response.suggestions.chips.iter().map(filter_of).collect();
    if !chips.is_empty() {
        let chips = format!("Could be filters: {}", chips.join(", "));
        out.styled(&StyledText::default().with(QUIET, chips))?;
    }
    for (rank, hit) in response.hits.iter().enumerate() {
        out.line("")?;
        write_hit(out, request.offset + rank + 1, hit, width)?;
    }
    if !response.near_by_meaning.is_empty() {
        out.line("")?;
        out.line("Near in meaning:")?;
    }
    for near in &response.near_by_meaning {
        write_near(out, near, width)?;
    }
    if response.total > 0 {
        out.line("")?;
    }
    for (facet, counts) in &response.facets {
        write_facet(out, labels, *facet, counts, width)?;
    }
    Ok(())
}

/// How the words of a query were treated, one sentence each.
fn notices(suggestions: &Suggestions) -> Vec<String> {
    let mut notices = Vec::new();
    match suggestions.lacking_words {
        0 => {}
        1 => notices.push("1 case lacks some of these words (--matching all leaves it out).".to_owned()),
        count => notices.push(format!(
            "{count} cases lack some of these words (--matching all leaves them out)."
        )),
    }
    for Correction { from, to, .. } in &suggestions.corrections {
        notices.push(format!("No case holds \"{from}\"; searched \"{to}\"."));
    }
    notices.extend(listed(&suggestions.missing, "or").map(|words| format!("No case holds {words}.")));
    if let Some(query) = suggestions
        .did_you_mean
        .as_ref()
        .filter(|_| suggestions.corrections.is_empty())
    {
        notices.push(format!("Did you mean \"{query}\"?"));
    }
    let optional = listed(&suggestions.optional, "or");
    notices.extend(optional.map(|words| format!("Hits need not hold {words}, which could be a filter.")));
    let derived = listed(&suggestions.derived, "and");
    notices.extend(derived.map(|words| format!("Found by words of its family too: {words}.")));
    notices
}

/// Words in quotation marks, the last one after the conjunction `and`; `None` for no words.
fn listed(words: &[String], and: &str) -> Option<String> {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let (last, others) = quoted.split_last()?;
    Some(match others {
        [] => last.clone(),
        others => format!("{} {and} {last}", others.join(", ")),
    })
}

fn write_hit(out: &mut Output<impl Write>, rank: usize, hit: &Hit, width: usize) -> io::Result<()> {
    let number = format!("{rank:>2}. ");
    let next = " ".repeat(number.len());
    let first = Indent {
        first: &number,
        next: &next,
    };
    let below = Indent {
        first: &next,
        next: &next,
    };
    out.wrapped(&styled(&hit.highlights.title, TITLE), width, first)?;
    let parties = hit.highlights.buyer.iter().chain(&hit.highlights.holders);
    let parties = parties.map(|party| styled(party, Style::new()));
    if let Some(parties) = parties.reduce(|parties, party| parties.and(" → ").and_styled(&party)) {
        out.wrapped(&parties, width, below)?;
    }
    out.wrapped(&StyledText::default().with(QUIET, facts(&hit.record)), width, below)?;
    for snippet in &hit.snippets {
        let section = StyledText::default().with(QUIET, format_args!("{}:", snippet.section));
        let text = section.and(" ").and_styled(&styled(&snippet.passage, Style::new()));
        out.wrapped(&text, width, below)?;
    }
    Ok(())
}

fn write_near(out: &mut Output<impl Write>, near: &Similar, width: usize) -> io::Result<()> {
    let indent = Indent {
        first: "    ",
        next: "    ",
    };
    let title = near.record.titre.replace(['\n', '\t'], " ");
    out.wrapped(&StyledText::default().with(TITLE, title), width, indent)?;
    let reasons = near.reasons.iter().map(reason_text);
    let facts: Vec<String> = std::iter::once(near.record.id.clone()).chain(reasons).collect();
    out.wrapped(&StyledText::default().with(QUIET, facts.join(" · ")), width, indent)
}

fn facts(record: &Record) -> String {
    let facts = [
        Some(record.id.clone()),
        record.montant_ht.map(|amount| format!("{amount} €")),
        record.duree_mois.map(|months| format!("{months} mois")),
        record.procedure.map(|procedure| procedure.to_string()),
        record.territoire.last().cloned(),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A text with its marks in colour. A line break or a tab is a space, as in a page.
fn styled(marked: &Marked, base: Style) -> StyledText {
    marked.parts().fold(StyledText::default(), |text, (part, is_marked)| {
        let part = part.replace(['\n', '\t'], " ");
        text.with(if is_marked { MARK } else { base }, part)
    })
}

fn write_facet(
    out: &mut Output<impl Write>,
    labels: &CpvLabels,
    facet: Facet,
    counts: &FacetCounts,
    width: usize,
) -> io::Result<()> {
    let (values, missing) = match counts {
        FacetCounts::Terms { values, missing, .. } => (
            values
                .iter()
                .map(|value| (value.value.clone(), value.count))
                .collect::<Vec<_>>(),
            *missing,
        ),
        FacetCounts::Hierarchy { values, missing, .. } => (values.iter().map(deepest).collect(), *missing),
        FacetCounts::Range { buckets, missing, .. } => {
            let filled = buckets.iter().filter(|bucket| bucket.count > 0);
            (
                filled
                    .map(|bucket| (bucket_value(facet, bucket), bucket.count))
                    .collect(),
                *missing,
            )
        }
    };
    if values.is_empty() {
        return Ok(());
    }
    let mut shown: Vec<_> = values
        .iter()
        .take(VALUES)
        .map(|(value, count)| format!("{}\u{a0}({count})", labelled(labels, facet, value)))
        .collect();
    if values.len() > VALUES {
        shown.push(format!("{}\u{a0}more", values.len() - VALUES));
    }
    if missing > 0 {
        shown.push(format!("non-renseigne\u{a0}({missing})"));
    }
    let name = format!("{:<15}", facet.name());
    let indent = Indent {
        first: &name,
        next: &" ".repeat(name.len()),
    };
    out.wrapped(&StyledText::plain(shown.join(", ")), width, indent)
}

/// A value in the syntax of `--filter`, a CPV code followed by its label.
fn labelled(labels: &CpvLabels, facet: Facet, value: &str) -> String {
    match labels.of_branch(value) {
        Some(label) if facet == Facet::Cpv => format!("{value} {label}"),
        _ => value.to_owned(),
    }
}

/// The deepest value that has all cases of a branch: `Occitanie > Haute-Garonne` rather than `Occitanie`.
fn deepest(value: &TreeValue) -> (String, u64) {
    match value.children.as_slice() {
        [only] if only.count == value.count => deepest(only),
        _ => (value.path.clone(), value.count),
    }
}

/// A chip in the syntax of `--filter`: `territoire="Île-de-France > Paris"`.
fn filter_of(chip: &Chip) -> String {
    let value = selection_value(chip.facet, &chip.selection);
    let quote = if value.contains(' ') { "\"" } else { "" };
    format!("{}={quote}{value}{quote}", chip.facet.name())
}

/// The range of a bucket in the syntax of `--filter`.
fn bucket_value(facet: Facet, bucket: &Bucket) -> String {
    selection_value(facet, &Selection::Range(Bounds::up_to(bucket.from, bucket.to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_say_how_each_word_was_treated() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(notices(&Suggestions::default()), [] as [&str; 0]);
        let offered = Suggestions {
            did_you_mean: Some("cause".to_owned()),
            missing: words(&["clause"]),
            optional: words(&["paris", "31"]),
            derived: words(&["réhabiliter"]),
            ..Suggestions::default()
        };
        assert_eq!(
            notices(&offered),
            [
                "No case holds \"clause\".",
                "Did you mean \"cause\"?",
                "Hits need not hold \"paris\" or \"31\", which could be a filter.",
                "Found by words of its family too: \"réhabiliter\".",
            ]
        );
        let corrected = Suggestions {
            corrections: vec![Correction {
                from: "dechtes".to_owned(),
                to: "déchets".to_owned(),
                range: 0..7,
            }],
            ..offered
        };
        let said = notices(&corrected);
        assert_eq!(said[0], "No case holds \"dechtes\"; searched \"déchets\".");
        assert!(
            said.iter().all(|notice| !notice.starts_with("Did you mean")),
            "{said:?}"
        );
    }
}

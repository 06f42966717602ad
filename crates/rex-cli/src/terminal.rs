//! Text output for people. Colours only on a terminal.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use rex_api::selection_value;
use rex_corpus::{CpvLabels, Record, Report};
use rex_query::{
    Bounds, Bucket, Chip, Correction, Facet, FacetCounts, Hit, Marked, SearchRequest, SearchResponse, Selection,
    Suggestions, TreeValue,
};

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
        let _ = writeln!(anstream::stderr(), "{line}");
    }
}

/// Prints every problem of a corpus on standard error, one per line.
pub(crate) fn say_problems(report: &Report) {
    let mut lines = Vec::new();
    // Writing to memory cannot fail.
    let _ = problems(&mut lines, report);
    String::from_utf8_lossy(&lines).lines().for_each(say);
}

/// Writes every problem of a corpus, one per line, and the number of omitted ones.
pub(crate) fn problems(out: &mut impl Write, report: &Report) -> io::Result<()> {
    for problem in &report.problems {
        writeln!(out, "{problem}")?;
    }
    if report.omitted > 0 {
        writeln!(out, "and {} more", report.omitted)?;
    }
    Ok(())
}

/// Writes the answer to a search: notices, hits, then facets. `labels` are the labels of CPV codes.
pub(crate) fn answer(
    out: &mut impl Write,
    labels: &CpvLabels,
    request: &SearchRequest,
    response: &SearchResponse,
    took: Duration,
) -> io::Result<()> {
    let width = textwrap::termwidth().clamp(20, WIDEST);
    let plural = if response.total == 1 { "" } else { "s" };
    writeln!(
        out,
        "{} case{plural} in {:.1} ms",
        response.total,
        took.as_secs_f64() * 1000.0
    )?;
    for notice in notices(&response.suggestions) {
        writeln!(out, "{notice}")?;
    }
    let chips: Vec<_> = response.suggestions.chips.iter().map(filter_of).collect();
    if !chips.is_empty() {
        writeln!(out, "{QUIET}Could be filters: {}{QUIET:#}", chips.join(", "))?;
    }
    for (rank, hit) in response.hits.iter().enumerate() {
        writeln!(out)?;
        write_hit(out, request.offset + rank + 1, hit, width)?;
    }
    if response.total > 0 {
        writeln!(out)?;
    }
    for (facet, counts) in &response.facets {
        write_facet(out, labels, *facet, counts, width)?;
    }
    Ok(())
}

/// How the words of a query were treated, one sentence each.
fn notices(suggestions: &Suggestions) -> Vec<String> {
    let mut notices = Vec::new();
    if suggestions.relaxed {
        notices.push("Few cases or none hold all these words; these hold most of them.".to_owned());
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

fn write_hit(out: &mut impl Write, rank: usize, hit: &Hit, width: usize) -> io::Result<()> {
    let number = format!("{rank:>2}. ");
    let indent = " ".repeat(number.len());
    let wrapped = |first: &str, text: &str| {
        let options = textwrap::Options::new(width)
            .initial_indent(first)
            .subsequent_indent(&indent)
            .break_words(true);
        textwrap::fill(text, options)
    };
    writeln!(out, "{}", wrapped(&number, &styled(&hit.highlights.title, TITLE)))?;
    let parties = hit.highlights.buyer.iter().chain(&hit.highlights.holders);
    let parties: Vec<_> = parties.map(|party| styled(party, Style::new())).collect();
    if !parties.is_empty() {
        writeln!(out, "{}", wrapped(&indent, &parties.join(" → ")))?;
    }
    writeln!(out, "{QUIET}{}{QUIET:#}", wrapped(&indent, &facts(&hit.record)))?;
    for snippet in &hit.snippets {
        let text = format!(
            "{QUIET}{}:{QUIET:#} {}",
            snippet.section,
            styled(&snippet.passage, Style::new())
        );
        writeln!(out, "{}", wrapped(&indent, &text))?;
    }
    Ok(())
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

/// A text with its marks in colour. Each word is styled separately, so that lines can be wrapped between words.
fn styled(marked: &Marked, base: Style) -> String {
    let part = |(text, is_marked): (&str, bool)| {
        let style = if is_marked { MARK } else { base };
        let words = text.split(' ').map(|word| {
            if word.is_empty() {
                String::new()
            } else {
                format!("{style}{word}{style:#}")
            }
        });
        words.collect::<Vec<_>>().join(" ")
    };
    marked.parts().map(part).collect()
}

fn write_facet(
    out: &mut impl Write,
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
    let indent = " ".repeat(name.len());
    let options = textwrap::Options::new(width)
        .initial_indent(&name)
        .subsequent_indent(&indent);
    writeln!(out, "{}", textwrap::fill(&shown.join(", "), options))
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

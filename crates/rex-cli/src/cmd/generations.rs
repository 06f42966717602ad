use clap::Args;
use rex_index::{GenerationEntry, IndexDir};
use rex_terminal::Output;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use crate::args::{CorpusPathArgs, IndexPathArg};
use crate::config::Settings;

#[derive(Debug, Args)]
pub(crate) struct GenerationsArgs {
    /// Print one JSON array
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    places: CorpusPathArgs,
    #[command(flatten)]
    index: IndexPathArg,
}

/// A generation in the output of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    current: bool,
    /// Build time, RFC 3339, UTC.
    built: Option<String>,
    cases: Option<u64>,
    bytes: u64,
    /// Why it cannot be used; `None` for a good one.
    problem: Option<&'a str>,
}

/// Prints every generation, newest first.
pub(crate) fn run(args: &GenerationsArgs) -> anyhow::Result<()> {
    let settings = Settings::resolve(&args.places, Some(&args.index), None)?;
    let listed = IndexDir::at(&settings.index).list();
    let mut out = Output::stdout();
    if args.json {
        let lines: Vec<_> = listed.iter().map(line).collect();
        out.json(&serde_json::to_string(&lines)?)?;
        return Ok(());
    }
    for generation in &listed {
        out.line(text(generation))?;
    }
    Ok(())
}

fn line(listed: &GenerationEntry) -> Line<'_> {
    Line {
        name: &listed.name,
        current: listed.is_current,
        built: listed.built.and_then(|time| time.format(&Rfc3339).ok()),
        cases: listed.cases.as_ref().ok().copied(),
        bytes: listed.bytes,
        problem: listed.cases.as_ref().err().map(String::as_str),
    }
}

/// `* g-…  2026-11-24 21:30:12 UTC  5 cases  1.2 MB`, a star before the current one.
fn text(listed: &GenerationEntry) -> String {
    let mark = if listed.is_current { '*' } else { ' ' };
    let cases = match &listed.cases {
        Ok(1) => "1 case".to_owned(),
        Ok(cases) => format!("{cases} cases"),
        Err(reason) => reason.clone(),
    };
    format!(
        "{mark} {}  {}  {cases}  {:.1} MB",
        listed.name,
        listed.built.map_or_else(|| "at an unknown time".to_owned(), timestamp),
        listed.bytes as f64 / 1e6
    )
}

fn timestamp(time: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    time.format(&format).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_describes_a_generation_or_why_it_cannot_be_used() {
        let mut listed = GenerationEntry {
            name: "g-20261124T213012345Z-0a1b2c3d".to_owned(),
            is_current: true,
            built: OffsetDateTime::from_unix_timestamp(1_795_555_812).ok(),
            bytes: 1_234_567,
            cases: Ok(5),
        };
        assert_eq!(
            text(&listed),
            "* g-20261124T213012345Z-0a1b2c3d  2026-11-24 21:30:12 UTC  5 cases  1.2 MB"
        );
        listed.is_current = false;
        listed.cases = Err("its file x is missing".to_owned());
        assert_eq!(
            text(&listed),
            "  g-20261124T213012345Z-0a1b2c3d  2026-11-24 21:30:12 UTC  its file x is missing  1.2 MB"
        );
        let json = serde_json::to_value(line(&listed)).unwrap();
        assert_eq!(json["built"], "2026-11-24T21:30:12Z");
        assert_eq!(
            (&json["cases"], &json["problem"]),
            (&serde_json::Value::Null, &"its file x is missing".into())
        );
    }
}

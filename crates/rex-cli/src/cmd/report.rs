use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::Path;

use clap::Args;
use rex_server::search_log_files;
use serde::Serialize;

use crate::args::ConfigPathArg;
use crate::config;
use crate::failure::UserError;
use crate::report::{MIN_SHARED, Tally, Total, read_lines};

/// Queries that a list may have.
const MOST_TOP: u16 = 1000;

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Queries in each list, at most 1000
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_TOP)))]
    top: u16,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigPathArg,
}

/// What `--json` prints, in that order.
#[derive(Serialize)]
struct Report {
    period: Option<Period>,
    searches: u64,
    without_result: u64,
    /// From 0 to 1.
    without_result_share: f64,
    queries: Vec<Query>,
    missing: Vec<Missing>,
    facets: Vec<FacetUse>,
    months: Vec<Month>,
    left_out: LeftOut,
}

/// The hours of the first search and of the last.
#[derive(Serialize)]
struct Period {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct Query {
    query: String,
    searches: u64,
    mean_total: f64,
}

/// A query that finds no case.
#[derive(Serialize)]
struct Missing {
    query: String,
    searches: u64,
    /// Those of them that found no case, and were narrowed by no facet.
    without_result: u64,
}

#[derive(Serialize)]
struct FacetUse {
    facet: String,
    searches: u64,
}

#[derive(Serialize)]
struct Month {
    month: String,
    searches: u64,
}

/// Searches and lines that the lists do not show.
#[derive(Serialize)]
struct LeftOut {
    /// Searches for words that fewer than five share.
    rare_searches: u64,
    /// Searches on the way to a longer word.
    unfinished_searches: u64,
    damaged_lines: u64,
    /// Whether more queries were asked than are counted.
    more_queries: bool,
}

/// Reads the log of searches and says what visitors look for, and what they do not find.
pub(crate) fn run(args: &ReportArgs) -> anyhow::Result<()> {
    let Some(searches) = config::searches(&args.config)? else {
        let how = "no search is logged: log = \"searches\" under [searches] in rex.toml turns the log on";
        return Err(UserError(how.to_owned()).into());
    };
    let report = Report::of(read(&searches.log)?, usize::from(args.top));
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
    } else {
        print(&mut out, &searches.log, &report)?;
    }
    Ok(())
}

fn read(folder: &Path) -> anyhow::Result<Total> {
    let cannot = |path: &Path, error: &io::Error| anyhow::anyhow!("cannot read {}: {error}", path.display());
    let mut tally = Tally::new();
    for path in search_log_files(folder).map_err(|error| cannot(folder, &error))? {
        match File::open(&path) {
            // A server may have removed an old month since.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => opened
                .and_then(|file| read_lines(BufReader::new(file), |search| tally.add(search)))
                .map_err(|error| cannot(&path, &error))?,
        }
    }
    Ok(tally.finish())
}

impl Report {
    fn of(total: Total, top: usize) -> Self {
        let mut asked = total.queries;
        asked.sort_by(|a, b| b.searches.cmp(&a.searches).then_with(|| a.spelling().cmp(b.spelling())));
        let queries = asked.iter().take(top).map(|asked| Query {
            query: asked.spelling().to_owned(),
            searches: asked.searches,
            mean_total: (asked.mean_total() * 10.0).round() / 10.0,
        });
        let queries = queries.collect();
        asked.retain(|asked| asked.missing > 0);
        // Stable: of as many, those searched most come first.
        asked.sort_by_key(|asked| std::cmp::Reverse(asked.missing));
        let missing = asked.iter().take(top).map(|asked| Missing {
            query: asked.spelling().to_owned(),
            searches: asked.searches,
            without_result: asked.missing,
        });
        let facets = total.facets.into_iter();
        let mut facets: Vec<_> = facets.map(|(facet, searches)| FacetUse { facet, searches }).collect();
        facets.sort_by_key(|used| std::cmp::Reverse(used.searches));
        let months = total.months.into_iter();
        Self {
            period: total.period.map(|(from, to)| Period { from, to }),
            searches: total.searches,
            without_result: total.without_result,
            without_result_share: share(total.without_result, total.searches),
            queries,
            missing: missing.collect(),
            facets,
            months: months.map(|(month, searches)| Month { month, searches }).collect(),
            left_out: LeftOut {
                rare_searches: total.rare,
                unfinished_searches: total.unfinished,
                damaged_lines: total.damaged,
                more_queries: total.has_forgotten,
            },
        }
    }
}

/// To a thousandth.
fn share(part: u64, whole: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a share to be read")]
    let share = part as f64 / whole.max(1) as f64;
    (share * 1000.0).round() / 1000.0
}

fn print(out: &mut impl Write, folder: &Path, report: &Report) -> io::Result<()> {
    let Some(period) = &report.period else {
        writeln!(out, "No search is logged in {} yet.", folder.display())?;
        return print_left_out(out, &report.left_out);
    };
    let percent = report.without_result_share * 100.0;
    writeln!(
        out,
        "{}, {} to {}; {percent:.1} % found no case",
        counted(report.searches, "search", "searches"),
        readable(&period.from),
        readable(&period.to)
    )?;
    let queries = report.queries.iter();
    let queries = queries.map(|query| format!("{:>8}  {:>8.1}  {}", query.searches, query.mean_total, query.query));
    print_list(out, "Queries (searches, cases found on average)", queries)?;
    let missing = report.missing.iter();
    let missing = missing.map(|query| format!("{:>8}  {:>8}  {}", query.without_result, query.searches, query.query));
    let heading = "Missing cases (cas manquants): queries without a result (of all their searches)";
    print_list(out, heading, missing)?;
    let facets = report.facets.iter();
    let facets = facets.map(|used| format!("{:>8}  {}", used.searches, used.facet));
    print_list(out, "Facets narrowed by", facets)?;
    let months = report.months.iter();
    let months = months.map(|month| format!("{:>8}  {}", month.searches, month.month));
    print_list(out, "Searches by month", months)?;
    writeln!(out)?;
    print_left_out(out, &report.left_out)
}

fn print_list(out: &mut impl Write, heading: &str, lines: impl ExactSizeIterator<Item = String>) -> io::Result<()> {
    writeln!(out, "\n{heading}")?;
    if lines.len() == 0 {
        writeln!(out, "    none")?;
    }
    for line in lines {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// What the lists do not show, a sentence each, where there is something.
fn print_left_out(out: &mut impl Write, left_out: &LeftOut) -> io::Result<()> {
    let searches = |count| counted(count, "search", "searches");
    if left_out.rare_searches > 0 {
        let rare = searches(left_out.rare_searches);
        writeln!(
            out,
            "{rare} left out of the lists, for words that fewer than {MIN_SHARED} searches share."
        )?;
    }
    if left_out.unfinished_searches > 0 {
        let unfinished = searches(left_out.unfinished_searches);
        writeln!(
            out,
            "{unfinished} not counted, on the way to a longer word of the same hour."
        )?;
    }
    if left_out.damaged_lines > 0 {
        let damaged = counted(left_out.damaged_lines, "damaged line", "damaged lines");
        writeln!(out, "{damaged} passed over.")?;
    }
    if left_out.more_queries {
        writeln!(
            out,
            "There were more than a million different queries: the rarest were forgotten."
        )?;
    }
    Ok(())
}

fn counted(count: u64, one: &str, more: &str) -> String {
    let what = if count == 1 { one } else { more };
    format!("{count} {what}")
}

/// `2026-11-24T21Z` as people write it.
fn readable(hour: &str) -> String {
    hour.replace('T', " ").replace('Z', ":00 UTC")
}

use std::io::{self, BufReader, Write};
use std::path::Path;

use clap::Args;
use rex_corpus::open_regular;
use rex_server::search_log_files;
use rex_terminal::Output;
use serde::Serialize;

use crate::args::ConfigPathArg;
use crate::config;
use crate::failure::UserError;
use crate::report::{MIN_SHARED, Tally, Total, read_lines};

/// Maximum length of a list.
const MAX_TOP: u16 = 1000;

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Queries in each list, at most 1000
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_TOP)))]
    top: u16,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigPathArg,
}

/// The output of `--json`, keys in this order.
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

/// The hours of the first and of the last search.
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
    /// Searches among them without a hit and without a filter.
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

/// Searches and lines that are not in the lists.
#[derive(Serialize)]
struct LeftOut {
    /// Searches for queries with fewer than [`MIN_SHARED`] searches.
    rare_searches: u64,
    /// Searches sent while a longer word was being typed.
    unfinished_searches: u64,
    damaged_lines: u64,
    /// Whether there were more distinct queries than can be counted.
    more_queries: bool,
}

/// Reads the search log and prints what visitors look for and do not find.
pub(crate) fn run(args: &ReportArgs) -> anyhow::Result<()> {
    let Some(searches) = config::searches(&args.config)? else {
        let how = "the search log is off; set log = \"searches\" under [searches] in rex.toml to turn it on";
        return Err(UserError(how.to_owned()).into());
    };
    let report = Report::of(read(&searches.log)?, usize::from(args.top));
    let mut out = Output::stdout();
    if args.json {
        out.json(&serde_json::to_string(&report)?)?;
    } else {
        print(&mut out, &searches.log, &report)?;
    }
    Ok(())
}

fn read(folder: &Path) -> anyhow::Result<Total> {
    let cannot = |path: &Path, error: &io::Error| format!("cannot read {}: {error}", path.display());
    let mut tally = Tally::new();
    for path in search_log_files(folder).map_err(|error| UserError(cannot(folder, &error)))? {
        match open_regular(&path) {
            // The server may have deleted an old month in the meantime.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => {
                let file = opened.map_err(|error| UserError(cannot(&path, &error)))?;
                read_lines(BufReader::new(file), |search| tally.add(search))
                    .map_err(|error| anyhow::anyhow!(cannot(&path, &error)))?;
            }
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
        // The sort is stable: ties stay ordered by searches.
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
                more_queries: total.has_dropped,
            },
        }
    }
}

/// A share rounded to three decimals.
fn share(part: u64, whole: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "rounded for display")]
    let share = part as f64 / whole.max(1) as f64;
    (share * 1000.0).round() / 1000.0
}

fn print(out: &mut Output<impl Write>, folder: &Path, report: &Report) -> io::Result<()> {
    let Some(period) = &report.period else {
        out.line(format_args!("No search is logged in {} yet.", folder.display()))?;
        return print_left_out(out, &report.left_out);
    };
    let percent = report.without_result_share * 100.0;
    out.line(format_args!(
        "{}, {} to {}; {percent:.1} % found no case",
        counted(report.searches, "search", "searches"),
        readable(&period.from),
        readable(&period.to)
    ))?;
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
    out.line("")?;
    print_left_out(out, &report.left_out)
}

fn print_list(
    out: &mut Output<impl Write>,
    heading: &str,
    lines: impl ExactSizeIterator<Item = String>,
) -> io::Result<()> {
    out.line("")?;
    out.line(heading)?;
    if lines.len() == 0 {
        out.line("    none")?;
    }
    for line in lines {
        out.line(line)?;
    }
    Ok(())
}

/// One sentence for each kind of search or line left out, if there are any.
fn print_left_out(out: &mut Output<impl Write>, left_out: &LeftOut) -> io::Result<()> {
    let searches = |count| counted(count, "search", "searches");
    if left_out.rare_searches > 0 {
        let rare = searches(left_out.rare_searches);
        out.line(format_args!(
            "{rare} left out of the lists, for words that fewer than {MIN_SHARED} searches share."
        ))?;
    }
    if left_out.unfinished_searches > 0 {
        let unfinished = searches(left_out.unfinished_searches);
        out.line(format_args!(
            "{unfinished} not counted, on the way to a longer word of the same hour."
        ))?;
    }
    if left_out.damaged_lines > 0 {
        let damaged = counted(left_out.damaged_lines, "damaged line", "damaged lines");
        out.line(format_args!("{damaged} passed over."))?;
    }
    if left_out.more_queries {
        out.line(format_args!(
            "There were more than a million different queries: the rarest were forgotten."
        ))?;
    }
    Ok(())
}

fn counted(count: u64, one: &str, more: &str) -> String {
    let what = if count == 1 { one } else { more };
    format!("{count} {what}")
}

/// `2026-11-24T21Z` as `2026-11-24 21:00 UTC`.
fn readable(hour: &str) -> String {
    hour.replace('T', " ").replace('Z', ":00 UTC")
}

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use clap::Args;
use rex_import::{DecpOptions, DecpProgress, DecpSummary, import_decp};
use rex_terminal::Output;

use crate::args::ConfigPathArg;
use crate::config::cpv_labels;
use crate::failure::UserError;
use crate::progress::Progress;
use crate::signal::stop_flag;
use crate::terminal::say;

#[derive(Debug, Args)]
pub(crate) struct DecpArgs {
    /// DECP files: JSON, XML, CSV or Parquet; a contract that several files contain is written once, in its last version
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// JSON lines file to write, in the corpus or listed in `sources` of rex.toml; replaced if it exists
    #[arg(long, value_name = "FILE.jsonl")]
    out: PathBuf,
    #[command(flatten)]
    config: ConfigPathArg,
}

/// Imports the files and prints a summary.
pub(crate) fn run(args: &DecpArgs) -> anyhow::Result<()> {
    if args.out.extension().is_none_or(|extension| extension != "jsonl") {
        let out = args.out.display();
        return Err(UserError(format!("--out {out}: expected a file name that ends in .jsonl")).into());
    }
    let labels = cpv_labels(None, &args.config)?;
    let stop = stop_flag()?;
    let bar = Progress::of_bytes("importing", "records");
    let summary = import_decp(&args.files, &args.out, &DecpOptions::new(&labels), |progress| {
        let DecpProgress {
            records,
            bytes,
            total_bytes,
        } = progress;
        bar.show(records, bytes, total_bytes);
        if stop.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    bar.finish();
    let summary = summary?;
    print(&mut Output::stdout(), &summary)?;
    for refusal in &summary.refusals {
        say(format_args!("rex: refused: {refusal}"));
    }
    let mut broken: Vec<&str> = summary.broken().collect();
    let Some(last) = broken.pop() else {
        return if summary.written > 0 {
            Ok(())
        } else {
            Err(UserError("the files contain no contract; nothing was written".to_owned()).into())
        };
    };
    for sentence in broken {
        say(format_args!("rex: {sentence}"));
    }
    Err(UserError(last.to_owned()).into())
}

/// The counts per file, the total, then the problems by frequency.
fn print(out: &mut Output<impl Write>, summary: &DecpSummary) -> io::Result<()> {
    for file in &summary.files {
        let cut = if file.broken.is_some() { ", not to its end" } else { "" };
        out.line(format_args!("{:>9} read of {}{cut}", file.read, file.path.display()))?;
    }
    if let Some(output) = &summary.output {
        out.line(format_args!("{:>9} written to {}", summary.written, output.display()))?;
    }
    if summary.lots > 0 {
        out.line(format_args!(
            "{:>9} of them lots under a number that another contract has",
            summary.lots
        ))?;
    }
    out.line(format_args!(
        "{:>9} left out, published again later",
        summary.duplicates
    ))?;
    out.line(format_args!("{:>9} refused", summary.refused))?;
    if summary.problems.is_empty() {
        return Ok(());
    }
    out.line("")?;
    out.line("Corrected or kept out of the fields, and said in each record:")?;
    let mut problems: Vec<_> = summary.problems.iter().collect();
    problems.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (problem, count) in problems {
        out.line(format_args!("{count:>9} {problem}"))?;
    }
    Ok(())
}

//! The protocol between `run.py` and an engine: one command a line on standard input, one answer a line on standard output.
//!
//! ```text
//!                            {"ready": milliseconds since the process started}
//! run MODE RANK...           [[nanoseconds, total], ...]       runs these queries in order on one thread
//! load MODE THREADS SECONDS  {"queries": n, "seconds": s}      repeats all queries on THREADS threads
//! ```

use std::hint::black_box;
use std::io::{BufRead, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::Failure;

/// Answers until standard input ends. `count` says how many queries a mode has; `answer` answers one of them and gives how many
/// documents match.
///
/// # Errors
/// What is not understood, and what an engine fails with.
pub fn run(
    count: &(impl Fn(&str) -> usize + Sync),
    answer: &(impl Fn(&str, usize) -> Result<u64, Failure> + Sync),
) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{{\"ready\": true}}")?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["run", mode, ref ranks @ ..] => {
                let mut figures = Vec::with_capacity(ranks.len());
                for rank in ranks {
                    let rank = rank.parse()?;
                    let started = Instant::now();
                    let total = black_box(answer(mode, rank)?);
                    figures.push((u64::try_from(started.elapsed().as_nanos())?, total));
                }
                writeln!(out, "{}", serde_json::to_string(&figures)?)?;
            }
            ["load", mode, threads, seconds] => {
                let (queries, seconds) = load(mode, count(mode), threads.parse()?, seconds.parse()?, answer)?;
                writeln!(out, "{{\"queries\": {queries}, \"seconds\": {seconds}}}")?;
            }
            _ => return Err(format!("not understood: {line}").into()),
        }
        out.flush()?;
    }
    Ok(())
}

/// Runs `threads` threads for `seconds`, each taking the next of `count` queries. Returns the number of answers and the time.
fn load(
    mode: &str,
    count: usize,
    threads: usize,
    seconds: f64,
    answer: &(impl Fn(&str, usize) -> Result<u64, Failure> + Sync),
) -> Result<(usize, f64), Failure> {
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    let end = started + Duration::try_from_secs_f64(seconds)?;
    let work = || -> Result<usize, Failure> {
        let mut answered = 0;
        while Instant::now() < end {
            black_box(answer(mode, next.fetch_add(1, Ordering::Relaxed) % count.max(1))?);
            answered += 1;
        }
        Ok(answered)
    };
    let answered = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let done = workers
            .into_iter()
            .map(|worker| worker.join().map_err(|_| "a thread panicked")?);
        done.sum::<Result<usize, Failure>>()
    })?;
    Ok((answered, started.elapsed().as_secs_f64()))
}

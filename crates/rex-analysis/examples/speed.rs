//! Says how long a token takes, and the vector of a text for each of its tokens: `cargo run --release -p rex-analysis --example speed FILE`.

use std::time::Instant;

fn main() {
    let Some(text) = std::env::args()
        .nth(1)
        .and_then(|path| std::fs::read_to_string(path).ok())
    else {
        eprintln!("usage: speed FILE, a text in UTF-8");
        std::process::exit(2);
    };
    let vectors = rex_analysis::WordVectors::shipped();
    // The first round fills the caches and the tables.
    for round in 1..=3 {
        let started = Instant::now();
        let tokens: usize = text.lines().map(|line| rex_analysis::analyze(line).len()).sum();
        let micros = started.elapsed().as_secs_f64() * 1e6;
        println!(
            "round {round}: {tokens} tokens, {:.3} µs a token",
            micros / tokens.max(1) as f64
        );
        let texts: Vec<_> = text.lines().map(rex_analysis::analyze).collect();
        let started = Instant::now();
        let known = texts
            .iter()
            .filter_map(|tokens| vectors.text(tokens.iter().map(|token| token.stem.as_str())));
        let known = known.count();
        let nanos = started.elapsed().as_secs_f64() * 1e9;
        println!(
            "round {round}: {known} vectors, {:.0} ns a token",
            nanos / tokens.max(1) as f64
        );
    }
}

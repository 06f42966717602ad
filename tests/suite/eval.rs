//! `rex eval`: the measures of a small collection, the run file, and errors in the files.

use rex_tests::{Ran, Site};
use serde_json::Value;

const DOCS: &str = r#"{"_id": "doc/é 1", "title": "Tri du papier", "text": "Collecte en entreprise."}
{"_id": "doc#2", "text": "Le papier est trié puis recyclé, avec d'autres matières.", "url": "ignored"}
{"_id": "3", "title": "", "text": "1. Repas des cantines scolaires"}
"#;
const QUERIES: &str = r#"{"_id": "q1", "text": "tri papier"}
{"_id": "q2", "text": "cantines"}
{"_id": "q3", "text": "introuvable"}
{"_id": "q4", "text": "papier"}
"#;
const QRELS: &str = "query-id\tcorpus-id\tscore\nq1\tdoc/é 1\t2\nq2\t3\t1\nq2\tdoc#2\t1\nq3\t3\t1\n";

fn collection() -> Site {
    let site = Site::empty();
    site.write("d.jsonl", DOCS);
    site.write("q.jsonl", QUERIES);
    site.write("r.tsv", QRELS);
    site
}

fn eval(site: &Site, more: &[&str]) -> Ran {
    let arguments = ["eval", "--docs", "d.jsonl", "--queries", "q.jsonl", "--qrels", "r.tsv"];
    site.run(&[&arguments, more].concat())
}

#[test]
fn figures_are_means_over_the_queries_that_were_judged() {
    let site = collection();
    let ran = eval(&site, &["--json"]);
    assert_eq!(ran.stderr(), "rex: 1 query without a judgement left out\n");
    let figures: Value = serde_json::from_str(&ran.stdout()).expect("JSON");
    assert!(ran.stdout().starts_with("{\"queries\":3,\"ndcg_at_10\":"), "{figures}");
    // q1 is perfect; q2 finds the first of two, 1 / (1 + 1 / log2(3)); q3 finds nothing.
    for (name, expected) in [
        ("ndcg_at_10", (1.0 + 0.613_147) / 3.0),
        ("mrr_at_10", 2.0 / 3.0),
        ("recall_at_100", 1.5 / 3.0),
        ("no_result_share", 1.0 / 3.0),
    ] {
        let figure = figures[name].as_f64().expect("a number");
        assert!((figure - expected).abs() < 1e-6, "{name} in {figures}");
    }
    assert!(figures["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0));

    let table = eval(&site, &[]).stdout();
    assert!(
        table.starts_with("queries            3\nnDCG@10       0.5377\nMRR@10        0.6667\nrecall@100    0.5000\nno result     0.3333\nseconds "),
        "{table}"
    );
    assert!(site.generations().is_empty(), "nothing is built on disk");
}

#[test]
fn a_run_file_has_the_columns_of_trec() {
    let site = collection();
    site.write("d.jsonl", DOCS.replace("é 1", "é1"));
    site.write("r.tsv", QRELS.replace("é 1", "é1"));
    assert_eq!(eval(&site, &["--run", "run.txt"]).code(), Some(0));
    let run = std::fs::read_to_string(site.path().join("run.txt")).expect("a run file");
    let lines: Vec<Vec<_>> = run.lines().map(|line| line.split(' ').collect()).collect();
    assert!(
        lines
            .iter()
            .all(|columns| columns.len() == 6 && columns[1] == "Q0" && columns[5] == "rex"),
        "{run}"
    );
    let found: Vec<_> = lines
        .iter()
        .map(|columns| (columns[0], columns[2], columns[3]))
        .collect();
    assert_eq!(found.first(), Some(&("q1", "doc/é1", "1")), "{run}");
    assert_eq!(found.last(), Some(&("q2", "3", "1")), "{run}");
}

#[test]
fn a_query_of_any_length_is_searched() {
    let site = collection();
    let long = format!("{{\"_id\": \"q2\", \"text\": \"cantines {}\"}}\n", "et ".repeat(1000));
    site.write("q.jsonl", long);
    let ran = eval(&site, &[]);
    assert_eq!(
        (ran.code(), ran.stderr().as_str()),
        (
            Some(0),
            "rex: r.tsv judges 2 unknown queries, left out\nrex: 1 query cut to 512 characters\n"
        )
    );
    assert!(ran.stdout().contains("\nMRR@10        1.0000\n"), "{}", ran.stdout());
}

#[test]
fn what_is_wrong_is_one_sentence_that_names_the_line() {
    for (file, content, code, expected) in [
        (
            "d.jsonl",
            "{\"_id\": \"a\"}\n",
            1,
            "rex: d.jsonl:1: bad JSON (missing field `text`, column 12), expected",
        ),
        ("d.jsonl", "\n", 1, "rex: no document in d.jsonl\n"),
        (
            "q.jsonl",
            "{\"_id\": \"a\", \"text\": \"\"}\nx\n",
            1,
            "rex: q.jsonl:2: bad JSON (expected value, column 1), expected",
        ),
        (
            "r.tsv",
            "q1\t3\t1\n",
            1,
            "rex: r.tsv:1: expected a header first: query-id, corpus-id, score\n",
        ),
        (
            "r.tsv",
            "query-id\tcorpus-id\tscore\n",
            1,
            "rex: no query of q.jsonl has a judgement in r.tsv\n",
        ),
        (
            "r.tsv",
            "query-id\tcorpus-id\tscore\nq1\tnone\t1\nq1\t3\t1\n",
            0,
            "rex: r.tsv judges 1 unknown document, counted as not found\nrex: 3 queries without",
        ),
    ] {
        let site = collection();
        site.write(file, content);
        let ran = eval(&site, &[]);
        assert_eq!(ran.code(), Some(code), "{}", ran.stderr());
        assert!(ran.stderr().starts_with(expected), "{}", ran.stderr());
        assert_eq!(ran.stdout().is_empty(), code == 1);
    }
    let site = collection();
    let ran = eval(&site, &["--run", "run.txt"]);
    assert_eq!(
        (ran.code(), ran.stderr().lines().last()),
        (
            Some(1),
            Some("rex: --run: the _id \"doc/é 1\" of d.jsonl is empty or has a space, which a run file cannot hold")
        )
    );
    let ran = site.run(&["eval", "--docs", "d.jsonl", "--queries", "none", "--qrels", "r.tsv"]);
    assert_eq!(ran.code(), Some(1));
    assert!(ran.stderr().starts_with("rex: cannot read none: "), "{}", ran.stderr());
    assert_eq!(site.run(&["eval", "--docs", "d.jsonl"]).code(), Some(2));
}

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use clap::builder::PossibleValuesParser;
use rex_corpus::{CaseType, Record, Section};
use rex_indexer::IndexWriter;
use rex_query::{MAX_QUERY_CHARS, SearchBackend, SearchRequest};
use rex_search::{Engine, Settings};
use rex_terminal::Output;
use serde::Serialize;
use tantivy::directory::RamDirectory;

use crate::eval::{
    Document, Judgements, Measures, Query, RECALL_DEPTH, RunFile, read_documents, read_judgements, read_queries,
    rule_names, settings, stemmer_names,
};
use crate::failure::UserError;
use crate::terminal::say;

#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    /// Documents, one JSON object per line: _id, title, text
    #[arg(long, value_name = "FILE")]
    docs: PathBuf,
    /// Queries, one JSON object per line: _id, text
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,
    /// Judgements, tab-separated with a header: query-id, corpus-id, score
    #[arg(long, value_name = "FILE")]
    qrels: PathBuf,
    /// Write the hits to a TREC run file, for other tools
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// Disable a rule, to measure its effect; repeatable
    #[arg(long, value_name = "RULE", value_parser = PossibleValuesParser::new(rule_names()))]
    without: Vec<String>,
    /// Use another stemmer than the default
    #[arg(long, value_name = "STEMMER", value_parser = PossibleValuesParser::new(stemmer_names()))]
    stemmer: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The output of `--json`, keys in this order.
#[derive(Serialize)]
struct Figures {
    queries: usize,
    ndcg_at_10: f64,
    mrr_at_10: f64,
    recall_at_100: f64,
    /// From 0 to 1.
    no_result_share: f64,
    /// Search time, snippets and highlights included, without indexing.
    seconds: f64,
}

/// Indexes the documents in memory, searches every judged query, and prints the measures.
pub(crate) fn run(args: &EvalArgs) -> anyhow::Result<()> {
    let queries = read_queries(&args.queries)?;
    let judgements = read_judgements(&args.qrels)?;
    let (engine, ids) = index(&args.docs, settings(&args.without, args.stemmer.as_deref()))?;
    warn_of_unknown_ids(args, &queries, &judgements, &ids);
    let judged = judged(args, queries, &judgements)?;
    let mut run = args
        .run
        .as_deref()
        .map(|path| start_run(path, args, &ids, &judged))
        .transpose()?;
    let started = Instant::now();
    let mut all = Vec::with_capacity(judged.len());
    for query in &judged {
        let hits = search(&engine, query, &ids)?;
        let grades = &judgements[&query.id];
        let found: Vec<_> = hits
            .iter()
            .map(|(id, _)| grades.get(*id).copied().unwrap_or(0))
            .collect();
        let grades: Vec<_> = grades.values().copied().collect();
        all.push(Measures::of(&found, &grades));
        if let Some(run) = &mut run {
            run.write(&query.id, hits)?;
        }
    }
    run.map(RunFile::finish).transpose()?;
    let mean = Measures::mean(&all);
    let figures = Figures {
        queries: all.len(),
        ndcg_at_10: mean.ndcg_at_10,
        mrr_at_10: mean.mrr_at_10,
        recall_at_100: mean.recall_at_100,
        no_result_share: mean.no_result_share,
        seconds: started.elapsed().as_secs_f64(),
    };
    print(args, &figures)
}

/// Indexes the documents in memory and returns their ids. The id of a record is the position of its document, since ids of a
/// collection may contain any character.
fn index(path: &Path, settings: Settings) -> anyhow::Result<(Engine, Vec<String>)> {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create_with(directory.clone(), settings.analyzer)?;
    let mut position = 0;
    let ids = read_documents(path, |document| {
        writer.add(&record(position, document))?;
        position += 1;
        Ok(())
    })?;
    if ids.is_empty() {
        return Err(UserError(format!("no document in {}", path.display())).into());
    }
    writer.finish()?;
    Ok((Engine::open_with(directory, "eval", settings)?, ids))
}

/// A document as a case. A missing title becomes an empty one, which no word matches.
fn record(position: usize, document: Document) -> Record {
    Record {
        // Equal scores are ordered by id: with leading zeros, this is the order of the file.
        id: format!("{position:010}"),
        titre: document.title.unwrap_or_default(),
        sections: vec![Section {
            titre: String::new(),
            texte: markdown(&document.text),
        }],
        case_type: CaseType::default(),
        acheteur: None,
        titulaires: Vec::new(),
        nature: None,
        procedure: None,
        reserve: Vec::new(),
        considerations: Vec::new(),
        lots: None,
        cpv: None,
        montant_ht: None,
        duree_mois: None,
        territoire: Vec::new(),
        themes: Vec::new(),
        date: None,
        source: None,
        anomalies: Vec::new(),
    }
}

/// Plain text escaped as Markdown. Unescaped, `1.` at the start of a line would be a list marker and `[1]: x` a link definition,
/// and words that other engines index would be lost.
fn markdown(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len() + text.len() / 16);
    for line in text.lines() {
        // Four leading spaces would start a code block, in which escapes have no effect.
        for c in line.trim_start().chars() {
            if c.is_ascii_punctuation() {
                markdown.push('\\');
            }
            markdown.push(c);
        }
        markdown.push('\n');
    }
    markdown
}

/// Warns of judged ids that are in no file, so that mismatched files are not mistaken for poor relevance.
fn warn_of_unknown_ids(args: &EvalArgs, queries: &[Query], judgements: &Judgements, ids: &[String]) {
    let known: HashSet<_> = queries.iter().map(|query| query.id.as_str()).collect();
    let unknown = judgements.keys().filter(|id| !known.contains(id.as_str())).count();
    if unknown > 0 {
        let (file, count) = (args.qrels.display(), count(unknown, "unknown query", "unknown queries"));
        say(format_args!("rex: {file} judges {count}, left out"));
    }
    let known: HashSet<_> = ids.iter().map(String::as_str).collect();
    let named: HashSet<_> = judgements.values().flat_map(|grades| grades.keys()).collect();
    let unknown = named.into_iter().filter(|id| !known.contains(id.as_str())).count();
    if unknown > 0 {
        let (file, count) = (
            args.qrels.display(),
            count(unknown, "unknown document", "unknown documents"),
        );
        say(format_args!("rex: {file} judges {count}, counted as not found"));
    }
}

/// The queries that have judgements. Reports how many are left out or shortened.
fn judged(args: &EvalArgs, queries: Vec<Query>, judgements: &Judgements) -> Result<Vec<Query>, UserError> {
    let total = queries.len();
    let mut judged = queries;
    judged.retain(|query| judgements.contains_key(&query.id));
    if judged.is_empty() {
        let (queries, qrels) = (args.queries.display(), args.qrels.display());
        return Err(UserError(format!("no query of {queries} has a judgement in {qrels}")));
    }
    if judged.len() < total {
        let left_out = count(total - judged.len(), "query", "queries");
        say(format_args!("rex: {left_out} without a judgement left out"));
    }
    let long = judged
        .iter()
        .filter(|query| cut(&query.text) != query.text.trim())
        .count();
    if long > 0 {
        let long = count(long, "query", "queries");
        say(format_args!("rex: {long} cut to {MAX_QUERY_CHARS} characters"));
    }
    Ok(judged)
}

/// Creates the run file, if it can represent all ids.
fn start_run(path: &Path, args: &EvalArgs, ids: &[String], queries: &[Query]) -> Result<RunFile, UserError> {
    let documents = ids.iter().map(|id| (&args.docs, id));
    let queries = queries.iter().map(|query| (&args.queries, &query.id));
    match documents.chain(queries).find(|(_, id)| !RunFile::can_hold(id)) {
        Some((file, id)) => Err(UserError(format!(
            "--run: the _id {id:?} of {} is empty or has a space, which a run file cannot hold",
            file.display()
        ))),
        None => RunFile::create(path),
    }
}

/// Searches with default settings, without facets; returns the ids of the hits with their scores.
fn search<'a>(backend: &dyn SearchBackend, query: &Query, ids: &'a [String]) -> anyhow::Result<Vec<(&'a str, f32)>> {
    let request = SearchRequest {
        query: cut(&query.text).to_owned(),
        limit: RECALL_DEPTH,
        facets: Vec::new(),
        ..SearchRequest::default()
    };
    let hits = backend.search(&request)?.hits;
    let named = hits.iter().filter_map(|hit| {
        let position: usize = hit.record.id.parse().ok()?;
        Some((ids.get(position)?.as_str(), hit.score))
    });
    Ok(named.collect())
}

/// A query shortened to [`MAX_QUERY_CHARS`], at a word boundary if there is one.
fn cut(text: &str) -> &str {
    let text = text.trim();
    let Some((end, next)) = text.char_indices().nth(MAX_QUERY_CHARS) else {
        return text;
    };
    let head = &text[..end];
    match head.rfind(char::is_whitespace) {
        Some(space) if !next.is_whitespace() => head[..space].trim_end(),
        _ => head.trim_end(),
    }
}

fn print(args: &EvalArgs, figures: &Figures) -> anyhow::Result<()> {
    let mut out = Output::stdout();
    if args.json {
        out.json(&serde_json::to_string(figures)?)?;
        return Ok(());
    }
    out.line(format_args!("queries     {:>8}", figures.queries))?;
    out.line(format_args!("nDCG@10     {:>8.4}", figures.ndcg_at_10))?;
    out.line(format_args!("MRR@10      {:>8.4}", figures.mrr_at_10))?;
    out.line(format_args!("recall@100  {:>8.4}", figures.recall_at_100))?;
    out.line(format_args!("no result   {:>8.4}", figures.no_result_share))?;
    out.line(format_args!("seconds     {:>8.2}", figures.seconds))?;
    Ok(())
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use rex_corpus::plain_text;

    use super::*;

    #[test]
    fn a_long_query_is_cut_at_a_word() {
        assert_eq!(cut(" court "), "court");
        let words = "mots ".repeat(200);
        assert_eq!(cut(&words).len(), 509);
        assert!(cut(&words).ends_with("mots mots"));
        let exact = format!("{} après", "é".repeat(MAX_QUERY_CHARS));
        assert_eq!(cut(&exact).chars().count(), MAX_QUERY_CHARS);
        assert_eq!(cut(&"é".repeat(600)).chars().count(), MAX_QUERY_CHARS);
    }

    #[test]
    fn a_plain_text_keeps_its_words() {
        for (text, expected) in [
            ("1. Objet\n2. Durée", "1. Objet 2. Durée"),
            (
                "Voir\n\n[1]: article *R. 5132-1* <b> &amp; agent(e)s",
                "Voir\n[1]: article *R. 5132-1* <b> &amp; agent(e)s",
            ),
            ("a\n\n    # b-c\n---", "a\n# b-c ---"),
        ] {
            assert_eq!(plain_text(&markdown(text)), expected);
        }
    }
}

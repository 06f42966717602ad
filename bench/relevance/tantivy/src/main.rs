//! `stock-tantivy stock|folded DOCS QUERIES RUN`: a run of tantivy as it comes, with its own French and plain BM25.
//!
//! `stock` is the analyzer that tantivy's documentation puts together for a language; `folded` adds its accent filter, which French
//! needs. Documents and queries are JSON lines as in BEIR. Title and text are one field; a document matches any word of the query.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};

use serde_json::Value;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
};
use tantivy::{Index, Score, Searcher, TantivyDocument, Term, doc};

type Failure = Box<dyn Error>;

/// Hits a query, as deep as recall@100 looks.
const DEPTH: usize = 100;
/// Bytes of a word; longer ones are left out.
const LONGEST: usize = 40;
/// The name of the analyzer in the schema.
const FRENCH: &str = "french";
/// Memory held before a segment is written, in bytes.
const MEMORY: usize = 128 << 20;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [analyzer, docs, queries, run] = &arguments[..] else {
        return Err("usage: stock-tantivy stock|folded DOCS QUERIES RUN".into());
    };
    let analyzer = match analyzer.as_str() {
        "stock" => stock()?,
        "folded" => folded()?,
        _ => return Err(format!("no analyzer {analyzer}, expected stock or folded").into()),
    };
    let engine = Engine::index(docs, analyzer)?;
    let mut out = BufWriter::new(File::create(run)?);
    for query in read(queries)? {
        let query = query?;
        let mut least = Score::INFINITY;
        for (at, (score, document)) in engine.search(text(&query, "text"))?.into_iter().enumerate() {
            // Other tools sort by score alone: it falls strictly, so that ties stay in the order they were found in.
            least = if score < least { score } else { least.next_down() };
            let rank = at + 1;
            let score = f64::from(least);
            writeln!(out, "{} Q0 {document} {rank} {score} tantivy", text(&query, "_id"))?;
        }
    }
    out.flush()?;
    Ok(())
}

/// An index in memory.
struct Engine {
    searcher: Searcher,
    analyzer: TextAnalyzer,
    id: Field,
    contents: Field,
}

impl Engine {
    fn index(docs: &str, analyzer: TextAnalyzer) -> Result<Self, Failure> {
        let mut schema = Schema::builder();
        let id = schema.add_text_field("id", STRING | STORED);
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(FRENCH)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let contents = schema.add_text_field("contents", TextOptions::default().set_indexing_options(indexing));
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register(FRENCH, analyzer.clone());
        // One thread: the order of the documents breaks ties, and must not change from run to run.
        let mut writer = index.writer_with_num_threads(1, MEMORY)?;
        for document in read(docs)? {
            let document = document?;
            let both = format!("{} {}", text(&document, "title"), text(&document, "text"));
            writer.add_document(doc!(id => text(&document, "_id"), contents => both))?;
        }
        writer.commit()?;
        Ok(Self {
            searcher: index.reader()?.searcher(),
            analyzer,
            id,
            contents,
        })
    }

    /// The documents that hold any of the words, the best first, with their scores.
    fn search(&self, words: &str) -> Result<Vec<(Score, String)>, Failure> {
        let mut analyzer = self.analyzer.clone();
        let mut tokens = analyzer.token_stream(words);
        let mut terms: Vec<Box<dyn Query>> = Vec::new();
        tokens.process(&mut |token| {
            let term = Term::from_field_text(self.contents, &token.text);
            terms.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
        });
        let query = BooleanQuery::union(terms);
        let hits = self
            .searcher
            .search(&query, &TopDocs::with_limit(DEPTH).order_by_score())?;
        let named = hits.into_iter().map(|(score, address)| {
            let document: TantivyDocument = self.searcher.doc(address)?;
            let id = document
                .get_first(self.id)
                .and_then(|id| id.as_str())
                .unwrap_or_default();
            Ok((score, id.to_owned()))
        });
        named.collect()
    }
}

fn stock() -> Result<TextAnalyzer, Failure> {
    Ok(TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(stop_words()?)
        .filter(Stemmer::new(Language::French))
        .build())
}

fn folded() -> Result<TextAnalyzer, Failure> {
    Ok(TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(stop_words()?)
        .filter(Stemmer::new(Language::French))
        .build())
}

fn stop_words() -> Result<StopWordFilter, Failure> {
    StopWordFilter::new(Language::French).ok_or_else(|| "tantivy has no French stop words".into())
}

/// Every line of a file, as JSON.
fn read(path: &str) -> Result<impl Iterator<Item = Result<Value, Failure>>, Failure> {
    let file = File::open(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let lines = BufReader::new(file).lines();
    Ok(lines.map(|line| Ok(serde_json::from_str(&line?)?)))
}

fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object[key].as_str().unwrap_or_default()
}

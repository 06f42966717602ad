//! `relevance.toml` in the corpus folder: judged queries with a minimum score. An index that scores below it is not made current.

use std::io;
use std::path::{Path, PathBuf};

use rex_corpus::read_regular_text;
use rex_indexer::BuildError;
use rex_query::{MAX_QUERY_CHARS, SearchBackend, SearchError, SearchRequest};
use serde::Deserialize;
use tantivy::TantivyError;

use crate::eval::{Grade, Measures};

/// File name in the corpus folder.
const FILE: &str = "relevance.toml";
/// Maximum number of queries; a thousand take a few seconds.
const MAX_QUERIES: usize = 1_000;
/// Maximum number of relevant cases per query.
const MAX_CASES: usize = 100;
/// Maximum size of the file in bytes.
const MAX_BYTES: u64 = 4 << 20;
/// Number of hits that are evaluated.
const DEPTH: usize = 10;
/// Number of queries named in the error, lowest score first.
const NAMED: usize = 3;

/// The judged queries of a corpus, and the minimum score.
pub(crate) struct RelevanceGate {
    path: PathBuf,
    judged: Judged,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Judged {
    /// Minimum mean nDCG@10, from 0 to 1.
    floor: f64,
    queries: Vec<JudgedQuery>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JudgedQuery {
    q: String,
    /// Ids of the relevant cases.
    cases: Vec<String>,
}

impl RelevanceGate {
    /// The file of a corpus folder, which may be missing.
    pub(crate) fn path(corpus: &Path) -> PathBuf {
        corpus.join(FILE)
    }

    /// Reads the gate of a corpus folder; `None` if there is no `relevance.toml`.
    ///
    /// # Errors
    /// [`BuildError::Refused`] if the file cannot be read or is invalid.
    pub(crate) fn of(corpus: &Path) -> Result<Option<Self>, BuildError> {
        let path = Self::path(corpus);
        let refused = |reason: String| BuildError::Refused(format!("{}: {reason}", path.display()));
        let text = match read_regular_text(&path, MAX_BYTES) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refused(format!("cannot be read: {error}; expected judged queries"))),
            Ok(text) => text,
        };
        let judged = toml::from_str::<Judged>(&text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = 1 + text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count();
            BuildError::Refused(format!("{}:{line}: {}", path.display(), error.message()))
        })?;
        if let Some(reason) = judged.error() {
            return Err(refused(reason));
        }
        Ok(Some(Self { path, judged }))
    }

    /// Searches every judged query in an index that is not current yet.
    ///
    /// # Errors
    /// [`BuildError::Refused`] where the mean is below the minimum, or no record has the id of a judged case.
    pub(crate) fn pass(&self, backend: &dyn SearchBackend) -> Result<(), BuildError> {
        let mut scores = Vec::with_capacity(self.judged.queries.len());
        for query in &self.judged.queries {
            if let Some(unknown) = unknown_case(backend, query)? {
                return Err(self.refuse(&format!(
                    "no case has the id \"{unknown}\", which is judged right for \"{}\"",
                    query.q
                )));
            }
            scores.push((measure(backend, query)?, query.q.as_str()));
        }
        let measures: Vec<_> = scores.iter().map(|(measures, _)| *measures).collect();
        let mean = Measures::mean(&measures).ndcg_at_10;
        if mean >= self.judged.floor {
            return Ok(());
        }
        scores.sort_by(|(a, _), (b, _)| a.ndcg_at_10.total_cmp(&b.ndcg_at_10));
        let worst = scores.iter().take(NAMED);
        let worst: Vec<_> = worst
            .map(|(measures, query)| format!("\"{query}\" {:.2}", measures.ndcg_at_10))
            .collect();
        Err(self.refuse(&format!(
            "the judged queries score {mean:.3}, below the floor of {}; the worst are {}",
            self.judged.floor,
            worst.join(", ")
        )))
    }

    fn refuse(&self, reason: &str) -> BuildError {
        BuildError::Refused(format!(
            "{}: {reason}; what was built is not made current",
            self.path.display()
        ))
    }
}

impl Judged {
    /// The first value out of bounds, as an error message.
    fn error(&self) -> Option<String> {
        if !(0.0..=1.0).contains(&self.floor) {
            return Some(format!("floor is {}, expected 0 to 1", self.floor));
        }
        let queries = self.queries.len();
        if !(1..=MAX_QUERIES).contains(&queries) {
            return Some(format!("{queries} queries, expected 1 to {MAX_QUERIES}"));
        }
        self.queries.iter().find_map(|query| {
            let cases = query.cases.len();
            if query.q.chars().count() > MAX_QUERY_CHARS {
                return Some(format!("a query of over {MAX_QUERY_CHARS} characters"));
            }
            (!(1..=MAX_CASES).contains(&cases))
                .then(|| format!("{cases} cases for \"{}\", expected 1 to {MAX_CASES}", query.q))
        })
    }
}

fn unknown_case<'a>(backend: &dyn SearchBackend, query: &'a JudgedQuery) -> Result<Option<&'a str>, BuildError> {
    for id in &query.cases {
        if backend.case(id).map_err(|error| search_failed(&error))?.is_none() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn measure(backend: &dyn SearchBackend, query: &JudgedQuery) -> Result<Measures, BuildError> {
    let request = SearchRequest {
        query: query.q.clone(),
        limit: DEPTH,
        facets: Vec::new(),
        ..SearchRequest::default()
    };
    let hits = backend.search(&request).map_err(|error| search_failed(&error))?.hits;
    let found: Vec<_> = hits
        .iter()
        .map(|hit| Grade::from(query.cases.contains(&hit.record.id)))
        .collect();
    let mut cases = query.cases.clone();
    cases.sort_unstable();
    cases.dedup();
    Ok(Measures::of(&found, &vec![1; cases.len()]))
}

/// The error of an index that was just built and cannot be searched: Rex is at fault, not the corpus.
pub(crate) fn search_failed(error: &SearchError) -> BuildError {
    TantivyError::InternalError(error.to_string()).into()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rex_corpus::Record;
    use rex_indexer::IndexWriter;
    use rex_search::Engine;
    use tantivy::directory::RamDirectory;

    use super::*;

    fn gate(text: &str) -> Result<RelevanceGate, String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), text).unwrap();
        let prefix = format!("{}/", folder.path().display());
        let found = RelevanceGate::of(folder.path()).map_err(|error| error.to_string().replace(&prefix, ""));
        found.map(|gate| RelevanceGate {
            path: FILE.into(),
            ..gate.unwrap()
        })
    }

    fn pass(text: &str) -> Result<(), String> {
        let directory = RamDirectory::create();
        let writer = IndexWriter::create(directory.clone()).unwrap();
        for (id, titre) in [
            ("a", "Tri des cartons"),
            ("b", "Entretien d'un parc"),
            ("c", "Cartons et papiers"),
        ] {
            let record: Record = serde_json::from_value(serde_json::json!({"id": id, "titre": titre})).unwrap();
            writer.add(&record).unwrap();
        }
        writer.finish().unwrap();
        let engine = Engine::open(directory, "test").unwrap();
        gate(text).unwrap().pass(&engine).map_err(|error| error.to_string())
    }

    #[test]
    fn a_corpus_without_the_file_has_no_gate() {
        assert!(RelevanceGate::of(Path::new("/nowhere")).unwrap().is_none());
    }

    #[test]
    fn a_good_index_passes_and_a_worse_one_is_refused_with_the_reason() {
        let judged = |floor: &str, cases: &str| {
            format!(
                "floor = {floor}\n[[queries]]\nq = 'tri'\ncases = ['a']\n[[queries]]\nq = 'parc'\ncases = {cases}\n"
            )
        };
        assert_eq!(pass(&judged("1", "['b', 'b']")), Ok(()));
        assert_eq!(pass(&judged("0.5", "['c']")), Ok(()));
        assert_eq!(
            pass(&judged("0.8", "['c']")).unwrap_err(),
            "relevance.toml: the judged queries score 0.500, below the floor of 0.8; the worst are \"parc\" 0.00, \"tri\" 1.00; \
             what was built is not made current"
        );
        assert_eq!(
            pass(&judged("0", "['z']")).unwrap_err(),
            "relevance.toml: no case has the id \"z\", which is judged right for \"parc\"; what was built is not made current"
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let error = |text: &str| gate(text).err().unwrap();
        let query = "[[queries]]\nq = 'a'\ncases = ['a']\n";
        assert_eq!(
            error("floor = 0.8\nqueries = 3\n"),
            "relevance.toml:2: invalid type: integer `3`, expected a sequence"
        );
        assert!(error(&format!("flor = 1\n{query}")).starts_with("relevance.toml:1: unknown field `flor`"));
        assert_eq!(
            error(&format!("floor = 2.0\n{query}")),
            "relevance.toml: floor is 2, expected 0 to 1"
        );
        assert_eq!(
            error("floor = 1.0\nqueries = []"),
            "relevance.toml: 0 queries, expected 1 to 1000"
        );
        assert_eq!(
            error("floor = 1.0\n[[queries]]\nq = 'a'\ncases = []\n"),
            "relevance.toml: 0 cases for \"a\", expected 1 to 100"
        );
    }
}

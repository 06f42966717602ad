//! Rex, searched in process.

use std::path::Path;
use std::time::Instant;

use rex_api::answer_json;
use rex_corpus::CpvLabels;
use rex_index::IndexDir;
use rex_query::{Matching, SearchBackend, SearchRequest};
use rex_search::{Engine, RankingRule, Settings};

use crate::Failure;
use crate::queries;

/// Completions asked for at each keystroke, as the search page does.
const COMPLETIONS: usize = 10;
/// What finds more than the words that were typed say.
const WIDENING: [RankingRule; 6] = [
    RankingRule::Corrections,
    RankingRule::Prefixes,
    RankingRule::Synonyms,
    RankingRule::Joins,
    RankingRule::Relaxing,
    RankingRule::Understanding,
];

/// An open index.
pub struct Rex {
    engine: Engine,
    /// The same without [`WIDENING`]: what it finds is what any engine with the same words finds.
    literal: Engine,
    labels: CpvLabels,
}

/// What is asked, made ready before the clock runs.
pub struct Asked {
    requests: Vec<SearchRequest>,
    /// The same, for the literal engine: all the words, and nothing counted but the hits.
    literal: Vec<SearchRequest>,
    /// The same with every word in quotes: as it is written.
    quoted: Vec<SearchRequest>,
    keystrokes: Vec<String>,
}

impl Rex {
    /// Opens the current generation of an index folder.
    ///
    /// # Errors
    /// No such generation.
    pub fn open(folder: &Path, cpv: &Path) -> Result<Self, Failure> {
        let generation = IndexDir::at(folder)
            .current()?
            .ok_or("the index folder has no current generation")?;
        let name = generation.name.clone();
        let literal = WIDENING.into_iter().fold(Settings::default(), Settings::without);
        Ok(Self {
            engine: Engine::open(generation.directory()?, name.clone())?,
            literal: Engine::open_with(generation.directory()?, name, literal)?,
            labels: CpvLabels::read(cpv)?,
        })
    }

    /// `search`: the response of the engine, hits marked and facets counted. `answer`: that and its JSON. `suggest`: completions.
    /// `literal`, `quoted`: only how many documents hold all the words, by their stems, or as they are written.
    ///
    /// # Errors
    /// Another mode, and an index that cannot be read.
    pub fn answer(&self, mode: &str, asked: &Asked, at: usize) -> Result<u64, Failure> {
        Ok(match mode {
            "search" => self.engine.search(&asked.requests[at])?.total,
            "answer" => {
                let started = Instant::now();
                let request = &asked.requests[at];
                let response = self.engine.search(request)?;
                std::hint::black_box(answer_json(&self.labels, request, &response, started.elapsed())?);
                response.total
            }
            "suggest" => self.engine.suggest(&asked.keystrokes[at], COMPLETIONS)?.len() as u64,
            "literal" => self.literal.search(&asked.literal[at])?.total,
            "quoted" => self.literal.search(&asked.quoted[at])?.total,
            _ => return Err(format!("Rex has no mode {mode}").into()),
        })
    }
}

impl Asked {
    /// Reads queries and keystrokes.
    ///
    /// # Errors
    /// Files that are none.
    pub fn read(queries: &Path, keystrokes: &Path) -> Result<Self, Failure> {
        let requests = queries::read(queries)?
            .iter()
            .map(|typed| typed.request())
            .collect::<Result<Vec<_>, _>>()?;
        let only_counted = |query: String, request: &SearchRequest| SearchRequest {
            query,
            matching: Matching::All,
            limit: 0,
            facets: Vec::new(),
            ..request.clone()
        };
        let quoted = |query: &str| query.split(' ').map(|word| format!("\"{word}\" ")).collect::<String>();
        Ok(Self {
            literal: requests
                .iter()
                .map(|request| only_counted(request.query.clone(), request))
                .collect(),
            quoted: requests
                .iter()
                .map(|request| {
                    only_counted(
                        if request.query.is_empty() {
                            String::new()
                        } else {
                            quoted(&request.query)
                        },
                        request,
                    )
                })
                .collect(),
            requests,
            keystrokes: queries::read(keystrokes)?.into_iter().map(|typed| typed.q).collect(),
        })
    }

    /// How many there are, by mode.
    pub fn len(&self) -> impl Fn(&str) -> usize + Sync {
        let (requests, keystrokes) = (self.requests.len(), self.keystrokes.len());
        move |mode| if mode == "suggest" { keystrokes } else { requests }
    }
}

//! The queries, as `queries.py` wrote them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use rex_api::{Query, UnknownParameters};
use rex_query::SearchRequest;
use serde::Deserialize;

use crate::Failure;

/// One query or keystroke.
#[derive(Deserialize)]
pub struct Typed {
    /// What was typed.
    pub q: String,
    /// Values by the facet they narrow.
    #[serde(default)]
    filters: BTreeMap<String, Vec<String>>,
    /// The order, where it is not that of relevance.
    tri: Option<String>,
}

impl Typed {
    /// As Rex is asked for it: ten hits and every facet.
    ///
    /// # Errors
    /// A parameter that Rex does not know.
    pub fn request(&self) -> Result<SearchRequest, Failure> {
        let filters = self
            .filters
            .iter()
            .flat_map(|(facet, values)| values.iter().map(move |value| (facet.clone(), value.clone())));
        let order = self.tri.iter().map(|order| ("tri".to_owned(), order.clone()));
        let pairs = filters.chain(order).chain([("q".to_owned(), self.q.clone())]);
        let request = Query::from_pairs(pairs).request(UnknownParameters::Refuse);
        request.map_err(|problem| problem.to_string().into())
    }
}

/// Reads JSON lines.
///
/// # Errors
/// A file that cannot be read, and a line that is no query.
pub fn read(path: &Path) -> Result<Vec<Typed>, Failure> {
    let file = File::open(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let lines = BufReader::new(file).lines();
    lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}

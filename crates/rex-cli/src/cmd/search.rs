use std::time::Instant;

use clap::Args;
use rex_api::{FilterError, Query, UnknownParameters, answer_json, resolve_filters};
use rex_corpus::{CpvLabels, nearest_hint};
use rex_query::{Facet, SearchBackend, SearchRequest};
use rex_terminal::Output;

use crate::args::{CorpusPathArgs, IndexPathArg};
use crate::config::Settings;
use crate::ensure_index::{generation_to_read, open_engine};
use crate::failure::UserError;
use crate::terminal;

#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// Words, "an exact phrase", -excluded; "" for all cases; put a query that starts with a dash after --
    #[arg(allow_hyphen_values = true)]
    query: String,
    /// Filter by a facet value, such as procedure="Marché réservé", montant=..200000 or theme=non-renseigne; repeatable
    #[arg(short, long, value_name = "FACET=VALUE", value_parser = filter)]
    filter: Vec<(String, String)>,
    /// Which words a hit holds: all, or most where it scores as high [default: most]
    #[arg(long, value_name = "WORDS")]
    matching: Option<String>,
    /// Sort order: pertinence, montant, -montant, date, -date, duree, -duree, titre
    #[arg(short, long, value_name = "ORDER", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Page number, from 1
    #[arg(long, value_name = "N")]
    page: Option<String>,
    /// Hits per page, at most 100 [default: 10]
    #[arg(long, value_name = "N")]
    per_page: Option<String>,
    /// Print the JSON of GET /v1/search
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    places: CorpusPathArgs,
    #[command(flatten)]
    index: IndexPathArg,
}

/// Searches and prints the answer.
pub(crate) fn run(args: &SearchArgs) -> anyhow::Result<()> {
    let request = parameters(args)?
        .request(UnknownParameters::Refuse)
        .map_err(|problem| UserError(problem.to_string()))?;
    let settings = Settings::resolve(&args.places, Some(&args.index), None)?;
    let generation = generation_to_read(&settings)?;
    search(&open_engine(&settings, generation)?, request, &settings.cpv, args.json)
}

fn search(
    backend: &dyn SearchBackend,
    request: SearchRequest,
    labels: &CpvLabels,
    as_json: bool,
) -> anyhow::Result<()> {
    let request = resolve_filters(backend, request).map_err(|error| match error {
        FilterError::Unknown(problem) => anyhow::Error::from(UserError(problem.to_string())),
        FilterError::Search(error) => error.into(),
    })?;
    let started = Instant::now();
    let response = backend.search(&request)?;
    let took = started.elapsed();
    if as_json {
        let json = answer_json(labels, &request, &response, took)?;
        Output::stdout().json(&String::from_utf8_lossy(&json))?;
    } else {
        terminal::answer(&mut Output::stdout(), labels, &request, &response, took)?;
    }
    Ok(())
}

/// The arguments as API parameters, so that both are checked by the same code.
fn parameters(args: &SearchArgs) -> Result<Query, UserError> {
    let facets = || Facet::ALL.into_iter().map(Facet::name);
    if let Some((name, _)) = args.filter.iter().find(|(name, _)| Facet::from_name(name).is_none()) {
        return Err(UserError(format!(
            "--filter: \"{name}\" is not a facet{}",
            nearest_hint(name, facets())
        )));
    }
    let plain = [
        ("q", Some(&args.query)),
        ("matching", args.matching.as_ref()),
        ("tri", args.sort.as_ref()),
        ("page", args.page.as_ref()),
        ("par_page", args.per_page.as_ref()),
    ];
    let plain = plain
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.clone())));
    Ok(Query::from_pairs(plain.chain(args.filter.iter().cloned())))
}

fn filter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("expected FACET=VALUE, such as nature=services")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

//! Switches of generation under load: every answer comes from a single generation.

use std::collections::BTreeMap;
use std::fs;

use rex_tests::{Client, Site, made};
use serde_json::json;

use crate::client::{self, Built, Load, Tally, extent, figure};

/// The corpora that are indexed in turn: the procedure of all cases, and the number of cases.
const CORPORA: [(&str, u64); 3] = [
    ("Procédure adaptée", 12),
    ("Appel d'offres ouvert", 19),
    ("Procédure avec négociation", 27),
];

#[test]
fn two_hundred_switches_fail_no_request_and_mix_no_generations() {
    let turns = extent(8, 200);
    let site = Site::empty().patient();
    let first = become_corpus(&site, 0);
    let mut names = BTreeMap::from([(first.name, 0)]);
    let server = site.serve();
    let load = Load::start(&server, 4, ask);
    for turn in 1..=turns {
        let corpus = turn % CORPORA.len();
        names.insert(become_corpus(&site, corpus).name, corpus);
        wait_until_served(&server, corpus);
    }
    check("indexed", turns, &load.stop(), &names);
}

#[test]
fn going_back_and_forth_fails_no_request_and_mixes_no_generations() {
    let turns = extent(30, 200);
    let site = Site::empty().patient();
    let built: Vec<_> = (0..CORPORA.len()).map(|corpus| become_corpus(&site, corpus)).collect();
    let names = built
        .iter()
        .enumerate()
        .map(|(corpus, built)| (built.name.clone(), corpus))
        .collect();
    let server = site.serve();
    let load = Load::start(&server, 4, ask);
    for turn in 0..turns {
        let corpus = turn % CORPORA.len();
        let name = &built[corpus].name;
        let ran = site.run(&["rollback", name]);
        assert_eq!(ran.code(), Some(0), "{ran:?}");
        assert_eq!(ran.stdout(), format!("{name} is current\n"));
        assert_eq!(client::assert_current_is_complete(&client::index_of(&site)).name, *name);
        wait_until_served(&server, corpus);
    }
    check("rolled back", turns, &load.stop(), &names);
}

/// Replaces the corpus and builds the index.
fn become_corpus(site: &Site, corpus: usize) -> Built {
    let (procedure, count) = CORPORA[corpus];
    let records = made::records(count as usize).map(|mut record| {
        record["procedure"] = json!(procedure);
        record["titre"] = json!(format!(
            "{} {}",
            mark(corpus),
            record["titre"].as_str().unwrap_or_default()
        ));
        record
    });
    let next = site.path().join("corpus/.next");
    fs::write(&next, made::lines(records)).expect("a file");
    fs::rename(next, site.path().join("corpus/contrats.jsonl")).expect("a file to rename");
    let built = client::build(site);
    assert_eq!(built.records, count);
    built
}

/// The word in every title of one corpus only.
fn mark(corpus: usize) -> &'static str {
    ["Abeille", "Baleine", "Cigogne"][corpus]
}

fn wait_until_served(server: &rex_tests::Server, corpus: usize) {
    let client = Client::of(server.address());
    rex_tests::until(&format!("corpus {corpus} is served"), || {
        client::search(&client, "q=").is_ok_and(|answer| answer["total"] == CORPORA[corpus].1)
    });
}

/// Sends one of two requests and checks that the whole answer is of one corpus; the note is its generation.
fn ask(client: &Client, number: usize) -> Result<String, String> {
    if number.is_multiple_of(4) {
        ask_page(client)
    } else {
        ask_search(client)
    }
}

fn ask_search(client: &Client) -> Result<String, String> {
    let answer = client::search(client, "q=contrat&par_page=100")?;
    let total = answer["total"].as_u64().unwrap_or_default();
    let corpus = CORPORA
        .iter()
        .position(|(_, count)| *count == total)
        .ok_or(format!("{total} hits are of no corpus"))?;
    let (procedure, _) = CORPORA[corpus];
    let hits = answer["hits"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_of_it = |hit: &serde_json::Value| {
        hit["record"]["procedure"] == procedure
            && hit["title"]
                .as_str()
                .is_some_and(|title| title.starts_with(mark(corpus)))
    };
    if hits.len() as u64 != total || !hits.iter().all(is_of_it) {
        return Err(format!("hits of another corpus than the total {total}: {hits:?}"));
    }
    let counts: Vec<_> = rex_tests::values(&answer, "procedure")
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .collect();
    if counts != [(procedure.to_owned(), total)] {
        return Err(format!("{counts:?} are counted among {total} of {procedure}"));
    }
    let themes: u64 = rex_tests::values(&answer, "theme").iter().map(|(_, count)| count).sum();
    if themes != total {
        return Err(format!("{themes} themes are counted among {total}"));
    }
    Ok(format!(
        "{} {corpus}",
        answer["generation"].as_str().unwrap_or_default()
    ))
}

fn ask_page(client: &Client) -> Result<String, String> {
    let page = client
        .get("/recherche?q=contrat&par_page=100")
        .map_err(|error| format!("no page: {error}"))?;
    if page.status != 200 {
        return Err(format!("a page has status {}", page.status));
    }
    let of: Vec<usize> = (0..CORPORA.len())
        .filter(|corpus| page.body.contains(mark(*corpus)))
        .collect();
    let [corpus] = of[..] else {
        return Err(format!("a page holds cases of the corpora {of:?}"));
    };
    let (_, count) = CORPORA[corpus];
    let hits = page.body.matches(&format!("{} <mark>", mark(corpus))).count() as u64;
    if hits != count || !page.body.contains(&format!("{count}\u{a0}cas")) {
        return Err(format!("a page of corpus {corpus} has {hits} hits"));
    }
    let natures = page.body.lines().filter(|line| line.contains("name=\"nature\""));
    let natures = natures.filter_map(|line| line.split("<span class=\"count\">").nth(1)?.split('<').next());
    let natures: u64 = natures.filter_map(|natures| natures.parse::<u64>().ok()).sum();
    if natures != count {
        return Err(format!("{natures} natures are counted on a page of {count} cases"));
    }
    Ok(format!("page {corpus}"))
}

fn check(done: &str, turns: usize, tally: &Tally, names: &BTreeMap<String, usize>) {
    tally.assert_no_failure();
    for note in tally.seen.keys().filter(|note| !note.starts_with("page")) {
        let (name, corpus) = note.split_once(' ').expect("a name and a corpus");
        let right = names.get(name).map(ToString::to_string);
        assert_eq!(right.as_deref(), Some(corpus), "{name} answered with corpus {corpus}");
    }
    figure(format_args!(
        "{turns} times {done}, {} answers, 0 failed, 0 mixed",
        tally.answers()
    ));
}

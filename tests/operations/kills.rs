//! Builds killed at random moments, while a server answers searches.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rex_tests::{Client, Site};

use crate::client::{self, Load, extent, figure};

#[test]
fn builds_killed_at_any_moment_leave_a_complete_generation_and_no_failed_request() {
    kills(extent(15, 500));
}

#[test]
fn builders_beside_each_other_wait_their_turn() {
    let site = Site::shipped().patient();
    let mut corpus = Corpus::new(5);
    corpus.write(&site);
    let rounds = extent(2, 50);
    for _ in 0..rounds {
        corpus.change(&site);
        let start = |_| {
            let mut build = site.command(&["index"]);
            build
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("rex runs")
        };
        let builds: Vec<_> = (0..3).map(start).collect();
        let ends = builds
            .into_iter()
            .map(|build| build.wait_with_output().expect("a build that ended"));
        let names = ends.map(|end| {
            assert!(end.status.success(), "{end:?}");
            let said = String::from_utf8(end.stdout).expect("rex speaks UTF-8");
            said.split(' ').next().unwrap_or_default().to_owned()
        });
        let names: BTreeSet<_> = names.collect();
        assert_eq!(
            names,
            BTreeSet::from([client::assert_index_is_sound(&site).name]),
            "one builds, the others find it done"
        );
    }
    figure(format_args!(
        "{rounds} times three builds at once, each time one generation"
    ));
}

fn kills(count: usize) {
    let site = Site::shipped();
    let mut corpus = Corpus::new(20);
    corpus.write(&site);
    let first = client::build(&site);
    let seen = Arc::new(Mutex::new(BTreeMap::from([(first.name, first.records)])));
    let mut server = site.serve();
    let load = Load::start(&server, 2, ask);
    let length = build_length(&site, &mut corpus, &seen);
    let mut chance = fastrand::Rng::with_seed(7);
    let (mut killed, mut rounds) = (0, 0);
    while killed < count {
        rounds += 1;
        assert!(rounds <= 4 * count, "{killed} of {rounds} builds were killed: too few");
        corpus.change(&site);
        let mut build = site.command(&["index"]);
        let mut build = build
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("rex runs");
        thread::sleep(length.mul_f64(chance.f64()));
        build.kill().expect("a build to kill");
        killed += usize::from(build.wait().expect("a build that ended").signal() == Some(9));
        let current = client::assert_current_is_complete(&client::index_of(&site));
        seen.lock().expect("no panic").insert(current.name, current.records);
        client::search(&Client::of(server.address()), "q=").expect("a server that answers");
    }
    corpus.change(&site);
    let last = client::build(&site);
    assert!(server.is_alive());
    seen.lock().expect("no panic").insert(last.name.clone(), last.records);
    let tally = load.stop();
    tally.assert_no_failure();
    let seen = seen.lock().expect("no panic");
    for note in tally.seen.keys() {
        let (name, total) = note.split_once(' ').expect("a name and a total");
        assert_eq!(
            seen.get(name).map(ToString::to_string).as_deref(),
            Some(total),
            "{note} was never current"
        );
    }
    assert_eq!(site.serve().get("/ready").json()["generation"], *last.name);
    figure(format_args!(
        "{killed} of {rounds} builds killed within {length:?}, {} generations became current, {} searches answered, 0 failed",
        seen.len(),
        tally.answers()
    ));
}

/// Checks that the total equals the sum of a facet that every case has once; the note is the generation.
fn ask(client: &Client, _: usize) -> Result<String, String> {
    let answer = client::search(client, "q=&par_page=100&facettes=annee")?;
    let total = answer["total"].as_u64().ok_or("no total")?;
    let hits = answer["hits"].as_array().map_or(0, Vec::len) as u64;
    let counted: u64 = rex_tests::values(&answer, "annee").iter().map(|(_, count)| count).sum();
    let missing = answer["facets"]["annee"]["missing"].as_u64().unwrap_or_default();
    if total != hits || total != counted + missing {
        return Err(format!(
            "{total} cases, {hits} hits, {counted} with a year, {missing} without"
        ));
    }
    Ok(format!("{} {total}", answer["generation"].as_str().unwrap_or_default()))
}

/// The duration of a build under load.
fn build_length(site: &Site, corpus: &mut Corpus, seen: &Mutex<BTreeMap<String, u64>>) -> Duration {
    let times = (0..3).map(|_| {
        corpus.change(site);
        let begun = Instant::now();
        let built = client::build(site);
        let length = begun.elapsed();
        seen.lock().expect("no panic").insert(built.name, built.records);
        length
    });
    times.max().expect("some builds")
}

/// Cases; each change modifies, adds or removes one.
struct Corpus {
    cases: BTreeMap<usize, usize>,
    changes: usize,
}

impl Corpus {
    fn new(cases: usize) -> Self {
        Self {
            cases: (0..cases).map(|number| (number, 0)).collect(),
            changes: 0,
        }
    }

    fn write(&self, site: &Site) {
        for number in self.cases.keys() {
            self.write_case(site, *number);
        }
    }

    fn write_case(&self, site: &Site, number: usize) {
        let version = self.cases[&number];
        let year = 2019 + (number + version) % 5;
        let text = format!(
            "---\ntitre: Contrat {number}, version {version}\ndate: {year}\n---\n## Besoin\nRamasser {version} cartons.\n"
        );
        site.write(&format!("corpus/contrat-{number:04}.md"), text);
    }

    fn change(&mut self, site: &Site) {
        self.changes += 1;
        let last = *self.cases.keys().next_back().expect("some cases");
        match self.changes % 3 {
            0 => {
                self.cases.remove(&last);
                std::fs::remove_file(site.path().join(format!("corpus/contrat-{last:04}.md")))
                    .expect("a case to remove");
            }
            1 => {
                self.cases.insert(last + 1, self.changes);
                self.write_case(site, last + 1);
            }
            _ => {
                let number = self.changes % self.cases.len();
                let number = *self.cases.keys().nth(number).expect("a case");
                self.cases.insert(number, self.changes);
                self.write_case(site, number);
            }
        }
    }
}

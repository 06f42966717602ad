//! Every file of a generation truncated, emptied, changed or removed, with and without a running server.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rex_tests::Site;
use serde_json::Value;

use crate::client::{self, Answers, Built, answers, extent, figure, forget};

/// A damage to a file.
#[derive(Debug, Clone, Copy)]
enum Damage {
    Halved,
    Emptied,
    /// A changed byte at the start, in the middle, at the end.
    Flipped(usize),
    Deleted,
}

const DAMAGES: [Damage; 6] = [
    Damage::Halved,
    Damage::Emptied,
    Damage::Flipped(0),
    Damage::Flipped(1),
    Damage::Flipped(2),
    Damage::Deleted,
];

impl Damage {
    /// The damaged content; `None` to remove the file.
    fn of(self, bytes: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Halved => Some(bytes[..bytes.len() / 2].to_vec()),
            Self::Emptied => Some(Vec::new()),
            Self::Flipped(place) => {
                let mut bytes = bytes.to_vec();
                let last = bytes.len().saturating_sub(1);
                if let Some(byte) = bytes.get_mut(last * place / 2) {
                    *byte ^= 0x20;
                }
                Some(bytes)
            }
            Self::Deleted => None,
        }
    }
}

#[test]
fn damage_at_rest_is_told_and_the_generation_before_is_served() {
    let fixture = Fixture::new();
    // An invalid case prevents builds, so the served generation is an existing one.
    fixture.site.write("corpus/mauvais.md", "---\ntitre: X\ncpv: 1\n---\n");
    let tried = fixture.try_all(
        extent(14, usize::MAX),
        Placed::Anew,
        || (),
        |(), what| {
            if !what.starts_with("current") {
                fixture.verify_tells()?;
            }
            let server = fixture.site.serve();
            let said = server.said();
            let wanted = if what.starts_with("current") {
                &fixture.answers[&fixture.new.name]
            } else {
                &fixture.answers[&fixture.old.name]
            };
            let found = answers(&server)?;
            // Without `current` the newest generation is served, which is intact; `current` may also name the older one.
            let is_right = found == *wanted
                || what.starts_with("current") && fixture.answers.values().any(|known| *known == found);
            if !is_right {
                return Err(format!("answers of {}, it said {said:?}", found[0].2["generation"]));
            }
            if !what.starts_with("current") && !said.iter().any(|line| line.contains(&fixture.new.name)) {
                return Err(format!("it does not say what it passed over: {said:?}"));
            }
            Ok(())
        },
    );
    figure(format_args!(
        "damage at rest: {tried} tried, each told by rex verify and passed over by rex serve"
    ));
}

#[test]
fn damage_under_a_server_changes_no_answer() {
    let fixture = Fixture::new();
    fixture.site.write("corpus/mauvais.md", "---\ntitre: X\ncpv: 1\n---\n");
    let start = || fixture.site.serve();
    let tried = fixture.try_all(extent(14, usize::MAX), Placed::InPlace, start, |mut server, _| {
        for _ in 0..3 {
            let found = answers(&server)?;
            if !fixture.answers.values().any(|known| *known == found) {
                return Err(format!("wrong answers: {found:?}"));
            }
        }
        if server.is_alive() {
            Ok(())
        } else {
            Err("the server died".to_owned())
        }
    });
    figure(format_args!("damage under a server: {tried} tried, every answer right"));
}

#[test]
fn a_damaged_generation_is_built_anew_from_the_corpus() {
    let fixture = Fixture::new();
    let tried = fixture.try_all(
        extent(14, usize::MAX),
        Placed::InPlace,
        || (),
        |(), what| {
            let built = fixture.site.run(&["index"]);
            if built.code() != Some(0) {
                return Err(format!("rex index: {built:?}"));
            }
            let current = client::assert_current_is_complete(&client::index_of(&fixture.site));
            let mut found = answers(&fixture.site.serve())?;
            let mut wanted = fixture.answers[&fixture.new.name].clone();
            for (_, _, answer) in found.iter_mut().chain(&mut wanted) {
                forget(answer, "generation");
            }
            if found != wanted {
                return Err(format!("{what}: {} answers otherwise", current.name));
            }
            Ok(())
        },
    );
    figure(format_args!(
        "damage repaired: {tried} tried, each built anew by rex index"
    ));
}

#[test]
fn another_format_or_analyzer_is_said_and_built_anew() {
    for key in ["format", "analyzer"] {
        let fixture = Fixture::new();
        let manifest = client::index_of(&fixture.site)
            .join(&fixture.new.name)
            .join("manifest.json");
        let mut changed: Value = serde_json::from_slice(&fs::read(&manifest).expect("a manifest")).expect("JSON");
        changed[key] = 999.into();
        fs::write(&manifest, changed.to_string()).expect("a manifest to write");
        let digest = client::digest(changed.to_string().as_bytes());
        fs::write(
            manifest.with_file_name("manifest.sha256"),
            format!("{digest}  manifest.json\n"),
        )
        .expect("a digest");
        let bad = fixture.site.path().join("corpus/mauvais.md");
        fs::write(&bad, "---\ntitre: X\ncpv: 1\n---\n").expect("a file");
        let server = fixture.site.serve();
        assert_eq!(answers(&server).as_ref(), Ok(&fixture.answers[&fixture.old.name]));
        // Long enough for another poll of the index, which must not log the same again.
        thread::sleep(Duration::from_secs(2));
        let said = server.said();
        assert_eq!(
            said.iter()
                .filter(|line| line.contains(key) && line.contains("999"))
                .count(),
            1,
            "{said:?}"
        );
        drop(server);
        fs::remove_file(bad).expect("a file to remove");
        let ran = fixture.site.run(&["index"]);
        assert_eq!((ran.code(), ran.stderr().lines().count()), (Some(0), 1), "{ran:?}");
        assert!(ran.stderr().contains("999"), "{ran:?}");
        client::assert_current_is_complete(&client::index_of(&fixture.site));
    }
}

/// How the damage is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placed {
    /// A new file under the same name: hard links in other generations are unchanged.
    Anew,
    /// In place: all hard links and open files change too.
    InPlace,
}

/// A site with two generations whose answers differ.
struct Fixture {
    site: Site,
    old: Built,
    new: Built,
    /// The answers of each generation.
    answers: BTreeMap<String, Answers>,
}

impl Fixture {
    fn new() -> Self {
        let site = Site::shipped().patient();
        let mut answered = BTreeMap::new();
        let mut build = || {
            let built = client::build(&site);
            answered.insert(built.name.clone(), answers(&site.serve()).expect("answers"));
            built
        };
        let old = build();
        site.write(
            "corpus/nouveau.md",
            "---\ntitre: Des cartons et une licorne\nprocedure: Procédure adaptée\n---\n## S\nInsertion.\n",
        );
        let new = build();
        Self {
            site,
            old,
            new,
            answers: answered,
        }
    }

    /// Tries all damages or a sample: runs `begin`, damages a file, runs `end`, restores the index.
    ///
    /// # Panics
    /// If any of them fails, with all failures.
    fn try_all<T>(
        &self,
        most: usize,
        placed: Placed,
        begin: impl Fn() -> T,
        end: impl Fn(T, &str) -> Result<(), String>,
    ) -> usize {
        let index = client::index_of(&self.site);
        let files = client::names(&index.join(&self.new.name))
            .into_iter()
            .map(|name| Path::new(&self.new.name).join(name));
        let files = files.chain([PathBuf::from("current")]);
        let all: Vec<_> = files
            .flat_map(|file| DAMAGES.map(|damage| (file.clone(), damage)))
            .collect();
        let mut chosen: Vec<_> = (0..all.len()).collect();
        fastrand::Rng::with_seed(11).shuffle(&mut chosen);
        let copy = self.site.path().join("copy");
        client::copy_folder(&index, &copy);
        let (mut tried, mut wrong) = (0, Vec::new());
        for (file, damage) in chosen.into_iter().map(|number| &all[number]) {
            let path = index.join(file);
            let bytes = fs::read(&path).expect("a file to damage");
            let damaged = damage.of(&bytes);
            if tried == most || damaged.as_deref() == Some(&bytes) {
                continue;
            }
            tried += 1;
            let begun = begin();
            apply(&path, damaged, placed);
            let what = format!("{}, {damage:?}", file.display());
            if let Err(reason) = end(begun, &what) {
                wrong.push(format!("{what}: {reason}"));
            }
            fs::remove_dir_all(&index).expect("an index to put back");
            client::copy_folder(&copy, &index);
        }
        assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
        tried
    }

    fn verify_tells(&self) -> Result<(), String> {
        let verified = self.site.run(&["verify"]);
        let told = format!("{} damaged: ", self.new.name);
        let is_told = verified.code() == Some(1) && verified.stdout().lines().any(|line| line.starts_with(&told));
        let other = format!("{} intact, ", self.old.name);
        if is_told && verified.stdout().contains(&other) {
            Ok(())
        } else {
            Err(format!("rex verify: {verified:?}"))
        }
    }
}

fn apply(path: &Path, content: Option<Vec<u8>>, placed: Placed) {
    let Some(content) = content else {
        fs::remove_file(path).expect("a file to remove");
        return;
    };
    if placed == Placed::Anew {
        fs::remove_file(path).expect("a file to replace");
    }
    fs::write(path, content).expect("a file to damage");
}

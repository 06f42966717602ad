//! A copy of the index folder, made at any moment, is a backup; copying it back restores it.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use rex_tests::Site;

use crate::client::{self, answers, copy_folder, extent, figure, index_of};

/// An invalid case that prevents builds, so that the served index is the restored one.
const MISTAKE: &str = "---\ntitre: X\ncpv: 1\n---\n";

#[test]
fn a_copy_of_the_served_index_answers_the_same_elsewhere() {
    let site = Site::shipped();
    client::build(&site);
    site.write("corpus/nouveau.md", "---\ntitre: Une licorne\n---\n");
    let server = site.serve();
    let wanted = answers(&server);
    let elsewhere = Site::shipped();
    copy_folder(&index_of(&site), &index_of(&elsewhere));
    drop(server);
    elsewhere.write("corpus/nouveau.md", "---\ntitre: Une licorne\n---\n");
    let built = elsewhere.generations();
    assert_eq!(answers(&elsewhere.serve()), wanted);
    assert_eq!(elsewhere.generations(), built, "it was built again");
    let verified = elsewhere.run(&["verify"]);
    assert_eq!(
        (verified.code(), verified.stdout().lines().count()),
        (Some(0), 2),
        "{verified:?}"
    );
}

#[test]
fn one_generation_and_the_pointer_are_a_backup() {
    let site = Site::shipped();
    client::build(&site);
    site.write("corpus/nouveau.md", "---\ntitre: Une licorne\n---\n");
    let current = client::build(&site);
    let wanted = answers(&site.serve());
    let elsewhere = Site::empty();
    elsewhere.write("corpus/mauvais.md", MISTAKE);
    fs::create_dir(index_of(&elsewhere)).expect("a folder");
    for name in [&current.name, "current"] {
        copy_folder(&index_of(&site).join(name), &index_of(&elsewhere).join(name));
    }
    assert_eq!(answers(&elsewhere.serve()), wanted);
    assert_eq!(client::assert_index_is_sound(&elsewhere), current);
}

#[test]
fn a_copy_made_during_builds_serves_a_complete_generation() {
    let site = Arc::new(Site::shipped());
    client::build(&site);
    let copies = extent(5, 50);
    let builds = Builds::of(&site);
    for copy in 0..copies {
        let elsewhere = Site::empty();
        elsewhere.write("corpus/mauvais.md", MISTAKE);
        // `cp` reports temporary files of a build that vanish before they are copied, and continues.
        let copied = Command::new("cp")
            .arg("-a")
            .args([index_of(&site), index_of(&elsewhere)])
            .output();
        copied.expect("cp runs");
        let served = elsewhere.serve().search("q=");
        let name = served["generation"].as_str().expect("a name");
        let built = client::complete(&index_of(&elsewhere), name).expect("a complete generation");
        assert_eq!(served["total"], built.records, "copy {copy}");
    }
    let built = builds.stop();
    figure(format_args!(
        "{copies} copies made during {built} builds, each served a complete generation"
    ));
}

/// Builds one index after the other, until stopped.
struct Builds {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<usize>>,
}

impl Builds {
    fn of(site: &Arc<Site>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (site, stopped) = (Arc::clone(site), Arc::clone(&stop));
        let build = move || {
            let mut version = 0;
            while !stopped.load(Ordering::Relaxed) {
                version += 1;
                site.write("corpus/change.md", format!("---\ntitre: Licorne {version}\n---\n"));
                client::build(&site);
            }
            version
        };
        Self {
            stop,
            thread: Some(thread::spawn(build)),
        }
    }

    fn stop(mut self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        let thread = self.thread.take().expect("it is stopped once");
        thread.join().expect("builds that succeed")
    }
}

impl Drop for Builds {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

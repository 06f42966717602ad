//! Start and stop, and indexing only what changed.

use rex_tests::Site;

#[test]
fn the_first_start_indexes_and_the_second_does_not() {
    let site = Site::shipped();
    let first = site.serve();
    assert_eq!(first.get("/health").json()["status"], "available");
    let ready = first.get("/ready").json();
    assert_eq!(ready["cases"], 5);
    drop(first);
    let built = site.generations();
    assert_eq!(built.len(), 1);

    let second = site.serve();
    assert_eq!(second.get("/ready").json()["generation"], ready["generation"]);
    assert_eq!(site.generations(), built);
}

#[test]
fn a_changed_corpus_is_indexed_again() {
    let site = Site::shipped();
    drop(site.serve());
    site.write("corpus/nouveau.md", "---\ntitre: Une licorne\n---\n");
    let server = site.serve();
    assert_eq!(server.search("q=licorne")["total"], 1);
    assert_eq!(site.generations().len(), 2);
}

#[test]
fn a_corpus_that_broke_does_not_stop_the_service() {
    let site = Site::shipped();
    drop(site.serve());
    site.write("corpus/mauvais.md", "---\ntitre: X\ncpv: 1\n---\n");
    let server = site.serve();
    assert_eq!(server.get("/ready").json()["cases"], 5);
}

#[test]
fn ctrl_c_and_sigterm_end_it_cleanly() {
    let site = Site::shipped();
    for signal in ["-INT", "-TERM"] {
        let server = site.serve();
        assert_eq!(server.get("/health").status, 200);
        assert_eq!(server.stop(signal).code(), Some(0), "{signal}");
    }
}

#[test]
fn a_damaged_index_is_said_and_built_again() {
    let site = Site::shipped();
    site.run(&["index"]);
    let generation = site.generations().remove(0);
    site.write(&format!("index/{generation}/meta.json"), "{}");
    let ran = site.run(&["search", "bambou"]);
    assert!(
        ran.stderr().starts_with(&format!(
            "rex: generation {generation} cannot be used: its file meta.json "
        )),
        "{}",
        ran.stderr()
    );
    assert_eq!((ran.code(), ran.stderr().lines().count()), (Some(0), 1));
    assert!(ran.stdout().starts_with("1 case in "));
    assert_eq!(site.generations().len(), 2);
}

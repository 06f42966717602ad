//! Builds from nothing: what a generation holds, what a failed or dead build leaves, gates and locks.

use std::fs;

use rex_index::IndexError;
use rex_index::doc_store::RecordDecoder;
use rex_index::schema::fields::Fields;
use tantivy::Index;

use super::*;
use crate::build::fixture::{Fixture, entries};

#[test]
fn builds_once_and_again_when_the_corpus_changes() {
    let fixture = Fixture::new();
    let first = fixture.built();
    assert_eq!(first.manifest.records, 1);
    assert!(matches!(fixture.build().unwrap(), BuildOutcome::UpToDate(same) if same.name == first.name));
    fixture.write("b.md", "---\ntitre: B\n---\n");
    let second = fixture.built();
    assert_eq!(second.manifest.records, 2);
    assert_eq!(fixture.index.current().unwrap().unwrap().name, second.name);
}

#[test]
fn other_labels_are_another_index() {
    let fixture = Fixture::new();
    fixture.write("a.md", "---\ntitre: A\ncpv: 90911200\n---\n");
    let list = fixture.index.path().with_file_name("list.csv");
    fs::write(&list, "CODE,FR\n90911200-8,Services de nettoyage de bâtiments\n").unwrap();
    let labels = CpvLabels::read(&list).unwrap();
    let holding = |generation: &Generation, word: &str| {
        let index = Index::open(generation.directory().unwrap()).unwrap();
        let (_, fields) = Fields::schema();
        let stem = &rex_analysis::analyze(word)[0].stem;
        let term = tantivy::Term::from_field_text(fields.cpv_label, stem);
        index.reader().unwrap().searcher().doc_freq(&term).unwrap()
    };
    assert_eq!(holding(&fixture.built(), "nettoyage"), 0);
    let labelled = fixture.build_with(&labels).unwrap();
    let BuildOutcome::Built(labelled) = labelled else {
        panic!("the labels are not part of the digest");
    };
    assert_eq!(
        (holding(&labelled, "nettoyage"), holding(&labelled, "bâtiment")),
        (1, 1)
    );
    assert!(matches!(
        fixture.build_with(&labels).unwrap(),
        BuildOutcome::UpToDate(_)
    ));
}

#[test]
fn an_index_is_one_segment_in_the_order_of_the_corpus() {
    let fixture = Fixture::new();
    fixture.write(
        "b.jsonl",
        "{\"id\":\"b\",\"titre\":\"B\"}\n{\"id\":\"c\",\"titre\":\"C\"}\n",
    );
    let directory = fixture.built().directory().unwrap();
    let searcher = Index::open(directory.clone()).unwrap().reader().unwrap().searcher();
    assert_eq!(searcher.segment_readers().len(), 1);
    let records = RecordDecoder::open(&*directory).unwrap();
    let order = [0, 1, 2].map(|document| {
        let stored = searcher.doc(tantivy::DocAddress::new(0, document)).unwrap();
        records.record(&stored).unwrap().id
    });
    assert_eq!(order, ["a", "b", "c"]);
}

#[test]
fn a_corpus_with_problems_leaves_the_current_generation() {
    let fixture = Fixture::new();
    let good = fixture.built();
    fixture.write("b.md", "---\ntitre: B\ncpv: 1\n---\n");
    let Err(BuildError::Problems(report)) = fixture.build() else {
        panic!("built from a bad corpus");
    };
    assert_eq!(report.problem_count(), 1);
    assert_eq!(fixture.index.current().unwrap().unwrap().name, good.name);
    let left: Vec<_> = fs::read_dir(fixture.index.path())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert!(!left.iter().any(|name| name == ".building"), "{left:?}");
}

#[test]
fn what_a_dead_build_left_is_cleared_away() {
    let fixture = Fixture::new();
    let building = fixture.index.path().join(".building");
    fs::create_dir_all(&building).unwrap();
    for name in ["half-written", ".rows.scratch", ".ids-0.scratch"] {
        fs::write(building.join(name), "x").unwrap();
    }
    let generation = fixture.built();
    assert!(!generation.path.join("half-written").exists() && !building.exists());
}

#[test]
fn a_generation_has_no_temporary_file() {
    let fixture = Fixture::new();
    let scratch = |generation: &Generation| {
        let names = fs::read_dir(&generation.path)
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name());
        names
            .filter(|name| name.to_string_lossy().ends_with(".scratch"))
            .count()
    };
    assert_eq!(scratch(&fixture.built()), 0);
    // An incremental build uses one for the facet columns too.
    fixture.write("b.md", "---\ntitre: B\n---\n");
    assert_eq!(scratch(&fixture.built()), 0);
}

#[test]
fn a_damaged_generation_is_passed_over_for_the_one_before() {
    let fixture = Fixture::new();
    let first = fixture.built();
    fixture.write("b.md", "---\ntitre: B\n---\n");
    let second = fixture.built();
    let file = second.manifest.files.keys().next().unwrap();
    fs::write(second.path.join(file), "").unwrap();
    let (served, passed_over) = fixture.index.usable();
    assert_eq!(served.unwrap().name, first.name);
    assert_eq!(passed_over.len(), 1);
    assert!(passed_over[0].contains("cannot be used: its file "), "{passed_over:?}");
    assert!(passed_over[0].ends_with("run `rex index` to build it again"));
    assert_eq!(fixture.built().manifest.records, 2);
}

#[test]
fn damage_that_keeps_the_size_is_seen() {
    let fixture = Fixture::new();
    let generation = fixture.built();
    for (file, entry) in generation.manifest.files.iter().filter(|(_, entry)| entry.bytes > 0) {
        let path = generation.path.join(file);
        let good = fs::read(&path).unwrap();
        fs::write(&path, vec![0xa5; entry.bytes as usize]).unwrap();
        assert!(fixture.index.current().is_err(), "{file}");
        fs::write(&path, good).unwrap();
    }
    assert!(fixture.index.current().is_ok());
}

#[test]
fn a_reader_changes_nothing() {
    let fixture = Fixture::new();
    let generation = fixture.built();
    let list = || {
        fs::read_dir(&generation.path)
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name())
            .collect::<Vec<_>>()
    };
    let before = list();
    Index::open(generation.directory().unwrap())
        .unwrap()
        .reader()
        .unwrap()
        .searcher();
    assert_eq!(list(), before);
}

#[test]
fn another_format_or_analyzer_is_refused_and_built_again() {
    let fixture = Fixture::new();
    let generation = fixture.built();
    let path = generation.path.join(Manifest::FILE);
    let manifest = Manifest {
        analyzer: 0,
        ..generation.manifest
    };
    let (json, digest) = manifest.encode().unwrap();
    fs::write(&path, json).unwrap();
    fs::write(generation.path.join(Manifest::DIGEST_FILE), digest).unwrap();
    let (served, passed_over) = fixture.index.usable();
    assert!(
        served.is_none() && passed_over[0].contains("cut by analyzer 0"),
        "{passed_over:?}"
    );
    fixture.built();
}

#[test]
fn the_last_few_generations_are_kept() {
    let fixture = Fixture::new();
    for turn in 0..5 {
        fixture.write("b.md", &format!("---\ntitre: B{turn}\n---\n"));
        fixture.built();
    }
    let generations = fs::read_dir(fixture.index.path())
        .unwrap()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("g-"));
    assert_eq!(generations.count(), 3);
}

#[test]
fn a_builder_waits_for_another_and_says_so_once() {
    let fixture = Fixture::new();
    let lock = Publisher::of(&fixture.index).lock_at_once().unwrap();
    let said = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let options = BuildOptions {
                notice: &|sentence| said.lock().unwrap().push(sentence.to_owned()),
                ..BuildOptions::default()
            };
            fixture.build_by(&CpvLabels::shipped(), &options).unwrap()
        });
        std::thread::sleep(std::time::Duration::from_millis(1500));
        drop(lock);
        assert!(matches!(waiting.join().unwrap(), BuildOutcome::Built(_)));
    });
    let said = said.into_inner().unwrap();
    assert!(said.len() == 1 && said[0].starts_with("another build in "), "{said:?}");
}

#[test]
fn a_gate_keeps_the_generation_before() {
    let fixture = Fixture::new();
    let good = fixture.built();
    fixture.write("b.md", "---\ntitre: B\n---\n");
    let refuse = |directory: Box<dyn Directory>| {
        let cases = Index::open(directory).unwrap().reader().unwrap().searcher().num_docs();
        Err(BuildError::Refused(format!("{cases} cases are too many")))
    };
    let options = BuildOptions {
        gate: Some(&refuse),
        ..BuildOptions::default()
    };
    let error = fixture.build_by(&CpvLabels::shipped(), &options).unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.is_user_input()),
        ("2 cases are too many", true)
    );
    assert_eq!(fixture.index.current_name().unwrap(), good.name);
    assert_eq!(entries(&fixture), [".lock", "current", &good.name]);
}

#[cfg(unix)]
#[test]
fn a_build_that_cannot_write_the_pointer_leaves_no_generation() {
    let fixture = Fixture::new();
    let good = fixture.built();
    fixture.write("b.md", "---\ntitre: B\n---\n");
    // A rename onto a folder that is not empty is refused.
    let pointer = fixture.index.path().join("current");
    fs::remove_file(&pointer).unwrap();
    fs::create_dir_all(pointer.join("x")).unwrap();
    let error = fixture.build().unwrap_err();
    assert!(
        matches!(error, BuildError::Index(IndexError::Io { action: "write", .. })),
        "{error}"
    );
    assert_eq!(entries(&fixture), [".lock", "current", &good.name]);
    assert_eq!(fixture.index.usable().0.unwrap().name, good.name);
}

//! Updates: which records are kept, and when every record is read again.

use std::fs;

use rex_corpus::CpvLabels;
use tantivy::Index;

use crate::build::builder::{BuildOptions, BuildOutcome};
use crate::build::fixture::{Fixture, entries};
use crate::error::BuildError;

/// Number of records read and kept by an incremental build; `None` for a full build.
fn reuse(outcome: &BuildOutcome) -> Option<(u64, u64)> {
    match outcome {
        BuildOutcome::Updated { anew, kept, .. } => Some((*anew, *kept)),
        _ => None,
    }
}

#[test]
fn only_changed_records_are_read() {
    let fixture = Fixture::new();
    fixture.write(
        "b.jsonl",
        "{\"id\":\"b\",\"titre\":\"B\"}\n{\"id\":\"c\",\"titre\":\"C\"}\n",
    );
    assert_eq!(reuse(&fixture.build().unwrap()), None);
    fixture.write(
        "b.jsonl",
        "{\"id\":\"c\",\"titre\":\"C\"}\n{\"id\":\"b\",\"titre\":\"B bis\"}\n",
    );
    let updated = fixture.build().unwrap();
    assert_eq!(reuse(&updated), Some((1, 2)));
    let updated = updated.generation();
    let index = Index::open(updated.directory().unwrap()).unwrap();
    assert_eq!(index.reader().unwrap().searcher().segment_readers().len(), 1);
    assert!(!fixture.index.path().join(".delta").exists() && updated.verify().is_ok());
    // A record is removed.
    fs::remove_file(fixture.corpus.join("a.md")).unwrap();
    assert_eq!(reuse(&fixture.build().unwrap()), Some((0, 2)));
    // Only the order changes.
    fixture.write(
        "b.jsonl",
        "{\"id\":\"b\",\"titre\":\"B bis\"}\n{\"id\":\"c\",\"titre\":\"C\"}\n",
    );
    assert_eq!(reuse(&fixture.build().unwrap()), Some((0, 2)));
    // Most records are new.
    fixture.write(
        "d.jsonl",
        "{\"id\":\"d\",\"titre\":\"D\"}\n{\"id\":\"e\",\"titre\":\"E\"}\n{\"id\":\"f\",\"titre\":\"F\"}\n",
    );
    assert_eq!(reuse(&fixture.build().unwrap()), None);
}

#[test]
fn an_update_says_every_problem_that_a_full_build_says() {
    let fixture = Fixture::new();
    for name in ["b", "c", "d"] {
        fixture.write(&format!("{name}.md"), "---\ntitre: X\n---\n");
    }
    let good = fixture.built();
    fs::create_dir(fixture.corpus.join("e")).unwrap();
    let problems = || match fixture.build() {
        Err(BuildError::Problems(report)) => report.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    // A copy of a file whose record is kept: same id.
    fixture.write("e/b.md", "---\ntitre: X\n---\n");
    assert!(problems()[0].contains("duplicate id \"b\", first used at "));
    // Another file with the same id, and an invalid case.
    fixture.write("e/b.md", "---\ntitre: Y\n---\n");
    fixture.write("e/f.md", "---\ntitre: F\ncpv: 1\n---\n");
    assert_eq!(problems().len(), 2);
    // Two new records with one id.
    fs::remove_dir_all(fixture.corpus.join("e")).unwrap();
    fixture.write(
        "n.jsonl",
        "{\"id\":\"n\",\"titre\":\"N\"}\n{\"id\":\"n\",\"titre\":\"N bis\"}\n",
    );
    assert!(problems()[0].contains("duplicate id \"n\""));
    assert_eq!(fixture.index.current_name().unwrap(), good.name);
    assert_eq!(entries(&fixture), [".lock", "current", &good.name]);
}

#[test]
fn an_id_may_pass_from_one_record_to_another() {
    let fixture = Fixture::new();
    fixture.write(
        "b.jsonl",
        "{\"id\":\"b\",\"titre\":\"B\"}\n{\"id\":\"c\",\"titre\":\"C\"}\n{\"id\":\"d\",\"titre\":\"D\"}\n",
    );
    fixture.built();
    fixture.write(
        "b.jsonl",
        "{\"id\":\"b\",\"titre\":\"C\"}\n{\"id\":\"d\",\"titre\":\"D\"}\n{\"id\":\"c\",\"titre\":\"B\"}\n",
    );
    let updated = fixture.build().unwrap();
    assert_eq!(reuse(&updated), Some((2, 2)));
    assert_eq!(updated.generation().manifest.records, 4);
}

#[test]
fn other_labels_cause_a_full_build_and_a_notice() {
    let fixture = Fixture::new();
    fixture.built();
    let list = fixture.index.path().with_file_name("list.csv");
    fs::write(&list, "CODE,FR\n90911200-8,Services de nettoyage de bâtiments\n").unwrap();
    let said = std::cell::RefCell::new(Vec::new());
    let options = BuildOptions {
        notice: &|sentence| said.borrow_mut().push(sentence.to_owned()),
        ..BuildOptions::default()
    };
    let built = fixture.build_by(&CpvLabels::read(&list).unwrap(), &options).unwrap();
    assert_eq!(reuse(&built), None);
    assert_eq!(
        *said.borrow(),
        ["the labels of CPV codes changed; every case is read anew"]
    );
}

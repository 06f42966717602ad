//! Updates: which records are kept, and when every record is read again.

use std::fs;

use rex_corpus::CpvLabels;
use tantivy::Index;

use crate::build::builder::{BuildOptions, BuildOutcome};
use crate::build::fixture::{Fixture, entries};
use crate::error::BuildError;

/// How many records the last build read, and how many it kept; none where it read them all.
fn reuse(outcome: &BuildOutcome) -> Option<(u64, u64)> {
    match outcome {
        BuildOutcome::Updated { anew, kept, .. } => Some((*anew, *kept)),
        _ => None,
    }
}

#[test]
fn only_what_changed_is_read_anew() {
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
    // Removed, and nothing new.
    fs::remove_file(fixture.corpus.join("a.md")).unwrap();
    assert_eq!(reuse(&fixture.build().unwrap()), Some((0, 2)));
    // Another order, and nothing else.
    fixture.write(
        "b.jsonl",
        "{\"id\":\"b\",\"titre\":\"B bis\"}\n{\"id\":\"c\",\"titre\":\"C\"}\n",
    );
    assert_eq!(reuse(&fixture.build().unwrap()), Some((0, 2)));
    // Most of it is new.
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
    // The same file twice, whose id is that of a record that is kept.
    fixture.write("e/b.md", "---\ntitre: X\n---\n");
    assert!(problems()[0].contains("duplicate id \"b\", first used at "));
    // Another file of the same id, and one that is no case.
    fixture.write("e/b.md", "---\ntitre: Y\n---\n");
    fixture.write("e/f.md", "---\ntitre: F\ncpv: 1\n---\n");
    assert_eq!(problems().len(), 2);
    // Two new ones of one id.
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
fn what_is_read_another_way_is_read_anew_and_said() {
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

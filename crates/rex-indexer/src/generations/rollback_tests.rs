//! Rolling back, and choosing a generation to serve when some or the pointer are damaged.

use std::fs;

use rex_corpus::CpvLabels;
use rex_index::{Generation, IndexError};

use crate::build::builder::{AfterRollback, BuildOptions, BuildOutcome};
use crate::build::fixture::{Fixture, entries};
use crate::error::BuildError;
use crate::generations::publish::rollback;

/// Three generations, of one, two and three records.
fn three(fixture: &Fixture) -> [Generation; 3] {
    let first = fixture.built();
    fixture.write("b.md", "---\ntitre: B\n---\n");
    let second = fixture.built();
    fixture.write("c.md", "---\ntitre: C\n---\n");
    [first, second, fixture.built()]
}

fn leave() -> BuildOptions<'static> {
    BuildOptions {
        after_rollback: AfterRollback::Leave,
        ..BuildOptions::default()
    }
}

/// Three generations of [`three`] by a clock that was set back before each build: their names sort from the newest to the oldest.
fn three_by_a_clock_set_back(fixture: &Fixture) -> [String; 3] {
    let generations = three(fixture);
    let path = fixture.index.path();
    let names = [
        "g-20220101T000000000Z-0",
        "g-20210101T000000000Z-0",
        "g-20200101T000000000Z-0",
    ];
    for (generation, name) in generations.iter().zip(names) {
        fs::rename(&generation.path, path.join(name)).unwrap();
    }
    fs::write(path.join("current"), format!("{}\n", names[2])).unwrap();
    names.map(str::to_owned)
}

#[test]
fn a_rollback_goes_by_builds_when_the_clock_was_set_back() {
    let fixture = Fixture::new();
    let [first, second, third] = three_by_a_clock_set_back(&fixture);
    let listed: Vec<_> = fixture.index.list().into_iter().map(|listed| listed.name).collect();
    assert_eq!(listed, [third.clone(), second.clone(), first.clone()]);
    let back = |to| rollback(&fixture.index, to, &|_| {}).map(|generation| generation.name);
    assert_eq!(back(None).unwrap(), second);
    assert_eq!(back(None).unwrap(), first);
    assert!(matches!(back(None), Err(BuildError::NothingOlder(_))));
    assert_eq!(fixture.index.rolled_back().len(), 2, "of the second and the third");
    // Going forward by name is no rollback of the first.
    back(Some(&third)).unwrap();
    assert_eq!(fixture.index.rolled_back().len(), 1);
}

#[test]
fn the_generation_before_a_damaged_one_is_served_when_the_clock_was_set_back() {
    let fixture = Fixture::new();
    let [first, second, third] = three_by_a_clock_set_back(&fixture);
    let path = fixture.index.path();
    let served = || fixture.index.usable().0.map(|generation| generation.name);
    fs::remove_file(path.join(&third).join("meta.json")).unwrap();
    assert_eq!(served(), Some(second.clone()));
    fs::remove_file(path.join("current")).unwrap();
    assert_eq!(served(), Some(second.clone()), "the newest that is intact");
    fs::remove_file(path.join(&second).join("meta.json")).unwrap();
    assert_eq!(served(), Some(first));
}

#[test]
fn the_oldest_builds_are_removed_when_the_clock_was_set_back() {
    let fixture = Fixture::new();
    let [_, second, third] = three_by_a_clock_set_back(&fixture);
    fixture.write("d.md", "---\ntitre: D\n---\n");
    let fourth = fixture.built();
    assert_eq!(fixture.index.names(), [second, third.clone(), fourth.name.clone()]);
    assert_eq!(fourth.manifest.build, 4);
    let options = BuildOptions {
        keep: 2,
        ..BuildOptions::default()
    };
    fixture.build_by(&CpvLabels::shipped(), &options).unwrap();
    assert_eq!(fixture.index.names(), [third, fourth.name]);
}

#[test]
fn a_rollback_is_remembered_until_somebody_builds() {
    let fixture = Fixture::new();
    let [first, second, third] = three(&fixture);
    let back = |to| rollback(&fixture.index, to, &|_| {}).unwrap().name;
    assert_eq!(back(None), second.name);
    assert_eq!(back(None), first.name);
    let error = rollback(&fixture.index, None, &|_| {}).unwrap_err();
    assert!(matches!(error, BuildError::NothingOlder(_)) && error.is_user_input());
    let error = rollback(&fixture.index, Some("../corpus"), &|_| {}).unwrap_err();
    assert!(
        matches!(error, BuildError::Index(IndexError::NoGeneration { .. })),
        "{error}"
    );
    let labels = CpvLabels::shipped();
    let left = fixture.build_by(&labels, &leave()).unwrap();
    assert!(matches!(left, BuildOutcome::RolledBack(current) if current.name == first.name));
    let BuildOutcome::Restored(restored) = fixture.build().unwrap() else {
        panic!("the generation of this very corpus is there");
    };
    assert_eq!(restored.name, third.name);
    assert!(!entries(&fixture).contains(&".rolled-back".to_owned()));
    assert!(matches!(
        fixture.build_by(&labels, &leave()).unwrap(),
        BuildOutcome::UpToDate(_)
    ));
}

#[test]
fn after_a_rollback_another_corpus_is_built_at_once() {
    let fixture = Fixture::new();
    let [_, second, _] = three(&fixture);
    rollback(&fixture.index, Some(&second.name), &|_| {}).unwrap();
    fixture.write("d.md", "---\ntitre: D\n---\n");
    let built = fixture.build_by(&CpvLabels::shipped(), &leave()).unwrap();
    assert_eq!(built.generation().manifest.records, 4);
    assert!(fixture.index.names().contains(&second.name), "it was served until then");
}

#[test]
fn a_damaged_generation_is_not_restored() {
    let fixture = Fixture::new();
    let [_, second, third] = three(&fixture);
    rollback(&fixture.index, Some(&second.name), &|_| {}).unwrap();
    let file = third.manifest.files.keys().next_back().unwrap();
    fs::write(third.path.join(file), "x").unwrap();
    assert_ne!(fixture.built().name, third.name);
}

#[test]
fn a_pointer_that_names_nothing_is_said_and_written_again() {
    let fixture = Fixture::new();
    let [.., third] = three(&fixture);
    let pointer = fixture.index.path().join("current");
    for garbled in ["", "g-\0", "../../etc"] {
        fs::write(&pointer, garbled).unwrap();
        let (served, passed_over) = fixture.index.usable();
        assert_eq!(served.unwrap().name, third.name);
        assert!(
            passed_over[0].contains("current names no generation"),
            "{passed_over:?}"
        );
        assert!(fixture.index.current().is_err() && fixture.index.current_name().is_none());
        assert!(matches!(fixture.build().unwrap(), BuildOutcome::Restored(same) if same.name == third.name));
    }
    fs::remove_file(&pointer).unwrap();
    assert_eq!(fixture.index.usable().1.len(), 1);
    // Without a pointer, generations rolled back from come last.
    fixture.build().unwrap();
    let back = rollback(&fixture.index, None, &|_| {}).unwrap();
    fs::write(&pointer, "").unwrap();
    assert_eq!(fixture.index.usable().0.unwrap().name, back.name);
}

#[test]
fn an_empty_folder_has_nothing_to_say() {
    let fixture = Fixture::new();
    let (served, passed_over) = fixture.index.usable();
    assert!(served.is_none() && passed_over.is_empty() && fixture.index.list().is_empty());
}

#[test]
fn what_one_went_back_from_is_served_last() {
    let fixture = Fixture::new();
    let [first, second, third] = three(&fixture);
    rollback(&fixture.index, Some(&second.name), &|_| {}).unwrap();
    let damage = |generation: &Generation| fs::remove_file(generation.path.join("meta.json")).unwrap();
    damage(&second);
    assert_eq!(fixture.index.usable().0.unwrap().name, first.name);
    damage(&first);
    assert_eq!(fixture.index.usable().0.unwrap().name, third.name);
}

#[test]
fn generations_are_listed_and_verified() {
    let fixture = Fixture::new();
    let [first, second, third] = three(&fixture);
    fs::write(second.path.join("completions"), "x").unwrap();
    let listed = fixture.index.list();
    let names: Vec<_> = listed.iter().map(|listed| listed.name.as_str()).collect();
    assert_eq!(names, [&third.name, &second.name, &first.name]);
    assert_eq!(listed[0].cases, Ok(3));
    assert!(listed[0].is_current && !listed[1].is_current && listed[0].bytes > third.manifest.bytes());
    assert!(
        listed[1]
            .cases
            .as_ref()
            .unwrap_err()
            .starts_with("its file completions has 1 bytes")
    );
    let verified = fixture.index.verify();
    assert_eq!(verified[0].files, Ok(third.manifest.files.len()));
    assert!(verified[1].files.is_err() && verified[2].files.is_ok());
}

#[test]
fn what_dead_builds_left_goes_with_the_next_build_even_where_there_is_nothing_to_do() {
    let fixture = Fixture::new();
    let [first, ..] = three(&fixture);
    let path = fixture.index.path();
    let leave = || {
        fs::create_dir_all(path.join(".building/x")).unwrap();
        fs::create_dir_all(path.join(".removing/x")).unwrap();
        fs::write(path.join(".current.next"), "g-").unwrap();
    };
    leave();
    // A crash between renaming the folder and writing the pointer leaves a complete generation.
    let unnamed = path.join("g-20200101T000000000Z-00000000");
    fs::create_dir(&unnamed).unwrap();
    for file in fs::read_dir(&first.path).unwrap().flatten() {
        fs::copy(file.path(), unnamed.join(file.file_name())).unwrap();
    }
    let before = entries(&fixture);
    assert!(matches!(fixture.build().unwrap(), BuildOutcome::UpToDate(_)));
    let after = entries(&fixture);
    assert_eq!(before.len() - after.len(), 4, "{after:?}");
    assert!(!unnamed.exists() && first.path.exists());
}

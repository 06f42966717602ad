use std::fs;

use tantivy::Index;

use rex_index::IndexError;

use super::*;

use crate::generations::publish::rollback;
use rex_index::doc_store::RecordDecoder;
use rex_index::schema::fields::Fields;

pub(crate) struct Fixture {
    _folder: tempfile::TempDir,
    pub(crate) corpus: std::path::PathBuf,
    pub(crate) index: IndexDir,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let corpus = folder.path().join("corpus");
        fs::create_dir(&corpus).unwrap();
        let index = IndexDir::at(folder.path().join("index"));
        let fixture = Self {
            _folder: folder,
            corpus,
            index,
        };
        fixture.write("a.md", "---\ntitre: A\n---\n## S\ntexte\n");
        fixture
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.corpus.join(name), text).unwrap();
    }

    pub(crate) fn build(&self) -> Result<BuildOutcome, BuildError> {
        self.build_with(&CpvLabels::shipped())
    }

    pub(crate) fn build_with(&self, labels: &CpvLabels) -> Result<BuildOutcome, BuildError> {
        self.build_by(labels, &BuildOptions::default())
    }

    pub(crate) fn build_by(&self, labels: &CpvLabels, options: &BuildOptions<'_>) -> Result<BuildOutcome, BuildError> {
        build(
            &self.index,
            &Corpus::open(&self.corpus).unwrap(),
            labels,
            options,
            |_| {},
        )
    }

    pub(crate) fn built(&self) -> Generation {
        match self.build().unwrap() {
            BuildOutcome::Built(generation) | BuildOutcome::Updated { generation, .. } => generation,
            outcome => panic!("{outcome:?}"),
        }
    }
}

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
fn a_generation_has_no_file_that_was_there_for_a_while() {
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
    // The rows of the facets went through one in an update too.
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

/// The names of what lies in the index folder.
fn entries(fixture: &Fixture) -> Vec<String> {
    let entries = fs::read_dir(fixture.index.path()).unwrap().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

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
    // Without a pointer, what one went back from comes last.
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
    // A crash between the name of the folder and the pointer leaves a generation that is complete.
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

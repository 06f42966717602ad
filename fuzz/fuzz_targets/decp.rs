//! A DECP file: the output of the import is a valid corpus.

#![no_main]

use std::fs;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use rex_corpus::CpvLabels;
use rex_fuzz::Folder;
use rex_import::{DecpOptions, import_decp};

static LABELS: LazyLock<CpvLabels> = LazyLock::new(CpvLabels::shipped);
static FILES: LazyLock<Folder> = LazyLock::new(Folder::create);
static READ: LazyLock<Folder> = LazyLock::new(Folder::create);

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let (file, output) = (FILES.write("in.json", bytes), FILES.path("out.jsonl"));
    let options = DecpOptions {
        last_year: 2027,
        ..DecpOptions::new(&LABELS)
    };
    let summary = import_decp(&[file], &output, &options, |_| ControlFlow::Continue(()));
    let summary = summary.expect("there is room for the output");
    assert_eq!(summary.read, summary.written + summary.duplicates + summary.refused);
    for said in summary.refusals.iter().map(String::as_str).chain(summary.broken()) {
        assert!(said.lines().count() == 1 && said.chars().count() < 700, "{said}");
    }
    assert_eq!(summary.output.is_some(), summary.written > 0);
    if summary.written > 0 {
        let lines = fs::read(&output).expect("the output is there");
        fs::remove_file(&output).expect("the output is ours");
        let (records, report) = READ.read_corpus("marches.jsonl", &lines);
        let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(records.len() as u64, summary.written);
    }
    Corpus::Keep
});

//! A file of the corpus: JSON lines if it starts with `{`, else a Markdown case. A valid record, written as a JSON line, reads back
//! unchanged.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use rex_fuzz::{Folder, assert_read_again};

static FOLDER: LazyLock<Folder> = LazyLock::new(Folder::create);

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let name = match bytes.first() {
        Some(b'{') => "cas.jsonl",
        _ => "cas.md",
    };
    let (records, report) = FOLDER.read_corpus(name, bytes);
    assert_eq!(records.len() as u64, report.records);
    assert!(
        !records.is_empty() || report.problem_count() > 0 || report.note_count() > 0,
        "a case is right, something is wrong, or it is a draft"
    );
    for problem in &report.problems {
        let said = problem.to_string();
        assert!(!said.contains('\n') && said.chars().count() <= 2_000, "{said}");
    }
    assert_read_again(&FOLDER, &records);
    Corpus::Keep
});

//! The text of a booklet: imports it and reads back the case files, each with a unique id.

#![no_main]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use rex_corpus::CpvLabels;
use rex_fuzz::Folder;
use rex_import::{Booklet, is_as_imported};

static LABELS: LazyLock<CpvLabels> = LazyLock::new(CpvLabels::shipped);
static FOLDER: LazyLock<Folder> = LazyLock::new(Folder::create);

fuzz_target!(|text: &str| -> Corpus {
    let Ok(booklet) = Booklet::read(text, &LABELS) else {
        return Corpus::Keep;
    };
    assert!(!booklet.cases.is_empty());
    let ids: BTreeSet<&str> = booklet.cases.iter().map(|case| case.record.id.as_str()).collect();
    assert_eq!(ids.len(), booklet.cases.len(), "every case has an id of its own");
    for case in &booklet.cases {
        let file = case.to_markdown();
        assert!(is_as_imported(&file), "{file}");
        // Front matter must parse whatever the booklet contains, since the importer quotes it. A case may lack required fields.
        let (records, report) = FOLDER.read_corpus("cas.md", file.as_bytes());
        for problem in report.problems {
            let said = problem.to_string();
            assert!(!said.contains("YAML"), "{said}\n{file}");
        }
        if let [read] = records.as_slice() {
            assert_eq!(read.titre, case.record.titre, "{file}");
        }
    }
    Corpus::Keep
});

//! The text of a booklet, read into cases; each is written as it is imported, under an id of its own.

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
        // The front matter is read back, whatever the booklet says: quoting is ours. A case may lack its title, or more.
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

//! Imports of published files.

use super::{Fixture, assert_clean};

#[test]
fn the_real_files_are_imported_to_the_last_record() {
    let Some(folder) = rex_tests::shared("data/decp") else {
        return;
    };
    // The counts in the README of the files.
    let counts = [
        ("marches-publics.info.json", 4_509),
        ("e-marchespublics.json", 470),
        ("data.gouv.fr_pes.json", 1_148),
        ("dematis13.v2.json", 137),
        ("dematis16.v2.json", 143),
        ("dematis17.v2.json", 159),
        ("marches_avec_modifications.v2.json", 2),
        ("marches_et_concessions.v2.json", 3),
    ];
    let fixture = Fixture::new();
    let files: Vec<_> = counts.iter().map(|(name, _)| folder.join(name)).collect();
    let summary = fixture.import(&files);
    for (file, (name, count)) in summary.files.iter().zip(counts) {
        assert_eq!((file.read, &file.broken), (count, &None), "{name}");
    }
    assert_eq!(
        (summary.read, summary.written, summary.duplicates, summary.refused),
        (6_571, 6_386, 185, 0)
    );
    let records = fixture.records("out.jsonl");
    let with_procedure = records.iter().filter(|record| record.procedure.is_some()).count();
    assert!(
        with_procedure * 100 >= records.len() * 99,
        "{with_procedure} of {}",
        records.len()
    );
    assert_clean(&fixture.path("out.jsonl"));

    let v1 = fixture.import(&files[..3]);
    let records = fixture.records("out.jsonl");
    assert_eq!(records.len() as u64, v1.written);
    let placed = records.iter().filter(|record| !record.territoire.is_empty()).count();
    assert!(placed * 100 >= records.len() * 97, "{placed} of {}", records.len());
}

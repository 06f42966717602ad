//! Opening intact and damaged generations.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use rex_index::generations::file_fingerprint::VerifiedFiles;
use rex_index::generations::generation::built;
use rex_index::{Generation, IndexError, Manifest};

use crate::build::fixture::Fixture;

/// Opens the generation as if it were too large for memory.
fn open_mapped(generation: &Generation) -> Result<Generation, IndexError> {
    Generation::open_up_to(generation.path.parent().unwrap(), &generation.name, 0)
}

#[test]
fn what_is_in_memory_outlives_its_files() {
    let fixture = Fixture::new();
    let built = fixture.built();
    let generation = fixture.index.current().unwrap().unwrap();
    fs::remove_dir_all(&built.path).unwrap();
    let index = tantivy::Index::open(generation.directory().unwrap()).unwrap();
    assert_eq!(index.reader().unwrap().searcher().num_docs(), 1);
    assert!(generation.is_untouched().unwrap_err().ends_with(" is missing"));
}

#[test]
fn a_large_index_is_digested_once_and_again_where_it_was_touched() {
    let fixture = Fixture::new();
    let built = fixture.built();
    let folder = built.path.parent().unwrap();
    let opened = open_mapped(&built).unwrap();
    assert!(!opened.is_in_memory() && opened.is_untouched().is_ok());
    // As if the digests had been computed some time after the files were written.
    let later = SystemTime::now() + Duration::from_secs(3);
    VerifiedFiles::remember(folder, &built.name, opened.fingerprints(), later);
    let (file, entry) = built.manifest.files.iter().find(|(_, entry)| entry.bytes > 0).unwrap();
    let path = built.path.join(file);
    let mut bytes = fs::read(&path).unwrap();
    bytes[0] ^= 1;
    // The modification time is set back, but not the change time of the inode.
    let modified = path.metadata().unwrap().modified().unwrap();
    std::thread::sleep(Duration::from_millis(20));
    fs::write(&path, &bytes).unwrap();
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(modified)
        .unwrap();
    assert_eq!(entry.bytes, bytes.len() as u64);
    let error = open_mapped(&built).unwrap_err().to_string();
    assert!(error.contains(&format!("its file {file} is damaged")), "{error}");
    assert_eq!(
        opened.is_untouched().unwrap_err(),
        format!("its file {file} was changed")
    );
}

#[test]
fn every_byte_of_every_file_counts() {
    let fixture = Fixture::new();
    let built = fixture.built();
    let names = built.manifest.files.keys().map(String::as_str);
    for name in names.chain([Manifest::FILE, Manifest::DIGEST_FILE]) {
        let path = built.path.join(name);
        let good = fs::read(&path).unwrap();
        for at in [0, good.len() / 2, good.len().saturating_sub(1)] {
            let mut bad = good.clone();
            let Some(byte) = bad.get_mut(at) else { continue };
            *byte ^= 1;
            fs::write(&path, bad).unwrap();
            assert!(fixture.index.current().is_err(), "{name}, byte {at}, in memory");
            assert!(open_mapped(&built).is_err(), "{name}, byte {at}, mapped");
            assert!(built.verify().is_err(), "{name}, byte {at}, verified");
        }
        if !good.is_empty() {
            fs::write(&path, &good[..good.len() - 1]).unwrap();
            assert!(fixture.index.current().is_err(), "{name}, cut");
            assert!(open_mapped(&built).is_err(), "{name}, cut, mapped");
        }
        fs::write(&path, good).unwrap();
    }
    assert!(fixture.index.current().is_ok() && built.verify().is_ok());
}

#[test]
fn a_name_says_when_it_was_built() {
    let time = built("g-20261124T213012345Z-0a1b2c3d").unwrap();
    assert_eq!(time.unix_timestamp(), 1_795_555_812);
    assert_eq!(built("g-x-0a1b2c3d"), None);
}

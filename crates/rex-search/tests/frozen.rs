//! Frozen indexes: one folder `frozen/format-F-analyzer-A` per pair of format and analyzer version, each built by the version of Rex that
//! introduced the pair and never written again.
//!
//! The folder of the current pair must open and give the answers below, so that a change of the bytes on disk cannot go unnoticed. The
//! folder of any other pair must be refused with the sentence that says to build it again: Rex does not convert old indexes.
//!
//! A change of `FORMAT_VERSION` or `ANALYZER_VERSION` needs the next folder. Write it from the shipped cases and commit it; an existing
//! folder is never replaced:
//!
//! ```sh
//! REX_FREEZE=1 cargo test -p rex-search --test frozen
//! ```

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use rex_analysis::ANALYZER_VERSION;
use rex_corpus::{Corpus, CpvLabels};
use rex_index::{FORMAT_VERSION, Generation, IndexDir, Manifest};
use rex_indexer::{BuildOptions, build};
use rex_query::{
    CompletionKind, Facet, FacetCounts, FacetValue, SearchBackend, SearchRequest, SearchResponse, TreeValue,
};
use rex_search::Engine;

const MAX_BYTES: u64 = 100_000;

fn frozen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen")
}

fn folder_of(format: u32, analyzer: u32) -> PathBuf {
    frozen().join(format!("format-{format}-analyzer-{analyzer}"))
}

/// Copies the pointer and the generation it names.
fn copy_current(from: &IndexDir, to: &Path) {
    let name = from.current_name().unwrap();
    fs::create_dir_all(to.join(&name)).unwrap();
    fs::copy(from.path().join(IndexDir::POINTER), to.join(IndexDir::POINTER)).unwrap();
    for entry in fs::read_dir(from.path().join(&name)).unwrap().flatten() {
        fs::copy(entry.path(), to.join(&name).join(entry.file_name())).unwrap();
    }
}

/// Builds the folder of the current pair from the shipped cases.
fn freeze(to: &Path) {
    let temp = tempfile::tempdir().unwrap();
    let index = IndexDir::at(temp.path());
    let corpus = Corpus::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus")).unwrap();
    let options = BuildOptions::default();
    build(&index, &corpus, &CpvLabels::shipped(), &options, |_| {}).unwrap();
    copy_current(&index, to);
}

/// The folder of the current pair, written first where `REX_FREEZE` asks for it.
fn current_folder() -> PathBuf {
    static CURRENT: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = folder_of(FORMAT_VERSION, ANALYZER_VERSION);
        if std::env::var_os("REX_FREEZE").is_some() && !folder.exists() {
            freeze(&folder);
        }
        folder
    });
    let folder = CURRENT.clone();
    assert!(
        folder.is_dir(),
        "{} is missing: see the top of this file",
        folder.display()
    );
    folder
}

#[test]
fn every_frozen_index_opens_or_is_refused() {
    let current = current_folder();
    let folders = fs::read_dir(frozen()).unwrap().flatten().map(|entry| entry.path());
    for folder in folders.filter(|path| path.is_dir()) {
        let index = IndexDir::at(&folder);
        let name = index.current_name().unwrap();
        let manifest = Manifest::read(&folder.join(&name)).unwrap();
        assert_eq!(folder, folder_of(manifest.format, manifest.analyzer));
        assert!(manifest.damage(&folder.join(&name)).is_none() && manifest.bytes() < MAX_BYTES);
        if folder == current {
            check_answers(&index.current().unwrap().unwrap());
        } else {
            assert_eq!(index.current().unwrap_err().to_string(), refusal(&name, &manifest));
        }
    }
}

#[test]
fn another_version_is_refused_with_a_sentence() {
    let other_versions = [
        (FORMAT_VERSION - 1, ANALYZER_VERSION),
        (FORMAT_VERSION + 1, ANALYZER_VERSION),
        (FORMAT_VERSION, ANALYZER_VERSION + 1),
        (FORMAT_VERSION + 1, ANALYZER_VERSION + 1),
    ];
    for (format, analyzer) in other_versions {
        let temp = tempfile::tempdir().unwrap();
        copy_current(&IndexDir::at(current_folder()), temp.path());
        let index = IndexDir::at(temp.path());
        let name = index.current_name().unwrap();
        let path = temp.path().join(&name);
        let manifest = Manifest {
            format,
            analyzer,
            ..Manifest::read(&path).unwrap()
        };
        let (json, digest) = manifest.encode().unwrap();
        fs::write(path.join(Manifest::FILE), json).unwrap();
        fs::write(path.join(Manifest::DIGEST_FILE), digest).unwrap();
        let expected = refusal(&name, &manifest);
        assert_eq!(index.current().unwrap_err().to_string(), expected);
        let (usable, passed_over) = index.usable();
        assert!(usable.is_none());
        assert_eq!(passed_over, [expected]);
    }
}

/// The error of a generation whose format or analyzer is not the current one.
fn refusal(name: &str, manifest: &Manifest) -> String {
    let reason = if manifest.format == FORMAT_VERSION {
        format!(
            "its words were cut by analyzer {}, this rex has analyzer {ANALYZER_VERSION}",
            manifest.analyzer
        )
    } else {
        format!(
            "its format is {}, this rex reads format {FORMAT_VERSION}",
            manifest.format
        )
    };
    format!("generation {name} cannot be used: {reason}; run `rex index` to build it again")
}

/// Checks what is read from each file of the index: postings, positions, columns, ordinals, stored records, completions.
fn check_answers(generation: &Generation) {
    let engine = Engine::open(generation.directory().unwrap(), generation.name.clone()).unwrap();
    let search = |query: &str| {
        let request = SearchRequest {
            query: query.to_owned(),
            ..SearchRequest::default()
        };
        engine.search(&request).unwrap()
    };
    assert_eq!(engine.info().cases, 5);
    let all = search("");
    let ids = [
        "lyon-reemploi-materiel-numerique",
        "maine-et-loire-remplacements-colleges",
        "mtsamboro-guichet-bancaire-bambou",
        "paris-precarite-energetique",
        "toulouse-ramassage-cartons",
    ];
    assert_eq!(ids_of(&all), ids);
    assert_eq!(terms(&all, Facet::Nature), [("services", 4), ("travaux", 1)]);
    assert_eq!(terms(&all, Facet::Theme)[0], ("insertion", 4));
    let FacetCounts::Hierarchy { values, .. } = counts(&all, Facet::Territoire) else {
        panic!("territories are a hierarchy");
    };
    let regions: Vec<_> = values
        .iter()
        .map(|TreeValue { value, count, .. }| (value.as_str(), *count))
        .collect();
    let expected = [
        "Auvergne-Rhône-Alpes",
        "Île-de-France",
        "Mayotte",
        "Occitanie",
        "Pays de la Loire",
    ];
    assert_eq!(regions, expected.map(|region| (region, 1)));
    let FacetCounts::Range { min, max, .. } = counts(&all, Facet::Montant) else {
        panic!("amounts are a range");
    };
    assert_eq!((*min, *max), (Some(12_772_100), Some(159_000_000)), "in cents");

    let found = search("insertion");
    assert_eq!((found.total, found.hits[0].record.id.as_str()), (4, ids[4]));
    let phrase = search("\"ramassage des cartons\"");
    assert_eq!(ids_of(&phrase), [ids[4]]);
    assert_eq!(phrase.hits[0].record.titulaires[0].nom, "Greenburo");
    assert_eq!(ids_of(&search("ramasage cartons")), [ids[4]], "one typing error");

    let case = engine.case(ids[3]).unwrap().unwrap();
    assert_eq!(case.territoire[0], "Île-de-France");
    assert!(engine.case("paris").unwrap().is_none());
    assert_eq!(engine.similar(ids[4], 2).unwrap().unwrap().len(), 2);

    let completions = engine.suggest("toul", 5).unwrap();
    let buyer = completions
        .iter()
        .find(|completion| completion.kind == CompletionKind::Value(Facet::Acheteur));
    assert_eq!(
        buyer.map(|buyer| (buyer.text.text.as_str(), buyer.count)),
        Some(("Toulouse Métropole", 1))
    );
}

fn ids_of(response: &SearchResponse) -> Vec<&str> {
    response.hits.iter().map(|hit| hit.record.id.as_str()).collect()
}

fn counts(response: &SearchResponse, facet: Facet) -> &FacetCounts {
    let found = response.facets.iter().find(|(other, _)| *other == facet);
    &found.unwrap().1
}

fn terms(response: &SearchResponse, facet: Facet) -> Vec<(&str, u64)> {
    let FacetCounts::Terms { values, .. } = counts(response, facet) else {
        panic!("{facet:?} has no terms");
    };
    let pairs = values
        .iter()
        .map(|FacetValue { value, count, .. }| (value.as_str(), *count));
    pairs.collect()
}

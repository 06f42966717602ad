//! A corpus and an index in a temporary folder, for tests.

use std::fs;
use std::path::PathBuf;

use rex_corpus::{Corpus, CpvLabels};
use rex_index::{Generation, IndexDir};

use crate::build::builder::{BuildOptions, BuildOutcome, build};
use crate::error::BuildError;

pub(crate) struct Fixture {
    _folder: tempfile::TempDir,
    pub(crate) corpus: PathBuf,
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

/// The names of the entries of the index folder, sorted.
pub(crate) fn entries(fixture: &Fixture) -> Vec<String> {
    let entries = fs::read_dir(fixture.index.path()).unwrap().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

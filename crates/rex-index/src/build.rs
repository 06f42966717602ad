use std::path::Path;

use rex_corpus::{Corpus, CpvLabels, Report};
use sha2::{Digest, Sha256};
use tantivy::directory::MmapDirectory;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::error::IndexError;
use crate::folder::{Generation, IndexFolder, remove_folder};
use crate::manifest::Manifest;
use crate::writer::IndexWriter;

/// How far a build is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Records indexed.
    pub records: u64,
    /// Bytes of the corpus read.
    pub bytes: u64,
    /// Bytes of the corpus.
    pub total_bytes: u64,
}

/// What came of a build.
#[derive(Debug)]
pub enum BuildOutcome {
    /// The current generation was built from this very corpus and these labels; nothing was done.
    UpToDate(Generation),
    /// A new generation was built and is current.
    Built(Generation),
}

impl BuildOutcome {
    /// The current generation, new or not.
    pub fn generation(self) -> Generation {
        match self {
            Self::UpToDate(generation) | Self::Built(generation) => generation,
        }
    }
}

/// Makes the current generation of `folder` one of `corpus`, its CPV codes called as `labels` say, building it if it is not
/// already.
///
/// Waits for another build in the same folder to end. Until the last step, the generation served before stays current.
///
/// # Errors
/// A corpus with problems (all of them), a folder that cannot be written, a disk that fails: nothing changes then.
pub fn build(
    folder: &IndexFolder,
    corpus: &Corpus,
    labels: &CpvLabels,
    mut progress: impl FnMut(Progress),
) -> Result<BuildOutcome, IndexError> {
    let digest = digest(corpus, labels);
    let up_to_date = || {
        let current = folder.current().ok().flatten();
        current.filter(|generation| generation.manifest.corpus == digest)
    };
    if let Some(generation) = up_to_date() {
        return Ok(BuildOutcome::UpToDate(generation));
    }
    let _lock = folder.lock()?;
    // Whoever held the lock may have done the work.
    if let Some(generation) = up_to_date() {
        return Ok(BuildOutcome::UpToDate(generation));
    }
    let building = folder.start()?;
    let built = write(&building, corpus, labels, &mut progress)
        .and_then(|report| {
            let manifest = Manifest::describe(&building, digest, report.records);
            manifest.map_err(IndexError::io("read", &building))
        })
        .and_then(|manifest| {
            let name = generation_name(&manifest);
            folder.publish(&building, manifest, name)
        });
    if built.is_err() {
        // What went wrong is worth more than what could not be tidied; the next build tidies again.
        let _ = remove_folder(&building);
    }
    let generation = built?;
    // The new generation is served already; what cannot be removed now is tried again by the next build.
    let _ = folder.prune(&generation.name);
    Ok(BuildOutcome::Built(generation))
}

/// Changes when a record or a label does.
fn digest(corpus: &Corpus, labels: &CpvLabels) -> String {
    let digest = Sha256::new_with_prefix(corpus.digest()).chain_update(labels.digest());
    base16ct::lower::encode_string(&digest.finalize())
}

fn write(
    building: &Path,
    corpus: &Corpus,
    labels: &CpvLabels,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, IndexError> {
    let directory = MmapDirectory::open(building).map_err(|error| IndexError::Engine(error.into()))?;
    let writer = IndexWriter::create(directory)?.with_labels(labels.clone());
    let total_bytes = corpus.bytes();
    let mut records = 0;
    let report = corpus.read(|record, bytes| {
        writer.add(&record)?;
        records += 1;
        progress(Progress {
            records,
            bytes,
            total_bytes,
        });
        Ok::<_, IndexError>(())
    })?;
    if report.problem_count() > 0 {
        return Err(IndexError::Problems(report));
    }
    writer.finish()?;
    remove_locks(building)?;
    Ok(report)
}

/// The files tantivy locks while it writes are no part of an index.
fn remove_locks(building: &Path) -> Result<(), IndexError> {
    for name in [".tantivy-writer.lock", ".tantivy-meta.lock"] {
        let path = building.join(name);
        if path.exists() {
            std::fs::remove_file(&path).map_err(IndexError::io("remove", &path))?;
        }
    }
    Ok(())
}

/// `g-<time>-<hash>`: sorts by time, and two builds of the same moment differ.
fn generation_name(manifest: &Manifest) -> String {
    let format = format_description!("[year][month][day]T[hour][minute][second][subsecond digits:3]Z");
    let time = OffsetDateTime::now_utc().format(&format).unwrap_or_default();
    let mut digest = Sha256::new();
    digest.update(&manifest.corpus);
    for (name, file) in &manifest.files {
        digest.update(name);
        digest.update(&file.sha256);
    }
    let hash = base16ct::lower::encode_string(&digest.finalize()[..4]);
    format!("g-{time}-{hash}")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tantivy::Index;

    use super::*;
    use crate::schema::Fields;

    struct Fixture {
        _folder: tempfile::TempDir,
        corpus: std::path::PathBuf,
        index: IndexFolder,
    }

    impl Fixture {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let corpus = folder.path().join("corpus");
            fs::create_dir(&corpus).unwrap();
            let index = IndexFolder::at(folder.path().join("index"));
            let fixture = Self {
                _folder: folder,
                corpus,
                index,
            };
            fixture.write("a.md", "---\ntitre: A\n---\n## S\ntexte\n");
            fixture
        }

        fn write(&self, name: &str, text: &str) {
            fs::write(self.corpus.join(name), text).unwrap();
        }

        fn build(&self) -> Result<BuildOutcome, IndexError> {
            self.build_with(&CpvLabels::shipped())
        }

        fn build_with(&self, labels: &CpvLabels) -> Result<BuildOutcome, IndexError> {
            build(&self.index, &Corpus::open(&self.corpus).unwrap(), labels, |_| {})
        }

        fn built(&self) -> Generation {
            match self.build().unwrap() {
                BuildOutcome::Built(generation) => generation,
                BuildOutcome::UpToDate(generation) => panic!("{} was up to date", generation.name),
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
        let index = Index::open(fixture.built().directory().unwrap()).unwrap();
        let searcher = index.reader().unwrap().searcher();
        assert_eq!(searcher.segment_readers().len(), 1);
        let ids = searcher
            .segment_reader(0)
            .fast_fields()
            .str(Fields::ID)
            .unwrap()
            .unwrap();
        let mut id = String::new();
        let mut order = Vec::new();
        for document in 0..3 {
            ids.ord_to_str(ids.ords().first(document).unwrap(), &mut id).unwrap();
            order.push(id.clone());
        }
        assert_eq!(order, ["a", "b", "c"]);
    }

    #[test]
    fn a_corpus_with_problems_leaves_the_current_generation() {
        let fixture = Fixture::new();
        let good = fixture.built();
        fixture.write("b.md", "---\ntitre: B\ncpv: 1\n---\n");
        let Err(IndexError::Problems(report)) = fixture.build() else {
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
        let leftover = fixture.index.path().join(".building/half-written");
        fs::create_dir_all(leftover.parent().unwrap()).unwrap();
        fs::write(&leftover, "x").unwrap();
        let generation = fixture.built();
        assert!(!generation.path.join("half-written").exists() && !leftover.exists());
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
        fs::write(&path, serde_json::to_vec(&manifest).unwrap()).unwrap();
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
}

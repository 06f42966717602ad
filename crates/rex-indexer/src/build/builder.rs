//! Builds a generation and makes it current.

use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::SystemTime;

use rex_analysis::Analyzer;
use rex_corpus::{Corpus, CpvLabels, Record, RecordDigest, Report};
use sha2::{Digest, Sha256};
use tantivy::TantivyError;
use tantivy::directory::{Directory, MmapDirectory};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::build::base_generation::BaseGeneration;
use crate::build::batch::Batch;
use crate::build::disk_space;
use crate::build::incremental::Update;
use crate::build::index_writer::IndexWriter;
use crate::build::memory_budget::MemoryBudget;
use crate::build::progress::{OnProgress, Progress};
use crate::error::BuildError;
use crate::generations::corpus_digests::CorpusDigests;
use crate::generations::publish::{KEPT_GENERATIONS, Publisher, remove};
use rex_index::generations::generation::Generation;
use rex_index::generations::generation::mapped;
use rex_index::generations::index_dir::IndexDir;
use rex_index::generations::manifest::Manifest;

/// Options of a build.
pub struct BuildOptions<'a> {
    /// Number of generations to keep, the current one included. The previous current one is always kept. Default:
    /// [`KEPT_GENERATIONS`].
    pub keep: usize,
    /// Memory budget.
    pub memory: MemoryBudget,
    /// Whether to build a corpus that was rolled back from. Default: build it.
    pub after_rollback: AfterRollback,
    /// Checks the new generation before it is made current. Default: none.
    pub gate: Option<&'a Gate<'a>>,
    /// Receives messages for the user, one sentence at a time.
    pub notice: &'a dyn Fn(&str),
    /// Stops the build when it is set, with [`BuildError::Stopped`]. It is read after every record and between the steps. Default: none.
    pub stop: Option<&'a AtomicBool>,
}

impl BuildOptions<'_> {
    /// # Errors
    /// [`BuildError::Stopped`] if the build is to stop.
    fn check_stop(&self) -> Result<(), BuildError> {
        match self.stop {
            Some(stop) if stop.load(Ordering::Relaxed) => Err(BuildError::Stopped),
            _ => Ok(()),
        }
    }
}

/// Checks an index before it is made current. [`BuildError::Refused`], like any other error, leaves the current generation in place.
pub type Gate<'a> = dyn Fn(Box<dyn Directory>) -> Result<(), BuildError> + 'a;

/// What to do with a corpus whose generation was rolled back from by [`rollback`](crate::rollback).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterRollback {
    /// Build it, as on request.
    Build,
    /// Keep the current generation until the corpus changes.
    Leave,
}

impl Default for BuildOptions<'_> {
    fn default() -> Self {
        Self {
            keep: KEPT_GENERATIONS,
            memory: MemoryBudget::default(),
            after_rollback: AfterRollback::Build,
            gate: None,
            notice: &|_| {},
            stop: None,
        }
    }
}

/// Result of a build.
#[derive(Debug)]
pub enum BuildOutcome {
    /// The current generation already has this corpus and these labels; nothing was done.
    UpToDate(Generation),
    /// The corpus was rolled back from and not built; this is the current generation.
    RolledBack(Generation),
    /// An existing generation of this corpus was made current again.
    Restored(Generation),
    /// A new generation was built from all records and made current.
    Built(Generation),
    /// A new generation was made from the current one and made current.
    Updated {
        /// The generation.
        generation: Generation,
        /// Number of records that were read, as they are new or changed.
        anew: u64,
        /// Number of unchanged records that were kept.
        kept: u64,
    },
}

impl BuildOutcome {
    /// The current generation after the build.
    pub fn generation(self) -> Generation {
        match self {
            Self::UpToDate(generation)
            | Self::RolledBack(generation)
            | Self::Restored(generation)
            | Self::Built(generation)
            | Self::Updated { generation, .. } => generation,
        }
    }
}

/// Makes the current generation of `folder` one of `corpus` and `labels`, building it if necessary.
///
/// Waits for another build in the same folder. The generation served before stays current until the last step.
///
/// # Errors
/// A corpus with problems, all of which are reported; a folder that cannot be written; a full or failing disk; a gate that refuses. The
/// current generation then stays as it is.
pub fn build(
    folder: &IndexDir,
    corpus: &Corpus,
    labels: &CpvLabels,
    options: &BuildOptions<'_>,
    mut progress: impl FnMut(Progress),
) -> Result<BuildOutcome, BuildError> {
    let build = Build {
        folder,
        publisher: Publisher::of(folder),
        corpus,
        labels,
        options,
        digest: corpus_digest(corpus, labels, folder),
    };
    if let Some(outcome) = build.nothing_to_do() {
        build.tidy_if_idle();
        return Ok(outcome);
    }
    let _lock = build
        .publisher
        .lock_unless_stopped(options.notice, &|| options.check_stop())?;
    // The previous holder of the lock may have done the work.
    if let Some(outcome) = build.nothing_to_do() {
        return Ok(outcome);
    }
    build.publisher.tidy()?;
    let before = folder.current_name();
    let outcome = match build.restored()? {
        Some(generation) => BuildOutcome::Restored(generation),
        None => build.build_new(&mut |state| {
            progress(state);
            options.check_stop()
        })?,
    };
    // The new generation is current already; the next build retries what cannot be removed now.
    let _ = build.publisher.forget_rolled_back();
    let _ = build.prune(before.as_deref());
    Ok(outcome)
}

/// Digest over a corpus and the labels of CPV codes, as in [`Manifest::corpus`]. Digests of large files are cached in `folder`.
fn corpus_digest(corpus: &Corpus, labels: &CpvLabels, folder: &IndexDir) -> String {
    let corpus = CorpusDigests::of_corpus(corpus, folder.path(), SystemTime::now());
    let digest = Sha256::new_with_prefix(corpus).chain_update(labels.digest());
    base16ct::lower::encode_string(&digest.finalize())
}

/// A build in progress.
struct Build<'a> {
    folder: &'a IndexDir,
    publisher: Publisher,
    corpus: &'a Corpus,
    labels: &'a CpvLabels,
    options: &'a BuildOptions<'a>,
    /// [`corpus_digest`].
    digest: String,
}

impl Build<'_> {
    /// The outcome if the current generation is to stay.
    fn nothing_to_do(&self) -> Option<BuildOutcome> {
        let current = self.folder.current().ok().flatten();
        let was_rolled_back = || self.folder.rolled_back().contains(&self.digest);
        match current {
            Some(current) if current.manifest.corpus == self.digest => Some(BuildOutcome::UpToDate(current)),
            current if self.options.after_rollback == AfterRollback::Leave && was_rolled_back() => {
                let usable = current.or_else(|| self.folder.usable().0);
                usable.map(BuildOutcome::RolledBack)
            }
            _ => None,
        }
    }

    /// Removes leftovers of dead builds unless another build is running.
    fn tidy_if_idle(&self) {
        if self.publisher.is_untidy(self.options.keep)
            && let Some(_lock) = self.publisher.lock_at_once()
        {
            let _ = self.publisher.tidy().and_then(|()| self.prune(None));
        }
    }

    fn prune(&self, before: Option<&str>) -> Result<(), BuildError> {
        let current = self.folder.current_name();
        let spared: Vec<&str> = current.as_deref().into_iter().chain(before).collect();
        self.publisher.prune(&spared, self.options.keep)
    }

    /// Makes an intact generation of this corpus current, if there is one.
    fn restored(&self) -> Result<Option<Generation>, BuildError> {
        for name in self.folder.names().into_iter().rev() {
            let is_same = |manifest: Manifest| manifest.corpus == self.digest && manifest.mismatch().is_none();
            if !Manifest::read(&self.folder.path().join(&name)).is_ok_and(is_same) {
                continue;
            }
            let Ok(generation) = self.folder.open(&name) else {
                continue;
            };
            if generation.verify().is_err() {
                continue;
            }
            self.pass_gate(generation.directory()?)?;
            self.publisher.point_to(&name)?;
            return Ok(Some(generation));
        }
        Ok(None)
    }

    /// Builds a new generation. On failure, removes what was written.
    fn build_new(&self, progress: &mut OnProgress<'_>) -> Result<BuildOutcome, BuildError> {
        disk_space::check(self.folder, self.corpus)?;
        let built = self.write(progress);
        if built.is_err() {
            // The error of the build matters more than one of tidying, which the next build retries.
            let _ = self.publisher.tidy();
        }
        built
    }

    fn write(&self, progress: &mut OnProgress<'_>) -> Result<BuildOutcome, BuildError> {
        if let Some(update) = self.update()? {
            let (building, delta) = (self.publisher.start()?, self.publisher.start_delta()?);
            if let Some(updated) = update.write(&building, &delta, progress)? {
                remove(&delta)?;
                return Ok(BuildOutcome::Updated {
                    generation: self.publish(&building, updated.anew + updated.kept)?,
                    anew: updated.anew,
                    kept: updated.kept,
                });
            }
            remove(&delta)?;
        }
        let building = self.publisher.start()?;
        let report = write_all(&building, self.corpus, self.labels, self.options.memory, progress)?;
        Ok(BuildOutcome::Built(self.publish(&building, report.records)?))
    }

    /// The update of the current generation. `None` if it is damaged, if records must be read differently, of which the user is notified,
    /// or if most of the corpus is new.
    fn update(&self) -> Result<Option<Update<'_>>, BuildError> {
        let Some(name) = self.folder.current_name() else {
            return Ok(None);
        };
        let Ok(manifest) = Manifest::read(&self.folder.path().join(&name)) else {
            return Ok(None);
        };
        // Opening it reports the reason.
        if manifest.mismatch().is_some() {
            return Ok(None);
        }
        if let Some(reason) = self.reason_to_read_all(&manifest) {
            (self.options.notice)(&format!("{reason}; every case is read anew"));
            return Ok(None);
        }
        let Ok(current) = self.folder.open(&name) else {
            return Ok(None);
        };
        let directory = current.directory()?;
        let Some(base) = BaseGeneration::open(&*directory)? else {
            return Ok(None);
        };
        let update = Update {
            lengths: base.written_lengths(&*directory)?,
            corpus: self.corpus,
            labels: self.labels,
            memory: self.options.memory,
            base,
        };
        Ok(Some(update).filter(Update::is_worth_it))
    }

    fn reason_to_read_all(&self, current: &Manifest) -> Option<String> {
        if current.labels != self.labels.digest() {
            return Some("the labels of CPV codes changed".to_owned());
        }
        (current.reader != Manifest::reader_version()).then(|| {
            let (before, now) = (&current.reader, Manifest::reader_version());
            format!("the current generation was built by rex {before}, this is rex {now}")
        })
    }

    fn publish(&self, building: &Path, records: u64) -> Result<Generation, BuildError> {
        self.options.check_stop()?;
        remove_locks(building)?;
        let manifest = Manifest {
            build: self.folder.build_order().next_number(),
            ..Manifest::of(self.digest.clone(), self.labels.digest(), records)
        };
        let sealed = self.publisher.seal(building, manifest)?;
        self.pass_gate(mapped(building)?)?;
        self.options.check_stop()?;
        let name = generation_name(&sealed.manifest);
        self.publisher.publish(building, sealed, &name)
    }

    fn pass_gate(&self, directory: Box<dyn Directory>) -> Result<(), BuildError> {
        self.options.gate.map_or(Ok(()), |gate| gate(directory))
    }
}

fn write_all(
    building: &Path,
    corpus: &Corpus,
    labels: &CpvLabels,
    memory: MemoryBudget,
    progress: &mut OnProgress<'_>,
) -> Result<Report, BuildError> {
    let directory = MmapDirectory::open(building).map_err(TantivyError::from)?;
    let writer = IndexWriter::create_within(directory, Analyzer::default(), memory)?.with_labels(labels.clone());
    let total_bytes = corpus.bytes();
    let mut records = 0;
    let report = read_ahead(corpus, |record, digest, bytes| {
        writer.add_read(record, digest)?;
        records += 1;
        progress(Progress {
            records,
            bytes,
            total_bytes,
        })
    })?;
    if report.problem_count() > 0 {
        return Err(BuildError::Problems(report));
    }
    writer.finish()?;
    Ok(report)
}

/// Reads a corpus on its own thread, and visits its records in order, each with the digest of its source and the number of bytes read so
/// far.
fn read_ahead(
    corpus: &Corpus,
    mut visit: impl FnMut(Record, Option<RecordDigest>, u64) -> Result<(), BuildError>,
) -> Result<Report, BuildError> {
    /// Capacity of the channel, in batches.
    const QUEUED: usize = 2;
    /// The receiver is gone.
    struct Stopped;
    thread::scope(|scope| {
        let (sender, received) = sync_channel(QUEUED);
        let reader = scope.spawn(move || {
            let mut batch = Batch::default();
            let mut before = 0;
            let report = corpus.read_with(|record, raw| {
                let bytes = raw.bytes_read();
                if let Some(full) = batch.add((record, raw.digest(), bytes), (bytes - before) as usize) {
                    sender.send(full).map_err(|_| Stopped)?;
                }
                before = bytes;
                Ok(())
            })?;
            sender.send(batch.take()).map_err(|_| Stopped)?;
            Ok(report)
        });
        let visited =
            (received.into_iter().flatten()).try_for_each(|(record, digest, bytes)| visit(record, digest, bytes));
        let report = reader.join().unwrap_or_else(|panic| resume_unwind(panic));
        visited?;
        report.map_err(|Stopped| TantivyError::ErrorInThread("the corpus was not read to its end".to_owned()).into())
    })
}

/// Removes tantivy's lock files, which are not part of an index.
fn remove_locks(building: &Path) -> Result<(), BuildError> {
    for name in [".tantivy-writer.lock", ".tantivy-meta.lock"] {
        let path = building.join(name);
        if path.exists() {
            std::fs::remove_file(&path).map_err(BuildError::io("remove", &path))?;
        }
    }
    Ok(())
}

/// The name `g-<time>-<hash>`. The hash separates builds of the same millisecond.
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
#[path = "build_tests.rs"]
mod tests;

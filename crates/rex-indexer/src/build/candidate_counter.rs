use std::path::Path;
use std::sync::mpsc::{RecvError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use rex_corpus::Record;
use rex_index::completions;
use tantivy::TantivyError;
use tantivy::directory::{Directory, TerminatingWrite};

use crate::build::batch::Batch;
use crate::build::memory_budget::MemoryBudget;
use crate::completions::candidates::CompletionCandidates;
use crate::error::BuildError;
use crate::text::token_cache::CutText;

/// Counts the completion candidates of records on its own thread, and writes the completions there.
pub(crate) struct CandidateCounter {
    records: SyncSender<Vec<CutRecord>>,
    next: Mutex<Batch<CutRecord>>,
    /// Receives the directory to write to. Closed without one, the build was abandoned and nothing is written.
    end: SyncSender<Box<dyn Directory>>,
    thread: JoinHandle<Result<(), BuildError>>,
}

/// A record and the words of its title.
type CutRecord = (Record, Arc<CutText>);

impl CandidateCounter {
    /// Capacity of the channel, in batches.
    const QUEUED: usize = 2;

    /// Starts the thread.
    pub(crate) fn start(memory: MemoryBudget) -> Self {
        let (records, received) = sync_channel::<Vec<CutRecord>>(Self::QUEUED);
        let (end, directory) = sync_channel::<Box<dyn Directory>>(1);
        let thread = thread::spawn(move || {
            let mut candidates = CompletionCandidates::new(memory);
            for (record, title) in received.iter().flatten() {
                candidates.add(&record, Some(&title));
            }
            match directory.recv() {
                Ok(directory) => write_completions(&*directory, candidates),
                Err(RecvError) => Ok(()),
            }
        });
        Self {
            records,
            next: Mutex::default(),
            end,
            thread,
        }
    }

    /// Adds a record; blocks while the channel is full.
    pub(crate) fn add(&self, record: Record, title: Arc<CutText>) {
        let texts = record.sections.iter().map(|section| section.texte.len());
        let bytes = record.titre.len() + texts.sum::<usize>();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full) = next.add((record, title), bytes) {
            // Fails only after a panic of the thread, which joining it reports.
            let _ = self.records.send(full);
        }
    }

    /// Lets the thread write the completions once it has counted every record. The caller joins it.
    pub(crate) fn finish(self, directory: Box<dyn Directory>) -> JoinHandle<Result<(), BuildError>> {
        let mut next = self.next.into_inner().unwrap_or_else(PoisonError::into_inner);
        let _ = self.records.send(next.take());
        let _ = self.end.send(directory);
        self.thread
    }
}

/// Writes the completions file of an index.
pub(crate) fn write_completions(directory: &dyn Directory, candidates: CompletionCandidates) -> Result<(), BuildError> {
    let path = Path::new(completions::FILE);
    let mut file = directory.open_write(path).map_err(TantivyError::from)?;
    crate::completions::write::write(candidates.finish(), &mut file)
        .and_then(|()| file.terminate())
        .map_err(BuildError::io("write", path))
}

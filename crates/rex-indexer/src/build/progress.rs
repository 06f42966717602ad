use crate::error::BuildError;

/// Progress of a build.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Records indexed so far.
    pub records: u64,
    /// Bytes of the corpus read so far.
    pub bytes: u64,
    /// Bytes of the whole corpus.
    pub total_bytes: u64,
}

/// Called after every record. An error stops the build.
pub(crate) type OnProgress<'a> = dyn FnMut(Progress) -> Result<(), BuildError> + 'a;

//! Arguments that several commands share. Doc comments are the help texts.

use std::path::PathBuf;

use clap::Args;

/// Path of the configuration file.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConfigPathArg {
    /// Configuration file [default: rex.toml, if it exists]
    #[arg(long, value_name = "FILE", env = "REX_CONFIG")]
    pub(crate) config: Option<PathBuf>,
}

/// Paths of the configuration file and the corpus folder. Flags override environment variables, which override the configuration
/// file.
#[derive(Debug, Clone, Args)]
pub(crate) struct CorpusPathArgs {
    #[command(flatten)]
    pub(crate) config: ConfigPathArg,
    /// Folder of the cases [default: corpus]
    #[arg(long, value_name = "DIR", env = "REX_CORPUS")]
    pub(crate) corpus: Option<PathBuf>,
}

/// Path of the index folder.
#[derive(Debug, Clone, Args)]
pub(crate) struct IndexPathArg {
    /// Folder of the index [default: index]
    #[arg(long, value_name = "DIR", env = "REX_INDEX")]
    pub(crate) index: Option<PathBuf>,
}

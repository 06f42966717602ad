//! Arguments that several commands share. Doc comments are the help.

use std::path::PathBuf;

use clap::Args;

/// Where the configuration is.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConfigPathArg {
    /// Configuration file [default: rex.toml, where there is one]
    #[arg(long, value_name = "FILE", env = "REX_CONFIG")]
    pub(crate) config: Option<PathBuf>,
}

/// Where the configuration and the corpus are. A flag beats the environment, which beats the configuration file, which beats the
/// default.
#[derive(Debug, Clone, Args)]
pub(crate) struct CorpusPathArgs {
    #[command(flatten)]
    pub(crate) config: ConfigPathArg,
    /// Folder of the cases [default: corpus]
    #[arg(long, value_name = "DIR", env = "REX_CORPUS")]
    pub(crate) corpus: Option<PathBuf>,
}

/// Where the index is.
#[derive(Debug, Clone, Args)]
pub(crate) struct IndexPathArg {
    /// Folder of the index [default: index]
    #[arg(long, value_name = "DIR", env = "REX_INDEX")]
    pub(crate) index: Option<PathBuf>,
}

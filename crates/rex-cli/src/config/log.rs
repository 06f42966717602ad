//! `[log]` of the configuration: how a server tells what happens.

use clap::ValueEnum;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogSection {
    /// How a line is written.
    #[serde(default)]
    pub(crate) format: LogFormat,
    /// What is worth a line.
    #[serde(default)]
    pub(crate) level: LogLevel,
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// To be read by people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// The least that is worth a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogLevel {
    /// Failures
    Error,
    /// And what may become one
    Warn,
    /// And one line for each request
    #[default]
    Info,
    /// And what helps to find a mistake in Rex
    Debug,
}

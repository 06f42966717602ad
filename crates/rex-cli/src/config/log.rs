//! `[log]` of the configuration: format and level of the event log.

use clap::ValueEnum;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogSection {
    /// Format of a line.
    #[serde(default)]
    pub(crate) format: LogFormat,
    /// Lowest level to log.
    #[serde(default)]
    pub(crate) level: LogLevel,
}

/// Format of the event log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// Text for people
    #[default]
    Text,
    /// One JSON object per line
    Json,
}

/// Lowest level to log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogLevel {
    /// Failures only
    Error,
    /// Warnings too
    Warn,
    /// One line per request too
    #[default]
    Info,
    /// Details for debugging Rex too
    Debug,
}

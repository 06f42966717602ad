//! A progress bar on a terminal, and nothing elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// How far a file or a corpus is read: bytes, records, time left.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// What is counted: "records".
    what: &'static str,
}

impl Progress {
    /// A bar that says what is being done, and counts `what`.
    pub(crate) fn of_bytes(doing: &'static str, what: &'static str) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self {
                bar: ProgressBar::hidden(),
                what,
            };
        }
        let template = "{prefix} {wide_bar} {bytes}/{total_bytes}  {msg}  {eta} left";
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self {
            bar: ProgressBar::no_length().with_style(style).with_prefix(doing),
            what,
        }
    }

    /// Shows how far it is.
    pub(crate) fn show(&self, records: u64, bytes: u64, total_bytes: u64) {
        /// A bar redrawn for every record would cost more than reading it.
        const EVERY: u64 = 100;
        if records % EVERY == 1 || bytes == total_bytes {
            self.bar.set_length(total_bytes);
            self.bar.set_position(bytes);
            self.bar.set_message(format!("{records} {}", self.what));
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

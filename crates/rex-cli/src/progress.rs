//! A progress bar, on a terminal only.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Progress of reading a file or a corpus: bytes, records, time left.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// Unit of the counter: "records".
    what: &'static str,
}

impl Progress {
    /// A bar over bytes with the label `doing`, and a counter of `what`.
    pub(crate) fn of_bytes(doing: &'static str, what: &'static str) -> Self {
        #[allow(clippy::disallowed_methods, reason = "nothing is written")]
        let is_terminal = std::io::stderr().is_terminal();
        if !is_terminal {
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

    /// Updates the bar.
    pub(crate) fn show(&self, records: u64, bytes: u64, total_bytes: u64) {
        /// Redrawing the bar for every record would cost more than reading the record.
        const EVERY: u64 = 100;
        if records % EVERY == 1 || bytes == total_bytes {
            self.bar.set_length(total_bytes);
            self.bar.set_position(bytes);
            self.bar.set_message(format!("{records} {}", self.what));
        }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

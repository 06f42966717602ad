//! The files of the search log, one a month.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

/// Months since year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month(pub(super) i32);

impl Month {
    /// The month of a time.
    pub(super) fn of(time: OffsetDateTime) -> Self {
        Self(time.year() * 12 + i32::from(u8::from(time.month())) - 1)
    }

    /// The month of a log file name; `None` for other files.
    fn of_file(name: &str) -> Option<Self> {
        let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        let (year, month) = name
            .strip_prefix("searches-")?
            .strip_suffix(".jsonl")?
            .split_once('-')?;
        let number: i32 = month.parse().ok()?;
        let is_month = digits(year, 4) && digits(month, 2) && (1..=12).contains(&number);
        is_month.then_some(Self(year.parse::<i32>().ok()? * 12 + number - 1))
    }

    /// Its file name.
    pub(super) fn file(self) -> String {
        format!(
            "searches-{:04}-{:02}.jsonl",
            self.0.div_euclid(12),
            self.0.rem_euclid(12) + 1
        )
    }
}

/// The log files in a folder, oldest first; none where it does not exist.
///
/// # Errors
/// The folder cannot be read.
pub fn search_log_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(months(folder)?
        .into_iter()
        .map(|month| folder.join(month.file()))
        .collect())
}

/// The months with a file in a folder, in order; none where it does not exist.
pub(super) fn months(folder: &Path) -> io::Result<Vec<Month>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut months = Vec::new();
    for entry in entries {
        months.extend(entry?.file_name().to_str().and_then(Month::of_file));
    }
    months.sort();
    Ok(months)
}

//! Wrong and doubtful values of a published record. They are corrected or left out of the fields, and reported in the record.

use std::collections::BTreeMap;
use std::fmt;

/// Kinds of problems, in summary order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DecpProblem {
    /// A value that is not JSON, such as `NaN`, `1e400` or `01`.
    Value,
    /// A byte that is not UTF-8, half a surrogate pair, a control character or an escape that does not exist.
    Character,
    /// A text in the wrong encoding, which was mended.
    Encoding,
    /// A value that its source marks as unusable.
    Marked,
    /// No object, or only debris of HTML.
    Object,
    /// A buyer without a SIRET of fourteen digits.
    Buyer,
    /// Words such as `SANS SUITE` in the place of a holder.
    NoHolder,
    /// A holder whose SIRET is not valid.
    Holder,
    /// More holders than the maximum of a record.
    TooManyHolders,
    /// A mistyped CPV code that was recognised.
    CpvCorrected,
    /// A CPV code that is not valid.
    Cpv,
    /// A procedure that is not in the closed list.
    Procedure,
    /// An amount that is zero, negative, a placeholder or out of range.
    Amount,
    /// A duration that is zero, negative or out of range.
    Duration,
    /// A duration so long that it is rarely right, which was kept.
    LongDuration,
    /// A date that is not in the calendar, or out of range.
    Date,
    /// A place of execution that is not recognised.
    Place,
    /// A place of execution whose code and name differ.
    PlaceDiffers,
    /// A consideration that is not in the closed list.
    Consideration,
    /// A modification that gives the difference or a wrong value instead of the new value.
    Modification,
}

impl DecpProblem {
    /// The problem in words, for a summary.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Value => "value that is not JSON, such as NaN or 1e400",
            Self::Character => "text with a character or an escape that is not JSON",
            Self::Encoding => "text in the wrong encoding, mended",
            Self::Marked => "value that its source marks as unusable",
            Self::Object => "no object",
            Self::Buyer => "buyer without a SIRET of 14 digits",
            Self::NoHolder => "no holder: without a candidate, or abandoned",
            Self::Holder => "holder whose SIRET is not 14 digits",
            Self::TooManyHolders => "more holders than a record has room for",
            Self::CpvCorrected => "CPV code corrected",
            Self::Cpv => "CPV code that does not exist, or whose check digit is wrong",
            Self::Procedure => "procedure that is not in the list",
            Self::Amount => "amount of 0, negative, made up or out of range",
            Self::Duration => "duration of 0, negative or out of range",
            Self::LongDuration => "duration of over 120 months, kept",
            Self::Date => "date that cannot be right",
            Self::Place => "place of execution that cannot be made out",
            Self::PlaceDiffers => "place of execution whose code and name differ",
            Self::Consideration => "consideration that is not in the list",
            Self::Modification => "modification that cannot be a new value",
        }
    }
}

impl fmt::Display for DecpProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.summary())
    }
}

/// The problems of one record: the kind, and the French sentence for the record.
#[derive(Debug, Default)]
pub(super) struct Anomalies(Vec<(DecpProblem, String)>);

impl Anomalies {
    /// Adds a problem: `what` in French, then the typed value, cut at 120 characters.
    pub(super) fn add(&mut self, kind: DecpProblem, what: &str, typed: &str) {
        const LONGEST: usize = 120;
        let cut: String = typed.chars().take(LONGEST).collect();
        let cut = cut.split_whitespace().collect::<Vec<_>>().join(" ");
        self.0.push((kind, format!("{what} : « {cut} »")));
    }

    /// Counts each kind once for the record, and returns the sentences.
    pub(super) fn finish(self, counts: &mut BTreeMap<DecpProblem, u64>) -> Vec<String> {
        /// The maximum of a list in a record.
        const MOST: usize = 100;
        let mut kinds: Vec<DecpProblem> = self.0.iter().map(|(kind, _)| *kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            *counts.entry(kind).or_default() += 1;
        }
        // A sentence that several modifications cause is said once.
        let mut sentences: Vec<String> = Vec::new();
        for (_, sentence) in self.0 {
            if sentences.len() < MOST && !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
        sentences
    }
}

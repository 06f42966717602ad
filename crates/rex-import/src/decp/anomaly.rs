//! What is wrong in a published record, kept out of the fields and said in the record.

use std::collections::BTreeMap;
use std::fmt;

/// Kinds of problems, in the order a summary lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DecpProblem {
    /// No object, or only debris of HTML.
    Object,
    /// A buyer without a SIRET of fourteen digits.
    Buyer,
    /// A holder whose identifier is not what it is said to be.
    Holder,
    /// More holders than a record can have.
    TooManyHolders,
    /// A CPV code that was made out from what is typed.
    CpvCorrected,
    /// A CPV code that is none.
    Cpv,
    /// A procedure that the closed list does not have.
    Procedure,
    /// An amount that is nought, negative, made up or beyond reason.
    Amount,
    /// A duration that is nought, negative or beyond reason.
    Duration,
    /// A date that no calendar has, or not of this time.
    Date,
    /// A place of execution that cannot be made out.
    Place,
    /// A consideration that the closed list does not have.
    Consideration,
    /// A modification that says the difference, or nonsense, where the new value belongs.
    Modification,
}

impl DecpProblem {
    /// What the problem is, for a summary.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Object => "no object",
            Self::Buyer => "buyer without a SIRET of 14 digits",
            Self::Holder => "holder whose SIRET is not 14 digits",
            Self::TooManyHolders => "more holders than a record has room for",
            Self::CpvCorrected => "CPV code corrected",
            Self::Cpv => "CPV code that does not exist, or whose check digit is wrong",
            Self::Procedure => "procedure that is not in the list",
            Self::Amount => "amount of 0, negative, made up or out of range",
            Self::Duration => "duration of 0, negative or out of range",
            Self::Date => "date that cannot be right",
            Self::Place => "place of execution that cannot be made out",
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

/// The problems of one record: what kind, and the sentence the record carries.
#[derive(Debug, Default)]
pub(super) struct Anomalies(Vec<(DecpProblem, String)>);

impl Anomalies {
    /// Adds one, `what` in French, with what is typed; of a long text, the beginning.
    pub(super) fn add(&mut self, kind: DecpProblem, what: &str, typed: &str) {
        const LONGEST: usize = 120;
        let cut: String = typed.chars().take(LONGEST).collect();
        let cut = cut.split_whitespace().collect::<Vec<_>>().join(" ");
        self.0.push((kind, format!("{what} : « {cut} »")));
    }

    /// Counts each kind once for the record, and gives the sentences.
    pub(super) fn finish(self, counts: &mut BTreeMap<DecpProblem, u64>) -> Vec<String> {
        /// As many texts as a list of a record may have.
        const MOST: usize = 100;
        let mut kinds: Vec<DecpProblem> = self.0.iter().map(|(kind, _)| *kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            *counts.entry(kind).or_default() += 1;
        }
        self.0.into_iter().map(|(_, sentence)| sentence).take(MOST).collect()
    }
}

use rex_corpus::{Cpv, Euros, Record, Reserve};

/// A similar case.
#[derive(Debug, Clone, PartialEq)]
pub struct Similar {
    /// The case, its sections included.
    pub record: Record,
    /// Similarity, above 0 and up to 10.
    pub score: f32,
    /// The reasons, at least one, in the order of the variants.
    pub reasons: Vec<Reason>,
}

/// A trait that two cases share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The CPV code.
    Code(Cpv),
    /// The first digits of the CPV code, two to seven.
    Branch(String),
    /// The territory: its levels from the région down, as far as both have them.
    Territory(Vec<String>),
    /// The amount of the other case, within a factor of two.
    Amount(Euros),
    /// The reservations in common.
    Reserve(Vec<Reserve>),
    /// Terms, those with the highest weight first, as the case writes them; at most five.
    Words(Vec<String>),
    /// A near meaning, by the words of the other case that come nearest; at most three, possibly none.
    Subject(Vec<String>),
}

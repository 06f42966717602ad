use rex_corpus::{Cpv, Euros, Record, Reserve};

/// A case near another.
#[derive(Debug, Clone, PartialEq)]
pub struct Similar {
    /// The case, its sections included.
    pub record: Record,
    /// How near it is, above 0 and up to 10.
    pub score: f32,
    /// Why, at least one, in the order of the variants.
    pub reasons: Vec<Reason>,
}

/// What two cases have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The CPV code.
    Code(Cpv),
    /// The first digits of the CPV code, two to seven.
    Branch(String),
    /// The territory: its levels from the région down, as far as both have them.
    Territory(Vec<String>),
    /// The amount, within a factor of two: that of the other case.
    Amount(Euros),
    /// Those the contracts are reserved to, the ones in common.
    Reserve(Vec<Reserve>),
    /// Words, the most telling first, as the case itself writes them; at most five.
    Words(Vec<String>),
}

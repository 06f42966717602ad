/// The values of a facet that a text resolves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolvedValue {
    /// Values as cases have them: one, or several that differ in case and accents only.
    Values(Vec<String>),
    /// Likely values: the most similar one, or those that share the name.
    Likely(Vec<String>),
    /// No value, and none similar: no case matches.
    Unknown,
    /// Not a possible value of the facet: `12a` as a CPV code.
    Malformed,
}

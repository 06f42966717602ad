/// What a text stands for among the values of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolvedValue {
    /// Values, each as cases write it: one, or several that differ in their letter case and accents only.
    Values(Vec<String>),
    /// None, but one of these is likely: the nearest one, or those that have the name together.
    Likely(Vec<String>),
    /// No value, nor anything near: it matches no case.
    Unknown,
    /// Not a value the facet can have: `12a` as a CPV code.
    Malformed,
}

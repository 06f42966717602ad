/// Whether numbers can only be read as a reference.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    Certain,
    /// They may also be a span of years, a month or a range.
    Ambiguous,
}

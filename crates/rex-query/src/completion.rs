use crate::completion_kind::CompletionKind;
use crate::marked::Marked;

/// Most completions per request.
pub const MAX_COMPLETIONS: usize = 20;

/// A completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The text to search, with the typed parts marked.
    pub text: Marked,
    /// Its kind.
    pub kind: CompletionKind,
    /// Number of cases with it, at least 1; a lower bound.
    pub count: u64,
    /// The id of the case, for the title of a single one.
    pub case: Option<String>,
    /// The value for a filter: the text, or the code that it is the label of. `None` if the text is not a single value of the
    /// facet: two communes may share a name.
    pub value: Option<String>,
    /// The other name that was typed, at least in part: `MAPA` for `Procédure adaptée`.
    pub other_name: Option<String>,
}

use crate::completion_kind::CompletionKind;
use crate::marked::Marked;

/// Most completions given.
pub const MAX_COMPLETIONS: usize = 20;

/// Something the person who types may want to search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What to search, with the parts that were typed marked.
    pub text: Marked,
    /// What it is.
    pub kind: CompletionKind,
    /// How many cases have it, at the least: one or more.
    pub count: u64,
    /// The only case of this title.
    pub case: Option<String>,
    /// What a filter of the facet takes: the text, or the code that the text is the label of. None where no one value of
    /// the facet is this text: two communes may share a name.
    pub value: Option<String>,
    /// What was typed, or was begun, where it is another name of the text: `MAPA` for `Procédure adaptée`.
    pub other_name: Option<String>,
}

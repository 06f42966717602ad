use crate::facet::Facet;

/// The kind of a completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompletionKind {
    /// A value of a facet: a buyer, a holder, the last level of a territory, a theme...
    Value(Facet),
    /// The title of a case study.
    Title,
    /// The title of a contract of the public record.
    ContractTitle,
    /// A word or a phrase that several records hold.
    Expression,
}

impl CompletionKind {
    /// Every kind. A text of several kinds has the first of them in this order, which is part of the index format.
    pub const ALL: [Self; 10] = [
        Self::Value(Facet::Acheteur),
        Self::Value(Facet::Titulaire),
        Self::Value(Facet::Territoire),
        Self::Value(Facet::Theme),
        Self::Value(Facet::Procedure),
        Self::Value(Facet::Structure),
        Self::Value(Facet::Reserve),
        Self::Title,
        Self::ContractTitle,
        Self::Expression,
    ];

    /// Its name in a response; both kinds of titles are `titre`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Value(facet) => facet.name(),
            Self::Title | Self::ContractTitle => "titre",
            Self::Expression => "expression",
        }
    }

    /// Its index in [`Self::ALL`].
    pub fn rank(self) -> usize {
        Self::ALL.iter().position(|kind| *kind == self).unwrap_or_default()
    }
}

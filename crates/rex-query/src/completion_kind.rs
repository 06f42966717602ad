use crate::facet::Facet;

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompletionKind {
    /// A value of a facet: a buyer, a holder, the own name of a territory, a theme...
    Value(Facet),
    /// The title of a case told by a publisher.
    Title,
    /// The title of a contract of the public record.
    ContractTitle,
    /// A word or a phrase that several records hold.
    Expression,
}

impl CompletionKind {
    /// Every kind. A text that is several things is the first of them in this order, which is part of the format.
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

    /// As it is named in an answer; both kinds of titles are `titre`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Value(facet) => facet.name(),
            Self::Title | Self::ContractTitle => "titre",
            Self::Expression => "expression",
        }
    }

    /// Its rank in [`Self::ALL`].
    pub fn rank(self) -> usize {
        Self::ALL.iter().position(|kind| *kind == self).unwrap_or_default()
    }
}

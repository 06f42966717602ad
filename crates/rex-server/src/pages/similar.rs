use rex_api::similarity_reason::reason_text;
use rex_query::Similar;

/// An item of a list of near cases.
pub(super) struct SimilarView {
    pub(super) address: String,
    pub(super) title: String,
    /// What distinguishes it, the similarity reasons last.
    pub(super) facts: Vec<String>,
}

impl SimilarView {
    /// With its reasons, for the page of the case that it is near to.
    pub(super) fn with_reasons(similar: &Similar, address: String) -> Self {
        Self {
            address,
            title: similar.record.titre.clone(),
            facts: similar.reasons.iter().map(reason_text).collect(),
        }
    }

    /// With its buyer and its place too, for a results page.
    pub(super) fn with_place(similar: &Similar, address: String) -> Self {
        let (record, mut view) = (&similar.record, Self::with_reasons(similar, address));
        let buyer = record.acheteur.as_ref().map(|buyer| buyer.nom.clone());
        let place = record
            .territoire
            .last()
            .filter(|place| buyer.as_ref() != Some(*place))
            .cloned();
        view.facts.splice(0..0, buyer.into_iter().chain(place));
        view
    }
}

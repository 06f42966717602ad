//! From a record to what tantivy indexes.

use rex_analysis::analyze;
use rex_corpus::{Record, plain_text};
use tantivy::TantivyDocument;

use crate::facet::{Facet, FacetKind};
use crate::schema::{Fields, Zone};

/// The document of a record.
///
/// # Errors
/// A record that does not serialize, which no record of ours does.
pub(crate) fn document(fields: &Fields, record: &Record) -> Result<TantivyDocument, serde_json::Error> {
    let mut document = TantivyDocument::default();
    document.add_text(fields.id, &record.id);
    document.add_bytes(fields.record, &serde_json::to_vec(record)?);
    for zone in Zone::ALL {
        let field = fields.zone(zone);
        for text in zone_texts(zone, record) {
            document.add_text(field.exact, &text);
            document.add_text(field.stem, &text);
        }
    }
    for facet in Facet::ALL {
        let field = fields.facet(facet);
        match facet.kind() {
            FacetKind::Range => facet
                .number(record)
                .into_iter()
                .for_each(|number| document.add_u64(field, number)),
            FacetKind::Terms | FacetKind::Hierarchy => {
                facet
                    .values(record)
                    .iter()
                    .for_each(|value| document.add_text(field, facet.term(value)));
            }
        }
    }
    if let Some(date) = record.date {
        document.add_u64(fields.date, date.sort_key());
    }
    document.add_text(fields.title_order, title_order(&record.titre));
    Ok(document)
}

/// The texts of a zone; a phrase never runs from one into the next.
fn zone_texts(zone: Zone, record: &Record) -> Vec<String> {
    match zone {
        Zone::Title => vec![record.titre.clone()],
        Zone::Parties => record
            .acheteur
            .iter()
            .chain(&record.titulaires)
            .map(|party| party.nom.clone())
            .collect(),
        Zone::Subject => subject(record),
        Zone::Text => record
            .sections
            .iter()
            .flat_map(|section| [section.titre.clone(), plain_text(&section.texte)])
            .collect(),
    }
}

fn subject(record: &Record) -> Vec<String> {
    let mut texts: Vec<String> = record
        .themes
        .iter()
        .chain(&record.territoire)
        .chain(&record.considerations)
        .cloned()
        .collect();
    texts.extend(Facet::Structure.values(record));
    texts.extend(record.reserve.iter().map(ToString::to_string));
    texts.extend(record.procedure.map(|procedure| procedure.label().to_owned()));
    texts.extend(record.nature.map(|nature| nature.label().to_owned()));
    texts.extend(record.cpv.map(|cpv| cpv.to_string()));
    texts
}

/// The title as a dictionary would file it: words only, without elided articles, accents or capitals.
fn title_order(title: &str) -> String {
    analyze(title)
        .into_iter()
        .map(|token| token.exact)
        .collect::<Vec<_>>()
        .join(" ")
}

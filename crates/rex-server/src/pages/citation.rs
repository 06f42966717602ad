//! Citations of cases: the text is the site's, based on a third-party publication.

use rex_corpus::{Record, Source};

use crate::site::config::Site;
use rex_api::french_format;

/// A citation: `« Titre », Rex, d'après ESS France, Marchés publics, p. 6, marché notifié en 2023. https://…`. The title of
/// the publication is separate, to be set in italics.
pub(super) struct Citation {
    pub(super) before: String,
    pub(super) publication: Option<String>,
    pub(super) after: String,
}

impl Citation {
    /// The citation of a case page at its canonical address.
    pub(super) fn new(site: &Site, canonical: &str, record: &Record) -> Self {
        let mut before = format!("«\u{a0}{}\u{a0}», {}", record.titre, site.name);
        let notified = record.date.map(|date| match date.month_and_day() {
            Some(_) => format!(", marché notifié le {}", french_format::date(date)),
            None => format!(", marché notifié en {}", french_format::date(date)),
        });
        let notified = notified.unwrap_or_default();
        let Some(origin) = record.source.as_ref().and_then(SourceParts::of) else {
            return Self {
                before,
                publication: None,
                after: format!("{notified}. {canonical}"),
            };
        };
        before.push_str(&format!(", d'après {}", origin.before));
        Self {
            before,
            publication: origin.publication.map(str::to_owned),
            after: format!("{}{notified}. {canonical}", origin.after),
        }
    }
}

/// The attribution of a source: `D'après ESS France, Marchés publics, p. 6`. `None` without publisher and title.
pub(crate) fn attribution(source: &Source) -> Option<String> {
    let SourceParts {
        before,
        publication,
        after,
    } = SourceParts::of(source)?;
    Some(format!("D'après {before}{}{after}", publication.unwrap_or_default()))
}

/// `p. 6`.
pub(super) fn page(page: u32) -> String {
    format!("p.\u{a0}{page}")
}

/// Publisher, title and page, with their separators.
struct SourceParts<'a> {
    before: String,
    publication: Option<&'a str>,
    after: String,
}

impl<'a> SourceParts<'a> {
    /// `None` where neither publisher nor title is known.
    fn of(source: &'a Source) -> Option<Self> {
        let publisher = source.editeur.as_deref();
        let publication = source.titre.as_deref();
        let before = match (publisher, publication) {
            (Some(publisher), Some(_)) => format!("{publisher}, "),
            (Some(publisher), None) => publisher.to_owned(),
            (None, Some(_)) => String::new(),
            (None, None) => return None,
        };
        let after = source.page.map(|number| format!(", {}", page(number)));
        Some(Self {
            before,
            publication,
            after: after.unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_named_by_what_is_known_of_it() {
        let source = |titre: Option<&str>, editeur: Option<&str>, page| Source {
            titre: titre.map(str::to_owned),
            editeur: editeur.map(str::to_owned),
            page,
            url: None,
        };
        for (source, expected) in [
            (source(Some("T"), Some("E"), Some(6)), Some("D'après E, T, p.\u{a0}6")),
            (source(Some("T"), None, None), Some("D'après T")),
            (source(None, Some("E"), Some(6)), Some("D'après E, p.\u{a0}6")),
            (source(None, None, Some(6)), None),
        ] {
            assert_eq!(attribution(&source).as_deref(), expected);
        }
    }
}

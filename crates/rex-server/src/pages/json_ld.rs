//! A case as a schema.org `Article` in JSON-LD.

use rex_corpus::{CpvLabels, Record, Source};
use serde_json::{Value, json};

use crate::site::config::Site;

/// The content of a `<script type="application/ld+json">` element.
///
/// The site is author and publisher; the source publication is `isBasedOn`. The contract date is `temporalCoverage`, since
/// the publication date of the case is unknown.
pub(super) fn article(site: &Site, labels: &CpvLabels, address: &str, description: &str, record: &Record) -> String {
    let source = record.source.as_ref();
    let subject = record.cpv.and_then(|cpv| labels.of_code(cpv));
    let about = record.themes.iter().cloned().chain(subject.map(Into::into));
    let about: Vec<Value> = about
        .map(|name: String| json!({"@type": "Thing", "name": name}))
        .collect();
    let mut article = json!({
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": record.titre,
        "description": description,
        "url": address,
        "mainEntityOfPage": address,
        "inLanguage": "fr",
        "author": organization(&site.name),
        "publisher": organization(&site.name),
    });
    let optional = [
        ("about", (!about.is_empty()).then_some(Value::Array(about))),
        ("temporalCoverage", record.date.map(|date| date.to_string().into())),
        ("spatialCoverage", place(&record.territoire)),
        ("isBasedOn", source.map(publication)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            article[name] = value;
        }
    }
    within_script(&article)
}

fn organization(name: &str) -> Value {
    json!({"@type": "Organization", "name": name})
}

/// The deepest level of a territory, nested in its parents.
fn place(territory: &[String]) -> Option<Value> {
    territory.iter().fold(None, |above, name| {
        let mut place = json!({"@type": "Place", "name": name});
        if let Some(above) = above {
            place["containedInPlace"] = above;
        }
        Some(place)
    })
}

/// The source publication.
fn publication(source: &Source) -> Value {
    let mut publication = json!({"@type": "CreativeWork"});
    let fields = [
        ("name", source.titre.clone().map(Value::from)),
        ("url", source.url.clone().map(Value::from)),
        ("publisher", source.editeur.as_deref().map(organization)),
        ("pagination", source.page.map(|page| page.to_string().into())),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            publication[name] = value;
        }
    }
    publication
}

/// JSON escaped so that no text can end the script element or open a comment.
fn within_script(json: &Value) -> String {
    json.to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        // Line terminators in JavaScript before ES2019.
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

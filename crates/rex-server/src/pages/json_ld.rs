//! A case as data for search engines: an `Article` of <https://schema.org>, in JSON-LD.

use rex_corpus::{CpvLabels, Record, Source};
use serde_json::{Value, json};

use crate::site::config::Site;

/// The data of a case, to stand in a `<script type="application/ld+json">`.
///
/// Its title and its text are those of the site, which is its author; the publication it is told after is what it is based on.
/// The date of a case is that of its contract: what the text is about, not when it was published.
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

/// The last level of a territory, in those above it.
fn place(territory: &[String]) -> Option<Value> {
    territory.iter().fold(None, |above, name| {
        let mut place = json!({"@type": "Place", "name": name});
        if let Some(above) = above {
            place["containedInPlace"] = above;
        }
        Some(place)
    })
}

/// The publication that the case is told after.
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

/// JSON in which nothing ends a script or begins a comment, whatever its texts say.
fn within_script(json: &Value) -> String {
    json.to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        // Line ends to old scripts, though not to JSON.
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

//! A case as a Meilisearch document: flat, except hierarchies, lots and source.

use rex_corpus::{CpvLabels, Record, plain_text};
use rex_query::{Facet, PATH_SEPARATOR};
use serde_json::{Map, Value, json};

use super::attribute::Attribute;
use super::facet_distribution::number_in;
use super::projection::Projection;
use rex_api::case_address::case_address;

/// Maximum length of `resume` in bytes, about ten pages. Bounds the size of 1,000 hits; `/v1/cases/{id}` has the whole text.
const MAX_TEXT: usize = 32 << 10;
/// The attribute with the text of the case.
const TEXT: &str = "resume";

/// The attributes of a case that have a value. The text is included only where the projection uses it.
pub(super) fn document(labels: &CpvLabels, record: &Record, projection: &Projection) -> Map<String, Value> {
    let text = projection.uses(TEXT).then(|| text(record)).flatten();
    let of_case = [
        ("id", json!(record.id)),
        ("url", json!(case_address(&record.id))),
        ("titre", json!(record.titre)),
        ("date", json!(record.date.map(|date| date.to_string()))),
        ("annee", json!(record.date.map(rex_corpus::Date::year))),
        ("lots", lots(record)),
        ("source", source(record)),
        (TEXT, json!(text)),
    ];
    let all = of_case
        .into_iter()
        .chain(parties(record))
        .chain(contract(labels, record));
    all.filter(|(_, value)| has_value(value))
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn has_value(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(values) => !values.is_empty(),
        Value::Object(values) => !values.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// The buyer and the contractors.
fn parties(record: &Record) -> [(&'static str, Value); 4] {
    let buyer = record.acheteur.as_ref();
    [
        ("acheteur", json!(buyer.map(|buyer| &buyer.nom))),
        ("acheteur_siret", json!(buyer.and_then(|buyer| buyer.siret.as_ref()))),
        (
            "titulaire",
            record.titulaires.iter().map(|holder| json!(holder.nom)).collect(),
        ),
        ("structure", json!(Facet::Structure.values(record))),
    ]
}

/// The filterable attributes, parties aside.
fn contract(labels: &CpvLabels, record: &Record) -> Vec<(&'static str, Value)> {
    let branches = record.cpv.map(|cpv| cpv.branches()).unwrap_or_default();
    let label = |facet: Facet| (facet.name(), json!(facet.values(record).first()));
    let number = |facet: Facet| {
        let number = facet.number(record).map(|number| number_in(facet, number));
        (facet.name(), json!(number))
    };
    vec![
        label(Facet::Type),
        label(Facet::Nature),
        label(Facet::Procedure),
        (
            "reserve",
            record.reserve.iter().map(|reserve| json!(reserve.label())).collect(),
        ),
        ("considerations", json!(record.considerations)),
        ("theme", json!(record.themes)),
        ("territoire", levels(Facet::Territoire, &record.territoire)),
        ("cpv", levels(Facet::Cpv, &branches)),
        ("code_cpv", json!(record.cpv.map(|cpv| cpv.to_string()))),
        ("cpv_libelle", json!(record.cpv.and_then(|cpv| labels.of_code(cpv)))),
        number(Facet::Montant),
        number(Facet::Duree),
    ]
}

/// The hierarchy levels of a case, each as a full path.
fn levels(facet: Facet, names: &[String]) -> Value {
    let level = |level: usize| {
        let name = Attribute::Level(facet, level).to_string();
        let below = name.rsplit('.').next().unwrap_or_default().to_owned();
        (below, json!(names[..=level].join(PATH_SEPARATOR)))
    };
    Value::Object((0..names.len()).map(level).collect())
}

fn lots(record: &Record) -> Value {
    let mut fields = Map::new();
    if let Some(lots) = record.lots {
        fields.insert("nombre".to_owned(), json!(lots.nombre));
        fields.extend(lots.reserves.map(|reserved| ("reserves".to_owned(), json!(reserved))));
    }
    Value::Object(fields)
}

fn source(record: &Record) -> Value {
    let mut fields = Map::new();
    if let Some(source) = &record.source {
        let texts = [
            ("titre", &source.titre),
            ("editeur", &source.editeur),
            ("url", &source.url),
        ];
        for (name, text) in texts {
            fields.extend(text.as_ref().map(|text| (name.to_owned(), json!(text))));
        }
        fields.extend(source.page.map(|page| ("page".to_owned(), json!(page))));
    }
    Value::Object(fields)
}

/// The plain text of all sections; `None` where there is none.
fn text(record: &Record) -> Option<String> {
    let mut budget = MAX_TEXT;
    let mut text = String::new();
    for section in &record.sections {
        let read = section.texte.floor_char_boundary(budget);
        budget -= read;
        let words = plain_text(&section.texte[..read]);
        if !text.is_empty() && !words.is_empty() {
            text.push('\n');
        }
        text.push_str(&words);
    }
    (!text.is_empty()).then_some(text)
}

/// The selected attributes of a document. An object is kept where one of its attributes is.
pub(super) fn selected(document: &Map<String, Value>, is_asked: &dyn Fn(&str) -> bool) -> Map<String, Value> {
    select(document, "", is_asked)
}

fn select(document: &Map<String, Value>, above: &str, is_asked: &dyn Fn(&str) -> bool) -> Map<String, Value> {
    let entries = document.iter().filter_map(|(name, value)| {
        let path = path_below(above, name);
        let kept = match value {
            Value::Object(fields) => {
                let kept = select(fields, &path, is_asked);
                (!kept.is_empty()).then_some(Value::Object(kept))
            }
            leaf => is_asked(&path).then(|| leaf.clone()),
        };
        Some((name.clone(), kept?))
    });
    entries.collect()
}

/// The dotted path of a nested attribute: `territoire.lvl0`.
pub(super) fn path_below(above: &str, name: &str) -> String {
    if above.is_empty() {
        name.to_owned()
    } else {
        format!("{above}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meilisearch::fields::Fields;

    fn projection(sent: Value) -> Projection {
        let Value::Object(sent) = sent else {
            unreachable!("tests send objects")
        };
        Projection::read(&mut Fields::new(sent)).unwrap()
    }

    fn of(record: Value) -> Value {
        let record: Record = serde_json::from_value(record).unwrap();
        Value::Object(document(&CpvLabels::shipped(), &record, &projection(json!({}))))
    }

    #[test]
    fn a_full_case_is_flat() {
        let record = json!({
            "id": "é-1", "titre": "Tri", "nature": "services", "procedure": "Procédure adaptée", "reserve": ["SIAE"],
            "considerations": ["clause sociale"], "acheteur": {"nom": "Ville", "siret": "21310555400017"},
            "titulaires": [{"nom": "A", "structure": "Association"}, {"nom": "B", "structure": "Association"}],
            "lots": {"nombre": 3, "reserves": 1}, "cpv": "75231240-8", "montant_ht": 127721.5, "duree_mois": 12,
            "territoire": ["Occitanie", "Lot"], "themes": ["tri"], "date": "2023-05-01",
            "source": {"titre": "Livret", "page": 6},
            "sections": [{"titre": "A", "texte": "Un **mot**."}, {"titre": "B", "texte": "Deux."}],
        });
        assert_eq!(
            of(record),
            json!({
                "id": "é-1", "url": "/cas/%C3%A9-1", "titre": "Tri", "type": "retour-d-experience", "nature": "services",
                "procedure": "Procédure adaptée", "reserve": ["SIAE"], "considerations": ["clause sociale"],
                "acheteur": "Ville", "acheteur_siret": "21310555400017", "titulaire": ["A", "B"],
                "structure": ["Association"], "theme": ["tri"], "annee": 2023, "date": "2023-05-01",
                "montant": 127721.5, "duree": 12, "lots": {"nombre": 3, "reserves": 1},
                "territoire": {"lvl0": "Occitanie", "lvl1": "Occitanie > Lot"},
                "cpv": {
                    "lvl0": "75000000", "lvl1": "75000000 > 75200000", "lvl2": "75000000 > 75200000 > 75230000",
                    "lvl3": "75000000 > 75200000 > 75230000 > 75231000",
                    "lvl4": "75000000 > 75200000 > 75230000 > 75231000 > 75231200",
                    "lvl5": "75000000 > 75200000 > 75230000 > 75231000 > 75231200 > 75231240",
                },
                "code_cpv": "75231240-8", "cpv_libelle": "Services de réinsertion",
                "source": {"titre": "Livret", "page": 6}, "resume": "Un mot.\nDeux.",
            })
        );
    }

    #[test]
    fn what_has_no_value_is_left_out() {
        let bare = of(json!({"id": "a", "titre": "Tri"}));
        assert_eq!(
            bare,
            json!({"id": "a", "url": "/cas/a", "titre": "Tri", "type": "retour-d-experience"})
        );
    }

    #[test]
    fn a_text_is_read_so_far() {
        let document = of(json!({
            "id": "a", "titre": "Tri",
            "sections": [{"titre": "", "texte": "é".repeat(MAX_TEXT)}, {"titre": "", "texte": "suite"}],
        }));
        assert_eq!(document["resume"].as_str().unwrap().len(), MAX_TEXT);
    }

    #[test]
    fn a_part_of_an_object_can_be_asked_for() {
        let Value::Object(document) = json!({"a": {"b": 1, "c": 2}, "d": {"e": 3}, "f": ["x"]}) else {
            unreachable!()
        };
        let asked = |path: &str| ["a.b", "f"].contains(&path);
        assert_eq!(
            Value::Object(selected(&document, &asked)),
            json!({"a": {"b": 1}, "f": ["x"]})
        );
    }
}

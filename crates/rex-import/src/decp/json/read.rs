//! Reads JSON values: the keys that matter, and flat ones in place of nested ones.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::super::table::{Column, ROW, nested};
use super::value::Json;

/// The keys that are read, of DECP, and of OCDS and the BOAMP. Values of other keys are skipped.
const KEYS: [&str; 70] = [
    ROW,
    "_type",
    "acheteur",
    "amount",
    "autoriteConcedante",
    "awards",
    "buyer",
    "classification",
    "code",
    "code_departement",
    "codeCPV",
    "compiledRelease",
    "concessionnaire",
    "concessionnaires",
    "considerationEnvironnementale",
    "considerationsEnvironnementales",
    "considerationSociale",
    "considerationsSociales",
    "contrat-concession",
    "currency",
    "current",
    "date",
    "dateDebutExecution",
    "dateNotification",
    "dateNotificationModification",
    "dateparution",
    "datePublicationDonnees",
    "datePublicationDonneesModification",
    "dateSignature",
    "dateSignatureModification",
    "denominationSociale",
    "description",
    "dureeMois",
    "fields",
    "id",
    "identifier",
    "idweb",
    "items",
    "lieuExecution",
    "marche",
    "modification",
    "modifications",
    "montant",
    "name",
    "nature",
    "nom",
    "objet",
    "objetModification",
    "ocid",
    "procedure",
    "procedure_libelle",
    "procurementMethodDetails",
    "properties",
    "record",
    "scheme",
    "source",
    "status",
    "suppliers",
    "technique",
    "techniques",
    "tender",
    "title",
    "titulaire",
    "titulaires",
    "type_marche",
    "typeCode",
    "typeIdentifiant",
    "valeurGlobale",
    "value",
    "version",
];

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Scalar(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Scalar(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Scalar(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Scalar(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Json, A::Error> {
        read_map(map)
    }
}

/// Reads the known keys of an object. Flat ones (`acheteur.id`) become those of the objects they stand for.
fn read_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Json, A::Error> {
    let mut entries = Vec::new();
    let mut flat: Vec<(Column, Json)> = Vec::new();
    while let Some(key) = map.next_key()? {
        match key {
            Key::Known(key) => entries.push((key, map.next_value()?)),
            Key::Flat(column) => flat.push((column, map.next_value()?)),
            Key::Other => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    let mut fields = Json::Map(entries);
    if !flat.is_empty() {
        nested(flat).into_iter().for_each(|(key, value)| fields.add(key, value));
    }
    Ok(fields)
}

/// A key of an object.
enum Key {
    /// One of [`KEYS`].
    Known(&'static str),
    Flat(Column),
    Other,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, key: &str) -> Result<Key, E> {
                Ok(match known_key(key) {
                    Some(key) => Key::Known(key),
                    None => Column::named(key).map_or(Key::Other, Key::Flat),
                })
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

/// The key of [`KEYS`] that is equal to a key.
pub(in super::super) fn known_key(key: &str) -> Option<&'static str> {
    KEYS.iter().find(|known| **known == key).copied()
}

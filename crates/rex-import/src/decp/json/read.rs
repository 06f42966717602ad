//! Reads JSON values: the keys that matter, and flat ones in place of nested ones.

use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

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
            count_value()?;
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
        count_value()?;
        match key {
            Key::Known(key) => entries.push((key, map.next_value()?)),
            Key::Flat(column) => flat.push((column, map.next_value()?)),
            Key::Other => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    Ok(assembled(entries, flat))
}

/// An object of nested and flat fields: what is nested counts.
pub(in super::super) fn assembled(entries: Vec<(&'static str, Json)>, flat: Vec<(Column, Json)>) -> Json {
    let mut fields = Json::Map(entries);
    if !flat.is_empty() {
        nested(flat).into_iter().for_each(|(key, value)| fields.add(key, value));
    }
    fields
}

thread_local! {
    /// Values read of the current record.
    static VALUES: Cell<usize> = const { Cell::new(0) };
}

/// Begins to count the values of a record.
pub(super) fn begin_record() {
    VALUES.set(0);
}

/// Counts a value. They take some fifty bytes each, and a record of 16 MiB has room for millions.
fn count_value<E: Error>() -> Result<(), E> {
    const MOST: usize = 200_000;
    VALUES.set(VALUES.get() + 1);
    match VALUES.get() > MOST {
        true => Err(E::custom(format!("over {MOST} values in a record"))),
        false => Ok(()),
    }
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
                let exact = KEYS.iter().find(|known| **known == key).copied();
                let flat = || Column::named(key).map(Key::Flat);
                let known = exact.map(Key::Known).or_else(flat);
                Ok(known.or_else(|| known_key(key).map(Key::Known)).unwrap_or(Key::Other))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

/// The key of [`KEYS`] that is equal to a key, in any case.
pub(in super::super) fn known_key(key: &str) -> Option<&'static str> {
    KEYS.iter().find(|known| known.eq_ignore_ascii_case(key)).copied()
}

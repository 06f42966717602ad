//! JSON values of published files, tolerant of type errors: numbers in quotes, an object instead of a list, missing values.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The keys that are read. Values of other keys are skipped.
const KEYS: [&str; 38] = [
    "_type",
    "acheteur",
    "autoriteConcedante",
    "code",
    "codeCPV",
    "concessionnaire",
    "concessionnaires",
    "considerationEnvironnementale",
    "considerationSociale",
    "considerationsEnvironnementales",
    "considerationsSociales",
    "dateDebutExecution",
    "dateNotification",
    "dateNotificationModification",
    "datePublicationDonnees",
    "datePublicationDonneesModification",
    "dateSignature",
    "dateSignatureModification",
    "denominationSociale",
    "dureeMois",
    "id",
    "lieuExecution",
    "modification",
    "modifications",
    "montant",
    "nature",
    "nom",
    "objet",
    "objetModification",
    "procedure",
    "source",
    "technique",
    "techniques",
    "titulaire",
    "titulaires",
    "typeCode",
    "typeIdentifiant",
    "valeurGlobale",
];

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    /// A text, a number or a boolean, as written.
    Scalar(String),
    List(Vec<Json>),
    /// In file order. Of duplicate keys the last counts, as in most JSON parsers.
    Map(Vec<(&'static str, Json)>),
}

impl Json {
    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> &Self {
        let Self::Map(entries) = self else { return &Self::Null };
        let found = entries.iter().rfind(|(known, _)| *known == key);
        found.map_or(&Self::Null, |(_, value)| value)
    }

    /// Reads the known keys of an object.
    pub(super) fn read_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut entries = Vec::new();
        while let Some(KnownKey(key)) = map.next_key()? {
            match key {
                Some(key) => entries.push((key, map.next_value()?)),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Self::Map(entries))
    }

    /// The trimmed text of a scalar, or of the only item of a list. Empty for null. Other values give a text that no field accepts, so
    /// that they are reported.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Scalar(text) => text.trim(),
            Self::Null => "",
            Self::List(items) => match items.as_slice() {
                [] => "",
                [only] => only.text(),
                _ => "(liste)",
            },
            Self::Map(_) => "(objet)",
        }
    }

    /// The object, or the first object of a list. A scalar becomes an object with the scalar under `key`.
    pub(super) fn object(&self, key: &'static str) -> Cow<'_, Self> {
        match self {
            Self::List(items) => items.first().map_or(Cow::Owned(Self::Null), |first| first.object(key)),
            Self::Scalar(_) => Cow::Owned(Self::Map(vec![(key, self.clone())])),
            Self::Null | Self::Map(_) => Cow::Borrowed(self),
        }
    }

    /// The items of a list in any nesting: `[a]`, `[{key: a}]`, `{key: [a]}`, `{key: a}`, `a`.
    pub(super) fn items<'a>(&'a self, key: &str) -> Vec<&'a Self> {
        match self {
            Self::Null => Vec::new(),
            Self::List(items) => items.iter().flat_map(|item| item.items(key)).collect(),
            Self::Map(entries) => match entries.iter().rfind(|(known, _)| *known == key) {
                Some((_, inner)) => inner.items(key),
                None => vec![self],
            },
            Self::Scalar(_) => vec![self],
        }
    }
}

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
        Json::read_map(map)
    }
}

/// A key, if it is one of [`KEYS`].
struct KnownKey(Option<&'static str>);

impl<'de> Deserialize<'de> for KnownKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl Visitor<'_> for KeyVisitor {
            type Value = KnownKey;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, key: &str) -> Result<KnownKey, E> {
                Ok(KnownKey(KEYS.iter().find(|known| **known == key).copied()))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

//! JSON values of published files, tolerant of type errors: numbers in quotes, an object instead of a list, missing values.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum Json {
    Null,
    /// A text, a number or a boolean, as written.
    Scalar(String),
    List(Vec<Json>),
    /// In file order. Of duplicate keys the last counts, as in most JSON parsers.
    Map(Vec<(&'static str, Json)>),
}

impl Json {
    /// The value of a key.
    pub(in super::super) fn get(&self, key: &str) -> &Self {
        let Self::Map(entries) = self else { return &Self::Null };
        let found = entries.iter().rfind(|(known, _)| *known == key);
        found.map_or(&Self::Null, |(_, value)| value)
    }

    /// Removes the value of a key and returns it.
    pub(in super::super) fn take(&mut self, key: &str) -> Self {
        let Self::Map(entries) = self else { return Self::Null };
        let found = entries.iter().rposition(|(known, _)| *known == key);
        found.map_or(Self::Null, |at| entries.remove(at).1)
    }

    /// Sets the value of a key of an object, unless it is null.
    pub(in super::super) fn put(&mut self, key: &'static str, value: Self) {
        self.take(key);
        if let (Self::Map(entries), true) = (self, value != Self::Null) {
            entries.push((key, value));
        }
    }

    /// The object without a key.
    pub(in super::super) fn without(&self, key: &str) -> Self {
        let mut rest = self.clone();
        rest.take(key);
        rest
    }

    /// The items of a list.
    pub(in super::super) fn into_list(self) -> Vec<Self> {
        match self {
            Self::List(items) => items,
            Self::Null => Vec::new(),
            only => vec![only],
        }
    }

    /// Adds a value to an object. One that is there already stays, or takes the keys that it lacks.
    pub(super) fn add(&mut self, key: &'static str, value: Self) {
        let Self::Map(entries) = self else { return };
        let known = entries.iter_mut().rfind(|(known, _)| *known == key);
        match (known.map(|(_, known)| known), value) {
            (Some(known @ Self::Map(_)), Self::Map(more)) => {
                more.into_iter().for_each(|(key, value)| known.add(key, value));
            }
            (Some(known), value) if *known == Self::Null => *known = value,
            (Some(_), _) => {}
            (None, value) => entries.push((key, value)),
        }
    }

    /// Whether there is nothing in it: null, an empty text, or a list or an object of such.
    pub(in super::super) fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Scalar(text) => text.trim().is_empty(),
            Self::List(items) => items.iter().all(Self::is_empty),
            Self::Map(entries) => entries.iter().all(|(_, value)| value.is_empty()),
        }
    }

    /// The trimmed text of a scalar, or of the only item of a list. Empty for null. Other values give a text that no field accepts, so
    /// that they are reported.
    pub(in super::super) fn text(&self) -> &str {
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
    pub(in super::super) fn object(&self, key: &'static str) -> Cow<'_, Self> {
        match self {
            Self::List(items) => items.first().map_or(Cow::Owned(Self::Null), |first| first.object(key)),
            Self::Scalar(_) => Cow::Owned(Self::Map(vec![(key, self.clone())])),
            Self::Null | Self::Map(_) => Cow::Borrowed(self),
        }
    }

    /// The items of a list in any nesting: `[a]`, `[{key: a}]`, `{key: [a]}`, `{key: a}`, `a`.
    pub(in super::super) fn items<'a>(&'a self, key: &str) -> Vec<&'a Self> {
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

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Scalar(text) => serializer.serialize_str(text),
            Self::List(items) => items.serialize(serializer),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries
                    .iter()
                    .try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}

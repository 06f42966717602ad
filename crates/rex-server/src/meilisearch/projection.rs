//! Which attributes an answer holds, and how they are highlighted and cropped.

use super::error::{ErrorCode, MeilisearchError};
use super::fields::{Field, Fields};

/// Words of a cropped text by default.
const DEFAULT_CROP_LENGTH: usize = 10;
/// Maximum length of a tag or crop marker in characters: it is repeated at every match.
const MAX_TAG_CHARS: usize = 100;
/// Matches every attribute.
const ALL: &str = "*";

const RETRIEVE: Field = ("attributesToRetrieve", ErrorCode::AttributesToRetrieve);
const HIGHLIGHT: Field = ("attributesToHighlight", ErrorCode::AttributesToHighlight);
const PRE_TAG: Field = ("highlightPreTag", ErrorCode::HighlightPreTag);
const POST_TAG: Field = ("highlightPostTag", ErrorCode::HighlightPostTag);
const CROP: Field = ("attributesToCrop", ErrorCode::AttributesToCrop);
const CROP_LENGTH: Field = ("cropLength", ErrorCode::CropLength);
const CROP_MARKER: Field = ("cropMarker", ErrorCode::CropMarker);
const SCORE: Field = ("showRankingScore", ErrorCode::ShowRankingScore);
const POSITIONS: Field = ("showMatchesPosition", ErrorCode::ShowMatchesPosition);

/// Query parameters that are comma lists.
pub(super) const LISTS: [&str; 3] = [RETRIEVE.0, HIGHLIGHT.0, CROP.0];

/// The projection of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Projection {
    /// Attributes in hits.
    pub(super) retrieve: AttributeSet,
    /// Attributes highlighted in `_formatted`.
    pub(super) highlight: AttributeSet,
    /// Attributes cropped in `_formatted`.
    pub(super) crop: Vec<Crop>,
    pub(super) tags: Tags,
    /// Inserted where a text is cropped.
    pub(super) crop_marker: String,
    /// Whether hits have a `_rankingScore`.
    pub(super) has_score: bool,
    /// Whether hits have a `_matchesPosition`.
    pub(super) has_positions: bool,
}

/// A set of attribute names. A name includes the attributes nested in it; unknown names match nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AttributeSet {
    All,
    Only(Vec<String>),
}

/// A cropped attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Crop {
    name: String,
    /// Words kept; 0 keeps all.
    words: usize,
}

/// The tags around a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tags {
    pub(super) before: String,
    pub(super) after: String,
}

impl Projection {
    pub(super) fn read(fields: &mut Fields) -> Result<Self, MeilisearchError> {
        let retrieve = fields.names(RETRIEVE)?;
        let highlight = fields.names(HIGHLIGHT)?;
        let crop = fields.names(CROP)?.unwrap_or_default();
        let words = fields.number(CROP_LENGTH)?.unwrap_or(DEFAULT_CROP_LENGTH);
        Ok(Self {
            retrieve: retrieve.map_or(AttributeSet::All, AttributeSet::new),
            highlight: AttributeSet::new(highlight.unwrap_or_default()),
            crop: crop.iter().map(|crop| Crop::read(crop, words)).collect(),
            tags: Tags {
                before: tag(fields, PRE_TAG, "<em>")?,
                after: tag(fields, POST_TAG, "</em>")?,
            },
            crop_marker: tag(fields, CROP_MARKER, "…")?,
            has_score: fields.flag(SCORE)?,
            has_positions: fields.flag(POSITIONS)?,
        })
    }

    /// Whether hits have a `_formatted`.
    pub(super) fn has_formatted(&self) -> bool {
        self.highlight != AttributeSet::Only(Vec::new()) || !self.crop.is_empty()
    }

    /// The number of words that an attribute is cropped to; `None` where it is not cropped.
    pub(super) fn crop_of(&self, path: &str) -> Option<usize> {
        let crop = self
            .crop
            .iter()
            .find(|crop| crop.name == ALL || covers(&crop.name, path));
        crop.map(|crop| crop.words).filter(|words| *words > 0)
    }

    /// Whether `_formatted` includes an attribute.
    pub(super) fn formats(&self, path: &str) -> bool {
        self.retrieve.contains(path) || self.highlight.contains(path) || self.crop_of(path).is_some()
    }

    /// Whether the answer uses an attribute at all.
    pub(super) fn uses(&self, path: &str) -> bool {
        self.retrieve.contains(path) || self.has_formatted() && self.formats(path) || self.has_positions
    }
}

impl AttributeSet {
    fn new(names: Vec<String>) -> Self {
        if names.iter().any(|name| name == ALL) {
            Self::All
        } else {
            Self::Only(names)
        }
    }

    /// Whether the set includes an attribute or one that it is nested in.
    pub(super) fn contains(&self, path: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.iter().any(|name| covers(name, path)),
        }
    }
}

impl Crop {
    /// Parses `resume`, or `resume:30` with its own number of words.
    fn read(text: &str, words: usize) -> Self {
        let own = text
            .rsplit_once(':')
            .and_then(|(name, words)| Some((name, words.parse().ok()?)));
        let (name, words) = own.unwrap_or((text, words));
        Self {
            name: name.to_owned(),
            words,
        }
    }
}

/// Whether a path is the attribute or nested in it.
fn covers(name: &str, path: &str) -> bool {
    path.strip_prefix(name)
        .is_some_and(|below| below.is_empty() || below.starts_with('.'))
}

fn tag(fields: &mut Fields, field: Field, default: &str) -> Result<String, MeilisearchError> {
    let tag = fields.text(field)?.unwrap_or_else(|| default.to_owned());
    match tag.chars().count() {
        length if length > MAX_TAG_CHARS => {
            let message = format!("`{}`: {length} characters, expected at most {MAX_TAG_CHARS}", field.0);
            Err(MeilisearchError::new(field.1, message))
        }
        _ => Ok(tag),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn projection(sent: serde_json::Value) -> Projection {
        let serde_json::Value::Object(sent) = sent else {
            unreachable!("tests send objects")
        };
        Projection::read(&mut Fields::new(sent)).unwrap()
    }

    #[test]
    fn a_name_stands_for_what_is_below_it() {
        let some = projection(json!({"attributesToRetrieve": ["territoire", "cpv.lvl1", "titr"]}));
        for (path, is_named) in [
            ("territoire.lvl0", true),
            ("cpv.lvl1", true),
            ("cpv.lvl0", false),
            ("titre", false),
        ] {
            assert_eq!(some.retrieve.contains(path), is_named, "{path}");
        }
        assert!(
            projection(json!({"attributesToRetrieve": ["id", "*"]}))
                .retrieve
                .contains("titre")
        );
        assert!(projection(json!({})).retrieve.contains("titre") && !projection(json!({})).has_formatted());
        assert!(
            !projection(json!({"attributesToRetrieve": []}))
                .retrieve
                .contains("titre")
        );
    }

    #[test]
    fn each_crop_may_have_its_length() {
        let some = projection(json!({"attributesToCrop": ["resume:30", "titre:x", "lots:0", "*"], "cropLength": 5}));
        assert_eq!(some.crop_of("resume"), Some(30));
        assert_eq!(some.crop_of("acheteur"), Some(5));
        assert_eq!(some.crop_of("lots.nombre"), None);
        assert!(some.has_formatted());
    }
}

//! Ids of cases.

use unicode_normalization::UnicodeNormalization;

/// An id in Unicode NFC, the form that the corpus has.
pub fn normalized_id(id: &str) -> String {
    id.nfc().collect()
}

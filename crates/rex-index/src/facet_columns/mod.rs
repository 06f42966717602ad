//! Dictionary-encoded facet columns, laid out for counting.
//!
//! A document has one *code* per facet: 0 for no value, the value ordinal plus one for a single value, and larger codes for the sets of
//! several values that occur. Several holders are a set, and so is a path of a hierarchy with its ancestors. Counting a match is one
//! addition per facet; sets are expanded into their values once, at the end. The numbers of a range facet have ordinals too.
//!
//! The codes of a document are bit-packed in a row of fixed width:
//!
//! ```text
//! document 0   type│nature│procedure│…│montant     facet table: ordinal → term or number
//! document 1   type│nature│procedure│…│montant                  set code → ordinals
//!
//! stored records ─ builder (interns values and sets; cells in a temporary file) ─ write ─ file `facets` ─ read
//! ```
//!
//! The file is read in place.

pub mod collation;
pub mod layout;
pub mod read;

pub use collation::dictionary_order;
pub use read::{FacetColumns, FacetRows, FacetSlot, FacetTable};

/// Name of the file in a generation.
pub const FILE: &str = "facets";

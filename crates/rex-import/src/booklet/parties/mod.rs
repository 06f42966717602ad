//! The buyer and the holder, by the names in the text of a case.
//!
//! ```text
//! names ─┬─ mentions ─ buyer
//!        └─ structure ─ holder
//! ```

pub(crate) mod buyer;
pub(crate) mod holder;
pub(crate) mod mentions;
pub(crate) mod names;
pub(crate) mod place;
pub(crate) mod structure;

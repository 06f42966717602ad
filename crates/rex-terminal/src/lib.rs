//! Text on a terminal: values are escaped, styles are those of Rex.
//!
//! - `escape`: which characters are escaped, and how.
//! - `styled_text`: [`StyledText`], text with styles, escaped as it is added.
//! - `writer`: [`Output`], the only way of `rex` to standard output and standard error.
//!
//! This crate knows nothing of Rex. It is apart from the binary so that it can be fuzzed without building the rest.

mod escape;
mod styled_text;
mod writer;

pub use escape::{Notation, escape, escape_between_styles, is_escaped};
pub use styled_text::StyledText;
pub use writer::{Indent, Output};

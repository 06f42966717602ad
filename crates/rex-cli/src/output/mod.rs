//! Text on a terminal: values are escaped, styles are those of Rex.

mod escape;
mod styled_text;
mod writer;

pub use escape::{Notation, escape, escape_between_styles, is_escaped};
pub use styled_text::StyledText;
pub use writer::{Indent, Output};

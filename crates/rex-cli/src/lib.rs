//! What `rex` writes to a terminal. A library, so that it can be fuzzed; everything else of the command is in the binary.
//!
//! ```text
//! output/escape       which characters are escaped, and how
//! output/styled_text  text with styles: escaped as it is added
//! output/writer       the only way to standard output and standard error
//! ```

pub mod output;

//! Files to values: Markdown files and JSON lines as raw records, YAML and JSON as one tree of nodes.
//!
//! ```text
//! file ─ raw (content) ─┬─ jsonl ───────────┬─ node
//!                       └─ markdown ─ yaml ─┘
//! ```

pub(crate) mod content;
pub(crate) mod jsonl;
pub(crate) mod mend;
pub(crate) mod node;
pub(crate) mod raw;
pub(crate) mod text;
pub(crate) mod toml;
pub(crate) mod yaml;

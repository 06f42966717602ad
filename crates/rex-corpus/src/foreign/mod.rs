//! Front matter and text of other programs: WordPress exports, Hugo, Jekyll, Obsidian, Notion.
//!
//! - `adapt`: a file of theirs as one of Rex. Start here.
//! - `keys`: their keys, to fields.
//! - `properties`: the lines `Propriété : valeur` below the title of a Notion page.
//! - `links`: `[[wikilinks]]`, callouts and `#tags` of Obsidian.
//! - `marks`: its comments, highlights and ids of blocks.
//! - `html`: paragraphs and blocks of WordPress, to Markdown.
//! - `names`: ids and titles from file names.

pub(crate) mod adapt;
pub(crate) mod html;
mod keys;
mod links;
mod marks;
pub(crate) mod names;
mod properties;

//! Takes the front matter and the text of other programs for those of Rex.

use std::borrow::Cow;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::keys::{Keys, add_to_list};
use super::names::{FileName, default_id, is_dated, title};
use super::{html, links, marks, properties};
use crate::check::problem::quoted;
use crate::markdown::comments::without_comments;
use crate::markdown::parser::{parser, push_text};
use crate::read::node::{Field, Node, Value};

/// Length of the day that begins the name of a post of Jekyll.
const DATE: usize = 10;

/// A file with the keys of Rex, and what the author is told of how it was read.
#[derive(Debug)]
pub(crate) struct Adapted<'a> {
    pub(crate) body: Cow<'a, str>,
    /// The default id.
    pub(crate) id: String,
    /// Parts of one sentence.
    pub(crate) said: Vec<String>,
    /// Line and sentence of each.
    pub(crate) problems: Vec<(usize, String)>,
    /// Whether the file is no page of its own.
    pub(crate) is_list: bool,
    /// The key and value that say that the file is not to be published.
    pub(crate) draft: Option<String>,
}

/// Translates the keys of the front matter `root` and the marks of the body. A file of Rex stays as it is.
///
/// `body_line` is the line of the body, if the file has no front matter.
pub(crate) fn adapt<'a>(root: &mut Node, body: &'a str, name: &FileName, body_line: Option<usize>) -> Adapted<'a> {
    let stem = name.stem.as_str();
    if root.value == Value::Null {
        root.value = Value::Map(Vec::new());
    }
    let mut said = Vec::new();
    let mut body = Cow::Borrowed(body);
    if let Some(line) = body_line {
        said.push("there is no front matter".to_owned());
        let (fields, left) = properties::properties(&body, line);
        if let Value::Map(entries) = &mut root.value {
            entries.extend(fields);
        }
        body = Cow::Owned(left);
    }
    links::unlink(root);
    let is_obsidian = has_key(root, &["aliases", "alias", "cssclass", "cssclasses"]);
    let keys = Keys::translate(root, is_dated(stem));
    said.extend(keys.sentence());
    if html::is_exported(&body) {
        let plain = without_comments(&body);
        body = Cow::Owned(html::to_markdown(&plain).into_owned());
    }
    let has_links = body.contains("[[") || body.contains("[!");
    if (is_obsidian || has_links || !said.is_empty())
        && let Some((plain, has_comments)) = marks::without_marks(&body)
    {
        if has_comments {
            said.push("comments between %% are left out".to_owned());
        }
        body = Cow::Owned(plain);
    }
    let plain = links::plain_body(&body, is_obsidian);
    let is_foreign = !said.is_empty() || plain.is_some();
    let named = name.folder.as_deref().filter(|_| is_foreign);
    let origin = named.map_or("file", |_| "folder");
    let named = named.unwrap_or(stem);
    if let Some(plain) = plain {
        add_tags(root, plain.tags, &mut said);
        body = Cow::Owned(plain.body);
    }
    if !has_key(root, &["titre"]) {
        let heading = heading(&body);
        if let Some((text, left)) = heading {
            said.push(format!("the title is the heading {}", quoted(&text)));
            add(root, "titre", Value::Scalar(text));
            body = Cow::Owned(left);
        } else if is_foreign && !body.trim().is_empty() && !title(named).is_empty() {
            let title = title(named);
            said.push(format!("the title is the name of the {origin}, {}", quoted(&title)));
            add(root, "titre", Value::Scalar(title));
        }
    }
    if is_foreign && is_dated(named) && !has_key(root, &["date"]) {
        said.push("the date is that of the name".to_owned());
        add(root, "date", Value::Scalar(named.chars().take(DATE).collect()));
    }
    let id = default_id(named);
    if !has_key(root, &["id"]) && id != crate::nfc::nfc(stem) {
        said.push(format!("the id is {}, from the name of the {origin}", quoted(&id)));
    }
    Adapted {
        // Hugo: a page that lists the others of its folder.
        is_list: stem == "_index" && is_foreign,
        body,
        id,
        said,
        problems: keys.problems,
        draft: keys.draft,
    }
}

fn has_key(root: &Node, keys: &[&str]) -> bool {
    matches!(&root.value, Value::Map(entries) if entries.iter().any(|entry| keys.contains(&entry.key.as_str())))
}

fn add(root: &mut Node, key: &str, value: Value) {
    let line = root.line;
    if let Value::Map(entries) = &mut root.value {
        entries.push(Field {
            key: key.to_owned(),
            line,
            node: Node { line, value },
        });
    }
}

/// Adds the tags of the text to the themes.
fn add_tags(root: &mut Node, tags: Vec<String>, said: &mut Vec<String>) {
    if tags.is_empty() {
        return;
    }
    let line = root.line;
    let items = tags.into_iter().map(|tag| Node {
        line,
        value: Value::Scalar(tag),
    });
    let list = Value::List(items.collect());
    said.push("the #tags of the text are themes".to_owned());
    let entries = match &mut root.value {
        Value::Map(entries) => entries.as_mut_slice(),
        _ => &mut [],
    };
    match entries.iter_mut().find(|entry| entry.key == "themes") {
        Some(themes) => add_to_list(&mut themes.node, Node { line, value: list }),
        None => add(root, "themes", list),
    }
}

/// The text of the first heading of the first level, and the body; without the heading, if it begins the body.
fn heading(body: &str) -> Option<(String, String)> {
    let mut text = String::new();
    let mut found = None;
    for (event, range) in parser(body).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) => found = Some(range),
            Event::End(TagEnd::Heading(_)) if found.is_some() => break,
            event if found.is_some() => push_text(&event, &mut text),
            _ => {}
        }
    }
    let range = found?;
    let text = text.trim().to_owned();
    if text.is_empty() {
        return None;
    }
    let left = match body[..range.start].trim().is_empty() {
        true => body[range.end..].to_owned(),
        false => body.to_owned(),
    };
    Some((text, left))
}

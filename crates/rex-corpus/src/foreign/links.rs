//! `[[wikilinks]]`, callouts and `#tags` of Obsidian, to plain Markdown.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use crate::markdown::parser::parser;
use crate::read::node::{Node, Value};

/// Maximum length of a link or a tag, in bytes.
const LONGEST: usize = 300;
/// Maximum number of tags taken from a text.
const MAX_TAGS: usize = 50;

/// Replaces the links in all values by their text. YAML reads `[[Ville]]` as a list in a list.
pub(crate) fn unlink(node: &mut Node) {
    match &mut node.value {
        Value::Null => {}
        Value::Scalar(text) => {
            if text.contains("[[") {
                *text = unlinked(text);
            }
        }
        Value::List(items) => {
            if let [only] = items.as_mut_slice()
                && let Value::List(inner) = &mut only.value
                && let [name] = inner.as_mut_slice()
                && let Value::Scalar(text) = &name.value
            {
                node.value = Value::Scalar(label(text).to_owned());
                return;
            }
            items.iter_mut().for_each(unlink);
        }
        Value::Map(entries) => entries.iter_mut().for_each(|entry| unlink(&mut entry.node)),
    }
}

/// A body in plain Markdown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unlinked {
    pub(crate) body: String,
    /// The `#tags` of the text, without `#`.
    pub(crate) tags: Vec<String>,
}

/// The body without links, callouts and tags of Obsidian, code aside. `None` if it has none. Tags are read if it has a link or a
/// callout, or if Obsidian made the file by its front matter: elsewhere `#mot` may mean anything.
pub(crate) fn plain_body(body: &str, is_obsidian: bool) -> Option<Unlinked> {
    let has_signs = body.contains("[[") || body.contains("[!");
    let has_tags = is_obsidian && body.contains('#');
    if !(has_signs || has_tags) {
        return None;
    }
    let code = code(body);
    let mut found = Unlinked {
        body: String::with_capacity(body.len() + 16),
        tags: Vec::new(),
    };
    let mut has_tags = is_obsidian;
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        let is_code = |at: usize| {
            let before = code.partition_point(|range: &Range<usize>| range.start <= start + at);
            before > 0 && code[before - 1].contains(&(start + at))
        };
        match callout(line).filter(|_| !is_code(0)) {
            Some(callout) => {
                found.body.push_str(&callout);
                has_tags = true;
            }
            None => has_tags |= add_without_links(line, is_code, &mut found.body),
        }
        start += line.len();
    }
    if has_tags {
        let without_links = std::mem::take(&mut found.body);
        found.body = without_tags(&without_links, &mut found.tags);
    }
    (found.body != body).then_some(found)
}

/// The code of a text, in order.
pub(super) fn code(body: &str) -> Vec<Range<usize>> {
    let events = parser(body).into_offset_iter();
    let is_code = |event: &Event<'_>| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_)));
    events
        .filter(|(event, _)| is_code(event))
        .map(|(_, range)| range)
        .collect()
}

/// `> [!note] Chiffres` as a paragraph in bold. `None` for another line.
fn callout(line: &str) -> Option<String> {
    let text = line.trim_start_matches([' ', '>']);
    let quote = &line[..line.len() - text.len()];
    let (kind, title) = text.strip_prefix("[!")?.split_once(']')?;
    let is_kind = quote.contains('>') && !kind.is_empty() && kind.chars().all(|c| c.is_alphanumeric() || c == '-');
    let title = title.trim_start_matches(['+', '-']).trim();
    let mut letters = kind.chars();
    let kind: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect();
    let title = if title.is_empty() { kind } else { unlinked(title) };
    let quote = quote.trim_end();
    is_kind.then(|| format!("{quote} **{title}**\n{quote}\n"))
}

/// Appends a line with the text of its links. Returns whether it had any.
fn add_without_links(line: &str, is_code: impl Fn(usize) -> bool, text: &mut String) -> bool {
    let mut from = 0;
    let mut end = 0;
    let mut has_links = false;
    while let Some(at) = line[from..].find("[[").map(|at| from + at) {
        let inner = at + 2;
        from = inner;
        let window = &line[inner..line.floor_char_boundary(inner + LONGEST)];
        let Some(length) = window.find("]]").filter(|length| *length > 0) else {
            continue;
        };
        let target = &line[inner..inner + length];
        // `[[1]](https://…)` is a link of Markdown.
        let is_markdown = line[inner + length + 2..].starts_with(['(', '[', ':']);
        if target.contains('[') || is_markdown || is_code(at) {
            continue;
        }
        let is_embedded = line[..at].ends_with('!');
        text.push_str(&line[end..at - usize::from(is_embedded)]);
        // A picture or a file has no text.
        if !(is_embedded && target.contains('.')) {
            text.push_str(label(target));
        }
        end = inner + length + 2;
        from = end;
        has_links = true;
    }
    text.push_str(&line[end..]);
    has_links
}

fn unlinked(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    add_without_links(text, |_| false, &mut plain);
    plain
}

/// The text of a link: `page|texte`, `page#titre`.
fn label(target: &str) -> &str {
    let named = target.rsplit_once('|').map(|(_, name)| name.trim());
    let page = || target.split('#').map(str::trim).find(|part| !part.is_empty());
    named.filter(|name| !name.is_empty()).or_else(page).unwrap_or(target)
}

/// A text with its tags as words. A tag is `#` and a letter after a space.
fn without_tags(body: &str, tags: &mut Vec<String>) -> String {
    let code = code(body);
    let mut text = String::with_capacity(body.len());
    let mut end = 0;
    for (at, _) in body.match_indices('#') {
        let rest = &body[at + 1..];
        let is_tag_character = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/');
        let length = rest.find(|c| !is_tag_character(c)).unwrap_or(rest.len());
        let before = code.partition_point(|range| range.start <= at);
        let is_in_code = before > 0 && code[before - 1].contains(&at);
        let begins = body[..at].chars().next_back().is_none_or(char::is_whitespace);
        if !begins || !rest.starts_with(char::is_alphabetic) || length > LONGEST || is_in_code {
            continue;
        }
        let tag = rest[..length].trim_end_matches(['-', '/']);
        text.push_str(&body[end..at]);
        end = at + 1;
        if tags.len() < MAX_TAGS && !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    text.push_str(&body[end..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_callouts_and_tags_are_text() {
        for (body, expected, tags) in [
            (
                "[[Ville de Brest]] et [[p|Le Port]]. #insertion",
                "Ville de Brest et Le Port. insertion",
                "insertion",
            ),
            (
                "> [!note] Chiffres\n> 120 000 €\n",
                "> **Chiffres**\n>\n> 120 000 €\n",
                "",
            ),
            ("> [!warning]-\n> Non\n", "> **Warning**\n>\n> Non\n", ""),
            ("![[plan.png]]Vu [[a#b]] [[#c]]", "Vu a c", ""),
            ("[[a]] `[[b]] #c` [d](#e) n#f #1", "a `[[b]] #c` [d](#e) n#f #1", ""),
            ("[[a]]\n```\n#include [[b]]\n```\n", "a\n```\n#include [[b]]\n```\n", ""),
            (
                "[[a]]\n# Titre\n#env/tri #env/tri",
                "a\n# Titre\nenv/tri env/tri",
                "env/tri",
            ),
        ] {
            let found = plain_body(body, false).unwrap();
            assert_eq!((found.body.as_str(), found.tags.join(" ").as_str()), (expected, tags));
        }
        for body in [
            "Un #mot",
            "[a][b]",
            "Vu [[1]](https://x.fr) #mot",
            "[[1]]: note",
            "[[",
            "[!note] hors citation",
            "",
        ] {
            assert_eq!(plain_body(body, false), None, "{body}");
        }
        assert_eq!(plain_body("Un #mot", true).unwrap().tags, ["mot"]);
    }

    #[test]
    fn values_have_no_links() {
        let mut node =
            crate::read::yaml::parse("a: \"[[Ville|Brest]]\"\nb: [[Ville]]\nc: [\"[[d]]\", e]\nf: [[g, h]]\n").unwrap();
        unlink(&mut node);
        let expected = crate::read::yaml::parse("a: Brest\nb: Ville\nc: [d, e]\nf: [[g, h]]\n").unwrap();
        let shape = |node: &Node| format!("{:?}", node.value);
        assert_eq!(shape(&node), shape(&expected));
    }

    proptest::proptest! {
        #[test]
        fn any_body_is_plain(body in "(\\[\\[|\\]\\]|\\[!|> |#|!|`|```\n|\n|[a-zé|. -]){0,40}", is_obsidian: bool) {
            let _ = plain_body(&body, is_obsidian);
        }
    }
}

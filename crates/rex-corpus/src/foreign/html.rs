//! Texts that WordPress and other editors export as HTML, to Markdown.

use std::borrow::Cow;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::parser::parser;

/// Begins the comments that mark the blocks of WordPress.
const BLOCK: &str = "wp:";
/// Bytes looked at in all for the ends of tags that have none.
const MAX_SEARCHED: usize = 16 << 20;
/// Maximum nesting of lists; what is deeper is at that depth.
const MAX_DEPTH: usize = 8;

/// Whether a body was exported as HTML: it has the blocks of WordPress, or a paragraph as HTML.
pub(crate) fn is_exported(body: &str) -> bool {
    let begins_paragraph = |line: &str| {
        let rest = line.trim_start().strip_prefix("<p");
        rest.is_some_and(|rest| rest.starts_with(['>', ' ']))
    };
    body.contains("<!-- wp:") || body.lines().any(begins_paragraph)
}

/// Whether a comment marks a block of WordPress, by its text after `<!--`.
pub(crate) fn is_block_comment(comment: &str) -> bool {
    let text = comment.trim_start_matches("<!--").trim_start();
    text.trim_start_matches('/').starts_with(BLOCK)
}

/// Whether [`to_markdown`] knows the tag that begins a text.
pub(crate) fn is_known(html: &str) -> bool {
    Piece::read(html).is_some_and(|(piece, _)| Block::of(piece.name).is_some())
}

/// A body in which known tags are Markdown; others stay as typed. Its comments were removed before.
pub(crate) fn to_markdown(body: &str) -> Cow<'_, str> {
    let mut written = Writer::default();
    let mut end = 0;
    let mut block_end = 0;
    for (event, range) in parser(body).into_offset_iter() {
        let is_html = match event {
            Event::Start(Tag::HtmlBlock) => {
                block_end = range.end;
                true
            }
            Event::End(TagEnd::HtmlBlock) => false,
            Event::InlineHtml(_) => range.start >= block_end,
            _ => false,
        };
        if is_html && range.start >= end {
            written.text.push_str(&body[end..range.start]);
            end = range.end;
            written.html(&body[range]);
        }
    }
    if end == 0 {
        return Cow::Borrowed(body);
    }
    written.text.push_str(&body[end..]);
    Cow::Owned(written.text)
}

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Paragraph,
    Heading(usize),
    List {
        is_numbered: bool,
    },
    Item,
    Cell,
    Break,
    Strong,
    Emphasis,
    Link,
    Image,
    /// Neither it nor its content is text.
    Dropped,
    Nothing,
}

impl Block {
    fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "p" | "div" | "blockquote" | "figure" | "figcaption" | "section" | "article" | "header" | "footer"
            | "aside" | "main" | "table" | "thead" | "tbody" | "tr" | "pre" | "hr" | "dl" | "dt" | "dd" | "details"
            | "summary" => Self::Paragraph,
            "h1" => Self::Heading(1),
            "h2" => Self::Heading(2),
            "h3" => Self::Heading(3),
            "h4" => Self::Heading(4),
            "h5" => Self::Heading(5),
            "h6" => Self::Heading(6),
            "ul" => Self::List { is_numbered: false },
            "ol" => Self::List { is_numbered: true },
            "li" => Self::Item,
            "td" | "th" => Self::Cell,
            "br" => Self::Break,
            "strong" | "b" => Self::Strong,
            "em" | "i" => Self::Emphasis,
            "a" => Self::Link,
            "img" => Self::Image,
            "script" | "style" => Self::Dropped,
            "span" | "u" | "small" | "sup" | "sub" | "code" | "mark" | "cite" | "abbr" | "font" | "time" | "q" => {
                Self::Nothing
            }
            _ => return None,
        })
    }
}

/// A tag at the start of a text.
struct Piece<'a> {
    name: &'a str,
    is_end: bool,
    attributes: &'a str,
}

impl<'a> Piece<'a> {
    /// The tag and its length. `None` if the text begins with no tag.
    fn read(text: &'a str) -> Option<(Self, usize)> {
        let inner = text.strip_prefix('<')?;
        let (is_end, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let length = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let (name, rest) = inner.split_at(length);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let mut quote = None;
        let end = rest.char_indices().find_map(|(at, c)| {
            match (quote, c) {
                (None, '>') => return Some(at),
                (None, '"' | '\'') => quote = Some(c),
                (Some(open), c) if open == c => quote = None,
                _ => {}
            }
            None
        })?;
        let piece = Self {
            name,
            is_end,
            attributes: &rest[..end],
        };
        Some((piece, text.len() - rest.len() + end + 1))
    }

    /// The value of an attribute in quotes.
    fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut from = 0;
        while let Some(at) = self.attributes[from..].find(name).map(|at| from + at) {
            from = at + name.len();
            let begins = self.attributes[..at].ends_with(char::is_whitespace);
            let value = self.attributes[from..].strip_prefix('=').filter(|_| begins);
            let quoted = value.and_then(|value| {
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                value[1..].split(quote).next()
            });
            if quoted.is_some() {
                return quoted;
            }
        }
        None
    }
}

/// Writes Markdown; lists and links may begin in one piece of HTML and end in another.
#[derive(Default)]
struct Writer {
    text: String,
    /// The lists that are open: the number of the next item, 0 for one without numbers.
    lists: Vec<usize>,
    /// The addresses of the links that are open; empty for one that leads nowhere.
    links: Vec<String>,
    /// Bytes looked at for the ends of tags that have none.
    searched: usize,
}

impl Writer {
    fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            self.words(&rest[..at]);
            rest = &rest[at..];
            if self.searched > MAX_SEARCHED {
                self.text.push_str(rest);
                return;
            }
            let tag = Piece::read(rest);
            if tag.is_none() {
                self.searched += rest.len();
            }
            let known = tag.and_then(|(piece, length)| Some((Block::of(piece.name)?, piece, length)));
            let Some((block, piece, length)) = known else {
                self.text.push('<');
                rest = &rest[1..];
                continue;
            };
            rest = &rest[length..];
            if block == Block::Dropped && !piece.is_end {
                let end = format!("</{}", piece.name);
                rest = rest.find(&end).map_or("", |at| &rest[at..]);
                continue;
            }
            self.tag(block, &piece);
        }
        self.words(rest);
    }

    /// Text between tags: spaces and line ends are one space.
    fn words(&mut self, text: &str) {
        let is_within = !self.text.is_empty() && !self.text.ends_with(char::is_whitespace);
        if text.starts_with(char::is_whitespace) && is_within {
            self.text.push(' ');
        }
        for (index, word) in text.split_whitespace().enumerate() {
            if index > 0 {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
        if text.ends_with(char::is_whitespace) && !self.text.ends_with(char::is_whitespace) && !text.trim().is_empty() {
            self.text.push(if text.ends_with('\n') { '\n' } else { ' ' });
        }
    }

    fn tag(&mut self, block: Block, piece: &Piece<'_>) {
        match block {
            Block::Paragraph | Block::Heading(_) if piece.is_end => self.paragraph(),
            Block::Paragraph => self.paragraph(),
            Block::Heading(level) => {
                self.paragraph();
                self.text.push_str(&"#".repeat(level));
                self.text.push(' ');
            }
            Block::List { .. } if piece.is_end => {
                self.lists.pop();
                self.paragraph();
            }
            Block::List { is_numbered } => {
                if self.lists.is_empty() {
                    self.paragraph();
                }
                self.lists.push(usize::from(is_numbered));
            }
            Block::Item if piece.is_end => {}
            Block::Item => self.item(),
            Block::Cell if piece.is_end => {}
            Block::Cell => {
                if !self.text.is_empty() && !self.text.ends_with('\n') {
                    self.text.push_str(" — ");
                }
            }
            Block::Break => self.text.push_str("  \n"),
            Block::Strong => self.text.push_str("**"),
            Block::Emphasis => self.text.push('*'),
            Block::Link if piece.is_end => {
                if let Some(address) = self.links.pop().filter(|address| !address.is_empty()) {
                    self.text.push_str(&format!("]({address})"));
                }
            }
            Block::Link => {
                let is_plain =
                    |address: &&str| !address.contains(|c: char| c.is_whitespace() || "()<>[]\\".contains(c));
                let address = piece.attribute("href").filter(is_plain).unwrap_or_default();
                if !address.is_empty() {
                    self.text.push('[');
                }
                self.links.push(address.to_owned());
            }
            Block::Image => {
                let description = piece.attribute("alt").unwrap_or_default();
                self.text.push_str(&description.replace(['[', ']'], ""));
            }
            Block::Dropped | Block::Nothing => {}
        }
    }

    fn paragraph(&mut self) {
        if self.text.is_empty() || self.text.ends_with("\n\n") {
            return;
        }
        self.text
            .push_str(if self.text.ends_with('\n') { "\n" } else { "\n\n" });
        if !self.lists.is_empty() && self.text.ends_with("- \n\n") {
            // A paragraph as the first thing of an item is the item.
            self.text.truncate(self.text.len() - 2);
        }
    }

    fn item(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        let depth = self.lists.len().saturating_sub(1).min(MAX_DEPTH);
        self.text.push_str(&"   ".repeat(depth));
        match self.lists.last_mut() {
            Some(number) if *number > 0 => {
                self.text.push_str(&format!("{number}. "));
                *number += 1;
            }
            _ => self.text.push_str("- "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain_text;

    #[test]
    fn blocks_are_markdown() {
        for (html, expected) in [
            (
                "<p>Un <strong>mot</strong> &amp; un\n<em>autre</em>.</p>",
                "Un mot & un autre.",
            ),
            ("<p>a</p>\n<p class=\"x > y\">b<br>c</p>", "a\nb\nc"),
            ("<h2 class=\"wp\">Titre</h2>\n\n<p>Texte</p>", "Titre\nTexte"),
            (
                "<ul>\n<li>un</li>\n\n<li>deux<ol><li>a</li></ol></li></ul>",
                "un\ndeux\na",
            ),
            (
                "<p><a href=\"https://x.fr\" rel='y'>ici</a> et <a>là</a></p>",
                "ici et là",
            ),
            (
                "<figure><img src=\"a.png\" alt=\"Un plan\"/><figcaption>Vue</figcaption></figure>",
                "Un plan\nVue",
            ),
            ("<table><tr><td>Tri</td><td>10 €</td></tr></table>", "Tri — 10 €"),
            ("<p>a</p><style>p {}</style><script>alert(1)</script>", "a"),
            ("<p>a < b <x-y>c</x-y></p>", "a < b <x-y>c</x-y>"),
        ] {
            assert_eq!(plain_text(&to_markdown(html)), expected, "{html}");
        }
    }

    #[test]
    fn markdown_and_code_stay() {
        for text in ["Un **mot**.\n\n- a\n- b\n", "`<p>`\n\n```\n<p>a</p>\n```\n", ""] {
            assert_eq!(to_markdown(text), text);
        }
        assert_eq!(
            to_markdown("Un <b>mot</b>, [un](https://x.fr).\n"),
            "Un **mot**, [un](https://x.fr).\n"
        );
    }

    #[test]
    fn knows_an_export() {
        assert!(is_exported("<!-- wp:paragraph -->\n") && is_exported("a\n\n<p>b</p>") && is_exported("<p class='x'>"));
        assert!(!is_exported("<div>\nbloc\n</div>") && !is_exported("Un <b>mot</b> <pre>"));
        assert!(is_block_comment("<!-- wp:heading {\"level\":3} -->") && is_block_comment("<!-- /wp:heading -->"));
        assert!(!is_block_comment("<!-- à relire -->"));
    }

    proptest::proptest! {
        #[test]
        fn any_html_is_markdown(html in "(<p>|</p>|<ul>|<li>|</li>|<a href=\"|\">|<h2|>|<!|<|\n|\n\n|`|[a-zé\"' /=-]){0,40}") {
            let _ = to_markdown(&html);
        }
    }
}

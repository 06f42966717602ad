//! The text of an HTML page. Only the tokenizer of html5ever is used: no tree is built, so that no page nests too deeply.

use std::borrow::Cow;
use std::cell::RefCell;

use encoding_rs::{Encoding, UTF_8};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::error::DocumentError;
use super::text::{Paragraph, TextWriter};
use crate::text_encoding::decoded;

/// The text of a page.
///
/// # Errors
/// A page without text, or with too much.
pub(super) fn text(bytes: &[u8]) -> Result<String, DocumentError> {
    let page = page(bytes);
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(page.as_ref()));
    let tokenizer = Tokenizer::new(PageSink::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let walk = tokenizer.sink.0.into_inner();
    walk.text.finish().ok_or(DocumentError::TooMuchText)
}

/// A page in the encoding of its byte order mark, else UTF-8 if it is valid, else in the one it declares.
fn page(bytes: &[u8]) -> Cow<'_, str> {
    const START: usize = 4096;
    if Encoding::for_bom(bytes).is_some() || std::str::from_utf8(bytes).is_ok() {
        return decoded(bytes).0;
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(START)]).to_ascii_lowercase();
    let declared = start.split("charset=").nth(1).and_then(|rest| {
        let label = rest.trim_start_matches(['"', '\'', ' ']);
        let end = label.find(['"', '\'', ' ', ';', '>', '/']).unwrap_or(label.len());
        Encoding::for_label(&label.as_bytes()[..end])
    });
    // It is not UTF-8, whatever it says.
    match declared.filter(|encoding| *encoding != UTF_8) {
        Some(encoding) => encoding.decode_without_bom_handling(bytes).0,
        None => decoded(bytes).0,
    }
}

#[derive(Default)]
struct PageSink(RefCell<Walk>);

impl TokenSink for PageSink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut walk = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => walk.characters(&text),
            Token::TagToken(tag) => return walk.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What is open at a point of a page.
#[derive(Default)]
struct Walk {
    text: TextWriter,
    /// What the open paragraph is.
    paragraph: Paragraph,
    /// The element whose content is dropped, and how many of its name are open in it.
    dropped: Option<(String, usize)>,
    bold: usize,
    preformatted: usize,
    /// The name of a description list (`dt`) that waits for its value (`dd`).
    is_term: bool,
    /// Whether the main part of the page has ended.
    is_after_main: bool,
}

/// Elements whose content is no text of the page.
const DROPPED: &[&str] = &[
    "script", "style", "nav", "noscript", "template", "svg", "math", "iframe", "object", "select", "button",
    "textarea", "title", "audio", "video", "canvas", "dialog", "noembed", "noframes", "xmp", "menu",
];

/// Elements that begin and end a paragraph.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "main",
    "body",
    "ul",
    "ol",
    "dl",
    "li",
    "dt",
    "dd",
    "blockquote",
    "figure",
    "figcaption",
    "address",
    "pre",
    "form",
    "fieldset",
    "legend",
    "details",
    "summary",
    "hr",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "center",
];

impl Walk {
    fn characters(&mut self, text: &str) {
        if self.dropped.is_some() || self.is_after_main || self.text.is_full() {
            return;
        }
        if self.preformatted == 0 {
            self.text.push(text, self.bold > 0);
            return;
        }
        for (rank, line) in text.split('\n').enumerate() {
            if rank > 0 {
                self.text.line_break();
            }
            self.text.push(line, self.bold > 0);
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let is_start = tag.kind == TagKind::StartTag;
        if let Some((open, depth)) = &mut self.dropped {
            if open == name {
                *depth = if is_start { *depth + 1 } else { *depth - 1 };
                if *depth == 0 {
                    self.dropped = None;
                }
            }
            return TokenSinkResult::Continue;
        }
        if is_start && DROPPED.contains(&name) {
            if !tag.self_closing {
                self.dropped = Some((name.to_owned(), 1));
            }
            return match name {
                "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                "style" | "iframe" | "noembed" | "noframes" | "xmp" => TokenSinkResult::RawData(RawKind::Rawtext),
                _ => TokenSinkResult::Continue,
            };
        }
        if is_start {
            self.start(name);
        } else {
            self.end(name);
        }
        TokenSinkResult::Continue
    }

    fn start(&mut self, name: &str) {
        if BLOCKS.contains(&name) && !(name == "dd" && self.is_term) {
            self.end_paragraph();
        }
        match name {
            // What stands before the main part is the site's, not the page's.
            "main" => self.text.clear(),
            "br" => self.text.line_break(),
            "b" | "strong" => self.bold += 1,
            "pre" => self.preformatted += 1,
            "li" => self.paragraph = Paragraph::Item,
            "dt" => self.is_term = true,
            "dd" if self.is_term => {
                self.text.push(" : ", self.bold > 0);
                self.is_term = false;
            }
            "table" => self.text.start_table(),
            "tr" => self.text.start_row(),
            "th" => self.text.start_cell(Some(true)),
            "td" => self.text.start_cell(Some(false)),
            _ => {
                if let Some(level) = heading(name) {
                    self.paragraph = Paragraph::Heading(level);
                }
            }
        }
    }

    fn end(&mut self, name: &str) {
        if BLOCKS.contains(&name) && name != "dt" {
            self.end_paragraph();
        }
        match name {
            "main" => self.is_after_main = true,
            "b" | "strong" => self.bold = self.bold.saturating_sub(1),
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            "table" => self.text.end_table(),
            "tr" => self.text.end_row(),
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        self.text.end(std::mem::take(&mut self.paragraph));
        self.is_term = false;
    }
}

fn heading(name: &str) -> Option<usize> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

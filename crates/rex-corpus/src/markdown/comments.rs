//! HTML comments. They are notes of the author and never published.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::parser::parser;

const BEGIN: &str = "<!--";
const END: &str = "-->";
/// Maximum passes over a text: removing a comment may uncover another one in what looked like code.
const MAX_PASSES: usize = 16;

/// A Markdown text without its HTML comments, even those that contain blank lines. Code, and `<!--` after a backslash, are not
/// comments. A comment that begins a paragraph and is never closed extends to the end, as in HTML.
pub(crate) fn without_comments(markdown: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(markdown);
    for _ in 0..MAX_PASSES {
        let comments = comments(&text);
        if comments.is_empty() {
            break;
        }
        text = Cow::Owned(without(&text, &comments));
    }
    text
}

/// The ranges of the comments of a Markdown text, in order and disjoint.
pub(crate) fn comments(markdown: &str) -> Vec<Range<usize>> {
    if !markdown.contains(BEGIN) {
        return Vec::new();
    }
    let regions = Regions::of(markdown);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(at) = markdown[from..].find(BEGIN).map(|at| from + at) {
        let after_last = found.last().map_or(0, |comment| comment.end);
        if let Some(code) = regions.code_around(at, after_last) {
            from = code.end.max(at + 1);
            continue;
        }
        let html = regions.html_around(at);
        if html.is_none() && is_escaped(&markdown[..at]) {
            from = at + 1;
            continue;
        }
        // `<!-->` is an empty comment.
        let begin = at + BEGIN.len();
        let body = begin - END.len() + 1;
        let end = match markdown[body..].find(END) {
            Some(end) => Some(body + end + END.len()),
            None => html.filter(|html| html.is_block).map(|html| html.range.end),
        };
        match end {
            Some(end) => {
                from = end.max(begin);
                found.push(at..from);
            }
            None => from = begin,
        }
    }
    found
}

/// The code and the HTML of a text, by the parser.
struct Regions {
    /// In the order of their starts.
    code: Vec<Range<usize>>,
    html: Vec<Html>,
}

struct Html {
    range: Range<usize>,
    /// A block, not inline HTML.
    is_block: bool,
}

impl Regions {
    fn of(markdown: &str) -> Self {
        let (mut code, mut html) = (Vec::new(), Vec::new());
        for (event, range) in parser(markdown).into_offset_iter() {
            match event {
                Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => code.push(range),
                Event::Start(Tag::HtmlBlock) => html.push(Html { range, is_block: true }),
                Event::InlineHtml(_) => html.push(Html { range, is_block: false }),
                Event::End(TagEnd::HtmlBlock) => {}
                _ => {}
            }
        }
        Self { code, html }
    }

    /// The code around an offset, unless it begins inside the comment that ends at `after_last`.
    fn code_around(&self, at: usize, after_last: usize) -> Option<Range<usize>> {
        let before = self.code.partition_point(|code| code.start <= at);
        let code = before.checked_sub(1).map(|index| &self.code[index])?;
        (code.contains(&at) && code.start >= after_last).then(|| code.clone())
    }

    fn html_around(&self, at: usize) -> Option<&Html> {
        let before = self.html.partition_point(|html| html.range.start <= at);
        let html = before.checked_sub(1).map(|index| &self.html[index])?;
        html.range.contains(&at).then_some(html)
    }
}

/// Whether an odd number of backslashes ends a text.
fn is_escaped(before: &str) -> bool {
    before.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

fn without(text: &str, comments: &[Range<usize>]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut end = 0;
    for comment in comments {
        kept.push_str(&text[end..comment.start]);
        // The text left and right of a comment must not form another one.
        if kept.ends_with(['<', '!', '-']) && text[comment.end..].starts_with(['!', '-']) {
            kept.push(' ');
        }
        end = comment.end;
    }
    kept.push_str(&text[end..]);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_comments_are_removed() {
        for (text, expected) in [
            ("Avant.\n\n<!-- à relire -->\n\nAprès.", "Avant.\n\n\n\nAprès."),
            ("Un <!-- secret --> mot", "Un  mot"),
            ("<!-- a\n\nb -->Suite", "Suite"),
            // CommonMark sees no comment here: the author did.
            ("Un <!-- secret\n\n## Caché\n\nfin --> mot", "Un  mot"),
            ("<div>\n<!-- secret -->\nvu\n</div>", "<div>\n\nvu\n</div>"),
            ("a<!-- x -->b<!-- y -->c", "abc"),
            ("<!-->vu", "vu"),
            ("<!--->vu", "vu"),
            ("Vu.\n\n<!-- jamais fermé\n\n## Caché", "Vu.\n\n"),
            ("Vu <!-- jamais fermé", "Vu <!-- jamais fermé"),
            ("`<!-- code -->` et <!-- non --> `<!--`", "`<!-- code -->` et  `<!--`"),
            ("```\n<!-- code -->\n```\n<!-- non -->", "```\n<!-- code -->\n```\n"),
            ("    <!-- code -->\n", "    <!-- code -->\n"),
            ("\\<!-- écrit --\\>", "\\<!-- écrit --\\>"),
            ("<!<!-- a -->-- vu", "<! -- vu"),
            ("Un <!-- `\n\n-->mot `<!-- code -->`", "Un mot `<!-- code -->`"),
            ("rien", "rien"),
        ] {
            assert_eq!(without_comments(text), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn removal_is_idempotent(text in "(<!--|-->|`|```|\n|\n\n|    |<b>|[a-z é\\\\<>!-]){0,40}") {
            let once = without_comments(&text).into_owned();
            proptest::prop_assert_eq!(without_comments(&once).into_owned(), once);
        }
    }
}

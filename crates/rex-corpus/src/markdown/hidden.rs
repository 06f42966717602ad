//! Text that no page renders as its author wrote it. It is no error, but `rex check` reports it.

use std::path::Path;

use pulldown_cmark::{Event, Tag};

use super::comments::comments;
use super::front_matter::split;
use super::parser::parser;
use crate::check::problem::Problem;
use crate::foreign::html;

/// Allowed link schemes. A `javascript:` link would run in the reader's page.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];
/// Maximum characters of a quotation.
const MAX_QUOTED: usize = 60;

/// The hidden parts of the body of a Markdown file, with their lines.
pub(crate) fn in_file(path: &Path, text: &str) -> Vec<Problem> {
    let Ok(split) = split(text) else {
        return Vec::new();
    };
    let body = split.body;
    let before = text.len() - body.len();
    let mut line = 1 + newlines(&text[..before]);
    let mut counted = 0;
    let problems = found(body).into_iter().map(|(at, message)| {
        line += newlines(&body[counted..at]);
        counted = at;
        Problem::at(path, line, message)
    });
    problems.collect()
}

/// The hidden parts of a text that is on one line of a file.
pub(crate) fn in_text(path: &Path, line: usize, text: &str) -> Vec<Problem> {
    let problems = found(text).into_iter();
    problems.map(|(_, message)| Problem::at(path, line, message)).collect()
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// The hidden parts of a text, each with its offset, in order.
fn found(text: &str) -> Vec<(usize, String)> {
    let comments = comments(text);
    // What is read as Markdown is shown.
    let is_exported = html::is_exported(text);
    let mut found: Vec<(usize, String)> = comments
        .iter()
        .filter(|comment| !(is_exported && html::is_block_comment(&text[comment.start..comment.end])))
        .map(|comment| (comment.start, "not shown: an HTML comment".to_owned()))
        .collect();
    let is_in_comment = |at: usize| {
        let before = comments.partition_point(|comment| comment.start <= at);
        before > 0 && comments[before - 1].contains(&at)
    };
    for (event, range) in parser(text).into_offset_iter() {
        let message = match event {
            Event::Html(tag) | Event::InlineHtml(tag) if is_exported && html::is_known(tag.trim_start()) => None,
            Event::Html(html) | Event::InlineHtml(html) => html_message(&html),
            Event::Start(Tag::Image { dest_url, .. }) => Some(format!(
                "not shown: the image \"{}\"; only its description is",
                quoted(&dest_url)
            )),
            Event::Start(Tag::Link { dest_url, .. }) if !is_web(&dest_url) => Some(format!(
                "no link: \"{}\"; only its text is shown, expected an address that begins with https://, http:// or mailto:",
                quoted(&dest_url)
            )),
            _ => None,
        };
        found.extend(
            message
                .filter(|_| !is_in_comment(range.start))
                .map(|message| (range.start, message)),
        );
    }
    found.sort_by_key(|(at, _)| *at);
    found
}

/// The message for HTML that opens a tag. `None` for a closing tag.
fn html_message(html: &str) -> Option<String> {
    let tag = html.trim_start();
    let opens = tag.starts_with('<') && !tag.starts_with("</") && !tag.starts_with("<!--");
    opens.then(|| format!("not shown as HTML: {}; it is shown as it is typed", quoted(tag)))
}

fn is_web(address: &str) -> bool {
    SCHEMES.iter().any(|scheme| address.starts_with(scheme))
}

fn quoted(text: &str) -> String {
    let text = text.trim();
    let cut: String = text.chars().take(MAX_QUOTED).collect();
    if cut.len() < text.len() {
        format!("{cut}…")
    } else {
        cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_not_shown_and_where() {
        let text = "---\ntitre: A\n---\n<!-- à relire\n-->\n\nUn <b>mot</b> ![plan](plan.png)\net [un lien](javascript:x) \
                    [bon](https://x.fr).\n\n<div>\nbloc\n</div>\n\n`<i>` <!-- <u> -->\n";
        let said: Vec<String> = in_file(Path::new("a.md"), text)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            said,
            [
                "a.md:4: not shown: an HTML comment",
                "a.md:7: not shown as HTML: <b>; it is shown as it is typed",
                "a.md:7: not shown: the image \"plan.png\"; only its description is",
                "a.md:8: no link: \"javascript:x\"; only its text is shown, expected an address that begins with https://, http:// or mailto:",
                "a.md:10: not shown as HTML: <div>; it is shown as it is typed",
                "a.md:14: not shown: an HTML comment",
            ]
        );
        assert_eq!(
            in_file(Path::new("a.md"), "---\ntitre: A\n---\nUn **mot**, a < b.\n"),
            []
        );
    }

    #[test]
    fn a_line_is_one_place() {
        let said = in_text(Path::new("a.jsonl"), 3, "a\n\n<br>\n\nb <!-- c -->");
        let lines: Vec<usize> = said.iter().map(|one| one.line).collect();
        assert_eq!(lines, [3, 3]);
    }
}

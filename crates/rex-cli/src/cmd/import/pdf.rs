//! The text of a PDF, and doubts about it. A child process extracts it: `rex extract pdf`.

use std::collections::HashMap;
use std::env;
use std::fs::File;
use std::path::Path;
use std::process::Command;

use rex_analysis::{fold, is_stop_word};
use rex_import::{ChildError, PDF_LIMITS, read_pdf};

use super::booklet_text::BookletText;
use crate::failure::UserError;

/// The text of a PDF, pages separated by form feeds.
///
/// # Errors
/// A PDF without usable text, or a failure to start the child.
pub(super) fn text(path: &Path, file: File) -> anyhow::Result<BookletText> {
    let mut child = Command::new(env::current_exe()?);
    child.args(["extract", "pdf"]);
    let pages = match read_pdf(child, file, &PDF_LIMITS) {
        Ok(pages) => pages.map_err(|problem| problem.to_string()),
        Err(failed @ ChildError::Start(_)) => return Err(failed.into()),
        Err(failed) => Err(format!("a PDF that {failed}; save its text and import that")),
    };
    let text = pages.and_then(|pages| assess(&pages));
    Ok(text.map_err(|problem| UserError(format!("{}: {problem}", path.display())))?)
}

/// Joins the pages and lists doubts about the text; an error if there is no text.
fn assess(pages: &[Option<String>]) -> Result<BookletText, String> {
    /// A page with fewer letters is an image, not text.
    const MIN_LETTERS: usize = 40;
    let text: Vec<&str> = pages.iter().map(|page| page.as_deref().unwrap_or_default()).collect();
    let (text, mended) = join_split_words(&text.join("\n\u{c}"));
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters < MIN_LETTERS.min(pages.len() * MIN_LETTERS) {
        return Err("a PDF without text, such as a scan; run OCR on it first".to_owned());
    }
    let mut doubts = Vec::new();
    let unread: Vec<String> = (1..)
        .zip(pages)
        .filter(|(_, page)| page.is_none())
        .map(|(number, _)| number.to_string())
        .collect();
    if !unread.is_empty() {
        doubts.push(format!("of the PDF, the pages {} could not be read", unread.join(", ")));
    }
    if mended > 0 {
        let words = if mended == 1 { "word was" } else { "words were" };
        doubts.push(format!(
            "in the text of the PDF {mended} {words} cut in two and are made whole; there may be more"
        ));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let single = words
        .iter()
        .filter(|word| word.chars().count() == 1 && word.chars().all(char::is_alphabetic))
        .count();
    let unknown = text
        .chars()
        .filter(|c| *c == '\u{fffd}' || ('\u{e000}'..='\u{f8ff}').contains(c))
        .count();
    if letters < pages.len() * MIN_LETTERS {
        doubts.push("most pages of the PDF hold no text".to_owned());
    } else if single * 3 > words.len() || unknown * 20 > letters {
        doubts.push(
            "the text of the PDF comes out in pieces; check every word, or save its text and import that".to_owned(),
        );
    }
    Ok(BookletText { text, doubts })
}

/// Joins words that the extractor split at wide letter spacing (`mar ché`): if the joined word occurs elsewhere in the text and one
/// of its halves hardly does. Returns the text and the number of joined words.
fn join_split_words(text: &str) -> (String, usize) {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for word in text.split_whitespace() {
        *counts.entry(bare(word)).or_default() += 1;
    }
    let count = |word: &str| counts.get(word).copied().unwrap_or_default();
    let is_cut = |left: &str, right: &str| {
        let are_halves = left.ends_with(char::is_alphabetic) && right.starts_with(char::is_lowercase);
        let (left, right) = (bare(left), bare(right));
        let whole = count(&format!("{left}{right}"));
        let is_word = |half: &str| count(half) * 2 > whole;
        let is_link = |half: &str| is_stop_word(&fold(half));
        are_halves && whole >= 2 && !is_link(&left) && !is_link(&right) && !(is_word(&left) && is_word(&right))
    };
    let mut mended = 0;
    let mend_line = |line: &str| {
        let mut out = String::with_capacity(line.len());
        let mut last = "";
        for word in line.split(' ') {
            if !last.is_empty() && is_cut(last, word) {
                mended += 1;
            } else if !out.is_empty() || !last.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
            last = word;
        }
        out
    };
    let lines: Vec<String> = text.split('\n').map(mend_line).collect();
    (lines.join("\n"), mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_words_are_joined() {
        let text = "Le marché, un marché public.\nCe mar ché a permis l'inser tion ; en fin d'année, enfin, enfin.";
        let (mended, count) = join_split_words(text);
        assert_eq!(
            (mended.as_str(), count),
            (
                "Le marché, un marché public.\nCe marché a permis l'inser tion ; en fin d'année, enfin, enfin.",
                1
            )
        );
    }

    #[test]
    fn poor_text_is_doubted_or_refused() {
        let page = |text: &str| Some(text.to_owned());
        let good = "Une page de texte, avec assez de mots pour que ce soit une page de texte. ".repeat(3);
        assert!(assess(&[page(&good)]).unwrap().doubts.is_empty());
        assert!(assess(&[page(""), page(" \n")]).unwrap_err().contains("without text"));
        assert!(assess(&[page(&good), None]).unwrap().doubts[0].contains("the pages 2"));
        let pieces = "U n e p a g e d e t e x t e ".repeat(10);
        assert!(assess(&[page(&pieces)]).unwrap().doubts[0].contains("in pieces"));
    }
}

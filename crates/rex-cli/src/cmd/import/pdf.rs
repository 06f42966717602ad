//! Extracts text from a PDF. The extractor may panic, recurse deeply or run long on malformed files: it runs on a thread of its own
//! with a bounded stack and a time limit, and each failure becomes one sentence.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use pdf_extract::{Document, PlainTextOutput, output_doc_page};
use rex_analysis::{fold, is_stop_word};

use super::booklet_text::BookletText;

/// Stack of the thread in bytes: nested objects are read by recursion.
const STACK_BYTES: usize = 64 << 20;
/// Far more than a booklet needs.
const TIME_LIMIT: Duration = Duration::from_secs(120);
const MAX_PAGES: usize = 2_000;

/// The text of a PDF, pages separated by form feeds.
///
/// # Errors
/// A clause about the file, to be shown after its name.
pub(super) fn text(bytes: Vec<u8>) -> Result<BookletText, String> {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        let pages = panic::catch_unwind(AssertUnwindSafe(|| pages(&bytes)));
        // Fails if the receiver gave up after the time limit.
        let _ =
            sender.send(pages.unwrap_or_else(|_| Err("an unreadable PDF; save its text and import that".to_owned())));
    };
    // Silence panic messages of the extractor.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let started = thread::Builder::new()
        .name("pdf".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(work);
    let pages = match started {
        Ok(_) => receiver
            .recv_timeout(TIME_LIMIT)
            .unwrap_or_else(|_| Err("a PDF that takes too long to read; save its text and import that".to_owned())),
        Err(error) => Err(format!("cannot start a thread to read the PDF: {error}")),
    };
    panic::set_hook(hook);
    assess(&pages?)
}

/// The text of each page; `None` for one that cannot be read.
fn pages(bytes: &[u8]) -> Result<Vec<Option<String>>, String> {
    let mut document =
        Document::load_mem(bytes).map_err(|_| "a damaged or truncated PDF; save its text and import that")?;
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err("a PDF with a password; save it without password".to_owned());
    }
    let count = document.get_pages().len();
    if count == 0 || count > MAX_PAGES {
        return Err(format!("a PDF of {count} pages, expected 1 to {MAX_PAGES}"));
    }
    let page = |number: u32| {
        let mut text = String::new();
        let read = panic::catch_unwind(AssertUnwindSafe(|| {
            output_doc_page(&document, &mut PlainTextOutput::new(&mut text), number).is_ok()
        }));
        read.unwrap_or(false).then_some(text)
    };
    Ok((1..=count as u32).map(page).collect())
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
    fn a_malformed_pdf_is_one_sentence() {
        for bytes in [&b"%PDF-1.7\n"[..], b"%PDF-1.4\n1 0 obj\n<<", b"%PDF-\xff\xff"] {
            let error = text(bytes.to_vec()).unwrap_err();
            assert!(error.contains("PDF") && !error.contains('\n'), "{error}");
        }
    }

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

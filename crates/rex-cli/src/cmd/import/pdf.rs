//! Text out of a PDF. The extractor is made for good files and may panic on others: it works on a thread of its own, which is
//! given so much stack and time, and what it cannot read is one sentence.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use pdf_extract::{Document, PlainTextOutput, output_doc_page};
use rex_analysis::{fold, is_stop_word};

use super::booklet_text::BookletText;

/// Nested objects are read by recursion.
const STACK: usize = 64 << 20;
/// Far longer than a booklet takes.
const PATIENCE: Duration = Duration::from_secs(120);
const MAX_PAGES: usize = 2_000;

/// The text of a PDF, its pages apart by form feeds; the error is a clause about the file.
pub(super) fn text(bytes: Vec<u8>) -> Result<BookletText, String> {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        let pages = panic::catch_unwind(AssertUnwindSafe(|| pages(&bytes)));
        // Nobody listens any more when it took too long.
        let _ = sender
            .send(pages.unwrap_or_else(|_| Err("a PDF that cannot be read; save its text and import that".to_owned())));
    };
    // The message of a panic is for the authors of the extractor.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let started = thread::Builder::new()
        .name("pdf".to_owned())
        .stack_size(STACK)
        .spawn(work);
    let pages = match started {
        Ok(_) => receiver
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|_| Err("a PDF that takes too long to read; save its text and import that".to_owned())),
        Err(error) => Err(format!("no thread to read the PDF with: {error}")),
    };
    panic::set_hook(hook);
    judge(&pages?)
}

/// The text of each page; `None` for one that cannot be read.
fn pages(bytes: &[u8]) -> Result<Vec<Option<String>>, String> {
    let mut document =
        Document::load_mem(bytes).map_err(|_| "a damaged PDF, or one cut short; save its text and import that")?;
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err("a PDF with a password; save it without one".to_owned());
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

/// Puts the pages together, unless there is no text in them, and says what is poor.
fn judge(pages: &[Option<String>]) -> Result<BookletText, String> {
    /// Letters of a page below which it holds pictures, not text.
    const FEW: usize = 40;
    let text: Vec<&str> = pages.iter().map(|page| page.as_deref().unwrap_or_default()).collect();
    let (text, mended) = mend(&text.join("\n\u{c}"));
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters < FEW.min(pages.len() * FEW) {
        return Err("a PDF without text, as a scanner makes it; recognise its text first (OCR)".to_owned());
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
    if letters < pages.len() * FEW {
        doubts.push("most pages of the PDF hold no text".to_owned());
    } else if single * 3 > words.len() || unknown * 20 > letters {
        doubts.push(
            "the text of the PDF comes out in pieces; check every word, or save its text and import that".to_owned(),
        );
    }
    Ok(BookletText { text, doubts })
}

/// Joins words that the extractor cut where letters stand far apart (`mar ché`): the whole word comes elsewhere in the text, and
/// one of its halves nearly nowhere else. Gives how many it joined.
fn mend(text: &str) -> (String, usize) {
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
    fn what_is_no_pdf_is_one_sentence() {
        for bytes in [&b"%PDF-1.7\n"[..], b"%PDF-1.4\n1 0 obj\n<<", b"%PDF-\xff\xff"] {
            let error = text(bytes.to_vec()).unwrap_err();
            assert!(error.contains("PDF") && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn words_cut_in_two_are_made_whole() {
        let text = "Le marché, un marché public.\nCe mar ché a permis l'inser tion ; en fin d'année, enfin, enfin.";
        let (mended, count) = mend(text);
        assert_eq!(
            (mended.as_str(), count),
            (
                "Le marché, un marché public.\nCe marché a permis l'inser tion ; en fin d'année, enfin, enfin.",
                1
            )
        );
    }

    #[test]
    fn judges_the_text() {
        let page = |text: &str| Some(text.to_owned());
        let good = "Une page de texte, avec assez de mots pour que ce soit une page de texte. ".repeat(3);
        assert!(judge(&[page(&good)]).unwrap().doubts.is_empty());
        assert!(judge(&[page(""), page(" \n")]).unwrap_err().contains("without text"));
        assert!(judge(&[page(&good), None]).unwrap().doubts[0].contains("the pages 2"));
        let pieces = "U n e p a g e d e t e x t e ".repeat(10);
        assert!(judge(&[page(&pieces)]).unwrap().doubts[0].contains("in pieces"));
    }
}

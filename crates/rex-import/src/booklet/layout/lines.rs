//! The lines of a booklet, with the character artefacts of PDF and word processors normalised.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

/// A line of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// From 1, as in an editor.
    pub(crate) number: usize,
    /// Its sheet, from 0; form feeds separate sheets.
    pub(crate) sheet: usize,
    /// Its text, bold marks kept.
    pub(crate) text: String,
    /// The level of a Markdown heading.
    pub(crate) level: Option<usize>,
    /// Whether a page number or a running line was removed here.
    pub(crate) is_page_break: bool,
}

/// Bullets of list items.
const BULLETS: &[char] = &[
    '-', '*', '•', '–', '—', '▪', '●', '◦', '‣', '·', '■', '□', '➢', '→', '✓', '►', '▶', '\u{f0b7}', '\u{f0a7}',
];

impl Line {
    pub(crate) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// Without bold marks and bullet.
    pub(crate) fn bare(&self) -> String {
        let text = self.text.replace("**", "");
        item(&text).unwrap_or(&text).trim().to_owned()
    }
}

/// The text of a list item. `None` if the line is not one.
pub(crate) fn item(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(BULLETS)?;
    let is_item = rest.starts_with(' ') || text.starts_with(['•', '▪', '●', '■', '\u{f0b7}', '\u{f0a7}']);
    let rest = rest.trim_start();
    (is_item && !rest.is_empty()).then_some(rest)
}

/// Whether a text ends as a sentence does.
pub(crate) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['*', ' ', '»', '”', '"', ')'])
        .ends_with(['.', '!', '?', ';', '…', ':'])
}

/// Cuts a text into lines. Each value of a Markdown table becomes a line `name : value`.
pub(crate) fn read(text: &str) -> Vec<Line> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = Vec::new();
    let mut sheet = 0;
    let mut head: Vec<String> = Vec::new();
    let mut table_rows = 0;
    for (index, raw) in text.split('\n').enumerate() {
        sheet += raw.chars().take_while(|c| *c == '\u{c}').count();
        let line = |text: String, level| Line {
            number: index + 1,
            sheet,
            text,
            level,
            is_page_break: false,
        };
        let cleaned = clean(raw);
        let Some(cells) = cells(&cleaned) else {
            table_rows = 0;
            let (text, level) = without_marks(&cleaned);
            lines.push(line(text, level));
            sheet += raw.trim_start_matches('\u{c}').matches('\u{c}').count();
            continue;
        };
        table_rows += 1;
        if cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':'))) {
            // The row above was the header. A header of several columns names the values below.
            if head.len() > 2 && table_rows == 2 {
                lines.pop();
            }
            lines.push(line(String::new(), None));
        } else if table_rows > 2 && head.len() > 2 && head.len() == cells.len() {
            for (name, value) in head.iter().zip(&cells) {
                lines.push(line(format!("{name} : {value}"), None));
            }
        } else {
            lines.push(line(cells.join(" : "), None));
            head = if table_rows == 1 { cells } else { head };
        }
    }
    lines
}

/// The non-empty cells of a Markdown table row.
fn cells(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('|')?.trim_end_matches('|');
    let cells = inner
        .split('|')
        .map(|cell| cell.trim().trim_end_matches(':').trim_end().to_owned());
    let cells: Vec<String> = cells.collect();
    let is_rule = cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':')));
    Some(if is_rule {
        cells
    } else {
        cells.into_iter().filter(|cell| !cell.is_empty()).collect()
    })
}

/// A line without the Markdown of a heading, a quotation, a rule or an image, and its heading level.
fn without_marks(text: &str) -> (String, Option<usize>) {
    let text = text.trim_start_matches("> ").trim();
    let is_rule = text.chars().count() > 2
        && text
            .chars()
            .all(|c| matches!(c, '-' | '=' | '_' | '*' | '–' | '—' | ' '));
    if is_rule || (text.starts_with("![") && text.ends_with(')')) {
        return (String::new(), None);
    }
    let level = text.bytes().take_while(|byte| *byte == b'#').count();
    match text[level..].strip_prefix(' ') {
        Some(heading) if (1..=6).contains(&level) => (heading.trim_matches(['#', ' ']).to_owned(), Some(level)),
        _ => (text.to_owned(), None),
    }
}

/// Normalises spaces, apostrophes, hyphens and ligatures, and removes invisible characters.
fn clean(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for c in raw.replace("<br>", " ").replace("<br/>", " ").nfc() {
        match c {
            '\u{fb00}' => text.push_str("ff"),
            '\u{fb01}' => text.push_str("fi"),
            '\u{fb02}' => text.push_str("fl"),
            '\u{fb03}' => text.push_str("ffi"),
            '\u{fb04}' => text.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => text.push_str("st"),
            '’' | '‘' | '\u{2bc}' | '´' => text.push('\''),
            '\u{2010}' | '\u{2011}' => text.push('-'),
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fffd}' => {}
            c if c.is_whitespace() => {
                if !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
    let text = text.replace("__", "**");
    let text = text.trim();
    // A soft hyphen is visible at the end of a line only.
    let ends_soft = text.ends_with('\u{ad}');
    let mut text = text.replace('\u{ad}', "");
    if ends_soft {
        text.push('\u{ad}');
    }
    text
}

/// The words of a whole text. They decide whether a word cut at a line end keeps its hyphen.
#[derive(Debug, Default)]
pub(crate) struct KnownWords(HashSet<String>);

/// First parts of hyphenated words: the hyphen at the line end stays.
const PREFIXES: &[&str] = &[
    "sous", "demi", "mi", "semi", "socio", "non", "ex", "vice", "peut", "quelques", "celui", "celle", "ceux", "celles",
    "lui", "elle", "eux", "soi", "nous", "vous", "centre", "savoir", "rendez", "porte", "chef", "grand", "avant",
    "après", "plus", "saint", "sainte", "moi", "outre", "plein", "haute", "haut", "basse", "bas",
];
/// Last parts of hyphenated words.
const ENDINGS: &[&str] = &["ci", "là", "même", "mêmes", "elle", "il", "elles", "ils", "on", "être"];
/// Second parts of place names, with their hyphen.
const JOINERS: &[&str] = &["et-", "sur-", "en-", "de-", "la-", "le-", "les-", "lès-", "du-", "d'"];

impl KnownWords {
    pub(crate) fn of(lines: &[Line]) -> Self {
        let words = lines.iter().flat_map(|line| line.text.split([' ', '\'']));
        let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        Self(words.map(bare).filter(|word| !word.is_empty()).collect())
    }

    /// Appends a line to a text and rejoins a word cut between the two.
    pub(crate) fn join(&self, text: &mut String, next: &str) {
        if text.ends_with('\u{ad}') {
            text.pop();
            text.push_str(next);
            return;
        }
        let cut = text
            .strip_suffix('-')
            .filter(|left| left.ends_with(char::is_alphabetic));
        match cut {
            Some(left) if next.starts_with(char::is_alphabetic) => {
                if !self.keeps_hyphen(left, next) {
                    text.pop();
                }
            }
            _ if text.is_empty() => {}
            _ => text.push(' '),
        }
        text.push_str(next);
    }

    fn keeps_hyphen(&self, left: &str, right: &str) -> bool {
        let left = left.rsplit([' ', '\'', '*', '(']).next().unwrap_or(left).to_lowercase();
        let is_inside = |c: char| c.is_alphanumeric() || c == '-';
        let end = right.find(|c| !is_inside(c)).unwrap_or(right.len());
        let word = right[..end].to_lowercase();
        if self.0.contains(&format!("{left}-{word}")) || right.starts_with(char::is_uppercase) {
            return true;
        }
        if self.0.contains(&format!("{left}{word}")) {
            return false;
        }
        left.contains('-')
            || PREFIXES.contains(&left.as_str())
            || ENDINGS.contains(&word.as_str())
            || JOINERS.iter().any(|joiner| word.starts_with(joiner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        read(text).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn normalises_pdf_characters() {
        assert_eq!(
            texts("L\u{2019}e\u{fb03}cacité\u{a0}:\u{202f}10\u{2009}%\r\nbénéﬁce\u{200b}s\r\n"),
            ["L'efficacité : 10 %", "bénéfices", ""]
        );
        let lines = read("a\n\u{c}b\nc");
        assert_eq!(lines.iter().map(|line| line.sheet).collect::<Vec<_>>(), [0, 1, 1]);
        assert_eq!((lines[2].number, lines[2].text.as_str()), (3, "c"));
    }

    #[test]
    fn reads_marks_of_markdown() {
        let lines =
            read("## Le besoin\n> cité\n---\n![logo](a.png)\n| Montant | 3 € |\n|---|---|\n| Durée : | 2 ans |");
        assert_eq!(lines[0].level, Some(2));
        assert_eq!(
            lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(),
            ["Le besoin", "cité", "", "", "Montant : 3 €", "", "Durée : 2 ans"]
        );
        let wide = texts("| Nature | Montant | Durée |\n|---|---|---|\n| Services | 3 € | 2 ans |");
        assert_eq!(wide, ["", "Nature : Services", "Montant : 3 €", "Durée : 2 ans"]);
    }

    #[test]
    fn rejoins_cut_words() {
        let words = KnownWords::of(&read("la collectivité ; un savoir-être"));
        let join = |left: &str, right: &str| {
            let mut text = left.to_owned();
            words.join(&mut text, right);
            text
        };
        for (left, right, expected) in [
            ("la collec-", "tivité publique", "la collectivité publique"),
            ("des ache-", "teurs", "des acheteurs"),
            ("c'est-à-", "dire", "c'est-à-dire"),
            ("en Seine-", "Saint-Denis", "en Seine-Saint-Denis"),
            ("Maine-", "et-Loire", "Maine-et-Loire"),
            ("la sous-", "traitance", "la sous-traitance"),
            ("un savoir-", "être", "un savoir-être"),
            ("l'inser\u{ad}", "tion", "l'insertion"),
            ("deux", "mots", "deux mots"),
        ] {
            assert_eq!(join(left, right), expected);
        }
    }

    #[test]
    fn recognises_list_items() {
        assert_eq!(item("- De recruter"), Some("De recruter"));
        assert_eq!(item("•De recruter"), Some("De recruter"));
        assert_eq!(item("**Gras** en tête"), None);
        assert_eq!(item("-5 degrés"), None);
    }
}

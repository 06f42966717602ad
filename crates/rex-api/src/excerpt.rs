//! The opening words of a case.

use rex_corpus::plain_text;
use rex_query::Hit;

/// Bytes of a text that are parsed for its opening words. Bounds the work per hit.
const MAX_READ: usize = 4 << 10;
/// Characters of an extract.
const EXTRACT: usize = 220;

/// The opening words of a hit without a matching passage; `None` where a passage matches or the case has no text.
pub fn extract(hit: &Hit) -> Option<String> {
    let first = hit.record.sections.first().filter(|_| hit.snippets.is_empty());
    first
        .map(|section| first_words(&section.texte))
        .filter(|text| !text.is_empty())
}

/// The opening words of a Markdown text as plain text in one line, at most 220 characters.
pub fn first_words(markdown: &str) -> String {
    let read = &markdown[..markdown.floor_char_boundary(MAX_READ)];
    let text = plain_text(read);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= EXTRACT {
        return words;
    }
    let cut: String = words.chars().take(EXTRACT).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{} …", whole.trim_end_matches([',', ';', ':']))
}

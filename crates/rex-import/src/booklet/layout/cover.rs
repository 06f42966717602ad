//! The source fields of a booklet: title, publisher, address.

use std::collections::HashMap;

use crate::booklet::facts::duration::dates::MONTHS;
use crate::booklet::layout::lines::{Line, ends_sentence, item};
use rex_corpus::name_key;
use rex_corpus::{Source, Territories};

/// The source of a booklet. The title is read before line index `end`, where the cases or the contents begin.
pub(crate) fn source(lines: &[Line], end: usize) -> Source {
    let url = web_address(lines);
    Source {
        titre: title(lines, end),
        editeur: url
            .as_deref()
            .and_then(|url| named_by(lines, url))
            .or_else(|| credited(lines)),
        url,
        page: None,
    }
}

/// The blocks of lines of the cover, as one title: `Marchés publics : succès d'entreprises`.
fn title(lines: &[Line], end: usize) -> Option<String> {
    const MOST_BLOCKS: usize = 3;
    const LONGEST_LINE: usize = 110;
    const LONGEST: usize = 200;
    let spellings = Spellings::of(lines);
    let mut blocks: Vec<String> = Vec::new();
    let is_capital = |line: &Line| !line.text.chars().any(char::is_lowercase);
    // A title in capitals and a subtitle right below it are two blocks.
    let cover = lines[..end]
        .split(Line::is_blank)
        .flat_map(|block| block.chunk_by(|one, next| is_capital(one) == is_capital(next)));
    for block in cover {
        let text = block.iter().map(Line::bare).collect::<Vec<_>>().join(" ");
        let is_text = block
            .iter()
            .any(|line| line.text.chars().count() > LONGEST_LINE || item(&line.text).is_some());
        let whole: usize = blocks.iter().map(String::len).sum();
        if is_text || text.ends_with(['.', ',', ';']) || blocks.len() == MOST_BLOCKS || whole + text.len() > LONGEST {
            break;
        }
        if !is_imprint(&text) {
            blocks.push(spellings.sentence_case(&text));
        }
        if block.iter().any(|line| line.level == Some(1)) {
            break;
        }
    }
    let mut title = String::new();
    for block in blocks {
        if title.is_empty() {
            title = block;
        } else if title.ends_with([':', '?', '!']) {
            title = format!("{title} {block}");
        } else {
            title = format!("{title} : {}", lower_first(&block));
        }
    }
    (!title.is_empty()).then_some(title)
}

/// Whether a text is a date, an address or an edition, not a title.
fn is_imprint(text: &str) -> bool {
    const OF_AN_EDITION: &[&str] = &[
        "edition",
        "version",
        "numero",
        "n",
        "automne",
        "hiver",
        "printemps",
        "ete",
    ];
    let key = name_key(text);
    let is_date = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_digit()) || MONTHS.contains(&word) || OF_AN_EDITION.contains(&word)
    };
    text.contains('@') || text.contains("www.") || text.contains("://") || key.split(' ').all(is_date)
}

fn lower_first(text: &str) -> String {
    let first = text.split([' ', '\'']).next().unwrap_or_default();
    let is_acronym = first.chars().filter(|c| c.is_uppercase()).count() > 1;
    let is_place = first.len() > 3 && !Territories::shipped().named(first).is_empty();
    let mut chars = text.chars();
    match chars.next() {
        Some(letter) if !is_acronym && !is_place => letter.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// A text in sentence case if it is all capitals, otherwise unchanged.
pub(crate) fn sentence_case_of(text: &str) -> String {
    Spellings::default().sentence_case(text)
}

/// The spellings of words outside lines in capitals, with their counts.
#[derive(Debug, Default)]
struct Spellings(HashMap<String, HashMap<String, usize>>);

impl Spellings {
    fn of(lines: &[Line]) -> Self {
        let mut spellings = Self::default();
        let mixed = lines.iter().filter(|line| line.text.chars().any(char::is_lowercase));
        for word in mixed.flat_map(|line| line.text.split(|c: char| !c.is_alphanumeric())) {
            if !word.is_empty() {
                let forms = spellings.0.entry(word.to_lowercase()).or_default();
                *forms.entry(word.to_owned()).or_default() += 1;
            }
        }
        spellings
    }

    fn sentence_case(&self, text: &str) -> String {
        if text.chars().any(char::is_lowercase) {
            return text.to_owned();
        }
        let mut cased = String::with_capacity(text.len());
        for part in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
            let word = part.trim_end_matches(|c: char| !c.is_alphanumeric());
            let lower = word.to_lowercase();
            let usual = self.0.get(&lower).and_then(|forms| {
                forms
                    .iter()
                    .max_by_key(|(form, count)| (**count, **form == lower))
                    .map(|(form, _)| form.clone())
            });
            cased.push_str(&usual.unwrap_or(lower));
            cased.push_str(&part[word.len()..]);
        }
        let mut chars = cased.chars();
        chars
            .next()
            .map(|first| first.to_uppercase().chain(chars).collect())
            .unwrap_or_default()
    }
}

/// The web address of the publisher: the first alone on its line, else the first.
fn web_address(lines: &[Line]) -> Option<String> {
    let alone = lines.iter().find_map(|line| address(&line.text));
    alone.or_else(|| {
        lines
            .iter()
            .flat_map(|line| line.text.split([' ', '(', ')', '<', '>', '[', ']', '"']))
            .find_map(address)
    })
}

/// The web address in a word, with its scheme. `None` for social networks.
fn address(word: &str) -> Option<String> {
    const ELSEWHERE: &[&str] = &[
        "twitter.",
        "x.com",
        "facebook.",
        "linkedin.",
        "instagram.",
        "youtube.",
        "youtu.be",
        "vimeo.",
        "mastodon",
        "flickr.",
        "bit.ly",
    ];
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    let is_one = !word.contains([' ', '@']) && word.contains('.');
    let is_web = word.starts_with("https://") || word.starts_with("http://") || word.starts_with("www.");
    if !is_one || !is_web || word.len() > 300 || ELSEWHERE.iter().any(|site| word.contains(site)) {
        return None;
    }
    let word = word.trim_end_matches('/');
    Some(if word.starts_with("www.") {
        format!("https://{word}")
    } else {
        word.to_owned()
    })
}

/// The name in a web address, as the text spells it: `www.ess-france.org` gives « ESS France ».
fn named_by(lines: &[Line], url: &str) -> Option<String> {
    const MOST_WORDS: usize = 6;
    let host = url.split("://").nth(1)?.split('/').next()?;
    let mut labels: Vec<&str> = host.split('.').filter(|label| *label != "www").collect();
    labels.pop();
    labels.retain(|label| !matches!(*label, "gouv" | "asso" | "com" | "co"));
    let name = name_key(labels.last()?).replace(' ', "");
    let mut spellings: HashMap<String, usize> = HashMap::new();
    for line in lines.iter().filter(|line| !line.text.contains(['@', '/'])) {
        let words: Vec<&str> = line.text.split(' ').collect();
        for start in 0..words.len() {
            for end in start + 1..=words.len().min(start + MOST_WORDS) {
                let text = words[start..end].join(" ");
                let text = text.rsplit_once(['\'']).map_or(text.as_str(), |(_, text)| text);
                let text = text.trim_matches(|c: char| !c.is_alphanumeric());
                if text.len() <= name.len() * 2 && !text.contains('.') && name_key(text).replace(' ', "") == name {
                    *spellings.entry(text.to_owned()).or_default() += 1;
                }
            }
        }
    }
    let is_mixed = |text: &str| text.chars().any(char::is_lowercase) && text.chars().any(char::is_uppercase);
    spellings
        .into_iter()
        .max_by_key(|(text, count)| (is_mixed(text), *count, std::cmp::Reverse(text.clone())))
        .map(|(text, _)| text)
}

/// The publisher named in a credit: « Une publication de… », « Édité par… ».
fn credited(lines: &[Line]) -> Option<String> {
    const CREDITS: &[&str] = &[
        "édité par ",
        "publié par ",
        "une publication de ",
        "un livret de ",
        "livret édité par ",
        "livret réalisé par ",
    ];
    const ARTICLES: &[&str] = &["la ", "le ", "les ", "l'"];
    lines.iter().find_map(|line| {
        let text = line.bare();
        let lower = text.to_lowercase();
        let credit = CREDITS
            .iter()
            .find(|credit| lower.starts_with(*credit) && lower.len() == text.len())?;
        let name = &text[credit.len()..];
        let name = ARTICLES
            .iter()
            .find_map(|article| name.strip_prefix(article))
            .unwrap_or(name);
        let name = name.trim_end_matches(['.', ' ']);
        let is_name = !name.is_empty() && name.chars().count() <= 80 && !ends_sentence(name);
        is_name.then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booklet::layout::lines::read;

    fn source_of(text: &str) -> Source {
        let lines = read(text);
        let end = lines
            .iter()
            .position(|line| line.text == "SOMMAIRE")
            .unwrap_or(lines.len());
        source(&lines, end)
    }

    #[test]
    fn reads_the_cover() {
        let read = source_of(
            "\nACHATS ET ESS\n\nDes retours d'expérience\nà partager\n\nJuin 2024\n\nSOMMAIRE\n\nLa voix de l'ESS, c'est Achat Demain. Les achats et l'ESS.\n\nwww.achat-demain.org\n[@Achat](https://twitter.com/Achat)\n",
        );
        assert_eq!(
            read.titre.as_deref(),
            Some("Achats et ESS : des retours d'expérience à partager")
        );
        assert_eq!(read.url.as_deref(), Some("https://www.achat-demain.org"));
        assert_eq!(read.editeur.as_deref(), Some("Achat Demain"));
    }

    #[test]
    fn reads_incomplete_covers() {
        let title = source_of("ACHATS EN ACTION\nRecueil de pratiques\n\nSOMMAIRE\n").titre;
        assert_eq!(title.as_deref(), Some("Achats en action : recueil de pratiques"));
        let read = source_of("# Le livret\n\nÉdité par la Fédération des achats\n\nVoir https://exemple.fr/livret.\n");
        assert_eq!(read.titre.as_deref(), Some("Le livret"));
        assert_eq!(read.url.as_deref(), Some("https://exemple.fr/livret"));
        assert_eq!(read.editeur.as_deref(), Some("Fédération des achats"));
        assert_eq!(source_of(""), Source::default());
    }
}

//! The words of an object, as they were before some editor's software took them for HTML.

use html_escape::decode_html_entities;

use rex_corpus::NO_VALUE;
use rex_corpus::name_key;

/// Elements whose marks part words.
const BREAKS: [&str; 6] = ["br", "p", "div", "li", "tr", "td"];

/// A text in one line, without the debris of HTML: tags, entities (`&#8211;`), and entities cut by another software
/// (`et#8211,` where `&` became `et` and `;` a comma).
pub(super) fn clean(text: &str) -> String {
    let text = without_tags(&decoded(text));
    let is_apart = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}');
    let words = text.split(is_apart);
    let text = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    // What a search selects the records without a value by can be no value.
    if text == NO_VALUE {
        "non renseigné".to_owned()
    } else {
        text
    }
}

/// Letters of the longest name, as [`rex_corpus`] has it.
const MAX_NAME: usize = 300;

/// A name, clean and no longer than a record takes it.
pub(super) fn clean_name(text: &str) -> String {
    clean(text).chars().take(MAX_NAME).collect()
}

/// Whether a name tells one body from another; legal forms and the names of budgets do not, and both are published as names.
pub(super) fn is_telling(name: &str) -> bool {
    const SAID_OF_MANY: [&str; 16] = [
        "budget annexe",
        "budget general",
        "budget principal",
        "commune",
        "departement",
        "ei",
        "eurl",
        "mairie",
        "sa",
        "sarl",
        "sas",
        "sasu",
        "sci",
        "scop",
        "siege",
        "snc",
    ];
    let key = name_key(name);
    !key.is_empty() && !SAID_OF_MANY.contains(&key.as_str())
}

/// A text as Markdown that shows it as it is.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let starts_a_list = text.starts_with(['-', '+', '=']);
    if starts_a_list {
        out.push('\\');
    }
    for (at, c) in text.char_indices() {
        let is_number = || text[..at].bytes().all(|byte| byte.is_ascii_digit());
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '~' | '|'
        ) || (matches!(c, '.' | ')') && at > 0 && is_number())
        {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Marks that look like HTML elements go; `a < b` stays.
fn without_tags(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let inside = tag[1..].trim_start_matches('/');
        let name: String = inside
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(12)
            .collect();
        let is_element = !name.is_empty() && name.starts_with(|c: char| c.is_ascii_alphabetic());
        let end = tag
            .char_indices()
            .take(LONGEST)
            .find(|(_, c)| *c == '>')
            .map(|(end, _)| end);
        match end.filter(|_| is_element) {
            Some(end) => {
                if BREAKS.contains(&name.to_ascii_lowercase().as_str()) {
                    out.push(' ');
                }
                rest = &tag[end + 1..];
            }
            None => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Entities as the characters they stand for, twice over where they were encoded twice.
fn decoded(text: &str) -> String {
    let mended = whole_entities(text);
    let once = decode_html_entities(&mended);
    decode_html_entities(&once).into_owned()
}

/// Entities that another software cut, as they were: `et#8217,` was `&#8217;`.
fn whole_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('#') {
        let (before, mark) = rest.split_at(at);
        match cut_entity(before, mark) {
            Some((before, number, length)) => {
                out.push_str(before);
                out.push_str(&format!("&#{number};"));
                rest = &mark[length..];
            }
            None => {
                out.push_str(before);
                out.push('#');
                rest = &mark[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// What stands before a cut entity, its number, and its length. A number sign is one of an entity where `et`, an ampersand
/// or a closing mark is left of it and the number is that of a letter or a mark of French: `lot #12` and `#2019` are none.
fn cut_entity<'a>(before: &'a str, mark: &str) -> Option<(&'a str, u32, usize)> {
    let digits = mark[1..].bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = mark[1..].get(..digits.min(5))?.parse().ok()?;
    let is_closed = mark[1 + digits..].starts_with([';', ',']);
    let ampersand = before.strip_suffix("et").or_else(|| before.strip_suffix('&'));
    let is_known = match number {
        // Quotation marks, ampersand, apostrophe, and < and >.
        34 | 38 | 39 | 60 | 62 => ampersand.is_some() && is_closed,
        // Latin letters, combining accents, punctuation and the euro, the numero sign and the trade mark.
        160..=591 | 768..=879 | 8192..=8399 | 8470 | 8482 => ampersand.is_some() || is_closed,
        _ => false,
    };
    let length = 1 + digits + usize::from(is_closed);
    is_known.then_some((ampersand.unwrap_or(before), number, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_debris_out() {
        for (text, expected) in [
            ("Travaux<br />Lot n°2 :\r\n  toiture<BR>", "Travaux Lot n°2 : toiture"),
            ("LOT 7 et#8211, VENTILATION", "LOT 7 – VENTILATION"),
            ("creusement det#8217,une mare", "creusement d’une mare"),
            ("ACHAT D&#8217;UN APPAREIL", "ACHAT D’UN APPAREIL"),
            ("décapageet#8230;)", "décapage…)"),
            ("40 000 &euro; &amp;amp; plus", "40 000 € & plus"),
            ("det#39,une école, l&#8217;été", "d'une école, l’été"),
            (
                "B&acirc;timent &laquo;H&ocirc;tel&raquo; &Eacute;t&eacute;",
                "Bâtiment «Hôtel» Été",
            ),
            ("&lt;b&gt;gras&lt;/b&gt; \u{feff}maigre", "gras maigre"),
            (
                "Consultation #2019 : budget#123456 x",
                "Consultation #2019 : budget#123456 x",
            ),
            ("lot #12 et #3, a < b > c & d", "lot #12 et #3, a < b > c & d"),
            ("&;&#;#;<>", "&;&#;#;<>"),
            ("  ", ""),
        ] {
            assert_eq!(clean(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn markdown_shows_the_text(text in "[-+*_#<>&.)(1-9a-zé`~|=\\[\\]\\\\]{1,30}") {
            proptest::prop_assert_eq!(rex_corpus::plain_text(&escaped(&text)), text);
        }

        #[test]
        fn never_panics(text in "[<>&#;,a-zé0-9 /et]{0,60}") {
            clean(&text);
        }
    }
}

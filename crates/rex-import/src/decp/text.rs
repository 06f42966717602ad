//! Cleans the text of published values: removes HTML and repairs cut entities.

use std::borrow::Cow;

use html_escape::decode_html_entities;

use rex_corpus::NO_VALUE;
use rex_corpus::name_key;

/// Elements that separate words.
const BREAKS: [&str; 6] = ["br", "p", "div", "li", "tr", "td"];

/// A text on one line, without HTML tags and entities (`&#8211;`), and with repaired entities that software had damaged
/// (`et#8211,`: `&` became `et`, and `;` a comma).
pub(super) fn clean(text: &str) -> String {
    let text = without_tags(&decoded(&with_line_breaks(text)));
    let is_apart = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}');
    let words = text.split(is_apart);
    let text = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    // The filter value for records without a value cannot be a value.
    if text == NO_VALUE {
        "non renseigné".to_owned()
    } else {
        text
    }
}

/// Maximum characters of a name, as in [`rex_corpus`].
const MAX_NAME: usize = 300;

/// A clean name, cut to the maximum of a record.
pub(super) fn clean_name(text: &str) -> String {
    clean(text).chars().take(MAX_NAME).collect()
}

/// Whether a name identifies a body. Legal forms and names of budgets do not, but are published as names.
pub(super) fn is_distinctive(name: &str) -> bool {
    const GENERIC: [&str; 16] = [
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
    !key.is_empty() && !GENERIC.contains(&key.as_str())
}

/// Escapes a text so that Markdown renders it unchanged.
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

/// Writes the escapes `\n`, `\r` and `\t` as a space. The exports of data.economie.gouv.fr have them as two characters. Paths such as
/// `C:\new` and `\\server\new` stay: no escape is read in a word that begins as one.
fn with_line_breaks(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let mut rest = word;
        while let Some(at) = rest.find('\\').filter(|_| !is_path(word)) {
            let after = rest[at..].trim_start_matches('\\');
            let is_escape = after.starts_with(['n', 'r', 't']);
            let length = rest.len() - after.len() + usize::from(is_escape);
            out.push_str(&rest[..if is_escape { at } else { length }]);
            if is_escape {
                out.push(' ');
            }
            rest = &rest[length..];
        }
        out.push_str(rest);
    }
    Cow::Owned(out)
}

/// Whether a word begins with a drive, or with the server and the folder of a network path.
fn is_path(word: &str) -> bool {
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '\\');
    let is_drive = word.get(1..3) == Some(":\\") && word.starts_with(|c: char| c.is_ascii_alphabetic());
    let server = word.strip_prefix("\\\\").and_then(|path| path.split_once('\\'));
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.$".contains(c));
    is_drive || server.is_some_and(|(server, folder)| is_name(server) && !folder.starts_with('\\'))
}

/// Removes HTML tags; `a < b` stays.
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

/// Decodes entities, also those encoded twice.
fn decoded(text: &str) -> String {
    let mended = whole_entities(text);
    let once = decode_html_entities(&mended);
    decode_html_entities(&once).into_owned()
}

/// Repairs damaged entities: `et#8217,` was `&#8217;`.
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

/// The text before a damaged entity, its code point, and its length. A number sign belongs to an entity if `et` or an ampersand
/// precedes it or a closing mark ends it, and the number is the code point of a French letter or mark: not `lot #12` or `#2019`.
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
    fn removes_html_debris() {
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

    #[test]
    fn escapes_of_line_breaks_are_spaces_but_in_paths() {
        for (text, expected) in [
            (r"groupe scolaire\n\nLot 2 : suivi\n", "groupe scolaire Lot 2 : suivi"),
            (r"Travaux\r\nLot\t2\\nFin", "Travaux Lot 2 Fin"),
            (r"\nLot", "Lot"),
            (r"dossier C:\new\tools, (D:\temp)", r"dossier C:\new\tools, (D:\temp)"),
            (r"\\serveur\new et \\nLot", r"\\serveur\new et Lot"),
            (r"d\'eau, 3\4 \", r"d\'eau, 3\4 \"),
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
        fn never_panics(text in r"[<>&#;,a-zé0-9 /et\\:]{0,60}") {
            clean(&text);
        }
    }
}

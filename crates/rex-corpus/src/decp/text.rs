//! The words of an object, as they were before some editor's software took them for HTML.

use crate::check::NO_VALUE;

/// Elements whose marks part words.
const BREAKS: [&str; 6] = ["br", "p", "div", "li", "tr", "td"];

/// A text in one line, without the debris of HTML: tags, entities (`&#8211;`), and entities cut by another software
/// (`et#8211,` where `&` became `et` and `;` a comma).
pub(super) fn clean(text: &str) -> String {
    let text = without_tags(text);
    let text = decoded(&text);
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let text = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    // What a search selects the records without a value by can be no value.
    if text == NO_VALUE {
        "non renseigné".to_owned()
    } else {
        text
    }
}

/// Letters of the longest name, as [`crate::check`] has it.
const MAX_NAME: usize = 300;

/// A name, clean and no longer than a record takes it.
pub(super) fn clean_name(text: &str) -> String {
    clean(text).chars().take(MAX_NAME).collect()
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
    let once = decoded_once(text);
    if once.contains('&') { decoded_once(&once) } else { once }
}

fn decoded_once(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '#']) {
        let (before, mark) = rest.split_at(at);
        let entity = if mark.starts_with('&') {
            named(mark).or_else(|| numbered(&mark[1..], 1))
        } else {
            numbered(mark, 0)
        };
        match entity {
            Some((c, length)) => {
                // `det#8217,une`: the ampersand was written out.
                let before = if mark.starts_with('#') {
                    before.strip_suffix("et").unwrap_or(before)
                } else {
                    before
                };
                out.push_str(before);
                out.push(c);
                rest = &mark[length..];
            }
            None => {
                out.push_str(before);
                out.push_str(&mark[..1]);
                rest = &mark[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The entities met in published files.
fn named(text: &str) -> Option<(char, usize)> {
    const NAMED: [(&str, char); 16] = [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&apos;", '\''),
        ("&nbsp;", ' '),
        ("&euro;", '€'),
        ("&rsquo;", '’'),
        ("&lsquo;", '‘'),
        ("&eacute;", 'é'),
        ("&egrave;", 'è'),
        ("&agrave;", 'à'),
        ("&ecirc;", 'ê'),
        ("&ccedil;", 'ç'),
        ("&deg;", '°'),
        ("&oelig;", 'œ'),
    ];
    let found = NAMED.iter().find(|(entity, _)| text.starts_with(entity));
    found.map(|(entity, c)| (*c, entity.len()))
}

/// `#8217;`, its semicolon turned into a comma or lost: a number of three digits or more, as `lot #12` is no entity. The
/// length counts `skipped` bytes before it.
fn numbered(text: &str, skipped: usize) -> Option<(char, usize)> {
    let digits: &str = text.strip_prefix('#')?;
    let digits = &digits[..digits.bytes().take_while(u8::is_ascii_digit).count()];
    let least = if skipped > 0 { 2 } else { 3 };
    if !(least..=6).contains(&digits.len()) {
        return None;
    }
    let c = char::from_u32(digits.parse().ok()?).filter(|c| !c.is_control())?;
    let after = &text[1 + digits.len()..];
    let end = usize::from(after.starts_with([';', ',']));
    Some((c, skipped + 1 + digits.len() + end))
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
            proptest::prop_assert_eq!(crate::plain_text(&escaped(&text)), text);
        }

        #[test]
        fn never_panics(text in "[<>&#;,a-zé0-9 /et]{0,60}") {
            clean(&text);
        }
    }
}

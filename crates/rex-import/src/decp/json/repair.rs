//! Makes JSON of a record that is nearly JSON: what is wrong with a value costs that value, or that character.
//!
//! Only values are repaired. What is wrong with the structure (a missing colon or quote) stays, and the record is refused.

use encoding_rs::WINDOWS_1252;

use super::window::is_space;

/// Repairs reported of a record; the others are made too.
const MAX_REPAIRS: usize = 100;
/// Brackets within each other, as many as serde_json reads.
const MAX_DEPTH: usize = 128;

/// What was repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Repair {
    /// A value that is not JSON, such as `NaN` or `1e400`, is null.
    Value,
    /// A number in a form that JSON does not allow, such as `01`, is a text.
    Number,
    /// A byte that is not UTF-8 is read as Windows-1252.
    Windows1252,
    /// Half a surrogate pair, or the start of a character that is cut off, is U+FFFD.
    Character,
    /// A control character is kept.
    Control,
    /// The backslash of an escape that does not exist is kept.
    Escape,
}

/// The first repair of its kind in a field.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Repaired {
    pub(in super::super) repair: Repair,
    /// Keys from the record down, such as `lieuExecution.nom`.
    pub(in super::super) field: String,
    /// What was there.
    pub(in super::super) typed: String,
}

/// The repaired text of a record, and what was repaired.
pub(super) fn repaired(record: &[u8]) -> (Vec<u8>, Vec<Repaired>) {
    let mut pass = Pass::new(record.len());
    pass.run(record, usize::MAX);
    (pass.out, pass.repairs)
}

/// The position in a record that is at `position` in its repaired text.
pub(super) fn position_before_repair(record: &[u8], position: usize) -> usize {
    Pass::new(record.len()).run(record, position)
}

struct Pass {
    out: Vec<u8>,
    repairs: Vec<Repaired>,
    /// The open brackets: of an object its current key, of a list nothing.
    open: Vec<Option<String>>,
}

impl Pass {
    fn new(capacity: usize) -> Self {
        Self {
            out: Vec::with_capacity(capacity),
            repairs: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Repairs until the output has more than `until` bytes. Returns the number of bytes read.
    fn run(&mut self, record: &[u8], until: usize) -> usize {
        let mut at = 0;
        while at < record.len() {
            let rest = &record[at..];
            let length = match rest[0] {
                b'"' => self.string(rest),
                byte if is_space(byte) || matches!(byte, b',' | b':' | b'{' | b'}' | b'[' | b']') => {
                    if self.open.len() > MAX_DEPTH {
                        self.out.extend(rest);
                        return at;
                    }
                    match byte {
                        b'{' | b'[' => self.open.push(None),
                        b'}' | b']' => drop(self.open.pop()),
                        _ => {}
                    }
                    self.out.push(byte);
                    1
                }
                _ => self.bare(rest),
            };
            if self.out.len() > until {
                return at;
            }
            at += length;
        }
        at
    }

    /// A string with its quotes. Returns its length.
    fn string(&mut self, rest: &[u8]) -> usize {
        let mut end = 1;
        while end < rest.len() && rest[end] != b'"' {
            end += if rest[end] == b'\\' { 2 } else { 1 };
        }
        let inside = &rest[1..end.min(rest.len())];
        let mut text = Text::default();
        for chunk in inside.utf8_chunks() {
            text.valid(chunk.valid());
            text.invalid(chunk.invalid());
        }
        let next = rest
            .get(end + 1..)
            .and_then(|after| after.iter().find(|byte| !is_space(**byte)));
        if next == Some(&b':')
            && let Some(key) = self.open.last_mut()
        {
            const LONGEST: usize = 60;
            *key = Some(text.out.chars().take(LONGEST).collect());
        }
        for (repair, typed) in text.wrong {
            self.say(repair, typed);
        }
        self.out.push(b'"');
        self.out.extend(text.out.as_bytes());
        if end < rest.len() {
            self.out.push(b'"');
        }
        (end + 1).min(rest.len())
    }

    /// A value without quotes or brackets. Returns its length.
    fn bare(&mut self, rest: &[u8]) -> usize {
        let is_end = |byte: &u8| is_space(*byte) || matches!(byte, b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']');
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let token = &rest[..length];
        let is_json = matches!(token, b"true" | b"false" | b"null") || serde_json::from_slice::<f64>(token).is_ok();
        if is_json {
            self.out.extend(token);
            return length;
        }
        let text = String::from_utf8_lossy(token);
        let is_digits = token
            .iter()
            .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte));
        if is_digits && text.parse().is_ok_and(f64::is_finite) {
            self.out.push(b'"');
            self.out.extend(token);
            self.out.push(b'"');
            self.say(Repair::Number, text.into_owned());
        } else {
            self.out.extend(b"null");
            self.say(Repair::Value, text.into_owned());
        }
        length
    }

    fn say(&mut self, repair: Repair, typed: String) {
        if self.repairs.len() == MAX_REPAIRS {
            return;
        }
        let keys: Vec<&str> = self.open.iter().flatten().map(String::as_str).collect();
        let field = keys.join(".");
        let is_known = |known: &Repaired| known.repair == repair && known.field == field;
        if !self.repairs.iter().any(is_known) {
            self.repairs.push(Repaired { repair, field, typed });
        }
    }
}

/// The inside of a string, as JSON.
#[derive(Default)]
struct Text {
    out: String,
    /// The first of each kind.
    wrong: Vec<(Repair, String)>,
}

impl Text {
    fn wrong(&mut self, repair: Repair, typed: String) {
        if !self.wrong.iter().any(|(known, _)| *known == repair) {
            self.wrong.push((repair, typed));
        }
    }

    /// Reads bytes that are not UTF-8: one byte of Windows-1252, unless it is the first of a character that is cut off.
    fn invalid(&mut self, bytes: &[u8]) {
        match bytes {
            [] => {}
            [byte] if !matches!(byte, 0xc2 | 0xc3) && *byte >= 0x80 => {
                self.out.push_str(&WINDOWS_1252.decode_without_bom_handling(bytes).0);
                self.wrong(Repair::Windows1252, format!("octet {byte:02X}"));
            }
            [byte, ..] => {
                self.out.push('\u{fffd}');
                self.wrong(Repair::Character, format!("octet {byte:02X}"));
            }
        }
    }

    fn valid(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let length = match c {
                '\\' => self.escape(rest),
                c if c < ' ' => {
                    self.out.push_str(&format!("\\u{:04x}", u32::from(c)));
                    self.wrong(Repair::Control, format!("U+{:04X}", u32::from(c)));
                    1
                }
                c => {
                    self.out.push(c);
                    c.len_utf8()
                }
            };
            rest = &rest[length..];
        }
    }

    /// Reads an escape at the start of a text. Returns the length that was read.
    fn escape(&mut self, text: &str) -> usize {
        let pair = text.get(6..).and_then(code_unit);
        match (text.as_bytes().get(1), code_unit(text)) {
            (Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't'), _) => self.keep(text, 2),
            (Some(b'\''), _) => {
                self.out.push('\'');
                self.wrong(Repair::Escape, "\\'".to_owned());
                2
            }
            (_, Some(0xd800..=0xdbff)) if matches!(pair, Some(0xdc00..=0xdfff)) => self.keep(text, 12),
            (_, Some(0xd800..=0xdfff)) => {
                self.out.push('\u{fffd}');
                self.wrong(Repair::Character, text[..6].to_owned());
                6
            }
            (_, Some(_)) => self.keep(text, 6),
            _ => {
                self.out.push_str("\\\\");
                self.wrong(Repair::Escape, text.chars().take(2).collect());
                1
            }
        }
    }

    fn keep(&mut self, text: &str, length: usize) -> usize {
        self.out.push_str(&text[..length]);
        length
    }
}

/// The number of an escape `\u1234` at the start of a text.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

//! Finds where a JSON value ends, by its brackets and quotes only, so that the value can be read, repaired or passed over as a whole.

use std::io::{self, Read};

use super::window::{Window, is_space};

/// Maximum size of a record. Bounds the memory.
pub(super) const MAX_RECORD_BYTES: usize = 16 << 20;
/// Brackets within each other; deeper ones are not looked for. The reader of values allows 128.
const MAX_DEPTH: usize = 10_000;

/// How the value at a position ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Its length in bytes.
    Whole(usize),
    /// The length in bytes up to a bracket that closes one of the other kind, or to one nested too deeply.
    Mismatch(usize),
    /// Not within the maximum of a record.
    TooLong,
    /// The file ends before.
    Cut,
}

/// The extent of the value that starts at `from`. Reads as much of the file as it needs.
pub(super) fn extent<R: Read>(window: &mut Window<R>, from: usize) -> io::Result<Extent> {
    let mut scanner = Scanner::default();
    let mut at = from;
    loop {
        let bytes = &window.bytes()[at.min(window.bytes().len())..];
        match scanner.feed(bytes) {
            Scan::End(length) => return Ok(Extent::Whole(at - from + length)),
            Scan::Mismatch(length) => return Ok(Extent::Mismatch(at - from + length)),
            Scan::More => at += bytes.len(),
        }
        if at - from > MAX_RECORD_BYTES {
            return Ok(Extent::TooLong);
        }
        if !window.fill()? {
            return Ok(match scanner.is_bare {
                true => Extent::Whole(at - from),
                false => Extent::Cut,
            });
        }
    }
}

/// Consumes the value at the start of a window, of any size.
pub(super) fn skip<R: Read>(window: &mut Window<R>) -> io::Result<Extent> {
    let mut scanner = Scanner::default();
    loop {
        let length = window.bytes().len();
        let scan = scanner.feed(window.bytes());
        let (Scan::End(length) | Scan::Mismatch(length)) = scan else {
            window.consume(length);
            if !window.fill()? {
                return Ok(Extent::Cut);
            }
            continue;
        };
        window.consume(length);
        return Ok(match scan {
            Scan::End(_) => Extent::Whole(length),
            _ => Extent::Mismatch(length),
        });
    }
}

/// Where a value ends in the bytes that a scanner was fed last.
enum Scan {
    More,
    End(usize),
    Mismatch(usize),
}

/// Reads a value in parts.
#[derive(Default)]
struct Scanner {
    /// Closing brackets that are due.
    due: Vec<u8>,
    is_started: bool,
    is_string: bool,
    is_escaped: bool,
    /// Whether the value is neither in quotes nor in brackets.
    is_bare: bool,
}

impl Scanner {
    fn feed(&mut self, bytes: &[u8]) -> Scan {
        let mut at = 0;
        while at < bytes.len() {
            if self.is_string {
                at += self.string(&bytes[at..]);
                if !self.is_string && self.due.is_empty() {
                    return Scan::End(at);
                }
                continue;
            }
            let byte = bytes[at];
            if self.is_bare {
                if is_space(byte) || matches!(byte, b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']') {
                    return Scan::End(at);
                }
                at += 1;
                continue;
            }
            match byte {
                b'"' => self.is_string = true,
                b'{' | b'[' if self.due.len() == MAX_DEPTH => return Scan::Mismatch(at),
                b'{' => self.due.push(b'}'),
                b'[' => self.due.push(b']'),
                b'}' | b']' if self.due.last() != Some(&byte) => return Scan::Mismatch(at),
                b'}' | b']' => {
                    self.due.pop();
                    if self.due.is_empty() {
                        return Scan::End(at + 1);
                    }
                }
                _ => self.is_bare = !self.is_started,
            }
            self.is_started = true;
            at += 1;
        }
        Scan::More
    }

    /// Reads inside a string, up to its end. Returns the number of bytes read.
    fn string(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        if self.is_escaped && !bytes.is_empty() {
            self.is_escaped = false;
            at = 1;
        }
        while let Some(found) = bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\\')) {
            at += found + 1;
            if bytes[at - 1] == b'"' {
                self.is_string = false;
                return at;
            }
            if at == bytes.len() {
                self.is_escaped = true;
                return at;
            }
            at += 1;
        }
        bytes.len()
    }
}

/// Whether an object is a contract by its keys, and not a part of one.
pub(super) fn is_contract(object: &[u8]) -> bool {
    let (mut has_id, mut has_object) = (false, false);
    let mut depth = 0;
    let mut at = 0;
    while at < object.len() {
        match object[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let mut string = Scanner {
                    is_string: true,
                    ..Scanner::default()
                };
                let length = string.string(&object[at + 1..]);
                let text = &object[at + 1..at + length];
                at += length;
                let mut next = object[at + 1..].iter().filter(|byte| !is_space(**byte));
                if depth == 1 && next.next() == Some(&b':') {
                    let starts = |start: &[u8]| {
                        text.get(..start.len())
                            .is_some_and(|text| text.eq_ignore_ascii_case(start))
                    };
                    if starts(b"acheteur") || starts(b"idacheteur") || starts(b"autoriteConcedante") {
                        return true;
                    }
                    // A record of an API, around the contract.
                    let is_wrapper = matches!(
                        text,
                        b"fields" | b"properties" | b"record" | b"marche" | b"contrat-concession"
                    );
                    if is_wrapper && next.next() == Some(&b'{') {
                        return true;
                    }
                    // A contract in another standard.
                    if matches!(text, b"ocid" | b"awards" | b"idweb") {
                        return true;
                    }
                    has_id |= text == b"id";
                    has_object |= text == b"objet" || text.eq_ignore_ascii_case(b"objetmarche");
                }
            }
            _ => {}
        }
        at += 1;
    }
    has_id && has_object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_where_its_brackets_and_quotes_do() {
        for (text, expected) in [
            ("{\"a\": [1, \"]}\\\"\"]} x", Extent::Whole(18)),
            ("\"a\\\\\", 1", Extent::Whole(5)),
            ("NaN,", Extent::Whole(3)),
            ("12", Extent::Whole(2)),
            ("{\"a\": [1}", Extent::Mismatch(8)),
            ("]", Extent::Mismatch(0)),
            ("{\"a", Extent::Cut),
        ] {
            // One byte at a time, as a slow pipe gives it.
            let mut window = Window::new(text.as_bytes());
            assert_eq!(extent(&mut window, 0).unwrap(), expected, "{text}");
            let mut scanner = Scanner::default();
            let end = text
                .bytes()
                .enumerate()
                .find_map(|(at, byte)| match scanner.feed(&[byte]) {
                    Scan::More => None,
                    Scan::End(length) => Some(Extent::Whole(at + length)),
                    Scan::Mismatch(length) => Some(Extent::Mismatch(at + length)),
                });
            let at_end = if scanner.is_bare {
                Extent::Whole(text.len())
            } else {
                Extent::Cut
            };
            assert_eq!(end.unwrap_or(at_end), expected, "{text}");
        }
    }

    #[test]
    fn a_contract_is_known_by_its_own_keys() {
        assert!(is_contract(b"{\"acheteur\": {}}"));
        assert!(is_contract(b"{\"id\": 1, \"objet\" : \"x\"}"));
        assert!(!is_contract(b"{\"id\": 1, \"nom\": \"objet\"}"));
        assert!(!is_contract(b"{\"id\": 1, \"lieu\": {\"objet\": 1, \"acheteur\": 2}}"));
    }
}

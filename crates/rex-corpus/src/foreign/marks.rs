//! Marks of Obsidian inside a text: `%%comments%%`, `==highlights==` and `^blocks`.

use std::ops::Range;

use super::links::code;

/// A body without comments, highlights as bold text, and without the ids of blocks, code aside; and whether it had comments. `None` if it
/// has none of these. Comments are notes of the author, which are not published.
pub(crate) fn without_marks(body: &str) -> Option<(String, bool)> {
    if !["%%", "==", " ^"].iter().any(|mark| body.contains(mark)) {
        return None;
    }
    let comments = pairs(body, "%%", true);
    let without_comments = cut(body, &comments, |_| String::new());
    let highlights = pairs(&without_comments, "==", false);
    let text = cut(&without_comments, &highlights, |text| format!("**{text}**"));
    let mut plain = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = without_block_id(line);
        plain.push_str(line);
        plain.push_str(end);
    }
    (plain != body).then_some((plain, !comments.is_empty()))
}

/// The texts between two of a mark, with the marks. Only some marks span lines.
fn pairs(body: &str, mark: &str, spans_lines: bool) -> Vec<Range<usize>> {
    let code = code(body);
    let is_code = |at: usize| code.iter().any(|range| range.contains(&at));
    let mut pairs = Vec::new();
    let mut open: Option<usize> = None;
    for (at, _) in body.match_indices(mark) {
        if is_code(at) {
            continue;
        }
        let begun = open
            .take()
            .filter(|begun| spans_lines || !body[*begun..at].contains('\n'));
        match begun {
            Some(begun) if at > begun + mark.len() => pairs.push(begun..at + mark.len()),
            _ => open = Some(at),
        }
    }
    pairs
}

/// A text with other texts in place of some ranges, which begin and end with a mark of two bytes.
fn cut(text: &str, ranges: &[Range<usize>], replaced: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for range in ranges {
        out.push_str(&text[end..range.start]);
        out.push_str(&replaced(&text[range.start + 2..range.end - 2]));
        end = range.end;
    }
    out.push_str(&text[end..]);
    out
}

/// A line without ` ^id` at its end, and its line break.
fn without_block_id(line: &str) -> (&str, &str) {
    let text = line.trim_end();
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let before = text
        .rsplit_once(" ^")
        .filter(|(_, id)| is_id(id))
        .map(|(before, _)| before);
    before.map_or((line, ""), |before| (before, &line[text.len()..]))
}

#[cfg(test)]
mod tests {
    use super::without_marks;

    #[test]
    fn comments_are_left_out_and_marks_are_text() {
        for (body, expected) in [
            ("Un texte %%à vérifier%% court.", Some(("Un texte  court.", true))),
            ("%%\nNote\n\nprivée\n%%\nTexte", Some(("\nTexte", true))),
            ("Un ==mot== important", Some(("Un **mot** important", false))),
            ("Fin de bloc ^bloc-1", Some(("Fin de bloc", false))),
            ("`a == b` et 100 %% sûr", None),
            ("a == b\nc == d", None),
            ("```\n%%x%%\n```", None),
            ("2 ^ 3, x ^é", None),
        ] {
            let expected = expected.map(|(text, has_comments)| (text.to_owned(), has_comments));
            assert_eq!(without_marks(body), expected, "{body}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(body in "(%%|==| \\^|`|```\n|\n|\r\n|[a-zé 1-])*") {
            without_marks(&body);
        }
    }
}

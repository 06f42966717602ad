const FENCE: &str = "---";

/// The front matter of a file and the body below it.
///
/// # Errors
/// Why the file has no front matter.
pub(super) fn split(text: &str) -> Result<(&str, &str), &'static str> {
    if text.trim().is_empty() {
        return Err("the file is empty, expected front matter between two lines \"---\", then the text");
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(rest) = strip_fence(text) else {
        return Err("no front matter, expected a first line \"---\", the fields, and a closing line \"---\"");
    };
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        if let Some(body) = strip_fence(&rest[end..]) {
            return Ok((&rest[..end], body));
        }
        end += line.len();
    }
    Err("the front matter is not closed, expected a second line \"---\" after the fields")
}

fn strip_fence(text: &str) -> Option<&str> {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.trim_end() == FENCE).then_some(rest)
}

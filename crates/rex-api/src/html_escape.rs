//! HTML escaping.

use rex_query::Marked;

/// A marked text as escaped HTML, with marks as `<mark>` elements.
pub fn marked_html(marked: &Marked) -> String {
    let mut html = String::with_capacity(marked.text.len() + 16 * marked.marks.len());
    for (part, is_marked) in marked.parts() {
        if is_marked {
            html.push_str("<mark>");
            escape_into(part, &mut html);
            html.push_str("</mark>");
        } else {
            escape_into(part, &mut html);
        }
    }
    html
}

/// Appends a text, escaped for use in element content and quoted attributes.
pub fn escape_into(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marks_are_html() {
        let marked = Marked {
            text: "<script> & 'tri'".to_owned(),
            marks: vec![1..7, 12..15],
        };
        assert_eq!(
            marked_html(&marked),
            "&lt;<mark>script</mark>&gt; &amp; &#39;<mark>tri</mark>&#39;"
        );
    }
}

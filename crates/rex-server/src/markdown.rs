//! The text of a case as HTML. Its author is not trusted with the page: no raw HTML, no image, no script address.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd, html};

/// Renders Markdown; headings become those right below the title of a section.
pub(crate) fn to_html(markdown: &str) -> String {
    let mut links_kept = Vec::new();
    let events = Parser::new(markdown).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Heading {
            level: HeadingLevel::H3,
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Heading(HeadingLevel::H3))),
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            let is_kept = leads_out(dest_url);
            links_kept.push(is_kept);
            is_kept.then_some(event)
        }
        Event::End(TagEnd::Link) => links_kept.pop().unwrap_or(false).then_some(event),
        event => Some(event),
    });
    let mut rendered = String::new();
    html::push_html(&mut rendered, events);
    rendered
}

fn leads_out(address: &CowStr<'_>) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn keeps_the_text_and_its_shape() {
        assert_eq!(
            to_html("# A\n\nUn **mot**, [un lien](https://x.fr).\n\n- un"),
            "<h3>A</h3>\n<p>Un <strong>mot</strong>, <a href=\"https://x.fr\">un lien</a>.</p>\n<ul>\n<li>un</li>\n</ul>\n"
        );
    }

    #[test]
    fn nothing_of_it_runs() {
        let html = to_html(
            "<script>alert(1)</script>\n\na <b onclick=x>b</b> [c](javascript:alert(1)) ![d](https://x.fr/p.png)",
        );
        assert_eq!(
            html,
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;\n</p>\n<p>a &lt;b onclick=x&gt;b&lt;/b&gt; c d</p>\n"
        );
    }
}

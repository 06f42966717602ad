//! Markdown to HTML. The author is not trusted: no raw HTML, no images, no `javascript:` links.

use std::ops::Range;

use pulldown_cmark::{Alignment, CowStr, Event, HeadingLevel, Tag, TagEnd, html};
use rex_corpus::markdown_parser;
use rex_query::{Highlighter, Marked};

use crate::render::footnotes::with_notes_last;
use rex_api::html_escape::marked_html;

/// A wide table scrolls; `tabindex` makes it scrollable by keyboard.
const TABLE_START: &str = "<div class=\"table\" role=\"region\" aria-label=\"Tableau\" tabindex=\"0\">\n";
const TABLE_END: &str = "</div>\n";

/// Maximum nesting of quotes and lists; what is deeper is shown at that depth. Each level costs ten times the bytes of its marker.
const MAX_NESTING: usize = 16;
/// Maximum number of links to footnotes in a section; further references are shown as written. A link costs 20 times the bytes.
const MAX_NOTE_LINKS: usize = 1_000;

/// Renders the Markdown of a section. `section` makes the ids unique within a page; headings become `h3`.
pub(crate) fn to_html(markdown: &str, section: usize) -> String {
    rendered(events(markdown).collect(), section)
}

/// Renders with the matches of a highlighter in `<mark>`: in visible text only, never in an address.
pub(crate) fn to_marked_html(markdown: &str, section: usize, highlighter: &dyn Highlighter) -> String {
    let mut marked = Vec::new();
    let mut line = Vec::new();
    for event in events(markdown) {
        if is_within_line(&event) {
            line.push(event);
        } else {
            marked.extend(mark(std::mem::take(&mut line), highlighter));
            marked.push(event);
        }
    }
    marked.extend(mark(line, highlighter));
    rendered(marked, section)
}

fn rendered(events: Vec<Event<'_>>, section: usize) -> String {
    let mut rendered = String::new();
    html::push_html(&mut rendered, with_notes_last(events, section).into_iter());
    rendered
}

/// The parser events, without what is not allowed.
fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let mut links_kept = Vec::new();
    let mut nesting = 0;
    let mut note_links = 0;
    let allowed = markdown_parser(markdown).filter_map(move |event| match event {
        Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Item) => {
            nesting += 1;
            (nesting <= MAX_NESTING).then_some(event)
        }
        Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item) => {
            nesting -= 1;
            (nesting < MAX_NESTING).then_some(event)
        }
        Event::FootnoteReference(label) => {
            note_links += 1;
            Some(match note_links {
                ..=MAX_NOTE_LINKS => Event::FootnoteReference(label),
                _ => Event::Text(format!("[^{label}]").into()),
            })
        }
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
    allowed
        .flat_map(|event| match event {
            Event::Start(Tag::Table(columns)) => {
                // Column alignment would be a `style` attribute, which the content security policy blocks.
                let columns = vec![Alignment::None; columns.len()];
                [
                    Some(Event::Html(TABLE_START.into())),
                    Some(Event::Start(Tag::Table(columns))),
                ]
            }
            Event::End(TagEnd::Table) => [Some(event), Some(Event::Html(TABLE_END.into()))],
            event => [Some(event), None],
        })
        .flatten()
}

fn leads_out(address: &CowStr<'_>) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
}

/// Whether the text before and after may form one phrase, or one word split by emphasis or a line end.
fn is_within_line(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Text(_)
            | Event::Code(_)
            | Event::SoftBreak
            | Event::FootnoteReference(_)
            | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. })
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link)
    )
}

/// Highlights the joined text of some events, and splits the marks among them.
fn mark<'a>(events: Vec<Event<'a>>, highlighter: &dyn Highlighter) -> Vec<Event<'a>> {
    let mut line = String::new();
    let mut places = Vec::with_capacity(events.len());
    for event in &events {
        let start = line.len();
        match event {
            Event::Text(text) | Event::Code(text) => line.push_str(text),
            // Distinct from a space: a word may be hyphenated at the line end.
            Event::SoftBreak => line.push('\n'),
            _ => {}
        }
        places.push(start..line.len());
    }
    let marks = highlighter.highlight(&line).marks;
    if marks.is_empty() {
        return events;
    }
    let marked = events.into_iter().zip(places).map(|(event, place)| {
        let marks = within(&marks, &place);
        match event {
            Event::Text(text) if !marks.is_empty() => Event::InlineHtml(marked_text(&text, marks).into()),
            Event::Code(text) if !marks.is_empty() => {
                Event::InlineHtml(format!("<code>{}</code>", marked_text(&text, marks)).into())
            }
            event => event,
        }
    });
    marked.collect()
}

fn marked_text(text: &str, marks: Vec<Range<usize>>) -> String {
    marked_html(&Marked {
        text: text.to_owned(),
        marks,
    })
}

/// The parts of sorted marks within a range, relative to its start.
fn within(marks: &[Range<usize>], place: &Range<usize>) -> Vec<Range<usize>> {
    let first = marks.partition_point(|mark| mark.end <= place.start);
    let within = marks[first..].iter().take_while(|mark| mark.start < place.end);
    let shares = within.map(|mark| mark.start.max(place.start) - place.start..mark.end.min(place.end) - place.start);
    shares.filter(|share| !share.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use rex_indexer::IndexWriter;
    use rex_query::SearchBackend;
    use rex_search::Engine;
    use tantivy::directory::RamDirectory;

    use super::*;

    fn marked(query: &str, markdown: &str) -> String {
        let directory = RamDirectory::create();
        IndexWriter::create(directory.clone()).unwrap().finish().unwrap();
        let engine = Engine::open(directory, "g-test").unwrap();
        to_marked_html(markdown, 1, &*engine.highlighter(query).unwrap())
    }

    #[test]
    fn keeps_the_text_and_its_shape() {
        assert_eq!(
            to_html("# A\n\nUn **mot**, [un lien](https://x.fr).\n\n- un", 1),
            "<h3>A</h3>\n<p>Un <strong>mot</strong>, <a href=\"https://x.fr\">un lien</a>.</p>\n<ul>\n<li>un</li>\n</ul>\n"
        );
    }

    #[test]
    fn nothing_of_it_runs() {
        let hostile =
            "<script>alert(1)</script>\n\na <b onclick=x>b</b> [c](javascript:alert(1)) ![d](https://x.fr/p.png)";
        let html = to_html(hostile, 1);
        assert_eq!(
            html,
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;\n</p>\n<p>a &lt;b onclick=x&gt;b&lt;/b&gt; c d</p>\n"
        );
        assert_eq!(
            marked("script onclick alert", hostile),
            "<p>&lt;<mark>script</mark>&gt;<mark>alert</mark>(1)&lt;/<mark>script</mark>&gt;\n</p>\n\
             <p>a &lt;b <mark>onclick</mark>=x&gt;b&lt;/b&gt; c d</p>\n"
        );
    }

    #[test]
    fn a_page_is_in_proportion_to_its_text() {
        const TEXT: usize = 1 << 20;
        for unit in [
            "> ",
            "- ",
            "1. ",
            "> - ",
            "[^a]",
            "[^a]\n\n[^a]:b\n\n",
            "**a** ",
            "#\n",
            "&",
            "|a",
            "|a\n|-\n",
            "`a`",
            "<b>",
            "[a](http://b) ",
        ] {
            let html = to_html(&unit.repeat(TEXT / unit.len()), 1);
            assert!(html.len() <= 8 * TEXT, "{} bytes of {unit:?}", html.len());
        }
        let quoted = to_html(&format!("{}mot", "> ".repeat(TEXT / 2 - 2)), 1);
        assert!(
            quoted.contains("<p>mot</p>") && quoted.len() < 1_000,
            "{} bytes",
            quoted.len()
        );
        let nested = to_html("- un\n  - deux\n    > trois", 1);
        assert_eq!(nested.matches("<li>").count(), 2);
        assert_eq!(
            nested.matches("</ul>").count() + nested.matches("</blockquote>").count(),
            3
        );
        // 16 levels are a quote and an item in turn.
        let deep = to_html(&format!("{}mot", "> - ".repeat(30)), 1);
        assert_eq!(
            deep.matches("<blockquote>").count(),
            deep.matches("</blockquote>").count()
        );
        assert_eq!(deep.matches("<li>").count(), deep.matches("</li>").count());
    }

    #[test]
    fn a_table_is_a_table() {
        let table = "| Lot | Montant |\n|:--|--:|\n| <b>Tri</b> | 10 € |";
        assert_eq!(
            to_html(table, 1),
            "<div class=\"table\" role=\"region\" aria-label=\"Tableau\" tabindex=\"0\">\n<table><thead><tr><th>Lot</th><th>Montant</th></tr></thead>\
             <tbody>\n<tr><td>&lt;b&gt;Tri&lt;/b&gt;</td><td>10 €</td></tr>\n</tbody></table>\n</div>\n"
        );
        assert!(marked("montant", table).contains("<th><mark>Montant</mark></th>"));
    }

    #[test]
    fn a_footnote_is_a_footnote() {
        let text = "Un mot[^<b>].\n\n[^<b>]: Le *tri*.\n\n[^x]: Seule.";
        assert_eq!(
            marked("tri", text),
            "<p>Un mot<sup class=\"note\"><a id=\"appel-1-1\" href=\"#note-1-1\" aria-label=\"Note 1\">1</a></sup>.</p>\n\
             <ol class=\"notes\">\n<li id=\"note-1-1\">\n<p>Le <em><mark>tri</mark></em>. \
             <a href=\"#appel-1-1\" aria-label=\"Retour à l'appel de la note 1\">↩</a></p>\n</li>\n\
             <li id=\"note-1-2\">\n<p>Seule.</p>\n</li>\n</ol>\n"
        );
        // A phrase matches across a footnote reference. Notes are numbered in order of reference and link back to the first
        // one.
        let html = marked(
            "\"marché réservé\"",
            "un marché[^a] réservé[^b], et[^a]\n\n[^b]: B[^c].\n[^c]: C.\n[^a]: A.",
        );
        let call = |number: usize, id: &str| {
            format!(
                "<sup class=\"note\"><a {id}href=\"#note-1-{number}\" aria-label=\"Note {number}\">{number}</a></sup>"
            )
        };
        let (first, again) = (call(1, "id=\"appel-1-1\" "), call(1, ""));
        let second = call(2, "id=\"appel-1-2\" ");
        let expected = format!("<p>un <mark>marché</mark>{first} <mark>réservé</mark>{second}, et{again}</p>");
        assert!(html.starts_with(&expected), "{html}");
        let places: Vec<_> = ["A.", "B<sup", "C."].iter().map(|note| html.find(note)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{html}");
    }

    #[test]
    fn marks_what_is_read_and_no_address() {
        assert_eq!(
            marked(
                "tri",
                "Le [tri](https://tri.fr/tri \"tri\") & `tri <b>` ; <https://tri.fr>"
            ),
            "<p>Le <a href=\"https://tri.fr/tri\" title=\"tri\"><mark>tri</mark></a> &amp; \
             <code><mark>tri</mark> &lt;b&gt;</code> ; <a href=\"https://tri.fr\">https://<mark>tri</mark>.fr</a></p>\n"
        );
        assert_eq!(
            marked("déchets", "# Déchets\n\n- un dechet\n- rien\n\n```\ndéchets\n```"),
            "<h3><mark>Déchets</mark></h3>\n<ul>\n<li>un <mark>dechet</mark></li>\n<li>rien</li>\n</ul>\n\
             <pre><code><mark>déchets</mark>\n</code></pre>\n"
        );
        let plain = "Un **mot**, [un lien](https://x.fr) & `code`.\n\n- un";
        assert_eq!(marked("tri", plain), to_html(plain, 1));
        assert_eq!(marked("", plain), to_html(plain, 1));
    }

    #[test]
    fn a_phrase_goes_on_over_emphasis_and_lines() {
        assert_eq!(
            marked("\"marché réservé\"", "un marché\n**réservé**, un marché\n\nréservé"),
            "<p>un <mark>marché</mark>\n<strong><mark>réservé</mark></strong>, un marché</p>\n<p>réservé</p>\n"
        );
        assert_eq!(
            marked("insertion", "*inser*tion"),
            "<p><em><mark>inser</mark></em><mark>tion</mark></p>\n"
        );
    }
}

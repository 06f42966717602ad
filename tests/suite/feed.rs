//! Atom feeds of a search.

use rex_tests::{Server, Site};
use roxmltree::{Document, Node};
use serde_json::json;

const ATOM: &str = "http://www.w3.org/2005/Atom";

fn feed(server: &Server, parameters: &str) -> String {
    let answer = server.get(&format!("/v1/feed.atom?{parameters}"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
    answer.body
}

fn text<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    let child = node.children().find(|child| child.has_tag_name((ATOM, name)));
    child.and_then(|child| child.text()).unwrap_or_default()
}

fn entries<'a, 'input>(feed: &'a Document<'input>) -> Vec<Node<'a, 'input>> {
    feed.root_element()
        .children()
        .filter(|child| child.has_tag_name((ATOM, "entry")))
        .collect()
}

#[test]
fn a_feed_has_what_readers_need() {
    let site = Site::shipped();
    let server = site.serve();
    let xml = feed(&server, "theme=insertion&q=cartons&facettes=cpv");
    let feed = Document::parse(&xml).expect("well-formed XML");
    let root = feed.root_element();
    assert!(root.has_tag_name((ATOM, "feed")));
    let address = server.url("/v1/feed.atom?q=cartons&theme=insertion");
    assert_eq!(text(root, "id"), address);
    assert_eq!(text(root, "title"), "cartons : Rex");
    let link = |kind: &str| {
        let links = root.children().filter(|child| child.has_tag_name((ATOM, "link")));
        let mut of_kind = links.filter(|link| link.attribute("rel") == Some(kind));
        of_kind
            .next()
            .and_then(|link| link.attribute("href"))
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(link("self"), address);
    assert!(link("alternate").starts_with(&server.url("/recherche?q=cartons&theme=insertion")));
    let entries = entries(&feed);
    assert_eq!(entries.len(), 1);
    let page = server.url("/cas/toulouse-ramassage-cartons");
    assert_eq!(text(entries[0], "id"), page);
    assert!(text(entries[0], "summary").contains("Toulouse Métropole · Greenburo"));
    // The title names the booklet, whose URL is not known.
    let author = |node: Node<'_, '_>| {
        node.children()
            .find(|child| child.has_tag_name((ATOM, "author")))
            .is_some()
    };
    assert!(author(root) && !author(entries[0]), "{xml}");
    let summary = text(entries[0], "summary");
    let origin = "D'après ESS France, Marchés publics\u{a0}: succès d'entreprises de l'ESS et de collectivités en action, p.\u{a0}6.";
    assert!(summary.replace(" :", "\u{a0}:").ends_with(origin), "{summary}");
    for node in [root, entries[0]] {
        let updated = text(node, "updated");
        assert!(updated.starts_with("20") && updated.ends_with('Z'), "{updated}");
    }
    assert_eq!(server.get(&page[server.url("").len()..]).status, 200);
}

#[test]
fn the_newest_come_first_unless_another_order_is_asked_for() {
    let site = Site::empty();
    let lines: Vec<String> = (1..=80)
        .map(|rank| json!({"id": format!("m{rank}"), "titre": "Tri", "date": format!("{}", 1_920 + rank)}).to_string())
        .collect();
    site.write("corpus/m.jsonl", lines.join("\n"));
    let server = site.serve();
    let xml = feed(&server, "");
    let newest = Document::parse(&xml).expect("well-formed XML");
    assert_eq!(entries(&newest).len(), 50);
    assert_eq!(text(entries(&newest)[0], "updated"), "2000-01-01T00:00:00Z");
    let xml = feed(&server, "tri=date&par_page=3&page=2");
    let oldest = Document::parse(&xml).expect("well-formed XML");
    let years: Vec<&str> = entries(&oldest)
        .into_iter()
        .map(|entry| &text(entry, "updated")[..4])
        .collect();
    assert_eq!(years, ["1924", "1925", "1926"]);
}

#[test]
fn hostile_text_stays_text() {
    let site = Site::empty();
    let record = json!({
        "id": "a", "titre": "<script>alert(1)</script>\t& ]]> \u{8}\u{202e}\u{fffe}\u{ffff}", "themes": ["\"><x>"],
        "sections": [{"titre": "T", "texte": "<b>&amp;"}],
    });
    site.write("corpus/m.jsonl", record.to_string());
    let server = site.serve();
    let xml = feed(&server, "q=%3Cscript%3E");
    let feed = Document::parse(&xml).expect("well-formed XML");
    let entries = entries(&feed);
    assert!(
        text(entries[0], "title").starts_with("<script>alert(1)</script> & ]]>"),
        "{xml}"
    );
    assert!(entries[0].children().all(|child| !child.has_tag_name("script")));
}

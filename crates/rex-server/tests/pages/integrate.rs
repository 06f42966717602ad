//! The page that builds the widget snippet.

use rex_server::{Site, widget_integrity};
use serde_json::json;

use crate::page as get;

/// The text between two others.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before}"));
    rest.split_once(after).unwrap().0
}

/// The snippet as a reader sees it.
fn snippet(page: &str) -> String {
    between(between(page, "<pre id=\"snippet\"", "</pre>"), "<code>", "</code>")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#38;", "&")
}

#[tokio::test]
async fn the_code_to_copy_is_there_without_any_script() {
    let (page, policy) = get(&[], Site::default(), "/integrer").await;
    assert_eq!(
        snippet(&page),
        "<script type=\"module\" src=\"http://rex.fr/rex-search.js\"></script>\n\
         <rex-search src=\"http://rex.fr\">\n  \
           <form action=\"http://rex.fr/recherche\">\n    \
             <label>Rechercher un cas <input name=\"q\" type=\"search\"></label> <button>Rechercher</button>\n  \
           </form>\n\
         </rex-search>"
    );
    // The form of this page itself stays on its own server.
    assert!(page.contains("<rex-search id=\"preview\">\n  <form action=\"/recherche\">"));
    assert!(
        page.contains("data-attribute=\"look\"") && between(&page, "<form id=\"reglages\"", ">").ends_with(" hidden")
    );
    assert!(policy.contains("script-src 'self'; connect-src 'self'; style-src 'self'"));
    assert!(
        !page.contains(" style=") && !page.contains("<style"),
        "a style within the page"
    );
}

#[tokio::test]
async fn the_code_to_copy_names_the_public_address() {
    let site = Site {
        url: Some("https://cas.example.org/rex".to_owned()),
        ..Site::default()
    };
    let (page, _) = get(&[], site, "/integrer").await;
    let snippet = snippet(&page);
    for expected in [
        "src=\"https://cas.example.org/rex/rex-search.js\"",
        "src=\"https://cas.example.org/rex\"",
        "action=\"https://cas.example.org/rex/recherche\"",
    ] {
        assert!(snippet.contains(expected), "{expected} in {snippet}");
    }
    assert!(page.contains("<link rel=\"canonical\" href=\"https://cas.example.org/rex/integrer\">"));
    assert!(page.contains("script-src 'self' https://cas.example.org/rex; connect-src"));
}

#[tokio::test]
async fn the_integrity_shown_is_that_of_the_script() {
    let (page, _) = get(&[], Site::default(), "/integrer").await;
    assert_eq!(between(&page, "data-integrity=\"", "\""), widget_integrity());
    assert!(page.contains(&format!("integrity=\"{}\"</code>", widget_integrity())));
}

#[tokio::test]
async fn values_are_proposed_as_the_api_takes_them() {
    let records = [
        json!({"id": "a", "titre": "Tri", "type": "marche", "montant_ht": 5, "cpv": "75231240", "procedure": "Procédure adaptée",
               "territoire": ["Occitanie", "Haute-Garonne"]}),
        json!({"id": "b", "titre": "Tri", "territoire": ["Occitanie", "\"><script>alert(1)</script>"], "themes": ["</datalist><img src=x>"]}),
    ];
    let (page, _) = get(&records, Site::default(), "/integrer").await;
    let options = |facet: &str| between(&page, &format!("<datalist id=\"values-{facet}\">"), "</datalist>");
    assert!(options("territoire").contains("<option value=\"Occitanie\">\n"));
    assert!(options("territoire").contains("<option value=\"Occitanie &#62; Haute-Garonne\">"));
    assert!(options("type").contains("<option value=\"marche\" label=\"Marché public\">"));
    assert!(
        options("cpv").contains("label=\"75231240-8 Services de réinsertion\""),
        "{}",
        options("cpv")
    );
    // Numeric facets have too many values to propose.
    assert!(
        !page.contains("values-montant")
            && page.contains("<input type=\"checkbox\" name=\"facets\" value=\"montant\" checked>")
    );
    // Corpus values are escaped.
    assert!(!page.contains("<script>alert") && !page.contains("<img"), "{page}");
    assert!(
        options("territoire").contains("Occitanie &#62; &#34;&#62;&#60;script&#62;"),
        "{}",
        options("territoire")
    );
    assert!(
        options("theme").contains("value=\"&#60;/datalist&#62;&#60;img src=x&#62;\""),
        "{}",
        options("theme")
    );
}

#[tokio::test]
async fn the_page_is_linked_and_its_script_is_served() {
    let (home, _) = get(&[], Site::default(), "/").await;
    assert!(home.contains("<a href=\"/integrer\">Intégrer</a>"));
    let (page, _) = get(&[], Site::default(), "/integrer").await;
    let address = between(&page, "<script type=\"module\" src=\"/assets/integrate.js", "\"");
    let (script, _) = get(&[], Site::default(), &format!("/assets/integrate.js{address}")).await;
    // The snippet exists once, in the page: the script edits that text.
    assert!(script.contains("const plain = snippet.textContent") && !script.contains("/rex-search.js"));
}

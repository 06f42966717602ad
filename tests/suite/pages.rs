//! The HTML pages: complete without JavaScript, and safe with hostile cases.

use rex_tests::Site;

const HOSTILE: &str = "---
titre: \"<script>alert(1)</script>\"
acheteur: {nom: \"<img src=x onerror=alert(2)>\"}
titulaires: [{nom: \"\\\"><svg onload=alert(3)>\", structure: \"<b>\"}]
themes: [\"'><script>alert(4)</script>\"]
territoire: [\"<i Nord\"]
source: {titre: \"<u>S</u>\", url: \"https://example.org/?a=1&b=<c>\"}
---
<script>alert(5)</script>

## <script>alert(6)</script>

Un *texte* <script>alert(7)</script> et [un lien](javascript:alert(8)).
";

#[test]
fn what_a_case_holds_shows_as_text_everywhere() {
    let site = Site::shipped();
    site.write("corpus/hostile.md", HOSTILE);
    let server = site.serve();
    for path in [
        "/",
        "/recherche?q=script",
        "/recherche?q=alert+onerror",
        "/cas/hostile",
        "/recherche?theme=%27%3E%3Cscript%3E",
        "/cas/hostile?q=%3Cscript%3E",
    ] {
        let body = server.get(path).body;
        for forbidden in [
            "<script>",
            "<img",
            "<svg onload",
            "<b>",
            "<i Nord",
            "<u>",
            "javascript:",
            "onload=alert(3)>\"",
            "?a=1&b=<",
        ] {
            assert!(!body.contains(forbidden), "{forbidden} in {path}: {body}");
        }
    }
    let answer = server.search("q=script");
    assert_eq!(
        answer["hits"][0]["highlights"]["title"],
        "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;"
    );
    let snippet = answer["hits"][0]["snippets"][0]["html"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(snippet.starts_with("&lt;<mark>script</mark>&gt;alert(5)"), "{snippet}");
    let printed = site.run(&["search", "script"]).stdout();
    assert!(printed.contains("<script>alert(1)</script>"), "{printed}");
}

#[test]
fn the_search_page_is_a_form_with_everything_in_it() {
    let site = Site::shipped();
    let server = site.serve();
    let body = server
        .get("/recherche?q=insertion&procedure=Proc%C3%A9dure%20adapt%C3%A9e&montant=..200000")
        .body;
    for expected in [
        "<form id=\"recherche\" class=\"search\" action=\"/recherche\" role=\"search\">",
        "<mark>insertion</mark>",
        "name=\"procedure\" value=\"Procédure adaptée\" checked",
        "name=\"procedure\" value=\"Marché réservé\">",
        "name=\"montant\" value=\"..200000\" checked",
        "href=\"/recherche?q=insertion&#38;montant=..200000\"",
        "<option value=\"pertinence\" selected>",
        "/cas/mtsamboro-guichet-bancaire-bambou?q=insertion",
    ] {
        assert!(body.contains(expected), "{expected} in {body}");
    }
}

#[test]
fn a_page_without_result_says_what_to_do() {
    let site = Site::shipped();
    let server = site.serve();
    let body = server.get("/recherche?q=licorne&nature=travaux").body;
    for expected in [
        "Aucun cas ne correspond",
        "href=\"/recherche?q=licorne\"",
        "href=\"/recherche\"",
    ] {
        assert!(body.contains(expected), "{expected} in {body}");
    }
    let body = server.get("/recherche?page=9&par_page=2").body;
    assert!(
        body.contains("au-delà du dernier résultat") && body.contains("href=\"/recherche?par_page=2&#38;page=3\""),
        "{body}"
    );
}

#[test]
fn a_case_page_has_its_figures_its_text_and_its_source() {
    let site = Site::shipped();
    let body = site.serve().get("/cas/mtsamboro-guichet-bancaire-bambou?q=bambou").body;
    for expected in [
        "href=\"/recherche?q=bambou\"",
        "<dt>Acheteur</dt>",
        "127\u{202f}721\u{a0}€ HT",
        "3\u{a0}lots, dont 1\u{a0}réservé",
        "<h2>Ce que le marché a permis</h2>",
        "en action, ESS France, p.\u{a0}8",
    ] {
        assert!(body.contains(expected), "{expected} in {body}");
    }
    let cited = "», Rex, d&#39;après ESS France, <cite>Marchés publics";
    assert!(body.contains(cited), "{body}");
    let (_, source) = body.split_once("<h2>Source</h2>").expect("a source");
    let (source, _) = source.split_once("</footer>").expect("the end of the source");
    assert!(!source.contains("href"), "a link to no page of the booklet: {source}");
}

#[test]
fn every_page_is_guarded() {
    let site = Site::shipped();
    let server = site.serve();
    let answer = server.get("/");
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'"),
        "{policy}"
    );
    let body = answer.body;
    assert!(
        !body.contains("style=") && !body.contains("<style"),
        "the policy would drop it"
    );
}

#[test]
fn comments_are_published_nowhere_and_tables_and_footnotes_are_shown() {
    let site = Site::empty();
    site.write(
        "corpus/halle.md",
        "---\ntitre: Halle\n---\n<!-- brouillon\n\n## confidentiel -->\n## Marché\n\nUn montant[^1] connu <!-- brouillon -->.\n\n\
         | Lot | Montant |\n|---|--:|\n| Toiture | 40 000 € |\n\n## Suite\n\nFin.\n\n[^1]: Hors avenants.\n",
    );
    site.write(
        "corpus/b.jsonl",
        "{\"id\":\"b\",\"titre\":\"Halle\",\"sections\":[{\"titre\":\"\",\"texte\":\"Vu <!-- brouillon --> ici\"}]}\n",
    );
    let server = site.serve();
    for path in [
        "/cas/halle",
        "/v1/cases/halle",
        "/v1/cases/b",
        "/v1/cases/b/similar",
        "/v1/search?q=halle",
        "/v1/search?q=montant",
        "/v1/export.csv",
        "/v1/feed.atom",
        "/recherche",
        "/indexes/rex/search",
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}");
        let told = answer.body.contains("brouillon") || answer.body.contains("confidentiel");
        assert!(!told && !answer.body.contains("!--"), "{path}: {}", answer.body);
    }
    for (query, total) in [("confidentiel", 0), ("toiture", 1), ("avenants", 1)] {
        assert_eq!(server.search(&format!("q={query}"))["total"], total, "{query}");
    }
    let page = server.get("/cas/halle").body;
    for expected in [
        "<table><thead><tr><th>Lot</th><th>Montant</th></tr></thead>",
        "href=\"#note-1-1\"",
        "<li id=\"note-1-1\">\n<p>Hors avenants. <a href=\"#appel-1-1\"",
    ] {
        assert!(page.contains(expected), "{expected} in {page}");
    }
}

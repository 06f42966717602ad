//! Facet values recognised in a query, and how they become filters.

use rex_tests::{Server, Site};
use serde_json::Value;

const BRETON: &str = "---
titre: Collecte du papier de bureau
procedure: Procédure adaptée
territoire: [Bretagne, Finistère]
montant_ht: 38000
date: 2023-06-01
---
Un marché d'insertion.
";

/// The chips of a search: text, facet, value.
fn chips(server: &Server, parameters: &str) -> Vec<[String; 3]> {
    let answer = server.search(parameters);
    let chips = answer["suggestions"]["chips"].as_array().expect("chips").clone();
    let part = |chip: &Value, name: &str| chip[name].as_str().unwrap_or_default().to_owned();
    let parts = |chip: &Value| ["text", "facet", "value"].map(|name| part(chip, name));
    chips.iter().map(parts).collect()
}

#[test]
fn a_query_tells_its_filters() {
    let site = Site::shipped();
    site.write("corpus/breton.md", BRETON);
    let server = site.serve();
    let query = "q=insertion+d%C3%A9chets+Bretagne+%3C+40%C2%A0k%E2%82%AC+MAPA+2023";
    assert_eq!(
        chips(&server, query),
        [
            ["Bretagne", "territoire", "Bretagne"],
            ["< 40\u{a0}k€", "montant", "..40000"],
            ["MAPA", "procedure", "Procédure adaptée"],
            ["2023", "annee", "2023"],
        ]
    );
    let narrowed = format!("{query}&territoire=Bretagne&montant=..40000&annee=2023");
    assert_eq!(
        chips(&server, &narrowed),
        [["MAPA", "procedure", "Procédure adaptée"]],
        "what is a filter already is not proposed"
    );
    for (text, facet, value) in [
        ("752+312+408", "cpv", "75231240"),
        ("dans+le+31", "territoire", "Occitanie > Haute-Garonne"),
        ("mayotte", "territoire", "Mayotte"),
        ("12+mois", "duree", "12..12"),
        ("entre+127721+et+127721,50+%E2%82%AC", "montant", "127721..127721.50"),
        ("SIAE", "reserve", "SIAE"),
        ("march%C3%A9+de+travaux", "nature", "travaux"),
    ] {
        let found = chips(&server, &format!("q={text}"));
        assert_eq!((found[0][1].as_str(), found[0][2].as_str()), (facet, value), "{text}");
        let filter = format!("{facet}={}", value.replace(' ', "%20").replace('>', "%3E"));
        assert!(
            server.search(&filter)["total"].as_u64().is_some_and(|total| total > 0),
            "{filter}"
        );
    }
    for nothing in ["q=%22Bretagne%22+-MAPA", "q=Alsace+2022", "q=75231240-9", "q="] {
        assert_eq!(chips(&server, nothing), [] as [[String; 3]; 0], "{nothing}");
    }
}

#[test]
fn a_chip_of_the_page_adds_its_filter_and_takes_its_words_away() {
    let site = Site::shipped();
    let server = site.serve();
    let body = server
        .get("/recherche?q=insertion+Occitanie++d%C3%A9chets&nature=services&page=1")
        .body;
    let link =
        "href=\"/recherche?q=insertion%20d%C3%A9chets&#38;nature=services&#38;territoire=Occitanie\">Filtrer\u{a0}: ";
    assert!(body.contains(&link.replace('\u{a0}', "&nbsp;")), "{body}");
    let body = server
        .get("/recherche?q=insertion+d%C3%A9chets&territoire=Occitanie")
        .body;
    assert!(!body.contains("class=\"chips\""), "{body}");
    let body = server.get("/recherche?q=12+mois").body;
    assert!(
        body.contains("href=\"/recherche?duree=12..12\"") && body.contains("12\u{a0}mois</a>"),
        "{body}"
    );
}

#[test]
fn the_command_line_names_the_filters() {
    let printed = Site::shipped().run(&["search", "insertion MAPA dans le 31"]).stdout();
    let expected = "Could be filters: procedure=\"Procédure adaptée\", territoire=\"Occitanie > Haute-Garonne\"";
    assert!(printed.contains(expected), "{printed}");
}

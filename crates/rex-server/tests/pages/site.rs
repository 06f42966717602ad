//! Site settings and hostile corpus values in pages: theme, head, text, citation and sitemap.

use axum::http::StatusCode;
use axum::response::Response;
use rex_server::{FooterLink, Logo, Site, Theme};
use serde_json::{Value, json};

use crate::{header, text};

const HOSTILE: &str = "</script><script>alert(1)</script> \"x\" 'y' & <!-- z";

fn records() -> [Value; 4] {
    [
        json!({
            "id": "cartons", "titre": "Ramassage des cartons d'un marché", "date": "2023-05-01", "themes": ["déchets", "insertion"],
            "cpv": "75231240", "territoire": ["Occitanie", "Haute-Garonne", "Toulouse Métropole"],
            "acheteur": {"nom": "Toulouse Métropole"},
            "source": {"titre": "Marchés publics", "editeur": "ESS France", "url": "https://ess.example/?a=1&b=2", "page": 6},
            "sections": [
                {"titre": "Présentation du marché", "texte": "Les **cartons** du\ncentre, [cartons](https://cartons.example/cartons)."},
                {"titre": "Ce que le marché a permis", "texte": "Des emplois."},
            ],
        }),
        json!({
            "id": "é&-<'>\"", "titre": HOSTILE, "themes": [HOSTILE], "territoire": [HOSTILE], "acheteur": {"nom": HOSTILE},
            "source": {"titre": HOSTILE, "editeur": HOSTILE, "url": "https://x.example/</script>"},
            "sections": [{"titre": HOSTILE, "texte": HOSTILE}],
        }),
        json!({"id": "nu", "titre": "Sans rien"}),
        json!({"id": "faits", "titre": "Sans texte", "date": "2021", "acheteur": {"nom": "Lyon"}, "montant_ht": 200000}),
    ]
}

async fn ask(site: Site, path: &str) -> Response {
    crate::ask(&records(), site, path).await
}

async fn get(path: &str) -> String {
    text(ask(Site::default(), path).await).await
}

fn linked_data(page: &str) -> Value {
    let data = page.split("<script type=\"application/ld+json\">").nth(1).unwrap();
    serde_json::from_str(data.split("</script>").next().unwrap()).unwrap()
}

#[tokio::test]
async fn pages_look_as_their_publisher_says() {
    let site = Site {
        name: "CRESS \"Sud\" & <Est>".to_owned(),
        logo: Some(Logo::new("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()).unwrap()),
        theme: Theme::Dsfr,
        accents: Theme::Dsfr.accents(Some("#7a0c3b"), None).unwrap(),
        footer: FooterLink::list([("<Mentions>".to_owned(), "https://a.example/?b=\"c\"&d".to_owned())]).unwrap(),
        ..Site::default()
    };
    for path in ["/", "/recherche?q=tri", "/cas/cartons", "/v1/docs"] {
        let page = text(ask(site.clone(), path).await).await;
        assert!(page.contains("<body class=\"rex dsfr\">"), "{path}");
        let picture = page.split("<a href=\"/\"><img src=\"").nth(1).unwrap();
        let (address, rest) = picture.split_once('"').unwrap();
        assert!(
            rest.starts_with(" alt=\"CRESS &#34;Sud&#34; &#38; &#60;Est&#62;\">"),
            "{rest:.80}"
        );
        assert!(page.contains("<a href=\"https://a.example/?b=&#34;c&#34;&#38;d\">&#60;Mentions&#62;</a>"));
        assert!(!page.contains("og:image"), "an SVG is none");

        let logo = ask(site.clone(), address).await;
        assert_eq!(header(&logo, "content-type"), "image/svg+xml");
        assert_eq!(header(&logo, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(
            header(&logo, "content-security-policy"),
            "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        );
        assert_eq!(header(&logo, "x-content-type-options"), "nosniff");

        let style = page.split("href=\"/assets/site.css?v=").nth(1).unwrap();
        let style = ask(
            site.clone(),
            &format!("/assets/site.css?v={}", style.split('"').next().unwrap()),
        )
        .await;
        assert_eq!(header(&style, "content-type"), "text/css; charset=utf-8");
        assert!(
            text(style)
                .await
                .starts_with(":root { --rex-accent: light-dark(#7a0c3b, #")
        );
    }
}

#[tokio::test]
async fn a_picture_stands_for_the_page_elsewhere() {
    let site = Site {
        logo: Some(Logo::new("logo.png", b"\x89PNG\r\n\x1a\n".to_vec()).unwrap()),
        ..Site::default()
    };
    let page = text(ask(site.clone(), "/cas/nu").await).await;
    assert!(page.contains("<meta property=\"og:image\" content=\"http://rex.fr/logo?v="));
    let logo = ask(site, "/logo").await;
    assert_eq!(header(&logo, "content-type"), "image/png");
    assert!(header(&logo, "content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
}

#[tokio::test]
async fn nothing_is_asked_for_that_the_publisher_did_not_give() {
    let page = get("/").await;
    assert!(page.contains("<body class=\"rex\">") && page.contains("<a href=\"/\">Rex</a>"));
    assert!(!page.contains("site.css") && !page.contains("/logo"));
    for path in ["/logo", "/assets/site.css"] {
        assert_eq!(
            ask(Site::default(), path).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_head_says_what_a_page_is() {
    let page = get("/cas/cartons?q=carton").await;
    for line in [
        "<meta name=\"description\" content=\"Les cartons du centre, cartons.\">",
        "<meta property=\"og:title\" content=\"Ramassage des cartons d&#39;un marché\">",
        "<meta property=\"og:description\" content=\"Les cartons du centre, cartons.\">",
        "<meta property=\"og:type\" content=\"article\">",
        "<meta property=\"og:site_name\" content=\"Rex\">",
        "<meta property=\"og:locale\" content=\"fr_FR\">",
        "<meta property=\"og:url\" content=\"http://rex.fr/cas/cartons\">",
        "<link rel=\"canonical\" href=\"http://rex.fr/cas/cartons\">",
        "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Rex\" href=\"/v1/feed.atom\">",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    let description = async |path: &str| {
        let page = get(path).await;
        let rest = page.split("<meta name=\"description\" content=\"").nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    assert_eq!(description("/cas/faits").await, "Lyon · 200\u{202f}000\u{a0}€ HT");
    assert_eq!(description("/cas/nu").await, description("/").await);
    let search = get("/recherche?q=cartons&theme=d%C3%A9chets&tri=titre").await;
    let feed = "/v1/feed.atom?q=cartons&#38;theme=d%C3%A9chets";
    assert!(search.contains(&format!("href=\"{feed}\">")), "{search}");
    assert!(get(&feed.replace("&#38;", "&")).await.contains("<title>Ramassage"));
    assert!(
        get("/v1/docs")
            .await
            .contains("<link rel=\"canonical\" href=\"http://rex.fr/v1/docs\">")
    );
    for path in ["/", "/recherche?q=x"] {
        let page = get(path).await;
        assert!(page.contains("<meta property=\"og:type\" content=\"website\">"));
        assert!(page.contains("<meta property=\"og:url\" content=\"http://rex.fr/"));
    }
}

#[tokio::test]
async fn words_that_were_searched_for_are_marked_in_the_case() {
    let page = get("/cas/cartons?q=carton+-papier").await;
    assert!(
        page.contains("<h1>Ramassage des <mark>cartons</mark> d&#39;un marché</h1>"),
        "{page}"
    );
    assert!(
        page.contains(
            "Les <strong><mark>cartons</mark></strong> du\ncentre, <a href=\"https://cartons.example/cartons\"><mark>cartons</mark></a>."
        ),
        "{page}"
    );
    assert!(page.contains("<title>Ramassage des cartons d&#39;un marché · Rex</title>"));
    for unmarked in [
        "/cas/cartons",
        "/cas/cartons?theme=insertion",
        "/cas/cartons?q=+",
        "/cas/cartons?page=x&q=carton",
    ] {
        assert!(!get(unmarked).await.contains("<mark>"), "{unmarked}");
    }
}

#[tokio::test]
async fn a_case_is_data_for_search_engines() {
    let data = linked_data(&get("/cas/cartons").await);
    assert_eq!(
        data,
        json!({
            "@context": "https://schema.org", "@type": "Article", "headline": "Ramassage des cartons d'un marché",
            "description": "Les cartons du centre, cartons.", "inLanguage": "fr",
            "url": "http://rex.fr/cas/cartons", "mainEntityOfPage": "http://rex.fr/cas/cartons",
            "author": {"@type": "Organization", "name": "Rex"},
            "publisher": {"@type": "Organization", "name": "Rex"},
            "about": [{"@type": "Thing", "name": "déchets"}, {"@type": "Thing", "name": "insertion"},
                      {"@type": "Thing", "name": "Services de réinsertion"}],
            "temporalCoverage": "2023-05-01",
            "spatialCoverage": {"@type": "Place", "name": "Toulouse Métropole", "containedInPlace":
                {"@type": "Place", "name": "Haute-Garonne", "containedInPlace": {"@type": "Place", "name": "Occitanie"}}},
            "isBasedOn": {"@type": "CreativeWork", "name": "Marchés publics", "url": "https://ess.example/?a=1&b=2",
                          "publisher": {"@type": "Organization", "name": "ESS France"}, "pagination": "6"},
        })
    );
    let bare = linked_data(&get("/cas/nu").await);
    assert_eq!(bare["publisher"]["name"], "Rex");
    for absent in [
        "about",
        "temporalCoverage",
        "spatialCoverage",
        "isBasedOn",
        "datePublished",
    ] {
        assert!(bare.get(absent).is_none(), "{absent}");
    }
}

#[tokio::test]
async fn a_case_can_be_cited() {
    let page = get("/cas/cartons").await;
    assert!(
        page.contains(
            "<blockquote id=\"citation\">«\u{a0}Ramassage des cartons d&#39;un marché\u{a0}», Rex, d&#39;après ESS France, \
             <cite>Marchés publics</cite>, p.\u{a0}6, marché notifié le 1er\u{a0}mai 2023. http://rex.fr/cas/cartons</blockquote>"
        ),
        "{page}"
    );
    assert!(page.contains("<button type=\"button\" class=\"quiet\" hidden data-copy=\"citation\">"));
    assert!(page.contains("<span role=\"status\"></span>"));
    assert!(
        get("/cas/faits")
            .await
            .contains("«\u{a0}Sans texte\u{a0}», Rex, marché notifié en 2021. http://rex.fr/cas/faits<")
    );
    let response = ask(Site::default(), "/cas/cartons").await;
    let policy = header(&response, "content-security-policy").to_owned();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'; ") && !policy.contains("unsafe"),
        "{policy}"
    );
    let script = page.split("<script type=\"module\" src=\"").nth(1).unwrap();
    let script = ask(Site::default(), script.split('"').next().unwrap()).await;
    assert_eq!(header(&script, "content-type"), "text/javascript; charset=utf-8");
}

#[tokio::test]
async fn a_hostile_case_is_text() {
    let address = "/cas/%C3%A9%26-%3C%27%3E%22";
    for path in [address.to_owned(), format!("{address}?q=script+alert+x")] {
        let page = get(&path).await;
        assert_eq!(page.matches("<script").count(), 2, "its own and the data: {page}");
        assert_eq!(page.matches("</script>").count(), 2);
        assert!(!page.contains("<!--"));
        let data = linked_data(&page);
        assert_eq!(data["headline"], HOSTILE);
        assert_eq!(data["spatialCoverage"]["name"], HOSTILE);
        assert_eq!(data["isBasedOn"]["url"], "https://x.example/</script>");
        assert_eq!(data["url"], format!("http://rex.fr{address}"));
        let meta = page.split("<meta property=\"og:title\" content=\"").nth(1).unwrap();
        assert!(
            meta.starts_with(
                "&#60;/script&#62;&#60;script&#62;alert(1)&#60;/script&#62; &#34;x&#34; &#39;y&#39; &#38; "
            )
        );
    }
}

#[tokio::test]
async fn the_sitemap_has_every_case() {
    let response = ask(Site::default(), "/sitemap.xml").await;
    assert_eq!(header(&response, "content-type"), "application/xml; charset=utf-8");
    let xml = text(response).await;
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert_eq!(
        document.root_element().tag_name().namespace(),
        Some("http://www.sitemaps.org/schemas/sitemap/0.9")
    );
    let places = document.descendants().filter(|node| node.tag_name().name() == "loc");
    let mut addresses: Vec<&str> = places.map(|node| node.text().unwrap()).collect();
    addresses.sort_unstable();
    assert_eq!(
        addresses,
        [
            "http://rex.fr/",
            "http://rex.fr/cas/%C3%A9%26-%3C%27%3E%22",
            "http://rex.fr/cas/cartons",
            "http://rex.fr/cas/faits",
            "http://rex.fr/cas/nu",
        ]
    );
    for address in addresses {
        let response = ask(Site::default(), address.strip_prefix("http://rex.fr").unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK, "{address}");
    }
    for path in ["/sitemap-1.xml", "/sitemap-x.xml", "/sitemap-"] {
        assert_eq!(
            ask(Site::default(), path).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn robots_txt_excludes_results_and_the_api() {
    let site = Site {
        url: Some("https://rex.example.org".to_owned()),
        ..Site::default()
    };
    let response = ask(site, "/robots.txt").await;
    assert_eq!(header(&response, "content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        text(response).await,
        "User-agent: *\nDisallow: /v1/\nDisallow: /recherche?\nAllow: /\n\nSitemap: https://rex.example.org/sitemap.xml\n"
    );
}

//! Facets and filters on the shipped cases.

use rex_tests::{Site, ids, values};

fn named(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

#[test]
fn the_facts_of_the_booklet_are_all_there() {
    let site = Site::shipped();
    let answer = site.serve().search("");
    assert_eq!(answer["total"], 5);
    assert_eq!(
        values(&answer, "procedure"),
        named(&[("Procédure adaptée", 3), ("Marché réservé", 2)])
    );
    assert_eq!(
        values(&answer, "reserve"),
        named(&[("SIAE", 2), ("EA", 1), ("ESAT", 1), ("ESS", 1)])
    );
    assert_eq!(answer["facets"]["reserve"]["missing"], 2);
    assert_eq!(values(&answer, "nature"), named(&[("services", 4), ("travaux", 1)]));
    let leaves: Vec<_> = values(&answer, "territoire")
        .into_iter()
        .filter(|(path, _)| path.matches(" > ").count() == 2)
        .collect();
    assert_eq!(
        leaves,
        named(&[
            ("Auvergne-Rhône-Alpes > Rhône > Métropole de Lyon", 1),
            ("Île-de-France > Paris > Ville de Paris", 1),
            ("Mayotte > Mayotte > Mtsamboro", 1),
            ("Occitanie > Haute-Garonne > Toulouse Métropole", 1),
            ("Pays de la Loire > Maine-et-Loire > Département de Maine-et-Loire", 1),
        ])
    );
    assert_eq!(answer["facets"]["cpv"]["missing"], 1);
    let codes = values(&answer, "cpv");
    for (code, count) in [("75231240", 2), ("72810000", 1), ("85300000", 1), ("75000000", 2)] {
        assert!(codes.contains(&(code.to_owned(), count)), "{code} in {codes:?}");
    }
    let range = |facet: &str| {
        (
            answer["facets"][facet]["min"].clone(),
            answer["facets"][facet]["max"].clone(),
        )
    };
    assert_eq!(range("montant"), (127_721.into(), 1_590_000.into()));
    assert_eq!(range("duree"), (3.into(), 36.into()));
    let months: Vec<_> = answer["facets"]["duree"]["buckets"]
        .as_array()
        .expect("buckets")
        .iter()
        .map(|bucket| bucket["count"].clone())
        .collect();
    assert_eq!(months, [1, 0, 2, 1, 1, 0]);
}

#[test]
fn a_facet_is_counted_without_its_own_filter() {
    let site = Site::shipped();
    let answer = site.serve().search("procedure=Proc%C3%A9dure+adapt%C3%A9e");
    assert_eq!(answer["total"], 3);
    assert_eq!(
        values(&answer, "procedure"),
        named(&[("Procédure adaptée", 3), ("Marché réservé", 2)])
    );
    let regions: Vec<_> = values(&answer, "territoire")
        .into_iter()
        .filter(|(path, _)| !path.contains(" > "))
        .collect();
    assert_eq!(
        regions,
        named(&[("Mayotte", 1), ("Occitanie", 1), ("Pays de la Loire", 1)])
    );
    let selected = answer["facets"]["procedure"]["values"].as_array().expect("values");
    assert_eq!(
        (&selected[0]["selected"], &selected[1]["selected"]),
        (&true.into(), &false.into())
    );
}

#[test]
fn a_filter_finds_its_value_however_it_is_written() {
    let site = Site::shipped();
    let server = site.serve();
    for (facet, typed, value, total) in [
        ("territoire", "haute-garonne", "Occitanie > Haute-Garonne", 1),
        ("territoire", "OCCITANIE", "Occitanie", 1),
        ("territoire", "31", "Occitanie > Haute-Garonne", 1),
        (
            "territoire",
            "toulouse metropole",
            "Occitanie > Haute-Garonne > Toulouse Métropole",
            1,
        ),
        ("procedure", "MAPA", "Procédure adaptée", 3),
        ("procedure", "marches reserves", "Marché réservé", 2),
        ("nature", "Service", "services", 4),
        ("reserve", "entreprise adaptée", "EA", 1),
        ("cpv", "75231240-8", "75231240", 2),
        ("cpv", "75", "75000000", 2),
        ("theme", "DECHET", "déchets", 1),
        ("theme", "Non renseigné", "non-renseigne", 0),
        ("acheteur", "toulouse métropole", "Toulouse Métropole", 1),
        ("acheteur", "SNCF", "SNCF", 0),
        ("procedure", "Dialogue compétitif", "Dialogue compétitif", 0),
    ] {
        let parameters = format!("{facet}={}", typed.replace(' ', "+"));
        let answer = server.search(&parameters);
        assert_eq!(
            answer["query"]["filters"][facet],
            serde_json::json!([value]),
            "{parameters}"
        );
        assert_eq!(answer["total"], total, "{parameters}");
        let ran = site.run(&["search", "", "--json", "-f", &format!("{facet}={typed}")]);
        let said: serde_json::Value = serde_json::from_str(&ran.stdout()).expect("JSON");
        assert_eq!(
            (&said["total"], &said["query"]),
            (&answer["total"], &answer["query"]),
            "{parameters}"
        );
    }
    for path in ["/v1/export.csv", "/v1/feed.atom", "/recherche"] {
        let answer = server.get(&format!("{path}?territoire=haute-garonne"));
        assert!(answer.body.contains("Ramassage des cartons"), "{path}");
        assert!(!answer.body.contains("Bambou"), "{path}");
    }
    let values = server.get("/v1/facets/acheteur?territoire=31").json();
    assert_eq!(values["total"], 1);
    let page = server.get("/recherche?q=tri&procedure=&montant=&theme=&page=");
    assert_eq!(page.status, 200);
}

#[test]
fn filters_narrow_to_the_right_cases() {
    let site = Site::shipped();
    let server = site.serve();
    let (toulouse, lyon, maine) = (
        "toulouse-ramassage-cartons",
        "lyon-reemploi-materiel-numerique",
        "maine-et-loire-remplacements-colleges",
    );
    for (parameters, expected) in [
        ("territoire=Occitanie", vec![toulouse]),
        ("territoire=Occitanie+%3E+Haute-Garonne", vec![toulouse]),
        ("territoire=Gers", vec![]),
        ("montant=150000..400000&tri=-montant", vec![toulouse, lyon, maine]),
        ("montant=200000..200000", vec![lyon]),
        ("montant=..200000&procedure=March%C3%A9+r%C3%A9serv%C3%A9", vec![lyon]),
        ("duree=24..&tri=duree&reserve=EA&reserve=ESAT", vec![lyon]),
        ("cpv=75000000&tri=-montant", vec![toulouse, maine]),
        ("cpv=75231240-8&montant=300000..", vec![toulouse]),
        ("cpv=non-renseigne", vec!["mtsamboro-guichet-bancaire-bambou"]),
        ("structure=Coop%C3%A9rative", vec![toulouse]),
        // Legal form and status, each by any of its names.
        ("structure=SIAE&tri=-montant", vec![lyon, maine]),
        ("structure=association+intermediaire", vec![maine]),
        ("structure=AI", vec![maine]),
        (
            "structure=Structure+d%27insertion+par+l%27activit%C3%A9+%C3%A9conomique&tri=-montant",
            vec![lyon, maine],
        ),
        (
            "structure=Association&tri=-montant",
            vec![
                "paris-precarite-energetique",
                maine,
                "mtsamboro-guichet-bancaire-bambou",
            ],
        ),
        (
            "theme=insertion&theme=logement&nature=travaux",
            vec!["mtsamboro-guichet-bancaire-bambou"],
        ),
    ] {
        assert_eq!(ids(&server.search(parameters)), expected, "{parameters}");
    }
    assert_eq!(server.search("montant=..200000")["total"], 3);
}

#[test]
fn facets_are_counted_on_request() {
    let site = Site::shipped();
    let server = site.serve();
    assert_eq!(server.search("facettes=")["facets"], serde_json::json!({}));
    let answer = server.search("facettes=nature,procedure");
    let names: Vec<_> = answer["facets"].as_object().expect("facets").keys().cloned().collect();
    assert_eq!(names, ["nature", "procedure"]);
}

#[test]
fn several_structures_of_a_holder_are_given_back_as_they_are_written() {
    let site = Site::empty();
    let holders =
        serde_json::json!([{"nom": "N", "structure": ["SCIC", "EI"]}, {"nom": "O", "structure": "Association"}]);
    let record = serde_json::json!({"id": "a", "titre": "A", "titulaires": holders});
    site.write("corpus/a.jsonl", record.to_string());
    site.write(
        "corpus/b.md",
        "---\ntitre: B\ntitulaires: [{nom: P, structure: [Association, ACI]}]\n---\n\n## S\n\nTexte.\n",
    );
    let ran = site.run(&["check"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    let server = site.serve();
    let case = server.get("/v1/cases/a").json();
    assert_eq!(case["titulaires"][0]["structure"], serde_json::json!(["SCIC", "EI"]));
    assert_eq!(case["titulaires"][1]["structure"], "Association");
    let answer = server.search("facettes=structure");
    let expected = named(&[
        ("Association", 2),
        ("SIAE", 2),
        ("Atelier et chantier d'insertion", 1),
        ("Coopérative", 1),
        ("Entreprise d'insertion", 1),
        ("SCIC", 1),
    ]);
    assert_eq!(values(&answer, "structure"), expected);
    let table = server.get("/v1/export.csv?tri=titre").body;
    assert!(table.contains(";SCIC, EI | Association;"), "{table}");
    let page = server.get("/cas/b").body;
    assert!(page.contains("P (association, ACI)"), "{page}");
    // Other words for a value still match.
    assert_eq!(ids(&server.search("q=EI"))[0], "a");
}

//! Search among the values of a facet, and truncated lists of values.

use rex_tests::{Server, Site, values};
use serde_json::{Value, json};

/// A corpus with more values than an answer lists: buyers of 40 communes, two each.
fn many() -> Site {
    let site = Site::empty();
    let lines: Vec<String> = (0..80)
        .map(|rank| {
            let record = json!({
                "id": format!("m{rank:02}"),
                "titre": if rank < 10 { "Tri des déchets" } else { "Entretien de voirie" },
                "acheteur": {"nom": format!("Commune de L'Étang {:02}", rank % 40)},
                "cpv": if rank % 2 == 0 { "90911200" } else { "75231240" },
                "territoire": ["Occitanie", if rank % 2 == 0 { "Gers" } else { "Haute-Garonne" }],
                "montant_ht": 1_000 * (rank + 1),
            });
            record.to_string()
        })
        .collect();
    site.write("corpus/m.jsonl", lines.join("\n"));
    site
}

/// The paths and counts found.
fn found(server: &Server, address: &str) -> Vec<(String, u64)> {
    let answer = server.get(address);
    assert_eq!(answer.status, 200, "{address}: {}", answer.body);
    let answer = answer.json();
    let values = answer["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    let pair = |value: &Value| {
        let path = value["path"].as_str().unwrap_or_default();
        (path.to_owned(), value["count"].as_u64().unwrap_or_default())
    };
    values.iter().map(pair).collect()
}

#[test]
fn a_value_is_found_by_any_part_of_it_as_it_is_typed() {
    let site = Site::shipped();
    let server = site.serve();
    let one = |path: &str, count: u64| vec![(path.to_owned(), count)];
    for (address, expected) in [
        ("/v1/facets/acheteur?q=TOULOUSE", one("Toulouse Métropole", 1)),
        ("/v1/facets/acheteur?q=metropole+toul", one("Toulouse Métropole", 1)),
        ("/v1/facets/acheteur?q=ouse", one("Toulouse Métropole", 1)),
        ("/v1/facets/acheteur?q=tolouse", one("Toulouse Métropole", 1)),
        ("/v1/facets/procedure?q=adaptee", one("Procédure adaptée", 3)),
        ("/v1/facets/procedure?q=reservee", one("Marché réservé", 2)),
        ("/v1/facets/territoire?q=garone", one("Occitanie > Haute-Garonne", 1)),
        ("/v1/facets/cpv?q=reinsertion", one("75231240", 2)),
        ("/v1/facets/theme?q=zzz", Vec::new()),
    ] {
        assert_eq!(found(&server, address), expected, "{address}");
    }
    let answer = server.get("/v1/facets/cpv?q=r%C3%A9inser").json();
    assert_eq!(
        answer["values"][0]["label_html"],
        "Services de <mark>réinser</mark>tion"
    );
}

#[test]
fn counts_are_those_of_the_current_search() {
    let site = Site::shipped();
    let server = site.serve();
    for search in [
        "",
        "q=insertion",
        "q=insertion&montant=..200000",
        "nature=travaux",
        "theme=insertion&q=cartons",
    ] {
        let answer = server.search(search);
        let asked = search.replace("q=", "recherche=");
        for facet in ["theme", "territoire", "cpv", "acheteur"] {
            let address = format!("/v1/facets/{facet}?maxi=1000&{asked}");
            let mut expected = values(&answer, facet);
            let mut found = found(&server, &address);
            expected.sort();
            found.sort();
            assert_eq!(found, expected, "{address}");
        }
    }
}

#[test]
fn the_values_that_are_not_listed_are_one_call_away() {
    let site = many();
    let server = site.serve();
    let answer = server.search("maxi=5&facettes=acheteur,cpv");
    assert_eq!(values(&answer, "acheteur").len(), 5);
    assert_eq!(answer["facets"]["acheteur"]["total_values"], 40);
    assert_eq!(values(&answer, "cpv").len(), 5);

    let page = |page: u32| server.get(&format!("/v1/facets/acheteur?maxi=15&page={page}")).json();
    let mut all: Vec<String> = Vec::new();
    for number in 1..=3 {
        let answer = page(number);
        assert_eq!((&answer["total"], &answer["pages"]), (&40.into(), &3.into()));
        let values = answer["values"].as_array().map(Vec::as_slice).unwrap_or_default();
        all.extend(
            values
                .iter()
                .filter_map(|value| value["path"].as_str())
                .map(str::to_owned),
        );
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 40);
    assert_eq!(page(4)["values"], json!([]));
    assert_eq!(found(&server, "/v1/facets/acheteur?q=letang+07").len(), 1);
}

#[test]
fn what_is_selected_is_listed_whatever_its_count() {
    let site = many();
    let server = site.serve();
    let selected = "acheteur=Commune+de+L%27%C3%89tang+39&acheteur=Personne";
    let answer = server.search(&format!("q=tri&maxi=2&{selected}"));
    let listed = values(&answer, "acheteur");
    for name in ["Commune de L'Étang 39", "Personne"] {
        assert!(listed.contains(&(name.to_owned(), 0)), "{name} in {listed:?}");
    }
    let answer = server
        .get(&format!("/v1/facets/acheteur?recherche=tri&q=person&{selected}"))
        .json();
    assert_eq!(
        answer["values"][0],
        json!({"value": "Personne", "path": "Personne", "html": "<mark>Person</mark>ne", "count": 0, "selected": true})
    );
    // The other départements of the région of a selected one are still listed.
    let answer = server.search("territoire=Occitanie+%3E+Gers");
    let paths = values(&answer, "territoire");
    assert!(
        paths.contains(&("Occitanie > Haute-Garonne".to_owned(), 40)),
        "{paths:?}"
    );
}

#[test]
fn a_range_is_drawn_between_its_least_and_its_most() {
    let site = many();
    let answer = site.serve().search("facettes=montant,duree&montant=..4000");
    let montant = &answer["facets"]["montant"];
    assert_eq!((&montant["min"], &montant["max"]), (&1_000.into(), &80_000.into()));
    let bars = montant["histogram"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(bars[0], json!({"from": 1000, "to": 1600, "count": 1}));
    assert_eq!(bars[bars.len() - 1], json!({"from": 63000, "to": 100_000, "count": 18}));
    let counted: u64 = bars.iter().filter_map(|bar| bar["count"].as_u64()).sum();
    assert_eq!(counted, 80, "a facet is counted under every filter but its own");
    assert_eq!(answer["facets"]["duree"]["histogram"], json!([]));
    assert_eq!(answer["facets"]["duree"]["missing"], 4);
}

#[test]
fn a_wrong_name_is_told_the_nearest() {
    let site = Site::shipped();
    let server = site.serve();
    for (address, status, detail) in [
        (
            "/v1/facets/teme",
            404,
            "\"teme\" is not a facet, the nearest is \"theme\"",
        ),
        (
            "/v1/facets/montant?q=4",
            404,
            "\"montant\" has numbers, not values to look among; /v1/search counts them by buckets",
        ),
        (
            "/v1/facets/theme?par_page=4",
            400,
            "unknown parameter \"par_page\", expected one of: type, nature, procedure, reserve, considerations, territoire, cpv, \
             acheteur, titulaire, structure, theme, annee, montant, duree, q, recherche, matching, page, maxi",
        ),
        (
            "/v1/facets/theme?themes=x",
            400,
            "unknown parameter \"themes\", the nearest is \"theme\"",
        ),
        (
            "/v1/facets/theme?maxi=0",
            400,
            "maxi: \"0\" is out of bounds, expected a whole number, 1 to 1000",
        ),
        (
            "/v1/search?tri=-montan",
            400,
            "tri: \"-montan\" is not an order, the nearest is \"-montant\"",
        ),
        (
            "/v1/search?facettes=theme,procedur",
            400,
            "facettes: \"procedur\" is not a facet, the nearest is \"procedure\"",
        ),
        (
            "/v1/search?procedur=x",
            400,
            "unknown parameter \"procedur\", the nearest is \"procedure\"",
        ),
        (
            "/v1/export.csv?maxy=3",
            400,
            "unknown parameter \"maxy\", the nearest is \"maxi\"",
        ),
    ] {
        let answer = server.get(address);
        assert_eq!(
            (answer.status, answer.json()["detail"].as_str()),
            (status, Some(detail)),
            "{address}"
        );
    }
}

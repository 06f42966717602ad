//! The CSV export.

use rex_tests::{Server, Site, ids};
use serde_json::json;

/// The rows of an export, headings first.
fn rows(server: &Server, parameters: &str) -> Vec<Vec<String>> {
    let answer = server.get(&format!("/v1/export.csv?{parameters}"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"rex.csv\"");
    let table = answer.body.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_reader(table.as_bytes());
    let row = |row: csv::Result<csv::StringRecord>| row.expect("a row").iter().map(str::to_owned).collect();
    reader.records().map(row).collect()
}

#[test]
fn a_row_holds_the_facts_of_a_case() {
    let site = Site::shipped();
    let server = site.serve();
    let rows = rows(&server, "q=cartons");
    assert_eq!(rows.len(), 2);
    let cell = |name: &str| {
        let column = rows[0].iter().position(|heading| heading == name).expect("a column");
        rows[1][column].as_str()
    };
    for (heading, expected) in [
        ("id", "toulouse-ramassage-cartons"),
        ("acheteur", "Toulouse Métropole"),
        ("titulaires", "Greenburo"),
        ("structures", "Coopérative"),
        ("procedure", "Procédure adaptée"),
        ("cpv", "75231240-8"),
        ("cpv_libelle", "Services de réinsertion"),
        ("montant_ht", "350000"),
        ("duree_mois", "12"),
        ("territoire", "Occitanie > Haute-Garonne > Toulouse Métropole"),
        ("themes", "déchets | insertion | collecte des cartons"),
        ("acheteur_siret", ""),
        ("page", &server.url("/cas/toulouse-ramassage-cartons")),
    ] {
        assert_eq!(cell(heading), expected, "{heading}");
    }
}

#[test]
fn a_table_has_every_hit_in_the_order_of_the_search() {
    let site = Site::empty();
    let lines: Vec<String> = (0..1_234)
        .map(|rank| json!({"id": format!("m{rank:04}"), "titre": "Tri", "montant_ht": (rank * 7) % 1_234}).to_string())
        .collect();
    site.write("corpus/m.jsonl", lines.join("\n"));
    let server = site.serve();
    let all = rows(&server, "q=tri&tri=-montant");
    assert_eq!(all.len(), 1 + 1_234);
    let amounts: Vec<u32> = all[1..].iter().map(|row| row[16].parse().expect("an amount")).collect();
    assert!(amounts.is_sorted_by(|a, b| a > b));
    // One page of it is that page of the search.
    let page = rows(&server, "q=tri&tri=-montant&page=3&par_page=20");
    let answer = server.search("q=tri&tri=-montant&page=3&par_page=20");
    let exported: Vec<&str> = page[1..].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(exported, ids(&answer));
    assert_eq!(rows(&server, "q=introuvable").len(), 1);
    assert_eq!(server.get("/v1/export.csv?tri=prix").status, 400);
}

#[test]
fn nothing_in_a_table_is_run_or_breaks_it() {
    let site = Site::empty();
    let record = json!({
        "id": "a", "titre": "=HYPERLINK(\"http://x\";\"y\")", "acheteur": {"nom": "+33 ; \"Ville\"", "siret": "21310555400017"},
        "titulaires": [{"nom": "-2+3"}, {"nom": "B"}], "themes": ["@SUM(A1)", "b"], "montant_ht": 12.5, "date": "2023-05-01",
    });
    site.write("corpus/m.jsonl", record.to_string());
    let rows = rows(&site.serve(), "");
    let cells: Vec<&str> = rows[1].iter().map(String::as_str).collect();
    assert_eq!(cells[2], "'=HYPERLINK(\"http://x\";\"y\")");
    assert_eq!(cells[3], "'+33 ; \"Ville\"");
    assert_eq!(cells[4], "213 105 554 00017");
    assert_eq!(cells[5], "'-2+3 | B");
    assert_eq!(cells[6], "");
    assert_eq!(cells[16], "12,50");
    assert_eq!(cells[19], "'@SUM(A1) | b");
    assert_eq!(cells[20], "2023-05-01");
}

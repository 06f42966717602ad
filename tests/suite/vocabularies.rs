//! `sources` and `cpv` of rex.toml.

use std::path::Path;

use rex_tests::spreadsheet::{ods_of, xlsx_of};
use rex_tests::{Site, ids, shared, values};

const LIST: &str = "\u{feff}CODE,FR\n\
    90910000-9,Services de nettoyage\n\
    90911200-8,Services de nettoyage de bâtiments\n\
    77310000-6,Réalisation et entretien d'espaces verts\n";

/// Three contracts: one contains "nettoyage", one has it only in its CPV label, one not at all.
const CONTRACTS: &str = r#"{"id":"m-titre","titre":"Nettoyage des écoles","type":"marche","cpv":"90910000-9"}
{"id":"m-label","titre":"Prestations pour l'hôtel de ville","type":"marche","cpv":"90911200-8","anomalies":["durée de 0 mois"]}
{"id":"m-autre","titre":"Tonte des pelouses","type":"marche","cpv":"77310000-6"}
"#;

/// The shipped cases, with three contracts and a case as sources.
fn with_sources(configuration: &str) -> Site {
    let site = Site::shipped();
    site.write("marches.jsonl", CONTRACTS);
    std::fs::create_dir(site.path().join("autres")).expect("a folder");
    site.write(
        "autres/propre.md",
        "---\ntitre: Un nettoyage qui insère\ncpv: 90911200\n---\n\n## Présentation\n\nTrois ans de chantier.\n",
    );
    site.write("cpv.csv", LIST);
    site.write("rex.toml", configuration);
    site
}

const SOURCES: &str = "sources = ['marches.jsonl', 'autres']\n";
const BOTH: &str = "sources = ['marches.jsonl', 'autres']\ncpv = 'cpv.csv'\n";

#[test]
fn cases_and_contracts_are_one_index() {
    let site = with_sources(SOURCES);
    let check = site.run(&["check"]);
    assert_eq!(check.stderr(), "9 good cases, no problem\n");
    let server = site.serve();
    let all = server.search("");
    assert_eq!(all["total"], 9);
    let types = values(&all, "type");
    assert_eq!(types, [("retour-d-experience".to_owned(), 6), ("marche".to_owned(), 3)]);
    assert_eq!(ids(&all)[6..], ["m-autre", "m-label", "m-titre"], "cases first");
    assert_eq!(ids(&server.search("type=marche&q=tonte")), ["m-autre"]);
    assert_eq!(server.search("type=retour-d-experience")["total"], 6);
    assert_eq!(ids(&server.search("q=nettoyage")), ["propre", "m-titre"]);
}

#[test]
fn labels_of_a_list_are_searched_and_shown() {
    let site = with_sources(BOTH);
    let server = site.serve();
    let answer = server.search("q=nettoyage");
    assert_eq!(ids(&answer), ["propre", "m-titre", "m-label"]);
    assert_eq!(
        answer["hits"][2]["record"]["cpv_libelle"],
        "Services de nettoyage de bâtiments"
    );
    let cleaning = &answer["facets"]["cpv"]["values"][0]["children"][0]["children"][0];
    assert_eq!(
        (&cleaning["path"], &cleaning["label"]),
        (&"90910000".into(), &"Services de nettoyage".into())
    );
    let page = server.get("/recherche?q=nettoyage&cpv=90911200").body;
    assert_eq!(page.matches("90911200-8 Services de nettoyage de bâtiments").count(), 2);
    let page = server.get("/cas/m-label").body;
    assert!(
        page.contains(">90911200-8 Services de nettoyage de bâtiments</a>"),
        "{page}"
    );
    assert!(
        page.contains("Données écartées à l'import") && page.contains("<li>durée de 0 mois</li>"),
        "{page}"
    );
    assert_eq!(
        server.get("/v1/cases/m-label").json()["anomalies"][0],
        "durée de 0 mois"
    );
    let without = server.search("q=h%C3%B4tel+-nettoyage");
    assert_eq!(ids(&without), ["m-label"], "the text does not say it");
}

#[test]
fn the_terminal_says_labels_and_why() {
    let site = with_sources(BOTH);
    let found = site.run(&["search", "nettoyage"]).stdout().replace('\u{a0}', " ");
    let facets = found.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(facets.contains("90910000 Services de nettoyage (3)"), "{found}");
    let why = site.run(&["explain", "nettoyage", "m-label"]).stdout();
    assert!(
        why.contains("not said, as \"nettoyage\" in the label of its CPV code"),
        "{why}"
    );
    assert!(
        why.contains("holds all the words") && !why.contains("is a case"),
        "{why}"
    );
    let why = site.run(&["explain", "nettoyage", "propre"]).stdout();
    assert!(
        why.contains("is a case, which comes before contracts that match as well"),
        "{why}"
    );
}

#[test]
fn pointing_to_a_list_builds_the_index_again_and_only_then() {
    let site = with_sources(SOURCES);
    let built = |site: &Site| site.run(&["index"]).stdout();
    assert!(built(&site).contains(" built, 9 cases"));
    assert!(built(&site).contains(" up to date, 9 cases"));
    site.write("rex.toml", BOTH);
    assert!(built(&site).contains(" built, 9 cases"));
    assert!(built(&site).contains(" up to date, 9 cases"));
    site.write("cpv.csv", LIST.replace("bâtiments", "locaux"));
    assert!(built(&site).contains(" built, 9 cases"));
    site.write("marches.jsonl", CONTRACTS.replace("Tonte", "Taille"));
    assert!(built(&site).contains(" built, 9 cases"));
}

#[test]
fn an_empty_corpus_folder_is_fine_beside_a_source() {
    let site = Site::empty();
    site.write("marches.jsonl", CONTRACTS);
    site.write("rex.toml", "sources = ['marches.jsonl']\n");
    let answer = site.serve().search("");
    assert_eq!(answer["total"], 3);
}

#[test]
fn ids_are_unique_over_all_sources() {
    let site = with_sources(SOURCES);
    site.write("autres/m-label.md", "---\ntitre: Le même\n---\n");
    let check = site.run(&["check"]);
    assert_eq!(check.code(), Some(1));
    assert_eq!(
        check.stdout(),
        "autres/m-label.md:1: duplicate id \"m-label\", first used at marches.jsonl:2, expected an id of its own\n"
    );
}

#[test]
fn what_cannot_be_used_is_one_sentence() {
    let site = with_sources("");
    site.write("decp.json", "{}");
    for (configuration, expected) in [
        (
            "sources = ['rien.jsonl']",
            "rex: no source at rien.jsonl; create it, or correct `sources`",
        ),
        (
            "sources = ['decp.json']",
            "rex: the source decp.json is raw JSON; run `rex import decp` and name the .jsonl it writes",
        ),
        (
            "sources = ['cpv.csv']",
            "rex: the source cpv.csv is a table; run `rex import table cpv.csv --out DIR`",
        ),
        ("cpv = 'rien.csv'", "rex: cannot read the CPV labels rien.csv: "),
        (
            "cpv = 'marches.jsonl'",
            "rex: the CPV labels marches.jsonl is JSON, expected a CSV, XLSX or ODS table",
        ),
    ] {
        site.write("rex.toml", configuration);
        for command in [["check"].as_slice(), &["index"], &["search", "tri"], &[]] {
            let ran = site.run(command);
            let said = ran.stderr();
            assert!(said.starts_with(expected), "{command:?}: {said}");
            assert_eq!((said.lines().count(), ran.code()), (1, Some(1)), "{command:?}: {said}");
        }
    }
}

#[test]
fn a_list_in_any_format_gives_its_labels() {
    let rows: [&[&str]; 2] = [&["Code CPV", "Libellé"], &["77310000", "Soin des parcs"]];
    let csv = "Code CPV;Libell\u{e9}\n77310000;Soin des parcs\n";
    let latin: Vec<u8> = csv.chars().map(|c| u32::from(c) as u8).collect();
    let xml = "<CPV_CODES><CPV CODE=\"77310000-6\"><TEXT LANG=\"FR\">Soin des parcs</TEXT></CPV></CPV_CODES>";
    let site = with_sources("");
    for (name, list) in [
        ("latin.csv", latin),
        ("tab.tsv", csv.replace(';', "\t").into_bytes()),
        ("cpv.xlsx", xlsx_of(&rows)),
        ("cpv.ods", ods_of(&rows)),
        ("cpv.xml", xml.into()),
    ] {
        site.write(name, list);
        site.write("rex.toml", format!("{SOURCES}cpv = '{name}'\n"));
        let found = site
            .run(&["search", "parcs", "--filter", "type=marche", "--json"])
            .stdout();
        assert!(
            found.contains("\"m-autre\"") && found.contains("Soin des parcs"),
            "{name}: {found}"
        );
    }
    for (name, list, expected) in [
        (
            "faux.xlsx",
            xlsx_of(&[rows[0], &["7731", "Parcs"]]),
            "faux.xlsx:2: \"7731\" is not a CPV code",
        ),
        (
            "faux.xml",
            b"<CPV_CODES>\n".to_vec(),
            "faux.xml:1: no code; expected a code and its French label a line",
        ),
        (
            "faux.zip",
            b"PK\x03\x04".to_vec(),
            "the CPV labels faux.zip is no whole XLSX or ODS spreadsheet",
        ),
        (
            "faux.xls",
            b"\xd0\xcf\x11\xe0".to_vec(),
            "the CPV labels faux.xls is an old Excel workbook",
        ),
    ] {
        site.write(name, list);
        site.write("rex.toml", format!("cpv = '{name}'\n"));
        let ran = site.run(&["check"]);
        assert!(
            ran.stderr().starts_with(&format!("rex: {expected}")),
            "{}",
            ran.stderr()
        );
        assert_eq!(ran.code(), Some(1));
    }
}

#[test]
fn each_published_form_of_the_list_gives_its_labels() {
    let Some(folder) = shared("data/cases/cpv") else { return };
    let site = with_sources("");
    for (name, label) in [
        ("autres-noms.csv", "Espaces verts"),
        ("tabulations.tsv", "Espaces verts"),
        ("windows-1252.csv", "Réalisation et entretien d espaces verts"),
        ("cpv.xml", "Espaces verts"),
    ] {
        site.write(
            "rex.toml",
            format!("{SOURCES}cpv = '{}'\n", folder.join(name).display()),
        );
        let found = site
            .run(&["search", "espaces verts", "--filter", "type=marche", "--json"])
            .stdout();
        assert!(
            found.contains("\"m-autre\"") && found.contains(label),
            "{name}: {found}"
        );
    }
}

#[test]
fn the_official_list_labels_every_code() {
    // As downloaded.
    let Some(list) = shared("data/cpv/cpv_2008_ver_2013_FR.csv") else {
        return;
    };
    let site = with_sources("");
    let configuration = |list: &Path| format!("{SOURCES}cpv = '{}'\n", list.display());
    site.write("rex.toml", configuration(&list));
    let server = site.serve();
    assert_eq!(ids(&server.search("q=nettoyage")), ["propre", "m-titre", "m-label"]);
    assert_eq!(
        ids(&server.search("q=r%C3%A9alisation+espaces+verts&type=marche")),
        ["m-autre"]
    );
    // Some shipped cases contain the word, and one has it in its label.
    let answer = server.search("q=r%C3%A9insertion&cpv=75231240");
    assert_eq!(answer["hits"][0]["record"]["cpv_libelle"], "Services de réinsertion");
    let mut branches: Vec<_> = answer["facets"]["cpv"]["values"]
        .as_array()
        .expect("values")
        .iter()
        .collect();
    while let Some(branch) = branches.pop() {
        assert!(branch["label"].is_string(), "{branch}");
        branches.extend(branch["children"].as_array().expect("children"));
    }
}

//! `rex import table`: from a table to files that pass `rex check`; tables that lie in the corpus.

use std::fs;

use rex_tests::spreadsheet::{ods, ods_of, xlsx_of};
use rex_tests::{Site, shared};

use crate::booklet::names;

const TABLE: &str = "Titre;Acheteur;Montant HT;Durée (mois);Thèmes;Présentation\n\
    Entretien des berges;Commune de Saumur;48 000 €;12;insertion, espaces verts;La ville entretient ses berges.\n\
    Collecte des cartons;Toulouse Métropole;57 600 € TTC;24;déchets;Des cartons partout.\n";

#[test]
fn writes_good_cases_and_reports_every_cell() {
    let site = Site::empty();
    site.write("cas.csv", TABLE);
    let dry = site.run(&["import", "table", "cas.csv", "--dry-run"]);
    assert!(dry.stdout().starts_with("2 cases in cas.csv\n") && !site.path().join("import").exists());
    let ran = site.run(&["import", "table", "cas.csv", "--out", "cas"]);
    let printed = ran.stdout();
    assert_eq!((ran.code(), ran.stderr().as_str()), (Some(0), ""), "{printed}");
    for expected in [
        "The table\n  found\n    row 1     header: row 1\n    A1        titre: Titre\n",
        "\n2. Collecte des cartons\n",
        "    C2        montant_ht: 48000\n",
        "    E2        themes: insertion, espaces verts\n",
        "    C3        montant_ht: \"57 600 € TTC\": it is with tax, none is taken\n",
        "    row 2     titulaires\n",
        "\ncas/collecte-des-cartons.md: written\n",
    ] {
        assert!(printed.contains(expected), "{expected}\n{printed}");
    }
    let check = site.run(&["check", "--corpus", "cas"]);
    assert_eq!(check.stderr(), "2 good cases, no problem\n");
    let file = fs::read_to_string(site.path().join("cas/collecte-des-cartons.md")).expect("a file");
    assert!(
        file.contains("# À vérifier (montant_ht) : le tableau (C3) donne « 57 600 € TTC ».\n"),
        "{file}"
    );
}

#[test]
fn a_second_import_keeps_what_a_person_wrote() {
    let site = Site::empty();
    site.write("cas.csv", TABLE);
    site.run(&["import", "table", "cas.csv"]);
    let folder = site.path().join("import");
    let edited = folder.join("entretien-des-berges.md");
    let text = fs::read_to_string(&edited)
        .expect("a file")
        .replace("La ville", "La commune");
    fs::write(&edited, &text).expect("written");
    // A row above, a new amount, and another case with the same title.
    let rows = TABLE
        .replace("57 600 € TTC", "50 000")
        .replace("\nEntretien", "\nUn autre;;;;;Long.\nEntretien");
    site.write("cas.csv", rows + "Collecte des cartons;Gers;;;;\n");
    let again = site.run(&["import", "table", "cas.csv"]).stdout();
    for expected in [
        "entretien-des-berges.md: kept, a person has changed it",
        "collecte-des-cartons.md: replaced, nobody had changed it",
        "collecte-des-cartons-2.md: written",
        "un-autre.md: written",
    ] {
        assert!(again.contains(expected), "{expected}\n{again}");
    }
    assert_eq!(fs::read_to_string(&edited).expect("a file"), text);
    // The same title and another buyer, in another table: a file of its own.
    site.write("autre.csv", "Titre,Acheteur\nUn autre,Var\n");
    let other = site.run(&["import", "table", "autre.csv"]).stdout();
    assert!(other.contains("un-autre-2.md: written"), "{other}");
    assert_eq!(names(&folder).len(), 5);
}

#[test]
fn rows_that_moved_keep_their_files() {
    let site = Site::empty();
    let read = |name: &str| fs::read_to_string(site.path().join("cas").join(name)).expect(name);
    let import = |rows: &[&str]| {
        site.write("cas.csv", format!("Titre;Acheteur;Montant HT\n{}\n", rows.join("\n")));
        site.run(&["import", "table", "cas.csv", "--out", "cas"]).stdout()
    };
    let (rennes, brest) = ("Nettoyage;Ville de Rennes;1000", "Nettoyage;Ville de Brest;2000");
    let second = "Nettoyage;Ville de Rennes;3000";
    import(&[rennes, brest]);
    // A row above.
    let printed = import(&["Nettoyage;Ville de Lyon;500", rennes, brest]);
    assert!(printed.contains("nettoyage-3.md: written"), "{printed}");
    assert_eq!(printed.matches(": written").count(), 1, "{printed}");
    assert!(read("nettoyage.md").contains("Rennes") && read("nettoyage-2.md").contains("Brest"));
    assert!(!printed.contains("no row"), "{printed}");
    // Another case of the same title and buyer, in another order; Lyon has gone.
    import(&[rennes, brest, second]);
    let printed = import(&[second, brest, rennes]);
    assert_eq!(printed.matches(": written").count(), 0, "{printed}");
    assert!(read("nettoyage.md").contains("montant_ht: 1000") && read("nettoyage-4.md").contains("montant_ht: 3000"));
    assert_eq!(
        printed.matches("1 file of an earlier table has no row").count(),
        1,
        "{printed}"
    );
    assert!(read("nettoyage-3.md").contains("Lyon"));
    // One of the two is changed: the other file stays its own.
    import(&[&second.replace("3000", "4000"), rennes]);
    assert!(read("nettoyage.md").contains("montant_ht: 1000") && read("nettoyage-4.md").contains("montant_ht: 4000"));
    assert_eq!(names(&site.path().join("cas")).len(), 4);
    // A file stays that of its row where a person corrected its title or its buyer.
    import(&["Cantines;Ville de Rennes;1"]);
    let edited = read("cantines.md").replace("titre: \"Cantines\"", "titre: Cantines bio");
    fs::write(site.path().join("cas/cantines.md"), &edited).expect("written");
    let printed = import(&["Cantines;Ville de Rennes;1", "Cantines;Ville de Brest;2"]);
    assert!(
        printed.contains("cantines.md: kept") && printed.contains("cantines-2.md: written"),
        "{printed}"
    );
    assert_eq!(read("cantines.md"), edited);
}

#[test]
fn spreadsheets_and_mappings_are_read() {
    let site = Site::empty();
    let rows: [&[&str]; 2] = [
        &["Objet traité", "Montant HT", "Fiche"],
        &["Un marché", "48 000", "Le texte."],
    ];
    site.write("cas.xlsx", xlsx_of(&rows));
    site.write("cas.ods", ods_of(&rows));
    for name in ["cas.xlsx", "cas.ods"] {
        let error = site.run(&["import", "table", name]);
        assert_eq!(
            error.stderr(),
            format!(
                "rex: {name} has no column for the titles of the cases; its headers are « Objet traité », « Montant HT », « Fiche »; name the column with --map \"Objet traité=titre\"\n"
            )
        );
        assert_eq!(error.code(), Some(1));
        let flags = [
            "import",
            "table",
            name,
            "--out",
            "par-options",
            "--map",
            "objet traite=titre",
            "--map",
            "Fiche=section",
        ];
        assert!(
            site.run(&flags).stdout().contains("par-options/un-marche.md: "),
            "{name}"
        );
    }
    site.write(
        "rex.toml",
        "[import.table]\n'Objet traité' = 'titre'\nFiche = 'section'\n",
    );
    site.run(&["import", "table", "cas.ods", "--out", "par-fichier"]);
    let file = |folder: &str| fs::read_to_string(site.path().join(folder).join("un-marche.md")).expect("a file");
    assert_eq!(file("par-options"), file("par-fichier"));
    assert!(file("par-fichier").contains("## Fiche\n\nLe texte.\n"));
    site.write("rex.toml", "[import.table]\nFiche = 'themse'\n");
    let error = site.run(&["import", "table", "cas.ods"]).stderr();
    assert_eq!(
        error,
        "rex: [import.table] \"Fiche\" of the configuration: \"themse\" is no field, the nearest is \"themes\"\n"
    );
}

#[test]
fn what_cannot_be_used_is_one_sentence() {
    let site = Site::empty();
    site.write("cas.csv", TABLE);
    site.write(
        "decp.csv",
        "uid,objet,codeCPV,dureeMois,dateNotification,acheteur_id\n1,a,77310000,1,2024-01-01,2\n",
    );
    site.write("cas.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    site.write("cas.zip", b"PK\x03\x04");
    site.write("vide.csv", "");
    site.write("page.pdf", "%PDF-1.7");
    site.write(
        "page.xlsx",
        "\n<html><body><table><tr><td>Titre</td></tr></table></body></html>",
    );
    site.write("cas.json", "[\n  {\"titre\": \"a\"}\n]");
    site.write("texte.xlsx", b"PK\x03\x04 word/document.xml");
    for (arguments, expected) in [
        (
            &["decp.csv"][..],
            "decp.csv is a table of the public record of contracts (DECP), by its columns uid, codeCPV, dureeMois, dateNotification; `rex import decp` imports it: rex import decp decp.csv --out marches.jsonl",
        ),
        (
            &["cas.xls"],
            "cas.xls is an old Excel workbook (.xls) or has a password; save it as .xlsx without one",
        ),
        (
            &["cas.zip"],
            "cas.zip is no whole XLSX or ODS spreadsheet; open it and save it again",
        ),
        (
            &["page.xlsx"],
            "page.xlsx is an HTML page; open it in a spreadsheet program and save it as XLSX",
        ),
        (
            &["cas.json"],
            "cas.json is JSON, expected a CSV, XLSX or ODS table; `rex import decp` imports public contracts",
        ),
        (
            &["texte.xlsx"],
            "texte.xlsx is a Word document (DOCX), expected a CSV, XLSX or ODS table; `rex import booklet` reads it",
        ),
        (&["vide.csv"], "vide.csv is empty"),
        (&["page.pdf"], "page.pdf is a PDF, expected a CSV, XLSX or ODS table"),
        (&["rien.csv"], "cannot read the table rien.csv: No such file"),
        (
            &["cas.csv", "--map", "Rien=titre"],
            "cas.csv has no column \"Rien\", named by --map; its headers are « Titre », « Acheteur »,",
        ),
        (
            &["cas.csv", "--map", "Titre=x"],
            "--map: \"x\" is no field, expected one of: titre, id,",
        ),
    ] {
        let ran = site.run(&[&["import", "table"], arguments].concat());
        let said = ran.stderr();
        assert!(said.starts_with(&format!("rex: {expected}")), "{said}");
        assert_eq!((said.lines().count(), ran.code()), (1, Some(1)), "{said}");
    }
    let ran = site.run(&["import", "table", "vide.csv", "cas.csv"]);
    assert_eq!(
        (ran.code(), ran.stderr().as_str()),
        (Some(1), "rex: vide.csv is empty\n")
    );
    assert_eq!(
        names(&site.path().join("import")).len(),
        2,
        "the other tables are imported"
    );
}

#[test]
fn a_hostile_spreadsheet_is_one_sentence_and_the_other_files_go_on() {
    let site = Site::empty();
    // Each row of a few bytes is 16,384 cells.
    let row = "<table:table-row><table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell></table:table-row>";
    site.write("cas.ods", ods(&[("Cas", &row.repeat(20_000))]));
    site.write("cas.csv", TABLE);
    let ran = site.run(&["import", "table", "cas.ods", "cas.csv"]);
    let said = ran.stderr();
    assert!(said.starts_with("rex: cas.ods ") && said.lines().count() == 1, "{said}");
    assert!(
        said.contains("save it as CSV") || said.contains("columns in row"),
        "{said}"
    );
    assert_eq!((ran.code(), names(&site.path().join("import")).len()), (Some(1), 2));
}

#[test]
fn a_table_in_the_corpus_is_named_with_its_command() {
    let site = Site::empty();
    fs::create_dir_all(site.path().join("corpus/sous dossier")).expect("folders");
    site.write("corpus/a.md", "---\ntitre: A\n---\n");
    for name in ["~$cas.xlsx", ".DS_Store", "photo.jpg", "notes.txt", "lisez-moi.pdf"] {
        site.write(&format!("corpus/{name}"), "x");
    }
    let silent = site.run(&["check"]);
    assert_eq!(
        (silent.stdout().as_str(), silent.stderr().as_str()),
        ("", "1 good case, no problem\n")
    );
    site.write("corpus/cas.csv", TABLE);
    site.write("corpus/sous dossier/l'été.ODS", "x");
    let check = site.run(&["check"]);
    assert_eq!(
        check.stdout(),
        "corpus/cas.csv: a table is not read; run `rex import table corpus/cas.csv --out corpus`\n\
         corpus/sous dossier/l'été.ODS: a table is not read; run `rex import table 'corpus/sous dossier/l'\\''été.ODS' --out 'corpus/sous dossier'`\n"
    );
    assert_eq!(
        (check.code(), check.stderr().as_str()),
        (Some(0), "1 good case, no problem\n")
    );
    let ran = site.run(&["import", "table", "corpus/cas.csv", "--out", "corpus"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    assert_eq!(site.run(&["check"]).stderr(), "3 good cases, no problem\n");
}

#[test]
fn a_corpus_of_a_table_alone_says_what_to_do() {
    let site = Site::empty();
    fs::create_dir_all(site.path().join("corpus")).expect("a folder");
    site.write("corpus/cas.csv", TABLE);
    let command = "run `rex import table corpus/cas.csv --out corpus`";
    for arguments in [&["check"][..], &["index"]] {
        let ran = site.run(arguments);
        assert!(
            ran.stderr().contains("holds no case") && ran.stderr().contains(command),
            "{}",
            ran.stderr()
        );
        assert_eq!((ran.code(), ran.stderr().lines().count()), (Some(1), 1));
    }
    site.write("liste.csv", TABLE);
    site.write("rex.toml", "sources = ['liste.csv']\n");
    site.write("corpus/a.md", "---\ntitre: A\n---\n");
    assert_eq!(
        site.run(&["check"]).stderr(),
        "rex: the source liste.csv is a table; run `rex import table liste.csv --out DIR` and name the folder of the files it writes\n"
    );
}

#[test]
fn the_tables_of_a_publisher_are_named_and_read() {
    let Some(folder) = shared("data/cases/corpus/divers") else {
        return;
    };
    let site = Site::empty();
    fs::create_dir_all(site.path().join("corpus")).expect("a folder");
    for name in [
        "cas.csv",
        "cas.xlsx",
        "~$cas.docx",
        ".DS_Store",
        "Thumbs.db",
        "photo.jpg",
    ] {
        site.write(&format!("corpus/{name}"), fs::read(folder.join(name)).expect(name));
    }
    site.write("corpus/a.md", "---\ntitre: A\n---\n");
    let check = site.run(&["check"]);
    assert_eq!(
        (check.code(), check.stdout().lines().count()),
        (Some(0), 2),
        "{}",
        check.stdout()
    );
    let ran = site.run(&[
        "import",
        "table",
        "corpus/cas.csv",
        "corpus/cas.xlsx",
        "--out",
        "corpus",
    ]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    assert_eq!(site.run(&["check"]).stderr(), "3 good cases, no problem\n");
}

//! `rex import booklet`: from the text of a booklet to files that pass `rex check`.

use std::fs;
use std::path::Path;

use rex_tests::{Site, pdf, shared, workspace};

pub(crate) fn guide() -> String {
    let path = workspace().join("crates/rex-import/tests/booklets/guide.txt");
    fs::read_to_string(path).expect("a booklet of the tests")
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn writes_good_cases_and_reports_every_line() {
    let site = Site::empty();
    site.write("guide.txt", guide());
    let ran = site.run(&["import", "booklet", "guide.txt"]);
    let printed = ran.stdout();
    assert_eq!((ran.code(), ran.stderr().as_str()), (Some(0), ""), "{printed}");
    assert!(printed.starts_with("3 cases in guide.txt\n"), "{printed}");
    for expected in [
        "    line 35   montant_ht: 1590000\n",
        "    line 34   duree_mois: 48 (12, renewable 3 times for 12)\n",
        "  doubtful\n",
        "\"Montant 480 000 € TTC\"",
        "\nimport/le-linge-de-l-hopital-confie-a-une-entreprise-adaptee.md: written\n",
    ] {
        assert!(printed.contains(expected), "{expected}\n{printed}");
    }
    assert!(
        printed
            .lines()
            .all(|line| line.chars().count() <= 80 || line.starts_with("import/")),
        "{printed}"
    );
    assert!(!printed.contains('\u{1b}'), "no colours in a pipe");
    let check = site.run(&["check", "--corpus", "import"]);
    assert_eq!(check.stderr(), "3 good cases, no problem\n");
}

#[test]
fn a_second_import_changes_nothing_and_keeps_what_a_person_wrote() {
    let site = Site::empty();
    site.write("guide.txt", guide());
    site.run(&["import", "booklet", "guide.txt", "--out", "to/review"]);
    let folder = site.path().join("to/review");
    let files = names(&folder);
    assert_eq!(files.len(), 3);
    let path = folder.join("des-parcs-entretenus-par-les-habitants.md");
    let before = fs::read_to_string(&path).expect("a file");
    let again = site.run(&["import", "booklet", "guide.txt", "--out", "to/review"]);
    assert_eq!(again.stdout().matches(": unchanged\n").count(), 3, "{}", again.stdout());

    let edited = before.replace("« ", "").replace("Rennes", "Rennes (Bretagne)");
    fs::write(&path, &edited).expect("an edit");
    site.write("guide.txt", guide().replace("1,59 M€", "1,6 M€"));
    let again = site.run(&["import", "booklet", "guide.txt", "--out", "to/review"]);
    let printed = again.stdout();
    assert_eq!(again.code(), Some(0));
    assert!(printed.contains(".md: kept, a person has changed it"), "{printed}");
    assert!(printed.contains("colleges.md: replaced"), "{printed}");
    assert_eq!(fs::read_to_string(&path).expect("a file"), edited);
    let changed = fs::read_to_string(folder.join("des-repas-bio-et-solidaires-servis-dans-les-colleges.md"));
    assert!(changed.expect("a file").contains("montant_ht: 1600000\n"));
    assert_eq!(names(&folder), files, "nothing is left beside the files");
}

#[test]
fn a_dry_run_writes_nothing() {
    let site = Site::empty();
    site.write("guide.txt", guide());
    let ran = site.run(&["import", "booklet", "guide.txt", "--dry-run"]);
    assert_eq!(ran.code(), Some(0));
    assert!(ran.stdout().contains("Les Tables Vives"), "{}", ran.stdout());
    assert_eq!(names(site.path()), ["corpus", "guide.txt"]);
}

#[test]
fn what_cannot_be_imported_is_one_sentence_and_leaves_the_files() {
    let site = Site::empty();
    site.write("guide.txt", guide());
    site.run(&["import", "booklet", "guide.txt"]);
    let before = names(&site.path().join("import"));
    let text = guide();
    site.write("cut.txt", &text[..text.find("traite chaque jour").expect("a sentence")]);
    site.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0");
    site.write("data.json", "{\"cases\": []}\n");
    site.write("empty.txt", "");
    // Old Mac OS Roman, which is neither UTF-8 nor French in Windows-1252.
    site.write("roman.txt", b"Le besoin\nune soci\x8et\x8e\n");
    site.write("slides.pptx", [b"PK\x05\x06".as_slice(), &[0; 18]].concat());
    site.write("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    site.write("letter.rtf", "{\\rtf1 Bonjour}");
    site.write("menu.html", "<nav>Accueil</nav>");
    site.write(
        "guide.md",
        "Le cadre\n\nUn texte.\n\nLe conseil\n\nUn texte.\n\n".repeat(4),
    );
    site.write("letter.txt", "Bonjour,\n\nMerci.\n");
    site.write("long.txt", format!("Le besoin\n{}", "x".repeat(70_000)));
    site.write("cut.pdf", &pdf::text(&[&text])[..900]);
    site.write("scan.pdf", pdf::text(&[""]));
    // A sparse file of a hundred megabytes.
    let huge = fs::File::create(site.path().join("huge.txt")).expect("a file");
    huge.set_len(100_000_000).expect("a long file");
    for (file, expected) in [
        ("cut.txt", "cut.txt: the text stops at line "),
        ("picture.png", "picture.png is a PNG picture; expected "),
        ("data.json", "data.json: no case found, expected headings such as "),
        ("empty.txt", "empty.txt is empty; expected "),
        ("roman.txt", "roman.txt is not UTF-8 at line 2; expected "),
        (
            "slides.pptx",
            "slides.pptx: a ZIP archive, which is not read; export it as DOCX, ",
        ),
        (
            "old.doc",
            "old.doc is an old Office document (DOC, XLS or PPT); export it as DOCX, ",
        ),
        (
            "letter.rtf",
            "letter.rtf is an RTF document; export it as DOCX, PDF or text",
        ),
        ("menu.html", "menu.html: an HTML page without text, "),
        (
            "guide.md",
            "guide.md: no case found: the lines « Le cadre » (4 times), « Le conseil » (4 times) recur",
        ),
        ("letter.txt", "letter.txt: no case found"),
        ("long.txt", "long.txt: line 2 has over 65536 bytes"),
        ("huge.txt", "huge.txt is larger than 8 MB"),
        ("corpus", "corpus is a folder; expected "),
        ("none.txt", "cannot read the booklet none.txt: "),
        ("cut.pdf", "cut.pdf: a damaged or truncated PDF"),
        ("scan.pdf", "scan.pdf: a PDF without text"),
    ] {
        let ran = site.run(&["import", "booklet", file]);
        let said = ran.stderr();
        assert!(said.starts_with(&format!("rex: {expected}")), "{file}: {said}");
        assert_eq!(
            (said.lines().count(), ran.stdout().as_str(), ran.code()),
            (1, "", Some(1)),
            "{file}: {said}"
        );
    }
    let ran = site.run(&["import", "booklet", "guide.txt", "--out", "guide.txt"]);
    assert!(
        ran.stderr().starts_with("rex: guide.txt is not a folder; --out takes"),
        "{}",
        ran.stderr()
    );
    assert_eq!(names(&site.path().join("import")), before);
}

#[test]
fn a_pdf_is_read_like_its_text() {
    let site = Site::empty();
    let text = guide();
    let parts: Vec<&str> = text.split("\nAcheter autrement  ").collect();
    site.write("guide.pdf", pdf::text(&parts));
    let ran = site.run(&["import", "booklet", "guide.pdf"]);
    let printed = ran.stdout();
    assert_eq!((ran.code(), ran.stderr().as_str()), (Some(0), ""), "{printed}");
    for expected in [
        "3 cases in guide.pdf",
        "montant_ht: 1590000",
        "Les Tables Vives",
        "acheteur: CHU de Nantes",
    ] {
        assert!(printed.contains(expected), "{expected}\n{printed}");
    }
    assert_eq!(site.run(&["check", "--corpus", "import"]).code(), Some(0));
}

#[test]
fn the_real_booklet_end_to_end() {
    let Some(path) = shared("data/booklet/marches-publics-succes-ess.txt") else {
        return;
    };
    let site = Site::empty();
    let ran = site.run(&["import", "booklet", &path.to_string_lossy()]);
    let printed = ran.stdout();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    assert!(printed.contains("line 79   cpv: 728 810 000 → 72810000-1"), "{printed}");
    assert!(
        printed.contains("line 174  acheteur: « M'Tsambo » is no commune; the nearest is Mtsamboro"),
        "{printed}"
    );
    assert_eq!(
        site.run(&["check", "--corpus", "import"]).stderr(),
        "5 good cases, no problem\n"
    );
}

#[test]
fn text_of_other_encodings_and_documents_is_read() {
    const FACTS: [&str; 8] = [
        "titre: Entretien des berges du canal",
        "acheteur: Communauté de communes du Val",
        "montant_ht: 48000",
        "duree_mois: 24",
        "titulaires: L'Atelier des Rives (Entreprise d'insertion)",
        "titre: Collecte des cartons du centre-ville",
        "acheteur: Commune de Saumur",
        "duree_mois: 36",
    ];
    for (name, doubt) in [
        ("h-windows-1252.txt", Some("read as Windows-1252")),
        ("j-utf16.txt", None),
        ("k-page.html", None),
    ] {
        let Some(path) = shared(&format!("data/cases/booklet/{name}")) else {
            return;
        };
        let ran = Site::empty().run(&["import", "booklet", &path.to_string_lossy(), "--dry-run"]);
        let printed = ran.stdout();
        assert_eq!((ran.code(), ran.stderr().as_str()), (Some(0), ""), "{name}");
        assert!(printed.starts_with("3 cases in "), "{printed}");
        for fact in FACTS {
            assert!(printed.contains(fact), "{name}: {fact}\n{printed}");
        }
        let is_doubted = printed
            .lines()
            .nth(1)
            .is_some_and(|line| line.starts_with("doubtful: "));
        assert_eq!(is_doubted, doubt.is_some(), "{printed}");
        assert!(printed.contains(doubt.unwrap_or_default()), "{printed}");
    }
    let Some(path) = shared("data/cases/booklet/l-docx.docx") else {
        return;
    };
    let ran = Site::empty().run(&["import", "booklet", &path.to_string_lossy(), "--dry-run"]);
    let expected = format!(
        "rex: {}: a DOCX document without text, such as one of pictures only; export it as PDF with text, or save its text\n",
        path.display()
    );
    assert_eq!((ran.code(), ran.stderr()), (Some(1), expected));
}

#[test]
fn headings_found_in_a_booklet_are_said() {
    let site = Site::empty();
    let case = |title: &str, town: &str| {
        format!(
            "{title}\n\nAcheteur : Ville de {town}\n\nLe déclic\n\nUne phrase.\n\nLe parcours\n\nLe marché dure 2 ans.\n\nLa leçon\n\nUne phrase.\n\n"
        )
    };
    site.write(
        "own.txt",
        case("Haies du parc", "Rennes") + &case("Linge de l'internat", "Lille"),
    );
    let ran = site.run(&["import", "booklet", "own.txt"]);
    let printed = ran.stdout();
    assert!(printed.starts_with("2 cases in own.txt\n"), "{printed}");
    assert!(
        printed.contains("the headings « Le déclic », « Le parcours », « La leçon » were"),
        "{printed}"
    );
    let file = fs::read_to_string(site.path().join("import/haies-du-parc.md")).expect("a file");
    assert!(file.contains("\n## Le parcours\n\nLe marché dure 2 ans.\n"), "{file}");
    assert_eq!(site.run(&["check", "--corpus", "import"]).code(), Some(0));
}

//! `rex import booklet`: from the text of a booklet to files that pass `rex check`.

use std::fs;
use std::path::Path;

use rex_tests::{Site, shared, workspace};

fn guide() -> String {
    let path = workspace().join("crates/rex-import/tests/booklets/guide.txt");
    fs::read_to_string(path).expect("a booklet of the tests")
}

fn names(folder: &Path) -> Vec<String> {
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
    site.write("latin.txt", b"Le besoin\nune soci\xe9t\xe9\n");
    site.write("letter.txt", "Bonjour,\n\nMerci.\n");
    site.write("long.txt", format!("Le besoin\n{}", "x".repeat(70_000)));
    site.write("cut.pdf", &pdf(&[&text])[..900]);
    site.write("scan.pdf", pdf(&[""]));
    // A sparse file of a hundred megabytes.
    let huge = fs::File::create(site.path().join("huge.txt")).expect("a file");
    huge.set_len(100_000_000).expect("a long file");
    for (file, expected) in [
        ("cut.txt", "cut.txt: the text stops at line "),
        ("picture.png", "picture.png is a PNG picture; expected "),
        ("data.json", "data.json: no case found, expected headings such as "),
        ("empty.txt", "empty.txt is empty; expected "),
        ("latin.txt", "latin.txt is not UTF-8 at line 2; expected "),
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
    site.write("guide.pdf", pdf(&parts));
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

/// A PDF with pages of text lines.
fn pdf(pages: &[&str]) -> Vec<u8> {
    const TOP: usize = 1_500;
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        Vec::new(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    let mut kids = String::new();
    for page in pages {
        let mut content = b"BT /F1 10 Tf\n".to_vec();
        for (rank, line) in page.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
            content.extend(format!("1 0 0 1 40 {} Tm (", TOP - 40 - rank * 12).into_bytes());
            content.extend(line.chars().flat_map(win_ansi));
            content.extend(b") Tj\n");
        }
        content.extend(b"ET");
        let number = objects.len() + 1;
        kids.push_str(&format!("{number} 0 R "));
        let resources = "/Resources << /Font << /F1 3 0 R >> >>";
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 {TOP}] {resources} /Contents {} 0 R >>",
                number + 1
            )
            .into_bytes(),
        );
        let mut stream = format!("<< /Length {} >>\nstream\n", content.len()).into_bytes();
        stream.extend(content);
        stream.extend(b"\nendstream");
        objects.push(stream);
    }
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()).into_bytes();
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (rank, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n", rank + 1).into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(table.into_bytes());
    let trailer = format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    file.extend(trailer.into_bytes());
    file
}

/// A letter in the encoding of the font, escaped for a PDF string.
fn win_ansi(letter: char) -> Vec<u8> {
    match letter {
        '(' | ')' | '\\' => vec![b'\\', letter as u8],
        '€' => vec![0x80],
        '’' => vec![0x92],
        '•' => vec![0x95],
        '…' => vec![0x85],
        'œ' => vec![0x9c],
        letter => vec![u8::try_from(u32::from(letter)).unwrap_or(b'?')],
    }
}

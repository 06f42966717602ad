//! `rex import booklet` on hostile files, and on several files of which some are bad.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rex_tests::{Site, pdf, until};

use crate::booklet::{guide, names};

const TOO_DEEP: &str = "a PDF that takes too much memory or nests too deeply to read; save its text and import that";
const TOO_LONG: &str = "a PDF that takes too long to read; save its text and import that";

/// A PDF whose forms draw each other ten times on twelve levels: a few kilobytes that take years.
fn endless() -> Vec<u8> {
    let levels = (7..19).map(|next| pdf::form(&"/X Do ".repeat(10), next));
    pdf::page(pdf::stream("", b"/X Do"), levels.chain([pdf::form("q Q", 19)]))
}

#[test]
fn a_hostile_pdf_is_one_sentence_and_the_other_files_go_on() {
    let site = Site::empty();
    // A form that draws itself.
    let form = pdf::page(pdf::stream("", b"/X Do"), [pdf::form("/X Do", 6)]);
    // Over a gigabyte of zeros, compressed three times.
    let zeros = pdf::compressed(&pdf::compressed(&pdf::compressed_zeros(50_000)));
    let filters = "/Filter [/FlateDecode /FlateDecode /FlateDecode]";
    let bomb = pdf::page(pdf::stream(filters, &zeros), []);
    let operators = format!("BT /F1 10 Tf {} ET", "(ab) Tj ".repeat(4_000_000));
    let text = format!("BT /F1 10 Tf 1 0 0 1 40 40 Tm ({}) Tj ET", "A".repeat(50_000));
    assert!(
        form.len() < 1_000 && bomb.len() < 2_000,
        "{} {}",
        form.len(),
        bomb.len()
    );
    site.write("form.pdf", form);
    site.write("bomb.pdf", bomb);
    site.write(
        "operators.pdf",
        pdf::page(pdf::compressed_stream(operators.as_bytes()), []),
    );
    site.write(
        "text.pdf",
        pdf::page_of_ligature(&"mot ".repeat(50), pdf::stream("", text.as_bytes())),
    );
    site.write("guide.txt", guide());
    let ran = site.run(&[
        "import",
        "booklet",
        "form.pdf",
        "bomb.pdf",
        "none.pdf",
        "operators.pdf",
        "guide.txt",
        "text.pdf",
    ]);
    let said = ran.stderr();
    let said: Vec<&str> = said.lines().collect();
    let expected = [
        &format!("rex: form.pdf: {TOO_DEEP}"),
        &format!("rex: bomb.pdf: {TOO_DEEP}"),
        "rex: cannot read the booklet none.pdf: No such file or directory (os error 2)",
        // Out of memory or out of time, whichever comes first on this machine.
        "rex: operators.pdf: a PDF that takes too ",
        "rex: text.pdf: a PDF with over 8 MB of text, expected that of one booklet",
    ];
    assert_eq!((ran.code(), said.len()), (Some(1), expected.len()), "{said:?}");
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.starts_with(expected), "{said}");
    }
    assert!(ran.stdout().starts_with("3 cases in guide.txt\n"), "{}", ran.stdout());
    assert_eq!(names(&site.path().join("import")).len(), 3);
}

#[test]
fn a_pdf_that_never_ends_is_ended() {
    let site = Site::empty();
    site.write("endless.pdf", endless());
    let begun = Instant::now();
    let ran = site.run(&["import", "booklet", "endless.pdf"]);
    assert_eq!(
        (ran.code(), ran.stderr()),
        (Some(1), format!("rex: endless.pdf: {TOO_LONG}\n"))
    );
    assert!(begun.elapsed() < Duration::from_secs(200), "{:?}", begun.elapsed());
}

#[test]
fn a_malformed_pdf_is_one_sentence() {
    let site = Site::empty();
    let one = |content: Vec<u8>| pdf::page(content, []);
    let filtered = |filter: &str, data: &[u8]| one(pdf::stream(filter, data));
    let good = one(pdf::stream("", b""));
    let start = String::from_utf8_lossy(&good).rfind("xref\n0").map(|at| at.to_string());
    let replaced = |from: &str, to: &str| String::from_utf8_lossy(&good).replace(from, to).into_bytes();
    let kids = |kids: &str| format!("<< /Type /Pages /Kids [{kids}] /Count 1 >>").into_bytes();
    let deep = (3..3_000).map(|next| kids(&format!("{next} 0 R")));
    let deep: Vec<_> = [pdf::catalogue()].into_iter().chain(deep).collect();
    let wide = (3..15).map(|next| kids(&format!("{next} 0 R ").repeat(10)));
    let wide: Vec<_> = [pdf::catalogue()].into_iter().chain(wide).collect();
    let many = format!("<< /Type /Pages /Kids [{}] /Count 1 >>", "3 0 R ".repeat(2_000));
    let pages: Vec<_> = (3..3_003).map(|page| format!("{page} 0 R ")).collect();
    let pages = [pdf::catalogue(), kids(&pages.concat())];
    let pages = pages
        .into_iter()
        .chain((0..3_000).map(|_| b"<< /Type /Page >>".to_vec()));
    let offsets: String = (10..100_000).map(|number| format!("{number} 0 ")).collect();
    let predictor = "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 2147483647 /Colors 2147483647 >>";
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("arrays", one(pdf::stream("", &b"[".repeat(200_000)))),
        ("array-object", one(b"[".repeat(200_000))),
        ("dictionaries", one(b"<< /A ".repeat(200_000))),
        ("saved-states", one(pdf::stream("", &b"q ".repeat(100_000)))),
        ("page-cycle", pdf::file(&[pdf::catalogue(), kids("2 0 R")])),
        ("page-tree", pdf::file(&deep)),
        ("page-doubling", pdf::file(&wide)),
        (
            "page-repeated",
            pdf::file(&[pdf::catalogue(), many.into_bytes(), b"<< /Type /Page >>".to_vec()]),
        ),
        ("pages", pdf::file(&pages.collect::<Vec<_>>())),
        ("reference-to-itself", one(b"5 0 R".to_vec())),
        (
            "length-of-itself",
            one(b"<< /Length 5 0 R >>\nstream\nq\nendstream".to_vec()),
        ),
        (
            "lzw",
            filtered(
                "/Filter [/LZWDecode /LZWDecode]",
                &b"\x80\x0b\x60\x50\x22\x0c".repeat(99),
            ),
        ),
        (
            "hex",
            filtered(
                "/Filter [/ASCIIHexDecode /ASCIIHexDecode /ASCII85Decode]",
                &b"34".repeat(9_999),
            ),
        ),
        ("predictor", filtered(predictor, &pdf::compressed(&[2; 999]))),
        (
            "object-stream",
            filtered("/Type /ObjStm /N 999999999 /First 600000", offsets.as_bytes()),
        ),
        (
            "table-loop",
            replaced(
                "/Root 1 0 R",
                &format!("/Root 1 0 R /Prev {}", start.unwrap_or_default()),
            ),
        ),
        ("table-size", replaced("xref\n0 6", "xref\n0 4294967295")),
        ("no-table", replaced("startxref", "startxref\n99999999")),
        ("cut", good[..good.len() / 2].to_vec()),
    ];
    for (name, content) in files {
        let name = format!("{name}.pdf");
        site.write(&name, content);
        let ran = site.run(&["import", "booklet", &name]);
        let said = ran.stderr();
        assert!(
            said.starts_with(&format!("rex: {name}: a ")) && said.contains("PDF"),
            "{name}: {said}"
        );
        assert_eq!(
            (said.lines().count(), ran.stdout().as_str(), ran.code()),
            (1, "", Some(1)),
            "{name}: {said}"
        );
    }
}

#[test]
fn a_hostile_page_is_one_sentence_and_the_other_files_go_on() {
    let site = Site::empty();
    // A tag whose attributes are compared with each other.
    let attributes: String = (0..1_000_000).map(|name| format!(" a{name}")).collect();
    site.write("tag.html", format!("<html><p{attributes}>"));
    site.write("guide.txt", guide());
    let ran = site.run(&["import", "booklet", "tag.html", "guide.txt"]);
    assert_eq!(
        (ran.code(), ran.stderr().as_str()),
        (
            Some(1),
            "rex: tag.html: a document that takes too long to read; save its text and import that\n"
        )
    );
    assert!(ran.stdout().starts_with("3 cases in guide.txt\n"), "{}", ran.stdout());
}

#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    let site = Site::empty();
    let made = Command::new("mkfifo").arg(site.path().join("pipe.pdf")).status();
    assert!(made.expect("mkfifo runs").success());
    let ran = site.run(&["import", "booklet", "pipe.pdf", "/dev/zero", "corpus"]);
    let expected = "expected the text of a booklet (.txt or .md, in UTF-8) or a PDF, DOCX, ODT or HTML document";
    assert_eq!(
        (ran.code(), ran.stderr()),
        (
            Some(1),
            format!(
                "rex: pipe.pdf is not a regular file; {expected}\nrex: /dev/zero is not a regular file; {expected}\n\
                 rex: corpus is a folder; {expected}\n"
            )
        )
    );
}

#[test]
fn booklets_with_the_same_cases_do_not_overwrite_each_other() {
    let site = Site::empty();
    site.write("a.txt", guide());
    site.write("b.txt", guide().replace("1,59 M€", "1,6 M€"));
    let (first, second) = (
        "des-repas-bio-et-solidaires-servis-dans-les-colleges.md",
        "des-repas-bio-et-solidaires-servis-dans-les-colleges-2.md",
    );
    for outcome in ["written", "unchanged"] {
        let ran = site.run(&["import", "booklet", "a.txt", "b.txt", "a.txt"]);
        let printed = ran.stdout();
        assert_eq!((ran.code(), ran.stderr().as_str()), (Some(0), ""));
        assert!(printed.contains("\n\n3 cases in b.txt\n"), "{printed}");
        for name in [first, second] {
            assert!(printed.contains(&format!("import/{name}: {outcome}\n")), "{printed}");
        }
        let read = |name: &str| fs::read_to_string(site.path().join("import").join(name)).expect("a file");
        assert!(read(first).contains("montant_ht: 1590000\n"));
        assert!(read(second).contains("montant_ht: 1600000\n"));
        // The two cases that are the same in both are one file each.
        assert_eq!(names(&site.path().join("import")).len(), 4, "{printed}");
    }
}

/// The child processes of a process.
#[cfg(target_os = "linux")]
fn children(parent: u32) -> Vec<PathBuf> {
    let entries = fs::read_dir("/proc").expect("a Linux system").flatten();
    let is_child = |folder: &PathBuf| {
        let status = fs::read_to_string(folder.join("status")).unwrap_or_default();
        status.lines().any(|line| line == format!("PPid:\t{parent}"))
    };
    entries.map(|entry| entry.path()).filter(is_child).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn an_import_that_is_interrupted_leaves_no_process() {
    let site = Site::empty();
    site.write("endless.pdf", endless());
    for signal in ["-INT", "-KILL"] {
        let mut rex = site
            .command(&["import", "booklet", "endless.pdf"])
            .stderr(Stdio::null())
            .spawn()
            .expect("rex runs");
        // It is at work when it has a thread for the extractor beside those it waits on.
        let is_at_work = |child: &PathBuf| fs::read_dir(child.join("task")).is_ok_and(|tasks| tasks.count() == 3);
        until("a child is at work", || children(rex.id()).iter().any(is_at_work));
        let left = children(rex.id());
        let sent = Command::new("kill").args([signal, &rex.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
        rex.wait().expect("an end");
        let interrupted = Instant::now();
        until("the child ends", || !left.iter().any(|child| child.exists()));
        // Before its own limits end it.
        assert!(interrupted.elapsed() < Duration::from_secs(10), "{signal}");
    }
}

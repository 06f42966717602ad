//! The text of HTML pages, Word and OpenDocument texts.

use std::io::{Cursor, Write};

use rex_corpus::CpvLabels;
use rex_import::{Booklet, DocumentError, document_text};

fn text(bytes: &[u8]) -> String {
    document_text(bytes).unwrap_or_else(|error| panic!("{error}"))
}

/// An archive of files.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("memory takes a file");
        archive.write_all(content.as_bytes()).expect("memory takes a file");
    }
    archive.finish().expect("memory takes an archive").into_inner()
}

/// A Word document of a body, with the styles that Word has in French.
fn docx(body: &str) -> Vec<u8> {
    let styles = "<w:styles xmlns:w='w'><w:style w:styleId='Titre1'><w:name w:val='heading 1'/></w:style>\
                  <w:style w:styleId='Chapeau'><w:name w:val='Chapeau'/><w:pPr><w:outlineLvl w:val='1'/></w:pPr></w:style></w:styles>";
    let document =
        format!("<?xml version='1.0' encoding='UTF-8'?><w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    archive(&[
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", &document),
        ("word/styles.xml", styles),
        ("word/footnotes.xml", "<w:footnotes><w:t>Une note.</w:t></w:footnotes>"),
    ])
}

fn odt(body: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", &content),
    ])
}

#[test]
fn a_page_is_read_without_its_frame() {
    let page = "<!-- page --><!DOCTYPE html><html><head><title>Site</title><style>p { color: red }</style>\
        <script>if (1 < 2) { document.write('<p>non</p>') }</script></head><body><nav><ul><li>Accueil</li></ul></nav><div>Bandeau</div>\
        <main><h1>L&rsquo;achat &amp; la ville</h1>\n<p>Une <b>phrase</b>\n  sur deux lignes<br>et une autre.</p>\
        <h2 class='x'>Les faits</h2><dl><dt>Acheteur</dt><dd>Ville de Rennes</dd></dl><ul><li>Un<li>Deux</ul>\
        <table><tr><th>Montant</th><td>3 000 € HT</td></tr><tr><td>Durée</td><td>2 ans</td></tr></table>\
        <table><tr><th>Lot</th><th>Objet</th><th>Prix</th></tr><tr><td>1</td><td>Haies</td><td>4 €</td></tr></table>\
        <p><strong>La suite</strong></p><pre>un\n deux</pre></main><footer>Mentions</footer></body></html>";
    assert_eq!(
        text(page.as_bytes()),
        "# L’achat & la ville\n\nUne phrase sur deux lignes\net une autre.\n\n## Les faits\n\nAcheteur : Ville de Rennes\n\n- Un\n- Deux\n\n\
         | Montant | 3 000 € HT |\n| Durée | 2 ans |\n\n| Lot | Objet | Prix |\n|---|---|---|\n| 1 | Haies | 4 € |\n\n**La suite**\n\nun\ndeux\n"
    );
}

#[test]
fn a_page_is_read_in_its_encoding() {
    let utf16: Vec<u8> = "\u{feff}<html>Évry</html>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for page in [
        &b"<html><meta charset=\"ISO-8859-15\">\xc9vry"[..],
        b"<html><meta http-equiv=Content-Type content='text/html; charset=iso-8859-1'>\xc9vry",
        b"<html><meta charset=utf-8>\xc9vry",
        b"<html>\xc9vry",
        "\u{feff}<html>Évry".as_bytes(),
        "<html><meta charset=iso-8859-1>Évry".as_bytes(),
        &utf16,
    ] {
        assert_eq!(text(page), "Évry\n", "{}", String::from_utf8_lossy(page));
    }
}

#[test]
fn a_word_document_is_read_with_styles_lists_and_tables() {
    let paragraph = |style: &str, runs: &str| format!("<w:p><w:pPr>{style}</w:pPr>{runs}</w:p>");
    let run = |text: &str| format!("<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>");
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph("", &run(text)));
    let body = [
        paragraph("<w:pStyle w:val='Titre1'/>", &(run("Un ti") + &run("tre &amp; demi"))),
        paragraph("<w:pStyle w:val='Chapeau'/>", &run("Le récit")),
        paragraph("<w:pStyle w:val='Heading3'/><w:numPr/>", &run("Un détail")),
        paragraph("", "<w:r><w:t>Une ligne</w:t><w:br/><w:t>et</w:t><w:tab/><w:t>l&#39;autre</w:t><w:footnoteReference w:id='1'/></w:r>"),
        paragraph("", "<w:del><w:r><w:delText>Effacé</w:delText></w:r></w:del><w:r><w:rPr><w:b/></w:rPr><w:t>Tout en gras</w:t></w:r>"),
        paragraph("", "<w:r><w:rPr><w:b w:val='0'/></w:rPr><w:t>Sans gras</w:t></w:r><w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r>"),
        paragraph("<w:numPr/>", &run("Un")),
        paragraph("<w:numPr/>", &run("Deux")),
        format!("<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>", cell("Montant"), cell("3 000 € HT"), cell("Durée"), cell("2 ans")),
        // A table that lays out the page.
        format!("<w:tbl><w:tr><w:tc>{}{}</w:tc>{}</w:tr></w:tbl>", paragraph("<w:pStyle w:val='Titre2'/>", &run("La suite")), paragraph("", &run("Du texte.")), cell("À côté")),
        "<w:p><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Encadré</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
         <mc:Fallback><w:p><w:r><w:t>Encadré</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:p>".to_owned(),
    ];
    assert_eq!(
        text(&docx(&body.concat())),
        "# Un titre & demi\n\n## Le récit\n\n### Un détail\n\nUne ligne\net l'autre\n\n**Tout en gras**\n\nSans gras\n\n- Un\n- Deux\n\n\
         | Montant | 3 000 € HT |\n| Durée | 2 ans |\n\n## La suite\n\nDu texte.\n\nÀ côté\n\nEncadré\n"
    );
}

#[test]
fn an_opendocument_text_is_read() {
    let body = "<text:tracked-changes><text:p>Effacé</text:p></text:tracked-changes><text:h text:outline-level='2'>Le <text:span>récit</text:span></text:h>\
        <text:p>Une<text:s text:c='2'/>phrase<text:note><text:note-body><text:p>Note</text:p></text:note-body></text:note>.<text:line-break/>Suite</text:p>\
        <text:list><text:list-item><text:p>Un</text:p></text:list-item></text:list>\
        <table:table><table:table-row><table:table-cell><text:p>Montant</text:p></table:table-cell><table:table-cell><text:p>3 €</text:p></table:table-cell></table:table-row></table:table>";
    assert_eq!(
        text(&odt(body)),
        "## Le récit\n\nUne phrase.\nSuite\n\n- Un\n\n| Montant | 3 € |\n"
    );
}

#[test]
fn other_documents_are_named() {
    for (files, expected) in [
        (
            &[("ppt/presentation.xml", "<a/>")][..],
            "a PowerPoint presentation (PPTX), which is not read; export it as DOCX",
        ),
        (
            &[("mimetype", "application/epub+zip")],
            "an EPUB book, which is not read; export",
        ),
        (
            &[("Index/Document.iwa", "")],
            "an Apple Pages, Keynote or Numbers document, which",
        ),
        (
            &[("mimetype", "application/vnd.oasis.opendocument.presentation")],
            "an OpenDocument presentation (ODP), which",
        ),
        (
            &[("xl/workbook.xml", "<a/>")],
            "an Excel spreadsheet (XLSX), not a booklet; `rex import table`",
        ),
        (&[("a.txt", "a")], "a ZIP archive, which is not read"),
        (
            &[("word/document.xml", "<w:document/>")],
            "a DOCX document without text",
        ),
        (
            &[
                ("mimetype", "application/vnd.oasis.opendocument.text"),
                ("content.xml", "<a/>"),
            ],
            "an ODT document without text",
        ),
        (&[("word/document.xml", "<w:p <<")], "a DOCX document that is damaged"),
        (
            &[("mimetype", "application/vnd.oasis.opendocument.text")],
            "an ODT document that is damaged",
        ),
    ] {
        let error = document_text(&archive(files)).expect_err(expected).to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    for (bytes, expected) in [
        (&b"PK\x03\x04 cut"[..], "a ZIP archive that is damaged"),
        (
            b"<html><script>1</script><nav>Menu</nav></html>",
            "an HTML page without text",
        ),
    ] {
        let error = document_text(bytes).expect_err(expected).to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn what_decompresses_to_too_much_is_refused() {
    let paragraphs = "<w:p><w:r><w:t>mot mot mot mot mot mot mot mot</w:t></w:r></w:p>".repeat(400_000);
    let document = docx(&paragraphs);
    assert!(document.len() < 200_000, "{}", document.len());
    assert_eq!(document_text(&document), Err(DocumentError::TooMuchText));
    let mut many = archive(&[("a", "")]);
    many.extend(b"PK\x01\x02".repeat(20_000));
    assert_eq!(document_text(&many), Err(DocumentError::Files));
    let deep = "<w:tbl><w:tr><w:tc>".repeat(50_000);
    assert!(document_text(&docx(&deep)).is_err());
    let page = format!("<table><tr><td>{}fin", "<table><tr><td>".repeat(50_000));
    assert_eq!(text(page.as_bytes()), "fin\n");
    assert_eq!(
        text(
            "<div>"
                .repeat(200_000)
                .as_bytes()
                .iter()
                .chain(b"fin")
                .copied()
                .collect::<Vec<_>>()
                .as_slice()
        ),
        "fin\n"
    );
}

#[test]
fn each_format_gives_the_same_cases() {
    let plain = [
        ("h", "Haies du parc"),
        ("p", "Acheteur : Ville de Rennes"),
        ("h2", "Le point de départ"),
        ("p", "Il fallait tailler les haies."),
        ("h2", "Le chemin"),
        ("p", "Le marché, d'un montant de 32 000 € HT, dure 18 mois."),
        ("h2", "La suite"),
        ("p", "Titulaire : association Vert Demain"),
        ("h", "Linge de l'internat"),
        ("p", "Acheteur : Département du Nord"),
        ("h2", "Le point de départ"),
        ("p", "Il fallait laver le linge."),
        ("h2", "Le chemin"),
        ("p", "Le marché, d'un montant de 75 500 € HT, dure 24 mois."),
        ("h2", "La suite"),
        ("p", "Titulaire : SCOP Blanc Bleu"),
    ];
    let of = |heading: &str, second: &str, paragraph: &str| -> String {
        let line = |(kind, text): &(&str, &str)| match *kind {
            "h" => heading.replace('_', text),
            "h2" => second.replace('_', text),
            _ => paragraph.replace('_', text),
        };
        plain.iter().map(line).collect()
    };
    let word = |style: &str| format!("<w:p><w:pPr><w:pStyle w:val='{style}'/></w:pPr><w:r><w:t>_</w:t></w:r></w:p>");
    let open = |level: &str| format!("<text:h text:outline-level='{level}'>_</text:h>");
    let documents = [
        of("# _\n\n", "## _\n\n", "_\n\n").into_bytes(),
        of("_\n\n", "_\n\n", "_\n\n").into_bytes(),
        text(format!("<html>{}</html>", of("<h1>_</h1>", "<h2>_</h2>", "<p>_</p>")).as_bytes()).into_bytes(),
        text(format!("<html>{}</html>", of("<p>_</p>", "<p><b>_</b></p>", "<p>_</p>")).as_bytes()).into_bytes(),
        text(&docx(&of(&word("Titre1"), &word("Titre2"), &word("Normal")))).into_bytes(),
        text(&docx(&of(&word("Normal"), &word("Normal"), &word("Normal")))).into_bytes(),
        text(&odt(&of(&open("1"), &open("2"), "<text:p>_</text:p>"))).into_bytes(),
    ];
    for document in documents {
        let text = String::from_utf8(document).expect("text");
        let booklet = Booklet::read(&text, &CpvLabels::shipped()).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let facts: Vec<String> = booklet
            .cases
            .iter()
            .map(|case| {
                let record = &case.record;
                let sections: Vec<&str> = record.sections.iter().map(|section| section.titre.as_str()).collect();
                format!(
                    "{} | {} | {} | {:?} | {:?} | {}",
                    record.titre,
                    record.acheteur.as_ref().map_or("", |buyer| &buyer.nom),
                    record.titulaires.first().map_or("", |holder| &holder.nom),
                    record.montant_ht.map(|amount| amount.to_string()),
                    record.duree_mois,
                    sections.join(", ")
                )
            })
            .collect();
        assert_eq!(
            facts,
            [
                "Haies du parc | Ville de Rennes | Vert Demain | Some(\"32000\") | Some(18) | Le point de départ, Le chemin",
                "Linge de l'internat | Département du Nord | Blanc Bleu | Some(\"75500\") | Some(24) | Le point de départ, Le chemin",
            ],
            "{text}"
        );
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 128, ..Default::default() })]

    #[test]
    fn never_panics_on_tags(page in "(<|>|/|<h[1-7]>|</h1>|<p>|</p>|<table>|<tr>|<td>|<th>|</tr>|</table>|<li>|<dt>|<dd>|<main>|</main>|<nav>|</nav>|<script>|</script>|<title>|<br>|<b>|</b>|<pre>|&amp;|&#0;|&#x110000;|<!--|-->|a|é| |\n|\\|){0,60}") {
        let _ = document_text(page.as_bytes());
    }

    #[test]
    fn never_panics_on_word_elements(body in "(<w:p>|</w:p>|<w:r>|</w:r>|<w:t>|</w:t>|<w:tbl>|<w:tr>|</w:tr>|<w:tc>|</w:tc>|<w:del>|</w:del>|<w:pStyle w:val='Titre9'/>|<w:pStyle w:val='Titre'/>|<w:numPr/>|<w:b/>|<w:br/>|&amp;|&x;|&|<|a|é){0,60}") {
        let _ = document_text(&docx(&body));
        let _ = document_text(&odt(&body.replace("w:", "text:")));
    }

    #[test]
    fn never_panics_on_damage(at in 0_usize..2_000, byte in 0_u8.., cut in 0_usize..2_000) {
        let mut document = docx("<w:p><w:r><w:t>Un mot</w:t></w:r></w:p>");
        let at = at % document.len();
        document[at] = byte;
        let _ = document_text(&document);
        document.truncate(cut);
        let _ = document_text(&document);
    }
}

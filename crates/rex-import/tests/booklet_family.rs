//! Imports similar booklets, written for these tests: other headings, other orders of sections, other marks.

use rex_corpus::CpvLabels;
use rex_import::{Booklet, BookletError, FindingKind, ImportedCase, is_as_imported};

const GUIDE: &str = include_str!("booklets/guide.txt");
const COLLECTION: &str = include_str!("booklets/recueil.md");
const PLAIN: &str = include_str!("booklets/brut.txt");

fn read(text: &str) -> Booklet {
    Booklet::read(text, &CpvLabels::shipped()).expect("a booklet")
}

/// The facts of a case on one line; `-` for a missing fact.
fn facts(case: &ImportedCase) -> String {
    let record = &case.record;
    let or_dash = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let holder = record.titulaires.first();
    [
        record.titre.clone(),
        or_dash(record.acheteur.as_ref().map(|buyer| buyer.nom.clone())),
        or_dash(record.territoire.last().cloned()),
        or_dash(holder.map(|holder| holder.nom.clone())),
        or_dash(holder.and_then(|holder| holder.structure.first().cloned())),
        or_dash(record.nature.map(|nature| nature.to_string())),
        or_dash(record.procedure.map(|procedure| procedure.to_string())),
        or_dash(
            Some(
                record
                    .reserve
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" "),
            )
            .filter(|all| !all.is_empty()),
        ),
        or_dash(record.cpv.map(|cpv| cpv.to_string())),
        or_dash(record.montant_ht.map(|amount| amount.to_string())),
        or_dash(record.duree_mois.map(|months| months.to_string())),
        or_dash(
            record
                .source
                .as_ref()
                .and_then(|source| source.page)
                .map(|page| page.to_string()),
        ),
    ]
    .join(" | ")
}

fn all_facts(booklet: &Booklet) -> Vec<String> {
    booklet.cases.iter().map(facts).collect()
}

const GUIDE_FACTS: [&str; 3] = [
    "Des repas bio et solidaires servis dans les collèges | Département de la Gironde | Département de la Gironde | Les Tables Vives | Coopérative | services | Appel d'offres ouvert | EA ESAT | 55524000-9 | 1590000 | 48 | 4",
    "Le linge de l'hôpital confié à une entreprise adaptée | CHU de Nantes | Nantes | Blanc Soleil | Entreprise adaptée | services | Marché réservé | EA ESAT | 98310000-9 | - | 48 | 6",
    "Des parcs entretenus par les habitants | Commune de Rennes | Rennes | Régie de quartier Nord Jardins | Régie de quartier | - | Procédure adaptée | SIAE | - | - | 36 | 8",
];

#[test]
fn a_guide_with_running_lines_and_cut_words() {
    let booklet = read(GUIDE);
    assert_eq!(all_facts(&booklet), GUIDE_FACTS);
    let source = booklet.cases[0].record.source.clone().unwrap();
    assert_eq!(
        (
            source.titre.as_deref(),
            source.editeur.as_deref(),
            source.url.as_deref()
        ),
        (
            Some("Acheter autrement : dix ans de commande publique avec les structures de l'ESS"),
            Some("Achats Demain"),
            Some("https://www.achats-demain.fr")
        )
    );
    let texts: Vec<&str> = booklet.cases[0]
        .record
        .sections
        .iter()
        .map(|section| section.texte.as_str())
        .collect();
    assert!(
        texts[0].contains("dans ses collèges.") && texts[0].contains("du territoire avant"),
        "{}",
        texts[0]
    );
    assert_eq!(
        texts[2],
        "- D'embaucher six personnes en contrat durable\n- De signer avec neuf fermes\n- De former les équipes"
    );
    let lots = booklet.cases[0].record.lots.unwrap();
    assert_eq!((lots.nombre, lots.reserves), (4, Some(2)));
    let doubts: Vec<String> = booklet
        .cases
        .iter()
        .flat_map(|case| case.of_kind(FindingKind::Doubtful))
        .map(|finding| finding.message.clone())
        .collect();
    assert!(
        doubts
            .iter()
            .any(|doubt| doubt.contains("480 000 € TTC") && doubt.contains("with tax")),
        "{doubts:?}"
    );
    assert!(
        doubts
            .iter()
            .any(|doubt| doubt.contains("50 000 et 80 000 € HT par an")),
        "{doubts:?}"
    );
}

#[test]
fn characters_of_a_pdf_and_of_another_system_change_nothing() {
    let typeset = GUIDE
        .replace('\'', "’")
        .replace("fi", "ﬁ")
        .replace(" €", "\u{202f}€")
        .replace(" 000", "\u{a0}000")
        .replace('\n', "\r\n");
    assert_eq!(all_facts(&read(&typeset)), GUIDE_FACTS);
    // Pages separated by form feeds, with a page number only.
    let sheets = GUIDE.replace(
        "Acheter autrement                                                     ",
        "",
    );
    let sheets: String = sheets
        .lines()
        .map(|line| {
            if line.len() == 1 && line != "4" {
                format!("{line}\n\u{c}")
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    assert_eq!(all_facts(&read(&sheets)).len(), 3);
    let no_contents: Vec<&str> = GUIDE.lines().take(6).chain(GUIDE.lines().skip(16)).collect();
    let booklet = read(&no_contents.join("\n"));
    assert_eq!(booklet.cases.len(), 3);
    assert_eq!(
        booklet.cases[0].record.source.as_ref().and_then(|source| source.page),
        Some(4)
    );
}

#[test]
fn markdown_with_tables_and_lists() {
    assert_eq!(
        all_facts(&read(COLLECTION)),
        [
            "Réemployer le mobilier de bureau | Bordeaux Métropole | Bordeaux Métropole | Le Bon Coin des Meubles | Association | fournitures | Procédure adaptée | - | 39130000-2 | 92500 | 24 | -",
            "Nettoyer les rives | Communauté de communes du Pays de Redon | - | Rives Claires | Association | - | Procédure adaptée | SIAE | - | - | 24 | -",
            "Former au numérique | Département du Nord | Département du Nord | Octet Partagé | Coopérative | services | - | - | - | - | - | -",
        ]
    );
}

#[test]
fn plain_text_without_contents_or_bullets() {
    let booklet = read(PLAIN);
    assert_eq!(
        all_facts(&booklet),
        [
            "Entretien des locaux communaux | Commune d'Albi | Albi | Éclat Vert | Entreprise d'insertion | services | Procédure adaptée | - | 90919300-5 | 160000 | 36 | -",
            "Collecte des biodéchets | Commune de Gaillac | Gaillac | Compost & Compagnie | Coopérative | - | Procédure avec négociation | - | - | 75000 | 18 | -",
        ]
    );
    let missing: Vec<&str> = booklet.cases[1]
        .of_kind(FindingKind::Missing)
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(missing, ["source.page", "nature", "cpv"]);
}

#[test]
fn every_finding_has_a_line_of_the_text() {
    for text in [GUIDE, COLLECTION, PLAIN] {
        let booklet = read(text);
        let lines = text.lines().count();
        let of_cases = booklet.cases.iter().flat_map(|case| &case.findings);
        for finding in of_cases.chain(&booklet.findings) {
            assert!((1..=lines).contains(&finding.line), "{finding:?}");
        }
        assert!(booklet.cases.iter().all(|case| is_as_imported(&case.to_markdown())));
    }
}

#[test]
fn what_is_no_booklet_is_said() {
    let labels = CpvLabels::shipped();
    let error = |text: &str| Booklet::read(text, &labels).unwrap_err();
    assert_eq!(error(""), BookletError::NoCase);
    assert_eq!(error("{\"cases\": []}"), BookletError::NoCase);
    assert_eq!(error("Une lettre.\n\nBonjour,\nmerci.\n"), BookletError::NoCase);
    assert_eq!(error(&format!("a\n{}", "x".repeat(70_000))), BookletError::LongLine(2));
    assert_eq!(error(&"x\n".repeat(5 << 20)), BookletError::TooLarge);
    let end = GUIDE.find("traite chaque jour").unwrap();
    assert!(matches!(error(&GUIDE[..end]), BookletError::CutShort { .. }));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 64, ..Default::default() })]

    /// Lines of booklets in any order, truncated anywhere.
    #[test]
    fn never_panics_on_shuffled_lines(ranks in proptest::collection::vec(0_usize..230, 0..90), cut in 0_usize..4_000) {
        let lines: Vec<&str> = GUIDE.lines().chain(COLLECTION.lines()).chain(PLAIN.lines()).collect();
        let text: Vec<&str> = ranks.iter().filter_map(|rank| lines.get(*rank).copied()).collect();
        let text = text.join("\n");
        let end = (0..=cut.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        for text in [text.as_str(), &text[..end]] {
            if let Ok(booklet) = Booklet::read(text, &CpvLabels::shipped()) {
                for case in &booklet.cases {
                    proptest::prop_assert!(is_as_imported(&case.to_markdown()));
                }
            }
        }
    }

    #[test]
    fn never_panics_on_any_text(text in "(Le besoin|La réponse|Les résultats|Informations|Sommaire|\\PC{0,12}|\n|\r|\u{c}|- |\\*\\*|[0-9]{1,9}| €|\\| ){0,40}") {
        let _ = Booklet::read(&text, &CpvLabels::shipped());
    }
}

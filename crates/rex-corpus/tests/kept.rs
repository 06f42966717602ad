//! Corpora as people keep them: exports of other programs, other spellings, other encodings.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::convert::Infallible;
use std::fs;
use std::path::Path;

use rex_corpus::{Corpus, Euros, Record, plain_text};

struct Read {
    records: Vec<Record>,
    notes: Vec<String>,
    problems: Vec<String>,
}

impl Read {
    fn folder(folder: &Path) -> Self {
        let mut records = Vec::new();
        let Ok(report) = Corpus::open(folder).unwrap().read(|record, _| {
            records.push(record);
            Ok::<_, Infallible>(())
        });
        let prefix = format!("{}/", folder.display());
        let lines = |lines: Vec<String>| lines.iter().map(|line| line.replace(&prefix, "")).collect();
        Self {
            records,
            notes: lines(report.notes.iter().map(ToString::to_string).collect()),
            problems: lines(report.problems.iter().map(ToString::to_string).collect()),
        }
    }

    /// A corpus of one file.
    fn one(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), content).unwrap();
        Self::folder(folder.path())
    }

    fn record(&self, id: &str) -> &Record {
        let found = self.records.iter().find(|record| record.id == id);
        found.unwrap_or_else(|| panic!("no {id} in {:?}: {:?}", self.records, self.problems))
    }

    fn only(&self) -> &Record {
        assert_eq!((self.records.len(), self.problems.len()), (1, 0), "{:?}", self.problems);
        &self.records[0]
    }

    /// The notes or problems of a file.
    fn of<'a>(lines: &'a [String], file: &str) -> Vec<&'a str> {
        let of_file = |line: &'a String| line.strip_prefix(file)?.strip_prefix(':');
        lines.iter().filter_map(of_file).collect()
    }
}

fn text(record: &Record) -> String {
    let sections = record.sections.iter();
    let texts = sections.map(|section| format!("{}{}", section.titre, plain_text(&section.texte)));
    texts.collect::<Vec<_>>().join("\n")
}

fn iso(record: &Record) -> Option<String> {
    record.date.map(|date| date.to_string())
}

const SAUMUR: [&str; 3] = ["Pays de la Loire", "Maine-et-Loire", "Saumur"];

#[test]
fn the_exports_of_other_programs_are_cases() {
    let Some(folder) = rex_tests::shared("data/cases/corpus") else {
        return;
    };
    let read = Read::folder(&folder);

    let wordpress = read.record("entretien-berges");
    assert_eq!(wordpress.titre, "Entretien des berges du canal");
    assert_eq!(wordpress.themes, ["Espaces verts", "insertion", "marché réservé"]);
    assert_eq!(iso(wordpress).unwrap(), "2024-03-15");
    assert_eq!(
        text(wordpress),
        "La commune voulait confier les berges à des personnes éloignées de l'emploi."
    );
    assert_eq!(
        Read::of(&read.notes, "wordpress/entretien-berges.md"),
        [
            "1: note: title is read as titre, categories is read as themes, tags is read as themes; \
          passed over: author, coverImage, status, permalink"
        ]
    );

    let hugo = read.record("tri-archives");
    assert_eq!(
        (hugo.titre.as_str(), iso(hugo).unwrap().as_str()),
        ("Tri des archives", "2024-03-15")
    );
    assert_eq!(
        (hugo.themes.join(" "), text(hugo)),
        ("archives".to_owned(), "Un marché réservé aux ESAT.".to_owned())
    );
    assert_eq!(
        Read::of(&read.notes, "hugo-toml/tri-archives.md"),
        ["1: note: title is read as titre, tags is read as themes"]
    );

    let jekyll = read.record("2024-03-15-nettoyage-mairie");
    assert_eq!(jekyll.titre, "Nettoyage de la mairie");
    assert_eq!(
        (jekyll.themes.join(","), iso(jekyll).unwrap()),
        ("proprete,insertion".to_owned(), "2024-03-15".to_owned())
    );
    assert_eq!(
        Read::of(&read.notes, "jekyll/2024-03-15-nettoyage-mairie.markdown"),
        ["1: note: title is read as titre, categories is read as themes; passed over: layout"]
    );

    let obsidian = read.record("collecte-des-cartons");
    assert_eq!(obsidian.titre, "Collecte des cartons");
    assert_eq!(obsidian.themes, ["insertion", "déchets"]);
    assert_eq!(
        text(obsidian),
        "Ville de Quimper voulait confier la collecte à une SIAE. insertion\nChiffres\n120 000 € HT sur quatre ans"
    );
    assert_eq!(
        Read::of(&read.notes, "obsidian/Collecte des cartons.md"),
        [
            "1: note: tags is read as themes; passed over: aliases, created; the #tags of the text are themes; \
          the title is the heading \"Collecte des cartons\"; the id is \"collecte-des-cartons\", from the name of the file"
        ]
    );
}

#[test]
fn the_spellings_and_files_of_people_are_understood() {
    let Some(folder) = rex_tests::shared("data/cases/corpus") else {
        return;
    };
    let read = Read::folder(&folder);

    let free = read.record("champs-francais-libres");
    assert_eq!(free.acheteur.as_ref().unwrap().nom, "Commune de Saumur");
    let holders: Vec<_> = free.titulaires.iter().map(|party| party.nom.as_str()).collect();
    assert_eq!(holders, ["Les Jardins du Val"]);
    assert_eq!(free.montant_ht.map(Euros::cents), Some(4_800_000));
    assert_eq!((free.duree_mois, iso(free).unwrap().as_str()), (Some(24), "2024-03-15"));
    assert_eq!(free.procedure.unwrap().label(), "Procédure adaptée");
    assert_eq!(
        free.reserve.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["SIAE"]
    );
    assert_eq!(free.cpv.as_ref().unwrap().to_string(), "77310000-6");
    assert_eq!(
        (&free.territoire[..], free.themes.join("|").as_str()),
        (&SAUMUR.map(String::from)[..], "insertion|espaces verts")
    );

    let typed = read.record("montants");
    assert_eq!(typed.montant_ht.map(Euros::cents), Some(4_800_050));
    assert_eq!(
        (typed.duree_mois, iso(typed).unwrap().as_str()),
        (Some(24), "2024-03-15")
    );
    assert_eq!(typed.themes, ["insertion", "espaces verts"]);
    assert_eq!(
        (typed.territoire.as_slice(), typed.lots.unwrap().nombre),
        (&SAUMUR.map(String::from)[..], 2)
    );

    for (id, titre, body) in [
        ("bom", "Marque d ordre des octets", "Texte."),
        ("cp1252", "Encodé en Windows-1252", "Texte accentué."),
        ("crlf", "Fins de ligne de Windows", "Texte."),
        ("ete-a-evry", "Fins de ligne de Windows", "Texte."),
        ("lignes-vides", "Lignes vides avant", "Texte."),
        ("MAJ", "Fins de ligne de Windows", "Texte."),
        ("majuscules", "Majuscule", "Texte."),
        (
            "sans-entete",
            "Plantation de haies",
            "Un chantier confié à une association intermédiaire.",
        ),
        ("tabulation", "Tabulation", "Texte."),
        ("utf16", "Encodé en UTF-16", "Texte."),
    ] {
        let record = read.record(id);
        assert_eq!((record.titre.as_str(), text(record).as_str()), (titre, body), "{id}");
    }
    assert_eq!(read.record("tabulation").montant_ht.map(Euros::cents), Some(500));
    assert_eq!(read.record("majuscules").montant_ht.map(Euros::cents), Some(500));
    for (file, note) in [
        (
            "divers/cp1252.md",
            "1: note: the file is read as windows-1252, expected UTF-8; save it again as UTF-8",
        ),
        (
            "divers/utf16.md",
            "1: note: the file is read as UTF-16, expected UTF-8; save it again as UTF-8",
        ),
        (
            "divers/majuscules.md",
            "1: note: Titre is read as titre, Montant_HT is read as montant_ht",
        ),
        (
            "divers/sous/dossier/Été à Évry.md",
            "1: note: the id is \"ete-a-evry\", from the name of the file",
        ),
        (
            "divers/sans-entete.md",
            "1: note: there is no front matter; the title is the heading \"Plantation de haies\"",
        ),
        (
            "divers/tabulation.md",
            "1: note: tabs are read as spaces and values with \" : \" as texts, expected spaces and quotes",
        ),
        (
            "divers/page.mdx",
            "1: note: not read, although it has front matter; give it the extension .md if it is a case",
        ),
        (
            "divers/page.txt",
            "1: note: not read, although it has front matter; give it the extension .md if it is a case",
        ),
    ] {
        assert_eq!(Read::of(&read.notes, file), [note]);
    }
    for silent in [
        "divers/bom.md",
        "divers/crlf.md",
        "divers/lignes-vides.md",
        "divers/MAJ.MD",
        "README.md",
    ] {
        assert_eq!(Read::of(&read.notes, silent), [] as [&str; 0]);
    }
    let written: Vec<&str> = read.problems.iter().map(String::as_str).collect();
    assert_eq!(
        written,
        [
            "divers/deux-points.md:3: the front matter is not valid YAML (while parsing a flow mapping, did not find expected ',' \
             or '}'), expected `field: value` lines; a value with a colon needs quotes",
            "divers/sans-fin.md:1: the front matter is not closed, expected a second line \"---\" after the fields",
            "divers/sous/crlf.md:1: duplicate id \"crlf\", first used at divers/crlf.md:1, expected an id of its own",
            "divers/themes-et-lieux.md:4: unknown région \"Pays de Loire\", the nearest is \"Pays de la Loire\"",
        ]
    );
}

#[test]
fn a_region_that_does_not_exist_is_a_problem() {
    let Some(folder) = rex_tests::shared("data/cases/corpus-ok") else {
        return;
    };
    let read = Read::folder(&folder);
    assert_eq!(
        read.problems,
        ["themes-et-lieux.md:4: unknown région \"Pays de Loire\", the nearest is \"Pays de la Loire\""]
    );
    let case = fs::read_to_string(folder.join("themes-et-lieux.md")).unwrap();
    let read = Read::one("a.md", case.replace("Pays de Loire", "Pays de la Loire"));
    let record = read.only();
    assert_eq!(record.themes, ["insertion", "espaces verts"]);
    assert_eq!(record.territoire, SAUMUR);
    assert_eq!(
        read.notes,
        [
            "a.md:4: note: territoire: [Pays de la Loire, Maine et Loire, saumur] is read as \
          [Pays de la Loire, Maine-et-Loire, Saumur]"
        ]
    );
}

#[test]
fn a_post_of_hugo_is_a_case() {
    let read = Read::one(
        "index-haies.md",
        "---\ntitle: \"Des haies : la suite\"\ndate: 2024-03-15T10:00:00Z\nlastmod: 2024-04-01\ndraft: false\ntags: [haies, \"#insertion\"]\n\
         categories:\n  - espaces verts\nparams: {a: {b: 1}}\nacheteur: {nom: Commune de Vertou}\nweight: 3\n---\n## Le marché\n\nTexte.\n",
    );
    let record = read.only();
    assert_eq!(record.titre, "Des haies : la suite");
    assert_eq!(record.themes, ["haies", "insertion", "espaces verts"]);
    assert_eq!(record.sections[0].titre, "Le marché");
    assert_eq!(
        read.notes,
        [
            "index-haies.md:1: note: title is read as titre, tags is read as themes, categories is read as themes; \
          passed over: lastmod, draft, params, weight"
        ]
    );

    let read = Read::one(
        "a.md",
        "+++\ntitre = \"A\"\nmontant_ht = 48_000\nthemes = [\"tri\"]\ncpv = 3\n[[titulaires]]\nnom = \"B, C\"\n+++\nT\n",
    );
    assert_eq!(read.problems.len(), 1, "{:?}", read.problems);
    assert!(read.problems[0].starts_with("a.md:5: "), "{:?}", read.problems);
}

#[test]
fn a_post_of_jekyll_is_a_case() {
    let read = Read::one(
        "2023-11-02-collecte.md",
        "---\nlayout: post\ntitle: Collecte\ncategories: [espaces verts]\ntags: [tri, \"tri sélectif\"]\nexcerpt: X\n---\nTexte.\n",
    );
    assert_eq!(read.only().themes, ["espaces verts", "tri", "tri sélectif"]);
    assert_eq!(read.only().id, "2023-11-02-collecte");
}

#[test]
fn a_page_in_a_folder_of_its_own_has_its_name() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("2024-03-15-haies/index.md", "---\ntitle: Haies\n---\nT\n"),
        ("Tri à Évry/index.md", "---\ndate: 2024-03-15\nauthor: x\n---\nT\n"),
        ("_index.md", "---\ntitle: Les cas\n---\nListe\n"),
        ("rex/index.md", "---\ntitre: De Rex\n---\nT\n"),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let read = Read::folder(folder.path());
    let found: Vec<_> = read
        .records
        .iter()
        .map(|one| (one.id.as_str(), one.titre.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("2024-03-15-haies", "Haies"),
            ("tri-a-evry", "Tri à Évry"),
            ("index", "De Rex")
        ]
    );
    assert_eq!(
        Read::of(&read.notes, "Tri à Évry/index.md"),
        [
            "1: note: passed over: author; the title is the name of the folder, \"Tri à Évry\"; \
          the id is \"tri-a-evry\", from the name of the folder"
        ]
    );
    assert_eq!(
        Read::of(&read.notes, "_index.md"),
        ["1: note: a page of Hugo that lists others, it is no case"]
    );
    assert_eq!(read.problems, [] as [&str; 0]);
}

#[test]
fn a_page_of_notion_is_a_case() {
    let read = Read::one(
        "Tri des papiers 0123456789abcdef0123456789abcdef.md",
        "# Tri des papiers\n\nAcheteur: Ville de Vannes\nMontant HT: 48 000,00 €\nDate: March 15, 2024\nTags: tri, papier\n\
         Lieu: Vannes\nResponsable: nous\n\nLe texte.\n",
    );
    let record = read.only();
    assert_eq!(
        (record.id.as_str(), record.titre.as_str()),
        ("tri-des-papiers", "Tri des papiers")
    );
    assert_eq!(record.acheteur.as_ref().unwrap().nom, "Ville de Vannes");
    assert_eq!(record.montant_ht.map(Euros::cents), Some(4_800_000));
    assert_eq!(
        (iso(record).unwrap(), record.themes.join("|")),
        ("2024-03-15".to_owned(), "tri|papier".to_owned())
    );
    assert_eq!(record.territoire, ["Bretagne", "Morbihan", "Vannes"]);
    assert_eq!(text(record), "Responsable: nous\nLe texte.");
}

#[test]
fn a_note_of_obsidian_is_a_case() {
    let read = Read::one(
        "Berges.md",
        "---\naliases:\n  - rives\nacheteur: \"[[Ville d'Angers|Angers]]\"\ntitulaires:\n  - \"[[Les Rives, SCOP]]\"\n  - nom: B\ncssclasses: [wide]\n\
         lieu: \"[[Angers]]\"\n---\nUn marché #insertion, voir ![[plan.png]] et `#code`.\n",
    );
    let record = read.only();
    assert_eq!(record.titre, "Berges");
    assert_eq!(record.acheteur.as_ref().unwrap().nom, "Angers");
    let holders: Vec<_> = record.titulaires.iter().map(|party| party.nom.as_str()).collect();
    assert_eq!(holders, ["Les Rives, SCOP", "B"]);
    assert_eq!(
        (record.themes.join(" "), &record.territoire[2]),
        ("insertion".to_owned(), &"Angers".to_owned())
    );
    assert_eq!(text(record), "Un marché insertion, voir  et #code.");

    let read = Read::one("n.md", "---\ntags: [a]\nmarche:\n  montant: 5\n---\n# T\n");
    assert!(
        read.problems[0].starts_with("n.md:3: unknown key \"marche\""),
        "{:?}",
        read.problems
    );
}

#[test]
fn blocks_of_wordpress_are_sections() {
    let read = Read::one(
        "wp.md",
        "---\ntitle: WP\n---\n<!-- wp:heading -->\n<h2 class=\"wp-block-heading\">Le marché</h2>\n<!-- /wp:heading -->\n\n\
         <!-- wp:list -->\n<ul><!-- wp:list-item -->\n<li>un <strong>lot</strong></li>\n<!-- /wp:list-item -->\n\n\
         <!-- wp:list-item -->\n<li>deux</li>\n<!-- /wp:list-item --></ul>\n<!-- /wp:list -->\n\n<p>Fin&nbsp;: l&rsquo;insertion.</p>\n",
    );
    let [section] = &read.only().sections[..] else {
        panic!("one section");
    };
    assert_eq!(section.titre, "Le marché");
    assert_eq!(plain_text(&section.texte), "un lot\ndeux\nFin\u{a0}: l’insertion.");
}

#[test]
fn a_draft_is_not_published() {
    for (front_matter, said) in [
        (
            "title: A\ndraft: true",
            "a.md:1: note: a draft (draft: true), it is not published",
        ),
        (
            "titre: A\nstatus: draft",
            "a.md:1: note: a draft (status: draft), it is not published",
        ),
        (
            "titre: A\npublished: false",
            "a.md:1: note: a draft (published: false), it is not published",
        ),
    ] {
        let read = Read::one("a.md", format!("---\n{front_matter}\n---\nT\n"));
        assert_eq!((read.records.len(), read.problems.len()), (0, 0));
        assert_eq!(read.notes, [said]);
    }
}

#[test]
fn a_key_that_nobody_knows_stays_a_problem() {
    let read = Read::one("a.md", "---\ntitle: A\nmontent: 3\nauthor: x\n---\nT\n");
    assert_eq!(
        read.problems,
        ["a.md:3: unknown key \"montent\", the nearest is \"montant_ht\""]
    );
    let read = Read::one("a.md", "---\ntitle: A\nprix: 3\nmontant: 4\n---\nT\n");
    assert_eq!(
        read.problems,
        ["a.md:4: \"prix\" and \"montant\" both mean \"montant_ht\", expected one of them"]
    );
    let read = Read::one("a.md", "---\ntitre: A\ntitle: B\nthemes: [x]\ntags: [y]\n---\nT\n");
    assert_eq!(
        (read.only().titre.as_str(), read.only().themes.join(" ")),
        ("A", "x y".to_owned())
    );
}

#[test]
fn what_is_not_understood_is_said() {
    for (field, problem) in [
        (
            "montant_ht: 57 600 € TTC",
            "\"57 600 € TTC\" includes tax (TTC), expected the amount before tax (HT)",
        ),
        (
            "montant_ht: 48.000",
            "\"48.000\" may mean thousands or decimals, expected euros before tax such as 350000 or 127721.50",
        ),
        (
            "duree_mois: 90 jours",
            "\"90 jours\" is not right here, expected a whole number of months, 1 to 1188",
        ),
        (
            "date: 31/02/2024",
            "\"31/02/2024\" is not a date, expected a day such as 2023-05-01 or a year such as 2023",
        ),
        (
            "reserve: ESAT et ESSAT",
            "unknown reserve \"ESAT et ESSAT\", expected one of: SIAE, EA, ESAT, ESS",
        ),
        (
            "lots: beaucoup",
            "\"beaucoup\" is not right here, expected a number of lots, 1 to 10000",
        ),
        (
            "territoire: [Occitanie, Haute-Garonne, Saumur]",
            "\"Saumur\" is not in Haute-Garonne, expected [Pays de la Loire, Maine-et-Loire, Saumur]",
        ),
    ] {
        let read = Read::one("a.md", format!("---\ntitre: A\n{field}\n---\nT\n"));
        assert_eq!(read.problems, [format!("a.md:3: {problem}")]);
    }
    let read = Read::one(
        "a.md",
        "---\ntitre: A\ndate: mars 2024\nprocedure: MAPA (art. L2123-1)\n---\nT\n",
    );
    assert_eq!(iso(read.only()).unwrap(), "2024");
    assert_eq!(
        read.notes,
        [
            "a.md:3: note: date: \"mars 2024\" has no day, it is read as the year 2024",
            "a.md:4: note: procedure: \"MAPA (art. L2123-1)\" is read as \"Procédure adaptée\"",
        ]
    );
}

#[test]
fn lines_of_json_are_read_alike() {
    let line = r#"{"id":"a","titre":"A","acheteur":"Ville de Vannes","titulaires":["B, C"],"themes":"x; y","territoire":"vannes","montant_ht":"48 000 €","reserve":"entreprise adaptée","lots":2}"#;
    let read = Read::one("a.jsonl", line);
    let record = read.only();
    assert_eq!(
        (record.titulaires[0].nom.as_str(), record.themes.join("|")),
        ("B, C", "x|y".to_owned())
    );
    assert_eq!(record.territoire, ["Bretagne", "Morbihan", "Vannes"]);
    assert_eq!(record.reserve[0].label(), "EA");
    // As Rex writes it, it is read back unchanged and without a note.
    let again = Read::one("a.jsonl", serde_json::to_string(record).unwrap());
    assert_eq!((again.only(), again.notes.len()), (record, 0));
}

proptest::proptest! {
    /// Any file is a record, problems or a note, and a record is one that JSON lines take unchanged.
    #[test]
    fn any_file_is_read_or_refused(
        fence in "---|\\+\\+\\+|\\+\\+\\+|",
        fields in proptest::collection::vec(
            ("(title|tags|categories|draft|Titre|montant|lieu|territoire|procedure|reserve|date|aliases|lots|x)",
             "(: | = |=|:\t)",
             "[a-z0-9éÉ'\"\\[\\]{},.:#&*|> -]{0,20}|\"[a-z ,;]{0,9}\"|\\[\"[a-z]{1,5}\"\\]|saumur|MAPA"),
            0..6,
        ),
        body in "(# |\\[\\[|\\]\\]|> \\[!a\\]|<p>|</p>|<!-- wp:p -->|#|\n|\n\n|[a-zé: ]){0,30}",
    ) {
        let fields: String = fields.iter().map(|(key, sign, value)| format!("{key}{sign}{value}\n")).collect();
        let read = Read::one("un cas.md", format!("{fence}\n{fields}{fence}\n{body}"));
        proptest::prop_assert!(read.records.len() + read.problems.len() + read.notes.len() > 0);
        for record in &read.records {
            let again = Read::one("a.jsonl", serde_json::to_string(record).unwrap());
            proptest::prop_assert_eq!(&again.problems, &Vec::<String>::new());
            proptest::prop_assert_eq!(&again.records[0], record);
        }
    }
}

//! Files of WordPress, Hugo, Jekyll, Obsidian and Notion.

use std::fs;

use rex_corpus::{Euros, plain_text};

use crate::{Read, iso, text};

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
    assert_eq!(iso(read.only()).unwrap(), "2023-11-02");
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
        "---\ntitle: WP\ncategories: [Non classé, Haies]\n---\n<!-- wp:heading -->\n<h2 class=\"wp-block-heading\">Le marché</h2>\n<!-- /wp:heading -->\n\n\
         <!-- wp:list -->\n<ul><!-- wp:list-item -->\n<li>un <strong>lot</strong></li>\n<!-- /wp:list-item -->\n\n\
         <!-- wp:list-item -->\n<li>deux</li>\n<!-- /wp:list-item --></ul>\n<!-- /wp:list -->\n\n<p>Fin&nbsp;: l&rsquo;insertion.</p>\n",
    );
    let [section] = &read.only().sections[..] else {
        panic!("one section");
    };
    assert_eq!(section.titre, "Le marché");
    assert_eq!(read.only().themes, ["Haies"]);
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

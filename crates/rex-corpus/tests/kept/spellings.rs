//! Values, files and encodings of people.

use std::fs;

use rex_corpus::Euros;

use crate::{Read, iso, text};

const SAUMUR: [&str; 3] = ["Pays de la Loire", "Maine-et-Loire", "Saumur"];

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

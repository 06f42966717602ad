//! Tables of cases as people keep them, and the records they give.

use rex_corpus::{Corpus, CpvLabels, Procedure, Record};
use rex_import::{Finding, FindingKind, ImportedCase, Sheet, Table, TableMap, csv_sheet, workbook_sheets};
use rex_tests::spreadsheet::{ods_of, xlsx, xlsx_of};

fn read_with(sheets: &[Sheet], map: &[&str]) -> Result<Table, String> {
    let mut fields = TableMap::default();
    for mapping in map {
        fields.require(mapping).expect("a mapping");
    }
    Table::read(sheets, None, &fields, &CpvLabels::shipped()).map_err(|error| error.to_string())
}

fn read(csv: &str) -> Table {
    read_with(&[csv_sheet(csv.as_bytes()).expect("a table")], &[]).expect("cases")
}

/// The only case of a table of one row.
fn case(csv: &str) -> ImportedCase {
    let mut cases = read(csv).cases;
    assert_eq!(cases.len(), 1, "{csv}");
    cases.remove(0)
}

fn places(case: &ImportedCase, kind: FindingKind) -> Vec<String> {
    case.of_kind(kind).map(Finding::place).collect()
}

/// The findings of a kind, with their places.
fn said(table: &Table, kind: FindingKind) -> Vec<String> {
    let of_kind = table.findings.iter().filter(|finding| finding.kind == kind);
    of_kind
        .map(|finding| format!("{} {}", finding.place(), finding.message))
        .collect()
}

/// Writes the cases as files and reads them back as `rex check` does.
fn checked(cases: &[ImportedCase]) -> Vec<Record> {
    let folder = tempfile::tempdir().expect("a folder");
    for case in cases {
        let path = folder.path().join(format!("{}.md", case.record.id));
        std::fs::write(path, case.to_markdown()).expect("a file");
    }
    let mut records = Vec::new();
    let corpus = Corpus::open(folder.path()).expect("a corpus");
    let report = corpus.read::<()>(|record, _| {
        records.push(record);
        Ok(())
    });
    let report = report.expect("records");
    assert!(report.problems.is_empty(), "{:#?}", report.problems);
    assert_eq!(records.len(), cases.len());
    records
}

/// Every kind of column, as a federation keeps it.
const WHOLE: &str = "Nos retours d'expérience 2024;;;\n\
    \n\
    Intitulé du marché;Acheteur;SIRET acheteur;Titulaire(s);SIRET titulaire;Structure;Nature;Procédure;Réservé à;Considérations;Nb lots;Lots réservés;CPV;Montant (€ HT);Montant TTC;Durée (mois);Commune;Département;Thèmes;Date de notification;Source;URL;Éditeur;Page;Contexte;Résultats;Le petit plus;Contact;Code interne\n\
    Entretien des berges;Commune de Saumur;21490328800011;\"Les Jardins d'Anjou ; Dupont, Martin et fils\";\"12345678900011 ; 12345678900029\";\"AI ; SARL\";Services;MAPA;SIAE, entreprise adaptée;Clause sociale;3;1;77310000;48 000,50 €;57 600 €;12 mois reconductible 3 fois;Saumur;49;insertion, espaces verts;15 mars 2024;Recueil;www.exemple.fr/recueil;Une fédération;p. 12;\"Le fleuve déborde.\n- un\n- deux\";Douze emplois.;\"Une équipe qui connaît le fleuve depuis vingt ans et qui forme chaque année des personnes éloignées de l'emploi aux métiers de l'entretien des berges et des espaces naturels.\";J. D.;X1\n";

#[test]
fn every_column_fills_its_field() {
    let table = read(WHOLE);
    let records = checked(&table.cases);
    let json = serde_json::to_value(&records[0]).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({
            "id": "entretien-des-berges", "titre": "Entretien des berges", "type": "retour-d-experience",
            "acheteur": {"nom": "Commune de Saumur", "siret": "21490328800011"},
            "titulaires": [
                {"nom": "Les Jardins d'Anjou", "siret": "12345678900011", "structure": "Association intermédiaire"},
                {"nom": "Dupont, Martin et fils", "siret": "12345678900029", "structure": "SARL"}
            ],
            "nature": "services", "procedure": "Procédure adaptée", "reserve": ["SIAE", "EA"], "considerations": ["clause sociale"],
            "lots": {"nombre": 3, "reserves": 1}, "cpv": "77310000-6", "montant_ht": 48000.5, "duree_mois": 48,
            "territoire": ["Pays de la Loire", "Maine-et-Loire", "Saumur"], "themes": ["insertion", "espaces verts"],
            "date": "2024-03-15",
            "source": {"titre": "Recueil", "editeur": "Une fédération", "url": "https://www.exemple.fr/recueil", "page": 12},
            "sections": [
                {"titre": "Contexte", "texte": "Le fleuve déborde.\n\n- un\n- deux"},
                {"titre": "Résultats", "texte": "Douze emplois."},
                {"titre": "Le petit plus", "texte": "Une équipe qui connaît le fleuve depuis vingt ans et qui forme chaque année des personnes éloignées de l'emploi aux métiers de l'entretien des berges et des espaces naturels."}
            ]
        })
    );
    assert_eq!(
        said(&table, FindingKind::LeftOut),
        [
            "row 1 \"Nos retours d'expérience 2024\"",
            "O3 « Montant TTC », 1 value: amounts with tax; a record has those before tax",
            "AB3 « Contact », 1 value: not to be published; --map \"Contact=section\" makes it a section",
            "AC3 « Code interne », 1 value: not a known header; --map \"Code interne=FIELD\" takes it",
        ]
    );
    assert_eq!(
        said(&table, FindingKind::Doubtful),
        ["AA3 « Le petit plus » is not a known header; its texts are long, so it is a section"]
    );
    assert_eq!(places(&table.cases[0], FindingKind::Corrected), ["V4"]);
    assert!(
        table.cases[0]
            .to_markdown()
            .contains("# Corrigé (source) : le tableau (V4) donne « www.exemple.fr/recueil ».")
    );
}

#[test]
fn amounts_are_read_as_people_type_them() {
    for (header, typed, amount, doubts) in [
        ("Montant HT", "48 000,50 € HT", "48000.50", 0),
        ("Montant HT", "48k€", "48000", 0),
        ("Montant HT", "48k", "48000", 0),
        ("Montant HT", "1,5 M€", "1500000", 0),
        ("Montant HT", "160.000,50", "160000.50", 0),
        ("Montant HT", "900", "900", 0),
        ("Montant HT", "900.5", "900.50", 0),
        ("Montant en k€ HT", "48", "48000", 0),
        ("Montant en k€ HT", "48 000 €", "48000", 0),
        ("Montant HT", "57 600 € TTC", "", 1),
        ("Montant HT", "40 000 € par an", "", 1),
        ("Montant HT", "entre 40 000 et 90 000 €", "", 1),
        ("Montant HT", "environ 90 000 €", "90000", 1),
        ("Montant HT", "confidentiel", "", 1),
        ("Montant HT", "0", "", 1),
        ("Montant HT", "NC", "", 0),
        ("Montant HT", "#N/A", "", 1),
    ] {
        let case = case(&format!("Titre;{header}\nA;{typed}\n"));
        let read = case
            .record
            .montant_ht
            .map(|amount| amount.to_string())
            .unwrap_or_default();
        assert_eq!(
            (read.as_str(), places(&case, FindingKind::Doubtful).len()),
            (amount, doubts),
            "{typed}: {:#?}",
            case.findings
        );
    }
}

#[test]
fn numbers_dates_errors_and_formulas_of_excel_are_read() {
    let rows = r##"<row r="1"><c r="A1" t="str"><v>Titre</v></c><c r="B1" t="str"><v>Montant HT</v></c><c r="C1" t="str"><v>Date</v></c>
        <c r="D1" t="str"><v>SIRET acheteur</v></c><c r="E1" t="str"><v>Acheteur</v></c><c r="F1" t="str"><v>CPV</v></c><c r="G1" t="str"><v>Département</v></c></row>
        <row r="2"><c r="A2" t="str"><v>Un</v></c><c r="B2"><f>40000+8000</f><v>48000</v></c><c r="C2" s="1"><v>45366</v></c><c r="D2"><v>21310555400017</v></c>
        <c r="E2" t="str"><v>Toulouse</v></c><c r="F2"><v>3111000</v></c><c r="G2"><v>1</v></c></row>
        <row r="3"><c r="A3" t="str"><v>Deux</v></c><c r="B3" t="e"><v>#REF!</v></c><c r="C3"><v>45366</v></c><c r="D3" t="str"><v>2.13105554E+13</v></c>
        <c r="E3" t="str"><v>Toulouse</v></c><c r="F3"><f>A1</f></c><c r="G3" t="str"><v>2A</v></c></row>"##;
    let hidden =
        r#"<row r="1"><c r="A1" t="str"><v>Titre</v></c></row><row r="2"><c r="A2" t="str"><v>Secret</v></c></row>"#;
    let notes = r#"<row r="1"><c r="A1" t="str"><v>Comment remplir ce tableau</v></c></row>"#;
    let sheets = workbook_sheets(&xlsx(&[
        ("Aide", false, notes),
        ("Listes", true, hidden),
        ("Cas", false, rows),
    ]))
    .expect("sheets");
    let table = read_with(&sheets, &[]).expect("cases");
    let records = checked(&table.cases);
    let shown = |record: &Record| {
        format!(
            "{} {:?} {:?} {:?} {:?} {}",
            record.titre,
            record.montant_ht.map(|amount| amount.to_string()),
            record.date.map(|date| date.to_string()),
            record.acheteur.as_ref().and_then(|buyer| buyer.siret.as_deref()),
            record.cpv.map(|cpv| cpv.to_string()),
            record.territoire.join(" > ")
        )
    };
    let mut shown: Vec<String> = records.iter().map(shown).collect();
    shown.sort();
    assert_eq!(
        shown,
        [
            "Deux None Some(\"2024-03-15\") None None Corse > Corse-du-Sud",
            "Un Some(\"48000\") Some(\"2024-03-15\") Some(\"21310555400017\") Some(\"03111000-2\") Auvergne-Rhône-Alpes > Ain",
        ]
    );
    assert_eq!(places(&table.cases[1], FindingKind::Doubtful), ["D3", "F3", "B3"]);
    let left_out = said(&table, FindingKind::LeftOut).join("\n");
    assert!(
        left_out.contains("the sheet « Aide », 1 row;") && left_out.contains("the hidden sheet « Listes », 2 rows"),
        "{left_out}"
    );
    assert!(said(&table, FindingKind::Found)[0].contains("row 1 of the sheet « Cas »"));
    let named = Table::read(&sheets, Some("listes"), &TableMap::default(), &CpvLabels::shipped()).expect("a sheet");
    assert_eq!(named.cases[0].record.titre, "Secret");
    let error = Table::read(&sheets, Some("Rien"), &TableMap::default(), &CpvLabels::shipped()).expect_err("no sheet");
    assert_eq!(
        error.to_string(),
        "has no sheet \"Rien\"; its sheets are « Aide », « Listes », « Cas »"
    );
}

#[test]
fn a_spreadsheet_gives_the_same_cases_as_its_csv() {
    let rows: [&[&str]; 3] = [
        &["Titre", "Acheteur", "Thèmes", "Présentation"],
        &["Un", "Commune de Saumur", "tri ; eau", "Le texte."],
        &["Deux", "Département du Gers", "", "Un autre."],
    ];
    let csv: String = rows.iter().map(|row| format!("\"{}\"\n", row.join("\",\""))).collect();
    let expected = read(&csv).cases;
    assert_eq!(
        expected[1].record.territoire,
        ["Occitanie", "Gers"],
        "that of the buyer"
    );
    for sheets in [workbook_sheets(&xlsx_of(&rows)), workbook_sheets(&ods_of(&rows))] {
        assert_eq!(read_with(&sheets.expect("sheets"), &[]).expect("cases").cases, expected);
    }
}

#[test]
fn rows_that_are_no_case_are_left_out_with_a_word() {
    let table = read(
        "Titre;Acheteur;Thèmes\nAnnée 2023;;\nA;Gers;tri\n\nTitre;Acheteur;Thèmes\nA;Gers;eau\n;Var;bois\nTotal;2;3\n",
    );
    let titles: Vec<(&str, &str)> = table
        .cases
        .iter()
        .map(|case| (case.record.id.as_str(), case.record.titre.as_str()))
        .collect();
    assert_eq!(
        titles,
        [
            ("a", "A"),
            ("a-2", "A"),
            ("cas-sans-titre-ligne-7", "Cas sans titre (ligne 7)")
        ]
    );
    assert_eq!(
        said(&table, FindingKind::LeftOut),
        [
            "row 2 « Année 2023 » alone, taken for a heading between rows",
            "row 5 the header once more",
            "row 8 « Total », a row of totals",
        ]
    );
    assert_eq!(places(&table.cases[2], FindingKind::Doubtful), ["row 7"]);
    checked(&table.cases);
}

#[test]
fn headers_in_two_rows_and_columns_by_number_are_understood() {
    let table = read(
        "Titre;Acheteur;;Titulaire 1;;Titulaire 2;\n;Nom;SIRET;Nom;SIRET;Nom;SIRET\nA;Gers;22320001400012;X;12345678900011;Y;12345678900029\n",
    );
    // The second row has most of the headers, but not the title.
    assert_eq!(table.cases.len(), 1, "{:#?}", table.findings);
    for (group, name) in [("Titulaire(s)", "Noms"), ("Titulaires", "Nom(s)")] {
        let table = read(&format!("Titre;{group};\n;{name};SIRET\nA;X;12345678900011\n"));
        let holder = &table.cases[0].record.titulaires[0];
        assert_eq!(
            (holder.nom.as_str(), holder.siret.as_deref()),
            ("X", Some("12345678900011")),
            "{group}"
        );
    }
    let table = read("Titre;Titulaire 1;SIRET 1;Titulaire 2;SIRET 2\nA;X;;Y;12345678900029\n");
    let holders = &table.cases[0].record.titulaires;
    assert_eq!(
        (holders[0].siret.as_deref(), holders[1].siret.as_deref()),
        (None, Some("12345678900029"))
    );
    let table = read("Titre;Structure\nA;Les Jardins\nB;Association du Val\n");
    assert_eq!(table.cases[0].record.titulaires[0].nom, "Les Jardins");
}

#[test]
fn what_stands_for_no_value_is_reported_and_not_taken() {
    for name in [
        "Infructueux",
        "Sans suite",
        "Voir annexe",
        "(mandataire)",
        "Lot n° 2 déclaré infructueux",
    ] {
        let case = case(&format!("Titre;Titulaires\nA;{name}\n"));
        assert!(case.record.titulaires.is_empty(), "{name}");
        assert_eq!(places(&case, FindingKind::Doubtful), ["B2"], "{name}");
    }
    let kept = case("Titre;Titulaires\nA;\"Voirie du Val ; Aucun Doute SARL\"\n")
        .record
        .titulaires;
    assert_eq!(kept.len(), 2);
    for (typed, lots) in [
        ("lot n°2", None),
        ("Lot 2", None),
        ("1/3", None),
        ("3 lots", Some(3)),
        ("lot unique", Some(1)),
    ] {
        let case = case(&format!("Titre;Lot\nA;{typed}\n"));
        assert_eq!(case.record.lots.map(|lots| lots.nombre), lots, "{typed}");
        assert_eq!(
            places(&case, FindingKind::Doubtful).len(),
            usize::from(lots.is_none()),
            "{typed}"
        );
    }
    let case = case("Titre;Clause sociale (%)\nA;0.15\n");
    assert!(case.record.considerations.is_empty());
    assert_eq!(places(&case, FindingKind::Doubtful), ["B2"]);
}

#[test]
fn an_english_table_is_read() {
    let table = read(
        "Title,Buyer,Amount (EUR excl. VAT),Date of publication,Context,Procedure\nA,B,\"48,000.50\",2024,Why,Open procedure\nC,D,1,2024,Why,Restricted procedure\n",
    );
    assert_eq!(said(&table, FindingKind::Doubtful), [""; 0]);
    let record = &table.cases[0].record;
    assert_eq!(
        record.montant_ht.map(|amount| amount.to_string()).as_deref(),
        Some("48000.50")
    );
    assert_eq!((record.sections.len(), record.date.is_some()), (1, true));
    let procedures = table
        .cases
        .iter()
        .map(|case| case.record.procedure.map(Procedure::label));
    assert_eq!(
        procedures.collect::<Vec<_>>(),
        [Some("Appel d'offres ouvert"), Some("Appel d'offres restreint")]
    );
    let sheets = [csv_sheet(b"Titre\nA\n").expect("a table")];
    let error = Table::read(&sheets, Some("x"), &TableMap::default(), &CpvLabels::shipped()).expect_err("no sheet");
    assert_eq!(
        error.to_string(),
        "has no sheet \"x\"; a CSV file has one without a name, leave out --sheet"
    );
}

#[test]
fn a_mapping_corrects_what_is_recognised() {
    let sheets = [csv_sheet("Sujet traité;Objet;Bilan\nA;B;C\n".as_bytes()).expect("a table")];
    let table = read_with(&sheets, &["sujet traite=titre", "Objet=themes", "Bilan=ignorer"]).expect("cases");
    let record = &table.cases[0].record;
    assert_eq!(
        (record.titre.as_str(), record.themes.as_slice(), record.sections.len()),
        ("A", &["B".to_owned()][..], 0)
    );
    let error = read_with(&sheets, &["Rien=titre"]).expect_err("no such column");
    assert_eq!(
        error,
        "has no column \"Rien\", named by --map; its headers are « Sujet traité », « Objet », « Bilan »"
    );
}

#[test]
fn what_is_no_table_of_cases_is_one_sentence() {
    let error = |csv: &str| read_with(&[csv_sheet(csv.as_bytes()).expect("a table")], &[]).expect_err("no cases");
    assert_eq!(
        error("Liste\nSujet traité;Montant HT\nA;1\n"),
        "has no column for the titles of the cases; its headers are « Sujet traité », « Montant HT »; name the column with --map \"Sujet traité=titre\""
    );
    // Numbers are no titles.
    assert!(error("a;b\n1;2\n").contains("its headers are « a », « b »; name the column with --map \"COLUMN=titre\""));
    assert!(
        error("code;pôle;sujet traité\nA1;Nord;Entretien des berges\nA2;Nord;Collecte des cartons\n")
            .ends_with("--map \"sujet traité=titre\"")
    );
    assert_eq!(error("Titre;Acheteur\n"), "has a header in row 1 and no case below it");
    assert!(
        error("uid,id,objet,codeCPV,dureeMois,dateNotification,montant\n1,2,a,77310000,1,2024-01-01,5\n")
            .contains("`rex import decp` imports it")
    );
    // The headers of people are no DECP.
    assert_eq!(
        read("Titre;Code CPV;Durée mois;Date notification;Montant\nA;77310000;1;2024;500\n")
            .cases
            .len(),
        1
    );
}

#[test]
fn contracts_of_the_public_record_are_refused() {
    let Some(folder) = rex_tests::shared("data/cases/decp") else {
        return;
    };
    for name in ["decp-info.csv", "ods21-export.csv", "scdl.csv"] {
        let sheet = csv_sheet(&std::fs::read(folder.join(name)).expect(name)).expect(name);
        let error = read_with(&[sheet], &[]).expect_err(name);
        assert!(error.contains("`rex import decp` imports it"), "{name}: {error}");
    }
}

#[test]
fn the_tables_of_a_publisher_are_read() {
    let Some(folder) = rex_tests::shared("data/cases/corpus/divers") else {
        return;
    };
    let bytes = |name: &str| std::fs::read(folder.join(name)).expect(name);
    let of_csv = read_with(&[csv_sheet(&bytes("cas.csv")).expect("a table")], &[]).expect("cases");
    let record = &checked(&of_csv.cases)[0];
    assert_eq!(
        (
            record.titre.as_str(),
            record.montant_ht.map(|amount| amount.to_string())
        ),
        ("Entretien", Some("48000".to_owned()))
    );
    assert_eq!(record.territoire, ["Pays de la Loire", "Maine-et-Loire", "Saumur"]);
    let of_xlsx = read_with(&workbook_sheets(&bytes("cas.xlsx")).expect("sheets"), &[]).expect("cases");
    let json = serde_json::to_value(&checked(&of_xlsx.cases)[0]).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({
            "id": "entretien-des-berges-du-canal", "titre": "Entretien des berges du canal", "type": "retour-d-experience",
            "acheteur": {"nom": "Commune de Toulouse", "siret": "21310555400017"}, "titulaires": [{"nom": "Les Jardins du Val"}],
            "procedure": "Procédure adaptée", "montant_ht": 48000, "duree_mois": 24,
            "territoire": ["Occitanie", "Haute-Garonne", "Toulouse"], "themes": ["insertion", "espaces verts"], "date": "2024-03-15"
        })
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn whatever_the_cells_hold_the_files_are_good_cases(cells in proptest::collection::vec("([0-9 ,.]{1,6}|[a-zéA-Z]{1,6}|€|%|\"|---|<!--|#|\\*|: |\\[|non-renseigne|31|Paris|mois|;|>|\\||\n|\u{1}|\u{2028}){0,6}", 22)) {
        let headers = ["Titre", "id", "Acheteur", "SIRET acheteur", "Titulaire", "SIRET titulaire", "Structure", "Nature", "Procédure", "Réservé à",
            "Considérations", "Lots", "CPV", "Montant HT", "Durée", "Territoire", "Thèmes", "Date", "Source", "URL", "Page", "Présentation"];
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(headers).expect("a header");
        csv.write_record(&cells).expect("a row");
        csv.write_record(&cells).expect("a row");
        let sheet = csv_sheet(&csv.into_inner().expect("a table")).expect("a sheet");
        if let Ok(table) = read_with(&[sheet], &[]) {
            checked(&table.cases);
        }
    }
}

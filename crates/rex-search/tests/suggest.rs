//! Completions: over the shipped corpus, and over any records and anything typed.
//!
//! Long because each case of completion is one test on shared corpora.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use proptest::prelude::*;
use rex_analysis::{analyze, is_stop_word, words};
use rex_corpus::{Corpus, CpvLabels, Record};
use rex_indexer::IndexWriter;
use rex_query::{Completion, CompletionKind, Facet, Filters, MAX_COMPLETIONS, SearchBackend, SearchRequest, Selection};
use rex_search::Engine;
use tantivy::directory::RamDirectory;

fn shipped() -> Engine {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    let report = Corpus::open(&folder)
        .unwrap()
        .read(|record, _| writer.add(&record))
        .unwrap();
    assert_eq!(report.problems, []);
    writer.finish().unwrap();
    Engine::open(directory, "test").unwrap()
}

fn engine(records: &[Record]) -> Engine {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    records.iter().for_each(|record| writer.add(record).unwrap());
    writer.finish().unwrap();
    Engine::open(directory, "test").unwrap()
}

fn record(fields: serde_json::Value) -> Record {
    serde_json::from_value(fields).unwrap()
}

fn texts(engine: &Engine, typed: &str) -> Vec<String> {
    let found = engine.suggest(typed, 8).unwrap();
    found.into_iter().map(|completion| completion.text.text).collect()
}

/// A completion with its marks in brackets.
fn marked(completion: &Completion) -> String {
    let parts = completion.text.parts();
    parts
        .map(|(part, is_marked)| {
            if is_marked {
                format!("[{part}]")
            } else {
                part.to_owned()
            }
        })
        .collect()
}

/// Number of cases that a completion finds when searched; panics if the search was relaxed.
fn found_by(engine: &Engine, completion: &Completion) -> u64 {
    let request = SearchRequest {
        query: completion.text.text.clone(),
        ..SearchRequest::default()
    };
    let response = engine.search(&request).unwrap();
    assert!(!response.suggestions.relaxed, "{completion:?}");
    response.total
}

#[test]
fn completes_what_is_typed() {
    let engine = shipped();
    for (typed, expected) in [
        ("cart", "collecte des [cart]ons"),
        (
            "cart",
            "Ramassage des [cart]ons du centre-ville de Toulouse : une action d'insertion",
        ),
        ("toulou", "[Toulou]se Métropole"),
        ("tolouse", "[Toulouse] Métropole"),
        ("TOLOU", "[Toulouse] Métropole"),
        ("toulouse metropo", "[Toulouse] [Métropo]le"),
        ("metropole toulou", "[Toulou]se [Métropole]"),
        ("precarite ener", "[précarité] [éner]gétique"),
        ("precarite energetqiue", "[précarité] [énergétique]"),
        ("energetique precar", "[précar]ité [énergétique]"),
        ("PRÉCARITÉ ÉNER", "[précarité] [éner]gétique"),
        ("l'amenagem", "[aménagem]ent paysager"),
        ("l’amenag", "[aménag]ement paysager"),
        ("procedure ad", "[Procédure] [ad]aptée"),
        ("collecte carton", "[collecte] des [carton]s"),
        ("les carton", "collecte des [carton]s"),
        ("des cartons", "collecte [des] [cartons]"),
        ("collecte des cartons du", "[collecte] [des] [cartons]"),
        ("m'tsam", "[Mtsam]boro"),
        ("SIA", "[SIA]E"),
    ] {
        let found: Vec<String> = engine.suggest(typed, 8).unwrap().iter().map(marked).collect();
        assert!(found.iter().any(|text| text == expected), "{typed}: {found:#?}");
    }
    for typed in ["zzz", "xylophone quantique", "cartonss zzzz", "-", &"mot ".repeat(300)] {
        let found = texts(&engine, typed);
        assert!(found.is_empty() || analyze(typed).is_empty(), "{typed}: {found:?}");
    }
}

#[test]
fn what_is_typed_right_comes_before_what_is_corrected() {
    let engine = engine(&[
        record(serde_json::json!({"id": "a", "titre": "x", "themes": ["carton"]})),
        record(serde_json::json!({"id": "b", "titre": "x", "themes": ["cartes", "tri"]})),
        record(serde_json::json!({"id": "c", "titre": "x", "themes": ["cartes", "tri"]})),
    ]);
    assert_eq!(
        texts(&engine, "carto"),
        ["carton"],
        "a rare word is not taken for one a little more frequent"
    );
    assert_eq!(texts(&engine, "cartn"), ["cartes", "carton"]);
}

#[test]
fn nothing_typed_gives_the_most_frequent_values() {
    let engine = shipped();
    let found = engine.suggest(" ?", 5).unwrap();
    assert_eq!(found.len(), 5);
    assert!(found.iter().all(|found| matches!(found.kind, CompletionKind::Value(_))));
    assert!(found.is_sorted_by(|a, b| a.count >= b.count));
    assert_eq!((found[0].text.text.as_str(), found[0].count), ("insertion", 4));
    assert!(found.iter().all(|found| found.text.marks.is_empty()));
    assert_eq!(engine.suggest("", 1_000).unwrap().len(), MAX_COMPLETIONS);
    assert_eq!(engine.suggest("cart", 0).unwrap(), []);
}

#[test]
fn an_empty_index_completes_nothing() {
    let engine = engine(&[]);
    for typed in ["", "c", "cartons", "collecte des cart"] {
        assert_eq!(engine.suggest(typed, 8).unwrap(), []);
    }
}

#[test]
fn every_completion_of_the_shipped_corpus_finds_its_cases() {
    let engine = shipped();
    let mut tried = 0;
    let letters = || (b'a'..=b'z').map(char::from);
    let pairs = letters().flat_map(|first| letters().map(move |second| format!("{first}{second}")));
    let others = ["", "marche", "ressour"].map(str::to_owned);
    for typed in letters().map(String::from).chain(pairs).chain(others) {
        for completion in engine.suggest(&typed, MAX_COMPLETIONS).unwrap() {
            tried += 1;
            let found = found_by(&engine, &completion);
            assert!(
                found >= completion.count && completion.count > 0,
                "{completion:?} finds {found}"
            );
        }
    }
    assert!(tried > 300, "{tried}");
}

#[test]
fn titles_are_seen_beside_what_is_frequent() {
    let mut records: Vec<Record> = (0..40)
        .map(|rank| {
            let (theme, place) = (format!("tri {}", rank % 6), format!("Tribourg {}", rank % 5));
            record(serde_json::json!({
                "id": format!("m{rank}"), "titre": format!("Tri {rank}"), "type": "marche",
                "themes": [theme], "territoire": [place], "acheteur": {"nom": format!("Tri Métropole {}", rank % 4)},
            }))
        })
        .collect();
    records.push(record(serde_json::json!({"id": "cas", "titre": "Le tri raconté"})));
    let found = engine(&records).suggest("tri", 8).unwrap();
    assert_eq!(found.len(), 8);
    let of = |kind: CompletionKind| found.iter().filter(|found| found.kind == kind).count();
    assert!(of(CompletionKind::Value(Facet::Theme)) <= 3 && of(CompletionKind::Expression) <= 3);
    let title = found.iter().find(|found| found.kind == CompletionKind::Title).unwrap();
    assert_eq!(
        (title.text.text.as_str(), title.case.as_deref()),
        ("Le tri raconté", Some("cas"))
    );
}

#[test]
fn what_a_query_would_take_for_syntax_is_not_completed_to() {
    let titles = [
        "Lot 1 -Gros œuvre",
        "Projet « tri », \"phase 2\"",
        "-Voirie",
        "\"Écoles",
    ];
    let records: Vec<Record> = (titles.iter().enumerate())
        .map(|(rank, titre)| record(serde_json::json!({"id": format!("c{rank}"), "titre": titre})))
        .collect();
    let engine = engine(&records);
    for (typed, expected) in [
        ("gros", "Lot 1 Gros œuvre"),
        ("proj", "Projet tri, phase 2"),
        ("voi", "Voirie"),
        ("ecol", "Écoles"),
    ] {
        let found = engine.suggest(typed, 8).unwrap();
        assert_eq!(found[0].text.text, expected);
        assert_eq!(found_by(&engine, &found[0]), 1);
    }
}

#[test]
fn an_article_before_an_acronym_in_capitals_is_still_an_article() {
    let titled = |id: &str| record(serde_json::json!({"id": id, "titre": format!("SALARIÉS DE L'SCIC, LOT {id}")}));
    let engine = engine(&[titled("1"), titled("2")]);
    for typed in ["salaries de L'SC", "scic", "salar"] {
        let found = engine.suggest(typed, 8).unwrap();
        let phrase = found.iter().find(|found| found.count == 2);
        assert_eq!(found_by(&engine, phrase.unwrap_or(&found[0])), 2, "{typed}");
    }
}

/// Cases that have values of closed lists, and words that the lexicon has acronyms for.
fn listed() -> Engine {
    engine(&[
        record(serde_json::json!({
            "id": "a", "titre": "Entretien des parcs", "procedure": "Procédure adaptée", "reserve": ["SIAE", "ESAT"],
            "themes": ["ESS", "déchets d'équipements électriques et électroniques"], "territoire": ["Pays de la Loire", "Maine-et-Loire"],
            "titulaires": [{"nom": "Les Jardins", "structure": "Atelier et chantier d'insertion"}],
        })),
        record(serde_json::json!({
            "id": "b", "titre": "Espoir et essor", "procedure": "Appel d'offres ouvert", "reserve": ["ESS"],
            "territoire": ["Île-de-France"],
            "sections": [{"titre": "Objet", "texte": "La délégation de service public."}],
        })),
        record(serde_json::json!({
            "id": "c", "titre": "MAPA de nettoyage", "procedure": "Procédure adaptée",
            "sections": [{"titre": "Objet", "texte": "La délégation de service public."}],
        })),
    ])
}

#[test]
fn other_names_of_values_are_completed_to_the_value() {
    let engine = listed();
    let (procedure, reserve) = (
        CompletionKind::Value(Facet::Procedure),
        CompletionKind::Value(Facet::Reserve),
    );
    let structure = CompletionKind::Value(Facet::Structure);
    for (typed, text, kind, name) in [
        ("mapa", "Procédure adaptée", procedure, Some("MAPA")),
        ("M.A.P.A.", "Procédure adaptée", procedure, Some("MAPA")),
        ("map", "Procédure adaptée", procedure, Some("MAPA")),
        (
            "marché à procé",
            "Procédure adaptée",
            procedure,
            Some("marché à procédure adaptée"),
        ),
        ("aoo", "Appel d'offres ouvert", procedure, Some("AOO")),
        ("AO", "Appel d'offres ouvert", procedure, Some("AO")),
        ("ao", "Appel d'offres ouvert", procedure, Some("AO")),
        (
            "appel d'offres",
            "Appel d'offres ouvert",
            procedure,
            Some("appel d'offres"),
        ),
        ("siae", "SIAE", reserve, None),
        ("structure d'insertion", "SIAE", reserve, Some("structure d'insertion")),
        ("esat", "ESAT", reserve, None),
        ("cat", "ESAT", reserve, Some("CAT")),
        ("ess", "ESS", reserve, None),
        (
            "économie sociale et solidaire",
            "ESS",
            reserve,
            Some("économie sociale et solidaire"),
        ),
        ("aci", "Atelier et chantier d'insertion", structure, Some("ACI")),
        (
            "d3e",
            "déchets d'équipements électriques et électroniques",
            CompletionKind::Value(Facet::Theme),
            Some("D3E"),
        ),
        (
            "idf",
            "Île-de-France",
            CompletionKind::Value(Facet::Territoire),
            Some("IDF"),
        ),
        (
            "dsp",
            "délégation de service public",
            CompletionKind::Expression,
            Some("DSP"),
        ),
    ] {
        let found = engine.suggest(typed, 8).unwrap();
        let completion = found.iter().find(|found| found.text.text == text);
        let completion = completion.unwrap_or_else(|| panic!("{typed}: {found:#?}"));
        assert_eq!(
            (completion.kind, completion.other_name.as_deref()),
            (kind, name),
            "{typed}"
        );
        assert_eq!(
            completion.value.is_some(),
            kind != CompletionKind::Expression,
            "{typed}"
        );
        assert!(found_by(&engine, completion) >= completion.count, "{typed}");
        assert_eq!(
            selected_by(&engine, completion),
            completion.value.as_ref().map(|_| completion.count),
            "{typed}"
        );
        assert_eq!(completion.text.marks.is_empty(), name.is_some(), "{typed}");
    }
    let first = |typed: &str| engine.suggest(typed, 8).unwrap().remove(0).text.text;
    assert_eq!(
        first("mapa"),
        "Procédure adaptée",
        "before the titles that hold the acronym"
    );
    assert_eq!(first("ess"), "ESS");
    assert_ne!(first("esp"), "ESS");
}

#[test]
fn a_name_typed_whole_comes_first_and_stands_for_nothing_else() {
    let mut records: Vec<Record> = (0..12)
        .map(|rank| {
            record(serde_json::json!({
                "id": format!("r{rank}"), "titre": "Fermé en juillet et en août", "procedure": "Appel d'offres restreint",
                "territoire": ["Occitanie", "Haute-Garonne"], "acheteur": {"nom": "31 rue du Port"}, "type": "marche",
            }))
        })
        .collect();
    records.push(record(serde_json::json!({
        "id": "p", "titre": "Tri", "procedure": "Appel d'offres ouvert", "territoire": ["Mayotte", "Mayotte", "Mtsamboro"],
        "considerations": ["clause sociale", "critère environnemental"], "type": "retour-d-experience",
    })));
    let engine = engine(&records);
    for (typed, expected) in [
        ("AOO", "Appel d'offres ouvert"),
        ("aoo", "Appel d'offres ouvert"),
        ("AOR", "Appel d'offres restreint"),
        ("31", "Haute-Garonne"),
        ("(31)", "Haute-Garonne"),
        ("dans le 31", "Haute-Garonne"),
        ("976", "Mayotte"),
        ("rex", "Retour d'expérience"),
        ("retex", "Retour d'expérience"),
        ("retour d", "Retour d'expérience"),
        ("retour d'exp", "Retour d'expérience"),
        ("clause soc", "clause sociale"),
        ("CLAUSE SOCIALE", "clause sociale"),
        ("clause d'inser", "clause sociale"),
        ("critere env", "critère environnemental"),
    ] {
        let found = engine.suggest(typed, 8).unwrap();
        let first = found.first().unwrap_or_else(|| panic!("{typed}"));
        assert_eq!(first.text.text, expected, "{typed}: {found:#?}");
        assert!(found_by(&engine, first) >= first.count, "{typed}");
        if matches!(first.kind, CompletionKind::Value(Facet::Type | Facet::Considerations)) {
            assert_eq!(selected_by(&engine, first), Some(first.count), "{typed}");
        }
        let named = found.iter().filter(|found| found.kind == first.kind).count();
        assert_eq!(named, 1, "{typed}: {found:#?}");
    }
    let found = texts(&engine, "ao");
    assert!(
        found[..2].iter().all(|text| text.starts_with("Appel d'offres")),
        "{found:?}"
    );
    for typed in ["32", "3", "1987", "4523"] {
        let found = engine.suggest(typed, 8).unwrap();
        assert!(
            found.iter().all(|found| found.other_name.is_none()),
            "{typed}: {found:#?}"
        );
    }
}

#[test]
fn values_that_no_case_has_are_not_completed_to() {
    let engine = listed();
    for typed in [
        "aor",
        "ea",
        "geiq",
        "paca",
        "concours",
        "gré à gré",
        "marché négocié sans publicité",
    ] {
        let found = engine.suggest(typed, 8).unwrap();
        assert!(
            found.iter().all(|found| found.other_name.is_none()),
            "{typed}: {found:#?}"
        );
    }
    // Two letters are too short for an acronym, and a word that begins a name stays a word.
    for typed in ["ma", "marché", "structure"] {
        let found = engine.suggest(typed, 8).unwrap();
        assert!(
            found.iter().all(|found| found.other_name.is_none()),
            "{typed}: {found:#?}"
        );
    }
}

#[test]
fn what_is_typed_keeps_its_place_beside_another_name() {
    let mut records: Vec<Record> = (0..12)
        .map(|rank| record(serde_json::json!({"id": format!("r{rank}"), "titre": format!("Mapas {rank}"), "themes": [format!("mapas {}", rank % 4)]})))
        .collect();
    records.push(record(
        serde_json::json!({"id": "p", "titre": "Tri", "procedure": "Procédure adaptée"}),
    ));
    let engine = engine(&records);
    let named = |typed: &str| -> Vec<usize> {
        let found = engine.suggest(typed, 8).unwrap();
        assert_eq!(found.len(), 8);
        let ranks = found.iter().enumerate().filter(|(_, found)| found.other_name.is_some());
        ranks.map(|(rank, _)| rank).collect()
    };
    assert_eq!(named("mapa"), [0]);
    assert_eq!(
        named("map"),
        [7],
        "it is only begun: after all that begins so, and yet among the first"
    );
}

/// Cases that the value of a completion selects as a filter.
fn selected_by(engine: &Engine, completion: &Completion) -> Option<u64> {
    let CompletionKind::Value(facet) = completion.kind else {
        return None;
    };
    let value = completion.value.clone()?;
    let mut filters = Filters::default();
    filters.add(facet, Selection::Value(value));
    let request = SearchRequest {
        filters,
        ..SearchRequest::default()
    };
    Some(engine.search(&request).unwrap().total)
}

/// Lines of the official list of CPV codes.
const CPV_LIST: &str = "CODE,FR\n\
    90000000-7,\"Services des eaux usées, services d'élimination des déchets, services d'hygiénisation et services relatifs à l'environnement\"\n\
    90910000-9,Services de nettoyage\n\
    90911200-8,Services de nettoyage de bâtiments\n\
    90911300-9,Services de nettoyage de vitres\n\
    90919300-5,Services de nettoyage d'écoles\n\
    77310000-6,Réalisation et entretien d'espaces verts\n";

#[test]
fn labels_of_cpv_codes_are_completed_to_where_a_case_has_the_code() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("cpv.csv");
    std::fs::write(&list, CPV_LIST).unwrap();
    let labels = CpvLabels::read(&list).unwrap();
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone())
        .unwrap()
        .with_labels(labels.clone());
    for (id, titre, cpv) in [
        ("a", "Prestations pour l'hôtel de ville", "90911200-8"),
        ("b", "Prestations pour la mairie", "90910000-9"),
        ("c", "Prestations du port", "90910000-9"),
        ("d", "Services de nettoyage", "90910000-9"),
        ("e", "Nettoyer les parcs", "77310000-6"),
    ] {
        let fields = serde_json::json!({"id": id, "titre": titre, "cpv": cpv, "type": "marche"});
        writer.add(&record(fields)).unwrap();
    }
    writer.finish().unwrap();
    let engine = Engine::open(directory, "test").unwrap().with_labels(labels);
    let label_kind = CompletionKind::Value(Facet::Cpv);
    for (typed, expected) in [
        (
            "nettoy",
            vec![
                ("90910000", "Services de [nettoy]age", 3),
                ("90911200", "Services de [nettoy]age de bâtiments", 1),
            ],
        ),
        (
            "services de net",
            vec![
                ("90910000", "[Services] [de] [net]toyage", 3),
                ("90911200", "[Services] [de] [net]toyage de bâtiments", 1),
            ],
        ),
        (
            "batiments nettoyage",
            vec![("90911200", "Services de [nettoyage] de [bâtiments]", 1)],
        ),
        (
            "espaces v",
            vec![("77310000", "Réalisation et entretien d'[espaces] [v]erts", 1)],
        ),
        ("90911", vec![("90911200", "Services de nettoyage de bâtiments", 1)]),
        (
            "90911200-8",
            vec![("90911200", "Services de nettoyage de bâtiments", 1)],
        ),
        (
            "909 112 008",
            vec![("90911200", "Services de nettoyage de bâtiments", 1)],
        ),
        (
            "90900000",
            vec![
                ("90910000", "Services de nettoyage", 3),
                ("90911200", "Services de nettoyage de bâtiments", 1),
            ],
        ),
        ("90911200-9", vec![]),
        ("45233", vec![]),
        ("909", vec![]),
        ("vitres", vec![]),
        ("école", vec![]),
        ("déchets", vec![]),
    ] {
        let found = engine.suggest(typed, 8).unwrap();
        let of_codes: Vec<_> = found.iter().filter(|found| found.kind == label_kind).collect();
        let shown: Vec<_> = (of_codes.iter())
            .map(|found| (found.value.as_deref().unwrap(), marked(found), found.count))
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(code, text, count)| (code, text.to_owned(), count))
            .collect();
        assert_eq!(shown, expected, "{typed}");
        for completion in of_codes {
            assert!(found_by(&engine, completion) >= completion.count, "{completion:?}");
            assert!(
                selected_by(&engine, completion).unwrap() >= completion.count,
                "{completion:?}"
            );
        }
        let mut texts: Vec<&str> = found.iter().map(|found| found.text.text.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), found.len(), "{typed}: the same twice");
    }
    assert!(
        engine
            .with_labels(CpvLabels::none())
            .suggest("nettoy", 8)
            .unwrap()
            .iter()
            .all(|found| found.kind != label_kind)
    );
}

/// Records of few distinct words, so that they share some, with all kinds of separators.
fn records() -> impl Strategy<Value = Vec<Record>> {
    let word = prop::sample::select(vec![
        "tri",
        "Tri",
        "cartons",
        "carton",
        "école",
        "de",
        "L'SCIC",
        "D'HLM",
        "l'eau",
        "d’insertion",
        "insertion",
        "ÉNERGIE",
        "m²",
        "2024",
        "œuvre",
        "aujourd'hui",
        "S.I.A.E.",
        "sous-traitance",
        "-lot",
        "\"mot\"",
        "«",
        "»",
        "un/deux",
        "a",
        "qui",
    ]);
    let text = (
        prop::collection::vec(word, 1..8),
        prop::sample::select(vec![" ", ", ", " - ", "\u{a0}", "-", "'"]),
    )
        .prop_map(|(words, between)| words.join(between));
    let record = (text.clone(), text.clone(), text.clone(), text.clone(), "\\PC{0,30}").prop_map(
        |(title, buyer, theme, section, anything)| {
            serde_json::json!({
                "titre": title, "acheteur": {"nom": buyer}, "themes": [theme, anything],
                "sections": [{"titre": "", "texte": format!("{section}. {anything}")}],
            })
        },
    );
    prop::collection::vec(record, 0..12).prop_map(|records| {
        let with_id = |(rank, mut fields): (usize, serde_json::Value)| {
            fields["id"] = format!("c{rank}").into();
            record_of(fields)
        };
        records.into_iter().enumerate().map(with_id).collect()
    })
}

fn record_of(fields: serde_json::Value) -> Record {
    record(fields)
}

/// The fewest errors between a word and the beginnings of another, no more than `most`.
fn is_near(typed: &str, word: &str) -> bool {
    let typed: Vec<char> = typed.chars().collect();
    let word: Vec<char> = word.chars().collect();
    let most = match typed.len() {
        ..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    let mut rows: Vec<Vec<usize>> = vec![(0..=word.len()).collect()];
    for row in 1..=typed.len() {
        let mut next = vec![row];
        for column in 1..=word.len() {
            let differs = usize::from(typed[row - 1] != word[column - 1]);
            let mut least = (rows[row - 1][column - 1] + differs)
                .min(rows[row - 1][column] + 1)
                .min(next[column - 1] + 1);
            let is_exchange =
                row > 1 && column > 1 && typed[row - 1] == word[column - 2] && typed[row - 2] == word[column - 1];
            if is_exchange {
                least = least.min(rows[row - 2][column - 2] + 1);
            }
            next.push(least);
        }
        rows.push(next);
    }
    rows[typed.len()].iter().any(|errors| *errors <= most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_completion_holds_what_was_typed_and_finds_a_case(
        records in records(),
        typed in prop::collection::vec("[a-zéœ'’ -]{0,12}|cart|cartno|inser|isnertion|de|l'|ecloe|aujourdhui|tri d|\\PC{0,8}", 6),
    ) {
        let engine = engine(&records);
        for typed in typed.iter().map(String::as_str).chain([""]) {
            let found = engine.suggest(typed, MAX_COMPLETIONS).unwrap();
            let mut keys: Vec<String> = Vec::new();
            for completion in &found {
                let held: Vec<String> = analyze(&completion.text.text).into_iter().map(|token| token.exact).collect();
                for token in words(typed).iter().filter(|token| !is_stop_word(&token.exact)) {
                    let is_held = held.iter().any(|word| is_near(&token.exact, word));
                    prop_assert!(is_held || completion.other_name.is_some(), "{typed:?} gives {completion:?}");
                }
                for (part, _) in completion.text.parts() {
                    prop_assert!(!part.is_empty());
                }
                prop_assert!(found_by(&engine, completion) > 0, "{completion:?} finds nothing");
                keys.push(held.join(" "));
            }
            keys.sort_unstable();
            let count = keys.len();
            keys.dedup();
            prop_assert_eq!(keys.len(), count, "the same twice");
        }
    }
}

//! Spelling variants of French: each query finds the case although the case spells it otherwise.
//!
//! Corrections, completions and relaxation are switched off, except where they are tested.
//!
//! Long because it is one table of queries and cases.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use rex_corpus::Record;
use rex_indexer::IndexWriter;
use rex_query::{Marked, SearchBackend, SearchRequest, SearchResponse};
use rex_search::{Engine, RankingRule, Settings};
use serde_json::{Value, json};
use tantivy::directory::RamDirectory;

/// The text of a case and the queries that find it; and the reverse: a case with the text of a query is found by the first.
const BOTH_WAYS: &[(&str, &[&str])] = &[
    // Elision, with every apostrophe.
    ("d'insertion", &["insertion", "l’insertion", "INSERTION"]),
    ("d’insertion", &["insertion", "d'insertion", "l' insertion"]),
    ("l’offre", &["offre", "l'offre", "d’offres"]),
    ("jusqu’au", &["jusqu'au", "JUSQU'AU"]),
    ("qu’énergie", &["energie", "l'énergie"]),
    ("L`emploi", &["emploi", "lʼemploi", "l′emploi"]),
    ("D'INSERTION", &["d’insertion", "insertion"]),
    ("l'SCIC", &["scic", "S.C.I.C."]),
    ("d’HLM", &["hlm", "HLM"]),
    // The apostrophe of the word itself.
    (
        "aujourd'hui",
        &["aujourd’hui", "aujourdhui", "aujourd hui", "AUJOURD'HUI"],
    ),
    ("aujourd’hui", &["aujourd'hui", "aujourdhui", "d'aujourd'hui"]),
    (
        "prud'hommes",
        &["prud’hommes", "prudhommes", "prud hommes", "prud'homme", "prudhomme"],
    ),
    ("entr'aide", &["entr’aide", "entraide", "entr aide"]),
    // Ligatures of the language.
    ("œuvre", &["oeuvre", "œuvres", "ŒUVRE", "OEUVRE"]),
    ("cœur", &["coeur", "CŒUR"]),
    ("Lætitia", &["laetitia", "LAETITIA", "LÆTITIA"]),
    // Accents and capitals.
    (
        "déchets",
        &["dechets", "déchet", "DÉCHETS", "DECHETS", "de\u{301}chets"],
    ),
    (
        "Île-de-France",
        &[
            "ile de france",
            "ile-de-france",
            "Île de France",
            "iledefrance",
            "ILE-DE-FRANCE",
        ],
    ),
    ("ÉNERGIE", &["energie", "énergie", "E\u{301}nergies"]),
    (
        "e\u{301}nerge\u{301}tique",
        &["énergétique", "energetique", "ÉNERGÉTIQUES"],
    ),
    ("Ou\u{300} loger l’été ?", &["OU LOGER L'ETE"]),
    // Acronyms.
    ("S.C.O.P.", &["scop", "SCOP", "s.c.o.p.", "S.C.O.P", "la S.C.O.P."]),
    ("E.S.S.", &["ess", "ESS", "l'E.S.S.", "l’ESS"]),
    ("M.A.P.A.", &["mapa", "MAPA", "m.a.p.a"]),
    // Compounds.
    (
        "sous-traitant",
        &[
            "soustraitant",
            "sous-traitants",
            "sous‑traitant",
            "sous–traitant",
            "SOUS-TRAITANT",
        ],
    ),
    (
        "éco-matériaux",
        &["écomatériaux", "ecomateriaux", "eco matériaux", "éco-matériau"],
    ),
    (
        "socio-technique",
        &["sociotechnique", "socio technique", "socio‐techniques"],
    ),
    ("auto-école", &["autoécole", "auto ecole", "AUTO-ÉCOLES"]),
    ("500kg", &["500 kg", "500 KG"]),
    // Inclusive writing.
    (
        "salarié·es",
        &[
            "salariés",
            "salariées",
            "salarié",
            "salariée",
            "salaries",
            "salarié.e.s",
            "salarié•es",
        ],
    ),
    (
        "acheteur·rice·s",
        &["acheteurs", "acheteur", "achetrices", "acheteur.rice.s"],
    ),
    ("agent(e)s", &["agents", "agent", "agentes", "agent·es"]),
    ("tou.te.s", &["tous", "toutes", "tou·te·s"]),
    ("usager-ère-s", &["usagers", "usagères", "usager", "usagers"]),
    ("directeur/trice", &["directeur", "directrice", "directeur·trice"]),
    ("conseiller·ère", &["conseillère", "conseillers"]),
    (
        "porteurs·euses",
        &["porteurs", "porteuses", "porteuse", "porteur.euse.s", "porteurs/euses"],
    ),
    (
        "travailleurs·ses",
        &["travailleurs", "travailleuses", "travailleuse", "travailleur·se·s"],
    ),
    ("chef·fe", &["chef", "cheffe", "cheffes", "chef·fe·s", "chef.fe"]),
    (
        "acteurs·rices",
        &["acteurs", "actrices", "acteur·rice·s", "acteur.ice.s"],
    ),
    ("ouvriers·ières", &["ouvriers", "ouvrières", "ouvrier·ère·s"]),
    ("citoyen·ne·s", &["citoyens", "citoyennes", "citoyen.nes"]),
    ("sportif·ve·s", &["sportifs", "sportives", "sportifs·ives"]),
    (
        "professionnel·le·s",
        &["professionnels", "professionnelles", "professionnel.les"],
    ),
    ("bénéficiaire·s", &["bénéficiaire", "bénéficiaires"]),
    // Numbers.
    (
        "40 000",
        &[
            "40000",
            "40\u{a0}000",
            "40\u{202f}000",
            "\"40 000\"",
            "40.000",
            "\"40000\"",
        ],
    ),
    ("40\u{a0}000", &["40000", "40 000", "40\u{202f}000", "\"40 000\""]),
    ("40\u{202f}000", &["40000", "40 000", "40\u{a0}000", "\"40 000\""]),
    (
        "1 590 000",
        &["1590000", "1\u{a0}590\u{a0}000", "1\u{202f}590\u{202f}000", "1.590.000"],
    ),
    ("213 105 554 00017", &["21310555400017", "213105554 00017"]),
    // Telephone numbers.
    (
        "01 42 34 56 78",
        &[
            "0142345678",
            "01.42.34.56.78",
            "01-42-34-56-78",
            "01\u{a0}42\u{a0}34\u{a0}56\u{a0}78",
            "01\u{202f}42\u{202f}34\u{202f}56\u{202f}78",
            "+33 1 42 34 56 78",
            "+33 (0)1 42 34 56 78",
            "0033142345678",
            "\"01.42.34.56.78\"",
        ],
    ),
    // Legal references.
    (
        "L. 2113-12",
        &[
            "L2113-12",
            "L.2113-12",
            "L 2113-12",
            "l2113-12",
            "l. 2113-12",
            "L.\u{a0}2113-12",
            "L. 2113\u{2011}12",
            "\"L2113-12\"",
        ],
    ),
    (
        "article L. 2113-12",
        &["art. L2113-12", "articles L.2113-12", "\"L2113-12\"", "L 2113-12"],
    ),
    ("R.2123-1", &["R. 2123-1", "R2123-1", "r 2123-1", "R* 2123-1"]),
    ("D. 5132-10-1", &["D5132-10-1", "D.5132-10-1"]),
    ("L.O. 1112-1", &["LO 1112-1", "LO1112-1"]),
    (
        "n° 2014-856",
        &["2014-856", "n°2014-856", "nº 2014-856", "no 2014-856", "\"2014-856\""],
    ),
    ("n° 85-801", &["85-801", "1985-801"]),
    ("2014/24/UE", &["2014/24/ue"]),
    // Families.
    ("travaux", &["travail", "TRAVAUX", "TRAVAIL"]),
    ("journaux", &["journal"]),
    ("locaux", &["local", "locale", "locales"]),
    ("emplois", &["emploi", "EMPLOIS"]),
    ("réemplois", &["réemploi", "reemploi", "reemplois"]),
    ("achat", &["acheter", "achats", "achète", "achetés"]),
    ("public", &["publique", "publics", "publiques"]),
    ("réservée", &["réservés", "réservé", "réservées", "reservee"]),
    ("foncier", &["foncière", "fonciers", "fonciere"]),
    ("sécurité", &["securite", "SÉCURITÉ"]),
    ("accès", &["acces", "ACCÈS"]),
    ("lycée", &["lycee", "lycées", "lycees"]),
    ("adaptée", &["adaptee", "adaptées", "adapté", "adaptés"]),
    ("marchés", &["marché", "MARCHE", "MARCHÉ"]),
    // CPV codes in the text.
    (
        "75231240-8",
        &["75231240", "75 231 240", "752 312 408", "75 231 240-8", "752312408"],
    ),
    ("75 231 240", &["75231240", "75231240-8"]),
    ("752 312 408", &["75231240", "75231240-8"]),
    ("75231240", &["75\u{a0}231\u{a0}240", "75\u{202f}231\u{202f}240"]),
    // Places.
    ("Mâcon", &["macon", "MÂCON", "MACON"]),
    (
        "Saint-Étienne",
        &[
            "saint etienne",
            "st-etienne",
            "st etienne",
            "St Étienne",
            "SAINT-ETIENNE",
            "saintetienne",
        ],
    ),
    (
        "St Étienne",
        &["saint etienne", "st-etienne", "Saint-Étienne", "St. Étienne"],
    ),
    ("Ste-Foy", &["sainte foy", "Sainte-Foy", "ste foy"]),
    (
        "M'Tsamboro",
        &["mtsamboro", "m tsamboro", "M’Tsamboro", "M'TSAMBORO", "tsamboro"],
    ),
    ("M’Tsamboro", &["mtsamboro", "m tsamboro", "m'tsamboro"]),
    (
        "L'Haÿ-les-Roses",
        &["hay les roses", "l'hay les roses", "L’HAY-LES-ROSES", "L'HAŸ LES ROSES"],
    ),
    ("Ouangani", &["ouangani", "OUANGANI"]),
    // Signs.
    ("2ᵉ", &["2e", "2ème", "2eme", "2è"]),
    ("1er", &["1ᵉʳ", "1ER", "1re"]),
    ("n° 3", &["n 3", "nº 3", "n°3", "N° 3"]),
    ("m²", &["m2", "M²"]),
    ("CO₂", &["co2", "CO2", "co₂"]),
    ("½", &["1/2"]),
    // Punctuation and marks of typesetting.
    (
        "insertion ?",
        &[
            "insertion\u{a0}?",
            "insertion\u{202f}?",
            "« insertion »",
            "insertion\u{a0}:",
        ],
    ),
    ("ﬁnancement", &["financement", "FINANCEMENT"]),
    ("eﬀectif", &["effectif", "effectifs"]),
    (
        "collec\u{ad}ti\u{ad}vité",
        &["collectivité", "collectivite", "collectivités"],
    ),
    ("collec-\ntivité", &["collectivité", "collectivite"]),
    ("collec\u{2010}\ntivité", &["collectivité"]),
];

/// What a case says, and what finds it, where the reverse would be too much: a part finds the whole, not the whole a part.
const ONE_WAY: &[(&str, &[&str])] = &[
    ("sous-traitant", &["traitant", "sous traitant"]),
    ("socio-technique", &["technique", "socio"]),
    ("éco-matériaux", &["matériau", "materiaux"]),
    ("soustraitant", &["sous traitant", "sous-traitant"]),
    ("213 105 554 00017", &["213105554", "213 105 554"]),
    ("l'insertion, jusqu’au bout", &["jusqu'au bout", "bout"]),
    ("2½", &["2", "1/2"]),
    ("L. 2113-12", &["article L. 2113-12", "art. L2113-12"]),
    ("loi n° 2021-22", &["2021-22", "loi 2021-22"]),
    ("2014/24/UE", &["2014/24"]),
    ("L'AI du département", &["AI"]),
    // A text that writes accents and writes "marche" means it; a query that writes none may mean either.
    ("marchés", &["marche", "marches"]),
];

/// Words that are near each other and are not the same.
const APART: &[&[&str]] = &[
    &["collecte", "collectif", "collectivité"],
    &["collectes", "collectifs", "collectivités"],
    &["collecter", "collective"],
    &["environnement", "environ"],
    &["environnemental", "environs"],
    &["public", "publication"],
    &["publiques", "publications"],
    &["bâtiment", "bâtir", "bât"],
    &["restauration", "restaurant"],
    &["formation", "forme"],
    &["formations", "formes"],
    &["lot", "loterie"],
    &["lots", "loteries"],
    &["coopérative", "coopération"],
    &["coopératives", "coopérations"],
    &["marché", "marcher"],
    &["marchés", "marchons"],
    &["vers", "verts"],
    &["cours", "cour"],
    &["fonds", "fond"],
    &["L2113-12", "Lot 12", "L2113-13", "2113", "L. 21-1312"],
    &["2014-856", "Lot 856", "2014", "2015-856"],
    &["01 42 34 56 78", "Lot 42", "78", "01 42 34 56 79"],
    &["AI", "j'ai", "ont"],
    &["L'AI", "qu'ai-je"],
];

/// A query, a title it finds, and what is marked of it, between brackets: the word, never its article.
const MARKED: &[(&str, &str)] = &[
    ("insertion", "L'[insertion] par l’offre d’[insertion]"),
    ("l'insertion", "L'[insertion] par l’offre d’[insertion]"),
    ("dechets insertion", "RAMASSAGE DES [DÉCHETS] D'[INSERTION]"),
    (
        "ramassage des déchets d'insertion",
        "[RAMASSAGE] DES [DÉCHETS] D'[INSERTION]",
    ),
    ("déchets", "Tri des [de\u{301}chets] a\u{300} l’e\u{301}cole"),
    ("ecole", "Tri des de\u{301}chets a\u{300} l’[e\u{301}cole]"),
    ("oeuvre", "Le second [œuvre] d’une école"),
    ("financement effectif", "Le [ﬁnancement] de l’[eﬀectif]"),
    ("collectivité", "Une [collec\u{ad}tivité] d'ici"),
    ("salariées", "Des [salarié·es] en insertion"),
    ("agents", "Des [agent(e)s] d’accueil"),
    ("40000", "Moins de [40\u{202f}000] € HT"),
    ("75231240", "Le code [75 231 240-8], sans espace"),
    ("scop", "Une [S.C.O.P]. d’ici"),
    ("mtsamboro", "Un guichet à [M’Tsamboro] même"),
    ("aujourdhui", "C'est [aujourd’hui] et demain"),
    ("travail", "Des [travaux] d’été"),
    ("traitant", "Un sous-[traitant] d’insertion"),
    ("soustraitant", "Un [sous-traitant] d’insertion"),
    ("hay les roses", "À L'[Haÿ]-les-[Roses], l’été"),
    ("ste foy", "À [Sainte-Foy], l’été"),
    ("mapa", "Un [marché] à [procédure] [adaptée] d’été"),
    ("co2", "Moins de [CO₂] l’été"),
    ("L2113-12", "Au titre de [L. 2113-12] du code"),
    ("2014-856", "La loi [n° 2014-856] du 31 juillet"),
    ("0142345678", "Appeler le [+33 (0)1 42 34 56 78] l’été"),
    ("porteuses", "Des [porteurs·euses] de projet"),
    ("AI", "L'[AI] dit que j'ai raison"),
];

/// A word, another form of it, and a synonym that the lexicon gives.
const TIERS: &[(&str, &str, &str)] = &[
    ("cantine", "cantines", "restauration collective"),
    ("cantines", "cantine", "restauration collective"),
    ("recyclerie", "recycleries", "ressourcerie"),
    ("gardiennage", "gardiennages", "surveillance"),
    ("ordures", "ordure", "déchets"),
    ("traiteurs", "traiteur", "repas"),
    ("vélo", "vélos", "bicyclette"),
    ("scop", "scops", "coopérative"),
    ("réemploi", "réemplois", "réutilisation"),
];

/// A case, what is typed, and what it is taken for, if anything.
const CORRECTIONS: &[(&str, &str, Option<&str>)] = &[
    // One error from four letters on: wrong, missing, too many, two swapped.
    ("vélo", "velp", Some("vélo")),
    ("vélo", "vleo", Some("vélo")),
    ("vélo", "veelo", Some("vélo")),
    ("vélos", "vlos", Some("vélos")),
    ("vélo", "vlo", None),
    ("tri", "tru", None),
    ("tri", "tir", None),
    ("cartons", "carotns", Some("cartons")),
    ("déchets", "decehts", Some("déchets")),
    ("déchets", "déchtes", Some("déchets")),
    ("collège", "colege", Some("collège")),
    ("collège", "coleje", None),
    ("cartons", "crtonz", None),
    // Two from eight on.
    ("insertion", "insertoin", Some("insertion")),
    ("insertion", "incersion", Some("insertion")),
    ("insertion", "incersiom", None),
    ("blanchisserie", "blanchiserrie", Some("blanchisserie")),
    ("encombrants", "encombrents", Some("encombrants")),
    ("gardiennage", "GARDIENAGE", Some("gardiennage")),
    // Numbers, codes and acronyms are what they are.
    ("40 000", "40001", None),
    ("75231240-8", "75231241", None),
    ("75231240-8", "7523124", None),
    ("SCOP", "SCOB", None),
    ("ESAT", "ESTA", None),
    ("SPASER", "SPASR", None),
    ("CO₂", "co3", None),
    ("D3E", "D4E", None),
];

fn engine(cases: &[Value], settings: Settings) -> Engine {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    for case in cases {
        let record: Record = serde_json::from_value(case.clone()).unwrap();
        writer.add(&record).unwrap();
    }
    writer.finish().unwrap();
    Engine::open_with(directory, "test", settings).unwrap()
}

/// Finds nothing by a guess.
fn no_guess() -> Settings {
    [RankingRule::Corrections, RankingRule::Prefixes, RankingRule::Relaxing]
        .into_iter()
        .fold(Settings::default(), Settings::without)
}

/// A case that says so in its title, one that says so in its text, and others that say something else.
fn saying(words: &str) -> Vec<Value> {
    vec![
        json!({"id": "peinture", "titre": "Peinture de façades", "sections": text("Un chantier mené à son terme.")}),
        json!({"id": "titre", "titre": words}),
        json!({"id": "texte", "titre": "Un cas", "sections": text(&format!("Avant, {words}, après."))}),
        json!({"id": "haies", "titre": "Taille de haies", "sections": text("Élaguer, broyer, pailler.")}),
    ]
}

fn text(texte: &str) -> Value {
    json!([{"titre": "Le récit", "texte": texte}])
}

fn search(engine: &Engine, query: &str) -> SearchResponse {
    let request = SearchRequest {
        query: query.to_owned(),
        ..SearchRequest::default()
    };
    engine.search(&request).unwrap()
}

/// The ids found, in order.
fn found(engine: &Engine, query: &str) -> Vec<String> {
    search(engine, query)
        .hits
        .into_iter()
        .map(|hit| hit.record.id.clone())
        .collect()
}

/// The queries that do not find the case that says so, and nothing but it, in its title and in its text.
fn misses(document: &str, queries: &[&str]) -> Vec<String> {
    let engine = engine(&saying(document), no_guess());
    let miss = |query: &&str| {
        let mut found = found(&engine, query);
        found.sort_unstable();
        (found != ["texte", "titre"]).then(|| format!("{document:?} <- {query:?}: {found:?}"))
    };
    queries.iter().filter_map(miss).collect()
}

#[test]
fn what_is_typed_finds_what_is_written() {
    let rows = BOTH_WAYS.iter().chain(ONE_WAY);
    let missed: Vec<_> = rows.flat_map(|(document, queries)| misses(document, queries)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_is_written_finds_what_is_typed() {
    let rows = BOTH_WAYS
        .iter()
        .flat_map(|(document, queries)| queries.iter().map(move |query| (query, document)));
    let missed: Vec<_> = rows.flat_map(|(query, document)| misses(query, &[document])).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_cpv_code_is_found_in_any_spelling_and_by_its_branch() {
    let mut cases = saying("Ramassage");
    cases.truncate(2);
    cases[0]["cpv"] = json!("75231240-8");
    cases[1]["cpv"] = json!("45442100-8");
    let engine = engine(&cases, no_guess());
    for query in [
        "75231240-8",
        "75231240",
        "75 231 240",
        "75 231 240-8",
        "752 312 408",
        "752312408",
        "75\u{a0}231\u{a0}240",
        "75\u{202f}231\u{202f}240-8",
        "7523",
        "75230000",
        "75230000-6",
        "752",
        "cpv 75231240",
    ] {
        assert_eq!(found(&engine, query), ["peinture"], "{query}");
    }
}

#[test]
fn words_near_each_other_stay_apart() {
    for words in APART {
        let cases = words
            .iter()
            .map(|word| json!({"id": *word, "titre": "Un cas", "sections": text(&format!("Avant, {word}, après."))}));
        let engine = engine(&cases.collect::<Vec<_>>(), Settings::default());
        for word in *words {
            assert_eq!(found(&engine, word), [*word], "among {words:?}");
        }
    }
}

#[test]
fn an_accent_says_which_and_its_absence_may() {
    let engine = engine(
        &[
            json!({"id": "achat", "titre": "Un marché à bons de commande"}),
            json!({"id": "pied", "titre": "Une marche à pied, l’été"}),
            json!({"id": "capitales", "titre": "MARCHE DE SERVICES"}),
        ],
        no_guess(),
    );
    let found = |query: &str| {
        let mut found = found(&engine, query);
        found.sort_unstable();
        found
    };
    assert_eq!(found("marché"), ["achat", "capitales"]);
    assert_eq!(found("marchés"), ["achat", "capitales"]);
    assert_eq!(found("marche"), ["achat", "capitales", "pied"]);
    assert_eq!(found("marche à pied"), ["pied"]);
}

#[test]
fn marks_are_on_the_words() {
    let mut wrong = Vec::new();
    for (query, marked) in MARKED {
        let plain = marked.replace(['[', ']'], "");
        let engine = engine(&saying(&plain), no_guess());
        let response = search(&engine, query);
        for hit in &response.hits {
            let shown = match hit.record.id.as_str() {
                "titre" => shown(&hit.highlights.title),
                _ => shown(&hit.snippets[0].passage),
            };
            if !shown.contains(marked) {
                wrong.push(format!("{query:?}: {shown:?}, expected {marked:?}"));
            }
        }
        if response.hits.len() != 2 {
            wrong.push(format!("{query:?}: {} found, expected {marked:?}", response.hits.len()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A text with its marks between brackets.
fn shown(marked: &Marked) -> String {
    let part = |(part, is_marked)| {
        if is_marked {
            format!("[{part}]")
        } else {
            String::from(part)
        }
    };
    marked.parts().map(part).collect()
}

#[test]
fn the_form_typed_beats_another_form_which_beats_a_synonym() {
    for (exact, stem, synonym) in TIERS {
        let often = |words: &str| format!("{words} ").repeat(40);
        let long = "Rien à voir ici, ni ailleurs. ".repeat(400);
        let case = |id: String, titre: &str, texte: &str| json!({"id": id, "titre": titre, "acheteur": {"nom": titre}, "sections": text(texte)});
        let mut cases = vec![case("exact".to_owned(), "Un cas", &format!("{long} {exact} {long}"))];
        cases.extend((0..3).map(|rank| case(format!("stem-{rank}"), stem, &often(stem))));
        cases.extend((0..3).map(|rank| case(format!("synonym-{rank}"), synonym, &often(synonym))));
        cases.push(case(
            "buried-stem".to_owned(),
            "Un cas",
            &format!("{long} {stem} {long}"),
        ));
        cases.extend((0..40).map(|rank| case(format!("other-{rank}"), "Peinture", "Des façades.")));
        let engine = engine(&cases, Settings::default());
        let ids = found(&engine, exact);
        assert_eq!(ids.len(), 8, "{exact}: {ids:?}");
        assert_eq!(ids[0], "exact", "{exact}: {ids:?}");
        assert!(ids[1..5].iter().all(|id| id.contains("stem")), "{exact}: {ids:?}");
        assert!(ids[5..].iter().all(|id| id.starts_with("synonym")), "{exact}: {ids:?}");
    }
}

#[test]
fn what_is_typed_beats_what_it_is_taken_for() {
    let long = "Rien à voir ici, ni ailleurs. ".repeat(400);
    for (typed, meant) in [("colecte", "collecte"), ("blanchiserie", "blanchisserie")] {
        let mut cases =
            vec![json!({"id": "typed", "titre": "Un cas", "sections": text(&format!("{long} {typed} {long}"))})];
        cases.extend((0..60).map(|rank| json!({"id": format!("meant-{rank}"), "titre": meant, "sections": text(&format!("{meant} ").repeat(40))})));
        let engine = engine(&cases, Settings::default());
        let response = search(&engine, typed);
        assert_eq!(response.total, 61, "{typed}");
        assert_eq!(response.hits[0].record.id, "typed");
    }
}

#[test]
fn typing_errors_are_forgiven_and_said() {
    let mut wrong = Vec::new();
    for (title, typed, meant) in CORRECTIONS {
        let engine = engine(&saying(title), Settings::default());
        let query = format!("{typed}\u{a0}!");
        let response = search(&engine, &query);
        let corrections = &response.suggestions.corrections;
        let said: Vec<_> = corrections
            .iter()
            .map(|correction| (correction.from.as_str(), correction.to.as_str()))
            .collect();
        let expected: Vec<_> = meant.iter().map(|meant| (*typed, *meant)).collect();
        if said != expected || response.total != 2 * expected.len() as u64 {
            wrong.push(format!(
                "{title:?} <- {typed:?}: {} found, said {said:?}",
                response.total
            ));
        }
        for correction in corrections {
            assert_eq!(&query[correction.range.clone()], *typed);
            assert_eq!(
                response.suggestions.did_you_mean,
                Some(format!("{}\u{a0}!", correction.to))
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

//! Booklets of houses whose headings Rex does not know, and texts that are no booklets.

mod house;

use house::{FACTS, all_facts, booklet_of, read, sections};
use rex_corpus::CpvLabels;
use rex_import::{Booklet, BookletError, FindingKind, ImportedCase, is_as_imported};

/// What the report says of how the cases were told apart.
fn said(booklet: &Booklet) -> String {
    let doubts = booklet
        .findings
        .iter()
        .filter(|finding| finding.kind == FindingKind::Doubtful);
    doubts.map(|finding| finding.message.clone()).collect()
}

/// The facts of a template: a buyer without a label is named as the list of territories has it.
fn facts_of(template: &str) -> [String; 3] {
    let is_labelled = template.contains("Acheteur") || template.contains(" : {buyer}");
    FACTS.map(|facts| {
        if is_labelled {
            facts.to_owned()
        } else {
            facts
                .replace("Ville de Rennes", "Commune de Rennes")
                .replace("Commune de Albi", "Commune d'Albi")
        }
    })
}

#[test]
fn cards_of_facts_alone() {
    for template in [
        "{title}\nAcheteur : {buyer}\nMontant : {amount}\nDurée : {duration}\nTitulaire : {holder}\n\n",
        "{title}\n\nAcheteur : {buyer}\n\nMontant : {amount}\n\nDurée : {duration}\n\nTitulaire : {holder}\n\n",
        "{title}\n\n- **Acheteur** : {buyer}\n- **Montant** : {amount}\n- **Durée** : {duration}\n- **Titulaire** : {holder}\n\n",
        "## {title}\n\n**Acheteur :** {buyer}\n**Montant :** {amount}\n**Durée :** {duration}\n**Titulaire :** {holder}\n\n",
        "## {title}\n\n| Acheteur | {buyer} |\n|---|---|\n| Montant | {amount} |\n| Durée | {duration} |\n| Titulaire | {holder} |\n\n",
        "FICHE N°{rank}\n\n{TITLE}\n\nAcheteur : {buyer} | Montant : {amount}\nDurée : {duration} | Titulaire : {holder}\n\n",
        "Fiche {rank}\nAcheteur : {buyer}\nObjet : {title}\nMontant : {amount}\nDurée : {duration}\nTitulaire : {holder}\n\n",
        "Acheteur : {buyer}\nObjet : {title}\nMontant : {amount}\nDurée : {duration}\nTitulaire : {holder}\n\n",
        "{title}\nMaître d'ouvrage : {buyer}\nMontant du marché : {amount}\nDurée : {duration}\nAttributaire : {holder}\nUn premier marché pour cette équipe, qui en a retenu beaucoup pour la suite.\n\n",
    ] {
        let booklet = read(&booklet_of(template));
        assert_eq!(all_facts(&booklet), FACTS, "{template}");
        let mut pages = booklet.cases.iter().filter_map(|case| case.record.source.as_ref());
        assert!(pages.all(|source| source.page.is_none()), "{template}");
        assert!(said(&booklet).contains("no headings recur"), "{}", said(&booklet));
    }
}

/// Sentences with all the facts of a contract.
const SENTENCES: &str = "Le marché, d'un montant de {amount}, dure {duration}. Le titulaire est {holder}.";

#[test]
fn headings_of_its_own() {
    for (headings, template) in [
        (
            ["Le point de bascule", "Le chemin suivi", "La suite"],
            "{title}\n\n{buyer}\n\nLe point de bascule\n\nIl fallait agir.\n\nLe chemin suivi\n\n{sentences}\n\nLa suite\n\nTout continue.\n\n",
        ),
        // Capitals.
        (
            ["Le point de bascule", "Le chemin suivi", "La suite"],
            "{TITLE}\n\nAcheteur : {buyer}\n\nLE POINT DE BASCULE\n\nIl fallait agir.\n\nLE CHEMIN SUIVI\n\n{sentences}\n\nLA SUITE\n\nTout continue.\n\n",
        ),
        // Numbers, without blank lines.
        (
            ["Point de bascule", "Chemin suivi", "Suite"],
            "{title}\nAcheteur : {buyer}\n\n1. Point de bascule\nIl fallait agir.\n2. Chemin suivi\n{sentences}\n3. Suite\nTout continue.\n\n",
        ),
        // A running head with a number.
        (
            ["Pourquoi ?", "Comment ?", "Et après ?"],
            "FICHE N°{rank}\n{title}\n\nPouvoir adjudicateur : {buyer}\n\nPourquoi ?\n\nIl fallait agir.\n\nComment ?\n\n{sentences}\n\nEt après ?\n\nTout continue.\n\n",
        ),
        // Bold lines.
        (
            ["Point de bascule", "Chemin suivi", "Suite"],
            "## {title}\n**Acheteur** : {buyer}\n\n**Point de bascule**\nIl fallait agir.\n\n**Chemin suivi**\n{sentences}\n\n**Suite**\nTout continue.\n\n",
        ),
        (
            ["Pourquoi ?", "Comment ?", "Et après ?"],
            "## {title}\n\nPorteur du projet : {buyer}\n\n### Pourquoi ?\n\nIl fallait agir.\n\n### Comment ?\n\n{sentences}\n\n### Et après ?\n\nTout continue.\n\n",
        ),
    ] {
        let template = template.replace("{sentences}", SENTENCES);
        let booklet = read(&booklet_of(&template));
        assert_eq!(all_facts(&booklet), facts_of(&template), "{template}");
        let [why, how, then] = headings;
        let how_text = SENTENCES
            .replace("{amount}", "32 000 € HT")
            .replace("{duration}", "18 mois");
        assert_eq!(
            sections(&booklet.cases[0]),
            [
                format!("{why}: Il fallait agir."),
                format!("{how}: {}", how_text.replace("{holder}", "association Vert Demain")),
                format!("{then}: Tout continue."),
            ],
            "{template}"
        );
        assert!(
            said(&booklet).contains("found in this text and are not known"),
            "{}",
            said(&booklet)
        );
        assert!(
            said(&booklet).to_lowercase().contains(&why.to_lowercase()),
            "{}",
            said(&booklet)
        );
        assert!(booklet.cases.iter().all(|case| is_as_imported(&case.to_markdown())));
    }
}

#[test]
fn labels_as_headings_and_lines_of_a_pdf() {
    for template in [
        "{title}\n\nAcheteur\n\n{buyer}\n\nMontant\n\n{amount}\n\nDurée\n\n{duration}\n\nTitulaire\n\n{holder}\n\nEt depuis ?\n\nTout va bien.\n\n",
        "Les achats qui comptent\n{title}\n{buyer}\nLe déclic\nLa collectivité voulait une solution locale\npour ce besoin.\nLe parcours\n\
         Le marché, d'un montant de {amount}, a une durée de {duration}. Il est\nattribué à {holder}.\nLa leçon\nCinq emplois.\n{rank}\n\u{c}",
        "{title}\n\n*{buyer}*\n\nLe déclic\n\nIl fallait agir.\n\nLe parcours\n\nLe marché vaut {amount} et dure {duration}.\n\nLe partenaire\n\nLe marché a été confié à {holder}.\n\n",
    ] {
        let booklet = read(&booklet_of(template));
        assert_eq!(all_facts(&booklet), facts_of(template), "{template}");
    }
}

#[test]
fn a_book_title_is_not_that_of_a_case() {
    let cases = booklet_of(
        "## {title}\n\nAcheteur : {buyer}\n\n### Le déclic\n\nIl fallait agir.\n\n### Le parcours\n\nLe marché, d'un montant de {amount}, dure {duration}.\n\n### Le partenaire\n\nTitulaire : {holder}\n\n",
    );
    let booklet = read(&format!(
        "# Dix achats qui comptent\n\nUn recueil de la Maison des achats.\n\n{cases}"
    ));
    assert_eq!(all_facts(&booklet), FACTS);
    let source = booklet.cases[0].record.source.clone().expect("a source");
    assert_eq!(source.titre.as_deref(), Some("Dix achats qui comptent"));
    let plain = cases.replace('#', "");
    let booklet = read(&format!("Dix achats qui comptent\n\n2026\n\n{plain}"));
    assert_eq!(all_facts(&booklet), FACTS);
}

#[test]
fn two_cases_and_headings_that_vary() {
    let text = "Peinture des salles de classe\n\nLe déclic\n\nLa Ville de Nantes voulait occuper ses chantiers d'été.\n\nLa démarche\n\n\
                Le marché vaut 41 000 € HT et dure 6 mois.\n\nLes freins levés\n\nLes délais.\n\nLes résultats\n\nDix salles repeintes.\n\n\
                Réparation de vélos\n\nDéclic\n\nLa Région Bretagne voulait prolonger la vie de ses vélos.\n\nDémarche suivie\n\n\
                Le marché vaut 9 000 € HT et dure 12 mois.\n\nFreins levés\n\nLes pièces.\n\nRésultats obtenus\n\nCent vélos réparés.\n\n\
                Location de vaisselle\n\nDéclic\n\nLe Département du Nord voulait moins de jetable.\n\nLa démarche\n\n\
                Le marché vaut 15 000 € HT et dure 24 mois.\n\nRésultats\n\nMille repas servis.\n";
    let booklet = read(text);
    assert_eq!(
        all_facts(&booklet),
        [
            "Peinture des salles de classe | Commune de Nantes | - | 41000 | 6",
            "Réparation de vélos | Région Bretagne | - | 9000 | 12",
            "Location de vaisselle | Département du Nord | - | 15000 | 24",
        ]
    );
    let titles = |case: &ImportedCase| -> Vec<String> {
        case.record
            .sections
            .iter()
            .map(|section| section.titre.clone())
            .collect()
    };
    assert_eq!(titles(&booklet.cases[2]), ["Déclic", "La démarche", "Résultats"]);
    let two = &text[..text.find("Location").expect("a third case")].replace("Démarche suivie", "La démarche");
    let booklet = read(two);
    assert_eq!(booklet.cases.len(), 2);
    assert_eq!(
        titles(&booklet.cases[1]),
        ["Déclic", "La démarche", "Freins levés", "Résultats obtenus"]
    );
}

#[test]
fn one_case_with_a_title_and_facts() {
    let text = "# Entretien des sentiers\n\n**Acheteur** : Ville de Rennes\n**Titulaire** : association Sentiers Ouverts\n\n\
                ## Pourquoi ce marché\n\nLes sentiers se fermaient.\n\n## Le déroulé\n\n- Montant : 20 000 € HT\n- Durée : 12 mois\n\nTrois lots au départ.\n";
    let booklet = read(text);
    assert_eq!(
        all_facts(&booklet),
        ["Entretien des sentiers | Ville de Rennes | Sentiers Ouverts | 20000 | 12"]
    );
    assert_eq!(
        sections(&booklet.cases[0]),
        [
            "Pourquoi ce marché: Les sentiers se fermaient.",
            "Le déroulé: Trois lots au départ."
        ]
    );
}

/// Texts that are no booklets of cases, each with a line that recurs.
fn other_texts() -> Vec<(&'static str, String, &'static str)> {
    let repeat = |count: usize, text: &str| -> String {
        (1..=count)
            .map(|rank| {
                let letter = ["Alpha", "Bravo", "Charlie", "Delta"][rank % 4];
                text.replace("{rank}", &rank.to_string()).replace("{letter}", letter)
            })
            .collect()
    };
    vec![
        (
            "a guide",
            repeat(
                4,
                "Partie {rank} : acheter mieux\n\nIntroduction\n\nLes acheteurs publics disposent de leviers. Le seuil de 40 000 € HT compte.\n\nCadre juridique\n\nLe code de la commande publique permet de réserver des marchés. La durée d'un accord-cadre est de quatre ans au plus.\n\nConseils\n\nRencontrez les entreprises avant de rédiger le cahier des charges.\n\n",
            ),
            "Cadre juridique",
        ),
        (
            "a guide in Markdown",
            repeat(
                3,
                "# Étape {rank}\n\n## Objectif\n\nDéfinir le besoin avec les services.\n\n## Méthode\n\nOrganiser un sourçage, puis écrire le cahier des charges.\n\n## Points de vigilance\n\nUn marché de moins de 40 000 € HT peut se passer sans publicité.\n\n",
            ),
            "Méthode",
        ),
        (
            "slides",
            repeat(
                6,
                "Contexte et enjeux\n\nUne politique d'achat ambitieuse\n\nDirection des achats\n\nDiapositive {rank}\n\nNos objectifs\n\nPlus de clauses sociales\n\nMerci\n\n",
            ),
            "Direction des achats",
        ),
        (
            "slides with known headings",
            repeat(
                2,
                "Contexte\n\nLes achats représentent un levier.\n\nSolution\n\nUn schéma de promotion.\n\nRésultats\n\nPlus de clauses.\n\n",
            ),
            "Solution",
        ),
        (
            "an annual report",
            repeat(
                4,
                "Direction {letter}\n\nFaits marquants\n\nLa Ville de Rennes a rénové ses équipements et formé ses équipes.\n\nChiffres de l'année\n\nLe budget de la direction est de 1 200 000 €.\n\nPerspectives\n\nLa Ville de Rennes poursuivra cet effort.\n\n",
            ),
            "Faits marquants",
        ),
        (
            "minutes",
            repeat(
                3,
                "Commission du {rank} mars 2026\n\nPrésents\n\nMmes et MM. les membres de la commission.\n\nOrdre du jour\n\nAttribution de marchés.\n\nDécisions\n\nLe marché de nettoyage est attribué à Propre Plus pour 48 000 € HT et 24 mois.\n\n",
            ),
            "Ordre du jour",
        ),
        (
            "minutes with a date and a place",
            repeat(
                3,
                "Séance {letter}\n\nDate : 1{rank} mars 2026\nLieu : Rennes\n\nPoints abordés\n\nLe marché de nettoyage est attribué à Propre Plus pour 48 000 € HT et 24 mois.\n\n",
            ),
            "Points abordés",
        ),
        (
            "questions and answers",
            repeat(
                3,
                "Question {letter}\n\nRéponse courte\n\nOui.\n\nRéponse longue\n\nLe code le permet, pour un marché de moins de 40 000 € HT.\n\nÀ retenir\n\nRien d'autre.\n\n",
            ),
            "Réponse longue",
        ),
        (
            "a list of contacts",
            repeat(
                4,
                "Contact {letter}\n\nStructure : Les Ateliers du Nord\n\nFonction : directrice\n\nTéléphone : 02 0{rank} 00 00 00\n\nCourriel : contact@exemple.fr\n\n",
            ),
            "Fonction : directrice",
        ),
        (
            "a directory",
            repeat(
                4,
                "Menuiserie {letter}\n\nEntreprise : Les Ateliers du Nord\nLieu : Lille\nTéléphone : 02 0{rank} 00 00 00\nActivité : menuiserie\n\n",
            ),
            "Activité : menuiserie",
        ),
        (
            "a list of collectivités",
            repeat(
                4,
                "Référent {letter}\n\nCollectivité : Ville de Rennes\nLieu : Rennes\nTéléphone : 02 0{rank} 00 00 00\nCourriel : contact@exemple.fr\n\n",
            ),
            "Courriel : contact@exemple.fr",
        ),
        (
            "a price list",
            repeat(5, "Article {rank}\n\nPrix : {rank}0 €\n\nUnité : la pièce\n\n"),
            "Unité : la pièce",
        ),
        (
            "a novel",
            repeat(
                9,
                "Chapitre {rank}\n\nIl faisait nuit. La ville dormait.\n\n* * *\n\nPlus tard, il faisait jour.\n\n",
            ),
            "",
        ),
    ]
}

#[test]
fn what_is_no_booklet_is_refused_with_its_lines() {
    for (what, text, line) in other_texts() {
        match Booklet::read(&text, &CpvLabels::shipped()) {
            Err(error @ BookletError::NoFacts(_)) => {
                let error = error.to_string();
                assert!(
                    !line.is_empty() && error.contains(&format!("« {line} »")),
                    "{what}: {error}"
                );
            }
            Err(BookletError::NoCase) => assert_eq!(line, "", "{what}"),
            other => panic!("{what}: {other:?}"),
        }
    }
}

#[test]
fn the_same_lines_again_and_again() {
    for lines in [
        "Le contexte\n\n",
        "Un titre\n\nLe contexte\n\nLe récit\n\nLa suite\n\n",
        "Un titre\nAcheteur : Ville de Rennes\nMontant : 3 €\n",
        "Un titre\n\nLe récit\n\nUne phrase.\n\nLa suite\n\nUne phrase.\n\nLa fin\n\nUne phrase.\n\n",
        "**a**\n| b | c |\n",
    ] {
        let text = lines.repeat(50_000 / lines.lines().count());
        let read = Booklet::read(&text, &CpvLabels::shipped());
        assert!(read.is_err(), "{lines}: {:?}", read.map(|booklet| booklet.cases.len()));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 96, ..Default::default() })]

    /// Lines of other houses in any order.
    #[test]
    fn never_panics_on_shuffled_lines(ranks in proptest::collection::vec(0_usize..400, 0..120)) {
        let whole: String = other_texts().into_iter().map(|(_, text, _)| text).collect();
        let cards = booklet_of("## {title}\n\nFiche {rank}\n**Acheteur** : {buyer}\nMontant : {amount}\n\nLe récit\n\nTitulaire : {holder}.\n\n");
        let lines: Vec<&str> = cards.lines().chain(whole.lines()).collect();
        let text: Vec<&str> = ranks.iter().map(|rank| lines[rank % lines.len()]).collect();
        if let Ok(booklet) = Booklet::read(&text.join("\n"), &CpvLabels::shipped()) {
            for case in &booklet.cases {
                proptest::prop_assert!(is_as_imported(&case.to_markdown()));
                proptest::prop_assert!(case.line >= 1 && case.line <= text.len());
            }
        }
    }

    #[test]
    fn never_panics_on_marks(text in "(Récit|Suite ?|Acheteur : Ville de Rennes|Montant : 3 €|Objet :|Titulaire|Fiche 2|\\*\\*Bilan\\*\\*|# |## |- |\\||\n|\n\n|\u{c}|Une phrase\\.|Le marché dure 2 ans\\.|\\PC{0,6}){0,40}") {
        let _ = Booklet::read(&text, &CpvLabels::shipped());
    }
}

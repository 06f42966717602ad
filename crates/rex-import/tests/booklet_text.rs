//! The text of booklets of other houses: what is kept, what is left out and said, and what is no case.

mod house;

use house::{CONTRACTS, FACTS, all_facts, booklet_of, read, sections};
use rex_corpus::CpvLabels;
use rex_import::{Booklet, BookletError, Finding, FindingKind, ImportedCase};

/// Booklets in which lines look like headings or page numbers, and are the text of a case.
#[test]
fn text_that_looks_like_something_else() {
    // Results that are equal, or that differ by a number, below Markdown headings.
    for results in [
        "{rank}5 emplois créés",
        "12 personnes en emploi",
        "Critères : prix 60 %",
    ] {
        let template = "## {title}\n\nAcheteur : {buyer}\nMontant : {amount}\nDurée : {duration}\nTitulaire : {holder}\n\n\
                        ### Le déclic\n\nUne idée\n\n### Le parcours\n\nDes rencontres\n\n### Résultats\n\n{results}\n\n";
        let booklet = read(&booklet_of(&template.replace("{results}", results)));
        assert_eq!(all_facts(&booklet), FACTS, "{results}");
        let expected = results.replace("{rank}", "1");
        let item = if results.contains(':') { "- " } else { "" };
        assert_eq!(
            sections(&booklet.cases[0]),
            [
                "Le déclic: Une idée".to_owned(),
                "Le parcours: Des rencontres".to_owned(),
                format!("Résultats: {item}{expected}"),
            ]
        );
    }
    // The same without marks: a line that recurs is taken for a heading, and its words stay.
    let plain = "{title}\n\nAcheteur : {buyer}\nMontant : {amount}\nDurée : {duration}\nTitulaire : {holder}\n\n\
                 Le déclic\n\nUne idée est née.\n\nLe parcours\n\nDes rencontres ont suivi.\n\nRésultats\n\n12 personnes en emploi\n\n";
    let booklet = read(&booklet_of(plain));
    assert_eq!(all_facts(&booklet), FACTS);
    assert_eq!(sections(&booklet.cases[1])[2], "Résultats: 12 personnes en emploi");
    // Facts and titles that end in a number, in a text without pages.
    for template in [
        "Fiche action {rank}\n\nAcheteur : Ville de Lyon {rank}\nObjet : Entretien du lot {rank}\nTitulaire : Solidarité 4{rank}\nMontant : {amount}\nDurée : {duration}\n\n",
        "AVIS D'ATTRIBUTION N°{rank}\nAcheteur : Ville de Lyon {rank}\nObjet : Entretien du lot {rank}\nTitulaire : Solidarité 4{rank}\nMontant : {amount}\nDurée : {duration}\n\n",
        "## Projet {rank}\n\nAcheteur : Ville de Lyon {rank}\nObjet : Entretien du lot {rank}\nTitulaire : Solidarité 4{rank}\nMontant : {amount}\nDurée : {duration}\n\n",
    ] {
        let booklet = read(&booklet_of(template));
        let expected = |(rank, facts): (usize, &str)| {
            let terms = facts.split(" | ").skip(3).collect::<Vec<_>>().join(" | ");
            format!(
                "Entretien du lot {0} | Ville de Lyon {0} | Solidarité 4{0} | {terms}",
                rank + 1
            )
        };
        let expected: Vec<String> = FACTS.into_iter().enumerate().map(expected).collect();
        assert_eq!(all_facts(&booklet), expected, "{template}");
        assert!(
            booklet
                .findings
                .iter()
                .all(|finding| finding.kind != FindingKind::LeftOut),
            "{:?}",
            booklet.findings
        );
    }
}

#[test]
fn contacts_are_left_out_and_said() {
    for contact in [
        "Contact : M. Martin, 06 01 02 03 04",
        "Courriel : achats@exemple.fr",
        "**Tél.** : 06 01 02 03 04",
        "Référente : Anne Martin",
        "### Contact\n\nAnne Martin\n\n06 01 02 03 04",
        "### Contact\n\nM. Martin",
    ] {
        let template = "## {title}\n\nAcheteur : {buyer}\nMontant : {amount}\nDurée : {duration}\nTitulaire : {holder}\n\n### Bilan\n\nTout continue.\n\n";
        let booklet = read(&booklet_of(&format!("{template}{contact}\n\n")));
        assert_eq!(all_facts(&booklet), FACTS, "{contact}");
        for case in &booklet.cases {
            assert_eq!(sections(case), ["Bilan: Tout continue."], "{contact}");
            // A heading « Contact » below the last case may be that of the booklet.
            let mut findings = case.findings.iter().chain(&booklet.findings);
            let left = findings.any(|finding| finding.kind == FindingKind::LeftOut && finding.line > case.line);
            assert!(left, "{contact}: {:?}", case.findings);
        }
    }
}

#[test]
fn contacts_of_booklets_with_known_headings_are_left_out() {
    for contact in [
        "Contact : M. Martin, 06 01 02 03 04",
        "Contact : Mme Anne Martin, chargée de mission achats responsables à la direction des achats, 06 01 02 03 04",
        "Contact : Mme Anne Martin,\nchargée de mission achats responsables,\n06 01 02 03 04",
        "Courriel : anne.martin@exemple.fr, ou par téléphone auprès de Mme Martin au 06 01 02 03 05 chaque matin.",
    ] {
        let text = "# {title}\n\n{contact}\n\n## Présentation du marché\n\nLa collectivité voulait une solution locale pour ce besoin.\n\n\
                    {contact}\n\nElle a rencontré les entreprises du territoire avant d'écrire.\n\n\
                    ## Informations sur le marché\n\nMontant : {amount}\nDurée : {duration}\n{contact}\n\n\
                    ## La réponse au marché\n\nL'équipe a répondu avec une organisation nouvelle.\n\n{contact}\n\n\
                    ## Les résultats\n\n{contact}\n\nQuinze emplois ont été créés dans la ville.\n\n";
        let booklet = read(&booklet_of(&text.replace("{contact}", contact)));
        for case in &booklet.cases {
            let written = case.to_markdown();
            for personal in ["Martin", "06 01", "@", "chargée"] {
                assert!(!written.contains(personal), "{contact}: {written}");
            }
            assert!(
                written.contains("Elle a rencontré les entreprises") && written.contains("Quinze emplois"),
                "{written}"
            );
            let left = case
                .findings
                .iter()
                .filter(|finding| finding.kind == FindingKind::LeftOut)
                .count();
            assert!(left >= 5, "{contact}: {:?}", case.findings);
        }
    }
}

#[test]
fn facts_of_questions() {
    let text = "FICHE {rank}\n{title}\n\nQui ?\n{buyer}, 12 000 habitants\nQuoi ?\nUne prestation pour {amount} HT, pendant {duration}.\n\
                Comment ?\nDialogue compétitif ; {holder} a été retenue.\nEt après ?\nTout continue.\n\n{rank}\n\n";
    let booklet = read(&booklet_of(&text.replace("{amount} HT", "{amount}")));
    assert_eq!(
        all_facts(&booklet)[0],
        "Taille des haies du parc | Commune de Rennes | Vert Demain | 32000 | 18"
    );
    let doubts = booklet.cases[0]
        .findings
        .iter()
        .filter(|finding| finding.kind == FindingKind::Doubtful);
    assert_eq!(
        doubts
            .filter(|finding| finding.message.contains("read in the text"))
            .count(),
        2
    );
}

#[test]
fn facts_without_a_title_are_refused() {
    for template in [
        "# Diapo {rank}\n\n- un point\n- Acheteur : vous\n- Montant : {rank} M€\n\n---\n",
        "## Diapositive {rank}\n\nMontant : {rank}0 k€\nAcheteur : la collectivité\n\n",
        "Fiche n° {rank}\n\nAcheteur : {buyer}\nMontant : {amount}\nDurée : {duration}\n\n",
    ] {
        let error = Booklet::read(&booklet_of(template), &CpvLabels::shipped()).expect_err(template);
        assert_eq!(error, BookletError::NoTitle { cases: 3, line: 1 }, "{template}");
        assert!(error.to_string().contains("Objet : …"), "{error}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 96, ..Default::default() })]

    /// Every line of text is in a case, or the report names it.
    #[test]
    fn loses_no_line(
        is_marked in proptest::bool::ANY,
        headings in proptest::collection::vec("(Le déclic|Le chemin|Résultats|Pourquoi \\?|La suite|Contexte|Bilan|Présentation du marché|La réponse au marché|Informations sur le marché)", 1..5),
        parts in proptest::collection::vec(proptest::collection::vec((0_usize..LINES.len(), proptest::bool::ANY), 0..4), 15),
    ) {
        let mut word = 0;
        let mut text = String::new();
        let mut parts = parts.iter();
        for [title, buyer, holder, amount, duration] in CONTRACTS {
            let mark = if is_marked { "## " } else { "" };
            text.push_str(&format!(
                "{mark}{title}\n\nAcheteur : {buyer}\nTitulaire : {holder}\nMontant : {amount}\nDurée : {duration}\n\n"
            ));
            for heading in &headings {
                text.push_str(&format!("{}{heading}\n\n", if is_marked { "### " } else { "" }));
                for (line, is_paragraph) in parts.next().into_iter().flatten() {
                    word += 1;
                    text.push_str(&LINES[*line].replace("{word}", &format!("Motif{word}x")));
                    text.push_str(if *is_paragraph { "\n\n" } else { "\n" });
                }
                text.push('\n');
            }
        }
        if let Ok(booklet) = Booklet::read(&text, &CpvLabels::shipped()) {
            let lost = lost(&text, &booklet);
            proptest::prop_assert!(lost.is_empty(), "{lost:?}\n{text}");
        }
    }
}

/// Lines of a case, with a word that no other line has.
const LINES: [&str; 20] = [
    "{word}",
    "15 {word} créés",
    "12 personnes et {word}",
    "Une phrase avec {word}.",
    "Le marché a été pensé avec {word}, et avec soin, pendant de longs mois, par toutes les équipes.",
    "- {word}",
    "- un {word} et un autre",
    "Critères : {word} et prix",
    "Contact : {word}",
    "**{word}**",
    "1. {word} et la suite",
    "Voir www.{word}.fr",
    "https://exemple.fr/{word}",
    "le {word} continue",
    "petit {word}",
    "RÉGION {word}",
    "Durée : {word}",
    "Montant du {word}",
    "Toutes les infos {word}",
    "{word} 12",
];

/// The lines with a word that is in no case and whose line is in no finding.
fn lost<'t>(text: &'t str, booklet: &Booklet) -> Vec<&'t str> {
    let written: String = booklet.cases.iter().map(ImportedCase::to_markdown).collect();
    let findings = booklet
        .cases
        .iter()
        .flat_map(|case| &case.findings)
        .chain(&booklet.findings);
    // « lines 3 to 5: … », « lines 3 to 5, after the last case », or the line of the finding alone.
    let last = |finding: &Finding| -> Option<usize> {
        let (_, rest) = finding.message.strip_prefix("lines ")?.split_once(" to ")?;
        rest.split([',', ':']).next()?.parse().ok()
    };
    let said: Vec<std::ops::RangeInclusive<usize>> = findings
        .filter(|finding| finding.kind == FindingKind::LeftOut)
        .map(|finding| finding.line..=last(finding).unwrap_or(finding.line))
        .collect();
    let is_lost = |(index, line): &(usize, &str)| {
        let word = line
            .split(|c: char| !c.is_alphanumeric())
            .find(|word| word.starts_with("Motif"));
        let is_said = said.iter().any(|range| range.contains(&(index + 1)));
        word.is_some_and(|word| !written.to_lowercase().contains(&word.to_lowercase())) && !is_said
    };
    text.lines().enumerate().filter(is_lost).map(|(_, line)| line).collect()
}

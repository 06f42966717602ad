use super::is_number_of_article;
use crate::{Token, analyze, words};

/// The first reading of every word of a text, joined by spaces.
fn read(text: &str) -> String {
    let words: Vec<_> = words(text).into_iter().map(|word| word.exact).collect();
    words.join(" ")
}

#[test]
fn every_spelling_is_one_word() {
    for (exact, spellings) in [
        (
            "l2113x12",
            &[
                "L. 2113-12",
                "L2113-12",
                "L.2113-12",
                "L 2113-12",
                "l2113-12",
                "l. 2113-12",
                "l 2113-12",
                "L.\u{a0}2113-12",
                "L.\u{202f}2113\u{2011}12",
                "L.\n2113-12",
                "L. 2113‐12",
                "L. 2113–12",
                "L*2113-12",
                "L-2113-12",
                "L. 2113 - 12",
                "L 2113 – 12",
                "L. 2113- 12",
                "L 2113 12",
            ][..],
        ),
        (
            "r2123x1",
            &[
                "R.2123-1",
                "R. 2123-1",
                "R2123-1",
                "R*2123-1",
                "R.* 2123-1",
                "R*. 2123-1",
                "R 2123 1",
                "R.2123 1",
                "R2123 - 1",
            ],
        ),
        ("d5132x10x1", &["D. 5132-10-1", "D5132-10-1", "d 5132-10-1"]),
        ("l52x1", &["L. 52-1", "L52-1", "l.52-1"]),
        ("a123x4", &["A. 123-4", "A123-4", "a.123-4"]),
        (
            "lo1112x1",
            &["LO 1112-1", "L.O. 1112-1", "LO. 1112-1", "LO1112-1", "L.O.1112-1"],
        ),
        (
            "n2014x856",
            &[
                "n° 2014-856",
                "2014-856",
                "nº2014-856",
                "no 2014-856",
                "N°\u{a0}2014-856",
                "no2014-856",
                "2014–856",
            ],
        ),
        ("n2018x1075", &["2018-1075", "n° 2018-1075"]),
        ("n2021x1", &["2021-1", "n° 2021-1"]),
        ("n1985x801", &["85-801", "n° 85-801", "1985-801"]),
        ("n1998x1266", &["98-1266", "1998-1266"]),
        ("u2004x18", &["2004/18/CE", "2004/18/ce"]),
        ("u2014x24", &["2014/24/UE"]),
        ("u1992x50", &["92/50/CEE", "1992/50/CEE"]),
    ] {
        for spelling in spellings {
            let text = format!("de « {spelling} » et {spelling}, ou ({spelling}).");
            let marked: Vec<_> = analyze(&text)
                .into_iter()
                .filter(|token| token.exact == exact)
                .map(|token| text[token.start..token.end].to_owned())
                .collect();
            assert_eq!(marked, [*spelling; 3], "{text}");
            assert_eq!(read(&text), format!("de {exact} et {exact} ou {exact}"), "{text}");
        }
        assert_eq!(read(exact), exact);
    }
}

#[test]
fn an_article_is_found_with_its_name_and_without() {
    let forms = |text: &str| -> Vec<(usize, usize, String)> {
        let form = |token: Token| (token.position, token.span, token.exact);
        analyze(text).into_iter().map(form).collect()
    };
    for text in ["article L. 2113-12", "art. L2113-12", "ART L.2113-12", "art.L2113-12"] {
        let expected = [
            (0, 2, "l2113x12"),
            (0, 1, "article"),
            (1, 1, "l2113x12"),
            (1, 1, "2113x12"),
        ];
        assert_eq!(
            forms(text),
            expected.map(|(at, span, exact)| (at, span, exact.to_owned())),
            "{text}"
        );
    }
    assert_eq!(read("les arts. L. 1-1 et L. 5"), "les articles l1x1 et l 5");
    assert_eq!(read("article A 12-3, art. R. 57"), "article a12x3 article r57");
    assert_eq!(
        read("loi no 82-51 et décret n° 5-102"),
        "loi n1982x51 et decret n 5 102"
    );
    assert_eq!(read("ordonnance 05-649"), "ordonnance n2005x649");
}

#[test]
fn other_numbers_stay_what_they_are() {
    for (text, expected) in [
        ("2021-2022", "2021 2022"),
        ("de 2019-2021 à 1914-1918", "de 2019 2021 a 1914 1918"),
        ("n° 2014-2016", "n 2014 2016"),
        ("2019-02-26", "2019 02 26"),
        ("2019-2022-2023", "2019 2022 2023"),
        ("40-90", "40 90"),
        ("18-250 ml", "18 250 ml"),
        ("60-120 cm, 85-801 m², 70-300 €", "60 120 cm 85 801 m2 70 300"),
        ("75231240-8", "752312408"),
        ("2A-2B", "2a 2b"),
        ("de 90 a 100-120", "de 90 a 100 120"),
        ("S.A.R.L. 10-12", "sarl 10 12"),
        ("Lot 12, lots A 1-3, L 2", "lot 12 lots a 1 3 l 2"),
        ("L. 2113", "l 2113"),
        ("R32-2020", "r32 2020"),
        ("07/2014, 31/12/2014", "07 2014 31 12 2014"),
        ("MP-2014-856", "mp 2014 856"),
        ("NF P 94-500", "nf p 94 500"),
        ("0,2014-856,5", "0 2014 856 5"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_may_be_a_law_or_a_span_of_years_is_both() {
    for (text, whole, parts) in [
        ("2021-22", "n2021x22", ["2021", "22"]),
        ("2021-07", "n2021x07", ["2021", "07"]),
        ("75-100", "n1975x100", ["75", "100"]),
        ("2014/24", "u2014x24", ["2014", "24"]),
    ] {
        let forms: Vec<_> = analyze(text)
            .into_iter()
            .map(|token| (token.span, token.exact))
            .collect();
        let expected = [(2, whole), (1, parts[0]), (1, parts[1])];
        assert_eq!(forms, expected.map(|(span, exact)| (span, exact.to_owned())), "{text}");
    }
    assert_eq!(read("loi n° 2021-22"), "loi n2021x22");
}

#[test]
fn an_article_is_found_by_its_number_alone() {
    for (query, texts) in [
        (
            "2113-12",
            &["L. 2113-12", "R2113-12", "article L. 2113-12 du code", "2113-12"][..],
        ),
        ("article 2113-12", &["L. 2113-12", "art. 2113 - 12"]),
        ("2113–12", &["L 2113 12"]),
        ("2123-1-1", &["R. 2123-1-1", "2123-1-1"]),
        ("5132-10-1", &["D5132-10-1"]),
        ("2100-2", &["L. 2100-2"]),
        ("2000-10", &["L. 2000-10"]),
        ("541-10", &["L. 541-10", "article 541-10"]),
        ("article 52-1", &["L. 52-1"]),
    ] {
        // The form of the whole comes first.
        let asked = &analyze(query)[0].exact;
        for text in texts {
            let found = analyze(text).iter().any(|token| token.exact == *asked);
            assert!(found, "{query} ({asked}): {text}");
        }
        let parted = format!("lots {}", query.replace(['-', '–'], " et "));
        assert!(analyze(&parted).iter().all(|token| token.exact != *asked), "{query}");
    }
    assert!(is_number_of_article("2113x12", "l2113x12"));
    assert!(is_number_of_article("n2100x2", "l2100x2"));
    for (number, article) in [
        ("2113x12", "2113x12"),
        ("113x12", "l2113x12"),
        ("12", "l12"),
        ("12", "12"),
    ] {
        assert!(!is_number_of_article(number, article), "{number} {article}");
    }
}

#[test]
fn other_numbers_with_a_hyphen_have_no_letter() {
    for (text, expected) in [
        ("1000-1500 heures", "1000 1500 heures"),
        ("1200-900 m²", "1200 900 m2"),
        ("2500-300 €", "2500 300"),
        ("12-2113-12", "12 2113 12"),
        ("2113-12-A", "2113 12 a"),
        ("2113-12,5", "2113 12 5"),
        ("NF EN 1090-2", "nf en 1090 2"),
        ("0123-45", "0123 45"),
        ("2113 12, 2113 - 12", "2113 12 2113 12"),
        ("100-150", "100 150"),
        ("R 2123 100 et L 2113 12 000 €", "r 2123 100 et l 2113 12000"),
        ("D 1075 2 voies, D 1075 - 2", "d 1075 2 voies d 1075 2"),
        ("69003-2", "69003 2"),
        ("2019-2021", "2019 2021"),
        ("2014-856", "n2014x856"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_follows_an_article_may_be_another() {
    for (text, articles) in [
        ("L. 2113-12 à 14", &["l2113x12", "l2113x14", "2113x14"][..]),
        ("L2113-15/16", &["l2113x15", "l2113x16"]),
        ("L2113-15 et 16 du code", &["l2113x15", "l2113x16", "16"]),
        ("L. 2113-12, 13 et 14", &["l2113x12", "l2113x13", "l2113x14"]),
        ("articles 2113-12 et 13", &["2113x12", "2113x13"]),
        ("R.2123-1-1°", &["r2123x1", "2123x1", "1"]),
        ("R2123-1-1er", &["r2123x1", "1er"]),
        ("R. 2123-1-2º", &["r2123x1", "2"]),
        ("2123-1-1°", &["2123x1", "1"]),
        ("D. 5132-10-1-1°", &["d5132x10x1", "1"]),
    ] {
        let tokens = analyze(text);
        for article in articles {
            assert!(tokens.iter().any(|token| token.exact == *article), "{text}: {article}");
        }
    }
    for text in [
        "L. 2113-12 et 16 lots",
        "L. 2113-12. 16",
        "L. 2113-12 et 16-2",
        "L. 2113-12 pour 16",
    ] {
        assert!(analyze(text).iter().all(|token| token.exact != "l2113x16"), "{text}");
    }
}

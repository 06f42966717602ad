//! What is only a value: amounts, codes, lists of départements, and numbers that name nothing.

use rex_query::Facet;

use super::read;
use crate::entities::ValueDictionary;
use crate::entities::dictionary::tests::known;

fn values() -> ValueDictionary {
    known(
        &[
            (Facet::Territoire, "Pays de la Loire > Maine-et-Loire"),
            (Facet::Territoire, "Occitanie > Haute-Garonne"),
            (Facet::Territoire, "Auvergne-Rhône-Alpes > Ain"),
            (Facet::Territoire, "Auvergne-Rhône-Alpes > Loire"),
            (Facet::Territoire, "Occitanie > Hérault"),
            (Facet::Territoire, "Bretagne > Morbihan"),
            (Facet::Territoire, "Île-de-France > Yvelines"),
            (Facet::Territoire, "Île-de-France > Paris"),
            (Facet::Territoire, "Occitanie > Aveyron"),
            (Facet::Territoire, "Corse > Corse-du-Sud"),
            (Facet::Territoire, "Centre-Val de Loire > Loiret"),
            (Facet::Territoire, "Nouvelle-Aquitaine > Creuse"),
            (Facet::Territoire, "Pays de la Loire > Sarthe"),
            (Facet::Montant, "12772100"),
            (Facet::Montant, "12772150"),
            (Facet::Montant, "159000000"),
            (Facet::Montant, "7500000"),
            (Facet::Montant, "4900000"),
            (Facet::Montant, "202300"),
            (Facet::Montant, "90000"),
            (Facet::Montant, "1234567800"),
            (Facet::Montant, "14234567800"),
            (Facet::Cpv, "45233140"),
            (Facet::Cpv, "75000000"),
            (Facet::Cpv, "21130000"),
            (Facet::Annee, "2014"),
            (Facet::Annee, "2020"),
        ],
        &[Facet::Duree],
    )
}

fn assert_reads(table: &[(&str, &str)]) {
    let values = values();
    let wrong: Vec<_> = table
        .iter()
        .map(|(query, expected)| (*query, read(query, &values), *expected))
        .filter(|(_, read, expected)| read != expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn assert_whole(value: &str, queries: &[&str]) {
    let expected: Vec<_> = queries
        .iter()
        .map(|query| format!("{} => {value}", query.trim()))
        .collect();
    let table: Vec<_> = queries
        .iter()
        .zip(&expected)
        .map(|(query, expected)| (*query, expected.as_str()))
        .collect();
    assert_reads(&table);
}

fn assert_none(queries: &[&str]) {
    let table: Vec<_> = queries.iter().map(|query| (*query, "")).collect();
    assert_reads(&table);
}

#[test]
fn an_amount_alone_is_that_of_a_case() {
    assert_whole(
        "montant=127721..127721",
        &[
            "127721",
            "127 721",
            "127.721",
            " 127\u{202f}721 ",
            "127721 HT",
            "127 721 hors taxes",
        ],
    );
    assert_whole("montant=1590000..1590000", &["1590000", "1 590 000", "1.590.000"]);
    assert_whole("montant=75000..75000", &["75 000", "75 000 HT", "75000 HT"]);
    assert_whole("montant=12345678..12345678", &["12345678", "12 345 678"]);
    assert_reads(&[
        ("127721,50", "127721,50 => montant=12772150 cents..12772150 cents"),
        // Codes, postcodes and years come first.
        ("75000", "75000 => cpv=75000000"),
        ("49000", "49000 => territoire=Pays de la Loire > Maine-et-Loire"),
        // No case has it, it is too small, or it is not all.
        ("127722", ""),
        ("900", ""),
        ("2023", ""),
        ("127721 repas", ""),
        ("tri 127721", ""),
        ("75000 TTC", ""),
        ("75001 HT", ""),
        ("n° 127721", ""),
        ("0142345678", ""),
    ]);
}

#[test]
fn codes_in_every_spelling() {
    assert_whole(
        "cpv=45233140",
        &[
            "45 23 31 40",
            "4523 3140",
            "45 233 140",
            "452 331 40",
            "45233 140",
            "45.233.140",
            "45.23.31.40",
            "45 23 31 40-2",
            "45233140/2",
            "45233140 - 2",
            "45233140 / 2",
            "CPV 45233140 - 2",
            "CPV 45 23 31 40",
            "cpv:45233140",
            "cpv:45233140-2",
            "cpv=45233140",
            "CPV : 45.233.140-2",
            "cpv n° 45233140",
            "code CPV principal : 45233140",
        ],
    );
    assert_reads(&[
        ("voirie 45 23 31 40", "45 23 31 40 => cpv=45233140"),
        ("4523 3140 voirie", "4523 3140 => cpv=45233140"),
        ("4523", "4523 => cpv=45230000"),
        ("45233140 - 4 lots", "45233140 => cpv=45233140"),
    ]);
    assert_none(&[
        "45233140-3",
        "45233140/3",
        "45233140 - 3",
        "CPV 45233140 - 3",
        "45 23 31 40-3",
        "cpv:45233141",
        "xcpv:45233140",
        // Codes that no case has are no beginnings of codes and no départements.
        "4523 3142",
        "45 23 31 49",
    ]);
}

#[test]
fn telephone_numbers_and_references_name_nothing() {
    assert_none(&[
        "01 42 34 56 78",
        "01.42.34.56.78",
        "01-42-34-56-78",
        "01 42 34 56 78 ?",
        "tél. 01 42 34 56 78",
        "appeler le 01 42 34 56 78 nettoyage",
        "0142345678",
        "tel:0142345678",
        "+33 1 42 34 56 78",
        "+33142345678",
        "+33 (0)1 42 34 56 78",
        "0033 1 42 34 56 78",
        "L. 2113-12",
        "L 2113-12",
        "L2113-12",
        "L. 2113",
        "article L. 2113-12",
        "R. 2113-12-1",
        "n° 2014-856",
        "n°2014-856",
        "loi n° 2014-856",
        "loi 2014-856",
        "2014-856",
        "décret 2014-20",
        "décret n° 2014-2020",
        "directive 2014/24/UE",
        "2014/24/UE",
        "n° 2113",
    ]);
    assert_reads(&[
        ("loi 2014-856 Morbihan", "Morbihan => territoire=Bretagne > Morbihan"),
        ("loi de 2014", "2014 => annee=2014"),
    ]);
}

#[test]
fn several_numbers_alone_are_departements() {
    let garonne = "31 => territoire=Occitanie > Haute-Garonne";
    let both = format!("{garonne}; 49 => territoire=Pays de la Loire > Maine-et-Loire");
    let three = format!("{both}; 2A => territoire=Corse > Corse-du-Sud");
    let table = [
        ("31 49", &both),
        (" 31  49 ", &both),
        ("31, 49", &both),
        ("31,49", &both),
        ("31 et 49", &both),
        ("31 ou 49", &both),
        ("31/49", &both),
        ("31 / 49", &both),
        ("31 ; 49", &both),
        ("31 + 49", &both),
        ("(31, 49)", &both),
        ("31 49 2A", &three),
        ("31, 49 et 2A", &three),
    ];
    assert_reads(&table.map(|(query, expected)| (query, expected.as_str())));
    assert_reads(&[
        (
            "01, 42, 34, 56, 78",
            "01 => territoire=Auvergne-Rhône-Alpes > Ain; 42 => territoire=Auvergne-Rhône-Alpes > Loire; \
             34 => territoire=Occitanie > Hérault; 56 => territoire=Bretagne > Morbihan; \
             78 => territoire=Île-de-France > Yvelines",
        ),
        (
            "31 12",
            "31 => territoire=Occitanie > Haute-Garonne; 12 => territoire=Occitanie > Aveyron",
        ),
    ]);
    assert_none(&[
        "31/12",
        "31 99",
        "33 31",
        "31 49 logements",
        "31-49",
        "31 à 49",
        "01 42 34 56 78",
    ]);
}

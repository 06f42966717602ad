//! Numbers of every kind by many examples, and what is near and is none.

use rex_query::Facet;

use super::kinds::{SOMME, assert_all, assert_none, assert_value, values};
use super::read;
use crate::entities::dictionary::tests::known;
use crate::entities::{Entity, recognize};

#[test]
fn a_number_with_a_cue_is_a_departement() {
    assert_value(
        &format!("territoire={SOMME}"),
        &[
            ("80", "80"),
            (" 80 ", "80"),
            ("papier 80", "80"),
            ("papier peint 80", "80"),
            ("nettoyage de locaux 80", "80"),
            ("espaces verts, 80", "80"),
            ("espaces verts - 80", "80"),
            ("BTP 80", "80"),
            ("nettoyage 80 ?", "80"),
            ("juillet dans le 80", "dans le 80"),
            ("14 juillet dans le 80", "dans le 80"),
            ("papier A4 80 g dans le 80", "dans le 80"),
            ("(80)", "(80)"),
            ("tri (80) papier", "(80)"),
            ("dépt 80", "dépt 80"),
            ("dpt. 80 tri", "dpt. 80"),
            ("département 80 tri", "département 80"),
            ("département de la Somme", "département de la Somme"),
        ],
    );
    assert_all(&[
        ("31", "31 => territoire=Occitanie > Haute-Garonne"),
        ("49", "49 => territoire=Pays de la Loire > Maine-et-Loire"),
        ("976", "976 => territoire=Mayotte > Mayotte"),
        ("2A", "2A => territoire=Corse > Corse-du-Sud"),
        ("tri 2b", "2b => territoire=Corse > Haute-Corse"),
        ("juillet dans le 14", "dans le 14 => territoire=Normandie > Calvados"),
        ("feu d'artifice (14)", "(14) => territoire=Normandie > Calvados"),
        (
            "retex 31",
            "retex => type=retour-d-experience; 31 => territoire=Occitanie > Haute-Garonne",
        ),
        ("vidéoprotection 31", "31 => territoire=Occitanie > Haute-Garonne"),
        (
            "dans le 31, le 80 et le 2A",
            "dans le 31 => territoire=Occitanie > Haute-Garonne; 80 => territoire=Hauts-de-France > Somme; \
             2A => territoire=Corse > Corse-du-Sud",
        ),
        (
            "départements 31 et 80",
            "départements 31 => territoire=Occitanie > Haute-Garonne; 80 => territoire=Hauts-de-France > Somme",
        ),
        (
            "dans le 31 et 80 logements",
            "dans le 31 => territoire=Occitanie > Haute-Garonne",
        ),
        ("mise en place 31", "31 => territoire=Occitanie > Haute-Garonne"),
        ("btp 31", "31 => territoire=Occitanie > Haute-Garonne"),
        (
            "Toulouse 80",
            "Toulouse => territoire=Occitanie > Haute-Garonne > Toulouse; 80 => territoire=Hauts-de-France > Somme",
        ),
    ]);
}

#[test]
fn a_number_of_something_is_no_departement() {
    assert_none(&[
        // Dates.
        "14 juillet",
        "Feu d'artifice du 14 juillet",
        "feu du 14",
        "juillet 14",
        "lundi 14",
        "le 14",
        "dans le 14 juillet",
        "14/07",
        "du 14 au 31",
        "31 décembre",
        "31 déc.",
        "fête du 1er mai 14",
        // Measures.
        "papier A4 80 g",
        "papier A4 80",
        "papier 80g",
        "80 g/m²",
        "moteur 80 kW",
        "puissance 80",
        "grammage 80",
        "onduleur 80 kVA",
        "écran 49 pouces",
        "cuve 80 litres",
        "peinture 80 l",
        "câble 80 m",
        "diamètre 80",
        "80 cm",
        "surface 80 m2",
        "surface de 80",
        "4 x 31",
        "31 min",
        "18 h 31",
        "dans les 31 jours",
        "dans les 31 communes",
        "dans le 31 mars",
        "80 %",
        "> 80",
        "80 +",
        "taux 80",
        "TVA 20",
        "80 °C",
        // Counts and ages.
        "31 logements",
        "80 places",
        "80 élèves",
        "moins de 31",
        "31 ans",
        "jeunes de 31",
        "environ 80",
        "pour 80",
        "avec 31",
        // SortOrdinals, references, roads.
        "lot 31",
        "lot n° 31",
        "n°31",
        "numéro 31",
        "article 31",
        "annexe 31",
        "phase 31",
        "type 31",
        "version 31",
        "norme 31",
        "NF 31",
        "ISO 31",
        "RAL 31",
        "DN 80",
        "PEHD 80",
        "RD 31",
        "RN 31",
        "D31",
        "D 31",
        "A 31",
        "A31",
        "N 31",
        "route 31",
        "route nationale 31",
        "ligne 31",
        "bus 31",
        "salle 31",
        "zone 30",
        // Addresses.
        "31 rue de la paix",
        "31 rue des Lilas 80",
        "rue de la paix 31",
        "place de la mairie 31",
        "avenue du 8 mai 45",
        "bd Victor Hugo 31",
        // Models.
        "Windows 11",
        "windows 11",
        "logiciel Debian 12",
        "iPhone 15",
        "Clio 31",
        "E85",
        "essence E85",
        "gazole B20",
        "gazole B 20",
        "R410A 31",
        // Not at the end, and other numbers.
        "31 insertion",
        "insertion 31 marché",
        "papier 80 blanc",
        "33 31",
        "2,31",
        "31-40",
        "31,5",
        "99",
        "20",
        "0",
    ]);
}

#[test]
fn a_comparison_of_a_thousand_and_more_is_an_amount() {
    assert_all(&[
        ("entre 40000 et 90000", "entre 40000 et 90000 => montant=40000..90000"),
        ("plus de 90000", "plus de 90000 => montant=90000.."),
        ("cas de 40000 à 90000", "de 40000 à 90000 => montant=40000..90000"),
        ("> 40000", "> 40000 => montant=40000.."),
        (">40000 nettoyage", ">40000 => montant=40000.."),
        ("<= 40 000", "<= 40 000 => montant=..40000"),
        ("moins de 100 000", "moins de 100 000 => montant=..100000"),
        ("moins de 100.000", "moins de 100.000 => montant=..100000"),
        ("jusqu'à 25000", "jusqu'à 25000 => montant=..25000"),
        ("maximum 40000", "maximum 40000 => montant=..40000"),
        ("40000 maximum", "40000 maximum => montant=..40000"),
        ("au moins 45000", "au moins 45000 => montant=45000.."),
        ("à partir de 45000", "à partir de 45000 => montant=45000.."),
        ("inférieur à 45000 HT", "inférieur à 45000 HT => montant=..45000"),
        ("45000 et plus", "45000 et plus => montant=45000.."),
        ("40000 à 90000", "40000 à 90000 => montant=40000..90000"),
        ("40000-90000", "40000-90000 => montant=40000..90000"),
        ("entre 500 et 2000", "entre 500 et 2000 => montant=500..2000"),
        ("plus de 2000", "plus de 2000 => montant=2000.."),
        ("plus de 10000000", "plus de 10000000 => montant=10000000.."),
        ("plus de 90910000", "plus de 90910000 => montant=90910000.."),
        ("40 000 - 90 000", "40 000 - 90 000 => montant=40000..90000"),
        ("moins de 1000", "moins de 1000 => montant=..1000"),
        (
            "plus de 90000 dans le 31",
            "plus de 90000 => montant=90000..; dans le 31 => territoire=Occitanie > Haute-Garonne",
        ),
        (
            "travaux plus de 90000 cahors",
            "plus de 90000 => montant=90000..; cahors => territoire=Occitanie > Lot > Cahors",
        ),
        ("plus de 90000 travaux", "plus de 90000 => montant=90000.."),
    ]);
}

#[test]
fn a_comparison_of_something_is_no_amount() {
    assert_none(&[
        "moins de 3,5 tonnes",
        "plus de 1000 habitants",
        "plus de 1 000 habitants",
        "communes de moins de 3 500 hab.",
        "plus de 2000 repas",
        "plus de 4500 repas",
        "plus de 1000 agents",
        "moins de 5000 m2",
        "moins de 4500 m²",
        "entre 1000 et 5000 élèves",
        "de 1000 à 5000 litres",
        "plus de 10000 kWh",
        "plus de 15 000 km",
        "au moins 2000 exemplaires",
        "plus de 45000 arbres",
        "moins de 999",
        "plus de 80",
        "plus de 40000 € TTC",
        "articles 1000 à 1010",
        "entre 8 et 18 h",
        "moins de 0142345678",
        "12-40000",
    ]);
    // Without a comparison, a beginning of a code is one.
    assert_all(&[
        ("45000", "45000 => cpv=45000000"),
        ("plus de 45000", "plus de 45000 => montant=45000.."),
        ("plus de 45000 repas", ""),
    ]);
}

#[test]
fn a_period_holds_its_years() {
    let years = |tokens: &str, years: &[u32]| {
        let years: Vec<_> = years.iter().map(|year| format!("{tokens} => annee={year}")).collect();
        years.join("; ")
    };
    let values = values();
    for (query, tokens, expected) in [
        ("nettoyage de 2019 à 2021", "de 2019 à 2021", &[2019, 2020, 2021][..]),
        ("2019-2021", "2019-2021", &[2019, 2020, 2021]),
        ("tri 2019 - 2020 papier", "2019 - 2020", &[2019, 2020]),
        ("2019–2021", "2019–2021", &[2019, 2020, 2021]),
        ("2019/2020", "2019/2020", &[2019, 2020]),
        ("entre 2019 et 2021", "entre 2019 et 2021", &[2019, 2020, 2021]),
        ("2019 à 2020", "2019 à 2020", &[2019, 2020]),
        ("2019/2021", "2019/2021", &[2019, 2020, 2021]),
        ("2019 - 2021", "2019 - 2021", &[2019, 2020, 2021]),
        ("2020-21", "2020-21", &[2020, 2021]),
        ("2018-21", "2018-21", &[2018, 2019, 2020, 2021]),
        ("2020/21 tri", "2020/21", &[2020, 2021]),
        ("2020–21", "2020–21", &[2020, 2021]),
        (
            "nettoyage du 1er janvier 2019 au 31 décembre 2021",
            "du 1er janvier 2019 au 31 décembre 2021",
            &[2019, 2020, 2021],
        ),
        (
            "1 janvier 2019 - 31 décembre 2021",
            "1 janvier 2019 - 31 décembre 2021",
            &[2019, 2020, 2021],
        ),
        (
            "du 01/01/2019 au 31/12/2021",
            "du 01/01/2019 au 31/12/2021",
            &[2019, 2020, 2021],
        ),
        (
            "01.01.2019 - 31.12.2021",
            "01.01.2019 - 31.12.2021",
            &[2019, 2020, 2021],
        ),
        (
            "entre le 1er mars 2019 et le 2 mai 2021",
            "entre le 1er mars 2019 et le 2 mai 2021",
            &[2019, 2020, 2021],
        ),
        (
            "de janvier 2019 à mars 2021",
            "de janvier 2019 à mars 2021",
            &[2019, 2020, 2021],
        ),
        (
            "depuis janv. 2019 jusqu'à fin mars 2021",
            "depuis janv. 2019 jusqu'à fin mars 2021",
            &[2019, 2020, 2021],
        ),
        ("2019 au 31 mars 2020", "2019 au 31 mars 2020", &[2019, 2020]),
        ("période 2018-2019", "période 2018-2019", &[2018, 2019]),
        (
            "sur la période de 2018 à 2019",
            "sur la période de 2018 à 2019",
            &[2018, 2019],
        ),
        ("années 2018 à 2019", "années 2018 à 2019", &[2018, 2019]),
        ("de 1995 à 2100", "de 1995 à 2100", &[2018, 2019, 2020, 2021]),
        ("nettoyage depuis 2020", "depuis 2020", &[2020, 2021]),
        ("depuis 2020 nettoyage", "depuis 2020", &[2020, 2021]),
        ("à partir de 2020", "à partir de 2020", &[2020, 2021]),
        ("à compter de 2020", "à compter de 2020", &[2020, 2021]),
        ("dès 2020", "dès 2020", &[2020, 2021]),
        ("depuis l'année 2020", "depuis l'année 2020", &[2020, 2021]),
        ("depuis janvier 2020", "depuis janvier 2020", &[2020, 2021]),
        ("depuis le 1er mars 2020", "depuis le 1er mars 2020", &[2020, 2021]),
        ("2020 et après", "2020 et après", &[2020, 2021]),
        (">= 2020", ">= 2020", &[2020, 2021]),
        ("après 2020", "après 2020", &[2021]),
        ("postérieur à 2019", "postérieur à 2019", &[2020, 2021]),
        ("> 2019", "> 2019", &[2020, 2021]),
        ("avant 2020", "avant 2020", &[2018, 2019]),
        ("antérieurs à 2019", "antérieurs à 2019", &[2018]),
        ("avant mars 2020", "avant mars 2020", &[2018, 2019, 2020]),
        ("jusqu'en 2020", "jusqu'en 2020", &[2018, 2019, 2020]),
        ("jusqu’à 2019", "jusqu’à 2019", &[2018, 2019]),
        ("jusqu'à fin 2019", "jusqu'à fin 2019", &[2018, 2019]),
    ] {
        assert_eq!(read(query, &values), years(tokens, expected), "{query}");
        assert!(recognize(query, &values).iter().all(Entity::is_bound), "{query}");
    }
    assert_none(&[
        "depuis 2022",
        "avant 2018",
        "de 2022 à 2024",
        "d'ici 2020",
        "2021-2019x",
        "31/2019-2020",
        "2018-856",
        "2018/24",
        "2019-12",
        "2019-1",
        "2019-20-21",
        "lot 2019-201",
        "\"2019-2021\"",
    ]);
    assert_all(&[
        ("en 2019", "en 2019 => annee=2019"),
        (
            "2019, 2020 et 2021",
            "2019 => annee=2019; 2020 => annee=2020; 2021 => annee=2021",
        ),
        ("entre 2019 et 40000", "entre 2019 et 40000 => montant=2019..40000"),
    ]);
}

#[test]
fn the_years_of_a_period_are_bounded() {
    let years: Vec<_> = (1990..=2100).map(|year: u32| year.to_string()).collect();
    let values: Vec<_> = years.iter().map(|year| (Facet::Annee, year.as_str())).collect();
    let entities = recognize("de 1990 à 2100", &known(&values, &[]));
    assert_eq!(entities.len(), 20);
}

#[test]
fn codes_as_documents_print_them() {
    assert_value(
        "cpv=72810000",
        &[
            ("72810000", "72810000"),
            ("72810000-1", "72810000-1"),
            ("728100001", "728100001"),
            ("728 100 001", "728 100 001"),
            ("72 810 000", "72 810 000"),
            // A digit twice.
            ("728810000", "728810000"),
            ("728 810 000", "728 810 000"),
            ("audit 728 810 000", "728 810 000"),
            ("72881000-0", "72881000-0"),
            ("CPV 728810000", "CPV 728810000"),
            ("7281", "7281"),
            ("7281000-1", "7281000-1"),
        ],
    );
    assert_value(
        "cpv=85300000",
        &[
            ("8530000-2", "8530000-2"),
            ("85300000-2", "85300000-2"),
            ("cpv 8530000-2", "cpv 8530000-2"),
            ("code CPV : 853", "code CPV : 853"),
        ],
    );
    assert_value(
        "cpv=03111000",
        &[
            ("3111000-2", "3111000-2"),
            ("3111000", "3111000"),
            ("03111000-2", "03111000-2"),
            ("031 110 002", "031 110 002"),
        ],
    );
    assert_none(&[
        "72810000-2",
        "85300001-1",
        "8530000-3",
        // The number of a company.
        "728810005",
        "213105554",
        "0142345678",
    ]);
    let printed = known(&[(Facet::Cpv, "72881000")], &[]);
    for query in ["72881000", "72881000-9", "728810009", "728 810 009"] {
        assert_eq!(read(query, &printed), format!("{query} => cpv=72881000"));
    }
}

#[test]
fn postcodes() {
    assert_all(&[
        ("49000", "49000 => territoire=Pays de la Loire > Maine-et-Loire"),
        ("31200", "31200 => territoire=Occitanie > Haute-Garonne"),
        ("97600", "97600 => territoire=Mayotte > Mayotte"),
        ("20090", "20090 => territoire=Corse > Corse-du-Sud"),
        ("20200", "20200 => territoire=Corse > Haute-Corse"),
        ("(31200) tri", "(31200) => territoire=Occitanie > Haute-Garonne"),
        (
            "code postal 31200",
            "code postal 31200 => territoire=Occitanie > Haute-Garonne",
        ),
        (
            "31000 Toulouse",
            "31000 Toulouse => territoire=Occitanie > Haute-Garonne > Toulouse",
        ),
        (
            "tri toulouse 31400",
            "toulouse 31400 => territoire=Occitanie > Haute-Garonne > Toulouse",
        ),
        (
            "97600 mamoudzou",
            "97600 mamoudzou => territoire=Mayotte > Mayotte > Mamoudzou",
        ),
        ("45000 travaux", "45000 => cpv=45000000"),
        ("tri 31200", ""),
        ("31200 €", "31200 € => montant=31200..31200"),
        ("80000", ""),
        ("99000", ""),
    ]);
}

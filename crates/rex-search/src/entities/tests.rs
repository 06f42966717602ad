use proptest::prelude::*;
use rex_query::Facet;

use super::dictionary::tests::known;
use super::{ValueDictionary, recognize};

mod comparisons;
mod kinds;
mod names;
mod numbers;
mod values_alone;

use rex_query::{Bounds, Selection};

fn values() -> ValueDictionary {
    known(
        &[
            (Facet::Territoire, "Bretagne > Finistère > Brest Métropole"),
            (Facet::Territoire, "Bretagne > Ille-et-Vilaine > Vern-sur-Seiche"),
            (Facet::Territoire, "Occitanie > Haute-Garonne > Toulouse Métropole"),
            (Facet::Territoire, "Occitanie > Hérault > Saint-Gély-du-Fesc"),
            (Facet::Territoire, "Occitanie > Lot > Saint-Martin"),
            (Facet::Territoire, "Corse > Corse-du-Sud > Sainte-Lucie"),
            (Facet::Territoire, "Mayotte > Mayotte > Mtsamboro"),
            (Facet::Territoire, "Île-de-France > Paris > Ville de Paris"),
            (Facet::Territoire, "Île-de-France > Val-d'Oise > Saint-Martin"),
            (Facet::Territoire, "La Réunion > La Réunion > Le Port"),
            (Facet::Territoire, "Hauts-de-France > Nord > Lille"),
            (Facet::Territoire, "Centre-Val de Loire > Indre-et-Loire > Tours"),
            (Facet::Territoire, "Auvergne-Rhône-Alpes > Loire"),
            (Facet::Cpv, "75231240"),
            (Facet::Cpv, "90511300"),
            (Facet::Cpv, "45000000"),
            (Facet::Procedure, "Procédure adaptée"),
            (Facet::Procedure, "Marché réservé"),
            (Facet::Procedure, "Appel d'offres restreint"),
            (
                Facet::Procedure,
                "Marché passé sans publicité ni mise en concurrence préalable",
            ),
            (Facet::Reserve, "SIAE"),
            (Facet::Reserve, "ESAT"),
            (Facet::Annee, "2023"),
            (Facet::Annee, "2024"),
            (Facet::Nature, "services"),
            (Facet::Nature, "travaux"),
            (Facet::Considerations, "Clause sociale"),
            (Facet::Structure, "Entreprise adaptée"),
            (Facet::Structure, "Association"),
        ],
        &[Facet::Montant, Facet::Duree],
    )
}

/// What is understood of a query: `words => facet=value`, one after the other.
fn read(query: &str, values: &ValueDictionary) -> String {
    let chip = |part: &super::Entity| {
        let number = |bound: Option<u64>| match (bound, part.facet) {
            (None, _) => String::new(),
            (Some(cents), Facet::Montant) if cents % 100 == 0 => (cents / 100).to_string(),
            (Some(cents), Facet::Montant) => format!("{cents} cents"),
            (Some(months), _) => months.to_string(),
        };
        let value = match &part.selection {
            Selection::Value(value) => value.clone(),
            Selection::Range(Bounds { from, to }) => format!("{}..{}", number(*from), number(*to)),
            Selection::Missing => "none".to_owned(),
        };
        format!("{} => {}={value}", &query[part.range.clone()], part.facet.name())
    };
    recognize(query, values).iter().map(chip).collect::<Vec<_>>().join("; ")
}

fn assert_reads(table: &[(&str, &str)]) {
    let values = values();
    for (query, expected) in table {
        assert_eq!(read(query, &values), *expected, "{query}");
    }
}

#[test]
fn several_values_in_one_query() {
    assert_reads(&[
        (
            "insertion déchets Bretagne < 40 k€ MAPA 2023",
            "Bretagne => territoire=Bretagne; < 40 k€ => montant=..40000; MAPA => procedure=Procédure adaptée; 2023 => annee=2023",
        ),
        (
            "marché de travaux en Haute-Garonne, réservé aux ESAT, 12 mois",
            "marché de travaux => nature=travaux; en Haute-Garonne => territoire=Occitanie > Haute-Garonne; \
             réservé aux ESAT => reserve=ESAT; 12 mois => duree=12..12",
        ),
        ("", ""),
        ("insertion déchets", ""),
    ]);
}

#[test]
fn amounts() {
    assert_reads(&[
        ("plus de 100 000 euros", "plus de 100 000 euros => montant=100000.."),
        (
            "moins de 90\u{202f}000\u{a0}€",
            "moins de 90\u{202f}000\u{a0}€ => montant=..90000",
        ),
        (
            "au moins 1,5 million d'euros",
            "au moins 1,5 million d'euros => montant=1500000..",
        ),
        ("au plus 40K€", "au plus 40K€ => montant=..40000"),
        (
            "jusqu’à 90 000 € HT nettoyage",
            "jusqu’à 90 000 € HT => montant=..90000",
        ),
        ("supérieur à 40.000 €", "supérieur à 40.000 € => montant=40000.."),
        (
            "montant inférieur ou égal à 221 000",
            "montant inférieur ou égal à 221 000 => montant=..221000",
        ),
        (
            "entre 40 000 et 90 000 €",
            "entre 40 000 et 90 000 € => montant=40000..90000",
        ),
        ("de 40 à 90 k€", "de 40 à 90 k€ => montant=40000..90000"),
        ("tri 40-90 k€ papier", "40-90 k€ => montant=40000..90000"),
        ("> 1 M€", "> 1 M€ => montant=1000000.."),
        ("<=40000€", "<=40000€ => montant=..40000"),
        ("≥ 0,5 M€", "≥ 0,5 M€ => montant=500000.."),
        ("40 k€ maximum", "40 k€ maximum => montant=..40000"),
        ("1,5 million", "1,5 million => montant=1500000..1500000"),
        ("127721,50 €", "127721,50 € => montant=12772150 cents..12772150 cents"),
        ("> 40k", "> 40k => montant=40000.."),
        ("plus de 100 000", "plus de 100 000 => montant=100000.."),
        // Another unit, tax included, and what no amount can be.
        ("plus de 100 000 habitants", ""),
        ("3 millions de repas", ""),
        ("40 m", ""),
        ("moins de 48 000 € TTC", ""),
        ("> 99999999999999 €", ""),
        ("budget 2023", "2023 => annee=2023"),
    ]);
}

#[test]
fn durations() {
    assert_reads(&[
        ("12 mois", "12 mois => duree=12..12"),
        ("deux ans renouvelable", "deux ans => duree=24..24"),
        ("marché de plus de 3 ans", "plus de 3 ans => duree=36.."),
        ("durée : de 12 à 24 mois", "durée : de 12 à 24 mois => duree=12..24"),
        ("insertion des plus de 50 ans", ""),
        ("jeunes de 3 à 6 ans", ""),
        ("3 anses", ""),
    ]);
}

#[test]
fn cpv_codes() {
    assert_reads(&[
        ("75231240-8", "75231240-8 => cpv=75231240"),
        ("réinsertion 75231240", "75231240 => cpv=75231240"),
        ("75 231 240", "75 231 240 => cpv=75231240"),
        ("752 312 408", "752 312 408 => cpv=75231240"),
        ("752312408", "752312408 => cpv=75231240"),
        (
            "75 231 240-8 Paris",
            "75 231 240-8 => cpv=75231240; Paris => territoire=Île-de-France > Paris",
        ),
        ("7523", "7523 => cpv=75230000"),
        ("905113 déchets", "905113 => cpv=90511300"),
        ("CPV 45", "CPV 45 => cpv=45000000"),
        ("code CPV : 75231240-8", "code CPV : 75231240-8 => cpv=75231240"),
        // A wrong check digit, an unknown code, a count, a postal code.
        ("75231240-9", ""),
        ("75231241", ""),
        ("4500 m2", ""),
        ("45000 Orléans", ""),
        ("45000 travaux", "45000 => cpv=45000000"),
    ]);
}

#[test]
fn places_by_name() {
    assert_reads(&[
        ("bretagne", "bretagne => territoire=Bretagne"),
        ("FINISTERE", "FINISTERE => territoire=Bretagne > Finistère"),
        ("haute garonne", "haute garonne => territoire=Occitanie > Haute-Garonne"),
        ("dans l’Hérault", "dans l’Hérault => territoire=Occitanie > Hérault"),
        (
            "toulouse metropole",
            "toulouse metropole => territoire=Occitanie > Haute-Garonne > Toulouse Métropole",
        ),
        (
            "St Gély du Fesc",
            "St Gély du Fesc => territoire=Occitanie > Hérault > Saint-Gély-du-Fesc",
        ),
        (
            "Ste-Lucie",
            "Ste-Lucie => territoire=Corse > Corse-du-Sud > Sainte-Lucie",
        ),
        ("Mayotte", "Mayotte => territoire=Mayotte"),
        ("Paris", "Paris => territoire=Île-de-France > Paris"),
        (
            "ville de Paris",
            "ville de Paris => territoire=Île-de-France > Paris > Ville de Paris",
        ),
        ("région Occitanie", "région Occitanie => territoire=Occitanie"),
        (
            "tri dans le département de la Loire",
            "dans le département de la Loire => territoire=Auvergne-Rhône-Alpes > Loire",
        ),
        // Everyday words.
        ("les tours du lot", ""),
        (
            "Tours nettoyage",
            "Tours => territoire=Centre-Val de Loire > Indre-et-Loire > Tours",
        ),
        (
            "nettoyage à tours",
            "à tours => territoire=Centre-Val de Loire > Indre-et-Loire > Tours",
        ),
        ("Nord insertion", "Nord => territoire=Hauts-de-France > Nord"),
        ("perte du nord", ""),
        ("Lot 3 nettoyage", ""),
        ("LOT DE NETTOYAGE", ""),
        ("salle de réunion", ""),
        ("à la Réunion", "à la Réunion => territoire=La Réunion"),
        // What no case has, and what is only a part of another name.
        ("Normandie", ""),
        ("Loire-Atlantique", ""),
        ("pays de la loire", ""),
        ("Saint-Martin", ""),
    ]);
}

#[test]
fn departements_by_number() {
    let garonne = "=> territoire=Occitanie > Haute-Garonne";
    let values = values();
    for (query, text) in [
        ("31", "31"),
        ("insertion 31", "31"),
        ("dans le 31", "dans le 31"),
        ("tri (31) papier", "(31)"),
        ("dépt. 31", "dépt. 31"),
        ("département 31 déchets", "département 31"),
    ] {
        assert_eq!(read(query, &values), format!("{text} {garonne}"), "{query}");
    }
    assert_reads(&[
        ("insertion 2A", "2A => territoire=Corse > Corse-du-Sud"),
        ("974", "974 => territoire=La Réunion > La Réunion"),
        ("976", "976 => territoire=Mayotte > Mayotte"),
        ("31 logements", ""),
        ("insertion 31 marché", ""),
        ("lot 31", ""),
        ("31 %", ""),
        ("31/12/2023", ""),
        ("n°31", ""),
        ("29 000 repas", ""),
        ("33", ""),
    ]);
}

#[test]
fn labels_of_lists() {
    assert_reads(&[
        ("mapa", "mapa => procedure=Procédure adaptée"),
        (
            "procédures adaptées",
            "procédures adaptées => procedure=Procédure adaptée",
        ),
        ("appel d'offres", "appel d'offres => procedure=Appel d'offres restreint"),
        ("appel d'offres ouvert", ""),
        (
            "sans publicité",
            "sans publicité => procedure=Marché passé sans publicité ni mise en concurrence préalable",
        ),
        ("marchés réservés", "marchés réservés => procedure=Marché réservé"),
        ("marché réservé aux SIAE", "marché réservé aux SIAE => reserve=SIAE"),
        (
            "réservé SIAE et ESAT",
            "réservé SIAE => reserve=SIAE; ESAT => reserve=ESAT",
        ),
        ("siae", "siae => reserve=SIAE"),
        (
            "réservé aux entreprises d'insertion",
            "réservé aux entreprises d'insertion => reserve=SIAE",
        ),
        ("ESS", ""),
        (
            "entreprises adaptées",
            "entreprises adaptées => structure=Entreprise adaptée",
        ),
        ("association", ""),
        ("clauses sociales", "clauses sociales => considerations=Clause sociale"),
        ("services", ""),
        (
            "marchés publics de services",
            "marchés publics de services => nature=services",
        ),
        ("marché de fournitures", ""),
        ("en 2024", "en 2024 => annee=2024"),
        ("2022", ""),
        ("depuis 2023", "depuis 2023 => annee=2023; depuis 2023 => annee=2024"),
        ("2023-2024", "2023-2024 => annee=2023; 2023-2024 => annee=2024"),
    ]);
}

#[test]
fn nothing_of_what_is_quoted_or_excluded() {
    assert_reads(&[
        ("\"en Bretagne\" tri", ""),
        ("« MAPA » -Bretagne -\"12 mois\" 2023", "2023 => annee=2023"),
        ("marché -papier réservé", ""),
    ]);
}

#[test]
fn nothing_that_the_index_does_not_have() {
    let values = known(&[], &[]);
    for query in [
        "Bretagne < 40 k€ MAPA 2023",
        "12 mois",
        "31",
        "75231240-8",
        "SIAE",
        "marché de services",
    ] {
        assert_eq!(recognize(query, &values), [], "{query}");
    }
}

proptest! {
    #[test]
    fn never_fails(
        query in "\\PC{0,60}|([a-z0-9€<>=≤,.()\"«»'’\u{a0}\u{202f} \\-]{0,12}|en |dans le |31 |MAPA |40 k€ |entre |et |2 ans |Lot |depuis |2019|\\(80\\)|80360 |à Combles|rue |entreprise adaptée ){0,10}"
    ) {
        let mut last = 0..0;
        for part in recognize(&query, &values()) {
            // The values of one reading have one range.
            prop_assert!(part.range == last || part.range.start >= last.end && part.range.start < part.range.end);
            prop_assert!(query.is_char_boundary(part.range.start) && query.is_char_boundary(part.range.end));
            prop_assert_eq!(query[part.range.clone()].trim(), &query[part.range.clone()]);
            last = part.range;
        }
    }
}

//! What the tests of numbers and of names are read with.

use rex_query::Facet;

use super::read;
use crate::entities::ValueDictionary;
use crate::entities::dictionary::tests::known;

pub(super) const SOMME: &str = "Hauts-de-France > Somme";
pub(super) const COMBLES: &str = "Hauts-de-France > Somme > Combles";

pub(super) fn values() -> ValueDictionary {
    known(
        &[
            (Facet::Type, "retour-d-experience"),
            (Facet::Type, "marche"),
            (Facet::Territoire, COMBLES),
            (Facet::Territoire, "Hauts-de-France > Somme > Saint-Martin"),
            (Facet::Territoire, "Hauts-de-France > Nord > Lille"),
            (Facet::Territoire, "Auvergne-Rhône-Alpes > Haute-Savoie > Publier"),
            (Facet::Territoire, "Auvergne-Rhône-Alpes > Savoie > Les Marches"),
            (Facet::Territoire, "Auvergne-Rhône-Alpes > Rhône"),
            (Facet::Territoire, "Occitanie > Lot > Cahors"),
            (Facet::Territoire, "Occitanie > Lot > Saint-Martin"),
            (Facet::Territoire, "Occitanie > Haute-Garonne > Toulouse"),
            (Facet::Territoire, "Normandie > Calvados > Caen"),
            (Facet::Territoire, "Normandie > Manche"),
            (Facet::Territoire, "Normandie > Seine-Maritime > Le Havre"),
            (
                Facet::Territoire,
                "Nouvelle-Aquitaine > Charente-Maritime > La Rochelle",
            ),
            (
                Facet::Territoire,
                "Provence-Alpes-Côte d'Azur > Vaucluse > L'Isle-sur-la-Sorgue",
            ),
            (Facet::Territoire, "Île-de-France > Val-de-Marne > L'Haÿ-les-Roses"),
            (Facet::Territoire, "Île-de-France > Paris"),
            (Facet::Territoire, "Guadeloupe > Guadeloupe > Les Abymes"),
            (Facet::Territoire, "Pays de la Loire > Maine-et-Loire"),
            (Facet::Territoire, "Mayotte > Mayotte > Mamoudzou"),
            (Facet::Territoire, "Corse > Corse-du-Sud > Ajaccio"),
            (Facet::Territoire, "Corse > Haute-Corse"),
            (Facet::Territoire, "La Réunion > La Réunion > Le Port"),
            (Facet::Considerations, "clause sociale"),
            (Facet::Considerations, "clause environnementale"),
            (Facet::Considerations, "critère social"),
            (Facet::Reserve, "EA"),
            (Facet::Reserve, "ESAT"),
            (Facet::Reserve, "SIAE"),
            (Facet::Structure, "Entreprise adaptée"),
            (Facet::Cpv, "72810000"),
            (Facet::Cpv, "85300000"),
            (Facet::Cpv, "03111000"),
            (Facet::Cpv, "40000000"),
            (Facet::Cpv, "45000000"),
            (Facet::Cpv, "90910000"),
            (Facet::Annee, "2018"),
            (Facet::Annee, "2019"),
            (Facet::Annee, "2020"),
            (Facet::Annee, "2021"),
        ],
        &[Facet::Montant, Facet::Duree],
    )
}

/// What is read of a query must be this, `words => facet=value` apart by `; `.
pub(super) fn assert_all(table: &[(&str, &str)]) {
    let values = values();
    let wrong: Vec<_> = table
        .iter()
        .map(|(query, expected)| (*query, read(query, &values), *expected))
        .filter(|(_, read, expected)| read != expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

pub(super) fn assert_none(queries: &[&str]) {
    let table: Vec<_> = queries.iter().map(|query| (*query, "")).collect();
    assert_all(&table);
}

/// Each of some queries must be read as one value, by the words named.
pub(super) fn assert_value(value: &str, table: &[(&str, &str)]) {
    let expected: Vec<_> = table.iter().map(|(_, tokens)| format!("{tokens} => {value}")).collect();
    let table: Vec<_> = table
        .iter()
        .zip(&expected)
        .map(|((query, _), expected)| (*query, expected.as_str()))
        .collect();
    assert_all(&table);
}

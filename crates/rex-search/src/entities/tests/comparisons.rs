//! Durations and amounts in every wording of a comparison.

use super::kinds::{assert_all, assert_none, assert_value};

#[test]
fn durations_with_halves_and_months() {
    assert_all(&[
        ("tonte un an et demi", "un an et demi => duree=18..18"),
        ("deux ans et demi", "deux ans et demi => duree=30..30"),
        ("1 an et demi", "1 an et demi => duree=18..18"),
        ("une année et demie", "une année et demie => duree=18..18"),
        ("2 ans ½", "2 ans ½ => duree=30..30"),
        ("un an et 6 mois", "un an et 6 mois => duree=18..18"),
        ("1 an 6 mois", "1 an 6 mois => duree=18..18"),
        ("deux ans et trois mois", "deux ans et trois mois => duree=27..27"),
        ("durée : 3 ans et 6 mois", "durée : 3 ans et 6 mois => duree=42..42"),
        ("plus d'un an et demi", "plus d'un an et demi => duree=18.."),
        ("moins de deux ans et demi", "moins de deux ans et demi => duree=..30"),
        (
            "entre un an et demi et 3 ans",
            "entre un an et demi et 3 ans => duree=18..36",
        ),
        (
            "entre 6 mois et un an et demi",
            "entre 6 mois et un an et demi => duree=6..18",
        ),
        ("entre un an et 6 mois", "entre un an et 6 mois => duree=6..12"),
        ("de 1 à 2 ans et demi", "de 1 à 2 ans et demi => duree=12..30"),
        ("1,5 an", "1,5 an => duree=18..18"),
        ("vingt-quatre mois", "vingt-quatre mois => duree=24..24"),
        ("trente six mois", "trente six mois => duree=36..36"),
        ("dix-huit mois", "dix-huit mois => duree=18..18"),
        ("dix mois", "dix mois => duree=10..10"),
        ("12 mois et demande", "12 mois => duree=12..12"),
        ("un an et 18 mois", "un an => duree=12..12; 18 mois => duree=18..18"),
    ]);
    assert_none(&[
        "six mois et demi",
        "6 mois et demi",
        "6,5 mois",
        "1,3 an",
        "moins de six mois et demi",
        "cent deux mois",
        "jeunes de deux ans et demi",
    ]);
}

#[test]
fn every_word_that_compares() {
    let at_most = [
        "sous 40000",
        "moins que 40000",
        "à moins de 40000",
        "n'excédant pas 40000",
        "n’excède pas 40 000",
        "ne dépassant pas 40000",
        "sans dépasser 40000",
        "sans excéder 40000",
        "sous le seuil de 40 000",
        "sous les 40 000 €",
        "en dessous du seuil de 40000",
        "au-dessous de 40000",
        "inférieur au seuil de 40 000 €",
        "plafonné à 40000",
        "..40000",
        "..40 k€",
    ];
    let at_least = [
        "dépassant 100000",
        "dépasse 100000",
        "excédant 100000",
        "excédant le seuil de 100 000 €",
        "plus que 100000",
        "à plus de 100000",
        "dépassant les 100 000 €",
        "au-dessus du seuil de 100000",
        "supérieur à un montant de 100000",
        "100000..",
        "100 k€..",
    ];
    let between = [
        "compris entre 40000 et 90000",
        "comprise entre 40 000 et 90 000 €",
        "allant de 40000 à 90000",
        "40000..90000",
        "40 000..90 000",
        "40..90 k€",
    ];
    let assert_bounds = |bounds: &str, queries: &[&str]| {
        let table: Vec<_> = queries.iter().map(|query| (*query, *query)).collect();
        assert_value(&format!("montant={bounds}"), &table);
    };
    assert_bounds("..40000", &at_most);
    assert_bounds("100000..", &at_least);
    assert_bounds("40000..90000", &between);
    assert_all(&[
        ("tri ..40000 papier", "..40000 => montant=..40000"),
        ("tri 90000.. papier", "90000.. => montant=90000.."),
        ("0..40000", "0..40000 => montant=0..40000"),
        (
            "montant compris entre 40000 et 90000",
            "montant compris entre 40000 et 90000 => montant=40000..90000",
        ),
        ("12..24 mois", "12..24 mois => duree=12..24"),
        ("2019..2020", "2019..2020 => annee=2019; 2019..2020 => annee=2020"),
        ("2020..", "2020.. => annee=2020; 2020.. => annee=2021"),
        ("..2018", "..2018 => annee=2018"),
        ("sous 31", ""),
        ("tri...40001", ""),
        ("40001...", ""),
        ("plus que 100000 repas", ""),
    ]);
}

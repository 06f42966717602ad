//! Names of every kind by many examples, and what is near and is none.

use rex_query::Facet;

use super::kinds::{COMBLES, assert_all, assert_none, assert_value};
use super::read;
use crate::entities::dictionary::tests::known;

#[test]
fn types_and_considerations_have_other_names() {
    assert_value(
        "type=retour-d-experience",
        &[
            ("retour d'expérience", "retour d'expérience"),
            ("retours d'expérience tri", "retours d'expérience"),
            ("RETOUR D’EXPERIENCE", "RETOUR D’EXPERIENCE"),
            ("retours d'expériences", "retours d'expériences"),
            ("retour experience", "retour experience"),
            ("REX insertion", "REX"),
            ("le REX du tri", "REX"),
            ("rex", "rex"),
            ("retex", "retex"),
            ("étude de cas", "étude de cas"),
            ("études de cas tri", "études de cas"),
        ],
    );
    assert_value(
        "type=marche",
        &[
            ("marché public attribué", "marché public attribué"),
            ("marchés attribués", "marchés attribués"),
        ],
    );
    assert_value(
        "considerations=clause sociale",
        &[
            ("clause sociale", "clause sociale"),
            ("clauses sociales tri", "clauses sociales"),
            ("clause d'insertion", "clause d'insertion"),
            ("clauses d'insertion", "clauses d'insertion"),
            ("clause sociale d'insertion", "clause sociale d'insertion"),
            ("clauses sociales d’insertion", "clauses sociales d’insertion"),
            (
                "clause d'insertion professionnelle",
                "clause d'insertion professionnelle",
            ),
        ],
    );
    assert_value(
        "considerations=clause environnementale",
        &[
            ("clause environnementale", "clause environnementale"),
            ("clauses environnementales", "clauses environnementales"),
            ("clause verte", "clause verte"),
            ("clause écologique", "clause écologique"),
            ("considérations environnementales", "considérations environnementales"),
        ],
    );
    assert_all(&[
        ("critères sociaux", "critères sociaux => considerations=critère social"),
        (
            "clause sociale et environnementale",
            "clause sociale et environnementale => considerations=clause sociale; \
             clause sociale et environnementale => considerations=clause environnementale",
        ),
        (
            "considération sociale",
            "considération sociale => considerations=clause sociale; considération sociale => considerations=critère social",
        ),
    ]);
    assert_none(&[
        "valves anti-retour",
        "retour de déchets",
        "expérience",
        "t rex",
        "insertion rex",
        "clause",
        "clause de revoyure",
        "critère environnemental",
        "marché",
        "\"retour d'expérience\"",
    ]);
}

#[test]
fn those_a_contract_is_reserved_to_by_name() {
    assert_value(
        "reserve=SIAE",
        &[
            ("siae", "siae"),
            ("structure d'insertion", "structure d'insertion"),
            (
                "structures d'insertion par l'activité économique",
                "structures d'insertion par l'activité économique",
            ),
            ("entreprise d'insertion", "entreprise d'insertion"),
            ("chantiers d'insertion tri", "chantiers d'insertion"),
            ("marché réservé aux SIAE", "marché réservé aux SIAE"),
        ],
    );
    assert_value(
        "reserve=ESAT",
        &[
            ("ESAT", "ESAT"),
            (
                "établissement et service d'aide par le travail",
                "établissement et service d'aide par le travail",
            ),
            ("réservé aux ESAT", "réservé aux ESAT"),
        ],
    );
    assert_value(
        "reserve=EA",
        &[
            ("réservé aux entreprises adaptées", "réservé aux entreprises adaptées"),
            (
                "marchés publics réservés aux entreprises adaptées",
                "marchés publics réservés aux entreprises adaptées",
            ),
            ("EA", "EA"),
        ],
    );
    assert_all(&[
        (
            "tri entreprise adaptée",
            "entreprise adaptée => reserve=EA; entreprise adaptée => structure=Entreprise adaptée",
        ),
        (
            "entreprises adaptées",
            "entreprises adaptées => reserve=EA; entreprises adaptées => structure=Entreprise adaptée",
        ),
        // No value has this name, whatever the reservation.
        (
            "marché réservé",
            "marché réservé => reserve=SIAE; marché réservé => reserve=EA; marché réservé => reserve=ESAT",
        ),
        ("entreprise", ""),
        ("économie sociale et solidaire", ""),
        ("lot réservé", ""),
        ("adaptée", ""),
    ]);
    let labelled = known(
        &[
            (Facet::Procedure, "Marché réservé"),
            (Facet::Considerations, "marché réservé"),
            (Facet::Reserve, "EA"),
        ],
        &[],
    );
    for query in ["marché réservé", "marchés réservés", "marché public réservé"] {
        assert_eq!(
            read(query, &labelled),
            format!("{query} => procedure=Marché réservé; {query} => considerations=marché réservé")
        );
    }
}

#[test]
fn places_without_their_articles() {
    let vaucluse = "Provence-Alpes-Côte d'Azur > Vaucluse > L'Isle-sur-la-Sorgue";
    assert_value(
        &format!("territoire={vaucluse}"),
        &[
            ("isle sur la sorgue", "isle sur la sorgue"),
            ("Isle-sur-la-Sorgue", "Isle-sur-la-Sorgue"),
            ("voirie à l'isle sur la sorgue", "à l'isle sur la sorgue"),
            ("l’Isle sur la Sorgue", "l’Isle sur la Sorgue"),
            ("ville de l'isle-sur-la-sorgue", "ville de l'isle-sur-la-sorgue"),
        ],
    );
    assert_all(&[
        (
            "hay les roses",
            "hay les roses => territoire=Île-de-France > Val-de-Marne > L'Haÿ-les-Roses",
        ),
        (
            "L'HAY LES ROSES",
            "L'HAY LES ROSES => territoire=Île-de-France > Val-de-Marne > L'Haÿ-les-Roses",
        ),
        (
            "rochelle",
            "rochelle => territoire=Nouvelle-Aquitaine > Charente-Maritime > La Rochelle",
        ),
        (
            "à la Rochelle",
            "à la Rochelle => territoire=Nouvelle-Aquitaine > Charente-Maritime > La Rochelle",
        ),
        (
            "havre nettoyage",
            "havre => territoire=Normandie > Seine-Maritime > Le Havre",
        ),
        (
            "ville du Havre",
            "ville du Havre => territoire=Normandie > Seine-Maritime > Le Havre",
        ),
        (
            "au Havre",
            "au Havre => territoire=Normandie > Seine-Maritime > Le Havre",
        ),
        ("abymes", "abymes => territoire=Guadeloupe > Guadeloupe > Les Abymes"),
        (
            "aux Abymes",
            "aux Abymes => territoire=Guadeloupe > Guadeloupe > Les Abymes",
        ),
        // Their names without the article are words.
        ("travaux au port", ""),
        ("marches de l'escalier", ""),
        (
            "travaux au Port",
            "au Port => territoire=La Réunion > La Réunion > Le Port",
        ),
        (
            "Marches tri",
            "Marches => territoire=Auvergne-Rhône-Alpes > Savoie > Les Marches",
        ),
    ]);
}

#[test]
fn a_place_that_is_a_word_needs_a_cue() {
    assert_value(
        &format!("territoire={COMBLES}"),
        &[
            ("isolation à Combles", "à Combles"),
            ("isolation à combles", "à combles"),
            ("isolation près de combles", "près de combles"),
            ("isolation à Combles perdus", "à Combles"),
            ("isolation dans Combles", "dans Combles"),
            ("Isolation de Combles", "de Combles"),
            ("église Combles", "Combles"),
            ("MAPA église Combles", "Combles"),
            ("Combles isolation", "Combles"),
            ("mairie de combles", "de combles"),
            ("commune de combles", "commune de combles"),
            ("communauté de communes de combles", "de combles"),
            ("combles 80", "combles 80"),
            ("combles (80) église", "combles (80)"),
            ("combles (somme)", "combles (somme)"),
            ("combles, Somme", "combles, Somme"),
            ("combles somme", "combles somme"),
            ("combles dans la somme", "combles dans la somme"),
            ("combles hauts-de-france", "combles hauts-de-france"),
            ("80360 combles", "80360 combles"),
            ("80360 COMBLES", "80360 COMBLES"),
            ("combles 80360", "combles 80360"),
            ("(80) combles", "(80) combles"),
        ],
    );
    assert_value(
        "territoire=Auvergne-Rhône-Alpes > Haute-Savoie > Publier",
        &[
            ("publier haute-savoie", "publier haute-savoie"),
            ("publier 74", "publier 74"),
            ("publier (74)", "publier (74)"),
            ("74500 publier", "74500 publier"),
            ("haute-savoie publier", "haute-savoie publier"),
            ("publier en haute-savoie", "publier en haute-savoie"),
            ("ville de publier", "ville de publier"),
            ("voirie à Publier", "à Publier"),
            ("voirie près de publier", "près de publier"),
        ],
    );
    assert_all(&[
        ("dans le lot", "dans le lot => territoire=Occitanie > Lot"),
        ("département du lot", "département du lot => territoire=Occitanie > Lot"),
        ("cahors lot", "cahors lot => territoire=Occitanie > Lot > Cahors"),
        ("lot (46)", "lot (46) => territoire=Occitanie > Lot"),
        (
            "travaux dans la manche",
            "dans la manche => territoire=Normandie > Manche",
        ),
        // Two of one name are told apart.
        (
            "Saint-Martin (46)",
            "Saint-Martin (46) => territoire=Occitanie > Lot > Saint-Martin",
        ),
        (
            "saint-martin somme",
            "saint-martin somme => territoire=Hauts-de-France > Somme > Saint-Martin",
        ),
    ]);
    assert_none(&[
        "isolation combles",
        "combles",
        "isolation de combles",
        "isolation des combles",
        "isolation dans les combles",
        "Isolation Combles Perdus",
        "ISOLATION COMBLES",
        "combles perdus 80 mm",
        "combles 31 cm",
        "80 combles",
        "publier un avis",
        "avis à publier",
        "marches",
        "lot",
        "lot 46",
        "Lot 3",
        "lot de nettoyage",
        "tunnel sous la manche",
        "Saint-Martin",
        "perte du nord",
        "au nord de la ville",
        "salle de réunion",
        "aide à la marche",
    ]);
}

#[test]
fn kinds_of_structure_with_and_without_their_links() {
    let values = known(
        &[
            (Facet::Reserve, "SIAE"),
            (Facet::Reserve, "ESAT"),
            (Facet::Reserve, "ESS"),
            (Facet::Structure, "Atelier et chantier d'insertion"),
            (Facet::Structure, "Régie de quartier"),
            (Facet::Structure, "Association"),
        ],
        &[],
    );
    let chantier = "Atelier et chantier d'insertion";
    for (query, facets) in [
        (
            "atelier et chantier d'insertion",
            &[("reserve", "SIAE"), ("structure", chantier)][..],
        ),
        (
            "ateliers et chantiers d'insertion",
            &[("reserve", "SIAE"), ("structure", chantier)],
        ),
        (
            "atelier chantier d'insertion",
            &[("reserve", "SIAE"), ("structure", chantier)],
        ),
        (
            "ateliers chantiers d’insertion",
            &[("reserve", "SIAE"), ("structure", chantier)],
        ),
        (
            "ateliers-chantiers d'insertion",
            &[("reserve", "SIAE"), ("structure", chantier)],
        ),
        ("chantier d'insertion", &[("reserve", "SIAE")]),
        ("chantiers d'insertion", &[("reserve", "SIAE")]),
        ("atelier d'insertion", &[("reserve", "SIAE")]),
        ("réservé aux ateliers chantiers d'insertion", &[("reserve", "SIAE")]),
        ("entreprises d'insertion", &[("reserve", "SIAE")]),
        ("association intermédiaire", &[("reserve", "SIAE")]),
        ("associations intermédiaires", &[("reserve", "SIAE")]),
        ("entreprise de travail temporaire d'insertion", &[("reserve", "SIAE")]),
        (
            "entreprise d'insertion par le travail indépendant",
            &[("reserve", "SIAE")],
        ),
        ("ACI", &[("reserve", "SIAE")]),
        ("établissement service d'aide par le travail", &[("reserve", "ESAT")]),
        ("économie sociale solidaire", &[("reserve", "ESS")]),
        ("entreprises de l'économie sociale solidaire", &[("reserve", "ESS")]),
        ("régie de quartier", &[("structure", "Régie de quartier")]),
        ("régies de quartier", &[("structure", "Régie de quartier")]),
        ("atelier chantier", &[]),
        ("atelier et insertion", &[]),
        ("j'ai", &[]),
        ("association", &[]),
    ] {
        let chips: Vec<_> = facets
            .iter()
            .map(|(facet, value)| format!("{query} => {facet}={value}"))
            .collect();
        assert_eq!(read(query, &values), chips.join("; "), "{query}");
    }
}

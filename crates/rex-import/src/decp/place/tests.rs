use super::*;

fn path(code: &str, kind: &str, name: &str) -> String {
    match execution_place(code, kind, name) {
        ExecutionPlace::Known { path, differs } => path.join(" > ") + if differs { " (differs)" } else { "" },
        ExecutionPlace::Elsewhere => "elsewhere".to_owned(),
        ExecutionPlace::Unknown => "unknown".to_owned(),
    }
}

#[test]
fn reads_every_kind_of_code() {
    for (code, kind, name, expected) in [
        ("31555", "Code commune", "", "Occitanie > Haute-Garonne > Toulouse"),
        (
            "59130",
            "CODE POSTAL",
            "Lambersart",
            "Hauts-de-France > Nord > Lambersart",
        ),
        ("32", "Code département", "", "Occitanie > Gers"),
        ("2a", "code departement", "", "Corse > Corse-du-Sud"),
        ("078", "Code département", "", "Île-de-France > Yvelines"),
        ("93", "Code région", "", "Provence-Alpes-Côte d'Azur"),
        ("82", "Code région", "", "Auvergne-Rhône-Alpes"),
        (
            "1004",
            "Code commune",
            "",
            "Auvergne-Rhône-Alpes > Ain > Ambérieu-en-Bugey",
        ),
        ("4", "Code région", "", "La Réunion"),
        ("R11", "Code région", "", "Île-de-France"),
        ("20", "Code département", "", "Corse"),
        ("544", "Code arrondissement", "", "Grand Est > Meurthe-et-Moselle"),
        (
            "13201",
            "Code arrondissement",
            "",
            "Provence-Alpes-Côte d'Azur > Bouches-du-Rhône > Marseille",
        ),
        ("0905", "Code canton", "", "Occitanie > Ariège"),
        (
            "243100518",
            "Code EPCI",
            "",
            "Occitanie > Haute-Garonne > Toulouse Métropole",
        ),
        ("99134", "Code pays", "", "elsewhere"),
        ("FR", "code pays", "", "elsewhere"),
    ] {
        assert_eq!(path(code, kind, name), expected, "{code} {kind}");
    }
}

#[test]
fn recognises_codes_of_another_kind() {
    for (code, kind, name, expected) in [
        (
            "45058",
            "Code postal",
            "ORLEANS CEDEX",
            "Centre-Val de Loire > Loiret > Orléans",
        ),
        ("45058", "Code postal", "", "Centre-Val de Loire > Loiret"),
        ("75000", "Code postal", "", "Île-de-France > Paris"),
        (
            "94500",
            "Code commune",
            "Mairie de Champigny-sur-Marne",
            "Île-de-France > Val-de-Marne > Champigny-sur-Marne",
        ),
        (
            "17",
            "Code commune",
            "CHARENTE MARITIME",
            "Nouvelle-Aquitaine > Charente-Maritime",
        ),
        (
            "DEP",
            "Code commune",
            "TOUTES LES COMMUNES DE LOIRE-ATLANTIQUE",
            "Pays de la Loire > Loire-Atlantique",
        ),
        ("FRK26", "Code département", "RHONE", "Auvergne-Rhône-Alpes > Rhône"),
        (
            "820",
            "Code région",
            "Région Sud Provence Alpes Côte d'Azur",
            "Provence-Alpes-Côte d'Azur",
        ),
        ("34", "Code région", "", "Occitanie > Hérault"),
        (
            "1116",
            "Code postal",
            "38000",
            "Auvergne-Rhône-Alpes > Isère > Grenoble (differs)",
        ),
        (
            "10",
            "Code région",
            "Val de Marne et Essonne",
            "Île-de-France (differs)",
        ),
        (
            "62041",
            "Code département",
            "ARRAS",
            "Hauts-de-France > Pas-de-Calais > Arras",
        ),
        ("20200", "Code postal", "", "Corse > Haute-Corse"),
        ("97400", "Code postal", "", "La Réunion > La Réunion > Saint-Denis"),
        ("55", "Code pays", "MEUSE", "Grand Est > Meuse"),
        ("00000", "Code postal", "", "unknown"),
        ("00", "Code postal", "DIVERS SITES", "unknown"),
        ("INO", "Code commune", "Angers Le Mans Nantes Tours", "unknown"),
        ("INO", "Code commune", "Angers, Nantes", "Pays de la Loire"),
        ("", "", "", "unknown"),
    ] {
        assert_eq!(path(code, kind, name), expected, "{code} {kind} {name}");
    }
}

#[test]
fn a_name_in_the_departement_of_the_code_counts() {
    const RHONE: &str = "Auvergne-Rhône-Alpes > Rhône";
    for (code, kind, name, expected) in [
        (
            "69100",
            "Code postal",
            "IRIGNY",
            &format!("{RHONE} > Irigny (differs)")[..],
        ),
        (
            "75015",
            "Code commune",
            "Paris",
            "Île-de-France > Paris > Ville de Paris (differs)",
        ),
        (
            "75015",
            "Code commune",
            "",
            "Île-de-France > Paris > Ville de Paris (differs)",
        ),
        (
            "75115",
            "Code commune",
            "Paris 15e",
            "Île-de-France > Paris > Ville de Paris",
        ),
        (
            "74100",
            "Code commune",
            "ANNEMASSE",
            "Auvergne-Rhône-Alpes > Haute-Savoie > Annemasse (differs)",
        ),
        (
            "59200",
            "Code postal",
            "Roubaix (59)",
            "Hauts-de-France > Nord > Roubaix (differs)",
        ),
        (
            "59200",
            "Code postal",
            "Ville de Tourcoing",
            "Hauts-de-France > Nord > Tourcoing",
        ),
        // The name says the place, not the street.
        (
            "31555",
            "Code commune",
            "Rue de Muret",
            "Occitanie > Haute-Garonne > Toulouse",
        ),
        (
            "31555",
            "Code commune",
            "Haute-Garonne",
            "Occitanie > Haute-Garonne > Toulouse",
        ),
        (
            "31555",
            "Code commune",
            "Toulouse Métropole",
            "Occitanie > Haute-Garonne > Toulouse",
        ),
        (
            "97411",
            "Code commune",
            "SAINT DENIS",
            "La Réunion > La Réunion > Saint-Denis",
        ),
        // A name of another département: the code counts.
        (
            "31555",
            "Code commune",
            "Rennes",
            "Occitanie > Haute-Garonne > Toulouse (differs)",
        ),
        (
            "31",
            "Code département",
            "Bretagne",
            "Occitanie > Haute-Garonne (differs)",
        ),
        // The name of what the code is in another list.
        (
            "93",
            "Code région",
            "Seine-Saint-Denis",
            "Île-de-France > Seine-Saint-Denis (differs)",
        ),
        ("11", "Code département", "Île de France", "Île-de-France (differs)"),
        // A postcode of other communes of the département, and one of a former commune.
        (
            "62400",
            "Code postal",
            "Harnes",
            "Hauts-de-France > Pas-de-Calais > Harnes (differs)",
        ),
        (
            "49270",
            "Code postal",
            "Landemont",
            "Pays de la Loire > Maine-et-Loire > Orée d'Anjou",
        ),
        (
            "75689",
            "Code postal",
            "Paris",
            "Île-de-France > Paris > Ville de Paris",
        ),
        (
            "975",
            "Code commune",
            "Saint-Pierre-et-Miquelon",
            "Saint-Pierre-et-Miquelon",
        ),
        // A code that is in no list as declared: the name counts.
        (
            "38999",
            "Code postal",
            "Rennes",
            "Bretagne > Ille-et-Vilaine > Rennes (differs)",
        ),
        (
            "51930",
            "Code postal",
            "Commune 51930 LAMBERSART",
            "Hauts-de-France > Nord > Lambersart (differs)",
        ),
        (
            "97439",
            "Code commune",
            "Commune de Sainte Rose",
            "La Réunion > La Réunion > Sainte-Rose",
        ),
        (
            "35000",
            "Code commune",
            "Toulouse",
            "Bretagne > Ille-et-Vilaine > Rennes (differs)",
        ),
    ] {
        assert_eq!(path(code, kind, name), expected, "{code} {kind} {name}");
    }
}

#[test]
fn reads_codes_of_other_lists_and_names_in_other_forms() {
    for (code, kind, name, expected) in [
        ("FR45000", "Code postal", "FRANCE", "Centre-Val de Loire > Loiret"),
        (
            "FR45000",
            "Code postal",
            "Orléans",
            "Centre-Val de Loire > Loiret > Orléans",
        ),
        (
            "FR75012",
            "Code postal",
            "FRANCE",
            "Île-de-France > Paris > Ville de Paris",
        ),
        ("FR75012", "Code pays", "", "Île-de-France > Paris > Ville de Paris"),
        ("FR-31", "Code département", "", "Occitanie > Haute-Garonne"),
        ("FRF2", "Code région", "Champagne ardenne", "Grand Est"),
        ("FRF3", "", "", "Grand Est"),
        ("FR101", "Code NUTS", "", "Île-de-France > Paris"),
        ("FRK26", "Code département", "RHONE", "Auvergne-Rhône-Alpes > Rhône"),
        ("2A004", "Code postal", "", "Corse > Corse-du-Sud > Ajaccio"),
        ("2a004", "", "", "Corse > Corse-du-Sud > Ajaccio"),
        ("", "", "meurthe & moselle", "Grand Est > Meurthe-et-Moselle"),
        (
            "54",
            "Code région",
            "Meurthe &amp; Moselle",
            "Grand Est > Meurthe-et-Moselle (differs)",
        ),
        ("X", "Code postal", "Lot n°1", "unknown"),
        ("31000", "Code postal", "Lot 2", "Occitanie > Haute-Garonne > Toulouse"),
        ("X", "Code postal", "Lot", "Occitanie > Lot"),
        ("croix", "Code Postal", "croix", "Hauts-de-France > Nord > Croix"),
    ] {
        assert_eq!(path(code, kind, name), expected, "{code} {kind} {name}");
    }
}

proptest::proptest! {
    #[test]
    fn never_panics_on_codes_and_names_that_meet(code in "(FR-?|F)?[0-9AB]{0,6}", name in "(Lot |Paris|Irigny|&|n°|\\(|\\)|, |[0-9]{1,5}| - ){0,8}") {
        for kind in ["postal", "commune", "departement", "region", "pays", "epci", "canton", ""] {
            execution_place(&code, kind, &name);
        }
    }

    #[test]
    fn never_panics(code in ".{0,12}", kind in "(code )?(postal|pays|commune|x|é)?", name in ".{0,60}") {
        execution_place(&code, &kind, &name);
    }
}

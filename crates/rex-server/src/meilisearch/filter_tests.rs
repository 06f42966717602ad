use proptest::prelude::*;
use rex_query::Bounds;
use serde_json::json;

use super::*;

fn read(filter: &str) -> Result<Condition, String> {
    condition(&json!(filter)).map_err(|refusal| refusal.to_string())
}

fn has(facet: Facet, values: &[&str]) -> Condition {
    Condition::Has(
        facet,
        values
            .iter()
            .map(|value| Selection::Value((*value).to_owned()))
            .collect(),
    )
}

fn within(facet: Facet, from: Option<u64>, to: Option<u64>) -> Condition {
    Condition::Has(facet, vec![Selection::Range(Bounds { from, to })])
}

fn missing(facet: Facet) -> Condition {
    Condition::Has(facet, vec![Selection::Missing])
}

fn theme(value: &str) -> Condition {
    has(Facet::Theme, &[value])
}

#[test]
fn values_are_those_of_the_corpus() {
    for (filter, expected) in [
        (
            "procedure = 'procedure ADAPTEE'",
            has(Facet::Procedure, &["Procédure adaptée"]),
        ),
        ("reserve=siae", has(Facet::Reserve, &["SIAE"])),
        ("\"nature\" = Services", has(Facet::Nature, &["services"])),
        ("type IN [Marche, marche]", has(Facet::Type, &["marche"])),
        ("theme = 'de\u{301}chets'", theme("déchets")),
        ("theme IN []", has(Facet::Theme, &[])),
        ("theme = ''", has(Facet::Theme, &[])),
        ("theme in ['a', b,]", has(Facet::Theme, &["a", "b"])),
        ("acheteur = 'L\\'eau'", has(Facet::Acheteur, &["L'eau"])),
        ("theme = \"NOT\"", theme("NOT")),
        ("territoire = Bretagne", has(Facet::Territoire, &["Bretagne"])),
        ("territoire.lvl0 = Bretagne", has(Facet::Territoire, &["Bretagne"])),
        ("territoire.lvl1 = Bretagne", has(Facet::Territoire, &[])),
        (
            "'territoire.lvl1' = 'Occitanie > Lot'",
            has(Facet::Territoire, &["Occitanie > Lot"]),
        ),
        ("cpv = 75231240-8", has(Facet::Cpv, &["75231240"])),
        ("cpv.lvl1 = '75000000 > 75200000'", has(Facet::Cpv, &["75200000"])),
        ("cpv.lvl1 IN ['75000000', 75200000]", has(Facet::Cpv, &["75200000"])),
        ("annee = 2023", has(Facet::Annee, &["2023"])),
        ("annee IN [2023, 2.024e3, 2023.5]", has(Facet::Annee, &["2023", "2024"])),
        ("montant = 0.5", within(Facet::Montant, Some(50), Some(50))),
        ("montant = 0.505", has(Facet::Montant, &[])),
    ] {
        assert_eq!(read(filter), Ok(expected), "{filter}");
    }
}

#[test]
fn numbers_compare_exactly() {
    for (filter, expected) in [
        ("\"montant\">=40000", within(Facet::Montant, Some(4_000_000), None)),
        ("montant > 40000", within(Facet::Montant, Some(4_000_001), None)),
        ("montant < 40000.005", within(Facet::Montant, None, Some(4_000_000))),
        ("montant >= -1", within(Facet::Montant, Some(0), None)),
        ("duree > 5.5", within(Facet::Duree, Some(6), None)),
        ("duree < 0", has(Facet::Duree, &[])),
        ("duree <= 1e99", within(Facet::Duree, Some(0), None)),
        ("\"montant\" 10 TO 20", within(Facet::Montant, Some(1_000), Some(2_000))),
        ("annee '2020' to 2022", within(Facet::Annee, Some(2_020), Some(2_022))),
        ("duree 20 TO 10", has(Facet::Duree, &[])),
    ] {
        assert_eq!(read(filter), Ok(expected), "{filter}");
    }
}

#[test]
fn what_is_absent_is_said_in_four_ways() {
    for filter in ["theme IS NULL", "theme not exists", "theme IS EMPTY"] {
        assert_eq!(read(filter), Ok(missing(Facet::Theme)), "{filter}");
    }
    assert_eq!(read("NOT theme EXISTS"), Ok(not(not(missing(Facet::Theme)))));
    for filter in ["theme IS NOT NULL", "theme EXISTS", "theme is not empty"] {
        assert_eq!(read(filter), Ok(not(missing(Facet::Theme))), "{filter}");
    }
    assert_eq!(read("cpv.lvl2 EXISTS"), Ok(Condition::Reaches(Facet::Cpv, 2)));
    assert_eq!(read("cpv.lvl2 IS NULL"), Ok(not(Condition::Reaches(Facet::Cpv, 2))));
    assert_eq!(read("theme != a"), Ok(not(theme("a"))));
    assert_eq!(read("theme NOT IN [a, b]"), Ok(not(has(Facet::Theme, &["a", "b"]))));
}

#[test]
fn not_binds_before_and_before_or() {
    let (a, b, c) = (theme("a"), theme("b"), theme("c"));
    for (filter, expected) in [
        (
            "theme = a OR theme = b AND theme = c",
            Condition::Any(vec![a.clone(), Condition::All(vec![b.clone(), c.clone()])]),
        ),
        (
            "(theme = a OR theme = b) and theme = c",
            Condition::All(vec![Condition::Any(vec![a.clone(), b.clone()]), c.clone()]),
        ),
        (
            "NOT theme = a AND theme = b",
            Condition::All(vec![not(a.clone()), b.clone()]),
        ),
        (
            "NOT(theme=a OR theme=b)",
            not(Condition::Any(vec![a.clone(), b.clone()])),
        ),
        ("((theme=a))", a.clone()),
        ("  ", Condition::default()),
    ] {
        assert_eq!(read(filter), Ok(expected), "{filter}");
    }
}

#[test]
fn lists_are_and_of_or() {
    let (a, b, c) = (theme("a"), theme("b"), theme("c"));
    for (filter, expected) in [
        (json!([]), Condition::default()),
        (json!([""]), Condition::default()),
        (json!([[], "theme = a"]), a.clone()),
        (
            json!(["theme = a", ["theme = b", "theme = c"]]),
            Condition::All(vec![a.clone(), Condition::Any(vec![b.clone(), c.clone()])]),
        ),
        (
            json!([["theme = a AND theme = b", "theme = c"]]),
            Condition::Any(vec![Condition::All(vec![a.clone(), b.clone()]), c.clone()]),
        ),
        (
            json!(["theme = a OR theme = b", "theme = c"]),
            Condition::All(vec![Condition::Any(vec![a, b]), c]),
        ),
    ] {
        assert_eq!(condition(&filter), Ok(expected), "{filter}");
    }
}

#[test]
fn says_what_is_wrong_and_where() {
    let deep = format!("{}theme = a", "(".repeat(200));
    let negated = format!("{}theme = a", "NOT ".repeat(2_000));
    let long = format!("theme = '{}'", "é".repeat(10_000));
    let many = format!("theme IN [{}]", "a,".repeat(501));
    for (filter, expected) in [
        (
            "theme",
            "`filter`, column 6: expected =, !=, >, >=, <, <=, TO, IN, NOT IN, EXISTS, NOT EXISTS, IS NULL or IS EMPTY, found the end",
        ),
        ("theme = ", "`filter`, column 9: expected a value, found the end"),
        (
            "theme = or",
            "`filter`, column 9: expected a value; quote one that is a keyword, found `or`",
        ),
        (
            "theme = Pays de Loire",
            "`filter`, column 14: expected AND, OR or the end; quote a value of several words, found `de`",
        ),
        (
            "thème = a",
            "`filter`, column 1: attribute `thème` is not filterable, the nearest is \"theme\"; expected one of: type, nature, procedure, reserve, considerations, territoire, territoire.lvl0, territoire.lvl1, territoire.lvl2, cpv, cpv.lvl0, cpv.lvl1, cpv.lvl2, cpv.lvl3, cpv.lvl4, cpv.lvl5, cpv.lvl6, acheteur, titulaire, structure, theme, annee, montant, duree",
        ),
        ("é = 'a", "`filter`, column 5: this quote is never closed"),
        (
            "theme = a & theme = b",
            "`filter`, column 11: `&` has no meaning here; quote a value that holds it",
        ),
        (
            "(theme = a",
            "`filter`, column 11: expected AND, OR or `)`, found the end",
        ),
        (
            "theme = a)",
            "`filter`, column 10: expected AND, OR or the end; quote a value of several words, found `)`",
        ),
        (
            "AND theme = a",
            "`filter`, column 1: expected an attribute, NOT or `(`, found `AND`",
        ),
        ("theme IN a", "`filter`, column 10: expected `[`, found `a`"),
        ("theme IN [a b]", "`filter`, column 13: expected `,` or `]`, found `b`"),
        ("theme IN [a", "`filter`, column 12: expected `,` or `]`, found the end"),
        ("theme IN [,]", "`filter`, column 11: expected a value, found `,`"),
        (
            "theme IS a",
            "`filter`, column 10: expected NULL, EMPTY or NOT, found `a`",
        ),
        (
            "theme IS NOT a",
            "`filter`, column 14: expected NULL or EMPTY, found `a`",
        ),
        ("theme NOT a", "`filter`, column 11: expected IN or EXISTS, found `a`"),
        (
            "theme > 5",
            "`filter`, column 7: `theme` has no numbers to compare; those of montant, duree and annee can be compared",
        ),
        (
            "theme 1 TO 2",
            "`filter`, column 7: `theme` has no numbers to compare; those of montant, duree and annee can be compared",
        ),
        (
            "montant = abc",
            "`filter`, column 11: \"abc\" is not a number, expected one such as 40000 or 12.5",
        ),
        (
            "montant > '1 000'",
            "`filter`, column 11: \"1 000\" is not a number, expected one such as 40000 or 12.5",
        ),
        (
            "montant 1 TO x",
            "`filter`, column 14: \"x\" is not a number, expected one such as 40000 or 12.5",
        ),
        (
            "cpv = 75231240-1",
            "`filter`, column 7: cpv: bad CPV check digit in \"75231240-1\", expected 75231240-8 if the eight digits are right",
        ),
        (
            "territoire = 'a > b > c > d'",
            "`filter`, column 14: territoire: a path of over 3 levels, expected one such as Occitanie > Haute-Garonne",
        ),
        (
            "theme CONTAINS a",
            "`filter`, column 7: CONTAINS and STARTS WITH are not supported; search the values of an attribute with /facet-search, and filter by those found",
        ),
        (
            "theme NOT STARTS WITH a",
            "`filter`, column 11: CONTAINS and STARTS WITH are not supported; search the values of an attribute with /facet-search, and filter by those found",
        ),
        (
            "_geoRadius(1, 2, 3)",
            "`filter`, column 1: `_geoRadius`: cases have no coordinates to filter by",
        ),
        (
            &deep,
            "`filter`, column 101: more than 100 parentheses and negations within each other",
        ),
        (
            &negated,
            "`filter`, column 401: more than 100 parentheses and negations within each other",
        ),
        (&long, "`filter` is too long, expected at most 10000 characters"),
        (
            &many,
            "`filter`, column 1011: too many values, expected at most 500 in a filter",
        ),
    ] {
        assert_eq!(
            read(filter),
            Err(format!("invalid_search_filter: {expected}")),
            "{filter}"
        );
    }
}

#[test]
fn says_which_entry_of_a_list_is_wrong() {
    let long = format!("theme = '{}'", "x".repeat(6_000));
    for (filter, expected) in [
        (json!(3), "`filter`: expected a string or an array, found a number"),
        (json!({}), "`filter`: expected a string or an array, found an object"),
        (
            json!(["", 3]),
            "`filter[1]`: expected a string or an array of strings, found a number",
        ),
        (
            json!([[["theme = a"]]]),
            "`filter[0][0]`: expected a string, as lists are nested no deeper, found an array",
        ),
        (
            json!([["theme = a", "theme ="]]),
            "`filter[0][1]`, column 8: expected a value, found the end",
        ),
        (
            json!([long, long]),
            "`filter` is too long, expected at most 10000 characters",
        ),
    ] {
        let refusal = condition(&filter).unwrap_err().to_string();
        assert_eq!(refusal, format!("invalid_search_filter: {expected}"));
    }
}

/// Formats a condition as a filter.
fn printed(condition: &Condition) -> String {
    let each = |conditions: &[Condition], operator: &str| {
        let each: Vec<_> = conditions
            .iter()
            .map(|condition| format!("({})", printed(condition)))
            .collect();
        each.join(operator)
    };
    match condition {
        Condition::All(conditions) => each(conditions, " AND "),
        Condition::Any(conditions) => each(conditions, "OR"),
        Condition::Not(condition) => format!("NOT ({})", printed(condition)),
        Condition::Reaches(facet, level) => format!("{} EXISTS", Attribute::Level(*facet, *level)),
        Condition::Has(facet, selections) => match selections.as_slice() {
            [Selection::Missing] => format!("{} IS NULL", facet.name()),
            [Selection::Range(bounds)] if facet == &Facet::Montant => {
                let euros = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
                match (bounds.from, bounds.to) {
                    (Some(from), Some(to)) => format!("'montant' {} TO {}", euros(from), euros(to)),
                    (None, Some(to)) => format!("montant <= {}", euros(to)),
                    (from, _) => format!("montant >= {}", euros(from.unwrap_or_default())),
                }
            }
            values => {
                let values: Vec<_> = values.iter().map(quoted).collect();
                format!("{} IN [{}]", facet.name(), values.join(", "))
            }
        },
    }
}

fn quoted(selection: &Selection) -> String {
    let Selection::Value(value) = selection else {
        unreachable!("only values are listed")
    };
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn conditions() -> impl Strategy<Value = Condition> {
    let value = "[a-z\"'\\\\(é]{1,6}".prop_map(Selection::Value);
    let bound = 0u64..1_000_000;
    let range = (bound.clone(), bound).prop_flat_map(|(a, b)| {
        let (from, to) = (a.min(b), a.max(b));
        prop_oneof![
            Just((Some(from), Some(to))),
            Just((None, Some(to))),
            Just((Some(from), None))
        ]
    });
    let leaf = prop_oneof![
        prop::collection::vec(value, 0..4).prop_map(|values| {
            let mut kept: Vec<Selection> = Vec::new();
            values.into_iter().for_each(|value| {
                if !kept.contains(&value) {
                    kept.push(value);
                }
            });
            Condition::Has(Facet::Theme, kept)
        }),
        range.prop_map(|(from, to)| within(Facet::Montant, from, to)),
        (0usize..7).prop_map(|level| Condition::Reaches(Facet::Cpv, level)),
        Just(missing(Facet::Titulaire)),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::Any),
            inner.prop_map(not),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_stops_the_reader(text in "\\PC{0,80}") {
        let _ = read(&text);
    }

    #[test]
    fn no_words_of_the_grammar_stop_the_reader(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "theme", "montant", "cpv.lvl1", "=", "!=", ">=", "<", "10", "TO", "IN", "NOT", "[", "]", ",", "(", ")",
                "EXISTS", "IS", "NULL", "AND", "OR", "'a'", "\"", "é", "_geoRadius", "CONTAINS",
            ]),
            0..40,
        )
    ) {
        let _ = read(&words.join(" "));
    }

    #[test]
    fn a_condition_survives_being_written_down(condition in conditions()) {
        let filter = printed(&condition);
        let read = read(&filter).map_err(TestCaseError::fail)?;
        prop_assert_eq!(read, condition, "{}", filter);
    }
}

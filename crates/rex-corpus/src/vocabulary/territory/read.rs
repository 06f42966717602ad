//! Reads `data/territories.txt`, whose head says its format.

use std::sync::LazyLock;

use super::place::{Commune, Departement, Epci, Region};
use crate::vocabulary::data_lines;

const FILE: &str = include_str!("../../data/territories.txt");

pub(super) static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let regions = head("R").filter_map(|line| line.split_once('\t'));
    regions.map(|(code, name)| Region { code, name }).collect()
});

pub(super) static DEPARTEMENTS: LazyLock<Vec<Departement>> = LazyLock::new(|| {
    let departement = |line: &'static str| match line.split('\t').collect::<Vec<_>>().as_slice() {
        [code, region, article, name] => Some(Departement {
            code,
            name,
            region,
            article: article.parse().unwrap_or_default(),
        }),
        _ => None,
    };
    head("D").filter_map(departement).collect()
});

/// All that is below a département.
pub(super) static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(FILE));

/// The lines of a kind at the head of the file: a search needs these, and should not wait for the others.
fn head(kind: &'static str) -> impl Iterator<Item = &'static str> {
    let is_head = |line: &&str| line.starts_with("R\t") || line.starts_with("D\t");
    data_lines(FILE)
        .take_while(is_head)
        .filter_map(move |line| line.strip_prefix(kind)?.strip_prefix('\t'))
}

#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) epci: Vec<Epci>,
    pub(super) communes: Vec<Commune>,
    /// Former communes, and arrondissements of the largest.
    pub(super) former: Vec<Former>,
}

/// What is part of a commune today.
#[derive(Debug)]
pub(super) struct Former {
    pub(super) code: String,
    /// The code of the commune it is part of.
    pub(super) now: String,
    /// Empty where it is not known.
    pub(super) name: &'static str,
}

/// What the lines that come belong to.
#[derive(Clone, Copy)]
enum Part {
    Communes(&'static str),
    Former(&'static str),
}

impl Lists {
    fn read(text: &'static str) -> Self {
        let mut lists = Self::default();
        let mut part = Part::Communes("");
        let mut last = 0;
        for line in data_lines(text) {
            let fields: Vec<&'static str> = line.split('\t').collect();
            match fields.as_slice() {
                ["R", ..] | ["D", _, _, _, _] => {}
                ["E", siren, departement, kind, name] => lists.epci.push(Epci {
                    siren,
                    name: epci_name(kind, name),
                    departement,
                }),
                ["C", departement] => {
                    part = Part::Communes(departement);
                    last = 0;
                }
                ["A", departement] => part = Part::Former(departement),
                fields => match part {
                    Part::Communes(departement) => {
                        let commune = commune(departement, fields, last);
                        last = commune.number();
                        lists.communes.push(commune);
                    }
                    Part::Former(departement) => lists.former.push(former(departement, fields)),
                },
            }
        }
        lists
    }
}

impl Commune {
    /// The end of its code as a number.
    fn number(&self) -> u32 {
        self.code[self.departement.len()..].parse().unwrap_or_default()
    }

    /// The postcodes that serve it.
    pub(super) fn postcodes(&self) -> impl Iterator<Item = String> + '_ {
        let prefix = match self.departement {
            "2A" | "2B" => "20",
            other => other,
        };
        let ends = self.postcodes.split(',').filter(|end| !end.is_empty());
        ends.map(move |end| {
            if end.len() == 5 {
                end.to_owned()
            } else {
                format!("{prefix}{end}")
            }
        })
    }
}

/// A line of communes; its code follows `last` where it gives none.
fn commune(departement: &'static str, fields: &[&'static str], last: u32) -> Commune {
    let field = |rank: usize| fields.get(rank).copied().unwrap_or_default();
    let first = field(0);
    let name = first.trim_start_matches(|c: char| c.is_ascii_digit());
    let end = &first[..first.len() - name.len()];
    let width = 5 - departement.len();
    let code = if end.is_empty() {
        format!("{departement}{:0>width$}", last + 1)
    } else {
        format!("{departement}{end}")
    };
    Commune {
        siren: field(3)
            .parse()
            .ok()
            .or_else(|| siren_of("21", departement, &code[departement.len()..])),
        code,
        name,
        population: field(2).parse().ok(),
        departement,
        postcodes: field(1),
    }
}

fn former(departement: &str, fields: &[&'static str]) -> Former {
    let field = |rank: usize| fields.get(rank).copied().unwrap_or_default();
    let whole = |end: &str| {
        if end.len() == 5 {
            end.to_owned()
        } else {
            format!("{departement}{end}")
        }
    };
    Former {
        code: whole(field(0)),
        now: whole(field(1)),
        name: field(2),
    }
}

/// What an EPCI is called: its own name where that says what it is, else after its kind; what stands in brackets is an acronym.
fn epci_name(kind: &str, name: &str) -> String {
    let name = name.split(" (").next().unwrap_or(name);
    let says_kind = ["métropole", "agglomération", "communauté", "agglo"]
        .iter()
        .any(|word| name.to_lowercase().contains(word));
    match kind {
        "CC" if !says_kind => format!("Communauté de communes {name}"),
        "CA" if !says_kind => format!("Communauté d'agglomération {name}"),
        "CU" if !says_kind => format!("Communauté urbaine {name}"),
        _ => name.to_owned(),
    }
}

/// The SIREN that begins with `prefix`, a département and a number on four digits (three overseas), key included (Luhn).
///
/// Most communes have that of prefix 21 and the end of their code (the others are in the list); départements have 22 and 1.
pub(super) fn siren_of(prefix: &str, departement: &str, number: &str) -> Option<u32> {
    let eight = format!("{prefix}{departement}{number:0>width$}", width = 6 - departement.len());
    let mut sum = 0;
    for (rank, digit) in eight.bytes().rev().enumerate() {
        let digit = u32::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
        let weighted = if rank % 2 == 0 { digit * 2 } else { digit };
        sum += weighted / 10 + weighted % 10;
    }
    let eight: u32 = eight.parse().ok()?;
    Some(eight * 10 + (10 - sum % 10) % 10)
}

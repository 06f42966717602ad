//! Parses `data/territories.txt`. The comment at the top of that file gives its format.

use std::sync::LazyLock;

use super::levels::{Commune, Departement, Epci, Region};
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

/// The levels below the département.
pub(super) static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(FILE));

/// The lines of a kind at the top of the file. A search needs only these, so the rest is not parsed.
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

/// A former commune, or an arrondissement, that is part of a commune today.
#[derive(Debug)]
pub(super) struct Former {
    pub(super) code: String,
    /// Code of the commune it is part of.
    pub(super) now: String,
    /// Empty if it is not known.
    pub(super) name: &'static str,
}

/// The block of the list that is being read.
#[derive(Clone, Copy)]
enum Block {
    Communes(&'static str),
    Former(&'static str),
}

impl Lists {
    fn read(text: &'static str) -> Self {
        let mut lists = Self::default();
        let mut block = Block::Communes("");
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
                    block = Block::Communes(departement);
                    last = 0;
                }
                ["A", departement] => block = Block::Former(departement),
                fields => match block {
                    Block::Communes(departement) => {
                        let commune = commune(departement, fields, last);
                        last = commune.number();
                        lists.communes.push(commune);
                    }
                    Block::Former(departement) => lists.former.push(former(departement, fields)),
                },
            }
        }
        lists
    }
}

impl Commune {
    /// The end of its code, after the département, as a number.
    fn number(&self) -> u32 {
        self.code[self.departement.len()..].parse().unwrap_or_default()
    }

    /// Its postcodes.
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

/// A commune line. Its code is `last` + 1 if the line gives none.
fn commune(departement: &'static str, fields: &[&'static str], last: u32) -> Commune {
    let field = |index: usize| fields.get(index).copied().unwrap_or_default();
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
    let field = |index: usize| fields.get(index).copied().unwrap_or_default();
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

/// The name of an EPCI without the acronym in brackets, after its kind unless the name contains one.
fn epci_name(kind: &str, name: &str) -> String {
    let name = name.split(" (").next().unwrap_or(name);
    let has_kind = ["métropole", "agglomération", "communauté", "agglo"]
        .iter()
        .any(|word| name.to_lowercase().contains(word));
    match kind {
        "CC" if !has_kind => format!("Communauté de communes {name}"),
        "CA" if !has_kind => format!("Communauté d'agglomération {name}"),
        "CU" if !has_kind => format!("Communauté urbaine {name}"),
        _ => name.to_owned(),
    }
}

/// The SIREN made of `prefix`, the département, a number of four digits (three overseas) and the check digit (Luhn).
///
/// Most communes have prefix 21 and the end of their code; the list gives the SIREN of the others. Départements have 22 and 1.
pub(super) fn siren_of(prefix: &str, departement: &str, number: &str) -> Option<u32> {
    let eight = format!("{prefix}{departement}{number:0>width$}", width = 6 - departement.len());
    let mut sum = 0;
    for (index, digit) in eight.bytes().rev().enumerate() {
        let digit = u32::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
        let weighted = if index % 2 == 0 { digit * 2 } else { digit };
        sum += weighted / 10 + weighted % 10;
    }
    let eight: u32 = eight.parse().ok()?;
    Some(eight * 10 + (10 - sum % 10) % 10)
}

//! `cargo xtask territories`: generates `crates/rex-corpus/src/data/territories.txt` from the official list of territories.
//!
//! Source: the npm package `@etalab/decoupage-administratif` (INSEE's Code officiel géographique, the DGCL's list of
//! EPCI, La Poste's postcodes; Licence Ouverte 2.0). To update
//! the list, change [`VERSION`].

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::npm;

const PACKAGE: &str = "@etalab/decoupage-administratif";
const VERSION: &str = "6.0.0";
/// Date of the data in that version, from its README.
const VINTAGE: &str = "2026";
const OUTPUT: &str = "crates/rex-corpus/src/data/territories.txt";
/// The file is embedded in the binary.
const MAX_BYTES: usize = 1_000_000;
/// Population from which a commune is the one meant by a name that several share.
const LARGE: u64 = 10_000;

#[derive(Deserialize)]
struct Region {
    code: String,
    nom: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Departement {
    code: String,
    region: String,
    nom: String,
    type_liaison: u8,
}

#[derive(Deserialize)]
struct Grouping {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    kind: String,
    membres: Vec<Member>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    code: String,
    #[serde(default)]
    population_totale: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Commune {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    kind: String,
    departement: String,
    #[serde(default)]
    codes_postaux: Vec<String>,
    #[serde(default)]
    anciens_codes: Vec<String>,
    siren: Option<String>,
    population: Option<u64>,
    /// For a former commune: the commune it is now part of.
    chef_lieu: Option<String>,
    /// For an arrondissement of Paris, Lyon or Marseille: its commune.
    commune: Option<String>,
}

/// Generates the file from a folder with the unpacked package, or from npm.
pub(crate) fn run(root: &Path, folder: Option<&str>) -> Result<(), String> {
    let fetched;
    let folder = match folder {
        Some(folder) => Path::new(folder),
        None => {
            fetched = npm::fetch(&root.join("target/territories"), PACKAGE, VERSION)?;
            &fetched
        }
    };
    let text = text(&folder.join("data"))?;
    if text.len() > MAX_BYTES {
        return Err(format!("{} bytes, expected at most {MAX_BYTES}", text.len()));
    }
    let output = root.join(OUTPUT);
    fs::write(&output, &text).map_err(|error| format!("cannot write {}: {error}", output.display()))?;
    eprintln!("{OUTPUT}: {} bytes", text.len());
    Ok(())
}

fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<T>, String> {
    let path = folder.join(name);
    let bytes = fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// The text of the file.
fn text(folder: &Path) -> Result<String, String> {
    let regions: Vec<Region> = read(folder, "regions.json")?;
    let departements: Vec<Departement> = read(folder, "departements.json")?;
    let communes: Vec<Commune> = read(folder, "communes.json")?;
    let mut groupings: Vec<Grouping> = read(folder, "epci.json")?;
    groupings.extend(read::<Grouping>(folder, "ept.json")?);

    let mut text = format!(
        "# The territories of France: régions, départements, EPCI and EPT, communes, former communes.\n\
         # Source: npm package {PACKAGE} {VERSION}, vintage of 1 January {VINTAGE}: INSEE, Code officiel géographique; DGCL, liste des\n\
         # EPCI à fiscalité propre; La Poste, codes postaux. Licence Ouverte 2.0. Made by `cargo xtask territories`.\n\
         # R: code, name. D: code, région, article (INSEE's TNCC), name. E: SIREN, département of most inhabitants, kind, name.\n\
         # C: a département, then its communes: the end of the code where it does not follow the last one, and the name;\n\
         # the ends of the postcodes; inhabitants where there are {LARGE} or more; the SIREN where it is not 21 + département\n\
         # + commune + key. A: a département, then its former communes and arrondissements: code, code now, name if known.\n"
    );
    let mut line = |line: std::fmt::Arguments<'_>| {
        text.write_fmt(line).expect("a text grows");
        text.push('\n');
    };
    for region in &regions {
        line(format_args!("R\t{}\t{}", region.code, region.nom));
    }
    for departement in &departements {
        let Departement {
            code,
            region,
            nom,
            type_liaison,
        } = departement;
        line(format_args!("D\t{code}\t{region}\t{type_liaison}\t{nom}"));
    }
    let home: HashMap<&str, &str> = communes
        .iter()
        .filter(|commune| commune.kind == "commune-actuelle")
        .map(|commune| (commune.code.as_str(), commune.departement.as_str()))
        .collect();
    for grouping in &groupings {
        let departement = main_departement(grouping, &home)
            .ok_or_else(|| format!("{} has no member in a known département", grouping.nom))?;
        let name = grouping.nom.strip_prefix(&format!("{} ", grouping.kind));
        let name = name.unwrap_or(&grouping.nom).split_whitespace().collect::<Vec<_>>();
        line(format_args!(
            "E\t{}\t{departement}\t{}\t{}",
            grouping.code,
            grouping.kind,
            name.join(" ")
        ));
    }
    for departement in &departements {
        let mut lines = current(&communes, &departement.code);
        lines.extend(former(&communes, &departement.code));
        lines.iter().for_each(|entry| line(format_args!("{entry}")));
    }
    Ok(text)
}

/// The département with most inhabitants of a grouping of communes.
fn main_departement<'a>(grouping: &Grouping, home: &HashMap<&str, &'a str>) -> Option<&'a str> {
    let mut inhabitants: BTreeMap<&str, u64> = BTreeMap::new();
    for member in &grouping.membres {
        if let Some(departement) = home.get(member.code.as_str()) {
            *inhabitants.entry(departement).or_default() += member.population_totale.unwrap_or(1);
        }
    }
    let most = inhabitants.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(departement, _)| departement)
}

/// The communes of a département, one per line, after a line with its code.
fn current(communes: &[Commune], departement: &str) -> Vec<String> {
    let mut lines = vec![format!("C\t{departement}")];
    let mut last = 0;
    let mut own: Vec<&Commune> = communes
        .iter()
        .filter(|commune| commune.kind == "commune-actuelle" && commune.departement == departement)
        .collect();
    own.sort_by_key(|commune| commune.code.as_str());
    for commune in own {
        let end = &commune.code[departement.len()..];
        let number = end.parse::<u32>().unwrap_or_default();
        let code = if number == last + 1 { "" } else { end };
        last = number;
        let postal = postal_prefix(departement);
        let postcodes = commune
            .codes_postaux
            .iter()
            .map(|code| code.strip_prefix(postal).unwrap_or(code));
        let population = commune.population.filter(|population| *population >= LARGE);
        let derived = siren(departement, end);
        let siren = commune.siren.as_deref().filter(|siren| *siren != derived);
        let fields = [
            format!("{code}{}", commune.nom),
            postcodes.collect::<Vec<_>>().join(","),
            population.map(|population| population.to_string()).unwrap_or_default(),
            siren.unwrap_or_default().to_owned(),
        ];
        lines.push(fields.join("\t").trim_end_matches('\t').to_owned());
    }
    lines
}

/// Former communes, and the arrondissements of Paris, Lyon and Marseille.
fn former(communes: &[Commune], departement: &str) -> Vec<String> {
    let mut now: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    let own = || communes.iter().filter(|commune| commune.departement == departement);
    for commune in own().filter(|commune| commune.kind == "commune-actuelle") {
        now.extend(
            commune
                .anciens_codes
                .iter()
                .map(|code| (code.as_str(), (commune.code.as_str(), ""))),
        );
    }
    for commune in own() {
        let within = commune.chef_lieu.as_deref().or(commune.commune.as_deref());
        if let Some(within) = within.filter(|within| **within != commune.code) {
            now.insert(&commune.code, (within, &commune.nom));
        }
    }
    let mut lines = vec![format!("A\t{departement}")];
    lines.extend(now.into_iter().map(|(code, (within, name))| {
        let end = |code: &str| code.strip_prefix(departement).unwrap_or(code).to_owned();
        format!("{}\t{}\t{name}", end(code), end(within)).trim_end().to_owned()
    }));
    if lines.len() == 1 { Vec::new() } else { lines }
}

/// Prefix of the postcodes of a département.
fn postal_prefix(departement: &str) -> &str {
    match departement {
        "2A" | "2B" => "20",
        other => other,
    }
}

/// The SIREN of most communes: 21, the département, four digits of the commune, a check digit (Luhn).
fn siren(departement: &str, end: &str) -> String {
    let eight = format!("21{departement}{end:0>width$}", width = 6 - departement.len());
    let sum: u32 = eight
        .bytes()
        .rev()
        .enumerate()
        .map(|(rank, digit)| {
            let digit = u32::from(digit.wrapping_sub(b'0'));
            let weighted = if rank % 2 == 0 { digit * 2 } else { digit };
            weighted / 10 + weighted % 10
        })
        .sum();
    format!("{eight}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_the_package_says() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, json: serde_json::Value| fs::write(folder.path().join(name), json.to_string()).unwrap();
        write("regions.json", serde_json::json!([{"code": "76", "nom": "Occitanie"}]));
        write(
            "departements.json",
            serde_json::json!([{"code": "31", "region": "76", "nom": "Haute-Garonne", "typeLiaison": 3}]),
        );
        write(
            "communes.json",
            serde_json::json!([
                {"code": "31002", "nom": "B", "type": "commune-actuelle", "departement": "31", "codesPostaux": ["31200", "32000"],
                 "siren": "200000000", "population": 20_000, "anciensCodes": ["31009"]},
                {"code": "31001", "nom": "A", "type": "commune-actuelle", "departement": "31", "codesPostaux": ["31100"],
                 "siren": "213100019", "population": 20},
                {"code": "31005", "nom": "C", "type": "commune-deleguee", "departement": "31", "chefLieu": "31001"},
            ]),
        );
        write(
            "epci.json",
            serde_json::json!([{"code": "243100518", "nom": "CC de  l'Aa", "type": "CC", "membres": [{"code": "31001"}]}]),
        );
        write("ept.json", serde_json::json!([]));
        let text = text(folder.path()).unwrap();
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            lines,
            [
                "R\t76\tOccitanie",
                "D\t31\t76\t3\tHaute-Garonne",
                "E\t243100518\t31\tCC\tde l'Aa",
                "C\t31",
                "A\t100",
                "B\t200,32000\t20000\t200000000",
                "A\t31",
                "005\t001\tC",
                "009\t002",
            ]
        );
    }

    #[test]
    fn most_communes_have_the_siren_of_their_code() {
        assert_eq!(siren("59", "328"), "215903287");
        assert_eq!(siren("974", "11"), "219740115");
    }
}

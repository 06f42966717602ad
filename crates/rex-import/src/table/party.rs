//! Buyers and holders from cells: names, SIRETs, structures.

use rex_corpus::{Party, structure_label};

use super::cell::Cell;
use super::values::{Comma, several, siret};

/// The cells of a holder, or of several.
#[derive(Debug, Default)]
pub(super) struct PartyCells {
    pub(super) names: Vec<String>,
    pub(super) sirets: Vec<Cell>,
    pub(super) structures: Vec<String>,
}

/// A doubt about a party: the field, the text as typed, why.
pub(super) type PartyDoubt = (&'static str, String, String);

impl PartyCells {
    pub(super) fn add_names(&mut self, text: &str) {
        self.names.extend(several(text, Comma::Joins));
    }

    pub(super) fn add_structures(&mut self, text: &str) {
        self.structures.extend(several(text, Comma::Separates));
    }

    pub(super) fn add_sirets(&mut self, cell: &Cell) {
        match cell {
            Cell::Text(text) => {
                let separated = text.replace([',', '/'], ";");
                self.sirets
                    .extend(several(&separated, Comma::Joins).into_iter().map(Cell::Text));
            }
            Cell::Empty => {}
            cell => self.sirets.push(cell.clone()),
        }
    }

    /// The holders. Each gets the SIRET and the structure at its place in the other cells.
    pub(super) fn parties(mut self, doubts: &mut Vec<PartyDoubt>) -> Vec<Party> {
        // « Alpha, Bêta » beside two SIRETs is two holders.
        if let [only] = self.names.as_slice()
            && self.sirets.len() > 1
            && only.split(',').count() == self.sirets.len()
        {
            self.names = only.split(',').map(|name| name.trim().to_owned()).collect();
        }
        let mut parties: Vec<Party> = self.names.iter().map(|name| party(name)).collect();
        if self.sirets.len() == parties.len() {
            for (party, cell) in parties.iter_mut().zip(&self.sirets) {
                set_siret(party, "titulaires", cell, doubts);
            }
        } else if let Some(first) = self.sirets.first() {
            let why = unequal(self.sirets.len(), "SIRET", parties.len());
            doubts.push(("titulaires", first.to_string(), why));
        }
        let labels: Vec<String> = self.structures.iter().map(|name| structure(name)).collect();
        match (parties.as_mut_slice(), labels.len()) {
            (_, 0) => {}
            ([only], _) => only.structure = labels,
            (several, count) if several.len() == count => {
                for (party, label) in several.iter_mut().zip(labels) {
                    party.structure = vec![label];
                }
            }
            (several, count) => {
                let why = unequal(count, "structure", several.len());
                doubts.push(("titulaires", self.structures.join("; "), why));
            }
        }
        parties
    }
}

fn unequal(count: usize, what: &str, names: usize) -> String {
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    format!(
        "{count} {what}{} for {names} name{}, none is taken",
        plural(count),
        plural(names)
    )
}

/// The buyer of a name and a SIRET.
pub(super) fn buyer(name: &str, cell: &Cell, doubts: &mut Vec<PartyDoubt>) -> Option<Party> {
    let names = several(name, Comma::Joins);
    let mut buyer = party(names.first()?);
    if names.len() > 1 {
        doubts.push((
            "acheteur",
            name.to_owned(),
            format!("{} buyers, the first is taken", names.len()),
        ));
    }
    if *cell != Cell::Empty {
        set_siret(&mut buyer, "acheteur", cell, doubts);
    }
    Some(buyer)
}

/// The party of a name, without the SIRET beside it: `Alpha (SIRET 123 456 789 00011)`.
fn party(name: &str) -> Party {
    let (nom, siret) = match siret_in(name) {
        Some((own, siret)) => (own, Some(siret)),
        None => (name.to_owned(), None),
    };
    Party {
        nom,
        siret,
        structure: Vec::new(),
    }
}

fn siret_in(name: &str) -> Option<(String, String)> {
    let start = name.find(|c: char| c.is_ascii_digit()).into_iter();
    let starts = start.chain(name.match_indices([' ', '(']).map(|(at, _)| at + 1));
    for start in starts {
        let rest = &name[start..];
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && !c.is_whitespace())
            .unwrap_or(rest.len());
        let digits: String = rest[..end].chars().filter(char::is_ascii_digit).collect();
        if digits.len() == 14 && rest.starts_with(|c: char| c.is_ascii_digit()) {
            let is_mark = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '-' | '–' | ':' | ',' | '/');
            let before = name[..start].trim_end_matches(is_mark);
            let before = before
                .strip_suffix("SIRET")
                .or(before.strip_suffix("Siret"))
                .or(before.strip_suffix("siret"))
                .unwrap_or(before);
            let own = before.trim_end_matches(is_mark);
            let after = rest[end..].trim_matches(is_mark);
            return (!own.is_empty() && after.is_empty()).then(|| (own.to_owned(), digits));
        }
    }
    None
}

fn set_siret(party: &mut Party, field: &'static str, cell: &Cell, doubts: &mut Vec<PartyDoubt>) {
    match siret(cell) {
        Ok((digits, doubt)) => {
            party.siret = Some(digits);
            doubts.extend(doubt.map(|why| (field, cell.to_string(), format!("SIRET \"{cell}\": {why}"))));
        }
        Err(why) => doubts.push((field, cell.to_string(), format!("SIRET \"{cell}\" {why}"))),
    }
}

fn structure(name: &str) -> String {
    structure_label(name).map_or_else(|| name.to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &str, sirets: &str, structures: &str) -> (Vec<String>, usize) {
        let mut cells = PartyCells::default();
        cells.add_names(names);
        cells.add_sirets(&Cell::from_text(sirets));
        cells.add_structures(structures);
        let mut doubts = Vec::new();
        let shown = |party: &Party| {
            format!(
                "{}|{}|{}",
                party.nom,
                party.siret.as_deref().unwrap_or("-"),
                party.structure.join("+")
            )
        };
        (cells.parties(&mut doubts).iter().map(shown).collect(), doubts.len())
    }

    #[test]
    fn each_holder_has_what_stands_at_its_place() {
        const ONE: &str = "12345678900011";
        const TWO: &str = "12345678900029";
        for ((names, sirets, structures), expected, doubts) in [
            (
                ("Alpha", ONE, "association, siae"),
                &["Alpha|12345678900011|Association+SIAE"][..],
                0,
            ),
            (
                ("Alpha ; Bêta", "12345678900011 ; 12345678900029", "SCOP ; EA"),
                &["Alpha|12345678900011|SCOP", "Bêta|12345678900029|Entreprise adaptée"],
                0,
            ),
            (
                ("Alpha, Bêta", "12345678900011, 12345678900029", ""),
                &["Alpha|12345678900011|", "Bêta|12345678900029|"],
                0,
            ),
            (
                ("Dupont, Martin et fils", ONE, ""),
                &["Dupont, Martin et fils|12345678900011|"],
                0,
            ),
            (("Alpha\nBêta", ONE, "SCOP"), &["Alpha|-|", "Bêta|-|"], 2),
            (
                ("Alpha (SIRET : 123 456 789 00029)", "", ""),
                &["Alpha|12345678900029|"],
                0,
            ),
            (("Alpha 31 - 12345678900029", "", ""), &["Alpha 31|12345678900029|"], 0),
            (("Alpha 2000", "12", "Régie"), &["Alpha 2000|-|Régie"], 1),
            (("", TWO, "SCOP"), &[], 2),
        ] {
            assert_eq!(
                read(names, sirets, structures),
                (expected.iter().map(|party| (*party).to_owned()).collect(), doubts),
                "{names}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_parties(name in "([0-9 ]{1,16}|[A-Zé(),;:-]{1,4}|SIRET){0,5}", siret in "[0-9;,/ E+]{0,30}") {
            let _ = (read(&name, &siret, &name), buyer(&name, &Cell::from_text(&siret), &mut Vec::new()));
        }
    }
}

//! The holders of a contract.

use super::anomaly::{Anomalies, DecpProblem};
use super::json::Json;
use super::text::{clean_name, is_distinctive};
use crate::no_holder::is_no_holder;
use rex_corpus::Party;

/// The maximum of a record. The largest groupings published have a few dozen holders.
const MAX_HOLDERS: usize = 100;

/// The holders of a contract or of a modification, the representative first, without repeats.
pub(super) fn holders(fields: &Json, wrong: &mut Anomalies) -> Vec<Party> {
    let contract = fields.get("titulaires").items("titulaire");
    let concession = fields.get("concessionnaires").items("concessionnaire");
    let all = contract.into_iter().chain(concession);
    let mut holders: Vec<Party> = Vec::new();
    let mut left_out = 0;
    for fields in all {
        // A bare value is an identifier if it begins with a digit, else a name.
        let is_id = fields.text().starts_with(|c: char| c.is_ascii_digit());
        let fields = fields.object(if is_id { "id" } else { "denominationSociale" });
        let Some(holder) = holder(&fields, wrong) else { continue };
        if holders.len() == MAX_HOLDERS {
            left_out += 1;
        } else if !holders.contains(&holder) {
            holders.push(holder);
        }
    }
    if left_out > 0 {
        let what = format!("titulaires au-delà de {MAX_HOLDERS}, laissés de côté");
        wrong.add(DecpProblem::TooManyHolders, &what, &left_out.to_string());
    }
    holders
}

/// A holder by its published name, else by its identifier.
fn holder(fields: &Json, wrong: &mut Anomalies) -> Option<Party> {
    let name = clean_name(fields.get("denominationSociale").text());
    let kind = fields.get("typeIdentifiant").text();
    let id = fields.get("id").text();
    let is_siret = kind.is_empty() || kind.eq_ignore_ascii_case("SIRET");
    let siret = party_siret(id).filter(|_| is_siret);
    // A word that a company can have in its name is no holder only without a SIRET.
    let said = [name.as_str(), if siret.is_none() { id } else { "" }];
    if let Some(said) = said.iter().find(|said| is_no_holder(said, siret.is_some())) {
        wrong.add(DecpProblem::NoHolder, "aucun titulaire", said);
        return None;
    }
    if siret.is_none() && is_siret && !id.is_empty() {
        wrong.add(DecpProblem::Holder, "SIRET d'un titulaire écarté", id);
    }
    let named = match siret.as_deref() {
        _ if is_distinctive(&name) => name,
        Some(siret) => format!("SIRET {siret}"),
        None if !id.is_empty() => format!("{kind} {}", clean_name(id)).trim().to_owned(),
        None if !name.is_empty() => name,
        None => return None,
    };
    // An identifier of control characters only is no name.
    Some(clean_name(&named)).filter(|nom| !nom.is_empty()).map(|nom| Party {
        nom,
        siret,
        structure: Vec::new(),
    })
}

/// A SIRET: fourteen digits, ignoring spaces, not all zero. Software that takes it for a number drops a zero at its start: thirteen digits
/// get it back if the check digit of the SIREN is then right (Luhn).
pub(super) fn party_siret(id: &str) -> Option<String> {
    const SIREN: usize = 9;
    let mut digits: String = id.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.bytes().any(|byte| !byte.is_ascii_digit()) {
        return None;
    }
    if digits.len() == 13 {
        digits.insert(0, '0');
        if !is_luhn(&digits[..SIREN]) {
            return None;
        }
    }
    (digits.len() == 14 && digits.bytes().any(|byte| byte != b'0')).then_some(digits)
}

/// Whether the last digit checks the others (ISO/IEC 7812-1).
fn is_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0') * if at % 2 == 1 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

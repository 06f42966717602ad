//! The value of one record.

use super::super::raw::ContractKind;
use super::read::begin_record;
use super::repair::{Repaired, position_before_repair, repaired};
use super::value::Json;

/// The contract in an object of which it is the only value that counts: `{"marche": {…}}`, `{"fields": {…}}` of an API.
pub(super) fn unwrapped(mut value: Json, mut contract: ContractKind) -> (Json, ContractKind) {
    const WRAPPERS: [&str; 5] = ["marche", "contrat-concession", "record", "fields", "properties"];
    while !is_like_contract(&value)
        && let Some(wrapper) = WRAPPERS
            .iter()
            .find(|wrapper| matches!(value.get(wrapper), Json::Map(_)))
    {
        if *wrapper == "contrat-concession" {
            contract = ContractKind::Concession;
        }
        value = value.take(wrapper);
    }
    (value, contract)
}

/// Whether a value has anything of a contract. A text between two records, whose quotes are reversed, or another file put into this
/// one has nothing.
pub(super) fn is_like_contract(value: &Json) -> bool {
    let keys = ["id", "objet", "acheteur", "autoriteConcedante"];
    keys.iter().any(|key| *value.get(key) != Json::Null) && !is_wrapper(value)
}

/// Whether an object has an id of its own, like a record of an API, beside the contract.
fn is_wrapper(value: &Json) -> bool {
    matches!(value.get("fields"), Json::Map(_)) && *value.get("objet") == Json::Null
}

/// Why a value nested more deeply than the reader of values allows is refused.
pub(super) const TOO_DEEP: &str = "over 128 lists and objects within each other, expected a contract";

/// Reads a value, repaired if it has to be. The error has its position.
pub(super) fn parsed(bytes: &[u8]) -> Result<(Json, Vec<Repaired>), (usize, String)> {
    begin_record();
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok((value, Vec::new()));
    }
    let (text, repairs) = repaired(bytes);
    begin_record();
    match serde_json::from_slice(&text) {
        Ok(value) => Ok((value, repairs)),
        Err(error) => {
            let at = position_before_repair(bytes, position(&error, &text));
            let message = error.to_string();
            // The offset replaces line and column.
            let message = match message.split(" at line ").next().unwrap_or_default() {
                "recursion limit exceeded" => TOO_DEEP,
                message => message,
            };
            Err((at, message.to_owned()))
        }
    }
}

/// The position of an error in a text.
fn position(error: &serde_json::Error, text: &[u8]) -> usize {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    before + error.column().saturating_sub(1)
}

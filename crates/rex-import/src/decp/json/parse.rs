//! Reads the values of one record, or what else is in its bytes.

use super::super::raw::{Content, ContractKind, Position};
use super::other_standards::contracts;
use super::record::{parsed, unwrapped};
use super::repair::Repaired;
use super::value::Json;
use super::walk::contracts_inside;

/// The fields of a record, and what had to be repaired to read them.
#[derive(Debug)]
pub(in super::super) struct Fields {
    pub(in super::super) contract: ContractKind,
    /// `None` if the value is not an object.
    pub(in super::super) fields: Option<Json>,
    pub(in super::super) repairs: Vec<Repaired>,
}

/// A record that cannot be read.
#[derive(Debug)]
pub(in super::super) struct Unread {
    pub(in super::super) position: Position,
    pub(in super::super) message: String,
    /// Whether contracts were found inside it: brackets around the next ones may be part of it.
    pub(in super::super) has_contracts: bool,
}

/// Passes the fields of a record and its position to `visit`. A record that cannot be read is refused, by its position and the reason, and the contracts
/// inside it are looked for: a quote that is missing hides the records that follow.
pub(in super::super) fn read_fields(
    bytes: &[u8],
    position: Position,
    contract: ContractKind,
    visit: &mut dyn FnMut(Result<(Position, Fields), Unread>),
) {
    // The values to read, the next one last.
    let mut pending = vec![(0, bytes.len(), contract)];
    // The bytes that may be searched for contracts inside records, for files of opening brackets.
    let mut left = 8 * bytes.len() as u64 + (1 << 16);
    while let Some((start, end, contract)) = pending.pop() {
        let value = &bytes[start..end];
        let (at, message) = match parsed(value) {
            Ok((fields, repairs)) => {
                let (fields, contract) = unwrapped(fields, contract);
                let position = position.plus(start);
                match contracts(&fields) {
                    None => {
                        let fields = matches!(fields, Json::Map(_)).then_some(fields);
                        visit(Ok((
                            position,
                            Fields {
                                contract,
                                fields,
                                repairs,
                            },
                        )));
                    }
                    Some(Ok(contracts)) => contracts.into_iter().for_each(|fields| {
                        let (fields, repairs) = (Some(fields), Vec::new());
                        visit(Ok((
                            position,
                            Fields {
                                contract,
                                fields,
                                repairs,
                            },
                        )));
                    }),
                    Some(Err(message)) => visit(Err(Unread {
                        position,
                        message: message.to_owned(),
                        has_contracts: false,
                    })),
                }
                continue;
            }
            Err(error) => error,
        };
        let mut inside = Vec::new();
        contracts_inside(value, contract, &mut left, &mut |record| {
            if let (Position::Byte(offset), Content::Json(bytes)) = (record.position, record.content) {
                let from = start + offset as usize;
                inside.push((from, from + bytes.len(), record.contract));
            }
        });
        visit(Err(Unread {
            position: position.plus(start + at),
            message,
            has_contracts: !inside.is_empty(),
        }));
        pending.extend(inside.into_iter().rev());
    }
}

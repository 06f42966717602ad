//! What identifies a contract, and a lot under its number.

use super::newest::{LotKey, packed_day};
use rex_corpus::{Date, Euros, Party, name_key};

/// Identifies a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ContractKey {
    pub(super) buyer: String,
    pub(super) id: String,
    pub(super) object: String,
}

impl ContractKey {
    /// An id that is stable between imports: SIRET, number, and a hash of the key.
    pub(super) fn record_id(&self) -> String {
        const LONGEST: usize = 60;
        let slug = |text: &str| {
            let letters = text.chars().take(LONGEST);
            let letters = letters.map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' });
            letters.collect::<String>().trim_matches('-').to_owned()
        };
        let parts = [slug(&self.buyer), slug(&self.id), format!("{:08x}", self.hash() >> 32)];
        let parts = parts.iter().filter(|part| !part.is_empty());
        parts.map(String::as_str).collect::<Vec<_>>().join("-")
    }

    pub(super) fn hash(&self) -> u64 {
        hash([&self.buyer, &self.id, &self.object].map(String::as_str))
    }
}

/// 64-bit FNV-1a: equal on every machine and in every version.
fn hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> u64 {
    let bytes = parts.into_iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// What tells a lot from others under its number: its holders with the code of what they deliver, and its amount, before modifications.
pub(super) fn lot_key(day: Option<Date>, holders: &[Party], cpv: &str, amount: Option<Euros>) -> LotKey {
    /// 0 means unknown.
    fn short(hash: u64) -> u32 {
        ((hash >> 32) as u32).max(1)
    }
    let names = holders.iter().map(|holder| match &holder.siret {
        Some(siret) => siret.clone(),
        None => name_key(&holder.nom),
    });
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    // As typed, so that the ids of lots do not depend on the list of codes at hand. Some publishers leave the check digit out.
    let code: String = cpv.chars().filter(char::is_ascii_digit).take(8).collect();
    let parts = names.iter().map(String::as_str).chain([code.as_str()]);
    LotKey {
        day: packed_day(day.map_or(0, Date::sort_key)),
        holders: if names.is_empty() { 0 } else { short(hash(parts)) },
        amount: amount.map_or(0, |amount| short(hash([amount.to_string().as_str()]))),
    }
}

#[cfg(test)]
mod tests {
    use super::ContractKey;

    proptest::proptest! {
        #[test]
        fn any_contract_has_an_id(
            buyer in proptest::prelude::any::<String>(),
            id in proptest::prelude::any::<String>(),
            object in proptest::prelude::any::<String>(),
        ) {
            let id = ContractKey { buyer, id, object }.record_id();
            proptest::prop_assert!(rex_corpus::is_record_id(&id), "{id:?}");
        }
    }
}

//! What CPV codes are called in an answer and on a page.

use rex_corpus::{Cpv, CpvLabels};

/// The label of a code; that of a division by the short name of ours where the list has none.
pub(crate) fn code_label(labels: &CpvLabels, code: Cpv) -> Option<&str> {
    let division = || code.division_name().filter(|_| is_division(code.digits()));
    labels.get(code).or_else(division)
}

/// The label of a value of the facet, eight digits: of a division the short name of ours, as it stands above many others and the
/// official one is a list.
pub fn branch_label<'a>(labels: &'a CpvLabels, digits: &str) -> Option<&'a str> {
    let code = Cpv::parse(digits).ok()?;
    match code.division_name() {
        Some(name) if is_division(digits) => Some(name),
        _ => labels.get(code),
    }
}

fn is_division(digits: &str) -> bool {
    digits.ends_with("000000")
}

//! Addresses of cases.

use crate::parameter_values::encode;

/// The path of the page of a case.
pub fn case_address(id: &str) -> String {
    format!("/cas/{}", encode(id))
}

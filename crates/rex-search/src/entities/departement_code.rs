//! Départements by their code.

use rex_corpus::Territories;
use rex_query::PATH_SEPARATOR;

use super::tokens::QueryTokens;

/// The name of the département whose code is at an index, and the index after it.
pub(super) fn coded(tokens: &QueryTokens<'_>, at: usize) -> Option<(&'static str, usize)> {
    let digits = tokens.digits(at)?;
    let letter = tokens.folded(at + 1);
    let (code, end) = if digits == "2" && tokens.is_glued(at + 1) && matches!(letter, "a" | "b") {
        (format!("2{}", letter.to_uppercase()), at + 2)
    } else {
        (digits.to_owned(), at + 1)
    };
    Some((name(&code)?, end))
}

/// The name of the département of a code.
pub(super) fn name(code: &str) -> Option<&'static str> {
    let known = Territories::departements().iter().find(|known| known.code == code);
    known.map(|known| known.name)
}

/// The path at the level of départements; where a publisher leaves the région out, the highest.
pub(super) fn path(paths: &[String]) -> Option<&String> {
    let is_departement = |path: &&String| path.matches(PATH_SEPARATOR).count() == 1;
    paths.iter().find(is_departement).or(paths.first())
}

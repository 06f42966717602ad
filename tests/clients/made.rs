//! The contracts made by rule that the clients have to find.

use rex_tests::Site;
pub(crate) use rex_tests::made::id;

/// How many there are.
pub(crate) const COUNT: usize = 60;

/// A site with them alone.
pub(crate) fn site() -> Site {
    let site = Site::empty();
    site.write("corpus/marches.jsonl", lines());
    site
}

/// The records, one a line.
pub(crate) fn lines() -> String {
    rex_tests::made::lines(rex_tests::made::records(COUNT))
}

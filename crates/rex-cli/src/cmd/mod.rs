//! One file per subcommand: its arguments, and the function that runs it.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod extract;
pub(crate) mod generations;
pub(crate) mod import;
pub(crate) mod index;
pub(crate) mod report;
pub(crate) mod rollback;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod verify;

//! Reads an untrusted file in a child process with limits, for formats whose readers may overflow the stack, take all memory or
//! never end.
//!
//! ```text
//! parent   call ─ starts the child, file on stdin ─ reads its answer, bounded in size and time ─ kills and reaps it
//! child    serve ─ limits itself ─ reads stdin ─ the reader of the format ─ answer as JSON on stdout
//! ```
//!
//! A format chooses the type of its answer, which both sides share. What the child writes to stderr is dropped.

mod call;
mod limits;
mod serve;

pub use call::ChildError;
pub(crate) use call::call;
pub use limits::ChildLimits;
pub(crate) use serve::serve;

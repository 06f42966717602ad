//! Calls of libraries that are known to panic on damaged files.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// The result of a call. `None` if it panicked.
pub(crate) fn catch<T>(call: impl FnOnce() -> T) -> Option<T> {
    let before = IS_GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(call)).ok();
    IS_GUARDED.set(before);
    result
}

/// Whether a panic of this thread is expected and reported by its caller, so that a panic hook need not print it.
pub fn is_guarded() -> bool {
    IS_GUARDED.get()
}

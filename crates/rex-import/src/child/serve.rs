use std::io::{self, Read, Write};
use std::panic;
use std::thread;

use serde::Serialize;

use super::limits::ChildLimits;

/// Stack of the reader in bytes: nested values are read by recursion.
const STACK_BYTES: usize = 64 << 20;

/// The child's side: limits this process, reads the file from `input` and writes the answer of `read` to `output`.
///
/// The process must do nothing else, as its limits stay.
///
/// # Errors
/// A limit that cannot be set, a file over the limit, a failed read or write, and a panic of `read`. The process should then exit
/// with a failure, which the parent reports.
pub(crate) fn serve<T, F>(limits: &ChildLimits, input: impl Read, mut output: impl Write, read: F) -> io::Result<()>
where
    T: Serialize + Send + 'static,
    F: FnOnce(Vec<u8>) -> T + Send + 'static,
{
    limits.apply()?;
    let mut bytes = Vec::new();
    input.take(limits.input_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limits.input_bytes {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    // Nobody reads the messages.
    panic::set_hook(Box::new(|_| {}));
    let reader = thread::Builder::new().stack_size(STACK_BYTES);
    let answer = reader.spawn(move || read(bytes))?.join();
    let answer = answer.map_err(|_| io::Error::other("the reader panicked"))?;
    serde_json::to_writer(&mut output, &answer)?;
    output.flush()
}

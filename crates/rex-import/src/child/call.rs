use std::fs::File;
use std::io::{self, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::limits::ChildLimits;

/// Why a child gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// The child cannot be started or waited for: a failure of the machine.
    #[error("cannot start a process to read it: {0}")]
    Start(#[source] io::Error),
    /// Over the limit of time or processor time.
    #[error("takes too long to read")]
    TooLong,
    /// The answer is over its limit.
    #[error("has too much content")]
    TooLarge,
    /// The child ended without an answer: out of memory or stack, or a bug of the reader.
    #[error("takes too much memory or nests too deeply to read")]
    Died,
}

/// The parent's side: runs `command` with the file on its standard input, and returns the answer of [`serve`](super::serve).
///
/// Returns within the time limit, and a little for the system to end the child. No process is left.
///
/// # Errors
/// If the child cannot be started, breaks a limit or dies.
pub(crate) fn call<T: DeserializeOwned>(
    mut command: Command,
    file: File,
    limits: &ChildLimits,
) -> Result<T, ChildError> {
    let deadline = Instant::now() + limits.time;
    command.stdin(file).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = Running(command.spawn().map_err(ChildError::Start)?);
    let stdout = child.0.stdout.take();
    let answer = stdout.map_or(Ok(Vec::new()), |stdout| answer(stdout, limits.output_bytes, deadline))?;
    let status = child.end(deadline)?;
    if !status.success() {
        return Err(if is_out_of_time(status) {
            ChildError::TooLong
        } else {
            ChildError::Died
        });
    }
    serde_json::from_slice(&answer).map_err(|_| ChildError::Died)
}

/// Reads the answer to its end, on a thread that the end of the child ends.
fn answer(stdout: ChildStdout, most: u64, deadline: Instant) -> Result<Vec<u8>, ChildError> {
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        let mut bytes = Vec::new();
        let read = stdout.take(most + 1).read_to_end(&mut bytes);
        // Fails if the receiver gave up at the deadline.
        let _ = sender.send(read.map(|_| bytes));
    };
    thread::Builder::new().spawn(read).map_err(ChildError::Start)?;
    let left = deadline.saturating_duration_since(Instant::now());
    match receiver.recv_timeout(left) {
        Ok(Ok(bytes)) if bytes.len() as u64 > most => Err(ChildError::TooLarge),
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(ChildError::Died),
        Err(_) => Err(ChildError::TooLong),
    }
}

/// Whether the limit of processor time ended the child.
fn is_out_of_time(status: ExitStatus) -> bool {
    #[cfg(unix)]
    {
        use rustix::process::Signal;
        use std::os::unix::process::ExitStatusExt;
        status.signal() == Some(Signal::XCPU.as_raw())
    }
    #[cfg(not(unix))]
    {
        let _ = status;
        false
    }
}

/// A child that is killed and reaped when it is dropped.
struct Running(Child);

impl Running {
    /// Waits for the child, which has closed its output and has nothing left to do.
    fn end(&mut self, deadline: Instant) -> Result<ExitStatus, ChildError> {
        loop {
            if let Some(status) = self.0.try_wait().map_err(ChildError::Start)? {
                return Ok(status);
            }
            if Instant::now() >= deadline {
                return Err(ChildError::TooLong);
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails if it has ended and was waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// The answer of a shell script in place of the child.
    fn answer_of(script: &str, time: Duration) -> Result<String, ChildError> {
        let limits = ChildLimits {
            memory_bytes: 1 << 30,
            processor: Duration::from_secs(10),
            time,
            input_bytes: 100,
            output_bytes: 100,
        };
        let mut file = tempfile::tempfile().expect("a file");
        io::Write::write_all(&mut file, b"\"from stdin\"").expect("a file");
        io::Seek::rewind(&mut file).expect("a file");
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        call(command, file, &limits)
    }

    #[test]
    fn a_child_is_one_answer_or_one_error() {
        let long = Duration::from_secs(60);
        assert_eq!(answer_of("cat", long).unwrap(), "from stdin");
        for script in [
            "exit 1",
            "cat; exit 1",
            "kill -SEGV $$",
            "kill -ABRT $$",
            "kill -KILL $$",
            "printf '\"cut'",
            "printf 12",
            "true",
        ] {
            let ended = answer_of(script, long);
            assert!(matches!(ended, Err(ChildError::Died)), "{script}: {ended:?}");
        }
        assert!(matches!(answer_of("kill -XCPU $$", long), Err(ChildError::TooLong)));
        assert!(matches!(
            answer_of("exec cat /dev/zero", long),
            Err(ChildError::TooLarge)
        ));
        let missing = call::<String>(
            Command::new("/no/such"),
            tempfile::tempfile().unwrap(),
            &crate::PDF_LIMITS,
        );
        assert!(matches!(missing, Err(ChildError::Start(_))));
    }

    #[test]
    fn a_child_that_does_not_end_is_ended() {
        let short = Duration::from_millis(200);
        for script in ["exec sleep 600", "cat; exec >&-; exec sleep 600", "while :; do :; done"] {
            let begun = Instant::now();
            let ended = answer_of(script, short);
            assert!(matches!(ended, Err(ChildError::TooLong)), "{script}: {ended:?}");
            assert!(begun.elapsed() < Duration::from_secs(60), "{script}");
        }
    }
}

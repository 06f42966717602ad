use std::io;
use std::time::Duration;

/// Limits of a child process that reads one file.
#[derive(Debug, Clone, Copy)]
pub struct ChildLimits {
    /// Address space in bytes, the program itself included. Enforced on Linux.
    pub memory_bytes: u64,
    /// Processor time, in whole seconds. Enforced on Unix.
    pub processor: Duration,
    /// Time from start to answer.
    pub time: Duration,
    /// Size of the file, in bytes.
    pub input_bytes: u64,
    /// Size of the answer as JSON, in bytes.
    pub output_bytes: u64,
}

impl ChildLimits {
    /// Applies the limits to this process, for good, and lets it end with its parent.
    ///
    /// # Errors
    /// If the system refuses a limit: the file must not be read then.
    pub(super) fn apply(&self) -> io::Result<()> {
        #[cfg(unix)]
        {
            use rustix::process::Resource;
            lower(Resource::Core, 0, 0)?;
            // The first limit sends a signal that names the cause, the second kills.
            let seconds = self.processor.as_secs().max(1);
            lower(Resource::Cpu, seconds, seconds + 1)?;
            #[cfg(target_os = "linux")]
            {
                use rustix::process::{Signal, set_parent_process_death_signal};
                lower(Resource::As, self.memory_bytes, self.memory_bytes)?;
                set_parent_process_death_signal(Some(Signal::KILL))?;
            }
        }
        // A parent that was killed enforces no time limit, and the two above do not hold everywhere.
        let time = self.time;
        let watch = move || {
            std::thread::sleep(time);
            std::process::exit(1);
        };
        std::thread::Builder::new().name("time-limit".to_owned()).spawn(watch)?;
        Ok(())
    }
}

/// Lowers a limit and its maximum; one that is lower already stays.
#[cfg(unix)]
fn lower(resource: rustix::process::Resource, current: u64, maximum: u64) -> io::Result<()> {
    use rustix::process::{Rlimit, getrlimit, setrlimit};
    let now = getrlimit(resource);
    let lowered = |now: Option<u64>, most: u64| Some(now.map_or(most, |now| now.min(most)));
    let limit = Rlimit {
        current: lowered(now.current, current),
        maximum: lowered(now.maximum, maximum),
    };
    Ok(setrlimit(resource, limit)?)
}

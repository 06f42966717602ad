//! Signals. SIGINT and SIGTERM stop a command; so does SIGHUP, except for `rex serve`, which opens its search log again. SIGUSR1, SIGUSR2
//! and SIGALRM do nothing: their default is to kill the process.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Exit code of a command that was interrupted, as shells report it for SIGINT.
pub(crate) const STOPPED: u8 = 130;

/// Receives the signals that stop a command, from its creation on.
pub(crate) struct StopSignal {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    hangup: Option<Signal>,
}

impl StopSignal {
    /// Registers the handlers of a server, which SIGHUP does not stop, and ignores the other signals. Must be called within a tokio
    /// runtime.
    ///
    /// # Errors
    /// If the handlers cannot be registered.
    pub(crate) fn of_server() -> io::Result<Self> {
        ignore_others()?;
        Ok(Self {
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
            #[cfg(unix)]
            hangup: None,
        })
    }

    /// Like [`of_server`](Self::of_server), for a command that SIGHUP stops, unless it is ignored as under `nohup`.
    fn of_command() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            hangup: (!is_hangup_ignored())
                .then(|| signal(SignalKind::hangup()))
                .transpose()?,
            ..Self::of_server()?
        })
    }

    /// Completes at the next signal.
    pub(crate) async fn received(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            () = next(self.hangup.as_mut()) => {}
        }
        // Without a Ctrl-C handler no signal can arrive, so this never completes.
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Calls `reopen` at every SIGHUP, from now on. Must be called within a tokio runtime.
///
/// # Errors
/// If the handler cannot be registered.
#[cfg(unix)]
pub(crate) fn on_hangup(reopen: impl Fn() + Send + 'static) -> io::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        loop {
            next(Some(&mut hangup)).await;
            reopen();
        }
    });
    Ok(())
}

/// There is no SIGHUP on this system.
#[cfg(not(unix))]
pub(crate) fn on_hangup(_: impl Fn() + Send + 'static) -> io::Result<()> {
    Ok(())
}

/// Completes at the next signal; never without one.
#[cfg(unix)]
async fn next(signal: Option<&mut Signal>) {
    let received = match signal {
        Some(signal) => signal.recv().await,
        None => None,
    };
    if received.is_none() {
        std::future::pending::<()>().await;
    }
}

/// Registers handlers that do nothing. They stay registered for good.
#[cfg(unix)]
fn ignore_others() -> io::Result<()> {
    for kind in [
        SignalKind::user_defined1(),
        SignalKind::user_defined2(),
        SignalKind::alarm(),
    ] {
        drop(signal(kind)?);
    }
    Ok(())
}

#[cfg(not(unix))]
fn ignore_others() -> io::Result<()> {
    Ok(())
}

/// Whether the process was started with SIGHUP ignored. A system that does not say counts as one: a handler would undo `nohup`.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // Bit 0 is signal 1.
    mask.is_none_or(|mask| mask & 1 == 1)
}

/// A flag that a signal sets, for work that has to clean up before it stops.
///
/// # Errors
/// If the handlers cannot be registered, or no thread can be started.
pub(crate) fn stop_flag() -> io::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut signal = {
        let _inside = runtime.enter();
        StopSignal::of_command()?
    };
    let stopped = Arc::clone(&flag);
    let listen = move || {
        runtime.block_on(signal.received());
        stopped.store(true, Ordering::Relaxed);
        // The work may be blocked, for example on a pipe: a second signal exits at once.
        runtime.block_on(signal.received());
        std::process::exit(STOPPED.into());
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(listen)?;
    Ok(flag)
}

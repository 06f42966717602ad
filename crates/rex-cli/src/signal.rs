//! SIGINT (Ctrl-C) and SIGTERM.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of a command that was interrupted, as shells report it for SIGINT.
pub(crate) const STOPPED: i32 = 130;

/// Receives SIGINT and SIGTERM, from its creation on.
pub(crate) struct StopSignal {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl StopSignal {
    /// Registers the handlers. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If the handlers cannot be registered.
    pub(crate) fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Completes at the next signal.
    pub(crate) async fn received(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        // Without a Ctrl-C handler no signal can arrive, so this never completes.
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
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
        StopSignal::listen()?
    };
    let stopped = Arc::clone(&flag);
    let listen = move || {
        runtime.block_on(signal.received());
        stopped.store(true, Ordering::Relaxed);
        // The work may be blocked, for example on a pipe: a second signal exits at once.
        runtime.block_on(signal.received());
        std::process::exit(STOPPED);
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(listen)?;
    Ok(flag)
}

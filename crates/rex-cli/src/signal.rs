//! Being asked to stop: Ctrl-C, or SIGTERM.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of a command that was asked to stop, as a shell says of one that Ctrl-C ended.
pub(crate) const STOPPED: i32 = 130;

/// Hears when the process is asked to stop, from when it is made on.
pub(crate) struct StopSignal {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl StopSignal {
    /// Begins to listen; within a runtime.
    ///
    /// # Errors
    /// A machine where signals cannot be heard.
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

    /// Ends when the process is asked to stop.
    pub(crate) async fn asked(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        // Where Ctrl-C cannot be heard there is nothing to wait for but the end of the process.
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Becomes true when the process is asked to stop, for work that has something to put away first.
///
/// # Errors
/// A machine where signals cannot be heard, or that has no thread left to listen on.
pub(crate) fn stop_flag() -> io::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut signal = {
        let _inside = runtime.enter();
        StopSignal::listen()?
    };
    let asked = Arc::clone(&flag);
    let listen = move || {
        runtime.block_on(signal.asked());
        asked.store(true, Ordering::Relaxed);
        // The work may wait for what never comes, a pipe that stays open: asked again, it ends at once.
        runtime.block_on(signal.asked());
        std::process::exit(STOPPED);
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(listen)?;
    Ok(flag)
}

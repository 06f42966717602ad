use std::future::{Future, IntoFuture};
use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::router::router;
use crate::state::AppState;

/// What a request that is under way gets to end once the server is asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Answers requests on `listener` until `shutdown`, then ends those under way.
///
/// # Errors
/// A listener that fails.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = oneshot::channel();
    let shutdown = async {
        shutdown.await;
        // Nobody listens any more only where the server has already ended.
        let _ = stopping.send(());
    };
    let server = axum::serve(listener, router(state))
        .with_graceful_shutdown(shutdown)
        .into_future();
    let deadline = async {
        if stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = server => ended,
        () = deadline => Ok(()),
    }
}

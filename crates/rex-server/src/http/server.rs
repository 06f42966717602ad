//! Accepts connections and serves HTTP/1.1.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::http::hot_swap::HotSwap;
use crate::http::slow_client::StallTimeout;
use crate::middleware::rate_limit::PeerAddress;
use crate::search::limits::{MAX_HEAD, MAX_HEADERS};
use crate::telemetry::metrics::{Metrics, Refusal};

/// How long running requests may take to finish after a shutdown request.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);
/// Pause after `accept` fails for lack of resources.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);
/// Maximum number of connections being refused with 503 at once; further ones are closed without a response.
const MAX_REFUSALS: usize = 500;
/// Maximum duration of a refusal.
const REFUSAL_TIME: Duration = Duration::from_secs(1);

/// Serves requests on `listener` until `shutdown` resolves, then waits up to ten seconds for running requests.
///
/// # Errors
/// None: errors of `accept` are logged and retried.
pub async fn serve(listener: TcpListener, live: HotSwap, shutdown: impl Future<Output = ()> + Send) -> io::Result<()> {
    let server = Server::new(live);
    let connections = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => server.accept(stream, peer, &connections),
                Err(error) => pause_after(&error).await,
            },
            () = &mut shutdown => break,
        }
    }
    // New connections are refused from here on instead of waiting in the backlog.
    drop(listener);
    tokio::select! {
        () = connections.shutdown() => {}
        () = tokio::time::sleep(SHUTDOWN_GRACE) => tracing::warn!("requests still running after the grace period are aborted"),
    }
    Ok(())
}

/// Pauses after an `accept` error, unless the client gave up before the connection was accepted.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "failed to accept a connection");
        tokio::time::sleep(ACCEPT_RETRY).await;
    }
}

struct Server {
    live: HotSwap,
    /// Shared by all states.
    metrics: Metrics,
    http: http1::Builder,
    stall_time: Duration,
    connection_permits: Arc<Semaphore>,
    /// Permits for refusing connections.
    refusal_permits: Arc<Semaphore>,
}

impl Server {
    fn new(live: HotSwap) -> Self {
        let state = live.state();
        let limits = state.limits();
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(limits.header_time)
            .max_buf_size(MAX_HEAD)
            .max_header_size(MAX_HEAD)
            .max_headers(MAX_HEADERS);
        Self {
            metrics: state.metrics().clone(),
            http,
            stall_time: limits.stall_time,
            connection_permits: Arc::new(Semaphore::new(limits.connections)),
            refusal_permits: Arc::new(Semaphore::new(MAX_REFUSALS)),
            live,
        }
    }

    /// Serves a connection in its own task.
    fn accept(&self, stream: TcpStream, peer: SocketAddr, connections: &GracefulShutdown) {
        let Ok(permit) = Arc::clone(&self.connection_permits).try_acquire_owned() else {
            self.metrics.refused(Refusal::Connections);
            if let Ok(permit) = Arc::clone(&self.refusal_permits).try_acquire_owned() {
                tokio::spawn(async move {
                    // A client too slow to receive the refusal is disconnected.
                    let _ = tokio::time::timeout(REFUSAL_TIME, refuse(stream)).await;
                    drop(permit);
                });
            }
            return;
        };
        // Small responses are sent immediately instead of waiting for Nagle's timer.
        let _ = stream.set_nodelay(true);
        let open = self.metrics.connection_opened();
        let live = self.live.clone();
        let answer = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(PeerAddress(peer.ip()));
            let router = live.router();
            async move { Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {})) }
        });
        let stream = TokioIo::new(StallTimeout::new(stream, self.stall_time, self.metrics.clone()));
        let connection = connections.watch(self.http.serve_connection(stream, answer));
        tokio::spawn(async move {
            // Errors here are the client's: a disconnect, a timeout, invalid HTTP.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection failed");
            }
            drop((open, permit));
        });
    }
}

/// Answers 503. Reads the request first and drains the socket: closing it with unread data would reset the connection and
/// lose the response.
async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    const FULL: &[u8] =
        b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let mut read = [0; 1 << 10];
    if stream.read(&mut read).await? == 0 {
        return Ok(());
    }
    stream.write_all(FULL).await?;
    stream.shutdown().await?;
    while stream.read(&mut read).await? > 0 {}
    Ok(())
}

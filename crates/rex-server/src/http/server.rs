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

/// What a request that is under way gets to end once the server is asked to stop.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);
/// What is waited where the machine has nothing left to accept a connection with.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);
/// Connections at once that are told that there is no room; more are closed without a word.
const MAX_REFUSALS: usize = 500;
/// How long that may take.
const REFUSAL_TIME: Duration = Duration::from_secs(1);

/// Answers requests on `listener` until `shutdown`, then ends those under way.
///
/// # Errors
/// None that a listener can recover from: it goes on.
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
    // Who connects from here on is refused at once, rather than left waiting.
    drop(listener);
    tokio::select! {
        () = connections.shutdown() => {}
        () = tokio::time::sleep(SHUTDOWN_GRACE) => tracing::warn!("requests under way did not end in time and are cut"),
    }
    Ok(())
}

/// A connection that was lost before it was accepted is nothing; a machine without means for more needs a moment.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "a connection was not accepted");
        tokio::time::sleep(ACCEPT_RETRY).await;
    }
}

struct Server {
    live: HotSwap,
    /// Those of every state that is served.
    metrics: Metrics,
    http: http1::Builder,
    stall_time: Duration,
    connection_permits: Arc<Semaphore>,
    /// Room to say that there is no room.
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

    /// Answers the requests of a connection, in a task of its own.
    fn accept(&self, stream: TcpStream, peer: SocketAddr, connections: &GracefulShutdown) {
        let Ok(permit) = Arc::clone(&self.connection_permits).try_acquire_owned() else {
            self.metrics.refused(Refusal::Connections);
            if let Ok(permit) = Arc::clone(&self.refusal_permits).try_acquire_owned() {
                tokio::spawn(async move {
                    // Where the client is too slow to be told, it is cut.
                    let _ = tokio::time::timeout(REFUSAL_TIME, refuse(stream)).await;
                    drop(permit);
                });
            }
            return;
        };
        // Small answers go out as they are written; without, a client waits for a timer.
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
            // What ends a connection is the client's affair: it went away, was too slow, or does not speak HTTP.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop((open, permit));
        });
    }
}

/// Says that there is no room. The request is read first, and what follows it until the client has gone: a connection closed
/// with something unread in it takes the answer with it.
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

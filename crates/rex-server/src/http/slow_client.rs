//! Disconnects clients that stop reading their response.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::telemetry::metrics::{Metrics, Refusal};

/// Bytes per second that a client must read while a response is blocked.
const MIN_RATE: f64 = 1_024.0;

/// A connection that fails when the client stalls for too long.
///
/// The client has a time budget. Blocked writes consume it, and every kilobyte read earns a second back. Unlike a timeout
/// per write, this also catches a client that reads single bytes.
pub(crate) struct StallTimeout<T> {
    inner: T,
    max_budget: Duration,
    budget: Duration,
    /// When the pending write blocked, and the timer that wakes it when the budget is used up.
    pending: Option<(Instant, Pin<Box<Sleep>>)>,
    metrics: Metrics,
}

impl<T> StallTimeout<T> {
    pub(crate) fn new(inner: T, budget: Duration, metrics: Metrics) -> Self {
        Self {
            inner,
            max_budget: budget,
            budget,
            pending: None,
            metrics,
        }
    }

    /// Accounts for a write attempt.
    fn watch(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(taken)) => {
                let waited = self.pending.take().map_or(Duration::ZERO, |(since, _)| since.elapsed());
                let earned = Duration::from_secs_f64(taken as f64 / MIN_RATE);
                self.budget = (self.budget.saturating_sub(waited) + earned).min(self.max_budget);
                Poll::Ready(Ok(taken))
            }
            Poll::Ready(error) => Poll::Ready(error),
            Poll::Pending => {
                let budget = self.budget;
                let (_, end) = self.pending.get_or_insert_with(|| {
                    let now = Instant::now();
                    (now, Box::pin(sleep_until(now + budget)))
                });
                if end.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                self.metrics.refused(Refusal::Slow);
                Poll::Ready(Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "the client reads its response too slowly",
                )))
            }
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for StallTimeout<T> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, into)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for StallTimeout<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, bytes);
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::sleep;

    use super::*;

    const BUDGET: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn a_client_that_reads_next_to_nothing_is_disconnected() {
        for taken_each_second in [0, 1, 500] {
            let (server, mut client) = duplex(1_024);
            let mut server = StallTimeout::new(server, BUDGET, Metrics::start());
            let started = Instant::now();
            let reading = async {
                let mut some = vec![0; taken_each_second];
                loop {
                    sleep(Duration::from_secs(1)).await;
                    if client.read_exact(&mut some).await.is_err() {
                        std::future::pending::<()>().await;
                    }
                }
            };
            let answer = vec![b'x'; 1 << 20];
            let error = tokio::select! {
                written = server.write_all(&answer) => written.unwrap_err(),
                () = reading => unreachable!("it reads for ever"),
            };
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            let took = started.elapsed();
            assert!(took >= BUDGET && took < 3 * BUDGET, "{taken_each_second}: {took:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_client_gets_the_whole_response() {
        let (server, mut client) = duplex(1_024);
        let mut server = StallTimeout::new(server, BUDGET, Metrics::start());
        let answer = vec![b'x'; 200 << 10];
        let reading = async {
            let mut some = vec![0; 2_048];
            for _ in 0..100 {
                sleep(Duration::from_secs(1)).await;
                client.read_exact(&mut some).await.unwrap();
            }
        };
        let (written, ()) = tokio::join!(server.write_all(&answer), reading);
        written.unwrap();
        // Idle time between two responses consumes no budget.
        sleep(10 * BUDGET).await;
        let (written, ()) = tokio::join!(server.write_all(&answer[..4_096]), async {
            sleep(Duration::from_secs(20)).await;
            client.read_exact(&mut vec![0; 4_096]).await.unwrap();
        });
        written.unwrap();
    }
}

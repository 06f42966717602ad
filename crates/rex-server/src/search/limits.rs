//! Limits of the server and of each client.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use ipnet::IpNet;

/// Maximum size of a request head, address and headers, in bytes.
pub(crate) const MAX_HEAD: usize = 32 << 10;
/// Maximum number of request headers.
pub(crate) const MAX_HEADERS: usize = 64;

/// Limits of the server. The defaults suit a small machine behind a reverse proxy, or a laptop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Concurrent searches. Each uses one processor; by default the number of processors. Half as many long ones run beside them.
    pub searches: usize,
    /// Maximum number of queued searches; further ones are rejected with 503.
    pub queue: usize,
    /// Maximum time in the queue.
    pub queue_time: Duration,
    /// Time limit of all searches of a request.
    pub search_time: Duration,
    /// Maximum number of open connections; further ones are answered 503 and closed.
    pub connections: usize,
    /// Time limit for receiving a request head or body, and for an idle connection.
    pub header_time: Duration,
    /// How long a response may be blocked by a client that reads less than 1 KiB/s.
    pub stall_time: Duration,
    /// Rate limit per client; `None` for no limit.
    pub rate: Option<Rate>,
    /// Size of the response cache of `/v1/search` in bytes; 0 disables it.
    pub cache_bytes: u64,
    /// Reverse proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
}

/// A rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Sustained requests per second.
    pub per_second: NonZeroU32,
    /// Maximum burst.
    pub burst: NonZeroU32,
}

impl Limits {
    /// Concurrent searches that take long: half of [`Self::searches`], rounded up.
    pub(crate) fn long_searches(&self) -> usize {
        self.searches.div_ceil(2)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            searches: std::thread::available_parallelism().map_or(2, usize::from),
            queue: 64,
            queue_time: Duration::from_millis(500),
            search_time: Duration::from_secs(5),
            connections: 4_000,
            header_time: Duration::from_secs(10),
            stall_time: Duration::from_secs(30),
            rate: None,
            cache_bytes: 16 << 20,
            trusted_proxies: vec![
                IpNet::new_assert([127, 0, 0, 0].into(), 8),
                IpNet::from(IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])),
            ],
        }
    }
}

//! What a server gives at most: to all its clients together, and to each.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use ipnet::IpNet;

/// Bytes of the longest head of a request: its address and its headers.
pub(crate) const MAX_HEAD: usize = 32 << 10;
/// Headers of a request.
pub(crate) const MAX_HEADERS: usize = 64;

/// What a server gives at most. The default is for a small machine behind a reverse proxy, or a laptop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Searches at once: each keeps a processor busy, so by default as many as there are processors.
    pub searches: usize,
    /// Searches that wait for their turn; one more is refused at once.
    pub queue: usize,
    /// How long a search may wait for its turn; past it, it is refused.
    pub queue_time: Duration,
    /// How long a search may take; past it, it is stopped.
    pub search_time: Duration,
    /// Connections open at once; one more is answered 503 and closed.
    pub connections: usize,
    /// How long a client may take to send the head of a request, or its body, and to begin the next one.
    pub header_time: Duration,
    /// How long an answer may wait for a client that takes less than a kilobyte a second.
    pub stall_time: Duration,
    /// Requests of one client; none for as many as it likes.
    pub rate: Option<Rate>,
    /// Bytes of the answers of `/v1/search` that are kept to be given again; 0 for none.
    pub cache_bytes: u64,
    /// Reverse proxies that are believed when they say, in `X-Forwarded-For`, who asks.
    pub trusted_proxies: Vec<IpNet>,
}

/// How fast one client may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second, in the long run.
    pub per_second: NonZeroU32,
    /// Requests at once, after a pause.
    pub burst: NonZeroU32,
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

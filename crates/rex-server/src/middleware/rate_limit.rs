//! Rate limits per client address. Addresses are kept in memory for about a minute and never written.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::{HeaderMap, HeaderName};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use ipnet::IpNet;

use crate::search::limits::{Limits, Rate};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Maximum number of tracked clients; further ones share one allowance.
const MAX_CLIENTS: usize = 100_000;
/// Requests between two removals of idle clients.
const SWEEP_INTERVAL: u32 = 1_024;
/// Addresses of `X-Forwarded-For` that are examined, from the nearest proxy.
const MAX_HOPS: usize = 16;

/// The remote address of the connection, a request extension.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PeerAddress(pub(crate) IpAddr);

/// Limits the request rate of each client; without a rate, does nothing.
#[derive(Clone)]
pub(crate) struct RateLimiter(Option<Arc<KeyedLimiter>>);

struct KeyedLimiter {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    burst: NonZeroU32,
    trusted: Vec<IpNet>,
    requests: AtomicU32,
}

impl RateLimiter {
    pub(crate) fn new(limits: &Limits) -> Self {
        let limiter = |Rate { per_second, burst }| KeyedLimiter {
            limiter: DefaultKeyedRateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst)),
            clock: DefaultClock::default(),
            burst,
            trusted: limits.trusted_proxies.clone(),
            requests: AtomicU32::new(0),
        };
        Self(limits.rate.map(limiter).map(Arc::new))
    }

    /// The client of a request, as long as its rate is limited.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let limiter = self.0.as_ref()?;
        Some(limiter.key(client_address(peer, headers, &limiter.trusted)))
    }

    /// Counts some requests of a client, at most those that a burst may have after its first one.
    ///
    /// # Errors
    /// The seconds until they are accepted.
    pub(crate) fn count(&self, client: IpAddr, requests: u32) -> Result<(), u64> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        let most = limiter.burst.get().saturating_sub(1).max(1);
        let Some(requests) = NonZeroU32::new(requests.min(most)) else {
            return Ok(());
        };
        let checked = limiter.limiter.check_key_n(&client, requests);
        // The burst is never exceeded.
        checked.unwrap_or(Ok(())).map_err(|refusal| {
            let wait = refusal.wait_time_from(limiter.clock.now());
            wait.as_secs_f64().ceil() as u64
        })
    }
}

impl KeyedLimiter {
    /// The key of a client: for IPv6 the /64 network, which one household controls.
    fn key(&self, client: IpAddr) -> IpAddr {
        if self
            .requests
            .fetch_add(1, Ordering::Relaxed)
            .is_multiple_of(SWEEP_INTERVAL)
        {
            self.limiter.retain_recent();
        }
        if self.limiter.len() >= MAX_CLIENTS {
            return IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        }
        match client.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            address @ IpAddr::V4(_) => address,
        }
    }
}

/// The client address behind trusted proxies: the last address of `X-Forwarded-For` that is not a trusted proxy. The header
/// is ignored where the peer is not trusted.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address.to_canonical()));
    let mut client = peer;
    let said = headers.get_all(FORWARDED_FOR).iter().rev();
    let hops = said
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.rsplit(','));
    for hop in hops.take(MAX_HOPS) {
        if !is_trusted(client) {
            break;
        }
        match hop.trim().parse() {
            Ok(address) => client = address,
            Err(_) => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn forwarded(values: &[&str]) -> HeaderMap {
        let values = values
            .iter()
            .map(|value| (FORWARDED_FOR, HeaderValue::from_str(value).unwrap()));
        values.collect()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_trusted_proxies_name_the_client() {
        let trusted = ["10.0.0.0/8", "::1/128"].map(|network| network.parse().unwrap());
        let client_address = |peer: &str, said: &[&str]| client_address(ip(peer), &forwarded(said), &trusted);
        assert_eq!(
            client_address("203.0.113.9", &["198.51.100.7"]),
            ip("203.0.113.9"),
            "a stranger"
        );
        assert_eq!(client_address("10.0.0.1", &["198.51.100.7"]), ip("198.51.100.7"));
        assert_eq!(
            client_address("::1", &["198.51.100.7, 10.1.1.1"]),
            ip("198.51.100.7"),
            "two proxies"
        );
        assert_eq!(
            client_address("10.0.0.1", &["1.2.3.4, 198.51.100.7"]),
            ip("198.51.100.7"),
            "what a client writes in front is not believed"
        );
        assert_eq!(
            client_address("10.0.0.1", &["1.2.3.4", "198.51.100.7"]),
            ip("198.51.100.7")
        );
        assert_eq!(client_address("10.0.0.1", &["rien"]), ip("10.0.0.1"));
        assert_eq!(
            client_address("::ffff:10.0.0.1", &["198.51.100.7"]),
            ip("198.51.100.7"),
            "IPv4 as IPv6"
        );
    }

    #[test]
    fn each_client_has_its_own_allowance() {
        let two = NonZeroU32::new(2).unwrap();
        let limit = RateLimiter::new(&Limits {
            rate: Some(Rate {
                per_second: NonZeroU32::MIN,
                burst: two,
            }),
            ..Limits::default()
        });
        let none = HeaderMap::new();
        let ask = |peer: &str| limit.count(limit.client(ip(peer), &none).unwrap(), 1);
        assert_eq!((ask("192.0.2.1"), ask("192.0.2.1")), (Ok(()), Ok(())));
        assert_eq!(ask("192.0.2.1"), Err(1));
        assert_eq!(ask("192.0.2.2"), Ok(()));
        assert_eq!((ask("2001:db8::1"), ask("2001:db8::2")), (Ok(()), Ok(())));
        assert!(ask("2001:db8::3").is_err(), "one network, one client");
        assert!(ask("2001:db8:0:1::1").is_ok());
    }

    #[test]
    fn no_rate_no_limit() {
        let limit = RateLimiter::new(&Limits::default());
        assert_eq!(limit.client(ip("192.0.2.1"), &HeaderMap::new()), None);
        assert!((0..10_000).all(|_| limit.count(ip("192.0.2.1"), 1).is_ok()));
    }

    #[test]
    fn a_batch_counts_for_each_of_its_searches() {
        let limit = RateLimiter::new(&Limits {
            rate: Some(Rate {
                per_second: NonZeroU32::MIN,
                burst: NonZeroU32::new(30).unwrap(),
            }),
            ..Limits::default()
        });
        let (one, other) = (ip("192.0.2.1"), ip("192.0.2.2"));
        assert_eq!((limit.count(one, 1), limit.count(one, 23)), (Ok(()), Ok(())));
        assert!(limit.count(one, 23).is_err(), "17 seconds too early");
        assert_eq!(limit.count(one, 6), Ok(()));
        assert!(limit.count(one, 1).is_err());
        // More than a burst is a whole burst: a large batch is slow, but never impossible.
        assert_eq!((limit.count(other, 1), limit.count(other, 49)), (Ok(()), Ok(())));
        assert!(limit.count(other, 1).is_err());
    }
}

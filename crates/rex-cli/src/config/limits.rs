//! `[limits]` of the configuration: limits of the server.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::time::Duration;

use ipnet::IpNet;
use rex_server::{Limits, Rate};
use serde::Deserialize;

use crate::failure::UserError;

/// Default requests per second and client, on an address that other machines can reach.
const DEFAULT_RATE: u32 = 20;
/// Default requests of a client at once.
const DEFAULT_BURST: u32 = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsSection {
    searches: Option<u64>,
    queue: Option<u64>,
    queue_ms: Option<u64>,
    search_ms: Option<u64>,
    connections: Option<u64>,
    header_seconds: Option<u64>,
    stall_seconds: Option<u64>,
    rate: Option<u64>,
    burst: Option<u64>,
    kept_mib: Option<u64>,
    trusted_proxies: Option<Vec<String>>,
}

/// The limits, except for those that depend on the listening address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LimitSettings {
    limits: Limits,
    /// Whether the configuration sets `rate`.
    has_rate: bool,
    burst: NonZeroU32,
}

impl LimitSettings {
    /// The limits of a server that listens on an address. On a loopback address every client is this machine or a proxy on it, so
    /// the default is no rate limit.
    pub(crate) fn on(&self, address: SocketAddr) -> Limits {
        let public = NonZeroU32::new(DEFAULT_RATE).map(|per_second| Rate {
            per_second,
            burst: self.burst,
        });
        let is_public = !address.ip().to_canonical().is_loopback();
        let rate = self.limits.rate.or(public.filter(|_| is_public && !self.has_rate));
        Limits {
            rate,
            ..self.limits.clone()
        }
    }
}

impl LimitsSection {
    pub(super) fn settings(self) -> Result<LimitSettings, UserError> {
        let default = Limits::default();
        let count = |name, given: Option<u64>, default: usize, range| {
            let given = given.map(|given| within(name, given, range)).transpose()?;
            Ok::<_, UserError>(given.map_or(default, |given| usize::try_from(given).unwrap_or(usize::MAX)))
        };
        let time = |name, given: Option<u64>, default: Duration, unit: fn(u64) -> Duration, range| {
            let given = given.map(|given| within(name, given, range)).transpose()?;
            Ok::<_, UserError>(given.map_or(default, unit))
        };
        let burst = within("burst", self.burst.unwrap_or(DEFAULT_BURST.into()), 1..=1_000_000)?;
        let burst = u32::try_from(burst)
            .ok()
            .and_then(NonZeroU32::new)
            .unwrap_or(NonZeroU32::MIN);
        let rate = self.rate.map(|rate| within("rate", rate, 0..=1_000_000)).transpose()?;
        let per_second = rate.and_then(|rate| NonZeroU32::new(u32::try_from(rate).ok()?));
        Ok(LimitSettings {
            has_rate: rate.is_some(),
            burst,
            limits: Limits {
                searches: count("searches", self.searches, default.searches, 1..=1_024)?,
                queue: count("queue", self.queue, default.queue, 0..=100_000)?,
                queue_time: time(
                    "queue_ms",
                    self.queue_ms,
                    default.queue_time,
                    Duration::from_millis,
                    1..=600_000,
                )?,
                search_time: time(
                    "search_ms",
                    self.search_ms,
                    default.search_time,
                    Duration::from_millis,
                    1..=600_000,
                )?,
                connections: count("connections", self.connections, default.connections, 1..=1_000_000)?,
                header_time: time(
                    "header_seconds",
                    self.header_seconds,
                    default.header_time,
                    Duration::from_secs,
                    1..=3_600,
                )?,
                stall_time: time(
                    "stall_seconds",
                    self.stall_seconds,
                    default.stall_time,
                    Duration::from_secs,
                    1..=3_600,
                )?,
                rate: per_second.map(|per_second| Rate { per_second, burst }),
                cache_bytes: within(
                    "kept_mib",
                    self.kept_mib.unwrap_or(default.cache_bytes >> 20),
                    0..=65_536,
                )? << 20,
                trusted_proxies: match self.trusted_proxies {
                    None => default.trusted_proxies,
                    Some(list) => list.iter().map(|proxy| network(proxy)).collect::<Result<_, _>>()?,
                },
            },
        })
    }
}

fn within(name: &str, given: u64, range: RangeInclusive<u64>) -> Result<u64, UserError> {
    if range.contains(&given) {
        return Ok(given);
    }
    Err(wrong(&format!(
        "{name} is {given}, expected {} to {}",
        range.start(),
        range.end()
    )))
}

/// A network such as `10.0.0.0/8`, or a single address.
fn network(text: &str) -> Result<IpNet, UserError> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).map_err(|_| {
        wrong(&format!(
            "\"{text}\" of trusted_proxies is not an address, expected one such as 10.0.0.7 or 10.0.0.0/8"
        ))
    })
}

fn wrong(reason: &str) -> UserError {
    UserError(format!("[limits] of the configuration: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Result<LimitSettings, String> {
        let section: LimitsSection = toml::from_str(text).unwrap();
        section.settings().map_err(|error| error.to_string())
    }

    #[test]
    fn the_defaults_limit_the_rate_on_public_addresses_only() {
        let settings = settings("").unwrap();
        assert_eq!(settings.on(([127, 0, 0, 1], 80).into()), Limits::default());
        let public = settings.on(([0, 0, 0, 0], 80).into());
        assert_eq!(public.rate.map(|rate| rate.per_second.get()), Some(20));
    }

    #[test]
    fn a_configured_limit_holds_on_every_address() {
        let settings =
            settings("rate = 5\nburst = 7\nkept_mib = 3\nsearch_ms = 250\ntrusted_proxies = ['10.0.0.0/8', '::1']")
                .unwrap();
        for address in [([127, 0, 0, 1], 80), ([0, 0, 0, 0], 80)] {
            let limits = settings.on(address.into());
            let rate = limits.rate.unwrap();
            assert_eq!((rate.per_second.get(), rate.burst.get()), (5, 7));
            assert_eq!(limits.search_time, Duration::from_millis(250));
            assert_eq!(limits.cache_bytes, 3 << 20);
            assert_eq!(limits.trusted_proxies.len(), 2);
        }
        let none = self::settings("rate = 0").unwrap();
        assert_eq!(none.on(([0, 0, 0, 0], 80).into()).rate, None);
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(
            settings("searches = 0").unwrap_err(),
            "[limits] of the configuration: searches is 0, expected 1 to 1024"
        );
        assert!(
            settings("trusted_proxies = ['proxy']")
                .unwrap_err()
                .contains("\"proxy\" of trusted_proxies")
        );
    }
}

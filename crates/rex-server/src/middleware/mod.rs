//! What is around every answer: CORS, rate limits, ETags, the access log.

pub(crate) mod access_log;
pub(crate) mod admission;
pub(crate) mod cors;
pub(crate) mod etag;
pub(crate) mod rate_limit;

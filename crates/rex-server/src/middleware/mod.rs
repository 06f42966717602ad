//! Middleware, from the outside in: access log, CORS, admission, compression, ETags.

pub(crate) mod access_log;
pub(crate) mod admission;
pub(crate) mod cors;
pub(crate) mod etag;
pub(crate) mod rate_limit;

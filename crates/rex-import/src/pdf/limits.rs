use std::time::Duration;

use crate::booklet::MAX_TEXT_BYTES;
use crate::child::ChildLimits;

/// Maximum size of a PDF in bytes, images included.
pub const MAX_PDF_BYTES: u64 = 64 << 20;

/// Limits of the child that reads a PDF, far over what a booklet needs: 64 MB of images on 60 pages take less than 300 MB of address
/// space and 0.1 s, 2,000 pages of text 1.5 s.
pub const PDF_LIMITS: ChildLimits = ChildLimits {
    memory_bytes: 1 << 30,
    processor: Duration::from_secs(20),
    time: Duration::from_secs(120),
    input_bytes: MAX_PDF_BYTES,
    // JSON writes a control character as six bytes.
    output_bytes: 6 * MAX_TEXT_BYTES as u64 + (64 << 10),
};

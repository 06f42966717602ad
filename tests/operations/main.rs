//! Robustness of the real binary: killed builds, failing disks, damaged files, overload.
//!
//! `cargo test --package rex-tests --test operations` runs a short variant of each scenario, `cargo xtask soak` the long one. To run one
//! with its figures, name its test: `cargo test --package rex-tests --test operations backup -- --nocapture`.
#![cfg(target_os = "linux")]

mod backup;
mod client;
mod damage;
mod disks;
mod faults;
mod kills;
mod overload;
mod switches;
mod watch;

//! It keeps working: builds killed, disks that fail, files that rot, more load than it can serve. The real binary, as an
//! operator runs it.
//!
//! `cargo test --package rex-tests --test operations` runs a bounded part of each scenario, `cargo xtask soak` the long one.
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

//! Data that `cargo xtask gen` writes; `cargo xtask test` fails when it is out of date.

pub mod time_zones;

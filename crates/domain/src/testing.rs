//! What the tests of this crate share.

use proptest::test_runner::{Config, RngSeed};

/// Property tests that try the same cases on every run and write nothing to disk.
pub fn config() -> Config {
    Config { cases: 256, rng_seed: RngSeed::Fixed(0x7e_0a_27), failure_persistence: None, ..Config::default() }
}

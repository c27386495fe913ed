//! Where things lie.

use std::path::{Path, PathBuf};

/// The workspace's folder. Cargo says at run time where this crate is, so a moved checkout still works.
pub fn root() -> PathBuf {
    let here =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).map_or_else(|| here.clone(), Path::to_path_buf)
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// What xtask itself keeps between runs: stamps, logs, reports.
pub fn kept(name: &str) -> PathBuf {
    target().join("xtask").join(name)
}

/// The server's binary of the dev profile.
pub fn dev_binary() -> PathBuf {
    target().join("debug").join("tenantry")
}

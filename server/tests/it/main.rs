//! The HTTP side, tested in process: what no browser test can see as exactly, or would be slow to.

#![expect(clippy::unwrap_used, reason = "a test that can't set itself up should stop there")]

mod api;
mod assets;
mod authz_matrix;
mod avatar;
mod billing;
mod cli;
mod device;
mod forms;
mod gate;
mod links;
mod login;
mod remote;
mod replay;
mod support;
mod two_servers;
mod usage_kill;

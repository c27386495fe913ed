//! The binary `tenantry`: command line, configuration, and the HTTP side of the console.
//!
//! A request's way: [`http::router`] finds the page or the server function, one layer around everything gives it its
//! [`service::Ctx`], and the rest happens in `app` and `service`. Nothing here decides who may do what.
//!
//! To add a setting, see [`config`]; to add a command, `cli`; pages and server functions are found by themselves.

pub mod cli;
pub mod config;
pub mod http;
pub mod site;

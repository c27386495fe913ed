//! Typed bindings to the Monaco editor, as much of it as Tenantry uses, loaded at run time from a bundle of ours.
//!
//! The bundle is an ES module that exports `editor`, `Uri`, `MarkerSeverity` and `jsonDefaults`; its address carries a
//! hash that is only known to the page. [`Monaco::load`] fetches it; [`Monaco::json_editor`] and
//! [`Monaco::diff_editor`] make editors that clean up after themselves when dropped. `bindings` mirrors the
//! JavaScript interface one to one and is private: what leaves this crate are plain Rust values.
//!
//! Everything compiles on every target, but only works in a browser.

mod bindings;
mod diff;
mod events;
mod json;
mod load;
mod markers;
mod tab_key;
mod theme;

pub use diff::{DiffEditor, DiffEditorOptions};
pub use json::{JsonEditor, JsonEditorOptions};
pub use load::{LoadError, Monaco};
pub use markers::{Marker, Severity};

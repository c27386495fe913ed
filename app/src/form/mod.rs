//! Form shells. Every form of the console stands in one of them, works without JavaScript, keeps what was typed when it
//! is refused, and can't leave out its pending and its error state: both come with [`use_form`].
//!
//! [`PlainForm`] is for a few fields and one button; [`SettingsForm`] for a page of settings with its save bar.

mod conflict;
mod leave;
mod plain;
pub mod replay;
mod settings;
mod state;
mod summary;
mod unsaved;

pub use conflict::LoadTheirs;
pub use leave::HistoryGuard;
pub use plain::PlainForm;
pub use replay::{Replay, provide_replay, replayed, replayed_at};
pub use settings::SettingsForm;
pub use state::{FormFn, FormState, FormStatus, use_form, use_form_of};
pub use summary::ErrorSummary;

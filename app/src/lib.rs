//! The console: pages, forms and server functions. With `ssr` it renders on the server, with `hydrate` it wakes up in
//! the browser; the same components do both.
//!
//! - [`api`]: every server function
//! - [`paths`]: every URL; [`routes`]: which page answers it; [`parts`]: with which part of the code it comes
//! - [`wire`]: calling a server function; [`page`]: how a page loads, and the only place that sets its status
//! - [`frame`]: top bar, sidebar, keys; [`form`]: form shells; [`pages`]: the pages themselves

pub mod api;
pub mod browser;
pub mod document;
pub mod form;
pub mod frame;
pub mod live;
pub mod page;
pub mod pages;
pub mod parts;
pub mod paths;
pub mod routes;
pub mod wire;

pub use document::shell;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use ui::{Toaster, Toasts};

/// The whole console, inside the document's body.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    form::provide_replay();
    form::HistoryGuard::provide();
    page::LastPath::provide();
    let toaster = Toaster::provide();
    view! {
        <routes::Pages />
        <Toasts toaster=toaster />
    }
}

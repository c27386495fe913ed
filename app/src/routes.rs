//! Which page answers which URL. Every route renders completely before it is sent, or people without JavaScript would
//! be left with skeletons.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::pages;
use crate::pages::admin::{AdminPage, RevisionPage};

/// The router with every page.
#[component]
pub fn Pages() -> AnyView {
    let mode = SsrMode::Async;
    view! {
        <Router>
            <Routes fallback=pages::NotFoundPage>
                <Route path=path!("/") view=pages::HomePage ssr=mode.clone() />
                <Route path=path!("/sign-in") view=pages::SignInPage ssr=mode.clone() />
                <Route path=path!("/setup") view=pages::SetupPage ssr=mode.clone() />
                <Route path=path!("/bootstrap") view=pages::BootstrapPage ssr=mode.clone() />
                <Route path=path!("/join") view=pages::JoinPage ssr=mode.clone() />
                <Route path=path!("/organizations") view=pages::OrganizationsPage ssr=mode.clone() />
                <Route path=path!("/organizations/new") view=pages::NewOrganizationPage ssr=mode.clone() />
                <Route path=path!("/organizations/:handle") view=pages::OrganizationPage ssr=mode.clone() />
                <Route path=path!("/organizations/:handle/admin") view=AdminPage ssr=mode.clone() />
                <Route
                    path=path!("/organizations/:handle/admin/revisions/:version")
                    view=RevisionPage
                    ssr=mode.clone()
                />
                <Route path=path!("/deletions/:process") view=pages::DeletionPage ssr=mode />
            </Routes>
        </Router>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos_router::SsrMode;

    #[test]
    fn every_route_renders_completely_before_it_is_sent() {
        let routes = leptos_axum::generate_route_list(crate::App);
        assert!(routes.len() >= 11, "{routes:?}");
        for route in routes {
            assert_eq!(*route.mode(), SsrMode::Async, "{}", route.path());
        }
    }
}

//! `/`: leads everybody to where they begin.

use leptos::prelude::*;
use ui::{EmptyState, Icon};

use crate::api::session::{Front, LoadFront};
use crate::frame::BareFrame;
use crate::page::{Redirect, load};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn HomePage() -> AnyView {
    load(
        || Ask::of(LoadFront {}),
        |_| "Welcome".to_owned(),
        |front| match beginning(&front) {
            Some(path) => view! { <Redirect to=path /> }.into_any(),
            None => first_run(),
        },
    )
}

/// Where the viewer begins; `None` while nobody can sign in yet.
fn beginning(front: &Front) -> Option<String> {
    match (&front.viewer, &front.only_org) {
        (None, _) if front.first_run => None,
        (None, _) => Some(paths::sign_in(None)),
        (Some(_), Some(only)) => Some(paths::org(only).overview()),
        (Some(_), None) => Some(paths::organizations(&Default::default())),
    }
}

fn first_run() -> AnyView {
    view! {
        <BareFrame>
            <h1 class="sr-only" tabindex="-1">
                "Welcome to Tenantry"
            </h1>
            <EmptyState
                icon=Icon::Key
                title="This console has no administrator yet"
                text="When the server started, it printed a one-time link. Open that link to become the first platform administrator. If it has scrolled away or expired, restart the server: it prints a new one."
            />
        </BareFrame>
    }
    .into_any()
}

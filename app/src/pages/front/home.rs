//! `/`: leads everybody to where they begin.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use ui::{EmptyState, Icon};

use crate::api::Failure;
use crate::api::orgs::search_orgs;
use crate::api::session::load_front;
use crate::frame::BareFrame;
use crate::page::{Redirect, load};
use crate::paths;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Beginning {
    Page(String),
    /// Nobody can sign in yet.
    FirstRun,
}

async fn beginning() -> Result<Beginning, Failure> {
    let front = load_front().await?;
    let Some(viewer) = front.viewer else {
        return Ok(if front.first_run { Beginning::FirstRun } else { Beginning::Page(paths::sign_in(None)) });
    };
    if !viewer.platform_admin
        && let [only] = search_orgs(String::new()).await?.as_slice()
    {
        return Ok(Beginning::Page(paths::org(&only.handle).overview()));
    }
    Ok(Beginning::Page(paths::organizations(&Default::default())))
}

#[component]
pub fn HomePage() -> AnyView {
    load(
        || (),
        |()| beginning(),
        |_| "Welcome".to_owned(),
        |beginning| {
            match beginning {
            Beginning::Page(path) => view! { <Redirect to=path /> }.into_any(),
            Beginning::FirstRun => view! {
                <BareFrame>
                    <h1 class="sr-only" tabindex="-1">"Welcome to Tenantry"</h1>
                    <EmptyState
                        icon=Icon::Key
                        title="This console has no administrator yet"
                        text="When the server started, it printed a one-time link. Open that link to become the first platform administrator. If it has scrolled away or expired, restart the server: it prints a new one."
                    />
                </BareFrame>
            }
            .into_any(),
        }
        },
    )
}

//! Behind a bootstrap link: becoming an organization's first owner.

use domain::link::BootstrapPage as Model;
use domain::people::Viewer;
use leptos::prelude::*;
use ui::{SubmitButton, Tone};

use super::person::PersonFields;
use crate::api::bootstrap::{AcceptBootstrap, LoadBootstrap, RedeemBootstrap};
use crate::api::session::SignOut;
use crate::form::{PlainForm, use_form};
use crate::frame::BareFrame;
use crate::page::{Gone, load_or_gone};
use crate::paths;
use crate::wire::Ask;

const GONE: Gone = Gone {
    title: "This link doesn't work",
    text: "It was used already, replaced by a newer one, or has expired. Ask your platform team for a new link.",
};

#[component]
pub fn BootstrapPage() -> AnyView {
    load_or_gone(
        || Ask::of(LoadBootstrap {}),
        |page: &Model| ["Take over ", &page.organization].concat(),
        |page| {
            let expiry = page.expires_at.map(|at| ["This link works until ", &at.short(), "."].concat());
            view! {
                <BareFrame>
                    <div class="card-narrow">
                        <h1 class="page-title" tabindex="-1">"Become the owner of " {page.organization}</h1>
                        <p class="page-description">
                            "As its first owner you run the organization " <span class="mono">{page.handle}</span>
                            " on this platform. " {expiry}
                        </p>
                        {match page.viewer {
                            Some(viewer) => view! { <AcceptForm viewer=viewer /> }.into_any(),
                            None => view! { <NewPersonForm /> }.into_any(),
                        }}
                    </div>
                </BareFrame>
            }
            .into_any()
        },
        Some(GONE),
    )
}

/// For somebody who has no account yet.
#[component]
fn NewPersonForm() -> AnyView {
    let form = use_form::<RedeemBootstrap>();
    view! {
        <PlainForm form=form failed="The organization was not taken over" class="stack-form">
            <PersonFields status=form.status />
            <SubmitButton label="Create account and take over" busy_label="Taking over…" pending=form.pending />
        </PlainForm>
        <p class="card-foot">
            "Already have an account? "
            <a class="link" href=paths::sign_in(Some(paths::bootstrap()))>
                "Sign in first"
            </a>
        </p>
    }
    .into_any()
}

/// For somebody who is signed in.
#[component]
fn AcceptForm(viewer: Viewer) -> AnyView {
    let accept = use_form::<AcceptBootstrap>();
    let sign_out = use_form::<SignOut>();
    view! {
        <PlainForm form=accept failed="The organization was not taken over" class="stack-form">
            <SubmitButton
                label=["Accept as ", &viewer.name].concat()
                busy_label="Taking over…"
                pending=accept.pending
            />
        </PlainForm>
        <p class="card-foot">"You are signed in as " {viewer.email} "."</p>
        <PlainForm form=sign_out failed="You are still signed in" class="stack-form">
            <SubmitButton
                label="Sign out to use another account"
                busy_label="Signing out…"
                pending=sign_out.pending
                tone=Tone::Neutral
            />
        </PlainForm>
    }
    .into_any()
}

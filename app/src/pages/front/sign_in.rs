//! Signing in with email and password.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{Field, PasswordInput, SubmitButton, TextInput};

use crate::api::session::SignIn;
use crate::form::{PlainForm, use_form};
use crate::frame::BareFrame;
use crate::page::PageTitle;
use crate::paths;

#[component]
pub fn SignInPage() -> AnyView {
    let form = use_form::<SignIn>();
    let query = use_query_map();
    let next = form.typed("next").or_else(|| query.with_untracked(|query| query.get("next"))).unwrap_or_default();
    let email = form.typed("email").unwrap_or_default();
    view! {
        <PageTitle title="Sign in" />
        <BareFrame>
            <div class="card-narrow">
                <h1 class="page-title" tabindex="-1">"Sign in"</h1>
                <PlainForm form=form failed="Not signed in" class="stack-form">
                    <input type="hidden" name="next" value=next />
                    <Field name="email" label="Email" error=form.field_error("email") stacked=true>
                        <TextInput kind="email" value=email required=true autofocus=true autocomplete="username" />
                    </Field>
                    <Field name="password" label="Password" error=form.field_error("password") stacked=true>
                        <PasswordInput autocomplete="current-password" />
                    </Field>
                    <SubmitButton label="Sign in" busy_label="Signing in…" pending=form.pending />
                </PlainForm>
            </div>
            <p class="card-note">
                "Got a link to take over an organization? "
                <a class="link" href=paths::join()>
                    "Join with a link"
                </a>
            </p>
        </BareFrame>
    }
    .into_any()
}

//! Signing in a program that shows a code: type the code, see what asks, approve or deny. Opening the page does nothing.

use domain::device::{DeviceDecided, DeviceRequest};
use domain::people::Viewer;
use domain::token::CLI_LIFETIME;
use leptos::html::H1;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{Fact, Facts, Field, Moment, SubmitButton, TextInput, Tone};

use crate::api::device::{DecideDevice, FindDevice, LoadDevice};
use crate::form::{ErrorSummary, FormState, PlainForm, use_form};
use crate::frame::BareFrame;
use crate::page::load;
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn DevicePage() -> AnyView {
    load(|| Ask::of(LoadDevice {}), |_| "Approve a sign-in".to_owned(), show)
}

fn show(viewer: Viewer) -> AnyView {
    let find = use_form::<FindDevice>();
    let decide = use_form::<DecideDevice>();
    let step = Memo::new(move |_| (decide.answer(), find.answer()));
    let email = StoredValue::new(viewer.email);
    view! {
        <BareFrame>
            <div class="card-narrow">
                {move || match step.get() {
                    (Some(decided), _) => done(&decided),
                    (None, Some(request)) => question(request, &email.get_value(), decide),
                    (None, None) => view! { <CodeForm find=find decide=decide /> }.into_any(),
                }}
            </div>
        </BareFrame>
    }
    .into_any()
}

#[component]
fn CodeForm(find: FormState<FindDevice>, decide: FormState<DecideDevice>) -> AnyView {
    let query = use_query_map();
    let typed = find.typed("user_code").or_else(|| decide.typed("user_code"));
    let code = typed.or_else(|| query.with_untracked(|query| query.get("user_code"))).unwrap_or_default();
    view! {
        <h1 class="page-title" tabindex="-1">
            "Approve a sign-in"
        </h1>
        <p class="page-description">
            "A program that you started shows a code. Type it here to see what asks; nothing is approved yet."
        </p>
        // A decision that came too late, without script: its own form is gone with its code.
        <ErrorSummary title="Nothing was decided" fault=decide.status.fault />
        <PlainForm form=find failed="Nothing was found" class="stack-form">
            <Field
                name="user_code"
                label="Code"
                help="Eight letters, like BCDF-GHJK."
                error=find.field_error("user_code")
                stacked=true
            >
                <TextInput value=code mono=true required=true autofocus=true autocomplete="off" />
            </Field>
            <SubmitButton label="Continue" busy_label="Looking…" pending=find.pending />
        </PlainForm>
    }
    .into_any()
}

fn question(request: DeviceRequest, email: &str, decide: FormState<DecideDevice>) -> AnyView {
    let hours = CLI_LIFETIME.seconds() / 3600;
    let (code, shown_code) = (request.code.clone(), request.code);
    let address = request.address.unwrap_or_else(|| "unknown".to_owned());
    view! {
        <StepHeading title=["Sign in the ", &request.client, "?"].concat() />
        <p class="page-description">
            "It will act as " <strong>{email.to_owned()}</strong> ": all that you may, it may, for " {hours}
            " hours. Approve only what you started yourself, just now, and whose code is the one below."
        </p>
        <Facts>
            <Fact term="Code">
                <span class="mono">{shown_code}</span>
            </Fact>
            <Fact term="Asked from">
                <span class="mono">{address}</span>
            </Fact>
            <Fact term="Asked">
                <Moment at=request.created_at now=request.now />
            </Fact>
        </Facts>
        <PlainForm form=decide failed="Nothing was decided" class="stack-form">
            <input type="hidden" name="user_code" value=code />
            <SubmitButton
                label="Approve"
                busy_label="Deciding…"
                pending=decide.pending
                name="decision"
                value="approve"
            />
            <SubmitButton
                label="Deny"
                busy_label="Deciding…"
                pending=decide.pending
                tone=Tone::Neutral
                name="decision"
                value="deny"
            />
        </PlainForm>
        <p class="card-foot">
            <a class="link" href=paths::device() rel="external">
                "Type another code"
            </a>
        </p>
    }
    .into_any()
}

/// Takes the focus, which would be lost with the step before.
#[component]
fn StepHeading(title: String) -> AnyView {
    let heading = NodeRef::<H1>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    view! {
        <h1 class="page-title" tabindex="-1" node_ref=heading>
            {title}
        </h1>
    }
    .into_any()
}

fn done(decided: &DeviceDecided) -> AnyView {
    let (title, text) = match decided.approved {
        true => (
            ["The ", &decided.client, " is signed in"].concat(),
            "You can close this page and go on there. To end it early, switch its token off.",
        ),
        false => (
            "The sign-in was denied".to_owned(),
            "The program got nothing. If you didn't start it, somebody may have tried to use your account: ignore codes \
             that others send you.",
        ),
    };
    view! {
        <StepHeading title=title />
        <p class="page-description">{text}</p>
        <p class="card-foot">
            <a class="link" href=paths::tokens()>
                "Access tokens"
            </a>
        </p>
    }
    .into_any()
}

//! *Reset authentication*: see who is locked out, then lock out.

use domain::Fault;
use domain::auth_policy::ResetDone;
use domain::org::OrgHeader;
use domain::plan::{PlanPreview, PlanSection};
use leptos::prelude::*;
use ui::{Alert, Checkbox, Dialog, Icon, Section, SubmitButton, Tone};

use crate::api::auth_policy::{PreviewAuthReset, ResetAuthentication};
use crate::form::{FormState, PlainForm, use_form};

#[component]
pub fn ResetSection(
    org: OrgHeader,
    /// How many tokens of service accounts and workspaces it could include.
    service_tokens: u64,
) -> AnyView {
    let ask = use_form::<PreviewAuthReset>();
    let reset = use_form::<ResetAuthentication>();
    let grown = reset.status.fault.with_untracked(grown_preview);
    let preview = RwSignal::new(untrack(|| grown.or_else(|| ask.answer())));
    let open = RwSignal::new(preview.with_untracked(Option::is_some));
    Effect::new(move |before: Option<()>| {
        if let Some(answer) = ask.answer().filter(|_| before.is_some()) {
            preview.set(Some(answer));
            open.set(true);
        }
    });
    Effect::new(move |before: Option<()>| {
        let newer = reset.status.fault.with(grown_preview);
        if let (Some(newer), true) = (newer, before.is_some()) {
            preview.set(Some(newer));
        }
        if reset.answer().is_some() && before.is_some() {
            open.set(false);
        }
    });
    let done = move || reset.answer().map(told);
    let included = preview.with_untracked(|preview| preview.as_ref().is_some_and(|preview| preview.service_tokens));
    let include = (service_tokens > 0).then(|| {
        let label = ["Also refuse the tokens of service accounts and workspaces (", &service_tokens.to_string(), ")"];
        view! { <Checkbox name="service_tokens" label=label.concat() checked=included /> }
    });
    view! {
        <Section
            id="reset"
            title="Reset authentication"
            description="Everybody has to sign in to this organization again, at once and on every server: after a stolen laptop, or when somebody left in anger."
            danger=true
        >
            {done}
            <PlainForm form=ask failed="The preview could not be made" class="danger-row" label="Reset authentication">
                <input type="hidden" name="handle" value=org.handle.to_string() />
                <div class="danger-choice">
                    <p class="field-help">"First you see who that is."</p>
                    {include}
                </div>
                <SubmitButton
                    label="Reset authentication"
                    busy_label="Looking up who is signed in…"
                    pending=ask.pending
                    tone=Tone::DangerOutline
                    icon=Icon::Key
                />
            </PlainForm>
            <Dialog id="reset-dialog" title="Reset authentication" open=open class="delete-dialog">
                <form method="dialog" class="delete-cancel">
                    <button class="btn btn-quiet">"Cancel"</button>
                </form>
                {move || preview.get().map(|preview| view! { <Confirmation preview=preview reset=reset /> })}
            </Dialog>
        </Section>
    }
    .into_any()
}

fn grown_preview(fault: &Option<Fault>) -> Option<PlanPreview> {
    match fault {
        Some(Fault::PlanGrew { preview }) => Some((**preview).clone()),
        _ => None,
    }
}

/// What the reset did; seen by those who aren't locked out themselves.
fn told(done: ResetDone) -> AnyView {
    let count = |count: u64, one: &'static str, many: &'static str| {
        let noun = if count == 1 { one } else { many };
        [count.to_string().as_str(), " ", noun].concat()
    };
    let services = match done.service_tokens {
        0 => String::new(),
        some => [", and ", &count(some, "token", "tokens"), " of service accounts and workspaces,"].concat(),
    };
    let text = [
        &count(done.people, "person has", "people have"),
        " to sign in again: ",
        &count(done.sessions, "session", "sessions"),
        " and ",
        &count(done.tokens, "token", "tokens"),
        " of theirs",
        &services,
        " are refused from now on.",
    ]
    .concat();
    view! {
        <Alert tone=Tone::Success assertive=true>
            <p>{text}</p>
        </Alert>
    }
    .into_any()
}

#[component]
fn Confirmation(preview: PlanPreview, reset: FormState<ResetAuthentication>) -> AnyView {
    let goes: Vec<AnyView> = preview.goes.iter().filter(|section| section.count > 0).map(goes).collect();
    let goes = match goes.is_empty() {
        true => view! { <p>"Nobody is signed in here now. Links and codes that nobody has used yet are refused."</p> }
            .into_any(),
        false => view! {
            <p>"What happens:"</p>
            <ul class="plan-list">{goes}</ul>
        }
        .into_any(),
    };
    let stays = preview.stays.iter().map(|what| view! { <li>{what.clone()}</li> }).collect_view();
    view! {
        <PlainForm form=reset failed="Nothing was reset" class="delete-form" label="Confirm the reset">
            <input type="hidden" name="handle" value=preview.handle.to_string() />
            <input type="hidden" name="plan" value=preview.token.clone() />
            <input type="hidden" name="service_tokens" value=preview.service_tokens.to_string() />
            <div class="delete-body">
                {goes}
                <p>"What stays:"</p>
                <ul class="plan-list plan-stays">{stays}</ul>
            </div>
            <SubmitButton label="Reset now" busy_label="Resetting…" pending=reset.pending tone=Tone::Danger />
        </PlainForm>
    }
    .into_any()
}

/// A count; the names unfold.
fn goes(section: &PlanSection) -> AnyView {
    let line = [&section.count.to_string(), " ", &section.label].concat();
    if section.names.is_empty() {
        return view! { <li>{line}</li> }.into_any();
    }
    let names = section.names.iter().map(|name| view! { <li>{name.clone()}</li> }).collect_view();
    view! {
        <li>
            <details>
                <summary>{line}</summary>
                <ul class="plan-names">{names}</ul>
            </details>
        </li>
    }
    .into_any()
}

//! Personal access tokens: made, seen once, switched off, deleted.

use domain::Timestamp;
use domain::token::{NAME_MAX, PERSONAL_MAX, Scopes, TokenRow, TokensPage as Model};
use leptos::prelude::*;
use ui::{
    Alert, Badge, CopyBox, EmptyState, Field, FieldGroup, Icon, Moment, PageHeader, Radio, Section, Select,
    SubmitButton, TextInput, Tone,
};

use crate::api::account::{ChangeToken, CreateToken, LoadTokens};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::load;
use crate::wire::Ask;

/// Values of `lifetime` and what they are called.
const LIFETIMES: [(&str, &str); 5] =
    [("7", "7 days"), ("30", "30 days"), ("60", "60 days"), ("90", "90 days"), ("never", "Never")];
const DEFAULT_LIFETIME: &str = "30";

#[component]
pub fn TokensPage() -> AnyView {
    load(|| Ask::of(LoadTokens {}), |_| "Access tokens".to_owned(), show)
}

fn show(page: Model) -> AnyView {
    let create = use_form::<CreateToken>();
    let change = use_form::<ChangeToken>();
    let now = page.now;
    let rows = RwSignal::new(page.tokens);
    // Stays when a next one is refused: it is shown only now.
    let created = RwSignal::new(untrack(|| create.answer()));
    // The first run sees what the page came with.
    Effect::new(move |before: Option<()>| {
        if let Some(answer) = create.answer().filter(|_| before.is_some()) {
            rows.update(|rows| rows.insert(0, answer.token.clone()));
            created.set(Some(answer));
        }
    });
    Effect::new(move |before: Option<()>| {
        if let Some(changed) = change.answer().filter(|_| before.is_some()) {
            rows.set(changed);
        }
    });
    view! {
        <Frame viewer=page.viewer org=None place=Place::Elsewhere trail=vec![Crumb::here("Access tokens")]>
            <PageHeader
                title="Access tokens"
                description="With a token a program acts for you through the REST API: what you may, within its scopes."
            />
            <Section id="your-tokens" title="Your tokens">
                <PlainForm form=change failed="Nothing was changed" label="Your tokens">
                    {move || rows.with(|rows| list(rows, now))}
                </PlainForm>
            </Section>
            <Section id="new-token" title="New token" description=limit_words()>
                <CreateForm form=create />
                // Where the button was pressed, and nobody has to look for it.
                {move || created.get().map(|created| shown_once(&created.token, created.secret))}
            </Section>
            <p class="field-help">
                "The API is described on its " <a class="link" href="/api/v1/reference" rel="external">
                    "reference page"
                </a> "."
            </p>
        </Frame>
    }
    .into_any()
}

fn limit_words() -> String {
    ["You can have ", &PERSONAL_MAX.to_string(), " at a time. Sign-ins from the command line don't count."].concat()
}

fn shown_once(token: &TokenRow, secret: String) -> AnyView {
    let label = ["New token “", &token.name, "”"].concat();
    let warning = "It is shown only now. Whoever has it can act for you until it expires or you switch it off.";
    view! {
        <div class="form shown-once">
            <Alert tone=Tone::Success title="Token created" assertive=true>
                <CopyBox label=label value=secret warning=warning id="new-token-secret" />
            </Alert>
        </div>
    }
    .into_any()
}

fn list(rows: &[TokenRow], now: Timestamp) -> AnyView {
    if rows.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Link
                title="No tokens yet"
                text="Make one for each program, so that you can switch it off without touching the others."
            />
        }
        .into_any();
    }
    view! {
        <table class="table">
            <caption class="sr-only">"Your tokens"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Kind"</th>
                    <th scope="col">"Scopes"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Expires"</th>
                    <th scope="col">"Last used"</th>
                    <th scope="col">
                        <span class="sr-only">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows.iter().map(|row| line(row, now)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn line(row: &TokenRow, now: Timestamp) -> AnyView {
    let expired = row.expires_at.is_some_and(|at| at <= now);
    let (tone, state) = match (expired, row.active) {
        (true, _) => (Tone::Warning, "Expired"),
        (false, true) => (Tone::Success, "Active"),
        (false, false) => (Tone::Neutral, "Off"),
    };
    let moment = |at: Option<Timestamp>, none: &'static str| match at {
        Some(at) => view! { <Moment at=at now=now /> }.into_any(),
        None => view! { <span class="quiet">{none}</span> }.into_any(),
    };
    let act = |act: &'static str, label: &'static str, class: &'static str| {
        let spoken = [label, " ", &row.name].concat();
        view! {
            <button type="submit" class=class name=act value=row.id.to_string() aria-label=spoken>
                {label}
            </button>
        }
        .into_any()
    };
    // What is off can be deleted: two steps, of which the first can be taken back.
    let acts = match (expired, row.active) {
        (true, _) => vec![act("delete", "Delete", Tone::DangerOutline.button_class())],
        (false, true) => vec![act("off", "Turn off", Tone::Neutral.button_class())],
        (false, false) => {
            vec![
                act("on", "Turn on", Tone::Neutral.button_class()),
                act("delete", "Delete", Tone::DangerOutline.button_class()),
            ]
        }
    };
    let scopes = match row.scopes.as_str() {
        Scopes::FULL => "Everything you may".to_owned(),
        Scopes::READ => "Reading".to_owned(),
        some => some.to_owned(),
    };
    view! {
        <tr>
            <th scope="row">{row.name.clone()}</th>
            <td data-label="Kind">{row.kind.to_string()}</td>
            <td data-label="Scopes">{scopes}</td>
            <td data-label="State">
                <Badge tone=tone label=state />
            </td>
            <td data-label="Expires">{moment(row.expires_at, "Never")}</td>
            <td data-label="Last used">{moment(row.last_used_at, "Not yet")}</td>
            <td>
                <div class="row-actions">{acts}</div>
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn CreateForm(form: FormState<CreateToken>) -> AnyView {
    let refused = form.status.fault.with_untracked(Option::is_some);
    // What was typed comes back only with a refusal; after success the form is empty again.
    let typed = move |name| form.typed(name).filter(|_| refused);
    let full = typed("scopes").as_deref() == Some(Scopes::FULL);
    let lifetime = typed("lifetime").unwrap_or_else(|| DEFAULT_LIFETIME.to_owned());
    let cleared = RwSignal::new(None::<String>);
    Effect::new(move |before: Option<()>| {
        if form.answer().filter(|_| before.is_some()).is_some() {
            cleared.set(None);
            cleared.set(Some(String::new()));
        }
    });
    let lifetimes = LIFETIMES.map(|(value, label)| (value.to_owned(), label.to_owned()));
    view! {
        <PlainForm form=form failed="No token was made" class="form" label="New token">
            <Field name="name" label="Name" help="What it is for, such as “CI”." error=form.field_error("name")>
                <TextInput
                    value=typed("name").unwrap_or_default()
                    required=true
                    autocomplete="off"
                    maxlength=NAME_MAX as i32
                    driven=cleared
                />
            </Field>
            <FieldGroup name="scopes" legend="Scopes" error=form.field_error("scopes")>
                <Radio value=Scopes::READ label="Reading" help="It changes nothing." checked=!full />
                <Radio value=Scopes::FULL label="Everything you may" help="As if you did it yourself." checked=full />
            </FieldGroup>
            <Field name="lifetime" label="Expires after" error=form.field_error("lifetime")>
                <Select options=lifetimes.to_vec() value=lifetime />
            </Field>
            <div class="form-actions">
                <SubmitButton label="Create token" busy_label="Creating…" pending=form.pending />
            </div>
        </PlainForm>
    }
    .into_any()
}

//! Making a token.

use domain::Timestamp;
use domain::authz::{Permission, Scope, Standing, held};
use domain::people::Role;
use domain::time::Span;
use domain::token::{LIFETIME_MAX_DAYS, NAME_MAX, Scopes, TokenHolder, TokenKind};
use leptos::prelude::*;
use ui::{Field, FieldGroup, Radio, Select, SubmitButton, TextInput};

use crate::api::token::CreateToken;
use crate::form::{FormState, PlainForm};

/// Values of `lifetime` and what they are called.
const LIFETIMES: [(&str, &str); 6] = [
    ("7", "7 days"),
    ("30", "30 days"),
    ("60", "60 days"),
    ("90", "90 days"),
    ("day", "On a day you choose"),
    ("never", "Never"),
];
const DEFAULT_LIFETIME: &str = "30";
/// The value of `scopes` that leaves it to `permissions`.
const ONLY: &str = "only";

#[component]
pub(super) fn CreateForm(form: FormState<CreateToken>, holder: TokenHolder, now: Timestamp) -> AnyView {
    let refused = form.status.fault.with_untracked(Option::is_some);
    // What was typed comes back only with a refusal; after success the form is empty again.
    let typed = move |name| form.typed(name).filter(|_| refused);
    let cleared = RwSignal::new(None::<String>);
    Effect::new(move |before: Option<()>| {
        if form.answer().filter(|_| before.is_some()).is_some() {
            cleared.set(None);
            cleared.set(Some(String::new()));
        }
    });
    let is_instance = matches!(holder.kind(), TokenKind::Admin | TokenKind::Meter);
    let whose = match is_instance {
        true => kinds(form).into_any(),
        false => view! { <input type="hidden" name="holder" value=holder.to_string() /> }.into_any(),
    };
    let scopes = holder.kind().only().is_none().then(|| scopes(form, &holder, typed("scopes"), typed("permissions")));
    let lifetime = typed("lifetime").unwrap_or_else(|| DEFAULT_LIFETIME.to_owned());
    let day = typed("day").unwrap_or_default();
    // Not sent while something else is chosen; without script the server asks what was meant.
    let asks_day = RwSignal::new(lifetime == "day");
    let choose_lifetime = Callback::new(move |lifetime: String| asks_day.set(lifetime == "day"));
    let lifetimes = LIFETIMES.map(|(value, label)| (value.to_owned(), label.to_owned()));
    let latest = now.plus(Span::days(LIFETIME_MAX_DAYS - 1)).day();
    view! {
        <PlainForm form=form failed="No token was made" class="form token-form" label="New token">
            {whose}
            // Where the page has another field of this name.
            <Field
                name="name"
                label="Name"
                help="What it is for, such as “CI”."
                error=form.field_error("name")
                id="field-token-name"
            >
                <TextInput
                    value=typed("name").unwrap_or_default()
                    required=true
                    autocomplete="off"
                    maxlength=NAME_MAX as i32
                    driven=cleared
                />
            </Field>
            {scopes}
            <Field name="lifetime" label="Expires after" error=form.field_error("lifetime")>
                <Select options=lifetimes.to_vec() value=lifetime on_change=choose_lifetime />
                // The style sheet shows it when it is asked for, and always where no script runs.
                <label class="token-day">
                    <span>"Until the end of (UTC)"</span>
                    <input
                        class="input"
                        type="date"
                        name="day"
                        value=day
                        min=now.day()
                        max=latest
                        prop:disabled=move || !asks_day.get()
                    />
                </label>
            </Field>
            <div class="form-actions">
                <SubmitButton label="Create token" busy_label="Creating…" pending=form.pending />
            </div>
        </PlainForm>
    }
    .into_any()
}

/// What a token of the instance is for.
fn kinds(form: FormState<CreateToken>) -> impl IntoView {
    let meter = form.typed("holder").is_some_and(|holder| holder == TokenHolder::Meter.to_string());
    view! {
        <FieldGroup name="holder" legend="Kind" error=form.field_error("holder")>
            <Radio
                value=TokenHolder::Admin.to_string()
                label="Administration"
                help="For what platform administrators do, within its scopes."
                checked=!meter
            />
            <Radio
                value=TokenHolder::Meter.to_string()
                label="Meter"
                help="Tells what was used, and can do nothing else, whatever the scopes."
                checked=meter
            />
        </FieldGroup>
    }
}

fn scopes(
    form: FormState<CreateToken>,
    holder: &TokenHolder,
    typed: Option<String>,
    permissions: Option<String>,
) -> AnyView {
    let (everything, help) = match holder.kind() {
        TokenKind::Service => ("Everything its role may", "As an owner or member of the organization would."),
        TokenKind::Admin | TokenKind::Meter => ("Everything administrators may", "In every organization."),
        _ => ("Everything you may", "As if you did it yourself."),
    };
    let is = |value: &str| typed.as_deref() == Some(value);
    let (full, only) = (is(Scopes::FULL), is(ONLY));
    let asks_permissions = RwSignal::new(only);
    let choose = move |asks: bool| Callback::new(move |()| asks_permissions.set(asks));
    let known = match holder.kind() {
        TokenKind::Service => held(Standing { role: Some(Role::Owner), ..Standing::default() }),
        TokenKind::Personal => Permission::ALL.to_vec(),
        _ => Permission::ALL.iter().copied().filter(|known| known.scope() != Scope::Account).collect(),
    };
    let known = known.into_iter().map(|known| view! { <li class="mono">{known.name()}</li> }).collect_view();
    view! {
        <div class="token-scopes">
            <FieldGroup name="scopes" legend="Scopes" error=form.field_error("scopes")>
                <Radio value=Scopes::READ label="Reading" help="It changes nothing." checked=!full && !only on_choose=choose(false) />
                <Radio value=Scopes::FULL label=everything help=help checked=full on_choose=choose(false) />
                <Radio value=ONLY label="Only these permissions" help="Separated by spaces." checked=only on_choose=choose(true)>
                    <div class="token-permissions">
                        <input
                            class="input mono"
                            name="permissions"
                            aria-label="Permissions"
                            placeholder="org.read workspaces.write"
                            autocomplete="off"
                            autocapitalize="none"
                            spellcheck="false"
                            value=permissions.unwrap_or_default()
                            prop:disabled=move || !asks_permissions.get()
                        />
                        <details>
                            <summary>"All permissions"</summary>
                            <ul class="permission-names">{known}</ul>
                        </details>
                    </div>
                </Radio>
            </FieldGroup>
        </div>
    }
    .into_any()
}

//! *Domain & access*.

use domain::billing::page::ProvidedBy;
use domain::billing::{Plan, PlanKey};
use domain::settings::{LIMITED, UNLIMITED, field};
use leptos::context::Provider;
use leptos::prelude::*;
use ui::{Field, FieldGroup, FieldIds, Radio, Section, Select, TextInput};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::fields::{LineField, NOT_ENFORCED, Note};
use super::state::AdminState;
use super::values::{self, input_name};

/// Said of what workspaces will learn from the effective settings.
const HANDED_OUT: &str = "Programs fetch it by REST, with the effective workspace settings.";

#[component]
pub fn DomainAccess(state: AdminState, plans: Vec<Plan>, subscription: Option<(PlanKey, ProvidedBy)>) -> AnyView {
    let (typed, saved) = (state.typed.get_untracked(), state.saved.get_untracked());
    view! {
        <Section
            id="domain-access"
            title="Domain & access"
            description="Under which names the organization is reached, and how many people it holds."
        >
            <LineField
                state=state
                name=field::PLATFORM_DOMAIN
                help="What the DNS names of its workspaces end in. Empty takes the instance's."
                value=(typed.platform_domain, saved.platform_domain)
                placeholder="activate.example.com"
                note=HANDED_OUT
            />
            <Seats state=state />
            <LineField
                state=state
                name=field::DEFAULT_USER_HOST
                help="The host that workspaces use for a person who has none of their own."
                value=(typed.default_user_host, saved.default_user_host)
                placeholder="user-1.example.com"
                note=HANDED_OUT
            />
            <LineField
                state=state
                name=field::LOGIN_DOMAIN
                help="A host of the organization's own for signing in. No two organizations share one."
                value=(typed.login_domain, saved.login_domain)
                placeholder="login.example.com"
                note="Saved with the configuration; it is not proven by DNS and serves nothing yet."
            />
            <PlanField state=state plans=plans subscription=subscription />
        </Section>
    }
    .into_any()
}

/// What the platform provides. Where somebody else pays for a plan, that has to end first.
#[component]
fn PlanField(state: AdminState, plans: Vec<Plan>, subscription: Option<(PlanKey, ProvidedBy)>) -> AnyView {
    let (typed, saved) = (state.typed.get_untracked().plan, state.saved.get_untracked().plan);
    let named = |key: &str| plans.iter().find(|plan| plan.key.as_str() == key).map(|plan| plan.name.clone());
    let taken = subscription.and_then(|(plan, by)| {
        let name = named(plan.as_str()).unwrap_or_else(|| plan.to_string());
        match by {
            ProvidedBy::Platform => None,
            ProvidedBy::Direct => Some([&name, ", which its owners bought. They have to cancel it first."].concat()),
            ProvidedBy::Partner => {
                Some([&name, ", which its partner provides. The partner has to end it first."].concat())
            }
        }
    });
    let offered = plans.into_iter().filter(|plan| !plan.archived || plan.key.as_str() == saved);
    let option = |plan: Plan| {
        let label = if plan.archived { [&plan.name, " (archived)"].concat() } else { plan.name };
        (plan.key.to_string(), label)
    };
    let options = std::iter::once((String::new(), "None".to_owned())).chain(offered.map(option)).collect();
    let disabled = taken.is_some();
    let note = taken.map(|taken| ["The organization is on ", &taken].concat());
    view! {
        <Field
            name=input_name(field::PLAN)
            label=field::label(field::PLAN)
            help="What the platform provides. It costs the organization nothing, and says what its use is counted against."
            error=state.error(field::PLAN)
        >
            <Select options=options value=typed saved=saved disabled=disabled />
            {note.map(|note| view! { <Note text=note /> })}
        </Field>
    }
    .into_any()
}

/// Unlimited, or a number. A stored 0 means nobody; nobody can type that, since a typed 0 means unlimited.
#[component]
fn Seats(state: AdminState) -> AnyView {
    let (typed, saved) = (state.typed.get_untracked(), state.saved.get_untracked());
    let error = state.error(field::SEATS);
    let (limited, saved_limited) = (typed.seats_mode == LIMITED, saved.seats_mode == LIMITED);
    let number = FieldIds::new(&input_name(field::SEATS), error);
    let number_id = number.id.clone();
    let is_nobody = move || state.stored_seats() == Some(0);
    view! {
        <FieldGroup
            name=input_name(field::SEATS_MODE)
            legend=field::label(field::SEATS)
            help="How many people, service accounts and open invitations the organization may hold at once."
            error=error
        >
            <Radio value=UNLIMITED label="Unlimited" checked=!limited saved=!saved_limited />
            <Radio value=LIMITED label="Limited to" checked=limited saved=saved_limited>
                <label class="sr-only" for=number_id>
                    "Number of seats"
                </label>
                <Provider value=number>
                    <TextInput
                        value=typed.seats
                        saved=saved.seats
                        inputmode="numeric"
                        autocomplete="off"
                        maxlength=9
                        class="seats-number"
                        on_input=Callback::new(move |text: String| choose_mode(state, &text))
                    />
                </Provider>
            </Radio>
            {move || {
                is_nobody()
                    .then(|| {
                        view! {
                            <Note text="Nobody (0): nobody can be added. It was set from outside this page and is kept unless you change it." />
                        }
                    })
            }}
            <Note text=NOT_ENFORCED />
        </FieldGroup>
    }
    .into_any()
}

/// The choice that a typed number makes.
fn choose_mode(state: AdminState, number: &str) {
    let number = number.trim();
    let mode = match number.parse::<u32>() {
        _ if number.is_empty() => return,
        Ok(0) if state.stored_seats() != Some(0) => UNLIMITED,
        _ => LIMITED,
    };
    let Some(form) = state.form() else { return };
    for control in values::controls(&form, field::SEATS_MODE) {
        if let Some(radio) = control.dyn_ref::<HtmlInputElement>() {
            radio.set_checked(radio.value() == mode);
        }
    }
}

//! The fields of a plan, for adding one and for changing it.

use domain::Timestamp;
use domain::billing::{Buyer, PlanForm, TRIAL_DAYS};
use leptos::form::FromFormData;
use leptos::prelude::*;
use ui::{Field, FieldGroup, Radio, TextInput, Toggle};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use crate::api::billing::CreatePlan;
use crate::form::FormStatus;

/// `saved` is the plan to be changed; its key and currency stay.
pub fn fields(status: FormStatus, saved: Option<PlanForm>) -> AnyView {
    let refused = status.fault.with_untracked(Option::is_some);
    let is_new = saved.is_none();
    let form = typed(status, saved.unwrap_or_else(new_plan), refused);
    let error = move |name: &'static str| status.field_error(name);
    let root = NodeRef::<leptos::html::Div>::new();
    let offers = RwSignal::new(offers(&form));
    let preview = move || {
        let form = root.get_untracked().and_then(|root| root.closest("form").ok().flatten());
        let form = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let data = form.and_then(|form| FormData::new_with_form(&form).ok());
        if let Some(read) = data.and_then(|data| CreatePlan::from_form_data(&data).ok()) {
            offers.set(self::offers(&read.form));
        }
    };
    let buyer = Buyer::from_name(&form.buyer).unwrap_or(Buyer::Owners);
    let names = match is_new {
        true => new_names(&form, error),
        false => view! {
            <input type="hidden" name="form[key]" value=form.key.clone() />
            <input type="hidden" name="form[currency]" value=form.currency.clone() />
        }
        .into_any(),
    };
    let archived = (!is_new).then(|| archived_field(form.archived));
    view! {
        <div node_ref=root on:input=move |_| preview() on:change=move |_| preview()>
            <Field name="form[name]" label="Name" help="What organizations read, such as Team." error=error("name")>
                <TextInput value=form.name required=true autocomplete="off" maxlength=40 />
            </Field>
            {names}
            {number("form[price]", "Price a month", "In the currency’s own unit, such as 49 or 49.50. Charged ahead, when a cycle begins.", form.price, error("price"), false)}
            {number("form[compute]", "Compute included", "Minutes a cycle. Empty for none.", form.compute, error("compute"), true)}
            {number("form[compute_price]", "Price of a further minute", "Such as 0.006. Empty: it isn’t charged.", form.compute_price, error("compute_price"), true)}
            {number("form[storage]", "Storage included", "Gigabytes, kept for a whole cycle. Empty for none.", form.storage, error("storage"), true)}
            {number("form[storage_price]", "Price of a further gigabyte", "For a whole cycle. Empty: it isn’t charged.", form.storage_price, error("storage_price"), true)}
            {number("form[users]", "Users included", "People at once. Empty for none.", form.users, error("users"), true)}
            {number("form[users_price]", "Price of a further user", "For a whole cycle. Empty: it isn’t charged.", form.users_price, error("users_price"), true)}
            {number("form[trial_days]", "Days of trial", "Free, with half the compute, once for each organization. 0 for none.", form.trial_days, error("trial_days"), false)}
            <FieldGroup
                name="form[buyer]"
                legend="Who may buy it"
                help="The platform may provide any plan, on an organization’s Admin page."
                error=error("buyer")
            >
                // Here, where they find the group's name.
                {Buyer::ALL
                    .map(|known| view! { <Radio value=known.name() label=known.label() checked=known == buyer /> })
                    .into_iter()
                    .collect_view()}
            </FieldGroup>
            {archived}
            <div class="field">
                <div class="field-text">
                    <span class="field-label">"What organizations read"</span>
                    <p class="field-help needs-js">"Follows what you type, once it breaks no rule."</p>
                </div>
                <div class="field-control" role="status">
                    {move || shown(offers.get())}
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn shown(offers: Option<Vec<String>>) -> AnyView {
    match offers {
        None => view! { <p class="quiet">"Not complete yet."</p> }.into_any(),
        Some(lines) if lines.is_empty() => {
            view! { <p class="quiet">"It includes nothing, and nothing is charged by use."</p> }.into_any()
        }
        Some(lines) => {
            let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
            view! { <ul class="plan-offers">{lines}</ul> }.into_any()
        }
    }
}

/// What never changes afterwards.
fn new_names(form: &PlanForm, error: impl Fn(&'static str) -> Signal<Option<String>>) -> AnyView {
    let (key, currency) = (form.key.clone(), form.currency.clone());
    let (key_error, currency_error) = (error("key"), error("currency"));
    view! {
        <Field
            name="form[key]"
            label="Key"
            help="Names it for programs, such as team. It never changes."
            error=key_error
        >
            <TextInput value=key mono=true required=true autocomplete="off" maxlength=40 />
        </Field>
        <Field
            name="form[currency]"
            label="Currency"
            help="Its code of three letters, such as EUR. It never changes."
            error=currency_error
        >
            <TextInput value=currency mono=true required=true autocomplete="off" maxlength=3 />
        </Field>
    }
    .into_any()
}

fn number(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    value: String,
    error: Signal<Option<String>>,
    optional: bool,
) -> AnyView {
    view! {
        <Field name=name label=label help=help error=error optional=optional>
            <TextInput value=value mono=true inputmode="decimal" autocomplete="off" required=!optional />
        </Field>
    }
    .into_any()
}

fn archived_field(checked: bool) -> AnyView {
    view! {
        <Field
            name="form[archived]"
            label="Archived"
            help="Nobody new gets it. Organizations on it stay. Turn this off to take it back."
        >
            <Toggle checked=checked />
        </Field>
    }
    .into_any()
}

fn new_plan() -> PlanForm {
    PlanForm { trial_days: TRIAL_DAYS.to_string(), buyer: Buyer::Owners.name().to_owned(), ..PlanForm::default() }
}

/// After a refused post what was typed.
fn typed(status: FormStatus, saved: PlanForm, refused: bool) -> PlanForm {
    if !refused || status.typed("name").is_none() {
        return saved;
    }
    let text = |name: &str, saved: String| status.typed(name).unwrap_or(saved);
    PlanForm {
        key: text("key", saved.key),
        name: text("name", saved.name),
        currency: text("currency", saved.currency),
        price: text("price", saved.price),
        compute: text("compute", saved.compute),
        storage: text("storage", saved.storage),
        users: text("users", saved.users),
        compute_price: text("compute_price", saved.compute_price),
        storage_price: text("storage_price", saved.storage_price),
        users_price: text("users_price", saved.users_price),
        trial_days: text("trial_days", saved.trial_days),
        buyer: text("buyer", saved.buyer),
        archived: status.typed_flag("archived").unwrap_or(saved.archived),
    }
}

/// What the plan would say it offers; `None` while it breaks a rule.
fn offers(form: &PlanForm) -> Option<Vec<String>> {
    let checked = form.check().ok()?;
    Some(checked.into_plan(Timestamp::from_micros(0)).offers())
}

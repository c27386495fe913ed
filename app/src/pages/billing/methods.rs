//! Ways to pay.

use domain::Timestamp;
use domain::billing::page::{PaymentMethod, ProviderKind};
use domain::name::Handle;
use leptos::prelude::*;
use ui::{Badge, EmptyState, Field, Icon, Moment, Section, SubmitButton, TextInput, Tone};

use crate::api::billing::{AgreePayment, ChangePaymentMethod};
use crate::form::{FormState, PlainForm};
use crate::paths;

#[derive(Clone, Copy)]
pub struct MethodForms {
    pub agree: FormState<AgreePayment>,
    pub change: FormState<ChangePaymentMethod>,
}

#[component]
pub fn MethodsSection(
    forms: MethodForms,
    handle: Handle,
    methods: Vec<PaymentMethod>,
    provider: ProviderKind,
    can_write: bool,
    can_settle: bool,
    now: Timestamp,
) -> AnyView {
    let description = match provider {
        ProviderKind::Manual => "Invoices are paid by transfer; the platform team marks them as paid.",
        ProviderKind::Stripe => {
            "Invoices are charged to the default card. Card numbers go to Stripe and never come here."
        }
    };
    let list = match methods.is_empty() {
        true => nothing(provider),
        false => table(forms.change, &handle, methods, can_write, now),
    };
    // Its page has a policy of its own, which comes with a document.
    let add = (provider == ProviderKind::Stripe && can_write).then(|| {
        view! {
            <div class="act-row">
                <a class="btn btn-quiet" href=paths::org(&handle).card() rel="external">
                    {Icon::Plus.view()}
                    "Add card"
                </a>
            </div>
        }
    });
    let agree = can_settle.then(|| view! { <AgreeForm form=forms.agree handle=handle.to_string() /> });
    view! {
        <Section id="payment-methods" title="Payment methods" description=description>
            {list}
            {add}
            {agree}
        </Section>
    }
    .into_any()
}

fn nothing(provider: ProviderKind) -> AnyView {
    let text = match provider {
        ProviderKind::Manual => "The platform team notes here how this organization pays.",
        ProviderKind::Stripe => "Add a card, so that invoices are paid by themselves.",
    };
    view! { <EmptyState icon=Icon::Card title="No payment method yet" text=text /> }.into_any()
}

fn table(
    form: FormState<ChangePaymentMethod>,
    handle: &Handle,
    methods: Vec<PaymentMethod>,
    can_write: bool,
    now: Timestamp,
) -> AnyView {
    let lines = methods.into_iter().map(|method| line(method, can_write, now)).collect_view();
    let handle = handle.to_string();
    view! {
        <PlainForm form=form failed="Nothing was changed" label="Payment methods">
            <input type="hidden" name="handle" value=handle />
            <table class="table">
                <caption class="sr-only">"Payment methods"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Method"</th>
                        <th scope="col">"Added"</th>
                        <th scope="col">
                            <span class="sr-only">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </PlainForm>
    }
    .into_any()
}

fn line(method: PaymentMethod, can_write: bool, now: Timestamp) -> AnyView {
    const WHY: &str = "The default can't be removed. Make another one the default first.";
    let id = method.id.to_string();
    let spoken = |act: &str| [act, " ", &method.label].concat();
    let acts = can_write.then(|| match method.is_default {
        true => view! {
            <button
                type="button"
                class=Tone::DangerOutline.button_class()
                aria-disabled="true"
                data-tip=WHY
                aria-label=spoken("Remove")
                aria-description=WHY
            >
                "Remove"
            </button>
        }
        .into_any(),
        false => view! {
            <button
                type="submit"
                class=Tone::Neutral.button_class()
                name="default"
                value=id.clone()
                aria-label=spoken("Make default:")
            >
                "Make default"
            </button>
            <button
                type="submit"
                class=Tone::DangerOutline.button_class()
                name="remove"
                value=id
                aria-label=spoken("Remove")
            >
                "Remove"
            </button>
        }
        .into_any(),
    });
    let badge = method.is_default.then(|| view! { <Badge tone=Tone::Success label="Default" /> });
    view! {
        <tr>
            <th scope="row" class="cell-main">
                {method.label.clone()}
                " "
                {badge}
            </th>
            <td data-label="Added">
                <Moment at=method.created_at now=now />
            </td>
            <td>
                <div class="row-actions">{acts}</div>
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn AgreeForm(form: FormState<AgreePayment>, handle: String) -> AnyView {
    let refused = form.status.fault.with_untracked(Option::is_some);
    let label = form.typed("label").filter(|_| refused).unwrap_or_default();
    view! {
        <PlainForm form=form failed="The payment method was not noted" class="form plan-end" label="Note a way to pay">
            <input type="hidden" name="handle" value=handle />
            <Field
                name="label"
                label="Agreed way to pay"
                help="What you agreed on with the organization, such as “Bank transfer”. It counts as a way to pay: a trial goes on with it."
                error=form.field_error("label")
            >
                <TextInput value=label required=true autocomplete="off" maxlength=60 />
            </Field>
            <div class="form-actions">
                <SubmitButton label="Note it" busy_label="Saving…" pending=form.pending tone=Tone::Neutral />
            </div>
        </PlainForm>
    }
    .into_any()
}

//! One invoice, whole.

use domain::Timestamp;
use domain::billing::page::InvoicePage as Model;
use domain::billing::{Invoice, InvoiceState};
use domain::org::OrgHeader;
use leptos::prelude::*;
use ui::{Alert, Fact, Facts, Field, Moment, PageHeader, Section, SubmitButton, TextInput, Tone};

use super::invoice_badge;
use super::lines::lines;
use crate::api::billing::{LoadInvoice, MarkInvoicePaid, PayInvoice, VoidInvoice};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param, use_reload};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn InvoicePage() -> AnyView {
    // Made once: the page's content is made anew after each change.
    let forms = Forms { pay: use_form(), paid: use_form(), void: use_form() };
    let (handle, number) = (param("handle"), param("number"));
    load(
        move || Ask::of(LoadInvoice { handle: handle(), number: number() }),
        |page: &Model| [&page.invoice.number.to_string(), " · ", page.org.display_name.as_str()].concat(),
        move |page| show(page, forms),
    )
}

#[derive(Clone, Copy)]
struct Forms {
    pay: FormState<PayInvoice>,
    paid: FormState<MarkInvoicePaid>,
    void: FormState<VoidInvoice>,
}

fn show(page: Model, forms: Forms) -> AnyView {
    let Model { viewer, org, invoice, payment_error, can_settle, can_pay, today, now } = page;
    let reload = use_reload();
    let Forms { pay, paid, void } = forms;
    Effect::new(move |before: Option<()>| {
        let done = pay.answer().is_some() | paid.answer().is_some() | void.answer().is_some();
        if done && before.is_some() {
            reload.run();
        }
    });
    let pages = paths::org(&org.handle);
    let number = invoice.number.to_string();
    let trail = vec![Crumb::here("Advanced"), Crumb::link("Billing", pages.billing()), Crumb::here(number.clone())];
    let document = pages.invoice_document(invoice.number);
    let description = ["Invoice for ", &invoice.bill_to.display_name].concat();
    let is_open = invoice.state == InvoiceState::Open;
    let pay_now = (is_open && can_pay).then(|| pay_form(pay, &org, &number));
    let error = payment_error.filter(|_| is_open).map(|error| {
        view! {
            <Alert tone=Tone::Warning title="The last payment didn't go through">
                <p>{error}</p>
            </Alert>
        }
    });
    let asked = move || {
        pay.answer().map(|()| {
            view! {
                <Alert tone=Tone::Success assertive=true>
                    <p>"The card is being charged. Reload this page in a moment to see what came of it."</p>
                </Alert>
            }
        })
    };
    let badge = invoice_badge(&invoice.state, invoice.due, today);
    let facts = facts(&invoice, badge, now);
    let table = lines(&invoice.bill, "Lines of the invoice");
    let settle = (is_open && can_settle).then(|| settle(forms, &org, &number));
    view! {
        <Frame viewer=viewer org=Some(org) place=Place::Billing trail=trail>
            <PageHeader title=number description=description>
                {pay_now}
                <a class="btn btn-quiet" href=document rel="external">
                    "Download PDF"
                </a>
            </PageHeader>
            {asked}
            {error}
            <Section id="invoice" title="Invoice">
                {facts}
            </Section>
            <Section id="lines" title="Lines">
                {table}
            </Section>
            {settle}
        </Frame>
    }
    .into_any()
}

fn facts(invoice: &Invoice, badge: AnyView, now: Timestamp) -> AnyView {
    let Invoice { issuer, bill_to, cycle, issued, due, bill, state, .. } = invoice.clone();
    let settled = match state {
        InvoiceState::Open => None,
        InvoiceState::Paid { at, note } => Some(("Paid", at, "Note", note)),
        InvoiceState::Void { at, reason } => Some(("Voided", at, "Reason", reason)),
    };
    let settled = settled.map(|(when, at, words, text)| {
        view! {
            <Fact term=when>
                <Moment at=at now=now />
            </Fact>
            {(!text.is_empty()).then(|| view! { <Fact term=words>{text}</Fact> })}
        }
    });
    let credit = (!bill.credit_carried.is_zero())
        .then(|| view! { <Fact term="Credit carried on">{bill.credit_carried.to_string()}</Fact> });
    view! {
        <Facts>
            <Fact term="Status">{badge}</Fact>
            <Fact term="Total">
                <strong class="mono">{bill.total.to_string()}</strong>
            </Fact>
            {credit}
            <Fact term="From">{issuer}</Fact>
            <Fact term="To">{[&bill_to.display_name, " (", &bill_to.handle, ")"].concat()}</Fact>
            <Fact term="Cycle">{cycle.to_string()}</Fact>
            <Fact term="Issued">{issued.to_string()}</Fact>
            <Fact term="Due">{due.to_string()}</Fact>
            {settled}
        </Facts>
    }
    .into_any()
}

/// Which invoice a form is about.
fn which(org: &OrgHeader, number: &str) -> AnyView {
    view! {
        <input type="hidden" name="handle" value=org.handle.to_string() />
        <input type="hidden" name="number" value=number.to_owned() />
    }
    .into_any()
}

fn pay_form(form: FormState<PayInvoice>, org: &OrgHeader, number: &str) -> AnyView {
    let which = which(org, number);
    view! {
        <PlainForm form=form failed="The invoice was not paid" label="Pay this invoice">
            {which}
            <SubmitButton label="Pay now" busy_label="Asking…" pending=form.pending />
        </PlainForm>
    }
    .into_any()
}

/// For the platform team.
fn settle(forms: Forms, org: &OrgHeader, number: &str) -> AnyView {
    let Forms { paid, void, .. } = forms;
    let (not_paid, not_void) =
        (paid.status.fault.with_untracked(Option::is_some), void.status.fault.with_untracked(Option::is_some));
    let note = paid.typed("note").filter(|_| not_paid).unwrap_or_default();
    let reason = void.typed("reason").filter(|_| not_void).unwrap_or_default();
    let (to_pay, to_void) = (which(org, number), which(org, number));
    view! {
        <Section id="settle" title="Settle" description="For the platform team. The owners are mailed, and the log says who did it.">
            <PlainForm form=paid failed="The invoice was not marked as paid" class="form" label="Mark as paid">
                {to_pay}
                <Field
                    name="note"
                    label="Note"
                    help="How it was paid, or under which reference. The owners read it."
                    optional=true
                    error=paid.field_error("note")
                >
                    <TextInput value=note autocomplete="off" maxlength=300 />
                </Field>
                <div class="form-actions">
                    <SubmitButton label="Mark as paid" busy_label="Saving…" pending=paid.pending />
                </div>
            </PlainForm>
            <details class="fold" open=not_void>
                <summary>"Void this invoice…"</summary>
                <PlainForm form=void failed="The invoice is not void" class="form" label="Void this invoice">
                    {to_void}
                    <p>
                        "Nobody has to pay a void invoice, and it stays void. Its number is not given again."
                    </p>
                    <Field
                        name="reason"
                        label="Reason"
                        help="It stays on the invoice, for the owners to read."
                        error=void.field_error("reason")
                    >
                        <TextInput value=reason required=true autocomplete="off" maxlength=300 />
                    </Field>
                    <div class="form-actions">
                        <SubmitButton
                            label="Void the invoice"
                            busy_label="Saving…"
                            pending=void.pending
                            tone=Tone::DangerOutline
                        />
                    </div>
                </PlainForm>
            </details>
        </Section>
    }
    .into_any()
}

//! The invoices of an organization.

use domain::billing::page::InvoiceRow;
use domain::name::Handle;
use domain::usage::Day;
use leptos::prelude::*;
use ui::{EmptyState, Icon, Section};

use super::invoice_badge;
use crate::paths;

#[component]
pub fn InvoicesSection(handle: Handle, rows: Vec<InvoiceRow>, more: bool, today: Day) -> AnyView {
    let content = match rows.is_empty() {
        true => view! {
            <EmptyState
                icon=Icon::Invoice
                title="No invoices yet"
                text="The first one is issued when a cycle begins that is charged."
            />
        }
        .into_any(),
        false => table(&handle, rows, today),
    };
    let older = more.then(|| {
        view! { <p class="quiet">"Only the newest are shown. Programs read all of them by REST."</p> }
    });
    view! {
        <Section id="invoices" title="Invoices">
            {content}
            {older}
        </Section>
    }
    .into_any()
}

fn table(handle: &Handle, rows: Vec<InvoiceRow>, today: Day) -> AnyView {
    let lines = rows.into_iter().map(|row| line(handle, row, today)).collect_view();
    view! {
        <table class="table">
            <caption class="sr-only">"Invoices, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"Number"</th>
                    <th scope="col">"Issued"</th>
                    <th scope="col">"Due"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col" class="number">
                        "Total"
                    </th>
                    <th scope="col">
                        <span class="sr-only">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(handle: &Handle, row: InvoiceRow, today: Day) -> AnyView {
    let pages = paths::org(handle);
    let number = row.number.to_string();
    let spoken = ["Download PDF of ", &number].concat();
    let error = row.payment_error.map(|error| view! { <span class="field-note">{error}</span> });
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <a class="row-link" href=pages.invoice(row.number)>
                    {number}
                </a>
            </th>
            <td data-label="Issued">{row.issued.to_string()}</td>
            <td data-label="Due">{row.due.to_string()}</td>
            <td data-label="Status">
                <div>{invoice_badge(&row.state, row.due, today)} {error}</div>
            </td>
            <td class="number mono" data-label="Total">
                {row.total.to_string()}
            </td>
            <td>
                <div class="row-actions">
                    <a class="btn btn-quiet" href=pages.invoice_document(row.number) rel="external" aria-label=spoken>
                        "Download PDF"
                    </a>
                </div>
            </td>
        </tr>
    }
    .into_any()
}

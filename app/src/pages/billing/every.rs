//! The invoices of all organizations. Filter and position stand in the URL.

use domain::billing::page::{InvoiceRow, InvoicesPage as Model, InvoicesQuery};
use domain::usage::Day;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{EmptyState, Icon, PageHeader};

use super::invoice_badge;
use crate::api::billing::LoadInvoices;
use crate::frame::{Crumb, Frame, Place};
use crate::page::load;
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn InvoicesPage() -> AnyView {
    let params = use_query_map();
    load(
        move || {
            let query = params.with(|params| InvoicesQuery::from_params(|name| params.get(name)));
            Ask::of(LoadInvoices { query })
        },
        |_| "Invoices".to_owned(),
        show,
    )
}

fn show(page: Model) -> AnyView {
    let Model { viewer, query, rows, more, today, .. } = page;
    let next = rows.last().filter(|_| more).map(|row| InvoicesQuery { before: Some(row.number), ..query.clone() });
    let newest = query.before.map(|_| InvoicesQuery { before: None, ..query.clone() });
    let pager = (newest.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {page_link("Newest", newest)} {page_link("Older", next)}
            </nav>
        }
    });
    let entries = if rows.is_empty() { nothing(&query) } else { table(rows, today) };
    view! {
        <Frame viewer=viewer org=None place=Place::Elsewhere trail=vec![Crumb::here("Invoices")]>
            <PageHeader title="Invoices" description="What organizations were billed. Their numbers have no gaps." />
            <div class="toolbar">{state_pills(&query)}</div>
            {entries}
            {pager}
        </Frame>
    }
    .into_any()
}

fn page_link(label: &'static str, query: Option<InvoicesQuery>) -> AnyView {
    match query {
        Some(query) => view! {
            <a class="btn btn-quiet" href=paths::invoices(&query)>
                {label}
            </a>
        }
        .into_any(),
        None => view! { <span class="btn btn-quiet btn-off">{label}</span> }.into_any(),
    }
}

fn state_pills(query: &InvoicesQuery) -> AnyView {
    let pill = |state: Option<&'static str>, label: &'static str| {
        let href = paths::invoices(&InvoicesQuery { state: state.map(str::to_owned), before: None });
        let here = query.state.as_deref() == state;
        view! {
            <li>
                <a class="pill" href=href aria-current=here.then_some("true")>
                    {label}
                </a>
            </li>
        }
    };
    let all = pill(None, "All");
    let states = InvoicesQuery::STATES.map(|(state, label)| pill(Some(state), label));
    view! {
        <nav aria-label="Filter by status">
            <ul class="pills">{all} {states.collect_view()}</ul>
        </nav>
    }
    .into_any()
}

fn nothing(query: &InvoicesQuery) -> AnyView {
    if query.state.is_some() || query.before.is_some() {
        return view! {
            <EmptyState icon=Icon::Search title="No invoices found" text="None has this status.">
                <a class="btn btn-quiet" href=paths::invoices(&InvoicesQuery::default())>
                    "Show all"
                </a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=Icon::Invoice
            title="No invoices yet"
            text="They are issued when cycles of plans begin and end that organizations pay for."
        />
    }
    .into_any()
}

fn table(rows: Vec<InvoiceRow>, today: Day) -> AnyView {
    let lines = rows.into_iter().map(|row| line(row, today)).collect_view();
    view! {
        <table class="table">
            <caption class="sr-only">"Invoices, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"Number"</th>
                    <th scope="col">"Organization"</th>
                    <th scope="col">"Issued"</th>
                    <th scope="col">"Due"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col" class="number">
                        "Total"
                    </th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(row: InvoiceRow, today: Day) -> AnyView {
    let number = row.number.to_string();
    // Of an organization that is gone there is no page.
    let (link, organization) = match &row.leads_to {
        Some(handle) => (
            view! {
                <a class="row-link" href=paths::org(handle).invoice(row.number)>
                    {number}
                </a>
            }
            .into_any(),
            row.display_name.clone(),
        ),
        None => (number.into_any(), [&row.display_name, " (", &row.handle, ", deleted)"].concat()),
    };
    view! {
        <tr>
            <th scope="row" class="cell-main">
                {link}
            </th>
            <td data-label="Organization">{organization}</td>
            <td data-label="Issued">{row.issued.to_string()}</td>
            <td data-label="Due">{row.due.to_string()}</td>
            <td data-label="Status">{invoice_badge(&row.state, row.due, today)}</td>
            <td class="number mono" data-label="Total">
                {row.total.to_string()}
            </td>
        </tr>
    }
    .into_any()
}

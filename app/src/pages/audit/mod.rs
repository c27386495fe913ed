//! An organization's audit log. Filters and position stand in the URL; everything is a link or a form that leads to
//! another URL.

mod stream;

use domain::Timestamp;
use domain::audit::{ACTIONS, AuditPage as Model, AuditQuery, AuditRow, label};
use domain::name::Handle;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use ui::{EmptyState, Icon, Moment, PageHeader};
use wasm_bindgen::JsCast;

use crate::api::audit::LoadAudit;
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param};
use crate::paths;
use crate::wire::Ask;
use stream::{Streaming, use_streaming};

#[component]
pub fn AuditPage() -> AnyView {
    let (handle, params) = (param("handle"), use_query_map());
    let streaming = use_streaming(handle);
    load(
        move || {
            let query = params.with(|params| AuditQuery::from_params(|name| params.get(name)));
            Ask::of(LoadAudit { handle: handle(), query })
        },
        |page: &Model| ["Audit log · ", page.org.display_name.as_str()].concat(),
        move |page| show(page, untrack(handle), streaming),
    )
}

fn show(page: Model, asked: String, streaming: Streaming) -> AnyView {
    let Model { viewer, org, query, rows, more, stream, now } = page;
    let warning = stream::warning(stream.as_ref());
    let section = stream.map(|panel| stream::section(panel, &org, asked, streaming, now));
    let handle = org.handle.clone();
    let pages = paths::org(&handle);
    let whole = AuditQuery { before: None, ..query.clone() };
    let [csv, json] = [("csv", "Export CSV"), ("jsonl", "Export JSON lines")].map(|(format, name)| {
        let href = pages.audit_export(&whole, format);
        view! {
            <a class="btn btn-quiet" href=href rel="external">
                {name}
            </a>
        }
    });
    let older = rows.last().filter(|_| more).map(|row| AuditQuery { before: Some(row.seq), ..query.clone() });
    let pager = (query.before.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {link("Newest", query.before.map(|_| whole), &handle)} {link("Older", older, &handle)}
            </nav>
        }
    });
    let entries = if rows.is_empty() { nothing(&handle, &query) } else { table(&handle, &query, rows, now) };
    let to_stream = section.is_some().then(to_stream);
    view! {
        <Frame viewer=viewer org=Some(org) place=Place::Audit trail=vec![Crumb::here("Activity"), Crumb::here("Audit log")]>
            <PageHeader title="Audit log" description="What was done to this organization: by whom, when, and from where.">
                {to_stream} {csv} {json}
            </PageHeader>
            {warning}
            <Filters handle=handle query=query />
            {entries}
            {pager}
            {section}
        </Frame>
    }
    .into_any()
}

fn to_stream() -> AnyView {
    view! {
        <a class="btn btn-quiet" href="#streaming">
            "Streaming"
        </a>
    }
    .into_any()
}

fn link(label: &'static str, query: Option<AuditQuery>, handle: &Handle) -> AnyView {
    match query {
        Some(query) => view! {
            <a class="btn btn-quiet" href=paths::org(handle).audit(&query)>
                {label}
            </a>
        }
        .into_any(),
        None => view! { <span class="btn btn-quiet btn-off">{label}</span> }.into_any(),
    }
}

/// A form of the browser's own (GET); with script it navigates without loading the document.
#[component]
fn Filters(handle: Handle, query: AuditQuery) -> AnyView {
    let navigate = use_navigate();
    let pages = paths::org(&handle);
    let base = pages.audit(&AuditQuery::default());
    let action = base.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
        let Some(data) = form.and_then(|form| web_sys::FormData::new_with_form(&form).ok()) else { return };
        let query = AuditQuery::from_params(|name| data.get(name).as_string());
        navigate(&[&base, encode(&query).as_str()].concat(), Default::default());
    };
    let chosen = query.action.clone().unwrap_or_default();
    let options = ACTIONS.iter().map(|(tag, label)| {
        let selected = query.action.as_deref() == Some(tag);
        view! {
            <option value=*tag selected=selected prop:selected=selected>
                {*label}
            </option>
        }
    });
    let day = |day: Option<Timestamp>| day.map(Timestamp::day).unwrap_or_default();
    let by = query.actor.map(|actor| {
        let all = AuditQuery { actor: None, before: None, ..query.clone() };
        view! {
            <input type="hidden" name="actor" value=actor.to_string() />
            <a class="btn btn-quiet" href=pages.audit(&all)>
                "By anybody"
            </a>
        }
    });
    // What was chosen outlives the attributes when another query is shown on the same page; the properties don't.
    view! {
        <form class="filters" method="get" action=action aria-label="Filters" on:submit=submit>
            <label class="filter">
                <span class="field-label">"Action"</span>
                <select class="select" name="action">
                    <option value="" prop:selected=chosen.is_empty()>
                        "Everything"
                    </option>
                    {options.collect_view()}
                </select>
            </label>
            <label class="filter">
                <span class="field-label">"From"</span>
                <input class="input" type="date" name="from" value=day(query.from) prop:value=day(query.from) />
            </label>
            <label class="filter">
                <span class="field-label">"Until"</span>
                <input class="input" type="date" name="until" value=day(query.until) prop:value=day(query.until) />
            </label>
            <button type="submit" class="btn btn-quiet">
                {Icon::Search.view()}
                "Filter"
            </button>
            {by}
        </form>
    }
    .into_any()
}

fn encode(query: &AuditQuery) -> String {
    paths::query(&query.to_params())
}

fn nothing(handle: &Handle, query: &AuditQuery) -> AnyView {
    let cleared = paths::org(handle).audit(&AuditQuery::default());
    let text = if query.is_filtered() {
        "Nothing in the log matches the filters."
    } else {
        "What is done to the organization will stand here."
    };
    let filtered = query.is_filtered();
    view! {
        <EmptyState icon=Icon::Search title="No entries" text=text>
            {filtered
                .then(|| {
                    view! {
                        <a class="btn btn-quiet" href=cleared>
                            "Clear the filters"
                        </a>
                    }
                })}
        </EmptyState>
    }
    .into_any()
}

fn table(handle: &Handle, query: &AuditQuery, rows: Vec<AuditRow>, now: Timestamp) -> AnyView {
    let lines = rows.into_iter().map(|row| line(handle, query, row, now));
    view! {
        <table class="table audit">
            <caption class="sr-only">"Audit log, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"What"</th>
                    <th scope="col">"Who"</th>
                    <th scope="col">"When"</th>
                    <th scope="col">"From"</th>
                    <th scope="col">"Details"</th>
                </tr>
            </thead>
            <tbody>{lines.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn line(handle: &Handle, query: &AuditQuery, row: AuditRow, now: Timestamp) -> AnyView {
    let who = match row.actor.filter(|_| query.actor.is_none()) {
        Some(actor) => {
            let only = AuditQuery { actor: Some(actor), before: None, ..query.clone() };
            view! {
                <a class="link" href=paths::org(handle).audit(&only)>
                    {row.who}
                </a>
            }
            .into_any()
        }
        None => row.who.into_any(),
    };
    let request = row.request.map(|id| ("Request".to_owned(), id));
    let facts: Vec<_> = row.details.into_iter().chain(request).collect();
    let what = [label(&row.action), ", entry ", &row.seq.to_string()].concat();
    view! {
        <tr>
            <th scope="row">{label(&row.action).to_owned()}</th>
            <td data-label="Who">{who}</td>
            <td data-label="When">
                <Moment at=row.at now=now />
            </td>
            <td data-label="From" class="mono">
                {row.address.unwrap_or_else(|| "–".to_owned())}
            </td>
            <td data-label="Details">
                <details>
                    <summary aria-label=["Details of ", &what].concat()>"Entry " {row.seq}</summary>
                    <dl class="audit-details">
                        {facts
                            .into_iter()
                            .map(|(name, value)| {
                                view! {
                                    <dt>{name}</dt>
                                    <dd>{value}</dd>
                                }
                            })
                            .collect_view()}
                    </dl>
                </details>
            </td>
        </tr>
    }
    .into_any()
}

//! What was mailed, and what waits. Filter and position stand in the URL.

use domain::Timestamp;
use domain::mail::{MailRow, MailState, MailsPage as Model, MailsQuery};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{Alert, EmptyState, Icon, Moment, PageHeader, SubmitButton, Tone};

use super::{not_configured, state_badge};
use crate::api::mail::{LoadMails, RetryMail, SendTestMail};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, use_reload};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn MailsPage() -> AnyView {
    // Made once: the page's content is made anew after each.
    let (test, retry) = (use_form::<SendTestMail>(), use_form::<RetryMail>());
    let params = use_query_map();
    load(
        move || {
            let query = params.with(|params| MailsQuery::from_params(|name| params.get(name)));
            Ask::of(LoadMails { query })
        },
        |_| "Mail".to_owned(),
        move |page| show(page, test, retry),
    )
}

fn show(page: Model, test: FormState<SendTestMail>, retry: FormState<RetryMail>) -> AnyView {
    let Model { viewer, is_configured, query, rows, more, now } = page;
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        let changed = test.answer().is_some() | retry.answer().is_some();
        if changed && before.is_some() {
            reload.run();
        }
    });
    let next = rows.last().filter(|_| more).map(|row| MailsQuery { before: Some(row.id), ..query.clone() });
    let newest = query.before.map(|_| MailsQuery { before: None, ..query.clone() });
    let pager = (newest.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {page_link("Newest", newest)} {page_link("Older", next)}
            </nav>
        }
    });
    let entries = match rows.is_empty() {
        true => nothing(&query),
        false => table(rows, is_configured, retry, now),
    };
    view! {
        <Frame viewer=viewer org=None place=Place::Elsewhere trail=vec![Crumb::here("Mail")]>
            <PageHeader title="Mail" description="What this console has mailed, and what still waits.">
                <PlainForm form=test failed="No mail was made" label="Test mail">
                    <SubmitButton
                        label="Send test mail to me"
                        busy_label="Sending…"
                        pending=test.pending
                        tone=Tone::Neutral
                        icon=Icon::Mail
                    />
                </PlainForm>
            </PageHeader>
            {not_configured(is_configured)}
            {move || test.answer().map(|row| told(&row))}
            <div class="toolbar">{state_pills(&query)}</div>
            {entries}
            {pager}
        </Frame>
    }
    .into_any()
}

/// What became of the test mail.
fn told(row: &MailRow) -> AnyView {
    let text = match row.state {
        MailState::Kept => ["A test mail to ", &row.to, " was kept in the list below."].concat(),
        _ => ["A test mail to ", &row.to, " is on its way."].concat(),
    };
    view! {
        <Alert tone=Tone::Success assertive=true>
            <p>{text}</p>
        </Alert>
    }
    .into_any()
}

fn page_link(label: &'static str, query: Option<MailsQuery>) -> AnyView {
    match query {
        Some(query) => view! {
            <a class="btn btn-quiet" href=paths::mails(&query)>
                {label}
            </a>
        }
        .into_any(),
        None => view! { <span class="btn btn-quiet btn-off">{label}</span> }.into_any(),
    }
}

fn state_pills(query: &MailsQuery) -> AnyView {
    let pill = |state: Option<MailState>, label: &'static str| {
        let href = paths::mails(&MailsQuery { state, before: None });
        view! {
            <li>
                <a class="pill" href=href aria-current=(query.state == state).then_some("true")>
                    {label}
                </a>
            </li>
        }
    };
    let all = pill(None, "All");
    let states = MailState::ALL.map(|state| pill(Some(state), state.label()));
    view! {
        <nav aria-label="Filter by state">
            <ul class="pills">{all} {states.collect_view()}</ul>
        </nav>
    }
    .into_any()
}

fn nothing(query: &MailsQuery) -> AnyView {
    if query.state.is_some() || query.before.is_some() {
        return view! {
            <EmptyState icon=Icon::Search title="No mail found" text="None is in this state.">
                <a class="btn btn-quiet" href=paths::mails(&MailsQuery::default())>
                    "Show all"
                </a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=Icon::Mail
            title="No mail yet"
            text="Send yourself a test mail to see whether mail arrives."
        />
    }
    .into_any()
}

fn table(rows: Vec<MailRow>, is_configured: bool, retry: FormState<RetryMail>, now: Timestamp) -> AnyView {
    let lines = rows.into_iter().map(|row| line(row, is_configured, now)).collect_view();
    view! {
        <PlainForm form=retry failed="The mail was not sent again" label="Mail">
            <table class="table">
                <caption class="sr-only">"Mail, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Subject"</th>
                        <th scope="col">"To"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Made"</th>
                        <th scope="col">"Error"</th>
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

fn line(row: MailRow, is_configured: bool, now: Timestamp) -> AnyView {
    let retry = (is_configured && row.state.may_be_sent()).then(|| {
        let spoken = ["Retry “", &row.subject, "” to ", &row.to].concat();
        view! {
            <button
                type="submit"
                class=Tone::Neutral.button_class()
                name="mail"
                value=row.id.to_string()
                aria-label=spoken
            >
                "Retry"
            </button>
        }
    });
    let error = match row.last_error {
        Some(error) => view! { <span class="break-words">{error}</span> }.into_any(),
        None => view! { <span class="quiet">"–"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <a class="row-link" href=paths::mail(row.id)>
                    {row.subject}
                </a>
            </th>
            <td data-label="To">{row.to}</td>
            <td data-label="State">{state_badge(row.state)}</td>
            <td data-label="Made">
                <Moment at=row.created_at now=now />
            </td>
            <td data-label="Error">{error}</td>
            <td>
                <div class="row-actions">{retry}</div>
            </td>
        </tr>
    }
    .into_any()
}

//! The list of a holder's tokens.

use domain::Timestamp;
use domain::token::{Scopes, TokenHolder, TokenKind, TokenRow};
use leptos::prelude::*;
use ui::{Badge, EmptyState, Icon, Moment, Tone};

/// With `can_write` it stands in a form of `ChangeToken`.
pub(super) fn table(rows: &[TokenRow], holder: &TokenHolder, can_write: bool, now: Timestamp) -> AnyView {
    if rows.is_empty() {
        let text = match holder.kind() {
            TokenKind::Service => "The account can do nothing until it has one.",
            TokenKind::Workspace => "Make one for a program that reads the workspace's settings by itself.",
            _ => "Make one for each program, so that you can switch it off without touching the others.",
        };
        return view! { <EmptyState icon=Icon::Key title="No tokens yet" text=text /> }.into_any();
    }
    // Elsewhere all are of one kind.
    let kinds = matches!(holder.kind(), TokenKind::Personal | TokenKind::Admin | TokenKind::Meter);
    let lines = rows.iter().map(|row| line(row, kinds, can_write, now)).collect_view();
    view! {
        <table class="table">
            <caption class="sr-only">"Tokens"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    {kinds.then(|| view! { <th scope="col">"Kind"</th> })}
                    <th scope="col">"Scopes"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Expires"</th>
                    <th scope="col">"Last used"</th>
                    {can_write
                        .then(|| {
                            view! {
                                <th scope="col">
                                    <span class="sr-only">"Actions"</span>
                                </th>
                            }
                        })}
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(row: &TokenRow, kinds: bool, can_write: bool, now: Timestamp) -> AnyView {
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
    let acts = can_write.then(|| {
        view! {
            <td>
                <div class="row-actions">{acts}</div>
            </td>
        }
    });
    let scopes = match (row.kind, row.scopes.as_str()) {
        (TokenKind::Personal | TokenKind::Cli, Scopes::FULL) => "Everything you may".to_owned(),
        (TokenKind::Service, Scopes::FULL) => "Everything its role may".to_owned(),
        (_, Scopes::FULL) => "Everything administrators may".to_owned(),
        (_, Scopes::READ) => "Reading".to_owned(),
        (_, some) => some.to_owned(),
    };
    view! {
        <tr>
            <th scope="row">{row.name.clone()}</th>
            {kinds.then(|| view! { <td data-label="Kind">{row.kind.to_string()}</td> })}
            <td data-label="Scopes" class="cell-long">
                {scopes}
            </td>
            <td data-label="State">
                <Badge tone=tone label=state />
            </td>
            <td data-label="Expires">{moment(row.expires_at, "Never")}</td>
            <td data-label="Last used">{moment(row.last_used_at, "Not yet")}</td>
            {acts}
        </tr>
    }
    .into_any()
}

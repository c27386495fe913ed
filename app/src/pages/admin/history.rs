//! The revisions of the settings, newest first.

use domain::Timestamp;
use domain::name::Handle;
use domain::org::AdminPage;
use domain::revision::RevisionRow;
use leptos::prelude::*;
use ui::{Badge, Moment, Section, Tone};

use crate::paths;

/// How many the page's model holds at most.
const SHOWN: usize = 20;

#[component]
pub fn History(model: RwSignal<AdminPage>) -> AnyView {
    let rows = move || {
        model.with(|page| {
            let rows = page.revisions.iter().map(|row| revision_row(&page.org.handle, row, page.now));
            rows.collect_view()
        })
    };
    let is_cut = move || model.with(|page| page.revisions.len() >= SHOWN);
    view! {
        <Section
            id="history"
            title="Revision history"
            description="Every save is a revision. Open one to compare it with another or to restore it."
        >
            <table class="table history">
                <thead>
                    <tr>
                        <th scope="col">"Revision"</th>
                        <th scope="col">"Changed"</th>
                        <th scope="col">"By"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"Reason"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {move || {
                is_cut()
                    .then(|| {
                        view! {
                            <p class="field-help">
                                "These are the newest. Older ones can be chosen for comparison on a revision's page."
                            </p>
                        }
                    })
            }}
        </Section>
    }
    .into_any()
}

fn revision_row(handle: &Handle, row: &RevisionRow, now: Timestamp) -> AnyView {
    view! {
        <tr>
            <th scope="row" data-label="Revision">
                <a class="link" href=paths::org(handle).revision(row.version, None)>
                    {title(row.version)}
                </a>
                {row.redacted_at.map(|_| view! { " " <Badge tone=Tone::Warning label="Redacted" /> })}
            </th>
            <td data-label="Changed">{changed(row)}</td>
            <td data-label="By">{row.author.clone()}</td>
            <td data-label="When">
                <Moment at=row.at now=now />
            </td>
            <td data-label="Reason">{row.reason.clone()}</td>
        </tr>
    }
    .into_any()
}

/// “Revision 7”.
pub fn title(version: i64) -> String {
    ["Revision ", &version.to_string()].concat()
}

/// What a revision changed, in words.
pub fn changed(row: &RevisionRow) -> String {
    let fields = if row.changed.is_empty() { "First settings".to_owned() } else { row.changed.join(", ") };
    match row.restored_from {
        Some(from) => [&fields, " (restored from revision ", &from.to_string(), ")"].concat(),
        None => fields,
    }
}

//! What each workspace used.

use domain::money::ratio_text;
use domain::name::Handle;
use domain::usage::limit::percent;
use domain::usage::page::{UsageQuery, WorkspaceUse, WorkspacesUsePage as Model};
use domain::usage::{Day, Dimension};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{EmptyState, Icon, PageHeader};

use super::range::RangePicker;
use crate::api::usage::LoadWorkspacesUsage;
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn WorkspacesUsagePage() -> AnyView {
    let (handle, params) = (param("handle"), use_query_map());
    load(
        move || {
            let query = params.with(|params| UsageQuery::from_params(|name| params.get(name)));
            Ask::of(LoadWorkspacesUsage { handle: handle(), query })
        },
        |page: &Model| ["Usage by workspace · ", page.org.display_name.as_str()].concat(),
        show,
    )
}

fn show(page: Model) -> AnyView {
    let Model { viewer, org, query, first, last, rows, count, now } = page;
    let query = UsageQuery { range: query.range, ..UsageQuery::default() };
    let pages = paths::org(&org.handle);
    let (usage, base) = (pages.usage(&query), pages.usage_by_workspace(&UsageQuery::default()));
    let more = (count > rows.len() as u64).then(|| {
        let text = ["The ", &rows.len().to_string(), " with most compute, of ", &count.to_string(), "."].concat();
        view! { <p class="section-more quiet">{text}</p> }
    });
    let entries = match rows.is_empty() {
        true => view! {
            <EmptyState
                icon=Icon::Workspace
                title="No use in these days"
                text="Nothing was reported of any workspace. Choose other days, or look at all of the organization."
            />
        }
        .into_any(),
        false => table(&org.handle, &query, rows),
    };
    view! {
        <Frame viewer=viewer org=Some(org) place=Place::Usage trail=vec![
            Crumb::link("Usage", usage.clone()),
            Crumb::here("By workspace"),
        ]>
            <PageHeader title="Usage by workspace" description="What each workspace used, most compute first.">
                <a class="btn btn-quiet" href=usage>
                    {Icon::Chart.view()}
                    "All of the organization"
                </a>
            </PageHeader>
            <RangePicker base=base query=query first=first last=last today=Day::of(now) />
            {entries}
            {more}
        </Frame>
    }
    .into_any()
}

fn table(handle: &Handle, query: &UsageQuery, rows: Vec<WorkspaceUse>) -> AnyView {
    let all = rows.iter().map(|row| row.compute).sum();
    let lines = rows.into_iter().map(|row| line(handle, query, row, all)).collect_view();
    view! {
        <table class="table">
            <caption class="sr-only">"Usage by workspace"</caption>
            <thead>
                <tr>
                    <th scope="col">"Workspace"</th>
                    <th scope="col" class="number">
                        "Compute"
                    </th>
                    <th scope="col" class="number">
                        "Storage, average a day"
                    </th>
                    <th scope="col" class="number">
                        "Share of compute"
                    </th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(handle: &Handle, query: &UsageQuery, row: WorkspaceUse, all: i64) -> AnyView {
    let name = match row.name {
        Some(name) => {
            let href = paths::org(handle).usage(&UsageQuery { workspace: Some(row.id), ..query.clone() });
            view! {
                <a class="row-link mono" href=href>
                    {name}
                </a>
            }
            .into_any()
        }
        None => view! {
            "Deleted workspace"
            <p class="cell-note mono">{row.id.to_string()}</p>
        }
        .into_any(),
    };
    let share = percent(row.compute, all);
    let words = match ratio_text(i128::from(row.compute) * 100, i128::from(all.max(1)), 1).as_str() {
        "0" if row.compute > 0 => "under 0.1%".to_owned(),
        share => [share, "%"].concat(),
    };
    view! {
        <tr>
            <th scope="row" class="cell-main">
                {name}
            </th>
            <td class="number mono" data-label="Compute">
                {Dimension::Compute.show(row.compute)}
            </td>
            <td class="number mono" data-label="Storage, average a day">
                {Dimension::Storage.show(row.storage)}
            </td>
            <td class="number mono" data-label="Share of compute">
                <span class="share">
                    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="bar-value" width=share.clamp(0, 100).to_string() height="8"></rect>
                    </svg>
                    <span class="share-words">{words}</span>
                </span>
            </td>
        </tr>
    }
    .into_any()
}

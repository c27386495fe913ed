//! What an organization uses: its days, its limits, and each workspace's part.

mod charts;
mod limits;
mod range;
mod rehearsal;
mod summary;
mod workspaces;

pub use workspaces::WorkspacesUsagePage;

use domain::id::WorkspaceId;
use domain::org::OrgHeader;
use domain::usage::page::{UsagePage as Model, UsageQuery};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{Alert, EmptyState, Icon, PageHeader, Section};

use crate::api::usage::LoadUsage;
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param, use_reload};
use crate::paths;
use crate::wire::Ask;
use limits::{LimitForms, use_limit_forms};
use range::RangePicker;

#[component]
pub fn UsagePage() -> AnyView {
    // Made once: the page's content is made anew after each change.
    let forms = use_limit_forms();
    let (handle, params) = (param("handle"), use_query_map());
    load(
        move || {
            let query = params.with(|params| UsageQuery::from_params(|name| params.get(name)));
            Ask::of(LoadUsage { handle: handle(), query })
        },
        |page: &Model| ["Usage · ", page.org.display_name.as_str()].concat(),
        move |page| show(page, forms),
    )
}

fn show(page: Model, forms: LimitForms) -> AnyView {
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        if forms.any_saved() && before.is_some() {
            reload.run();
        }
    });
    let pages = paths::org(&page.org.handle);
    // A rehearsal belongs to the limits, and goes with any other question.
    let query = UsageQuery { rehearse: None, ..page.query.clone() };
    let by_workspace = pages.usage_by_workspace(&UsageQuery { workspace: None, ..query.clone() });
    let download = pages.usage_export(&query);
    let alone = page.workspace.as_ref().map(|workspace| alone(&page.org, &query, workspace));
    let caps = summary::caps(&page.limits, page.cycle, page.now);
    let summary = summary::summary(&page);
    let nothing = (!page.is_fed).then(nothing);
    let charts = charts::charts(&page);
    let limits = page.workspace.is_none().then(|| limits::limits(&page, forms));
    let Model { viewer, org, first, last, today, .. } = page;
    let base = pages.usage(&UsageQuery::default());
    view! {
        <Frame viewer=viewer org=Some(org) place=Place::Usage trail=vec![Crumb::here("Advanced"), Crumb::here("Usage")]>
            <PageHeader title="Usage" description="What this organization uses, day by day, and what its limits do.">
                <a class="btn btn-quiet" href=by_workspace>
                    {Icon::Workspace.view()}
                    "By workspace"
                </a>
                <a class="btn btn-quiet" href=download rel="external">
                    {Icon::Download.view()}
                    "Download CSV"
                </a>
            </PageHeader>
            {alone}
            {caps}
            {summary}
            <Section id="days" title="Use by day" description="Days are UTC. Late events correct their day for 35 days.">
                <RangePicker base=base query=query first=first last=last today=today />
                {nothing}
                {charts}
            </Section>
            {limits}
        </Frame>
    }
    .into_any()
}

/// Whose use is shown, and the way back.
fn alone(org: &OrgHeader, query: &UsageQuery, (id, name): &(WorkspaceId, String)) -> AnyView {
    let pages = paths::org(&org.handle);
    let (name, workspace) = (name.clone(), pages.workspace(*id));
    let all = pages.usage(&UsageQuery { workspace: None, ..query.clone() });
    view! {
        <Alert>
            <p>
                "Only the use of the workspace "
                <a class="link mono" href=workspace>
                    {name}
                </a> " is shown. "
                <a class="link" href=all>
                    "Show all workspaces"
                </a>
            </p>
        </Alert>
    }
    .into_any()
}

/// For an organization of which nothing was ever told.
fn nothing() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Chart
            title="No use was reported yet"
            text="The platform reports what workspaces use as events, with a meter token. Minutes of compute and gigabytes of storage will stand here from the first event on."
        >
            <a class="btn btn-quiet" href=paths::api_reference() rel="external">
                "API reference"
            </a>
        </EmptyState>
    }
    .into_any()
}

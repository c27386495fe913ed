//! Workspaces of an organization.

use domain::workspace::{WorkspacePage, WorkspaceRow, WorkspacesPage, WorkspacesQuery};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_workspaces(
    handle: String,
    #[server(default)] query: WorkspacesQuery,
) -> Result<WorkspacesPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::workspace::load(&ctx, &handle, query).await)
}

#[server]
pub async fn load_workspace(handle: String, workspace: String) -> Result<WorkspacePage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::workspace::load_one(&ctx, &handle, &workspace).await)
}

#[server]
pub async fn create_workspace(handle: String, #[server(default)] name: String) -> Result<WorkspaceRow, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::workspace::create(&ctx, &handle, &name).await)
}

/// `version`: the one the form was loaded with.
#[server]
pub async fn rename_workspace(
    handle: String,
    workspace: String,
    version: i64,
    #[server(default)] name: String,
) -> Result<WorkspaceRow, Failure> {
    let ctx = super::server::ctx()?;
    let base = service::org::Base::Version(version);
    super::server::done(&ctx, service::workspace::rename(&ctx, &handle, &workspace, base, &name).await)
}

/// What a button of the list does to the workspace it names. `act`: a `WorkspaceAct` name or `delete`, then `:` and the
/// workspace's id.
#[server]
pub async fn change_workspace(handle: String, #[server(default)] act: String) -> Result<String, Failure> {
    let ctx = super::server::ctx()?;
    let (act, workspace) = act.split_once(':').unwrap_or_default();
    let changed = match domain::workspace::WorkspaceAct::from_name(act) {
        Some(act) => service::workspace::change(&ctx, &handle, workspace, act).await.map(drop),
        None => service::workspace::delete(&ctx, &handle, workspace).await,
    };
    super::server::done(&ctx, changed)?;
    if act == "delete" {
        leptos_axum::redirect(&crate::paths::org_text(&handle).workspaces(&WorkspacesQuery::default()));
    }
    Ok(act.to_owned())
}

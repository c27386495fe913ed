//! Organizations: list, create, landing page, switcher.

use domain::org::{CreatedOrg, OrgPage, OrgsPage, SwitcherEntry};
use domain::page::OrgsQuery;
use domain::people::Viewer;
use leptos::server;

use super::Failure;

#[server]
pub async fn load_orgs(query: OrgsQuery) -> Result<OrgsPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org::list(&ctx, query).await)
}

/// Who may create; `NotFound` for everyone else.
#[server]
pub async fn load_new_org() -> Result<Viewer, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org::may_create(&ctx).await)
}

/// Fields: `display_name`, `handle`, `first_owner` (`link` or `me`), `lifetime` (a `LinkLifetime` name).
#[server]
pub async fn create_org(
    #[server(default)] display_name: String,
    #[server(default)] handle: String,
    #[server(default)] first_owner: String,
    #[server(default)] lifetime: String,
) -> Result<CreatedOrg, Failure> {
    let ctx = super::server::ctx()?;
    let new = service::org::NewOrg { display_name, handle, first_owner, lifetime };
    super::server::done(&ctx, service::org::create(&ctx, new).await)
}

#[server]
pub async fn load_org(handle: String) -> Result<OrgPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org::load(&ctx, &handle).await)
}

/// At most ten organizations that `search` finds, by name.
#[server]
pub async fn search_orgs(search: String) -> Result<Vec<SwitcherEntry>, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org::search(&ctx, &search).await)
}

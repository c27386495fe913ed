//! The frame around every page: top bar, sidebar, keys. [`BareFrame`] is for people who are not signed in.

mod keys;
mod parts;
mod switcher;
mod theme;

use domain::authz::Permission;
use domain::org::OrgHeader;
use domain::people::Viewer;
use leptos::prelude::*;
use ui::Icon;

use crate::paths;
use keys::Keys;
use parts::{SearchBox, UserMenu};
use switcher::Switcher;
use theme::ThemeButton;

/// Where a page stands in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Organizations,
    Overview,
    Workspaces,
    CloudAccounts,
    Audit,
    Processes,
    Profile,
    Usage,
    Billing,
    ServiceAccounts,
    Secrets,
    Authentication,
    Admin,
    /// In no entry of the navigation.
    Elsewhere,
}

/// A step of the breadcrumb; the page itself has no address.
#[derive(Debug, Clone)]
pub struct Crumb {
    pub label: String,
    pub href: Option<String>,
}

impl Crumb {
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: Some(href.into()) }
    }

    pub fn here(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: None }
    }
}

/// The frame for a signed-in person. With `org` the page is about that organization and gets its sidebar.
#[component]
pub fn Frame(
    viewer: Viewer,
    #[prop(optional_no_strip)] org: Option<OrgHeader>,
    place: Place,
    /// Breadcrumb, without the organization: the switcher before it names that.
    trail: Vec<Crumb>,
    children: Children,
) -> AnyView {
    let admin = org.as_ref().filter(|org| org.can(Permission::OrgAdminRead)).map(|org| paths::org(&org.handle).admin());
    let sidebar = org.as_ref().map(|org| view! { <Sidebar org=org.clone() place=place /> });
    let has_sidebar = org.is_some();
    view! {
        <div class="frame" class:has-sidebar=has_sidebar>
            <a class="skip-link" href="#main" rel="external">
                "Skip to content"
            </a>
            <header class="topbar">
                {has_sidebar
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-ghost btn-square drawer-button"
                                popovertarget="sidebar"
                                aria-label="Navigation"
                            >
                                {Icon::Menu.view()}
                            </button>
                        }
                    })} <Switcher org=org /> <Breadcrumb crumbs=trail /> <div class="topbar-space"></div>
                {(place != Place::Organizations).then(|| view! { <SearchBox /> })} <ThemeButton /> <UserMenu viewer=viewer />
            </header>
            {sidebar}
            <main class="content" id="main" tabindex="-1">
                {children()}
            </main>
            <Keys admin=admin />
        </div>
    }
    .into_any()
}

/// A narrow, centred page for people who are not signed in.
#[component]
pub fn BareFrame(children: Children) -> AnyView {
    view! {
        <div class="frame frame-bare">
            <header class="bare-top">
                <a class="brand" href=paths::home()>
                    {Icon::Organization.view()}
                    "Tenantry"
                </a>
                <ThemeButton />
            </header>
            <main class="bare-content" id="main" tabindex="-1">
                {children()}
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn Breadcrumb(crumbs: Vec<Crumb>) -> AnyView {
    let items = crumbs.into_iter().map(|Crumb { label, href }| match href {
        Some(href) => view! {
            <li>
                <a href=href>{label}</a>
            </li>
        }
        .into_any(),
        None => view! { <li aria-current="page">{label}</li> }.into_any(),
    });
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>{items.collect_view()}</ol>
        </nav>
    }
    .into_any()
}

/// The organization's pages. On narrow windows it is a popover, which needs no script.
#[component]
fn Sidebar(org: OrgHeader, place: Place) -> AnyView {
    let pages = paths::org(&org.handle);
    let item = |permission: Permission, label: &'static str, icon: Icon, href: String, at: Place| {
        org.can(permission).then(|| nav_item(label, icon, href, place == at))
    };
    let top = [
        item(Permission::OrgRead, "Overview", Icon::Home, pages.overview(), Place::Overview),
        item(
            Permission::WorkspacesRead,
            "Workspaces",
            Icon::Workspace,
            pages.workspaces(&Default::default()),
            Place::Workspaces,
        ),
        item(Permission::CloudRead, "Cloud accounts", Icon::Cloud, pages.cloud_accounts(), Place::CloudAccounts),
    ];
    let activity = [
        item(Permission::OrgAuditRead, "Audit log", Icon::Clock, pages.audit(&Default::default()), Place::Audit),
        item(
            Permission::OrgProcessesRead,
            "Processes",
            Icon::Process,
            pages.processes(&Default::default()),
            Place::Processes,
        ),
    ];
    let advanced = [
        item(Permission::OrgProfileRead, "Org Profile", Icon::Organization, pages.profile(), Place::Profile),
        item(Permission::UsageRead, "Usage", Icon::Chart, pages.usage(&Default::default()), Place::Usage),
        item(Permission::BillingRead, "Billing", Icon::Invoice, pages.billing(), Place::Billing),
        item(Permission::AuthRead, "Authentication", Icon::Shield, pages.authentication(), Place::Authentication),
        item(
            Permission::ServiceAccountsRead,
            "Service accounts",
            Icon::Robot,
            pages.service_accounts(),
            Place::ServiceAccounts,
        ),
        item(Permission::OrgSecretsRead, "Secrets", Icon::Key, pages.secrets(), Place::Secrets),
    ];
    let admin = item(Permission::OrgAdminRead, "Admin", Icon::Sliders, pages.admin(), Place::Admin);
    let all = paths::organizations(&Default::default());
    view! {
        <nav class="sidebar" id="sidebar" popover="auto" aria-label="Organization">
            <ul>{top.into_iter().collect_view()}</ul>
            {nav_group("nav-activity", "Activity", activity)}
            {nav_group("nav-advanced", "Advanced", advanced)}
            {admin.map(|admin| view! { <ul class="nav-group">{admin}</ul> })}
            <ul class="sidebar-end">
                {nav_item("All organizations", Icon::Organization, all, place == Place::Organizations)}
            </ul>
        </nav>
    }
    .into_any()
}

fn nav_item(label: &'static str, icon: Icon, href: String, here: bool) -> AnyView {
    view! {
        <li>
            <a class="nav-item" href=href aria-current=here.then_some("page")>
                {icon.view()}
                {label}
            </a>
        </li>
    }
    .into_any()
}

/// A titled group of those items that there are; nothing when there are none.
fn nav_group<const N: usize>(id: &'static str, title: &'static str, items: [Option<AnyView>; N]) -> Option<AnyView> {
    if items.iter().all(Option::is_none) {
        return None;
    }
    let group = view! {
        <div class="nav-group" role="group" aria-labelledby=id>
            <p class="nav-group-title" id=id>
                {title}
            </p>
            <ul>{items.into_iter().collect_view()}</ul>
        </div>
    };
    Some(group.into_any())
}

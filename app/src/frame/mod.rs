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
    Audit,
    Profile,
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
    let item = |label: &'static str, icon: Icon, href: String, here: bool| {
        view! {
            <li>
                <a class="nav-item" href=href aria-current=here.then_some("page")>
                    {icon.view()}
                    {label}
                </a>
            </li>
        }
    };
    view! {
        <nav class="sidebar" id="sidebar" popover="auto" aria-label="Organization">
            <ul>{item("Overview", Icon::Home, pages.overview(), place == Place::Overview)}</ul>
            {org
                .can(Permission::OrgAuditRead)
                .then(|| {
                    view! {
                        <div class="nav-group" role="group" aria-labelledby="nav-activity">
                            <p class="nav-group-title" id="nav-activity">
                                "Activity"
                            </p>
                            <ul>
                                {item(
                                    "Audit log",
                                    Icon::Clock,
                                    pages.audit(&Default::default()),
                                    place == Place::Audit,
                                )}
                            </ul>
                        </div>
                    }
                })}
            {org
                .can(Permission::OrgProfileRead)
                .then(|| {
                    view! {
                        <div class="nav-group" role="group" aria-labelledby="nav-advanced">
                            <p class="nav-group-title" id="nav-advanced">
                                "Advanced"
                            </p>
                            <ul>
                                {item("Org Profile", Icon::Organization, pages.profile(), place == Place::Profile)}
                            </ul>
                        </div>
                    }
                })}
            {org
                .can(Permission::OrgAdminRead)
                .then(|| {
                    view! { <ul class="nav-group">{item("Admin", Icon::Sliders, pages.admin(), place == Place::Admin)}</ul> }
                })}
            <ul class="sidebar-end">
                {item(
                    "All organizations",
                    Icon::Organization,
                    paths::organizations(&Default::default()),
                    place == Place::Organizations,
                )}
            </ul>
        </nav>
    }
    .into_any()
}

//! Which page answers which URL. Every route renders completely before it is sent, or people without JavaScript would
//! be left with skeletons.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{Lazy, SsrMode, path};

use crate::{pages, parts};

/// The router with every page.
#[component]
pub fn Pages() -> AnyView {
    let mode = SsrMode::Async;
    view! {
        <Router>
            <FlatRoutes fallback=pages::NotFoundPage>
                <Route path=path!("/") view=lazy(parts::HomePage) ssr=mode.clone() />
                <Route path=path!("/sign-in") view=lazy(parts::SignInPage) ssr=mode.clone() />
                <Route path=path!("/setup") view=lazy(parts::SetupPage) ssr=mode.clone() />
                <Route path=path!("/bootstrap") view=lazy(parts::BootstrapPage) ssr=mode.clone() />
                <Route path=path!("/join") view=lazy(parts::JoinPage) ssr=mode.clone() />
                <Route path=path!("/unsubscribe") view=lazy(parts::UnsubscribePage) ssr=mode.clone() />
                <Route path=path!("/organizations") view=lazy(parts::OrganizationsPage) ssr=mode.clone() />
                <Route path=path!("/organizations/new") view=lazy(parts::NewOrganizationPage) ssr=mode.clone() />
                <Route path=path!("/organizations/:handle") view=lazy(parts::OrganizationPage) ssr=mode.clone() />
                <Route path=path!("/organizations/:handle/profile") view=lazy(parts::ProfilePage) ssr=mode.clone() />
                <Route path=path!("/organizations/:handle/audit") view=lazy(parts::AuditPage) ssr=mode.clone() />
                <Route path=path!("/organizations/:handle/admin") view=lazy(parts::AdminPage) ssr=mode.clone() />
                <Route
                    path=path!("/organizations/:handle/admin/revisions/:version")
                    view=lazy(parts::RevisionPage)
                    ssr=mode.clone()
                />
                <Route path=path!("/organizations/:handle/workspaces") view=lazy(parts::WorkspacesPage) ssr=mode.clone() />
                <Route
                    path=path!("/organizations/:handle/workspaces/:workspace")
                    view=lazy(parts::WorkspacePage)
                    ssr=mode.clone()
                />
                <Route
                    path=path!("/organizations/:handle/cloud-accounts")
                    view=lazy(parts::CloudAccountsPage)
                    ssr=mode.clone()
                />
                <Route
                    path=path!("/organizations/:handle/cloud-accounts/:account")
                    view=lazy(parts::CloudAccountPage)
                    ssr=mode.clone()
                />
                <Route path=path!("/organizations/:handle/secrets") view=lazy(parts::SecretsPage) ssr=mode.clone() />
                <Route
                    path=path!("/organizations/:handle/authentication")
                    view=lazy(parts::AuthenticationPage)
                    ssr=mode.clone()
                />
                <Route
                    path=path!("/organizations/:handle/service-accounts")
                    view=lazy(parts::ServiceAccountsPage)
                    ssr=mode.clone()
                />
                <Route
                    path=path!("/organizations/:handle/service-accounts/:account")
                    view=lazy(parts::ServiceAccountPage)
                    ssr=mode.clone()
                />
                <Route path=path!("/organizations/:handle/processes") view=lazy(parts::OrgProcessesPage) ssr=mode.clone() />
                <Route path=path!("/processes") view=lazy(parts::ProcessesPage) ssr=mode.clone() />
                <Route path=path!("/processes/:process") view=lazy(parts::ProcessPage) ssr=mode.clone() />
                <Route path=path!("/instance/settings") view=lazy(parts::InstancePage) ssr=mode.clone() />
                <Route
                    path=path!("/instance/tokens")
                    view=lazy(parts::InstanceTokensPage)
                    ssr=mode.clone()
                />
                <Route path=path!("/organizations/:handle/usage") view=lazy(parts::UsagePage) ssr=mode.clone() />
                <Route
                    path=path!("/organizations/:handle/usage/workspaces")
                    view=lazy(parts::WorkspacesUsagePage)
                    ssr=mode.clone()
                />
                <Route path=path!("/instance/meters") view=lazy(parts::MetersPage) ssr=mode.clone() />
                <Route path=path!("/instance/meters/:meter") view=lazy(parts::MeterPage) ssr=mode.clone() />
                <Route path=path!("/device") view=lazy(parts::DevicePage) ssr=mode.clone() />
                <Route path=path!("/instance/mail") view=lazy(parts::MailsPage) ssr=mode.clone() />
                <Route path=path!("/instance/mail/:mail") view=lazy(parts::MailPage) ssr=mode.clone() />
                <Route path=path!("/organizations/:handle/billing") view=lazy(parts::BillingPage) ssr=mode.clone() />
                <Route path=path!("/organizations/:handle/billing/card") view=lazy(parts::CardPage) ssr=mode.clone() />
                <Route
                    path=path!("/organizations/:handle/billing/invoices/:number")
                    view=lazy(parts::InvoicePage)
                    ssr=mode.clone()
                />
                <Route path=path!("/instance/plans") view=lazy(parts::PlansPage) ssr=mode.clone() />
                <Route path=path!("/instance/plans/:plan") view=lazy(parts::PlanPage) ssr=mode.clone() />
                <Route path=path!("/instance/invoices") view=lazy(parts::InvoicesPage) ssr=mode.clone() />
                <Route path=path!("/account/tokens") view=lazy(parts::TokensPage) ssr=mode />
            </FlatRoutes>
        </Router>
    }
    .into_any()
}

/// A page whose part of the code is loaded when it is opened.
fn lazy<Page>(_: Page) -> Lazy<Page> {
    Lazy::new()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos_router::SsrMode;

    #[test]
    fn every_route_renders_completely_before_it_is_sent() {
        let routes = leptos_axum::generate_route_list(crate::App);
        assert!(routes.len() >= 37, "{routes:?}");
        for route in routes {
            assert_eq!(*route.mode(), SsrMode::Async, "{}", route.path());
        }
    }
}

//! The browser's code in parts, so that a page brings no more than it needs: the main module holds the framework and
//! what every page shares; the code of a page comes with its part, when a page of that part is first opened.

use leptos::prelude::*;
use leptos_router::LazyRoute;

use crate::document::SCRIPT_RUNS;

/// Pages that come in one part of the WebAssembly, as views of lazy routes.
macro_rules! part {
    ($part:ident: $($page:ident),+) => {
        $(
            pub struct $page;

            impl LazyRoute for $page {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    announce(stringify!($part));
                    match $part::$page().await {
                        Ok(page) => page,
                        Err(_) => load_document().await,
                    }
                }
            }
        )+

        #[expect(non_snake_case, reason = "the functions stand for the components of their names")]
        mod $part {
            use leptos::prelude::*;
            use wasm_split_helpers::{SplitLoaderError, wasm_split};

            use crate::pages;

            $(
                #[wasm_split($part, fallible)]
                pub fn $page() -> Result<AnyView, SplitLoaderError> {
                    Ok(view! { <pages::$page /> }.into_any())
                }
            )+
        }
    };
}

part!(admin: AdminPage);
part!(revision: RevisionPage);
part!(usage: UsagePage, WorkspacesUsagePage);
part!(
    console: HomePage,
    SignInPage,
    SetupPage,
    BootstrapPage,
    JoinPage,
    UnsubscribePage,
    OrganizationsPage,
    NewOrganizationPage,
    OrganizationPage,
    ProcessPage,
    ProcessesPage,
    OrgProcessesPage,
    WorkspacesPage,
    WorkspacePage,
    CloudAccountsPage,
    CloudAccountPage,
    SecretsPage,
    ServiceAccountsPage,
    ServiceAccountPage,
    AuthenticationPage,
    InstancePage,
    MailsPage,
    MailPage,
    TokensPage,
    InstanceTokensPage,
    ProfilePage,
    AuditPage,
    MetersPage,
    MeterPage,
    DevicePage,
    BillingPage,
    InvoicePage,
    CardPage,
    PlansPage,
    PlanPage,
    InvoicesPage
);

/// Tells the browser of the part together with the document, so that it need not wait for the main module to ask.
fn announce(part: &str) {
    #[cfg(feature = "ssr")]
    {
        let site = use_context::<std::sync::Arc<crate::document::SiteEntry>>();
        let (Some(site), Some(response)) = (site, use_context::<leptos_axum::ResponseOptions>()) else { return };
        for file in site.parts.get(part).into_iter().flatten() {
            let link = format!("<{file}>; rel=preload; as=fetch; crossorigin=anonymous");
            if let Ok(link) = http::HeaderValue::try_from(link) {
                response.append_header(http::header::LINK, link);
            }
        }
    }
    #[cfg(not(feature = "ssr"))]
    let _ = part;
}

/// For when a part can't be had, because the server has been updated or is away: leaves it to the browser to load the
/// document. A page that came as a document goes on as one without script.
async fn load_document() -> AnyView {
    let is_hydrating = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    if is_hydrating {
        if let Some(root) = document().document_element() {
            let _ = root.class_list().remove_1(SCRIPT_RUNS);
        }
    } else {
        let there = leptos_router::hooks::use_url().with_untracked(|url| match url.search() {
            "" => url.path().to_owned(),
            search => [url.path(), "?", search].concat(),
        });
        let _ = window().location().set_href(&there);
    }
    std::future::pending().await
}

//! Signing in and out.

use domain::name::Handle;
use domain::people::Viewer;
use leptos::server;
use serde::{Deserialize, Serialize};

use super::Failure;

/// What a person who is not signed in should see first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Front {
    pub viewer: Option<Viewer>,
    /// No platform administrator exists yet: only the first-run link leads on.
    pub first_run: bool,
    /// The one organization the viewer belongs to; `None` for none or several, and for platform administrators.
    pub only_org: Option<Handle>,
}

#[server]
pub async fn load_front() -> Result<Front, Failure> {
    let ctx = super::server::ctx()?;
    let front = super::server::done(&ctx, service::auth::front(&ctx).await)?;
    let only_org = match &front.viewer {
        Some(viewer) if !viewer.platform_admin => {
            let orgs = super::server::done(&ctx, service::org::search(&ctx, "").await)?;
            if let [only] = orgs.as_slice() { Some(only.handle.clone()) } else { None }
        }
        _ => None,
    };
    Ok(Front { viewer: front.viewer, first_run: front.first_run, only_org })
}

/// Starts a session and leads to `next` (a path of this site) or to the person's first page.
#[server]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let session = super::server::done(&ctx, service::auth::sign_in(&ctx, &email, password.into()).await)?;
    super::server::set_session(&ctx, &session);
    leptos_axum::redirect(crate::paths::local_or(&next, crate::paths::home()).as_str());
    Ok(())
}

/// Ends the session; also succeeds when it had ended already.
#[server]
pub async fn sign_out() -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::auth::sign_out(&ctx).await)?;
    super::server::clear_session(&ctx);
    leptos_axum::redirect(&crate::paths::sign_in(None));
    Ok(())
}

//! First run: the one-time link that makes the first platform administrator.

use domain::Timestamp;
use leptos::server;
use serde::{Deserialize, Serialize};

use super::Failure;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupPage {
    pub expires_at: Option<Timestamp>,
}

/// `NotFound` when the link is unknown, used or dead.
#[server]
pub async fn load_setup() -> Result<SetupPage, Failure> {
    let ctx = super::server::ctx()?;
    let expires_at = super::server::done(&ctx, service::setup::inspect(&ctx).await)?;
    Ok(SetupPage { expires_at })
}

/// Makes the first platform administrator, signs them in and leads to the organizations.
#[server]
pub async fn complete_setup(
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] deletion_grace_days: String,
) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let completed = service::setup::complete(&ctx, &name, &email, password.into(), &deletion_grace_days).await;
    let session = super::server::done(&ctx, completed)?;
    super::server::set_session(&ctx, &session);
    super::server::clear_link(&ctx);
    leptos_axum::redirect(&crate::paths::organizations(&Default::default()));
    Ok(())
}

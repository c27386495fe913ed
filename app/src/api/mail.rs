//! The instance's mail.

use domain::mail::{MailPage, MailRow, MailsPage, MailsQuery};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_mails(#[server(default)] query: MailsQuery) -> Result<MailsPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::mail::load_list(&ctx, query).await)
}

#[server]
pub async fn load_mail(mail: String) -> Result<MailPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::mail::load(&ctx, &mail).await)
}

/// Mails whoever asks.
#[server]
pub async fn send_test_mail() -> Result<MailRow, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::mail::send_test(&ctx).await)
}

/// Has a mail sent that failed or was kept.
#[server]
pub async fn retry_mail(mail: String) -> Result<MailRow, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::mail::retry(&ctx, &mail).await)
}

/// The text of a mail with its links.
#[server]
pub async fn reveal_mail(mail: String) -> Result<String, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::mail::reveal(&ctx, &mail).await)
}

use std::sync::Arc;

use domain::mail::MailKind;
use domain::token::{TokenKind, WARNING_DAYS};
use storage::Audit;
use storage::token::{Expiring, expiring, take_warning, told_of};

use crate::ctx::{Ctx, Services};
use crate::error::Error;
use crate::mail::{Draft, Letter, Part, enqueue};

/// Tokens of one look.
const LIMIT: i64 = 100;

/// Mails that tokens are about to expire, 14, 7 and 1 days before: to whoever has them, or looks after them. Of processes
/// that look at once, one mails; a server that was away for long mails once, not for every day it missed.
pub async fn warn_expiring(services: &Arc<Services>) -> Result<(), Error> {
    let ctx = Ctx::system(Arc::clone(services));
    let mut warned = false;
    // The nearest end first, after which the earlier warnings are no longer due.
    for days in WARNING_DAYS.into_iter().rev() {
        let tokens = expiring(&mut *ctx.read().await?, days, ctx.now(), LIMIT).await?;
        for token in tokens {
            warn(&ctx, &token, days).await?;
            warned = true;
        }
    }
    if warned {
        ctx.services().jobs.notify_one();
    }
    Ok(())
}

async fn warn(ctx: &Ctx, token: &Expiring, days: i64) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    if !take_warning(&mut tx, token.id, days).await? {
        return Ok(());
    }
    for (person, address) in told_of(&mut tx, token).await? {
        let draft = Draft {
            to: &address,
            person: Some(person),
            org: token.place.as_ref().map(|place| place.org),
            kind: MailKind::TokenExpires,
            subject: subject(token, days),
            letter: letter(ctx, token),
            files: Vec::new(),
            dedupe_key: None,
        };
        enqueue(ctx, &mut tx, draft).await?;
    }
    tx.commit(Audit::none("a reminder, which the outbox shows")).await?;
    Ok(())
}

fn subject(token: &Expiring, days: i64) -> String {
    let when = if days == 1 { "within a day".to_owned() } else { format!("in less than {days} days") };
    format!("The token “{}” expires {when}", token.name)
}

fn letter(ctx: &Ctx, token: &Expiring) -> Letter {
    let console = ctx.services().public_url();
    let (whose, page, why) = match (&token.place, token.kind) {
        (Some(place), TokenKind::Workspace) => (
            format!("of the workspace “{}” of {}", place.name, place.org_name),
            format!("{console}/organizations/{}/workspaces/{}", place.handle, place.id),
            format!("you own the organization {}.", place.org_name),
        ),
        (Some(place), _) => (
            format!("of the service account “{}” of {}", place.name, place.org_name),
            format!("{console}/organizations/{}/service-accounts/{}", place.handle, place.id),
            format!("you own the organization {}.", place.org_name),
        ),
        (None, TokenKind::Meter | TokenKind::Admin) => (
            "of this instance".to_owned(),
            format!("{console}/instance/tokens"),
            "you administer this instance.".to_owned(),
        ),
        (None, _) => ("of yours".to_owned(), format!("{console}/account/tokens"), "the token is yours.".to_owned()),
    };
    let said = format!(
        "The access token “{}” {whose} expires on {}. Programs that still use it are refused from then on.",
        token.name,
        token.expires_at.short()
    );
    let next = format!("Make another, put it where the program reads it, and delete the old one: {page}");
    Letter { parts: vec![Part::Text(said), Part::Text(next)], why, unsubscribe: None }
}

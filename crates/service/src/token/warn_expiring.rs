use std::sync::Arc;

use domain::mail::MailKind;
use domain::token::{TokenKind, WARNING_DAYS};
use storage::Audit;
use storage::token::{Expiring, ToldOf, expiring, take_warning, told_of};

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
    let sooner = WARNING_DAYS.into_iter().skip(1).chain([0]);
    for (days, sooner) in WARNING_DAYS.into_iter().zip(sooner) {
        let tokens = expiring(&mut *ctx.read().await?, sooner, days, ctx.now(), LIMIT).await?;
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
    let told = told_of(&mut tx, token).await?;
    let letter = letter(ctx, token, &told);
    let people = match told {
        ToldOf::Person(person) => vec![person],
        ToldOf::Owners(people) | ToldOf::Administrators(people) => people,
    };
    for (person, address) in people {
        let draft = Draft {
            to: &address,
            person: Some(person),
            org: token.place.as_ref().map(|place| place.org),
            kind: MailKind::TokenExpires,
            subject: subject(token, days),
            letter: letter.clone(),
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

fn letter(ctx: &Ctx, token: &Expiring, told: &ToldOf) -> Letter {
    let console = ctx.services().public_url();
    let (whose, page) = match (&token.place, token.kind) {
        (Some(place), TokenKind::Workspace) => (
            format!("of the workspace “{}” of {}", place.name, place.org_name),
            format!("{console}/organizations/{}/workspaces/{}", place.handle, place.id),
        ),
        (Some(place), _) => (
            format!("of the service account “{}” of {}", place.name, place.org_name),
            format!("{console}/organizations/{}/service-accounts/{}", place.handle, place.id),
        ),
        (None, TokenKind::Meter | TokenKind::Admin) => {
            ("of this instance".to_owned(), format!("{console}/instance/tokens"))
        }
        (None, _) => ("of yours".to_owned(), format!("{console}/account/tokens")),
    };
    let why = match (told, &token.place) {
        (ToldOf::Person(_), _) => "the token is yours.".to_owned(),
        (ToldOf::Owners(_), Some(place)) => format!("you own the organization {}.", place.org_name),
        (_, Some(place)) => {
            format!("you administer this instance, and nobody owns the organization {}.", place.org_name)
        }
        (_, None) => "you administer this instance.".to_owned(),
    };
    let said = format!(
        "The access token “{}” {whose} expires on {}. Programs that still use it are refused from then on.",
        token.name,
        token.expires_at.short()
    );
    let next = format!("Make another, put it where the program reads it, and delete the old one: {page}");
    Letter { parts: vec![Part::Text(said), Part::Text(next)], why, unsubscribe: None }
}

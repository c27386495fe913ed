use domain::audit::Action;
use domain::id::TokenId;
use domain::token::{self, CheckedToken, RANDOM_BYTES, TokenForm, TokenHolder, TokenKind, TokenRow};
use domain::{Fault, Timestamp};
use storage::Audit;
use storage::token::Managed;

use super::holder::manage;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::idempotency::IdempotencyKey;
use crate::secret::Secret;

/// Makes a token; it is shown this once.
pub async fn create(ctx: &Ctx, holder: &TokenHolder, form: &TokenForm) -> Result<(TokenRow, Secret), Error> {
    let (row, secret) = create_once(ctx, holder, form, None).await?;
    Ok((row, secret.ok_or(Fault::NotFound)?))
}

/// As [`create`], once for each key: a repeated request answers the token without its secret.
pub async fn create_once(
    ctx: &Ctx,
    holder: &TokenHolder,
    form: &TokenForm,
    key: Option<&IdempotencyKey>,
) -> Result<(TokenRow, Option<Secret>), Error> {
    let kind = holder.kind();
    let mut tx = ctx.write().await?;
    let managed = manage(ctx, &mut tx, holder).await?;
    // The moment it is kept with: a later one would make its life longer than was chosen.
    let now = tx.now();
    let new = form.check(kind, now)?;
    refuse_more(&managed, &new, now)?;
    let id = ctx.new_id(TokenId::new);
    if let Some(key) = key
        && let Some(before) = key.claim(&mut tx, &managed, &id.to_string()).await?
    {
        let rows = storage::token::list(&mut tx, managed.seen()).await?;
        let row = rows.into_iter().find(|row| row.id.to_string() == before).ok_or(Fault::NotFound)?;
        return Ok((row, None));
    }
    let CheckedToken { name, scopes, expires_at } = new;
    let secret = Secret::from(token::format(kind, &ctx.services().random::<RANDOM_BYTES>()));
    let scopes = scopes.to_string();
    let row =
        storage::token::NewToken { id, token_hash: &secret.token_hash(), name: &name, scopes: &scopes, expires_at };
    if !storage::token::insert(&mut tx, &managed, kind, &row).await? {
        return Err(too_many(kind).into());
    }
    let action =
        Action::TokenCreated { token: id, name: name.clone(), scopes: scopes.clone(), expires_at, of: managed.name() };
    tx.commit(Audit::one(managed.entry(action))).await?;
    let row = TokenRow { id, name, kind, scopes, active: true, created_at: now, expires_at, last_used_at: None };
    Ok((row, Some(secret)))
}

/// A token makes none that may do more than itself, or for longer; nor is one made that the organization wouldn't take.
fn refuse_more(managed: &Managed, new: &CheckedToken, now: Timestamp) -> Result<(), Fault> {
    if !managed.scopes().includes(&new.scopes) {
        return Err(Fault::invalid("scopes", "A token can't make one that may do more than itself."));
    }
    if let Some(own) = managed.expires_at()
        && new.expires_at.is_none_or(|at| at > own)
    {
        let message = format!("A token can't make one that outlives it; it expires at {}.", own.short());
        return Err(Fault::invalid("lifetime", message));
    }
    if !managed.policy().lets_live(now, new.expires_at) {
        let days = managed.policy().token_days.unwrap_or_default();
        let message = format!("This organization takes no tokens that live longer than {days} days.");
        return Err(Fault::invalid("lifetime", message));
    }
    Ok(())
}

fn too_many(kind: TokenKind) -> Fault {
    let max = kind.max();
    Fault::conflict(match kind {
        TokenKind::Personal | TokenKind::Cli => {
            format!("You have {max} personal tokens already, which is the most. Delete one first.")
        }
        TokenKind::Service => {
            format!("The service account has {max} tokens already, which is the most. Delete one first.")
        }
        TokenKind::Workspace => format!("The workspace has {max} tokens already, which is the most. Delete one first."),
        TokenKind::Meter | TokenKind::Admin => {
            format!("There are {max} tokens of this kind already, which is the most. Delete one first.")
        }
    })
}

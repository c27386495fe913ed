use domain::audit::{Action, Chain};
use domain::authz::cap::{AccountRead, AccountTokens};
use domain::id::TokenId;
use domain::time::Timestamp;
use domain::token::{self, PERSONAL_MAX, RANDOM_BYTES, Scopes, TokenKind, TokenRow};
use domain::{Fault, FieldError};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::idempotency::IdempotencyKey;
use crate::secret::Secret;

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct NewToken {
    pub name: String,
    /// Empty for reading only.
    pub scopes: String,
    /// `never`, or a number of days.
    pub lifetime: String,
}

/// Makes a personal token; it is shown this once.
pub async fn create(ctx: &Ctx, new: NewToken) -> Result<(TokenRow, Secret), Error> {
    let (row, secret) = create_once(ctx, new, None).await?;
    Ok((row, secret.ok_or(Fault::NotFound)?))
}

/// As [`create`], once for each key: a repeated request answers the token without its secret.
pub async fn create_once(
    ctx: &Ctx,
    new: NewToken,
    key: Option<&IdempotencyKey>,
) -> Result<(TokenRow, Option<Secret>), Error> {
    let name = token::parse_name("name", &new.name);
    let scopes = if new.scopes.is_empty() { Ok(Scopes::Read) } else { Scopes::parse(&new.scopes) };
    let scopes = scopes.map_err(|message| Fault::invalid("scopes", message));
    let lifetime = token::parse_lifetime("lifetime", &new.lifetime);
    let (name, scopes, lifetime) = match (name, scopes, lifetime) {
        (Ok(name), Ok(scopes), Ok(lifetime)) => (name, scopes, lifetime),
        (name, scopes, lifetime) => {
            let faults = [name.err(), scopes.err(), lifetime.err()].into_iter().flatten();
            let fields: Vec<FieldError> = faults.flat_map(|fault| fault.field_errors().to_vec()).collect();
            return Err(Fault::Invalid { fields }.into());
        }
    };
    let mut tx = ctx.write().await?;
    let grant: Granted<AccountTokens> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    if !grant.scopes().includes(&scopes) {
        return Err(Fault::invalid("scopes", "A token can't make one that may do more than itself.").into());
    }
    let expires_at: Option<Timestamp> = lifetime.map(|span| ctx.now().plus(span));
    if let Some(own) = grant.expires_at()
        && expires_at.is_none_or(|at| at > own)
    {
        let message = format!("A token can't make one that outlives it; it expires at {}.", own.short());
        return Err(Fault::invalid("lifetime", message).into());
    }
    let id = ctx.new_id(TokenId::new);
    if let Some(key) = key
        && let Some(before) = key.claim(&mut tx, &grant, &id.to_string()).await?
    {
        let read: Granted<AccountRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
        let rows = storage::token::of_person(&mut tx, &read).await?;
        let row = rows.into_iter().find(|row| row.id.to_string() == before).ok_or(Fault::NotFound)?;
        return Ok((row, None));
    }
    let secret = Secret::from(token::format(TokenKind::Personal, &ctx.services().random::<RANDOM_BYTES>()));
    let scopes = scopes.to_string();
    let row =
        storage::token::NewToken { id, token_hash: &secret.token_hash(), name: &name, scopes: &scopes, expires_at };
    if !storage::token::insert(&mut tx, &grant, &row, PERSONAL_MAX).await? {
        return Err(Fault::conflict(format!(
            "You have {PERSONAL_MAX} personal tokens already, which is the most. Delete one first."
        ))
        .into());
    }
    let action = Action::TokenCreated { token: id, name: name.clone(), scopes: scopes.clone(), expires_at };
    let chain = Chain::Account(grant.viewer()?.id);
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    let row = TokenRow {
        id,
        name,
        kind: TokenKind::Personal,
        scopes,
        active: true,
        created_at: ctx.now(),
        expires_at,
        last_used_at: None,
    };
    Ok((row, Some(secret)))
}

use domain::audit::{Action, Chain, Who};
use domain::device::{Refusal, UserCode};
use domain::id::TokenId;
use domain::token::{self, CLI_LIFETIME, RANDOM_BYTES, Scopes, TokenKind};
use storage::device::{Poll, SignIn};
use storage::token::NewToken;
use storage::{Audit, Entry, WriteTx, throttle};

use super::{FREE_FOR_ADDRESS, authorize};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// The token of a program that somebody signed in.
#[derive(Debug)]
pub struct Issued {
    pub token: Secret,
    /// Seconds.
    pub expires_in: i64,
    pub scopes: String,
}

/// A program asks whether somebody has signed it in; it gets its token this once.
pub async fn poll(ctx: &Ctx, client: &str, device_code: &Secret) -> Result<Result<Issued, Refusal>, Error> {
    let mut tx = ctx.write().await?;
    let refusal = match storage::device::poll(&mut tx, client, &device_code.token_hash()).await? {
        Poll::Approved(proof) => return issue(ctx, tx, &proof).await.map(Ok),
        Poll::Unknown => {
            let bucket = format!("device_token:{}", ctx.address_bucket());
            if let Some(until) = throttle::count_failure(&mut tx, &bucket, FREE_FOR_ADDRESS).await? {
                return Err(crate::error::throttled(ctx, until).into());
            }
            Refusal::InvalidGrant
        }
        Poll::Expired => Refusal::Expired,
        Poll::Denied => Refusal::Denied,
        Poll::Pending => Refusal::Pending,
        Poll::TooSoon => Refusal::SlowDown,
    };
    tx.commit(Audit::none("asking changes nothing but when it was asked last")).await?;
    Ok(Err(refusal))
}

async fn issue(ctx: &Ctx, mut tx: WriteTx, proof: &SignIn) -> Result<Issued, Error> {
    let id = ctx.new_id(TokenId::new);
    let secret = Secret::from(token::format(TokenKind::Cli, &ctx.services().random::<RANDOM_BYTES>()));
    let code = UserCode::parse("user_code", proof.code())?;
    let (name, scopes) = (format!("Command line {code}"), Scopes::Full.to_string());
    let expires_at = Some(ctx.now().plus(CLI_LIFETIME));
    let row = NewToken { id, token_hash: &secret.token_hash(), name: &name, scopes: &scopes, expires_at };
    storage::token::insert_cli(&mut tx, proof, &row).await?;
    throttle::uncount(&mut tx, &authorize::bucket(ctx)).await?;
    let person = proof.person(&tx)?;
    let who = Who::Person { person, impersonator: None, token: None };
    let action = Action::TokenCreated { token: id, name, scopes: scopes.clone(), expires_at, of: None };
    tx.commit(Audit::one(Entry::new(Chain::Account(person), who, None, action))).await?;
    Ok(Issued { token: secret, expires_in: CLI_LIFETIME.seconds(), scopes })
}

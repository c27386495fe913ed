use domain::Fault;
use domain::audit::{Action, Chain, Who};
use domain::auth::PASSWORD_MAX;
use domain::email::Email;
use storage::people::Account;
use storage::{Audit, Entry, throttle};

use super::session::{NewSession, Started};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// Failures in a row that cost an account, or one known device of it, no delay.
const FREE_FOR_ACCOUNT: u32 = 5;
/// The same for an address, which many people may share.
const FREE_FOR_ADDRESS: u32 = 20;

/// Checks email and password and starts a session. Unknown accounts cost the same work and get the same answer.
pub async fn sign_in(ctx: &Ctx, email: &str, password: Secret) -> Result<NewSession, Error> {
    let parsed = Email::parse(email).map_err(|error| Fault::invalid("email", error.to_string()))?;
    if password.expose().is_empty() {
        return Err(Fault::invalid("password", "Enter your password.").into());
    }
    let attempt = Attempt::begin(ctx, &parsed).await?;
    let hash = attempt.account.as_ref().and_then(|account| account.password_hash.clone());
    // Longer than any password of ours: not worth hashing, but worth the same answer.
    let too_long = password.expose().chars().count() > PASSWORD_MAX;
    let verified = ctx.services().passwords().verify(password, hash.filter(|_| !too_long)).await?;
    match &attempt.account {
        Some(account) if verified => attempt.succeed(ctx, account).await,
        _ => attempt.fail(ctx).await,
    }
}

/// What is delayed when somebody fails at an account from an unknown device, and what stands for the account in it.
pub(crate) fn account_bucket(folded_email: &str) -> (String, String) {
    let subject = Secret::from(folded_email.to_owned()).token_hash();
    (format!("account:{subject}"), subject)
}

struct Attempt {
    account: Option<Account>,
    /// What is delayed after failures: the account, or this one known device of it.
    bucket: String,
    address_bucket: String,
}

impl Attempt {
    /// Refuses blocked attempts and counts this one before the password is looked at, so that parallel guesses can't
    /// outrun the count.
    async fn begin(ctx: &Ctx, email: &Email) -> Result<Self, Error> {
        let mut tx = ctx.write().await?;
        let account = storage::people::by_email(&mut tx, &email.folded()).await?;
        let device = ctx.cookies().and_then(|cookies| cookies.device.as_ref()).map(Secret::token_hash);
        let known_device = match (&account, device) {
            (Some(account), Some(device)) => {
                storage::session::knows_device(&mut tx, &device, account.id).await?.then_some(device)
            }
            _ => None,
        };
        let (account_bucket, subject) = account_bucket(&email.folded());
        let bucket = match known_device {
            Some(device) => format!("device:{device}:{subject}"),
            None => account_bucket,
        };
        let address_bucket = format!("address:{}", ctx.address_bucket());
        for (bucket, free) in [(&bucket, FREE_FOR_ACCOUNT), (&address_bucket, FREE_FOR_ADDRESS)] {
            if let Some(until) = throttle::count_failure(&mut tx, bucket, free).await? {
                return Err(crate::error::throttled(ctx, until).into());
            }
        }
        tx.commit(Audit::none("an attempt is logged by its outcome")).await?;
        Ok(Self { account, bucket, address_bucket })
    }

    async fn succeed(&self, ctx: &Ctx, account: &Account) -> Result<NewSession, Error> {
        let mut tx = ctx.write().await?;
        throttle::clear(&mut tx, &self.bucket).await?;
        throttle::uncount(&mut tx, &self.address_bucket).await?;
        let started = Started::start(ctx, &mut tx, account.id, account.generation).await?;
        tx.commit(Audit::one(started.entry)).await?;
        Ok(started.session)
    }

    async fn fail<T>(&self, ctx: &Ctx) -> Result<T, Error> {
        let mut tx = ctx.write().await?;
        let chain = self.account.as_ref().map_or(Chain::Instance, |account| Chain::Account(account.id));
        let unlogged = throttle::note_refusal(&mut tx, &self.bucket, &ctx.address_bucket()).await?;
        let audit = match unlogged {
            Some(count) => Audit::one(Entry::new(chain, Who::Anonymous, None, Action::SignInRefused { count })),
            None => Audit::none("this minute's refusals of the account and address are counted in the next entry"),
        };
        tx.commit(audit).await?;
        Err(Fault::invalid("email", "Email or password is wrong.").into())
    }
}

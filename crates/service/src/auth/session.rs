//! Starting a session.

use domain::audit::{Action, Chain, Who};
use domain::auth::SESSION_LIFETIME;
use domain::id::{PersonId, SessionId};
use storage::{Entry, WriteTx};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// What the browser gets; the database has only hashes of it.
#[derive(Debug)]
pub struct NewSession {
    pub token: Secret,
    pub device: Secret,
}

pub(crate) struct Started {
    pub session: NewSession,
    pub entry: Entry,
}

impl Started {
    /// For a person whose password was checked just now, or who redeemed a link that made them.
    pub async fn start(ctx: &Ctx, tx: &mut WriteTx, person: PersonId, generation: i64) -> Result<Self, Error> {
        let id = ctx.new_id(SessionId::new);
        let token = Secret::random(ctx.services().rng());
        let device = match ctx.cookies().and_then(|cookies| cookies.device.clone()) {
            Some(device) => device,
            None => Secret::random(ctx.services().rng()),
        };
        let row = storage::session::NewSession {
            id,
            person,
            token_hash: &token.token_hash(),
            generation,
            expires_at: tx.now().plus(SESSION_LIFETIME),
            address: &ctx.address().unwrap_or_default(),
            user_agent: &ctx.user_agent(),
        };
        storage::session::insert(tx, &row).await?;
        storage::session::remember_device(tx, &device.token_hash(), person).await?;
        let who = Who::Person { person, impersonator: None, token: None };
        let entry = Entry::new(Chain::Account(person), who, None, Action::SignedIn { session: id });
        Ok(Self { session: NewSession { token, device }, entry })
    }
}

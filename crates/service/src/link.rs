//! One-time links in general.

use domain::Timestamp;
use domain::id::LinkId;
use domain::link::NewLink;
use storage::Audit;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// Notes that a link was opened. A GET never redeems, so it only takes the time; unknown tokens change nothing.
pub async fn open(ctx: &Ctx, token: &Secret) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    storage::link::open(&mut tx, &token.token_hash()).await?;
    tx.commit(Audit::none("opening a link changes nothing but what its maker sees of it")).await?;
    Ok(())
}

/// A link as it is made: what the database keeps, and what is shown once.
pub(crate) struct Made {
    pub id: LinkId,
    pub token_hash: String,
    pub expires_at: Option<Timestamp>,
    pub shown: NewLink,
}

impl Made {
    pub fn new(ctx: &Ctx, path: &str, expires_at: Option<Timestamp>) -> Self {
        let token = Secret::random(ctx.services().rng());
        let url = format!("{}{path}?token={}", ctx.services().public_url(), token.expose());
        Self {
            id: ctx.new_id(LinkId::new),
            token_hash: token.token_hash(),
            expires_at,
            shown: NewLink { url, expires_at },
        }
    }

    /// A link whose token has the administration API's form; the caller builds its addresses.
    pub fn for_administration(ctx: &Ctx, expires_at: Option<Timestamp>) -> (Self, Secret) {
        let token = Secret::bootstrap(ctx.services().rng());
        let shown = NewLink { url: String::new(), expires_at };
        (Self { id: ctx.new_id(LinkId::new), token_hash: token.token_hash(), expires_at, shown }, token)
    }

    pub fn row(&self) -> storage::link::NewLink<'_> {
        storage::link::NewLink { id: self.id, token_hash: &self.token_hash, expires_at: self.expires_at }
    }
}

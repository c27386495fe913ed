//! What the administration API does that the console does otherwise: an organization by its exact name, its options
//! without a form, and counts. Platform scripts use it with a token of the instance.

mod authenticate;
mod create;
mod load;
mod stats;
mod update;

use std::collections::BTreeMap;

use domain::Fault;
use domain::authz::Capability;
use domain::settings::Settings;
use domain::settings::limits::{Limits, Terms};
use domain::time::Timestamp;
use storage::WriteTx;
use storage::authz::{Granted, Target};
use storage::error::Denied;

pub use authenticate::authenticate;
pub use create::create;
pub use load::{Configuration, load};
pub use stats::{stats, stats_of_all};
pub use update::update;

use crate::ctx::Ctx;
use crate::error::Error;

/// What was sent; the outer `None` is a missing key, which is not null.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    pub externals_allowed: Option<bool>,
    /// `Some(None)` is unlimited, `Some(Some(0))` nobody.
    pub seats: Option<Option<u32>>,
    pub archiving_seconds: Option<u32>,
    /// `Some(None)` removes them. Links are checked before (see `domain::settings::limits::check_terms`).
    pub terms: Option<Option<BTreeMap<String, String>>>,
}

impl Options {
    /// `settings` with what was sent; what is missing stays.
    fn apply(self, settings: &Settings, now: Timestamp) -> Settings {
        let old = &settings.limits;
        let terms = match self.terms {
            None => old.terms.clone(),
            Some(links) => links.map(|links| Terms { links, updated_at: now }),
        };
        Settings {
            seats: self.seats.unwrap_or(settings.seats),
            limits: Limits {
                externals_allowed: self.externals_allowed.unwrap_or(old.externals_allowed),
                archiving_seconds: self.archiving_seconds.unwrap_or(old.archiving_seconds),
                terms,
            },
            ..settings.clone()
        }
    }
}

/// Authorizes by the name in its exact case, unlike the console's addresses, or by an alias. A closed organization is
/// gone here.
async fn authorize<P: Capability>(ctx: &Ctx, tx: &mut storage::Tx, name: &str) -> Result<Granted<P>, Error> {
    let (grant, by_alias) = match tx.authorize::<P>(&ctx.actor(), Target::Handle(name), ctx.now()).await {
        Err(storage::Error::Denied(Denied::Moved { asked, handle })) => {
            ctx.note_alias_followed(asked);
            (tx.authorize::<P>(&ctx.actor(), Target::Handle(handle.as_str()), ctx.now()).await?, true)
        }
        grant => (grant?, false),
    };
    let org = grant.org(tx)?;
    if !(by_alias || org.handle.as_str() == name) || !org.state.is_open() {
        return Err(Fault::NotFound.into());
    }
    Ok(grant)
}

/// As [`authorize`]; a name of another case is a conflict with the organization that has it.
async fn authorize_or_conflict<P: Capability>(ctx: &Ctx, tx: &mut WriteTx, name: &str) -> Result<Granted<P>, Error> {
    match authorize(ctx, tx, name).await {
        Err(Error::Fault(Fault::NotFound)) => Err(exists().into()),
        other => other,
    }
}

fn exists() -> Fault {
    Fault::conflict("Organization already exists")
}

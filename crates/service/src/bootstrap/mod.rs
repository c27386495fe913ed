//! Bootstrap links: handing an organization to its first owner.

mod accept;
mod inspect;
mod parse_link;
mod redeem;
mod revoke;
mod rotate;
mod take_ownership;

pub use accept::accept;
pub use inspect::inspect;
pub use parse_link::parse_link;
pub use redeem::redeem;
pub use revoke::revoke;
pub use rotate::rotate;
pub use take_ownership::take_ownership;

use domain::Fault;

use crate::ctx::Ctx;
use crate::secret::Secret;

/// The bootstrap path that links lead to.
pub(crate) const PATH: &str = "/bootstrap";

fn token(ctx: &Ctx) -> Result<&Secret, Fault> {
    ctx.cookies().and_then(|cookies| cookies.link.as_ref()).ok_or(Fault::NotFound)
}

/// A bootstrap link is for the first owner only.
fn pending(
    tx: &storage::Tx,
    grant: &storage::authz::Granted<domain::authz::cap::BootstrapWrite>,
) -> Result<(), crate::Error> {
    match grant.org(tx)?.state {
        domain::org::OrgState::PendingBootstrap => Ok(()),
        _ => Err(Fault::conflict("This organization already has its first owner.").into()),
    }
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::BootstrapWrite;
use domain::id::MemberId;
use domain::people::{MemberState, Role};
use storage::authz::{Granted, Target};
use storage::member::NewMember;
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Makes the administrator the first owner at once; the bootstrap link dies.
pub async fn take_ownership(ctx: &Ctx, handle: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BootstrapWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    super::pending(&tx, &grant)?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let revoked = storage::link::revoke(&mut tx, &grant).await?.map(|link| {
        let action = Action::BootstrapLinkRevoked { link };
        Entry::new(chain, grant.who(), Some(grant.via()), action)
    });
    let person = grant.viewer()?.id;
    let member = NewMember { id: ctx.new_id(MemberId::new), person, role: Role::Owner, state: MemberState::Active };
    let added = storage::member::insert(&mut tx, &grant, member).await?;
    if added.is_none() && storage::member::promote(&mut tx, &grant, person).await?.is_none() {
        return Err(
            Fault::conflict("Your membership of this organization is frozen, so you can't become its owner.").into()
        );
    }
    storage::org::activate(&mut tx, &grant).await?;
    tx.commit(Audit::all(revoked.into_iter().chain(added), "the administrator was the owner already")).await?;
    Ok(())
}

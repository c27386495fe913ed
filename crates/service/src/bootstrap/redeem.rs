use domain::Fault;
use domain::audit::{Action, Chain, Who};
use domain::authz::Via;
use domain::id::{MemberId, PersonId};
use domain::name::Handle;
use domain::people::{MemberState, Role};
use storage::link::{Bootstrap, Redeemed};
use storage::member::NewMember;
use storage::{Audit, Entry, WriteTx};

use crate::auth::{NewAccount, NewSession, Started};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// Redeems the link for a new person, who becomes the first owner and is signed in.
pub async fn redeem(ctx: &Ctx, name: &str, email: &str, password: Secret) -> Result<(Handle, NewSession), Error> {
    super::inspect(ctx).await?;
    let account = NewAccount::check(ctx, name, email, password).await?;
    let mut tx = ctx.write().await?;
    let proof =
        storage::link::redeem_bootstrap(&mut tx, &super::token(ctx)?.token_hash()).await?.ok_or(Fault::NotFound)?;
    let created = storage::people::insert(&mut tx, &proof, &account.row(false)).await?.ok_or_else(|| {
        Fault::invalid("email", "This email already has an account. Sign in with it, then accept the organization.")
    })?;
    let mut entries = first_owner(ctx, &mut tx, &proof, account.id).await?;
    let started = Started::start(ctx, &mut tx, account.id, 0).await?;
    let handle = proof.org(&tx)?.handle.clone();
    entries.push(started.entry);
    tx.commit(Audit::many(created, entries)).await?;
    Ok((handle, started.session))
}

/// Makes `person` the owner behind a redeemed link and activates the organization.
pub(super) async fn first_owner(
    ctx: &Ctx,
    tx: &mut WriteTx,
    proof: &Redeemed<Bootstrap>,
    person: PersonId,
) -> Result<Vec<Entry>, Error> {
    let member = NewMember { id: ctx.new_id(MemberId::new), person, role: Role::Owner, state: MemberState::Active };
    let added = storage::member::insert(tx, proof, member).await?;
    let member = match added {
        Some(_) => member.id,
        None => storage::member::promote(tx, proof, person).await?.ok_or_else(|| {
            Fault::conflict("Your membership of this organization is frozen, so you can't become its owner.")
        })?,
    };
    storage::org::activate(tx, proof).await?;
    let org = proof.org(tx)?.id;
    let who = Who::Person { person, impersonator: None, token: None };
    let action = Action::BootstrapLinkRedeemed { link: proof.link(), member };
    let redeemed = Entry::new(Chain::Org(org), who, Some(Via::Owner), action);
    Ok([redeemed].into_iter().chain(added).collect())
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgProfileWrite;
use domain::avatar::AvatarHash;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::avatar::{FIELD, hash, look_at_later, put, refused};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::ports::Crop;

/// Makes an avatar out of a picture and gives it to the organization. Without `crop` it is the largest square in the
/// middle. The files of the one before go when no organization has them any more.
pub async fn set_avatar(ctx: &Ctx, handle: &str, file: Vec<u8>, crop: Option<Crop>) -> Result<AvatarHash, Error> {
    // Only who may change the avatar has us decode a picture.
    let mut tx = ctx.read().await?;
    let _: Granted<OrgProfileWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    drop(tx);
    if file.is_empty() {
        return Err(Fault::invalid(FIELD, "Choose a picture.").into());
    }
    let files = ctx.services().images().avatar(file, crop).await.map_err(refused)?;
    let hash = hash(&files);

    let mut tx = ctx.write().await?;
    let grant: Granted<OrgProfileWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    if grant.org(&tx)?.avatar.as_ref() == Some(&hash) {
        return Ok(hash);
    }
    if !storage::avatar::claim(&mut tx, &grant, &hash).await? {
        // The very same picture is being removed this moment.
        return Err(Fault::Busy { retry_after: 2 }.into());
    }
    // Should this request end here, the files don't stay for ever.
    look_at_later(ctx, &mut tx, &hash).await?;
    tx.commit(Audit::none("nobody has the avatar yet")).await?;
    put(ctx, &hash, files).await?;

    let mut tx = ctx.write().await?;
    let grant: Granted<OrgProfileWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let org = grant.org(&tx)?.clone();
    storage::avatar::set(&mut tx, &grant, Some(&hash)).await?;
    if let Some(before) = &org.avatar {
        look_at_later(ctx, &mut tx, before).await?;
    }
    let action = Action::AvatarChanged { avatar: hash.clone() };
    tx.commit(Audit::one(Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(hash)
}

//! An avatar's files in the object store.

use domain::Fault;
use domain::avatar::{AvatarFile, AvatarHash};
use domain::id::JobId;
use sha2::{Digest, Sha256};
use storage::WriteTx;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::job::FORGET_OBJECT;
use crate::ports::{AvatarFiles, ImageError};

/// What the form calls the picture.
pub(super) const FIELD: &str = "file";

pub(super) fn refused(error: ImageError) -> Fault {
    match error {
        ImageError::Refused(words) => Fault::invalid(FIELD, words),
        ImageError::Busy => Fault::Busy { retry_after: 2 },
    }
}

/// The same pictures have the same hash, whoever sends them.
pub(super) fn hash(files: &AvatarFiles) -> AvatarHash {
    let mut digest = Sha256::new();
    // With its length before it, no two pairs of files give one text.
    digest.update((files.large.len() as u64).to_le_bytes());
    digest.update(&files.large);
    digest.update(&files.small);
    AvatarHash::of_digest(digest.finalize().into())
}

pub(super) async fn put(ctx: &Ctx, hash: &AvatarHash, files: AvatarFiles) -> Result<(), Error> {
    let objects = ctx.services().objects();
    objects.put(&hash.object(AvatarFile::Large), files.large).await?;
    objects.put(&hash.object(AvatarFile::Small), files.small).await?;
    Ok(())
}

/// Has a job look whether anybody still needs the files, at once or as soon as no claim is on them.
pub(super) async fn look_at_later(ctx: &Ctx, tx: &mut WriteTx, hash: &AvatarHash) -> Result<(), Error> {
    let job = ctx.new_id(JobId::new);
    Ok(storage::job::insert_plain(tx, job, FORGET_OBJECT, hash.as_str()).await?)
}

/// Removes the files; there being none is as good.
pub(crate) async fn remove(ctx: &Ctx, hash: &AvatarHash) -> Result<(), crate::ports::ObjectError> {
    for file in AvatarFile::ALL {
        ctx.services().objects().delete(&hash.object(file)).await?;
    }
    Ok(())
}

/// One of an avatar's files, for whoever knows its hash.
pub async fn read_avatar(ctx: &Ctx, hash: &AvatarHash, file: AvatarFile) -> Result<Option<Vec<u8>>, Error> {
    Ok(ctx.services().objects().get(&hash.object(file)).await?)
}

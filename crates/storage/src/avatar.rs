//! Which avatar an organization has, and which files there are for it. Several organizations may have the same files.
//!
//! Files lie in the object store, which knows no transactions. So whoever puts some there says so first
//! ([`claim`]), and whoever takes some away marks them first ([`let_go`]): the two exclude each other here.

use domain::Timestamp;
use domain::authz::cap::OrgProfileWrite;
use domain::avatar::AvatarHash;
use domain::id::OrgId;
use domain::time::Span;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::job::{self, Lease};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

/// How long files may be put there before an organization has them; more than a request takes.
pub const CLAIM: Span = Span::minutes(2);

queries! {
    CLAIM_FILES = "INSERT INTO avatar_file (hash, claimed_until, going) VALUES ($1, $2, FALSE)
        ON CONFLICT (hash) DO UPDATE SET claimed_until = excluded.claimed_until WHERE NOT avatar_file.going
        RETURNING hash";
    CLAIMED_UNTIL = "SELECT claimed_until FROM avatar_file WHERE hash = $1 AND claimed_until > $2";
    SET = "UPDATE organization SET avatar = $2 WHERE id = $1";
    OF_ORG = "SELECT avatar FROM organization WHERE id = $1";
    LET_GO = "UPDATE avatar_file SET going = TRUE
        WHERE hash = $1 AND (going OR claimed_until <= $2)
            AND NOT EXISTS (SELECT 1 FROM organization o WHERE o.avatar = $1 AND o.id <> $3)
        RETURNING hash";
    KEEP = "UPDATE avatar_file SET going = FALSE WHERE hash = $1";
    GONE = "DELETE FROM avatar_file WHERE hash = $1 AND going";
}

/// Says that files are put there now. `false` while they are being taken away: the caller rolls back and tries again later.
pub async fn claim(tx: &mut WriteTx, grant: &Granted<OrgProfileWrite>, hash: &AvatarHash) -> Result<bool, Error> {
    grant.org(tx)?;
    let until = tx.now().plus(CLAIM).micros();
    let claimed: Option<String> =
        on!(tx, c => sqlx::query_scalar(CLAIM_FILES).bind(hash.as_str()).bind(until).fetch_optional(c).await)?;
    Ok(claimed.is_some())
}

/// Gives the organization this avatar; `None`: the generated one.
pub async fn set(tx: &mut WriteTx, grant: &Granted<OrgProfileWrite>, avatar: Option<&AvatarHash>) -> Result<(), Error> {
    let org = grant.org(tx)?.id;
    put(tx, org, avatar).await
}

async fn put(tx: &mut WriteTx, org: OrgId, avatar: Option<&AvatarHash>) -> Result<(), Error> {
    let hash = avatar.map(AvatarHash::as_str);
    on!(tx, c => sqlx::query(SET).bind(org.to_string()).bind(hash).execute(c).await.map(drop))
}

/// The avatar of an organization that is being deleted.
pub async fn of_lease(tx: &mut Tx, _: &Lease, org: OrgId) -> Result<Option<AvatarHash>, Error> {
    let found: Option<Option<String>> =
        on!(tx, c => sqlx::query_scalar(OF_ORG).bind(org.to_string()).fetch_optional(c).await)?;
    found.flatten().map(|hash| read(AvatarHash::parse(&hash), "organization", "avatar", org)).transpose()
}

/// Whether files may be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetGo {
    /// They are marked, so that nobody begins to use them: take them away, then say [`gone`].
    Go,
    /// Somebody is putting them there, and has said so until then.
    Claimed(Timestamp),
    /// An organization has them, or they went before.
    Stay,
}

/// Asks whether files may be taken away, for a job. `of`: the organization whose having them doesn't count.
pub async fn let_go(tx: &mut WriteTx, lease: &Lease, hash: &AvatarHash, of: Option<OrgId>) -> Result<LetGo, Error> {
    job::hold(tx, lease).await?;
    let now = tx.now().micros();
    let of = of.map(|org| org.to_string()).unwrap_or_default();
    let marked: Option<String> = on!(tx, c => sqlx::query_scalar(LET_GO)
        .bind(hash.as_str()).bind(now).bind(of).fetch_optional(c).await)?;
    if marked.is_some() {
        return Ok(LetGo::Go);
    }
    let claimed: Option<i64> =
        on!(tx, c => sqlx::query_scalar(CLAIMED_UNTIL).bind(hash.as_str()).bind(now).fetch_optional(c).await)?;
    Ok(claimed.map_or(LetGo::Stay, |until| LetGo::Claimed(Timestamp::from_micros(until))))
}

/// Taking the files away failed, and is tried again or given up; meanwhile they may be put there anew. The caller's
/// transaction holds the lease.
pub async fn keep(tx: &mut WriteTx, _: &Lease, hash: &AvatarHash) -> Result<(), Error> {
    on!(tx, c => sqlx::query(KEEP).bind(hash.as_str()).execute(c).await.map(drop))
}

/// The files are taken away. The caller's transaction holds the lease.
pub async fn gone(tx: &mut WriteTx, _: &Lease, hash: &AvatarHash) -> Result<(), Error> {
    on!(tx, c => sqlx::query(GONE).bind(hash.as_str()).execute(c).await.map(drop))
}

/// An organization that is being deleted has none any more. The caller's transaction holds the lease.
pub async fn clear(tx: &mut WriteTx, _: &Lease, org: OrgId) -> Result<(), Error> {
    put(tx, org, None).await
}

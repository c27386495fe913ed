use domain::Fault;
use domain::authz::cap::AccountTokens;
use domain::device::UserCode;
use storage::authz::{Granted, Target};
use storage::device::Pending;
use storage::{Audit, WriteTx, throttle};

use crate::ctx::Ctx;
use crate::error::Error;

/// Wrong codes in a row that cost a person no delay.
const FREE_FOR_PERSON: u32 = 5;

/// A transaction in which a person looks at the program that waits under a code.
pub(super) struct Found {
    pub tx: WriteTx,
    pub grant: Granted<AccountTokens>,
    pub device: Pending,
    pub code: UserCode,
}

/// Finds the program that waits under a typed code. Every look is counted as a guess first, and taken back when it was
/// right.
pub(super) async fn look_up(ctx: &Ctx, typed: &str) -> Result<Found, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<AccountTokens> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let code = UserCode::parse("user_code", typed)?;
    let bucket = format!("device_code:{}", grant.viewer()?.id);
    if let Some(until) = throttle::count_failure(&mut tx, &bucket, FREE_FOR_PERSON).await? {
        return Err(crate::error::throttled(ctx, until).into());
    }
    match storage::device::pending(&mut tx, &grant, &code).await? {
        Some(device) => {
            throttle::take_back(&mut tx, &bucket).await?;
            Ok(Found { tx, grant, device, code })
        }
        None => {
            tx.commit(Audit::none("a wrong code does nothing but delay the next")).await?;
            let message =
                "Nothing waits under this code: it is wrong, was used, or has expired. Check it, or start again.";
            Err(Fault::invalid("user_code", message).into())
        }
    }
}

use domain::Fault;
use domain::device::{INTERVAL, LIFETIME, Refusal, UserCode, client_name};
use domain::id::DeviceId;
use storage::device::NewDevice;
use storage::{Audit, throttle};

use super::{FREE_FOR_ADDRESS, PATH};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// Two codes that are alike are rarer than anything; this bounds the search for another.
const ATTEMPTS: usize = 5;

/// What a program is answered that asks to be signed in.
#[derive(Debug)]
pub struct Asked {
    /// For the program alone.
    pub device_code: Secret,
    /// For the person.
    pub user_code: String,
    pub verification_uri: String,
    /// With the code in it.
    pub verification_uri_complete: String,
    /// Seconds.
    pub expires_in: i64,
    pub interval: i64,
}

/// Lets a program wait for somebody to sign it in. Counted as a failure of its address until somebody has.
pub async fn authorize(ctx: &Ctx, client: &str) -> Result<Result<Asked, Refusal>, Error> {
    if client_name(client).is_none() {
        return Ok(Err(if client.is_empty() { Refusal::InvalidRequest } else { Refusal::InvalidClient }));
    }
    let mut tx = ctx.write().await?;
    if let Some(until) = throttle::count_failure(&mut tx, &bucket(ctx), FREE_FOR_ADDRESS).await? {
        return Err(crate::error::throttled(ctx, until).into());
    }
    let device_code = Secret::random(ctx.services().rng());
    let mut attempts = 0;
    let user_code = loop {
        let user_code = UserCode::from_random(ctx.services().random());
        let device = NewDevice {
            id: ctx.new_id(DeviceId::new),
            device_code_hash: &device_code.token_hash(),
            user_code: &user_code,
            client,
            address: ctx.address(),
            expires_at: ctx.now().plus(LIFETIME),
        };
        if storage::device::insert(&mut tx, &device).await? {
            break user_code.to_string();
        }
        attempts += 1;
        if attempts == ATTEMPTS {
            return Err(Fault::Busy { retry_after: 1 }.into());
        }
    };
    tx.commit(Audit::none("a program that waits may do nothing yet")).await?;
    let verification_uri = format!("{}{PATH}", ctx.services().public_url());
    Ok(Ok(Asked {
        device_code,
        verification_uri_complete: format!("{verification_uri}?user_code={user_code}"),
        verification_uri,
        user_code,
        expires_in: LIFETIME.seconds(),
        interval: INTERVAL,
    }))
}

/// Of programs at one address.
pub(super) fn bucket(ctx: &Ctx) -> String {
    format!("device_authorize:{}", ctx.address_bucket())
}

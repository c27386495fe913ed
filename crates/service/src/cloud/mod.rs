//! Cloud accounts of an organization: connected, changed, listed, disconnected.

mod connect;
mod disconnect;
mod load;
mod refresh;
mod update;

pub use connect::connect;
pub use disconnect::disconnect;
pub use load::{find, list, load};
pub use refresh::refresh;
pub(crate) use refresh::{Listed, list_all};
pub use update::update;

use storage::cloud::Stored;
use storage::sealed::CLOUD_SECRET;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::ports::Connection;

/// How an account's connector is reached.
pub(crate) fn connection(ctx: &Ctx, account: &Stored) -> Result<Connection, Error> {
    Ok(Connection {
        kind: account.connector,
        url: account.url.clone(),
        secret: ctx.services().vault().open(&CLOUD_SECRET.place(account.id), &account.sealed_secret)?,
        selector: account.selector.clone(),
        ca: account.ca.clone(),
    })
}

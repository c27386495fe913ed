//! An organization's audit log, streamed to an address: set up, watched, paused, ended, and delivered.

mod act;
mod deliver;
mod load;
mod pause;
mod remove;
mod rotate;
mod send_test;
mod set;

pub use act::act;
pub use deliver::deliver_due;
pub(crate) use deliver::deliver_forever;
pub use load::find;
pub(crate) use load::panel;
pub use pause::set_paused;
pub use remove::remove;
pub use rotate::rotate;
pub use send_test::send_test;
pub use set::set;

use data_encoding::BASE64;
use domain::id::OrgId;
use storage::sealed::STREAM_SECRET;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::ports::Receiver;
use crate::secret::Secret;

/// A secret as Standard Webhooks writes it, and as the database keeps it.
fn new_secret(ctx: &Ctx, org: OrgId) -> Result<(String, String), Error> {
    let text = ["whsec_", &BASE64.encode(&ctx.services().random::<32>())].concat();
    let sealed = ctx.services().vault().seal(&STREAM_SECRET.place(org), &Secret::from(text.clone()))?;
    Ok((text, sealed))
}

fn receiver(ctx: &Ctx, org: OrgId, url: String, sealed_secret: &str) -> Result<Receiver, Error> {
    let secret = ctx.services().vault().open(&STREAM_SECRET.place(org), sealed_secret)?;
    Ok(Receiver { url, secret })
}

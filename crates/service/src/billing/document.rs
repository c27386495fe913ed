use domain::Fault;
use domain::authz::cap::BillingRead;
use domain::billing::InvoiceNumber;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// An invoice as PDF.
pub async fn document(ctx: &Ctx, handle: &str, number: &str) -> Result<Vec<u8>, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<BillingRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let number = InvoiceNumber::parse(number).ok_or(Fault::NotFound)?;
    let stored = storage::invoice::find(&mut tx, &grant, number).await?.ok_or(Fault::NotFound)?;
    drop(tx);
    Ok(ctx.services().documents().invoice(stored.invoice).await?)
}

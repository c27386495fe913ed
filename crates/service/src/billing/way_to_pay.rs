use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::{BillingSettle, BillingWrite};
use domain::id::PaymentMethodId;
use storage::authz::{Granted, Target};
use storage::payment::{self, Method};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

const LABEL_MAX: usize = 60;

/// Notes how the organization pays its invoices, as was agreed with it: `Bank transfer`, say. It counts as a way to pay, as
/// a card does.
pub async fn agree(ctx: &Ctx, handle: &str, label: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingSettle> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let label = label.trim();
    if label.is_empty() || label.chars().count() > LABEL_MAX || label.chars().any(char::is_control) {
        let message = format!("Say in at most {LABEL_MAX} characters how it pays, such as “Bank transfer”.");
        return Err(Fault::invalid("label", message).into());
    }
    let is_first = payment::methods(&mut tx, &grant).await?.is_empty();
    let id = ctx.new_id(PaymentMethodId::new);
    if !payment::insert(&mut tx, &grant, id, "", label, is_first).await? {
        return Err(Fault::invalid("label", "This is noted already.").into());
    }
    let action = Action::PaymentMethodAdded { label: label.to_owned() };
    let chain = Chain::Org(grant.org(&tx)?.id);
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

/// Has invoices be paid this way from now on.
pub async fn set_default(ctx: &Ctx, handle: &str, method: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let found = find(payment::methods(&mut tx, &grant).await?, method)?;
    if found.shown.is_default {
        return Ok(());
    }
    if let (Some(provider), false) = (ctx.services().payments(), found.reference.is_empty()) {
        let customer = payment::customer(&mut tx, &grant).await?.ok_or(Fault::NotFound)?;
        // A transaction waits for nobody: it is made anew afterwards.
        drop(tx);
        provider.set_default_card(&customer, &found.reference).await.map_err(super::pay::refused)?;
        tx = ctx.write().await?;
        let again: Granted<BillingWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
        return note_default(tx, &again, found).await;
    }
    note_default(tx, &grant, found).await
}

async fn note_default(mut tx: storage::WriteTx, grant: &Granted<BillingWrite>, method: Method) -> Result<(), Error> {
    if !payment::set_default(&mut tx, grant, method.shown.id).await? {
        return Err(Fault::NotFound.into());
    }
    let action = Action::PaymentMethodDefaultSet { label: method.shown.label };
    let chain = Chain::Org(grant.org(&tx)?.id);
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

/// Removes a way to pay that isn't the default.
pub async fn remove(ctx: &Ctx, handle: &str, method: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let found = find(payment::methods(&mut tx, &grant).await?, method)?;
    let customer = payment::customer(&mut tx, &grant).await?;
    if found.shown.is_default || !payment::remove(&mut tx, &grant, found.shown.id).await? {
        return Err(Fault::conflict("The default can't be removed. Make another one the default first.").into());
    }
    let action = Action::PaymentMethodRemoved { label: found.shown.label };
    let chain = Chain::Org(grant.org(&tx)?.id);
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    // Here it is gone, whatever becomes of it there: nothing charges it.
    if let (Some(provider), Some(customer), false) = (ctx.services().payments(), customer, found.reference.is_empty())
        && let Err(error) = provider.remove_card(&customer, &found.reference).await
    {
        tracing::warn!(%error, "a card could not be removed at the provider");
    }
    Ok(())
}

fn find(methods: Vec<Method>, id: &str) -> Result<Method, Fault> {
    let id: PaymentMethodId = id.parse().map_err(|_| Fault::NotFound)?;
    methods.into_iter().find(|method| method.shown.id == id).ok_or(Fault::NotFound)
}

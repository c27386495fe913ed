//! How organizations pay: what the provider calls them, their cards there, and ways that were agreed.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{BillingRead, BillingSettle, BillingWrite};
use domain::billing::page::PaymentMethod;
use domain::id::PaymentMethodId;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    METHODS = "SELECT id, reference, label, is_default, created_at FROM payment_method WHERE org_id = $1
        ORDER BY is_default DESC, created_at, id";
    INSERT = "INSERT INTO payment_method (id, org_id, reference, label, is_default, created_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id";
    NO_DEFAULT = "UPDATE payment_method SET is_default = FALSE WHERE org_id = $1";
    SET_DEFAULT = "UPDATE payment_method SET is_default = TRUE WHERE org_id = $1 AND id = $2 RETURNING id";
    REMOVE = "DELETE FROM payment_method WHERE org_id = $1 AND id = $2 AND NOT is_default RETURNING id";
    CUSTOMER = "SELECT reference FROM payment_customer WHERE org_id = $1";
    SET_CUSTOMER = "INSERT INTO payment_customer (org_id, reference) VALUES ($1, $2) ON CONFLICT (org_id) DO NOTHING";
    EVENT = "INSERT INTO payment_event (id, received_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id";
    FORGET_EVENTS = "DELETE FROM payment_event WHERE received_at < $1";
}

/// What may see how an organization pays.
pub trait SeesMethods: Capability {}
impl SeesMethods for BillingRead {}
impl SeesMethods for BillingWrite {}
impl SeesMethods for BillingSettle {}

/// What may change it.
pub trait ChangesMethods: Capability {}
impl ChangesMethods for BillingWrite {}
impl ChangesMethods for BillingSettle {}

/// A way to pay, and what the provider calls it; empty for what was agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    pub shown: PaymentMethod,
    pub reference: String,
}

/// The default one first.
pub async fn methods<P: SeesMethods>(tx: &mut Tx, grant: &Granted<P>) -> Result<Vec<Method>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String, String, bool, i64)> =
        on!(tx, c => sqlx::query_as(METHODS).bind(org).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(id, reference, label, is_default, created_at)| {
            let shown = PaymentMethod {
                id: read(id.parse().ok(), "payment_method", "id", &id)?,
                label,
                is_default,
                created_at: Timestamp::from_micros(created_at),
            };
            Ok(Method { shown, reference })
        })
        .collect()
}

/// Adds a way to pay; the first one is the default. `false` when it is known already.
pub async fn insert<P: ChangesMethods>(
    tx: &mut WriteTx,
    grant: &Granted<P>,
    id: PaymentMethodId,
    reference: &str,
    label: &str,
    is_default: bool,
) -> Result<bool, Error> {
    let (org, now) = (grant.org(tx)?.id.to_string(), tx.now().micros());
    let made: Option<String> = on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(id.to_string())
        .bind(org)
        .bind(reference)
        .bind(label)
        .bind(is_default)
        .bind(now)
        .fetch_optional(c).await)?;
    Ok(made.is_some())
}

/// Makes one the default; `false` when there is no such one.
pub async fn set_default(tx: &mut WriteTx, grant: &Granted<BillingWrite>, id: PaymentMethodId) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(NO_DEFAULT).bind(&org).execute(c).await.map(drop))?;
    let set: Option<String> =
        on!(tx, c => sqlx::query_scalar(SET_DEFAULT).bind(&org).bind(id.to_string()).fetch_optional(c).await)?;
    Ok(set.is_some())
}

/// Removes one that isn't the default.
pub async fn remove(tx: &mut WriteTx, grant: &Granted<BillingWrite>, id: PaymentMethodId) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    let gone: Option<String> =
        on!(tx, c => sqlx::query_scalar(REMOVE).bind(org).bind(id.to_string()).fetch_optional(c).await)?;
    Ok(gone.is_some())
}

/// What the provider calls the organization.
pub async fn customer<P: SeesMethods>(tx: &mut Tx, grant: &Granted<P>) -> Result<Option<String>, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query_scalar(CUSTOMER).bind(org).fetch_optional(c).await)
}

pub async fn set_customer(tx: &mut WriteTx, grant: &Granted<BillingWrite>, reference: &str) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(SET_CUSTOMER).bind(org).bind(reference).execute(c).await.map(drop))
}

/// Notes what the provider told; `false` when it did before.
pub async fn take_event(tx: &mut WriteTx, id: &str) -> Result<bool, Error> {
    let now = tx.now().micros();
    let new: Option<String> = on!(tx, c => sqlx::query_scalar(EVENT).bind(id).bind(now).fetch_optional(c).await)?;
    Ok(new.is_some())
}

/// Forgets what the provider told before `until`: it repeats nothing that old.
pub async fn forget_events(tx: &mut WriteTx, until: Timestamp) -> Result<(), Error> {
    on!(tx, c => sqlx::query(FORGET_EVENTS).bind(until.micros()).execute(c).await.map(drop))
}

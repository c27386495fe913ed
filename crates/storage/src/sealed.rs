//! Every column that holds sealed text, for giving it another key. Who adds such a column adds it here.

use domain::authz::cap::KeysRotate;

use crate::authz::Granted;
use crate::error::Error;
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

/// Values read at a time.
pub const BATCH: usize = 200;

queries! {
    OTHER_ORG_SECRETS = "SELECT id, sealed FROM organization_secret WHERE id > $1 AND sealed NOT LIKE $2 ORDER BY id LIMIT 200";
    SET_ORG_SECRET = "UPDATE organization_secret SET sealed = $3 WHERE id = $1 AND sealed = $2 RETURNING id";
    OTHER_CLOUD_SECRETS = "SELECT id, sealed_secret FROM cloud_account WHERE id > $1 AND sealed_secret NOT LIKE $2 ORDER BY id LIMIT 200";
    SET_CLOUD_SECRET = "UPDATE cloud_account SET sealed_secret = $3 WHERE id = $1 AND sealed_secret = $2 RETURNING id";
    OTHER_MAILS = "SELECT id, sealed_body FROM mail
        WHERE id > $1 AND sealed_body <> '' AND sealed_body NOT LIKE $2 ORDER BY id LIMIT 200";
    OTHER_REPORT_TOKENS = "SELECT id, sealed_token FROM report_recipient WHERE id > $1 AND sealed_token NOT LIKE $2 ORDER BY id LIMIT 200";
    SET_REPORT_TOKEN = "UPDATE report_recipient SET sealed_token = $3 WHERE id = $1 AND sealed_token = $2 RETURNING id";
    OTHER_STREAM_SECRETS = "SELECT org_id, sealed_secret FROM audit_stream
        WHERE org_id > $1 AND sealed_secret NOT LIKE $2 ORDER BY org_id LIMIT 200";
    SET_STREAM_SECRET = "UPDATE audit_stream SET sealed_secret = $3 WHERE org_id = $1 AND sealed_secret = $2 RETURNING org_id";
    SET_MAIL = "UPDATE mail SET sealed_body = $3 WHERE id = $1 AND sealed_body = $2 RETURNING id";
}

/// A column of sealed text.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// What its values are bound to, before their row's id.
    place: &'static str,
    others: &'static str,
    set: &'static str,
}

impl Column {
    /// What the value of the row with this id is bound to.
    pub fn place(&self, id: impl std::fmt::Display) -> String {
        format!("{}:{id}", self.place)
    }
}

pub const ORG_SECRET: Column = Column { place: "organization_secret", others: OTHER_ORG_SECRETS, set: SET_ORG_SECRET };
pub const CLOUD_SECRET: Column = Column { place: "cloud_account", others: OTHER_CLOUD_SECRETS, set: SET_CLOUD_SECRET };

pub const MAIL_BODY: Column = Column { place: "mail", others: OTHER_MAILS, set: SET_MAIL };

pub const REPORT_TOKEN: Column =
    Column { place: "report_recipient", others: OTHER_REPORT_TOKENS, set: SET_REPORT_TOKEN };

/// Its rows go by their organization's id.
pub const STREAM_SECRET: Column =
    Column { place: "audit_stream", others: OTHER_STREAM_SECRETS, set: SET_STREAM_SECRET };

pub const COLUMNS: [Column; 5] = [ORG_SECRET, CLOUD_SECRET, MAIL_BODY, REPORT_TOKEN, STREAM_SECRET];

/// At most [`BATCH`] rows after `after` whose value another key than `key` seals, as (id, sealed).
pub async fn under_other_keys(
    tx: &mut Tx,
    grant: &Granted<KeysRotate>,
    column: Column,
    key: &str,
    after: &str,
) -> Result<Vec<(String, String)>, Error> {
    grant.check(tx)?;
    on!(tx, c => sqlx::query_as(column.others).bind(after).bind(format!("{key}.%")).fetch_all(c).await)
}

/// Replaces a sealed text, unless it was changed meanwhile.
pub async fn replace(
    tx: &mut WriteTx,
    grant: &Granted<KeysRotate>,
    column: Column,
    id: &str,
    before: &str,
    after: &str,
) -> Result<bool, Error> {
    grant.check(tx)?;
    let done: Option<String> =
        on!(tx, c => sqlx::query_scalar(column.set).bind(id).bind(before).bind(after).fetch_optional(c).await)?;
    Ok(done.is_some())
}

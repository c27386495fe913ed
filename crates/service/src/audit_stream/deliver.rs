use std::sync::Arc;
use std::time::Duration;

use domain::audit_stream::batch_key;
use domain::id::OrgId;
use domain::job::backoff;
use storage::Audit;
use storage::audit_stream::{self, Delivery};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::audit::json_line;
use crate::ctx::{Ctx, Services};
use crate::error::Error;
use crate::ports::ConnectorError;

/// Streams that are delivered at the same time.
const AT_ONCE: usize = 16;
/// Entries of one delivery, in bytes, as they stand in the chain.
const BYTES_MAX: usize = 512 * 1024;

/// Delivers as long as the process runs: looks about each second, and no receiver keeps another waiting.
pub(crate) async fn deliver_forever(services: &Arc<Services>) {
    let ctx = Ctx::system(Arc::clone(services));
    let mut under_way = JoinSet::new();
    loop {
        while under_way.try_join_next().is_some() {}
        match due(&ctx, AT_ONCE - under_way.len()).await {
            Ok(due) => due.into_iter().for_each(|org| drop(under_way.spawn(deliver_all(ctx.clone(), org)))),
            Err(error) => tracing::error!(%error, "streams of audit logs could not be looked for"),
        }
        // Jittered, so that many processes don't ask in step.
        let [jitter] = services.random::<1>();
        sleep(Duration::from_millis(800 + u64::from(jitter) * 2)).await;
    }
}

/// Delivers whatever is due and answers how many batches were sent. Tests turn this crank.
pub async fn deliver_due(services: &Arc<Services>) -> Result<usize, Error> {
    let ctx = Ctx::system(Arc::clone(services));
    let mut under_way = JoinSet::new();
    for org in due(&ctx, AT_ONCE).await? {
        under_way.spawn(deliver_all(ctx.clone(), org));
    }
    Ok(under_way.join_all().await.into_iter().sum())
}

async fn due(ctx: &Ctx, limit: usize) -> Result<Vec<OrgId>, Error> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    Ok(audit_stream::due(&mut *ctx.read().await?, ctx.now(), limit as i64).await?)
}

/// Delivers a stream's entries until none waits, or one doesn't arrive.
async fn deliver_all(ctx: Ctx, org: OrgId) -> usize {
    let mut sent = 0;
    loop {
        match deliver(&ctx, org).await {
            Ok(Some(arrived)) => {
                sent += 1;
                if !arrived {
                    return sent;
                }
            }
            Ok(None) => return sent,
            Err(Error::Storage(storage::Error::LeaseLost)) => {
                tracing::warn!(%org, "another process took the stream over, or it was changed");
                return sent;
            }
            Err(error) => {
                tracing::error!(%org, %error, "a stream of an audit log failed; it is tried again");
                return sent;
            }
        }
    }
}

/// Sends the next batch and answers whether it arrived; `None` when there is nothing to send here.
async fn deliver(ctx: &Ctx, org: OrgId) -> Result<Option<bool>, Error> {
    let mut tx = ctx.write().await?;
    let Some(delivery) = audit_stream::claim(&mut tx, org, BYTES_MAX).await? else { return Ok(None) };
    tx.commit(Audit::none("who delivers entries changes nothing")).await?;
    let outcome = match super::receiver(ctx, org, delivery.url.clone(), &delivery.sealed_secret) {
        // Whoever was held up this long sends nothing late.
        Ok(_) if ctx.now() >= delivery.until => return Ok(None),
        Ok(to) => {
            let (key, body) = batch(&delivery);
            ctx.services().connectors().deliver(&to, &body, &key).await
        }
        // A key that is missing may come back.
        Err(error) => Err(ConnectorError::Forbidden(format!("The secret can't be read: {error}."))),
    };
    let mut tx = ctx.write().await?;
    match &outcome {
        Ok(()) => audit_stream::delivered(&mut tx, &delivery).await?,
        Err(error) => {
            tracing::warn!(%org, %error, "entries of an audit log didn't arrive");
            audit_stream::failed(&mut tx, &delivery, &error.to_string(), backoff).await?;
        }
    }
    tx.commit(Audit::none("entries that are logged already")).await?;
    Ok(Some(outcome.is_ok()))
}

/// A batch's key and its body, which are the same for every attempt.
fn batch(delivery: &Delivery) -> (String, String) {
    let (Some(first), Some(last)) = (delivery.entries.first(), delivery.entries.last()) else {
        return Default::default();
    };
    let (first, last, at) = (first.row.seq, last.row.seq, last.row.at.precise());
    let entries: Vec<String> = delivery.entries.iter().map(json_line).collect();
    let body = format!(
        "{{\"type\":\"audit.entries\",\"timestamp\":\"{at}\",\"data\":{{\"organization\":{{\"id\":\"{}\"}},\"first\":{first},\"last\":{last},\"entries\":[{}]}}}}",
        delivery.org,
        entries.join(",")
    );
    (batch_key(delivery.org, first, last), body)
}

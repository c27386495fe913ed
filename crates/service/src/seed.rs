//! Many organizations for measuring; only the command line's hidden `seed` comes here.

use domain::Timestamp;
use domain::id::OrgId;
use domain::name::{DisplayName, Handle};
use domain::time::Span;
use storage::Audit;

use crate::ctx::Ctx;
use crate::error::Error;

const ADJECTIVES: [&str; 10] =
    ["Amber", "Brisk", "Coastal", "Distant", "Eastern", "Fluent", "Granite", "Hollow", "Inland", "Jagged"];
const NOUNS: [&str; 10] =
    ["Labs", "Foundry", "Robotics", "Observatory", "Institute", "Works", "Motors", "Analytics", "Energy", "Studio"];
/// Organizations a transaction.
const BATCH: usize = 2_000;

/// Adds `count` active organizations with plausible names, the first numbered `from`.
pub async fn organizations(ctx: &Ctx, from: usize, count: usize) -> Result<(), Error> {
    let start = ctx.now().minus(Span::days(365));
    let mut orgs: Vec<(OrgId, Handle, DisplayName, Timestamp)> = Vec::with_capacity(BATCH);
    for n in from..from + count {
        let (adjective, noun) = (ADJECTIVES[n % 10], NOUNS[n / 10 % 10]);
        let name = format!("{adjective} {noun} {n}");
        let handle = format!("{}-{}-{n}", adjective.to_lowercase(), noun.to_lowercase());
        if let (Ok(handle), Ok(name)) = (Handle::parse(&handle), DisplayName::parse(&name)) {
            let at = start.plus(Span::from_seconds(i64::try_from(n).unwrap_or(0)));
            orgs.push((ctx.new_id(OrgId::new), handle, name, at));
        }
        if orgs.len() == BATCH || n + 1 == from + count {
            let mut tx = ctx.write().await?;
            storage::seed::organizations(&mut tx, &orgs).await?;
            tx.commit(Audit::none("made-up organizations for measuring")).await?;
            orgs.clear();
        }
    }
    Ok(())
}

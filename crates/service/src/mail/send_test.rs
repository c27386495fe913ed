use domain::Fault;
use domain::authz::cap::MailWrite;
use domain::mail::{MailKind, MailRow};
use storage::Audit;
use storage::authz::{Granted, Target};

use super::{Draft, Letter, Part, enqueue};
use crate::ctx::Ctx;
use crate::error::Error;

/// Mails the administrator who asks, to see that mail arrives.
pub async fn send_test(ctx: &Ctx) -> Result<MailRow, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<MailWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let letter = Letter {
        parts: vec![
            Part::Text(format!("Hello {},", viewer.name)),
            Part::Text("this is the test mail you asked for. That you read it shows that mail arrives.".to_owned()),
            Part::List(vec![format!("Sent to {}", viewer.email), format!("Asked for on {}", ctx.now().short())]),
        ],
        why: "you pressed “Send test mail to me”.".to_owned(),
        unsubscribe: None,
    };
    let draft = Draft {
        to: &viewer.email,
        person: Some(viewer.id),
        org: None,
        kind: MailKind::Test,
        subject: "Test mail".to_owned(),
        letter,
        files: Vec::new(),
        dedupe_key: None,
    };
    let id = enqueue(ctx, &mut tx, draft).await?.ok_or(Fault::NotFound)?;
    let row = storage::mail::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    tx.commit(Audit::none("a mail to whoever asks, which the outbox shows")).await?;
    ctx.services().jobs.notify_one();
    Ok(row)
}

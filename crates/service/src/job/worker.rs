use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use domain::time::Span;
use tokio::time::timeout;

use crate::ctx::Services;

/// About ten seconds.
const ROUNDS_BETWEEN_NOTES: u64 = 10;
/// Reports, tokens that are about to expire, members and caps are looked for this often.
const BETWEEN_REPORTS: Span = Span::from_seconds(60);

/// Runs jobs and delivers streams until `shutdown`.
pub async fn run_worker(services: Arc<Services>, shutdown: impl Future<Output = ()>) {
    tokio::select! {
        () = run_jobs(&services) => {}
        () = crate::audit_stream::deliver_forever(&services) => {}
        () = shutdown => {}
    }
    note(&services).await;
}

/// Woken by commits of this process, and about each second for those of others.
async fn run_jobs(services: &Arc<Services>) {
    let mut looked: Option<Timestamp> = None;
    for n in 1_u64.. {
        if n.is_multiple_of(ROUNDS_BETWEEN_NOTES) {
            note(services).await;
        }
        let now = services.now();
        // Also when the clock was set back.
        if looked.is_none_or(|at| at > now || now.since(at) >= BETWEEN_REPORTS) {
            looked = Some(now);
            if let Err(error) = crate::report::send_due(services).await {
                tracing::error!(error = %error, "due reports could not be looked for");
            }
            if let Err(error) = crate::token::warn_expiring(services).await {
                tracing::error!(error = %error, "expiring tokens could not be looked for");
            }
            if let Err(error) = crate::billing::warn_trials(services).await {
                tracing::error!(error = %error, "trials could not be looked for");
            }
            if let Err(error) = crate::billing::remind_due(services).await {
                tracing::error!(error = %error, "overdue invoices could not be looked for");
            }
            if let Err(error) = crate::usage::look(services).await {
                tracing::error!(error = %error, "members could not be counted, nor caps looked at");
            }
        }
        if let Err(error) = crate::billing::turn_due(services).await {
            tracing::error!(error = %error, "cycles could not be looked for");
        }
        if let Err(error) = crate::usage::check_changed(services).await {
            tracing::error!(error = %error, "limits of use could not be looked for");
        }
        if let Err(error) = super::run_due(services).await {
            tracing::error!(error = %error, "the job worker failed; it goes on");
        }
        // Jittered, so that many processes don't ask in step.
        let [jitter] = services.random::<1>();
        let pause = Duration::from_millis(800 + u64::from(jitter) * 2);
        let _woken = timeout(pause, services.jobs.notified()).await;
    }
}

/// What requests only counted in memory.
async fn note(services: &Arc<Services>) {
    if let Err(error) = super::write_down_use(services).await {
        tracing::warn!(error = %error, "counters of use could not be written down");
    }
}

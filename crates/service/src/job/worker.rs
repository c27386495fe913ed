use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::ctx::Services;

/// Runs jobs until `shutdown`: woken by commits of this process, and about each second for those of others.
pub async fn run_worker(services: Arc<Services>, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        let round = async {
            if let Err(error) = super::run_due(&services).await {
                tracing::error!(error = %error, "the job worker failed; it goes on");
            }
            // Jittered, so that many processes don't ask in step.
            let [jitter] = services.random::<1>();
            let pause = Duration::from_millis(800 + u64::from(jitter) * 2);
            let _woken = timeout(pause, services.jobs.notified()).await;
        };
        tokio::select! {
            () = round => {}
            () = &mut shutdown => return,
        }
    }
}

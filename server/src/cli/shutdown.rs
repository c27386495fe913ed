//! When to stop.

use tokio::sync::watch;

/// Waits for SIGTERM or Ctrl+C.
pub async fn requested() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "Ctrl+C can't be received");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::error!(%error, "SIGTERM can't be received");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending::<()>().await;
}

/// Waits until the sender says so, or is gone.
pub async fn told(mut stop: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is the same wish.
    let _ = stop.wait_for(|stop| *stop).await;
}

//! `tenantry serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use service::{Ctx, Services};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{Stop, instance, logging, shutdown};
use crate::config::Config;
use crate::http::{Addresses, Server, router};
use crate::site::Site;

/// How long requests and the worker may go on after the wish to stop.
const PATIENCE: Duration = Duration::from_secs(10);

pub fn run(config: Config) -> Result<(), Stop> {
    instance::require_key(&config)?;
    logging::start(&config)?;
    instance::runtime()?.block_on(serve(config))
}

async fn serve(mut config: Config) -> Result<(), Stop> {
    let site = Site::of_this_process().map_err(|error| Stop::failed(error.to_string()))?;
    // Before the database is touched: a second server on the same port stops here. Early clients wait in the backlog.
    let refused = format!("Connections on {} can't be accepted", config.listen);
    let listener = TcpListener::bind(config.listen).await.map_err(Stop::because(&refused))?;
    // Port 0 stands for a free one.
    config.listen = listener.local_addr().map_err(Stop::because(&refused))?;
    let services = instance::open(&config).await?;
    let system = Ctx::system(Arc::clone(&services));
    let setup_link = service::setup::ensure_link(&system).await.map_err(Stop::because("The first-run link"))?;
    let addresses = Addresses {
        public_url: config.public_url(),
        is_configured: config.knows_public_url(),
        trusted_proxies: config.trusted_proxies.clone(),
    };
    let server = Server::new(Arc::clone(&services), site, addresses);
    let app = router(&server).into_make_service_with_connect_info::<SocketAddr>();
    greet(&config, setup_link.as_deref());

    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(service::job::run_worker(Arc::clone(&services), shutdown::told(stopped.clone())));
    let listener = listener.tap_io(|connection| {
        // Small answers shouldn't wait for more; should it fail, they are only later.
        let _ = connection.set_nodelay(true);
    });
    let accepting = axum::serve(listener, app).with_graceful_shutdown(shutdown::told(stopped));
    let mut accepting = tokio::spawn(async move { accepting.await });

    let ended = tokio::select! {
        () = shutdown::requested() => None,
        ended = &mut accepting => Some(ended),
    };
    tracing::info!("stopping");
    stop.send_replace(true);
    server.stop();
    if ended.is_none() && timeout(PATIENCE, &mut accepting).await.is_err() {
        tracing::warn!("requests still running after {} seconds were cut off", PATIENCE.as_secs());
        accepting.abort();
    }
    finish(worker, &services).await;
    match ended {
        Some(ended) => Err(Stop::failed(format!("Serving ended by itself: {ended:?}"))),
        None => Ok(()),
    }
}

/// Lets the worker put down its job and closes the database.
async fn finish(mut worker: JoinHandle<()>, services: &Arc<Services>) {
    if timeout(PATIENCE, &mut worker).await.is_err() {
        // Its lease runs out and another process takes the job up where it was.
        worker.abort();
    }
    // What the last requests counted.
    if let Err(error) = service::job::write_down_use(services).await {
        tracing::warn!(%error, "counters of use could not be written down");
    }
    services.db().close().await;
    tracing::info!("stopped");
}

/// On standard output, apart from the log: what a person who starts it by hand looks for.
fn greet(config: &Config, setup_link: Option<&str>) {
    println!("Tenantry {} serves {}", env!("CARGO_PKG_VERSION"), config.public_url());
    println!("Data: {}", config.database_shown());
    if let Some(link) = setup_link {
        println!(
            "\nNobody administers this instance yet. Open this link once to become its first administrator:\n\n    {link}\n"
        );
    }
}

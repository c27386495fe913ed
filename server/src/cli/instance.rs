//! What every command that touches data begins with: the folder, the database, the services.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use integrations::{Argon2Passwords, OsRng, SystemClock};
use service::{Options, Parts, Services};
use storage::Db;
use tokio::runtime::{Builder, Runtime};

use super::Stop;
use crate::config::Config;

/// A runtime with one worker for each core, at least two, so that one slow task never stops the accept loop.
pub fn runtime() -> Result<Runtime, Stop> {
    let workers = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
    Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .map_err(Stop::because("The runtime could not be started"))
}

/// The services over a database whose schema nothing is done to.
pub async fn open_as_it_is(config: &Config) -> Result<Services, Stop> {
    let db = connect(config).await?;
    let parts = Parts {
        db,
        clock: Arc::new(SystemClock),
        rng: Arc::new(OsRng),
        passwords: Arc::new(Argon2Passwords::default()),
        options: Options {
            public_url: config.public_url().to_string(),
            administration_token: config.administration_token.clone(),
        },
    };
    Ok(Services::new(parts))
}

/// The services over a database of the current schema.
pub async fn open(config: &Config) -> Result<Arc<Services>, Stop> {
    let services = open_as_it_is(config).await?;
    let applied = services.db().migrate(services.now()).await.map_err(Stop::because("The database"))?;
    for name in &applied {
        tracing::info!(name, "migrated");
    }
    Ok(Arc::new(services))
}

async fn connect(config: &Config) -> Result<Db, Stop> {
    let options = match &config.database_url {
        Some(url) => storage::Options::Postgres(url.expose().to_owned()),
        None => {
            make_private_folder(&config.data_dir)
                .map_err(Stop::because(&format!("The folder {}", config.data_dir.display())))?;
            storage::Options::Sqlite(config.database_file())
        }
    };
    let shown = config.database_shown();
    Db::connect(&options).await.map_err(|error| match error {
        // At this point nobody can be in the way.
        storage::Error::Busy => Stop::failed(format!("The database {shown} does not answer.")),
        error => Stop::failed(format!("The database {shown}: {error}")),
    })
}

/// Makes the folder for its owner alone; an existing one keeps its permissions.
fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

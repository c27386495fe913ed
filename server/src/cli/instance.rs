//! What every command that touches data begins with: the folder, the database, the services.

use std::sync::Arc;

use integrations::{
    Argon2Passwords, FileKeys, FixedKeys, GuardedConnectors, LocalDocuments, LocalImages, OsRng, Outbound, SmtpMailer,
    StoredObjects, StripePayments, SystemClock,
};
use service::ports::{Keys, Mailer, Payments};
use service::{Options, Parts, Services};
use storage::Db;
use tokio::runtime::{Builder, Runtime};

use super::{Stop, private_file};
use crate::config::{BillingProvider, Config};

/// A runtime with one worker for each core, at least two, so that one slow task never stops the accept loop.
pub fn runtime() -> Result<Runtime, Stop> {
    let workers = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
    Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .map_err(Stop::because("The runtime could not be started"))
}

/// For commands that are about data: they make no database where there is none.
pub fn refuse_if_missing(config: &Config) -> Result<(), Stop> {
    if config.is_embedded() && !config.database_file().exists() {
        return Err(Stop::failed(format!("There is no database {}.", config.database_shown())));
    }
    Ok(())
}

/// The services over a database whose schema nothing is done to.
pub async fn open_as_it_is(config: &Config) -> Result<Services, Stop> {
    let db = connect(config).await?;
    let outbound = Arc::new(Outbound::system(config.outbound_allow.clone()));
    let mailer = match &config.smtp_url {
        Some(url) => {
            let from = config.mail_from().map_err(Stop::usage)?;
            let mailer = SmtpMailer::new(url, from).map_err(Stop::because("The mail server's address"))?;
            Some(Arc::new(mailer) as Arc<dyn Mailer>)
        }
        None => None,
    };
    let objects = match &config.objects_url {
        Some(url) => StoredObjects::s3(url, &config.s3).map_err(Stop::because("The bucket"))?,
        None => StoredObjects::local(config.objects_dir()),
    };
    let payments = payments(config, &outbound)?;
    let parts = Parts {
        db,
        clock: Arc::new(SystemClock),
        rng: Arc::new(OsRng),
        passwords: Arc::new(Argon2Passwords::default()),
        keys: keys(config)?,
        connectors: Arc::new(GuardedConnectors::new(outbound, Arc::new(SystemClock), Arc::new(OsRng))),
        mailer,
        images: Arc::new(LocalImages::new()),
        documents: Arc::new(LocalDocuments::new()),
        objects: Arc::new(objects),
        payments,
        options: Options {
            public_url: config.public_url().to_string(),
            administration_token: config.administration_token.clone(),
            rate_limits: config.rate_limits,
            issuer: config.issuer(),
        },
    };
    Ok(Services::new(parts))
}

/// Whoever holds cards; the platform's team needs none.
fn payments(config: &Config, outbound: &Arc<Outbound>) -> Result<Option<Arc<dyn Payments>>, Stop> {
    match config.billing_provider {
        BillingProvider::Manual => Ok(None),
        BillingProvider::Stripe => {
            let stripe = StripePayments::new(&config.stripe, Arc::clone(outbound)).map_err(Stop::because("Stripe"))?;
            Ok(Some(Arc::new(stripe)))
        }
    }
}

/// What encrypts secrets; no keys at all for a database elsewhere that none were configured for.
fn keys(config: &Config) -> Result<Arc<dyn Keys>, Stop> {
    let Some(path) = config.encryption_key_file() else {
        return Ok(Arc::new(FixedKeys(config.encryption_keys.clone())));
    };
    let opened = if config.makes_key_file() { FileKeys::open_or_make(&path) } else { FileKeys::open(&path) };
    Ok(Arc::new(opened.map_err(Stop::because(&format!("The encryption keys in {}", path.display())))?))
}

/// Serving without a key would leave secrets that nothing can be done with.
pub fn require_key(config: &Config) -> Result<(), Stop> {
    if config.encryption_keys.is_empty() && config.encryption_key_file().is_none() {
        return Err(Stop::usage(
            "With DATABASE_URL an encryption key is needed, the same for every server: set TENANTRY_ENCRYPTION_KEY_FILE or \
             TENANTRY_ENCRYPTION_KEY. `openssl rand -base64 32` makes one. Nothing was started.",
        ));
    }
    Ok(())
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
            private_file::make_folder(&config.data_dir)
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

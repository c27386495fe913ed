//! `tenantry keys`: the keys that stored secrets are encrypted with.

use std::sync::Arc;

use clap::Subcommand;
use service::Ctx;

use super::{Settings, Stop, instance, logging};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Encrypt every stored secret under a new key
    #[command(after_help = "\
With a key file, a new key is put before those in it, and servers that read the file use it at once. With keys from \
TENANTRY_ENCRYPTION_KEY, put the new one before the old one there, restart every server, then run this. Servers go on \
meanwhile. The old key stays where it is until `tenantry keys forget`.")]
    Rotate {
        #[command(flatten)]
        settings: Settings,
    },
    /// Remove old keys that nothing is encrypted under from the key file
    #[command(after_help = "\
Refused while a stored secret still needs an old key. A backup from before the rotation needs it too: keep a copy as \
long as you keep the backup.")]
    Forget {
        #[command(flatten)]
        settings: Settings,
    },
}

pub fn run(command: KeysCommand) -> Result<(), Stop> {
    let (settings, rotates) = match command {
        KeysCommand::Rotate { settings } => (settings, true),
        KeysCommand::Forget { settings } => (settings, false),
    };
    let config = settings.load()?.config;
    instance::require_key(&config)?;
    logging::start(&config)?;
    instance::runtime()?.block_on(async { if rotates { rotate(&config).await } else { forget(&config).await } })
}

async fn rotate(config: &Config) -> Result<(), Stop> {
    let services = instance::open(config).await?;
    if let Some(path) = config.encryption_key_file() {
        let id = integrations::add_key(&path).map_err(Stop::because(&format!("The key file {}", path.display())))?;
        println!("The new key {id} stands first in {}.", path.display());
    }
    let rotated = service::keys::rotate(&Ctx::system(Arc::clone(&services))).await;
    services.db().close().await;
    let values = rotated.map_err(Stop::because("The secrets"))?;
    println!("{values} secrets were put under the current key.");
    Ok(())
}

async fn forget(config: &Config) -> Result<(), Stop> {
    let Some(path) = config.encryption_key_file() else {
        return Err(Stop::usage("The keys stand in the configuration; take the old ones out there."));
    };
    let services = instance::open(config).await?;
    let in_use = service::keys::in_use(&Ctx::system(Arc::clone(&services))).await;
    services.db().close().await;
    if in_use.map_err(Stop::because("The secrets"))? {
        return Err(Stop::failed("A stored secret still needs an old key. Run `tenantry keys rotate` first."));
    }
    let dropped =
        integrations::drop_older_keys(&path).map_err(Stop::because(&format!("The key file {}", path.display())))?;
    match dropped.as_slice() {
        [] => println!("There are no old keys in {}.", path.display()),
        keys => println!("Removed from {}: {}", path.display(), keys.join(", ")),
    }
    Ok(())
}

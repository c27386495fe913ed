//! `tenantry usage`: what organizations used.

use std::sync::Arc;

use clap::Subcommand;
use service::Ctx;
use service::usage::Rebuilt;

use super::{Settings, Stop, instance, logging};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub enum UsageCommand {
    /// Reckon what days come to anew, from every event
    #[command(after_help = "\
Servers go on meanwhile: a day of an organization is reckoned at a time. It says how many rows weren't what their events \
come to; nothing but a fault, or a hand in the database, makes there be any.")]
    Rebuild {
        /// Only this organization's, by its handle
        #[arg(long, value_name = "HANDLE")]
        organization: Option<String>,
        #[command(flatten)]
        settings: Settings,
    },
}

pub fn run(command: UsageCommand) -> Result<(), Stop> {
    let UsageCommand::Rebuild { organization, settings } = command;
    let config = settings.load()?.config;
    logging::start(&config)?;
    instance::runtime()?.block_on(rebuild(&config, organization.as_deref()))
}

async fn rebuild(config: &Config, organization: Option<&str>) -> Result<(), Stop> {
    let services = instance::open(config).await?;
    let rebuilt = service::usage::rebuild(&Ctx::system(Arc::clone(&services)), organization).await;
    services.db().close().await;
    let Rebuilt { organizations, days, mended } = rebuilt.map_err(Stop::because("The roll-ups"))?;
    println!("{days} days of {organizations} organizations were reckoned anew; {mended} rows were mended.");
    Ok(())
}

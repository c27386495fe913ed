//! Commands on the database itself.

use service::Ctx;

use super::{Stop, instance, logging};
use crate::config::Config;

/// `tenantry migrate`.
pub fn migrate(config: Config) -> Result<(), Stop> {
    logging::start(&config)?;
    instance::runtime()?.block_on(async {
        let services = instance::open(&config).await?;
        services.db().close().await;
        println!("{} is up to date.", config.database_shown());
        Ok(())
    })
}

/// `tenantry demo`.
pub fn demo(config: Config) -> Result<(), Stop> {
    logging::start(&config)?;
    instance::runtime()?.block_on(async {
        let services = instance::open(&config).await?;
        let lines = service::demo::fill(&services).await.map_err(Stop::because("The demonstration"))?;
        services.db().close().await;
        for line in lines {
            println!("{line}");
        }
        Ok(())
    })
}

/// `tenantry seed`.
pub fn seed(config: Config, organizations: usize, usage_events: Option<usize>) -> Result<(), Stop> {
    logging::start(&config)?;
    instance::runtime()?.block_on(async {
        let services = instance::open(&config).await?;
        service::seed::organizations(&Ctx::system(services.clone()), 1, organizations)
            .await
            .map_err(Stop::because("The organizations"))?;
        if let Some(events) = usage_events {
            let seeded = service::seed::usage(&Ctx::system(services.clone()), events).await;
            seeded.map_err(Stop::because("The use"))?;
        }
        services.db().close().await;
        println!("{organizations} organizations were created.");
        Ok(())
    })
}

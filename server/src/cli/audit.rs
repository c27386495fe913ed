//! `tenantry audit verify`.

use std::sync::Arc;

use clap::Subcommand;
use service::Ctx;
use storage::audit::Problem;

use super::{Settings, Stop, instance, logging};

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check every chain of the audit log from its first entry to its head
    #[command(after_help = "\
Each entry holds its predecessor's hash, so an entry that was edited, removed or reordered shows, and so does a chain \
that was cut. An edited entry whose hash was made anew shows in the entry after it. Exits with 1 and names them.")]
    Verify {
        #[command(flatten)]
        settings: Settings,
    },
}

pub fn run(command: AuditCommand) -> Result<(), Stop> {
    let AuditCommand::Verify { settings } = command;
    let config = settings.load()?.config;
    logging::start(&config)?;
    instance::runtime()?.block_on(async {
        if config.is_embedded() && !config.database_file().exists() {
            return Err(Stop::failed(format!("There is no database {}.", config.database_shown())));
        }
        let services = Arc::new(instance::open_as_it_is(&config).await?);
        let ctx = Ctx::system(services.clone());
        let verified = service::audit::verify(&ctx).await;
        services.db().close().await;
        let (chains, problems) = verified.map_err(Stop::because("The audit log"))?;
        if problems.is_empty() {
            println!("{chains} chains are whole.");
            return Ok(());
        }
        let lines: Vec<String> = problems.iter().map(words).collect();
        Err(Stop::failed(format!("The audit log was changed:\n{}", lines.join("\n"))))
    })
}

fn words(problem: &Problem) -> String {
    match problem {
        Problem::Altered { chain, seq } => format!("  {chain}: entry {seq} was edited or put in another's place"),
        Problem::Gap { chain, seq } => format!("  {chain}: entries are missing before {seq}"),
        Problem::Truncated { chain, head, last } => format!("  {chain}: ends with {last} instead of {head}"),
        Problem::Headless { chain } => format!("  {chain}: has entries and no head"),
        Problem::SealBroken { chain } => format!("  {chain}: doesn't end as the instance's chain says"),
        Problem::HeadAltered { chain } => format!("  {chain}: its head isn't the hash of its last entry"),
        Problem::Shortened { chain, signed, last } => {
            format!("  {chain}: ends with {last}, and the checkpoint has signed {signed} entries")
        }
        Problem::Rewritten { chain, signed } => {
            format!(
                "  {chain}: entry {signed} isn't the one the checkpoint has signed; it or one before it was made anew"
            )
        }
        Problem::Missing { chain } => {
            format!("  {chain}: the checkpoint has signed it, it is gone, and the instance's chain has no seal of it")
        }
    }
}

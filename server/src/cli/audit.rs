//! `tenantry audit …`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;
use service::audit::{Checkpoint, PublicKey};
use service::{Ctx, Error};
use storage::audit::Problem;

use super::{Settings, Stop, audit_key, instance, logging};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check every chain of the audit log from its first entry to its head
    #[command(after_help = "\
Each entry holds its predecessor's hash, so an entry that was edited, removed or reordered shows, and so does a chain \
that was cut. An edited entry whose hash was made anew shows in the entry after it. Whoever makes all hashes anew, the \
head included, is found by a checkpoint only. Exits with 1 and names what was changed.")]
    Verify {
        /// Also check that every chain still holds what this checkpoint has signed
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        /// The key that must have signed the checkpoint [default: that of the local key file]
        #[arg(long, value_name = "HEX", requires = "checkpoint", value_parser = PublicKey::parse)]
        public_key: Option<PublicKey>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Sign where every chain of the audit log ends now
    #[command(after_help = "\
Keep checkpoints where nobody who can write to the database can change them. The key is made at the first use, in \
`audit-signing.key` of the data folder or the file that `audit_key_file` names.

Example:
  tenantry audit checkpoint --out /mnt/worm/$(date +%F).json")]
    Checkpoint {
        /// Write it to this file instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        settings: Settings,
    },
}

pub fn run(command: AuditCommand) -> Result<(), Stop> {
    match command {
        AuditCommand::Verify { checkpoint, public_key, settings } => verify(settings, checkpoint, public_key),
        AuditCommand::Checkpoint { out, settings } => checkpoint(settings, out),
    }
}

fn verify(settings: Settings, file: Option<PathBuf>, public_key: Option<PublicKey>) -> Result<(), Stop> {
    let config = begin(settings)?;
    let checkpoint = file.map(|file| read_checkpoint(&config, file, public_key)).transpose()?;
    let (chains, problems) = with_log(&config, async |ctx: &Ctx| match &checkpoint {
        Some((checkpoint, _)) => service::audit::verify_against(ctx, checkpoint).await,
        None => service::audit::verify(ctx).await,
    })?;
    if !problems.is_empty() {
        let lines: Vec<String> = problems.iter().map(words).collect();
        return Err(Stop::failed(format!("The audit log was changed:\n{}", lines.join("\n"))));
    }
    println!("{chains} chains are whole.");
    if let Some((checkpoint, trusted)) = checkpoint {
        println!("What the checkpoint of {} has signed of {} still stands.", checkpoint.at(), checkpoint.chains());
        println!("It was signed with {trusted}.");
    }
    Ok(())
}

fn checkpoint(settings: Settings, out: Option<PathBuf>) -> Result<(), Stop> {
    let config = begin(settings)?;
    let key = audit_key::file(&config)?;
    let key = audit_key::read_or_make(&key)?;
    let checkpoint = with_log(&config, async |ctx: &Ctx| service::audit::checkpoint(ctx, &key).await)?;
    match out {
        Some(file) => {
            std::fs::write(&file, checkpoint.text()).map_err(Stop::because(&file.display().to_string()))?;
            println!("Signed where {} chains end, in {}.", checkpoint.chains(), file.display());
            println!("Public key: {}", key.public());
        }
        None => {
            print!("{}", checkpoint.text());
            eprintln!("Public key: {}", key.public());
        }
    }
    Ok(())
}

/// The checkpoint in a file, once a key that is trusted has vouched for it, and which key that is.
fn read_checkpoint(
    config: &Config,
    file: PathBuf,
    public_key: Option<PublicKey>,
) -> Result<(Checkpoint, String), Stop> {
    let (trusted, named) = match public_key {
        Some(key) => (key, format!("the key that was named, {key}")),
        None => {
            let key_file = audit_key::file(config)?;
            let key = audit_key::read(&key_file)?.ok_or_else(|| {
                let file = key_file.display();
                Stop::usage(format!("There is no key {file} to check the checkpoint by. Name one by --public-key."))
            })?;
            (key.public(), format!("the key in {}, {}", key_file.display(), key.public()))
        }
    };
    let place = format!("The checkpoint {}", file.display());
    let text = std::fs::read_to_string(&file).map_err(Stop::because(&place))?;
    Ok((Checkpoint::parse(&text, &trusted).map_err(Stop::because(&place))?, named))
}

fn begin(settings: Settings) -> Result<Config, Stop> {
    let config = settings.load()?.config;
    logging::start(&config)?;
    instance::refuse_if_missing(&config)?;
    Ok(config)
}

/// Runs a verb on the database as it is: a check brings no schema up to date.
fn with_log<T>(config: &Config, verb: impl AsyncFnOnce(&Ctx) -> Result<T, Error>) -> Result<T, Stop> {
    instance::runtime()?.block_on(async {
        let services = Arc::new(instance::open_as_it_is(config).await?);
        let ctx = Ctx::system(services.clone());
        let done = verb(&ctx).await;
        services.db().close().await;
        done.map_err(Stop::because("The audit log"))
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
            format!("  {chain}: ends with entry {last}, and the checkpoint has signed {signed}")
        }
        Problem::Rewritten { chain, signed } => {
            format!(
                "  {chain}: entry {signed} isn't the one the checkpoint has signed; it or one before it was made anew"
            )
        }
        Problem::Missing { chain } => {
            format!(
                "  {chain}: is gone, though the checkpoint has signed it and the instance's chain has no seal of it"
            )
        }
    }
}

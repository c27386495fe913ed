//! `tenantry user …`.

use std::io::{IsTerminal, Read, Write};
use std::time::Duration;

use clap::Args;
use domain::Fault;
use domain::instance::GRACE_RECOMMENDED_DAYS;
use service::{Ctx, Error, Secret};

use super::{Settings, Stop, instance, logging};

/// Longer than any password; the rest of a wrong file isn't read.
const PASSWORD_LIMIT: u64 = 4096;

#[derive(Debug, Args)]
pub struct Create {
    /// The person's email address
    #[arg(long)]
    email: String,
    /// The person's name
    #[arg(long)]
    name: String,
    /// Read the password from standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Give power over the whole instance
    #[arg(long)]
    platform_admin: bool,
    #[command(flatten)]
    settings: Settings,
}

pub fn create(arguments: Create) -> Result<(), Stop> {
    let Create { email, name, settings, platform_admin, .. } = arguments;
    let config = settings.load()?.config;
    logging::start(&config)?;
    let password = read_password()?;
    instance::runtime()?.block_on(async {
        let services = instance::open(&config).await?;
        let ctx = Ctx::system(services.clone());
        let created = service::people::create(&ctx, &email, &name, password, platform_admin).await;
        let settings = service::instance::read(&ctx).await;
        services.db().close().await;
        created.map_err(|error| Stop::failed(in_words(&error.into_fault(&ctx))))?;
        println!("{name} <{email}> can sign in at {}", config.public_url());
        if platform_admin && settings.is_ok_and(|settings| settings.deletion_grace_days == 0) {
            println!(
                "Organizations are deleted at once and for good. Instance settings in the console give them days in which \
                 they can be restored; {GRACE_RECOMMENDED_DAYS} are recommended."
            );
        }
        Ok(())
    })
}

#[derive(Debug, Args)]
pub struct Erase {
    /// The email address the person has, or had when their account was removed
    #[arg(long)]
    email: String,
    /// Don't ask first
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    settings: Settings,
}

pub fn erase(arguments: Erase) -> Result<(), Stop> {
    let Erase { email, yes, settings } = arguments;
    let config = settings.load()?.config;
    logging::start(&config)?;
    instance::refuse_if_missing(&config)?;
    if !yes {
        confirm(&email)?;
    }
    instance::runtime()?.block_on(async {
        let services = instance::open(&config).await?;
        let ctx = Ctx::system(services.clone());
        let erased = erase_all(&ctx, &email, &services).await;
        services.db().close().await;
        match erased.map_err(|error| Stop::failed(in_words(&error.into_fault(&ctx))))? {
            0 => Err(Stop::failed("Nobody has this email, and the audit log knows nobody who had.")),
            _ => {
                println!("{email} was erased. Entries of the audit log show an opaque id in their place.");
                Ok(())
            }
        }
    })
}

/// Erases everyone of this email and waits until the audit log is clear of them, be it by a server that runs or by this
/// process. Answers how many they were.
async fn erase_all(ctx: &Ctx, email: &str, services: &std::sync::Arc<service::Services>) -> Result<usize, Error> {
    let people = service::people::erasable(ctx, email).await?;
    for person in &people {
        service::people::erase(ctx, &person.to_string()).await?;
        service::job::run_due(services).await?;
        while service::people::erasure_goes_on(ctx, *person).await? {
            tokio::time::sleep(Duration::from_secs(1)).await;
            service::job::run_due(services).await?;
        }
    }
    Ok(people.len())
}

fn confirm(email: &str) -> Result<(), Stop> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(Stop::usage("Nothing was erased: nobody can be asked. Say --yes if it is meant."));
    }
    eprint!(
        "This removes the account of {email} for good, and all that the audit log shows of that person beside an opaque \
         id.\nType the email address to go on: "
    );
    let mut line = String::new();
    std::io::stderr().flush().and_then(|()| stdin.read_line(&mut line)).map_err(Stop::because("The answer"))?;
    if line.trim() == email { Ok(()) } else { Err(Stop::failed("Nothing was erased.")) }
}

/// The first line of standard input.
fn read_password() -> Result<Secret, Stop> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprintln!("Type the password and press Enter; it will be visible.");
        let mut line = String::new();
        stdin.read_line(&mut line).map_err(Stop::because("The password"))?;
        return Ok(Secret::from(line.trim_end_matches(['\r', '\n']).to_owned()));
    }
    let mut text = String::new();
    stdin.take(PASSWORD_LIMIT).read_to_string(&mut text).map_err(Stop::because("The password"))?;
    Ok(Secret::from(text.lines().next().unwrap_or_default().to_owned()))
}

/// A fault with the names of its fields, one a line.
fn in_words(fault: &Fault) -> String {
    let lines: Vec<String> =
        fault.field_errors().iter().map(|error| format!("--{}: {}", error.field, error.message)).collect();
    if lines.is_empty() { fault.to_string() } else { lines.join("\n") }
}

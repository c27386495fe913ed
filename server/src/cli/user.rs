//! `tenantry user create`.

use std::io::{IsTerminal, Read};

use clap::Args;
use domain::Fault;
use service::{Ctx, Secret};

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
        services.db().close().await;
        created.map_err(|error| Stop::failed(in_words(&error.into_fault(&ctx))))?;
        println!("{name} <{email}> can sign in at {}", config.public_url());
        Ok(())
    })
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

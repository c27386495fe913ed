//! `tenantry organization …` and `tenantry server …`: the administration API from the command line, of a server that
//! runs elsewhere.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use integrations::{AdministrationClient, ClientError, ServerAddress};
use serde_json::Value;
use service::Secret;

use super::{Stop, instance};

/// Where a token is looked for when no flag gives one.
const TOKEN_VARIABLES: [&str; 2] = ["TENANTRY_ADMINISTRATION_TOKEN", "PARSEC_ADMINISTRATION_TOKEN"];
/// A file of further authorities.
const CA_VARIABLE: &str = "SSL_CAFILE";

#[derive(Debug, Args)]
pub struct Remote {
    /// The server: http://…, https://…, or parsec3://host[:port][?no_ssl=true]
    #[arg(long, value_name = "ADDR", value_parser = ServerAddress::parse)]
    addr: ServerAddress,
    /// The administration token [default: $TENANTRY_ADMINISTRATION_TOKEN, then $PARSEC_ADMINISTRATION_TOKEN]
    #[arg(long, value_name = "T")]
    token: Option<String>,
    /// Print the server's answer as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
pub enum OrganizationCommand {
    /// Create an organization and print its bootstrap link
    #[command(after_help = "\
An organization that still waits for its first owner is configured anew and gets a new link.

Example:
  tenantry organization create --addr https://console.example.com MyOrganization")]
    Create {
        /// Print nothing but the link
        #[arg(long, short, conflicts_with = "json")]
        quiet: bool,
        name: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Show an organization's options
    Status {
        name: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Count an organization's people
    Stats {
        name: String,
        #[command(flatten)]
        remote: Remote,
    },
}

#[derive(Debug, Subcommand)]
pub enum ServerCommand {
    /// Count the people of every organization
    Stats {
        #[command(flatten)]
        remote: Remote,
    },
}

impl Remote {
    fn client(self) -> Result<AdministrationClient, Stop> {
        let token = self.token.or_else(|| TOKEN_VARIABLES.iter().find_map(|name| variable(name)));
        let token = token.ok_or_else(|| {
            Stop::usage(format!("No token. Give one by --token, or set {}.", TOKEN_VARIABLES.join(" or ")))
        })?;
        AdministrationClient::new(self.addr, Secret::from(token), ca_file().as_deref()).map_err(stop)
    }
}

/// Further authorities that may vouch for servers.
pub fn ca_file() -> Option<PathBuf> {
    variable(CA_VARIABLE).map(PathBuf::from)
}

/// An environment variable that is set to something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

pub fn stop(error: ClientError) -> Stop {
    Stop::failed(error.to_string())
}

pub fn organization(command: OrganizationCommand) -> Result<(), Stop> {
    instance::runtime()?.block_on(async {
        match command {
            OrganizationCommand::Create { quiet, name, remote } => {
                let json = remote.json;
                let answer = remote.client()?.create(&name).await.map_err(stop)?;
                let link = answer["bootstrap_url"].as_str().unwrap_or_default();
                match (json, quiet) {
                    (true, _) => print_json(&answer),
                    (_, true) => println!("{link}"),
                    _ => println!(
                        "The organization {name} was created. Its bootstrap link, shown this once:\n\n    {link}\n"
                    ),
                }
            }
            OrganizationCommand::Status { name, remote } => {
                let json = remote.json;
                let answer = remote.client()?.status(&name).await.map_err(stop)?;
                if json { print_json(&answer) } else { print_fields(&answer, "") }
            }
            OrganizationCommand::Stats { name, remote } => {
                let json = remote.json;
                let answer = remote.client()?.stats(&name).await.map_err(stop)?;
                if json { print_json(&answer) } else { print_fields(&answer, "") }
            }
        }
        Ok(())
    })
}

pub fn server(command: ServerCommand) -> Result<(), Stop> {
    let ServerCommand::Stats { remote } = command;
    instance::runtime()?.block_on(async {
        let json = remote.json;
        let answer = remote.client()?.server_stats().await.map_err(stop)?;
        if json {
            print_json(&answer)
        } else {
            print_table(&answer)
        }
        Ok(())
    })
}

fn print_json(answer: &Value) {
    println!("{answer:#}");
}

/// `name  value`, a line each; those of an inner object after a dot.
fn print_fields(answer: &Value, prefix: &str) {
    for (name, value) in answer.as_object().into_iter().flatten() {
        match value {
            Value::Object(_) => print_fields(value, &format!("{prefix}{name}.")),
            Value::String(text) => println!("{:<54} {text}", format!("{prefix}{name}")),
            other => println!("{:<54} {other}", format!("{prefix}{name}")),
        }
    }
}

fn print_table(answer: &Value) {
    println!(
        "{:<32} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "ORGANIZATION", "ACTIVE", "OWNERS", "MEMBERS", "EXTERNAL", "REVOKED"
    );
    for row in answer["stats"].as_array().into_iter().flatten() {
        let detail = &row["users_per_profile_detail"];
        let count = |profile: &str, state: &str| detail[profile][state].as_i64().unwrap_or(0);
        let revoked: i64 = ["ADMIN", "STANDARD", "OUTSIDER"].iter().map(|profile| count(profile, "revoked")).sum();
        println!(
            "{:<32} {:>8} {:>8} {:>8} {:>8} {:>8}",
            row["organization_id"].as_str().unwrap_or_default(),
            row["active_users"].as_i64().unwrap_or(0),
            count("ADMIN", "active"),
            count("STANDARD", "active"),
            count("OUTSIDER", "active"),
            revoked,
        );
    }
}

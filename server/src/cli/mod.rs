//! The command line: `tenantry serve`, `migrate`, `user`, `login`, `organization`, `server`, `audit`, `keys`, `usage`, `check-config`.
//!
//! Exit codes: 0 done, 1 it could not be done, 2 the command line or the configuration is wrong and nothing was begun.

mod audit;
mod audit_key;
mod data;
mod instance;
mod keys;
mod logging;
mod private_file;
mod profiles;
mod remote;
mod serve;
mod shutdown;
mod sign_in;
mod usage;
mod user;

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Loaded, Problems, Sources, load};

#[derive(Debug, Parser)]
#[command(
    name = "tenantry",
    version,
    about = "An organization administration console: create tenant organizations, hand them over, set their limits.",
    arg_required_else_help = true,
    after_help = "\
Examples:
  tenantry serve
      Serve at http://localhost:3000, with everything under ./data.
      The first start prints a one-time link; whoever opens it becomes
      the first platform administrator.
  DATABASE_URL=postgres://tenantry@db/tenantry tenantry serve
      Serve on PostgreSQL; any number of such processes share the work.
  tenantry check-config
      Show every setting and where its value comes from.

Each of these overrides the one before:
  defaults, ./tenantry.toml, the environment (TENANTRY_* and DATABASE_URL), flags"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the console
    #[command(after_help = "\
The database is brought up to date first. SIGTERM or Ctrl+C stops taking connections, finishes what runs (10 seconds \
at most) and exits with 0.

Examples:
  tenantry serve --listen 127.0.0.1:8080
  tenantry serve --data-dir /var/lib/tenantry --public-url https://c.example.com")]
    Serve(Settings),
    /// Bring the database up to date and exit
    #[command(after_help = "\
`serve` does the same at its start. Run this before an update of many servers to keep their start short.")]
    Migrate(Settings),
    /// Manage people from the command line
    #[command(subcommand, arg_required_else_help = true)]
    User(UserCommand),
    /// Sign in to a running server, by approving a code in the browser
    #[command(after_help = "\
Opens no browser, so it also works where there is none. What it gets is a token that acts for you for 12 hours; it is kept \
in $XDG_CONFIG_HOME/tenantry/profiles.toml, or under ~/.config, for you alone.

Example:
  tenantry login --addr https://console.example.com")]
    Login(sign_in::Login),
    /// Sign out: delete the token on the server, and the profile here
    Logout(sign_in::ProfileName),
    /// Show whom you are signed in as, and until when
    Whoami(sign_in::Whoami),
    /// Create an organization on a running server, or look at one
    #[command(subcommand, arg_required_else_help = true)]
    Organization(remote::OrganizationCommand),
    /// Look at a running server
    #[command(subcommand, arg_required_else_help = true)]
    Server(remote::ServerCommand),
    /// Check the audit log, and sign where it stands
    #[command(subcommand, arg_required_else_help = true)]
    Audit(audit::AuditCommand),
    /// Change the keys that stored secrets are encrypted with
    #[command(subcommand, arg_required_else_help = true)]
    Keys(keys::KeysCommand),
    /// Reckon anew what organizations used
    #[command(subcommand, arg_required_else_help = true)]
    Usage(usage::UsageCommand),
    /// Check the configuration and show where each value comes from
    #[command(after_help = "Passwords are masked. Exits with 2 and lists every problem when there are any.")]
    CheckConfig(Settings),
    /// Fill an empty instance with a demonstration
    #[command(hide = true)]
    Demo(Settings),
    /// Print the OpenAPI document of the REST API
    Openapi,
    /// Create many organizations to measure with, or one with much use
    #[command(hide = true)]
    Seed {
        #[arg(long, value_name = "N", default_value_t = 0)]
        organizations: usize,
        #[arg(long, value_name = "N")]
        usage_events: Option<usize>,
        #[command(flatten)]
        settings: Settings,
    },
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Create a person
    #[command(after_help = "\
The password is read from standard input, so that it stands in no history and no process list.

Example:
  tenantry user create --email ada@example.com --name Ada \\
      --password-stdin --platform-admin < password.txt")]
    Create(user::Create),
    /// Erase a person: the account, and what the audit log shows of them
    #[command(after_help = "\
The account goes with its password, sessions and tokens. Entries of the audit log stay and still verify; names, addresses \
and browsers that stand beside them are cleared. Who belongs to an organization isn't erased, nor the last platform \
administrator.")]
    Erase(user::Erase),
}

/// Flags that override the configuration.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Read this file instead of ./tenantry.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port to accept connections on [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Folder of the embedded database and local files [default: data]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<String>,
    /// Use PostgreSQL instead of the embedded database
    #[arg(long, value_name = "postgres://…")]
    database_url: Option<String>,
    /// The address people open, for links that leave the instance [default: http://localhost:PORT]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl Settings {
    /// The configuration of this process.
    fn load(self) -> Result<Loaded, Stop> {
        let flags = [
            ("listen", self.listen),
            ("data_dir", self.data_dir),
            ("database_url", self.database_url),
            ("public_url", self.public_url),
        ];
        let sources = Sources {
            working_dir: PathBuf::new(),
            file: self.config,
            // Settings are texts; a variable that is none can't be one of ours.
            environment: std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
            flags: flags.into_iter().filter_map(|(key, value)| Some((key, value?))).collect(),
        };
        Ok(load(&sources)?)
    }
}

/// Why the process ends early.
#[derive(Debug)]
pub(crate) struct Stop {
    message: String,
    code: u8,
}

impl Stop {
    /// It could not be done.
    fn failed(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// The command line or the environment is wrong.
    fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }

    /// As [`Stop::failed`], naming what was tried.
    fn because<E: fmt::Display>(tried: &str) -> impl FnOnce(E) -> Self {
        move |error| Self::failed(format!("{tried}: {error}"))
    }
}

impl From<Problems> for Stop {
    fn from(problems: Problems) -> Self {
        Self { message: problems.to_string(), code: 2 }
    }
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    match execute(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop { message, code }) => {
            eprintln!("{message}");
            ExitCode::from(code)
        }
    }
}

fn execute(command: Command) -> Result<(), Stop> {
    match command {
        Command::Serve(settings) => serve::run(settings.load()?.config),
        Command::Migrate(settings) => data::migrate(settings.load()?.config),
        Command::User(UserCommand::Create(create)) => user::create(create),
        Command::User(UserCommand::Erase(erase)) => user::erase(erase),
        Command::Login(login) => sign_in::login(login),
        Command::Logout(profile) => sign_in::logout(profile),
        Command::Whoami(whoami) => sign_in::whoami(whoami),
        Command::Audit(command) => audit::run(command),
        Command::Keys(command) => keys::run(command),
        Command::Usage(command) => usage::run(command),
        Command::Organization(command) => remote::organization(command),
        Command::Server(command) => remote::server(command),
        Command::CheckConfig(settings) => {
            print_settings(&settings.load()?);
            Ok(())
        }
        Command::Openapi => {
            print!("{}", crate::http::api::openapi());
            Ok(())
        }
        Command::Demo(settings) => data::demo(settings.load()?.config),
        Command::Seed { organizations, usage_events, settings } => {
            data::seed(settings.load()?.config, organizations, usage_events)
        }
    }
}

fn print_settings(loaded: &Loaded) {
    let rows: Vec<_> = loaded.rows().collect();
    let width = rows.iter().map(|(_, value, _)| value.chars().count()).max().unwrap_or(0);
    println!("{:<22} {:<width$}  FROM", "SETTING", "VALUE");
    for (name, value, origin) in rows {
        println!("{name:<22} {value:<width$}  {origin}");
    }
    println!("\nThe configuration is good.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}

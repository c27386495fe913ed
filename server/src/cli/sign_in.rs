//! `tenantry login`, `logout` and `whoami`: acting for a person on a server that runs elsewhere.

use std::time::Duration;

use clap::Args;
use domain::device::Refusal;
use integrations::{ClientError, ConsoleClient, DeviceCodes, Progress, ServerAddress};
use serde_json::{Value, json};
use service::Secret;

use super::profiles::{Profile, Profiles, parse_name};
use super::{Stop, instance, remote};

/// Longest pause between two questions while the server can't be reached.
const PAUSE_MAX: u64 = 60;

#[derive(Debug, Args)]
pub struct Login {
    /// The server: http://… or https://…
    #[arg(long, value_name = "URL", value_parser = ServerAddress::parse)]
    addr: ServerAddress,
    #[command(flatten)]
    profile: ProfileName,
}

#[derive(Debug, Args)]
pub struct Whoami {
    /// Print it as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    profile: ProfileName,
}

#[derive(Debug, Args)]
pub struct ProfileName {
    /// Which of several sign-ins
    #[arg(long = "profile", value_name = "NAME", default_value = "default", value_parser = parse_name)]
    name: String,
}

pub fn login(arguments: Login) -> Result<(), Stop> {
    let Login { addr, profile } = arguments;
    // What is wrong with the file is told before anybody is asked for anything.
    let profiles = Profiles::open()?;
    profiles.make_room()?;
    instance::runtime()?.block_on(async {
        let client = client(addr)?;
        let codes = client.authorize().await.map_err(remote::stop)?;
        println!(
            "Open this page where you are signed in, or any browser of yours:\n\n    {}\n\nIt shows the code {}; approve it \
             within {} minutes.",
            printable(&codes.verification_uri_complete),
            printable(&codes.user_code),
            codes.expires_in / 60,
        );
        let token = wait(&client, &codes).await?;
        let account = client.account(&token).await.map_err(remote::stop)?.ok_or_else(ended)?;
        let email = account.email.unwrap_or_default();
        let new = Profile::new(client.address().to_string(), &token, email.clone());
        if let Err(stop) = profiles.put(&profile.name, new) {
            // Nobody could use it; should this fail, it expires by itself.
            let _ = client.sign_out(&token).await;
            return Err(stop);
        }
        let until = account.expires_at.map(|at| format!(", until {}", printable(&at))).unwrap_or_default();
        println!("Signed in as {}{until}.", printable(&email));
        Ok(())
    })
}

/// Asks until somebody has decided.
async fn wait(client: &ConsoleClient, codes: &DeviceCodes) -> Result<Secret, Stop> {
    let expired = || Stop::failed("Nobody approved in time. Run `tenantry login` again for a new code.");
    let (mut pause, mut waited) = (codes.interval.max(1), 0);
    while waited < codes.expires_in {
        tokio::time::sleep(Duration::from_secs(pause)).await;
        waited += pause;
        match client.poll(codes).await {
            Ok(Progress::SignedIn(token)) => return Ok(token),
            Ok(Progress::NotYet(Refusal::Pending)) => {}
            Ok(Progress::NotYet(Refusal::SlowDown)) => pause += 5,
            Ok(Progress::NotYet(Refusal::Denied)) => return Err(Stop::failed("The sign-in was denied.")),
            Ok(Progress::NotYet(Refusal::Expired)) => return Err(expired()),
            Ok(Progress::NotYet(other)) => return Err(Stop::failed(other.words())),
            // It may only be away for a while.
            Err(ClientError::Unreachable { .. }) => pause = (pause * 2).min(PAUSE_MAX),
            Err(error) => return Err(remote::stop(error)),
        }
    }
    Err(expired())
}

pub fn logout(profile: ProfileName) -> Result<(), Stop> {
    let profiles = Profiles::open()?;
    let signed_in = profiles.get(&profile.name)?.clone();
    instance::runtime()?.block_on(async {
        let was_good = client_of(&signed_in)?.sign_out(&signed_in.token()).await.map_err(remote::stop)?;
        profiles.remove(&profile.name)?;
        match was_good {
            true => println!("Signed out of {}.", signed_in.addr),
            false => println!("The sign-in at {} had ended already.", signed_in.addr),
        }
        Ok(())
    })
}

pub fn whoami(arguments: Whoami) -> Result<(), Stop> {
    let Whoami { json, profile } = arguments;
    let profiles = Profiles::open()?;
    let signed_in = profiles.get(&profile.name)?;
    instance::runtime()?.block_on(async {
        let account = client_of(signed_in)?.account(&signed_in.token()).await.map_err(remote::stop)?;
        let account = account.ok_or_else(ended)?;
        if json {
            let mut answer = account.answer;
            if let Value::Object(fields) = &mut answer {
                fields.insert("addr".to_owned(), json!(signed_in.addr));
            }
            println!("{answer:#}");
            return Ok(());
        }
        let person = match (account.name, account.email) {
            (Some(name), Some(email)) => format!("{name} <{email}>"),
            _ => "a token of the instance".to_owned(),
        };
        println!("Address  {}", signed_in.addr);
        println!("Person   {}", printable(&person));
        println!("Scopes   {}", printable(&account.scopes));
        println!("Expires  {}", printable(account.expires_at.as_deref().unwrap_or("never")));
        Ok(())
    })
}

fn client(addr: ServerAddress) -> Result<ConsoleClient, Stop> {
    ConsoleClient::new(addr, remote::ca_file().as_deref()).map_err(remote::stop)
}

fn client_of(profile: &Profile) -> Result<ConsoleClient, Stop> {
    client(ServerAddress::parse(&profile.addr).map_err(Stop::failed)?)
}

fn ended() -> Stop {
    Stop::failed("The sign-in has ended. Run `tenantry login` again.")
}

/// What came from a server, without what a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

//! `cargo xtask bench usage`: events a second on both engines, and the Usage page with few and with many of them behind it.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::http::{self, Connection, Response};
use super::load::{self, LASTS};
use super::server::{Instance, Server, TOKEN};
use super::{budget, millis, ratio};
use crate::step::{now, step};
use crate::test::postgres::Postgres;
use crate::{release, setup, workspace};

const FEW: usize = 10_000;
const MANY: usize = 10_000_000;
/// Events of one request.
const BATCH: usize = 1_000;

pub fn bench() -> Result<()> {
    setup::for_tests()?;
    let binary = release::build()?;
    let folder = |name: &str| workspace::target().join("bench").join(name);
    println!("\nIngestion, batches of {BATCH} over {} connections, {} s:", load::CONNECTIONS, LASTS.as_secs());
    let sqlite = Instance::metered(&binary, &folder("usage-sqlite"), None, 0)?;
    println!("  SQLite      {:>8.0} events/s", ingest(&sqlite)?);
    // As durable as a database that people trust.
    let postgres = Postgres::start_durable()?;
    let url = postgres.url().to_owned();
    let on_postgres = Instance::metered(&binary, &folder("usage-postgres"), Some(url), 0)?;
    println!("  PostgreSQL  {:>8.0} events/s", ingest(&on_postgres)?);
    postgres.stop()?;

    let few = page(&binary, &folder("usage-few"), FEW)?;
    let many = page(&binary, &folder("usage-many"), MANY)?;
    println!("\nbudgets");
    budget(&format!("Usage page, p50 with {MANY} events over p50 with {FEW}"), ratio(many, few), 1.3);
    println!("\nThe Usage page takes {:.2} ms with {FEW} events, {:.2} ms with {MANY}.", millis(few), millis(many));
    Ok(())
}

/// The middle time of the Usage page over a year.
fn page(binary: &Path, folder: &Path, events: usize) -> Result<Duration> {
    let instance = step(&format!("seed {events} events"), || Instance::metered(binary, folder, None, events))?;
    step(&format!("measure with {events} events"), || {
        let server = Server::start(&instance, None)?;
        let cookie = server.sign_in()?;
        Ok(load::load(&server, "/organizations/metered/usage?range=365d", &cookie)?.p50)
    })
}

/// Tells of events on several connections at once, and answers how many are taken a second.
fn ingest(instance: &Instance) -> Result<f64> {
    let server = Server::start(instance, None)?;
    let workspaces = workspaces(&server)?;
    let today = today(&server)?;
    let taken = AtomicUsize::new(0);
    let started = now();
    let end = started + LASTS;
    let results: Vec<Result<()>> = thread::scope(|scope| {
        let senders: Vec<_> = (0..load::CONNECTIONS)
            .map(|sender| {
                let (server, workspaces, today, taken) = (&server, &workspaces, &today, &taken);
                scope.spawn(move || {
                    let mut connection = Connection::open(server.address())?;
                    let mut response = Response::default();
                    let mut n = 0;
                    while now() < end {
                        let body = batch(sender, n, workspaces, today);
                        connection.exchange(&http::post_json("/api/v1/usage/events", TOKEN, &body), &mut response)?;
                        match response.status {
                            200 => taken.fetch_add(BATCH, Ordering::Relaxed),
                            503 => continue,
                            status => bail!("an answer of status {status}"),
                        };
                        n += 1;
                    }
                    Ok(())
                })
            })
            .collect();
        senders.into_iter().map(|sender| sender.join().unwrap_or_else(|_| bail!("a sender panicked"))).collect()
    });
    for result in results {
        result?;
    }
    Ok(taken.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64())
}

fn batch(sender: usize, n: usize, workspaces: &[String], time: &str) -> String {
    let event = |i: usize| {
        format!(
            "{{\"specversion\":\"1.0\",\"source\":\"/bench/{sender}\",\"id\":\"{n}-{i}\",\"type\":\"db_execution_ms\",\
             \"subject\":\"{}\",\"time\":\"{time}\",\"data\":{{\"quantity\":{i}}}}}",
            workspaces[i % workspaces.len()]
        )
    };
    format!("[{}]", (0..BATCH).map(event).collect::<Vec<_>>().join(","))
}

/// Ids of some workspaces.
fn workspaces(server: &Server) -> Result<Vec<String>> {
    let body = server.get_as_instance("/api/v1/organizations/metered/workspaces?limit=100")?;
    let text = String::from_utf8_lossy(&body).into_owned();
    let ids = text.split("\"id\":\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned);
    let ids: Vec<String> = ids.collect();
    if ids.is_empty() { bail!("there are no workspaces: {text}") } else { Ok(ids) }
}

/// The beginning of the day, as the server has it.
fn today(server: &Server) -> Result<String> {
    let body = server.get_as_instance("/api/v1/organizations/metered/usage?range=7d")?;
    let text = String::from_utf8_lossy(&body).into_owned();
    let day = text.split("\"until\":\"").nth(1).and_then(|rest| rest.split('"').next());
    let day = day.with_context(|| format!("no day in {text}"))?;
    Ok(format!("{day}T00:00:00Z"))
}

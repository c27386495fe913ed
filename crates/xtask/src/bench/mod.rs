//! `cargo xtask bench`: what the release server takes for the pages people wait for, beside the budgets.
//!
//! Yardstick is the machine itself: the pages' own bytes, put into the packed site as assets, go out of the memory of
//! the same server over the same connections. What a page costs more than that is ours.

mod first_load;
mod http;
mod load;
mod pack;
mod server;
pub mod usage;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::step::{now, step};
use crate::{release, setup, site, workspace};
use load::Load;
use server::{Instance, Server};

const FEW: usize = 10;
const MANY: usize = 100_000;

/// How often a start is repeated; the middle one counts.
const STARTS: usize = 9;

pub fn bench() -> Result<()> {
    setup::for_tests()?;
    let binary = release::build()?;
    let few = measure(&binary, FEW)?;
    let many = measure(&binary, MANY)?;
    println!("\nThe same on every line: {} connections, {} s.", load::CONNECTIONS, load::LASTS.as_secs());
    println!("{:<44} {:>8} {:>9} {:>8} {:>8} {:>9}", "", "req/s", "CPU ms", "p50 ms", "p99 ms", "× memory");
    few.print();
    many.print();
    println!("Idle the server holds {:.0} MB, after the load {:.0} MB.", many.idle_megabytes, many.busy_megabytes);
    let first_load = step("first load of the Admin page", || {
        let server = Server::start(&many.instance, None)?;
        let cookie = server.sign_in()?;
        first_load::measure(&server.url(&many.admin_path), &cookie)
    })?;

    println!("\nbudgets");
    let admin = &many.admin.page;
    let growth = ratio(admin.p50, few.admin.page.p50);
    budget("first load without Monaco, KB", first_load.without_monaco.kilobytes(), 300.0);
    budget("first load without Monaco, requests", first_load.without_monaco.requests as f64, 12.0);
    budget("cold start on a migrated database, ms", millis(many.cold_start), 100.0);
    budget("idle memory, MB", many.idle_megabytes, 40.0);
    budget("Admin page, CPU ms", millis(admin.cpu), 0.5);
    budget(&format!("Admin page, p50 at {MANY} organizations over p50 at {FEW}"), growth, 1.2);
    let with = &first_load.with_monaco;
    println!("\nWith Monaco the Admin page loads {:.0} KB in {} requests.", with.kilobytes(), with.requests);
    Ok(())
}

fn budget(what: &str, measured: f64, at_most: f64) {
    let verdict = if measured <= at_most { "met" } else { "MISSED" };
    println!("  {verdict:<7} {what:<52} {measured:>8.2}  of {at_most}");
}

/// A page, and its bytes without what makes it.
struct Pair {
    page: Load,
    memory: Load,
}

struct Measured {
    instance: Instance,
    admin_path: String,
    list: Pair,
    admin: Pair,
    cold_start: Duration,
    idle_megabytes: f64,
    busy_megabytes: f64,
}

impl Measured {
    fn print(&self) {
        let organizations = self.instance.organizations;
        for (name, pair) in [("/organizations", &self.list), ("Admin page", &self.admin)] {
            let times = ratio(pair.page.cpu, pair.memory.cpu);
            pair.page.print(&format!("{name}, {organizations} organizations"), Some(times));
            pair.memory.print(&format!("  its {} bytes from memory", pair.memory.bytes), None);
        }
    }
}

/// Fills a scratch database, and measures a server on it.
fn measure(binary: &Path, organizations: usize) -> Result<Measured> {
    let folder = workspace::target().join("bench").join(organizations.to_string());
    let instance =
        step(&format!("seed {organizations} organizations"), || Instance::fill(binary, &folder, organizations))?;
    step(&format!("measure with {organizations} organizations"), || {
        let Prepared { list_path, admin_path, pack, idle_megabytes } = with_pages_in_memory(&instance, &folder)?;
        let cold_start = cold_start(&instance)?;

        let server = Server::start(&instance, Some(&pack.file))?;
        let cookie = server.sign_in()?;
        let pair = |page: &str, copy: &str| -> Result<Pair> {
            Ok(Pair { page: load::load(&server, page, &cookie)?, memory: load::load(&server, copy, &cookie)? })
        };
        let list = pair(&list_path, &pack.copies[0])?;
        let admin = pair(&admin_path, &pack.copies[1])?;
        let busy_megabytes = server.megabytes()?;
        Ok(Measured { instance: instance.clone(), admin_path, list, admin, cold_start, idle_megabytes, busy_megabytes })
    })
}

struct Prepared {
    list_path: String,
    admin_path: String,
    pack: pack::Extended,
    idle_megabytes: f64,
}

/// The two pages' paths, a pack in which their bytes stand as assets, and what the server holds once it has shown both.
fn with_pages_in_memory(instance: &Instance, folder: &Path) -> Result<Prepared> {
    let server = Server::start(instance, None)?;
    let cookie = server.sign_in()?;
    let list_path = "/organizations".to_owned();
    let list = server.get(&list_path, Some(&cookie))?;
    let admin_path = format!("{}/admin", organization_of(&list)?);
    let admin = server.get(&admin_path, Some(&cookie))?;
    thread::sleep(Duration::from_secs(2));
    let idle_megabytes = server.megabytes()?;
    let file: PathBuf = folder.join("site.pack");
    let pack = pack::extend(&site::Kind::Release.pack(), &file, &[list, admin])?;
    Ok(Prepared { list_path, admin_path, pack, idle_megabytes })
}

/// The path of the first organization in the list.
fn organization_of(list: &[u8]) -> Result<String> {
    let html = String::from_utf8_lossy(list);
    let links = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut organizations = links.filter(|link| {
        link.strip_prefix("/organizations/").is_some_and(|name| name != "new" && !name.contains(['/', '?']))
    });
    organizations.next().map(str::to_owned).context("the list shows no organization")
}

/// From the start of the process to the first answer that needed the database.
fn cold_start(instance: &Instance) -> Result<Duration> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let started = now();
        let server = Server::start(instance, None)?;
        starts.push(started.elapsed());
        server.stop()?;
    }
    starts.sort();
    starts.get(STARTS / 2).copied().context("no start was measured")
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64().max(1e-9)
}

/// Resident memory from a process's status.
fn resident_megabytes(pid: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("reading /proc: the bench needs Linux")?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    let kilobytes: f64 = kilobytes.context("the server's memory is not known")?.parse()?;
    Ok(kilobytes / 1024.0)
}

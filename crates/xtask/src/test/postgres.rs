//! A PostgreSQL that lives as long as the tests: no port, no durability, no trace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{Cpu, Program, program, wait};
use crate::setup;

/// Nothing has to survive a power cut here, and tests run side by side, each with its own connections.
const SETTINGS: [&str; 6] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=200",
    "shared_buffers=128MB",
];

/// So many of them are about durability.
const DURABILITY: usize = 3;

pub struct Postgres {
    server: Option<Child>,
    folder: PathBuf,
    url: String,
}

impl Postgres {
    pub fn start() -> Result<Self> {
        Self::start_with(&SETTINGS)
    }

    /// One that loses nothing in a power cut, as in earnest.
    pub fn start_durable() -> Result<Self> {
        Self::start_with(&SETTINGS[DURABILITY..])
    }

    fn start_with(settings: &[&str]) -> Result<Self> {
        let programs = setup::postgres_programs()?;
        // In the system's folder for such things: the path of a socket must be short.
        let folder = std::env::temp_dir().join(format!("tenantry-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        if setup::is_root() {
            program("chown").arg("postgres:postgres").arg(&folder).run()?;
        }
        let cluster = folder.join("cluster");
        unprivileged(&programs.join("initdb"), &folder)
            .arg("-D")
            .arg(&cluster)
            .args(["-U", "app", "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8"])
            .run_quietly()?;

        let mut server = unprivileged(&programs.join("postgres"), &folder).arg("-D").arg(&cluster);
        for setting in settings {
            server = server.args(["-c", *setting]);
        }
        let socket = format!("unix_socket_directories={}", folder.display());
        let server = server.args(["-c", &socket]).start_logged(&folder.join("log"))?;
        let url = format!("postgres://app@localhost/postgres?host={}", folder.display());
        let started = Self { server: Some(server), folder, url };
        started.wait_until_ready(&programs)?;
        Ok(started)
    }

    /// Where the tests make their databases.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn wait_until_ready(&self, programs: &Path) -> Result<()> {
        for _ in 0..100 {
            let ready = program(programs.join("pg_isready")).args(["-q", "-h"]).arg(&self.folder).run_to_end()?;
            if ready.0.success() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(100));
        }
        bail!("PostgreSQL did not start: {}", fs::read_to_string(self.folder.join("log")).unwrap_or_default())
    }

    /// Stops it and tells what it cost.
    pub fn stop(mut self) -> Result<Cpu> {
        self.shut_down()
    }

    fn shut_down(&mut self) -> Result<Cpu> {
        let Some(server) = self.server.take() else { return Ok(Cpu::default()) };
        // Interrupted, it ends its connections and then itself.
        program("kill").args(["-INT", &server.id().to_string()]).run()?;
        let (_, cpu) = wait(server)?;
        fs::remove_dir_all(&self.folder).with_context(|| format!("removing {}", self.folder.display()))?;
        Ok(cpu)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Err(error) = self.shut_down() {
            eprintln!("PostgreSQL is left behind: {error:#}");
        }
    }
}

/// PostgreSQL refuses to run as root.
fn unprivileged(file: &Path, folder: &Path) -> Program {
    let program = if setup::is_root() {
        program("setpriv").args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(file)
    } else {
        program(file)
    };
    program.dir(folder)
}

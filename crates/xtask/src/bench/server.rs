//! A release server on a scratch database, and its administrator.

use std::fs;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::http::{self, Connection, Response};
use crate::process::{Account, Program, program, wait};
use crate::workspace;

const EMAIL: &str = "bench@example.com";
const PASSWORD: &str = "measured in milliseconds";

/// A filled database.
#[derive(Clone)]
pub struct Instance {
    binary: PathBuf,
    folder: PathBuf,
    /// Of a PostgreSQL; without one it is the embedded database.
    database_url: Option<String>,
    pub organizations: usize,
}

/// Acts for the instance.
pub const TOKEN: &str = "the-token-of-the-bench";

impl Instance {
    pub fn fill(binary: &Path, folder: &Path, organizations: usize) -> Result<Self> {
        let instance = Self::new(binary, folder, None, organizations)?;
        instance.tenantry("seed").args(["--organizations", &organizations.to_string()]).run_quietly()?;
        Ok(instance)
    }

    /// With an organization that told of so many events.
    pub fn metered(binary: &Path, folder: &Path, database_url: Option<String>, events: usize) -> Result<Self> {
        let instance = Self::new(binary, folder, database_url, 1)?;
        instance.tenantry("seed").args(["--usage-events", &events.to_string()]).run_quietly()?;
        Ok(instance)
    }

    fn new(binary: &Path, folder: &Path, database_url: Option<String>, organizations: usize) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let instance = Self { binary: binary.to_owned(), folder: folder.to_owned(), database_url, organizations };
        instance.tenantry("migrate").run_quietly()?;
        let mut create = instance.tenantry("user");
        create = create.args(["create", "--email", EMAIL, "--name", "Bench", "--platform-admin", "--password-stdin"]);
        create.run_with_input(PASSWORD)?;
        Ok(instance)
    }

    /// A command on this database and no other, whatever stands in the caller's environment.
    fn tenantry(&self, command: &str) -> Program {
        let program = program(&self.binary)
            .arg(command)
            .env("TENANTRY_DATA_DIR", self.folder.join("data"))
            .env("TENANTRY_ADMINISTRATION_TOKEN", TOKEN)
            .env("TENANTRY_RATE_LIMIT_TOKEN", "1000000")
            .dir(&self.folder);
        match &self.database_url {
            // Any 32 bytes, in base64.
            Some(url) => program
                .env("DATABASE_URL", url)
                .env("TENANTRY_ENCRYPTION_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            None => program.without_env("DATABASE_URL"),
        }
    }
}

pub struct Server {
    child: Option<Child>,
    pid: u32,
    address: SocketAddr,
}

impl Server {
    /// Starts and waits until it is ready; with another site than the binary's where one is given.
    pub fn start(instance: &Instance, site: Option<&Path>) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut serve = instance.tenantry("serve").args(["--listen", &address.to_string()]);
        serve = match site {
            Some(site) => serve.env("TENANTRY_SITE_FILE", site),
            None => serve.without_env("TENANTRY_SITE_FILE"),
        };
        let log = workspace::kept("bench-server.log");
        let child = serve.start_logged(&log)?;
        let server = Self { pid: child.id(), child: Some(child), address };
        for _ in 0..20_000 {
            if server.get("/readyz", None).is_ok() {
                return Ok(server);
            }
            thread::sleep(Duration::from_millis(1));
        }
        bail!("the server did not start; see {}", log.display())
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    pub fn get(&self, path: &str, cookie: Option<&str>) -> Result<Vec<u8>> {
        let response = self.exchange(&http::get(path, cookie))?;
        if response.status != 200 {
            bail!("{path}: status {}", response.status);
        }
        Ok(response.body)
    }

    /// As the instance's own program.
    pub fn get_as_instance(&self, path: &str) -> Result<Vec<u8>> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {TOKEN}\r\n\r\n");
        let response = self.exchange(head.as_bytes())?;
        if response.status != 200 {
            bail!("{path}: status {}", response.status);
        }
        Ok(response.body)
    }

    /// Signs in as people do, and returns the session's cookie.
    pub fn sign_in(&self) -> Result<String> {
        let page = self.get("/sign-in", None)?;
        let page = String::from_utf8_lossy(&page);
        // The form tells where it is posted to: the path of a server function carries a hash.
        let function = page.split('"').find(|value| value.starts_with("/fn/sign_in")).context("no sign-in form")?;
        let fields = [("email", EMAIL), ("password", PASSWORD), ("next", "")];
        let response = self.exchange(&http::post_form(function, &fields))?;
        response.cookie.with_context(|| format!("signing in: status {}", response.status))
    }

    fn exchange(&self, request: &[u8]) -> Result<Response> {
        let mut response = Response::default();
        Connection::open(self.address)?.exchange(request, &mut response)?;
        Ok(response)
    }

    pub fn cpu(&self) -> Result<Duration> {
        let account = Account::of(&self.pid.to_string()).context("reading /proc: the bench needs Linux")?;
        Ok(account.own.0)
    }

    pub fn megabytes(&self) -> Result<f64> {
        super::resident_megabytes(self.pid)
    }

    pub fn stop(mut self) -> Result<()> {
        self.terminate()
    }

    fn terminate(&mut self) -> Result<()> {
        let Some(child) = self.child.take() else { return Ok(()) };
        program("kill").args(["-TERM", &child.id().to_string()]).run()?;
        wait(child).map(drop)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.terminate() {
            let _ = writeln!(std::io::stderr(), "the measured server is left behind: {error:#}");
        }
    }
}

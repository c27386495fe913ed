//! `tenantry login`, `whoami` and `logout`: the binary against a server that runs in this process.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Output};

use domain::token::TokenHolder;
use serde_json::Value;
use service::device::decide;
use tempfile::TempDir;
use tokio::task::block_in_place;

use crate::cli::{tenantry, text};
use crate::support::Browser;

/// Somebody's folder, and the server they sign in to.
struct Terminal {
    folder: TempDir,
    browser: Browser,
    addr: String,
}

impl Terminal {
    async fn new() -> Self {
        let browser = Browser::new().await;
        let addr = format!("http://127.0.0.1:{}", browser.serve().await);
        Self { folder: tempfile::tempdir().unwrap(), browser, addr }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        block_in_place(|| self.command(arguments).output().unwrap())
    }

    /// What is printed on success.
    fn print(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// What is said on failure.
    fn fail(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stdout));
        text(&output.stderr)
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = tenantry(&self.folder, arguments);
        command.env("HOME", self.folder.path());
        command
    }

    /// Begins to sign in; answers the process and the code it shows.
    fn login(&self, more: &[&str]) -> (Child, String) {
        block_in_place(|| {
            let arguments = [&["login", "--addr", &self.addr], more].concat();
            let mut child = self.command(&arguments).spawn().unwrap();
            let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines().map_while(Result::ok);
            let code =
                lines.find_map(|line| Some(line.split_once("It shows the code ")?.1.split(';').next()?.to_owned()));
            (child, code.unwrap())
        })
    }

    fn profiles(&self) -> std::path::PathBuf {
        self.folder.path().join(".config/tenantry/profiles.toml")
    }
}

/// What a process says until it ends, and its exit code.
fn end(mut child: Child) -> (Option<i32>, String) {
    block_in_place(|| {
        let mut told = String::new();
        child.stdout.take().unwrap().read_to_string(&mut told).unwrap();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        (child.wait().unwrap().code(), told)
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_signs_in_looks_and_signs_out() {
    let terminal = Terminal::new().await;
    let app = &terminal.browser.app;
    let ada = app.person("ada@example.com", false).await;
    assert!(terminal.fail(&["whoami"], 1).contains("`tenantry login --addr URL` makes one"));
    assert_eq!(std::fs::read_dir(terminal.folder.path()).unwrap().count(), 0, "a look makes nothing");

    let (login, code) = terminal.login(&[]);
    decide(&ada.ctx, &code, true).await.unwrap();
    let (status, told) = end(login);
    let until = app.clock.now().plus(domain::token::CLI_LIFETIME).to_string();
    assert!(status == Some(0) && told.contains(&format!("Signed in as ada@example.com, until {until}.")), "{told}");
    let profiles = std::fs::read_to_string(terminal.profiles()).unwrap();
    assert!(profiles.starts_with("[default]\naddr = ") && profiles.contains("tnt_cli_"), "{profiles}");

    let told = terminal.print(&["whoami"]);
    let expected =
        format!("Address  {}\nPerson   ada <ada@example.com>\nScopes   full\nExpires  {until}\n", terminal.addr);
    assert_eq!(told, expected);
    let json: Value = serde_json::from_str(&terminal.print(&["whoami", "--json"])).unwrap();
    assert_eq!(
        (json["addr"].as_str(), json["person"]["email"].as_str()),
        (Some(&*terminal.addr), Some("ada@example.com"))
    );
    assert!(terminal.fail(&["whoami", "--profile", "work"], 1).contains("no profile `work`"));
    assert!(terminal.fail(&["whoami", "--profile", "../x"], 2).contains("letters, digits"));

    assert!(terminal.print(&["logout"]).contains("Signed out of http://127.0.0.1:"));
    assert_eq!(service::token::list(&ada.ctx, &TokenHolder::Own).await.unwrap(), []);
    assert!(terminal.fail(&["logout"], 1).contains("Not signed in"));
    app.assert_audit_verifies().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn profiles_are_their_owners_alone_and_tell_of_an_end() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let terminal = Terminal::new().await;
    let app = &terminal.browser.app;
    let ada = app.person("ada@example.com", false).await;
    let (login, code) = terminal.login(&["--profile", "work"]);
    decide(&ada.ctx, &code, true).await.unwrap();
    assert_eq!(end(login).0, Some(0));
    let mode = |path: &std::path::Path| metadata(path).unwrap().permissions().mode() & 0o777;
    let file = terminal.profiles();
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    for command in [&["whoami"][..], &["logout"], &["login", "--addr", &terminal.addr]] {
        set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        let told = terminal.fail(command, 1);
        assert!(told.contains("profiles.toml: others may open it (mode 640)"), "{told}");
    }
    set_permissions(&file, Permissions::from_mode(0o600)).unwrap();

    let token = service::token::list(&ada.ctx, &TokenHolder::Own).await.unwrap()[0].id.to_string();
    service::token::set_active(&ada.ctx, &TokenHolder::Own, &token, false).await.unwrap();
    assert!(terminal.fail(&["whoami", "--profile", "work"], 1).contains("The sign-in has ended."));
    assert!(terminal.print(&["logout", "--profile", "work"]).contains("had ended already"));
    std::fs::write(&file, "[work]\ntoken = \"tnt_cli_secret\n").unwrap();
    let told = terminal.fail(&["whoami"], 1);
    assert!(told.contains("profiles.toml: ") && !told.contains("secret"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denied_sign_in_keeps_nothing() {
    let terminal = Terminal::new().await;
    let ada = terminal.browser.app.person("ada@example.com", false).await;
    let (login, code) = terminal.login(&[]);
    decide(&ada.ctx, &code, false).await.unwrap();
    let (status, told) = end(login);
    assert!(status == Some(1) && told.contains("The sign-in was denied."), "{told}");
    assert!(!terminal.profiles().exists());
    let nowhere = terminal.fail(&["login", "--addr", "http://127.0.0.1:1"], 1);
    assert!(nowhere.contains("can't be reached"), "{nowhere}");
}

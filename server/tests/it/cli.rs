//! The binary itself: exit codes, what it refuses to start with, and that it stops when told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::support::write_site;

/// The binary in a folder of its own, without this process's settings.
pub fn tenantry(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
    command.env_clear().current_dir(folder.path()).args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    tenantry(folder, arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_doubtful_configuration_starts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tenantry.toml"), "datadir = \"elsewhere\"\n").unwrap();
    for arguments in [&["serve"][..], &["migrate"], &["check-config"]] {
        let output = run(&folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains("tenantry.toml:1: unknown key `datadir`; did you mean `data_dir`?"));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no data folder was made");
}

#[test]
fn check_config_shows_origins_and_hides_passwords() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://app:s3cret@db.example/app";
    let output = run(&folder, &["check-config", "--database-url", url]);
    assert_eq!(output.status.code(), Some(0));
    let shown = text(&output.stdout);
    assert!(shown.contains("postgres://app:***@db.example/app") && shown.contains("--database-url"), "{shown}");
    assert!(!shown.contains("s3cret"));
}

#[test]
fn a_person_is_created_with_a_password_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["user", "create", "--email", "ada@example.com", "--name", "Ada", "--password-stdin"];
    let create = |password: &str| {
        let mut child = tenantry(&folder, &arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let short = create("short\n");
    assert_eq!(short.status.code(), Some(1));
    assert!(text(&short.stderr).contains("at least 15 characters"), "{}", text(&short.stderr));
    assert_eq!(create("a long enough passphrase\n").status.code(), Some(0));
    let twice = create("a long enough passphrase\n");
    assert_eq!(twice.status.code(), Some(1));
    assert!(text(&twice.stderr).contains("already has an account"), "{}", text(&twice.stderr));
}

#[test]
fn the_audit_log_is_verified() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = run(&folder, &["audit", "verify"]);
    assert_eq!(nothing.status.code(), Some(1), "{}", text(&nothing.stdout));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a check makes nothing");
    let arguments = ["user", "create", "--email", "ada@example.com", "--name", "Ada", "--password-stdin"];
    let mut child = tenantry(&folder, &arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"a long enough passphrase\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let verified = run(&folder, &["audit", "verify"]);
    assert_eq!((verified.status.code(), text(&verified.stdout).trim()), (Some(0), "1 chains are whole."));
}

#[cfg(unix)]
#[test]
fn serve_makes_a_private_folder_prints_the_link_and_stops_when_told() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let site = write_site(&folder);
    let mut server =
        tenantry(&folder, &["serve", "--listen", "127.0.0.1:0"]).env("TENANTRY_SITE_FILE", site).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map_while(Result::ok);
    let first = lines.next().unwrap();
    let port = first.rsplit(':').next().unwrap().to_owned();
    assert!(lines.any(|line| line.contains(&format!("http://localhost:{port}/setup?token="))));

    let mut connection = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    connection.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ready\n"), "{answer}");

    let data = folder.path().join("data");
    assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(data.join("tenantry.db").exists());

    assert!(Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap().success());
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

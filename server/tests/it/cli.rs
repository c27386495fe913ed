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
fn an_administrator_made_here_is_told_how_deletion_is_set() {
    let folder = tempfile::tempdir().unwrap();
    let create = |email: &str, more: &[&str]| {
        let arguments = [&["user", "create", "--email", email, "--name", "Ada", "--password-stdin"], more].concat();
        let mut child = tenantry(&folder, &arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"a long enough passphrase\n").unwrap();
        text(&child.wait_with_output().unwrap().stdout)
    };
    let told = create("ada@example.com", &["--platform-admin"]);
    assert!(told.contains("deleted at once and for good") && told.contains("30 are recommended"), "{told}");
    assert!(!create("grace@example.com", &[]).contains("deleted"));
}

/// A folder whose instance has one person.
fn with_ada() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    create_person(&folder, "ada@example.com");
    folder
}

fn create_person(folder: &TempDir, email: &str) {
    let arguments = ["user", "create", "--email", email, "--name", "Ada", "--password-stdin"];
    let mut child = tenantry(folder, &arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"a long enough passphrase\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_audit_log_is_verified() {
    let nobody = tempfile::tempdir().unwrap();
    let nothing = run(&nobody, &["audit", "verify"]);
    assert_eq!(nothing.status.code(), Some(1), "{}", text(&nothing.stdout));
    assert_eq!(std::fs::read_dir(nobody.path()).unwrap().count(), 0, "a check makes nothing");
    let verified = run(&with_ada(), &["audit", "verify"]);
    assert_eq!((verified.status.code(), text(&verified.stdout).trim()), (Some(0), "1 chains are whole."));
}

#[test]
fn a_person_is_erased_and_the_log_still_verifies() {
    let folder = with_ada();
    create_person(&folder, "grace@example.com");
    let erase = |email: &str, more: &[&str]| {
        let output = run(&folder, &[&["user", "erase", "--email", email], more].concat());
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    let (code, told) = erase("grace@example.com", &[]);
    assert!(code == Some(2) && told.contains("Say --yes"), "{told}");
    let (code, told) = erase("Grace@example.com", &["--yes"]);
    assert!(code == Some(0) && told.contains("Grace@example.com was erased."), "{told}");
    let (code, told) = erase("grace@example.com", &["--yes"]);
    assert!(code == Some(1) && told.contains("Nobody has this email"), "{told}");
    let (code, told) = erase("nonsense", &["--yes"]);
    assert!(code == Some(1) && told.contains("--email: "), "{told}");
    let verified = run(&folder, &["audit", "verify"]);
    assert_eq!(text(&verified.stdout).trim(), "3 chains are whole.");
}

#[test]
fn a_checkpoint_is_signed_and_verified() {
    let folder = with_ada();
    let signed = run(&folder, &["audit", "checkpoint", "--out", "first.json"]);
    assert_eq!(signed.status.code(), Some(0), "{}", text(&signed.stderr));
    let told = text(&signed.stdout);
    let public_key = told.trim().rsplit(' ').next().unwrap();
    assert!(text(&signed.stderr).contains(public_key), "a new key is told of: {}", text(&signed.stderr));
    let again = run(&folder, &["audit", "checkpoint"]);
    let document: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((&document["public_key"], &document["version"]), (&public_key.into(), &1.into()));
    assert_eq!(text(&again.stderr).trim(), format!("Public key: {public_key}"));

    create_person(&folder, "grace@example.com");
    let verify = |more: &[&str]| {
        let output = run(&folder, &[&["audit", "verify", "--checkpoint", "first.json"], more].concat());
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    let (code, told) = verify(&[]);
    assert!(code == Some(0) && told.contains("2 chains are whole.\nWhat the checkpoint of 20"), "{told}");
    assert!(told.contains(&format!("the key in data/audit-signing.key, {public_key}")), "{told}");
    let (code, told) = verify(&["--public-key", public_key]);
    assert!(code == Some(0) && told.contains("the key that was named"), "{told}");
    let stranger = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    let (code, told) = verify(&["--public-key", stranger]);
    assert!(code == Some(1) && told.contains("the key that is trusted is 3d4017c3"), "{told}");
    let (code, told) = verify(&["--public-key", "3d"]);
    assert!(code == Some(2) && told.contains("64 hexadecimal digits"), "{told}");

    let file = folder.path().join("first.json");
    let changed = std::fs::read_to_string(&file).unwrap().replacen("\"seq\":1", "\"seq\":0", 1);
    std::fs::write(&file, changed).unwrap();
    let (code, told) = verify(&[]);
    assert!(code == Some(1) && told.contains("first.json: its signature is wrong"), "{told}");
}

#[test]
fn a_log_that_lacks_what_was_signed_is_named() {
    let folder = with_ada();
    assert_eq!(run(&folder, &["audit", "checkpoint", "--out", "signed.json"]).status.code(), Some(0));
    // Another database in its place, whole by itself.
    std::fs::rename(folder.path().join("data/audit-signing.key"), folder.path().join("key")).unwrap();
    std::fs::remove_dir_all(folder.path().join("data")).unwrap();
    create_person(&folder, "ada@example.com");
    let verify = ["audit", "verify", "--checkpoint", "signed.json"];
    let no_key = run(&folder, &verify);
    assert_eq!(no_key.status.code(), Some(2));
    assert!(text(&no_key.stderr).contains("Name one by --public-key."), "{}", text(&no_key.stderr));
    let found = tenantry(&folder, &verify).env("TENANTRY_AUDIT_KEY_FILE", "key").output().unwrap();
    assert_eq!(found.status.code(), Some(1), "{}", text(&found.stdout));
    let told = text(&found.stderr);
    assert!(told.contains("  account:") && told.contains("is gone, though the checkpoint has signed it"), "{told}");
}

#[cfg(unix)]
#[test]
fn the_key_of_checkpoints_is_its_owners_alone() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let folder = with_ada();
    assert_eq!(run(&folder, &["audit", "checkpoint"]).status.code(), Some(0));
    let key = folder.path().join("data/audit-signing.key");
    assert_eq!(metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    let open = run(&folder, &["audit", "checkpoint"]);
    assert_eq!(open.status.code(), Some(1));
    assert!(text(&open.stderr).contains("others may open it (mode 644)"), "{}", text(&open.stderr));

    let nowhere = run(&folder, &["audit", "checkpoint", "--database-url", "postgres://app@db.invalid/app"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(text(&nowhere.stderr).contains("TENANTRY_AUDIT_KEY_FILE"), "{}", text(&nowhere.stderr));
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

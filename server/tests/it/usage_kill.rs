//! The server is killed while events are told: what was acknowledged is counted, and nothing twice.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use data_encoding::BASE64;
use integrations::SystemClock;
use serde_json::{Value, json};
use service::ports::Clock;
use testkit::{TestDb, both};

use crate::cli::{tenantry, text};
use crate::support::write_site;

const TOKEN: &str = "a-test-administration-token";
const SENDERS: usize = 2;
const BATCHES: usize = 30;
const EVENTS: usize = 20;
/// How often the server is killed.
const KILLS: usize = 3;

/// A server's process; it dies with this.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().rsplit(':').next().unwrap().parse().unwrap();
        Self { child, port }
    }

    /// As by `kill -9`.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks as the instance; `None` when the server went away meanwhile.
fn ask(port: u16, method: &str, path: &str, body: &str) -> Option<(u16, Value)> {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let head = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice()).ok()?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.get(9..12)?.parse().ok()?;
    Some((status, serde_json::from_str(body).ok()?))
}

fn batch(sender: usize, n: usize, workspace: &str, time: &str) -> String {
    let event = |id: usize| {
        json!({
            "specversion": "1.0", "source": format!("/sender/{sender}"), "id": format!("{n}/{id}"),
            "type": "db_execution_ms", "subject": workspace, "time": time, "data": {"quantity": 1},
        })
    };
    Value::Array((0..EVENTS).map(event).collect()).to_string()
}

/// Tells batch after batch, each until it is acknowledged, wherever the server is at the moment.
fn send(sender: usize, workspace: &str, time: &str, port: &Mutex<u16>, acknowledged: &mpsc::Sender<()>) {
    for n in 0..BATCHES {
        let body = batch(sender, n, workspace, time);
        loop {
            let port = *port.lock().unwrap();
            match ask(port, "POST", "/usage/events", &body) {
                Some((200, receipt)) => {
                    assert_eq!(receipt["refused"], 0, "{receipt}");
                    break;
                }
                // Busy, or gone; what was told is told again.
                Some((503, _)) | None => std::thread::yield_now(),
                Some((status, answer)) => panic!("{status}: {answer}"),
            }
        }
        let _ = acknowledged.send(());
    }
}

#[both]
async fn no_event_is_lost_or_counted_twice_however_often_the_server_is_killed(db: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let site = write_site(&folder);
    let command = |arguments: &[&str]| {
        let mut command = tenantry(&folder, arguments);
        command.env("TENANTRY_SITE_FILE", &site).env("TENANTRY_ADMINISTRATION_TOKEN", TOKEN);
        if let storage::Options::Postgres(url) = db.options() {
            command.env("DATABASE_URL", url).env("TENANTRY_ENCRYPTION_KEY", BASE64.encode(&[1; 32]));
        }
        command
    };
    let serve = || Server::start(command(&["serve", "--listen", "127.0.0.1:0"]));
    let mut server = serve();
    let made = ask(server.port, "POST", "/organizations", r#"{"display_name": "Acme", "handle": "acme"}"#).unwrap();
    assert_eq!(made.0, 201, "{}", made.1);
    let made = ask(server.port, "POST", "/organizations/acme/workspaces", r#"{"name": "w"}"#).unwrap();
    let workspace = made.1["id"].as_str().unwrap().to_owned();

    let port = Arc::new(Mutex::new(server.port));
    let (tell, acknowledged) = mpsc::channel();
    let time = SystemClock.now().to_string();
    let done = Arc::new(AtomicUsize::new(0));
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let (workspace, time, port, tell) = (workspace.clone(), time.clone(), Arc::clone(&port), tell.clone());
            let done = Arc::clone(&done);
            std::thread::spawn(move || {
                send(sender, &workspace, &time, &port, &tell);
                done.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    drop(tell);
    for _ in 0..KILLS {
        // Somewhere in the middle of the batches that follow.
        for _ in 0..SENDERS * BATCHES / (KILLS + 1) {
            acknowledged.recv().unwrap();
        }
        assert!(done.load(Ordering::SeqCst) < SENDERS, "there is still something to tell");
        server.kill();
        server = serve();
        *port.lock().unwrap() = server.port;
    }
    for sender in senders {
        sender.join().unwrap();
    }
    let (_, used) = ask(server.port, "GET", "/organizations/acme/usage", "").unwrap();
    assert_eq!(total(&used), (SENDERS * BATCHES * EVENTS) as i64, "{used}");
    server.kill();
    let rebuilt = command(&["usage", "rebuild"]).output().unwrap();
    let said = format!("{} days of 1 organizations were reckoned anew; 0 rows were mended.\n", days(&used));
    assert_eq!(text(&rebuilt.stdout), said);
}

fn total(used: &Value) -> i64 {
    let items = used["items"].as_array().unwrap().iter();
    items.filter(|item| item["meter"] == "db_execution_ms").map(|item| item["value"].as_i64().unwrap()).sum()
}

/// How many days have anything.
fn days(used: &Value) -> usize {
    let days: std::collections::BTreeSet<&str> =
        used["items"].as_array().unwrap().iter().filter_map(|item| item["day"].as_str()).collect();
    days.len()
}

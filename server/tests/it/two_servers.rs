//! Two processes of the real server on one PostgreSQL: they share the jobs, and what one of them ends is over at the other.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::api::admin::{DeleteOrg, PreviewDeletion};
use app::api::auth_policy::{PreviewAuthReset, ResetAuthentication};
use app::api::bootstrap::RedeemBootstrap;
use app::api::cloud::ConnectCloudAccount;
use app::api::instance::SaveInstance;
use app::api::orgs::CreateOrg;
use app::api::session::{SignIn, SignOut};
use app::api::workspace::CreateWorkspace;
use axum::Router;
use axum::body::Bytes;
use axum::response::IntoResponse;
use axum::routing::post;
use data_encoding::BASE64;
use http::HeaderMap;
use integrations::SystemClock;
use ring::hmac;
use serde_json::Value;
use service::ports::Clock;
use tempfile::TempDir;
use testkit::TestDb;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::cli::tenantry;
use crate::support::{ADMIN, PASSWORD, encode, path_of, write_site};

const TOKEN: &str = "a-test-administration-token";
const SECRET: &str = "a-secret-of-enough-characters";
const OWNER: &str = "olga@acme.example";
/// What the slowest machine may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process of the server.
struct Process {
    child: Child,
    port: u16,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An instance with a platform administrator, served by two processes.
struct Pair {
    db: TestDb,
    _folder: TempDir,
    a: Process,
    b: Process,
}

impl Pair {
    async fn start() -> Self {
        let db = TestDb::postgres().await;
        let storage::Options::Postgres(url) = db.options() else { unreachable!("it was asked for") };
        let folder = tempfile::tempdir().unwrap();
        let site = write_site(&folder);
        let command = |arguments: &[&str]| {
            let mut command = tenantry(&folder, arguments);
            command.env("DATABASE_URL", url).env("TENANTRY_ENCRYPTION_KEY", BASE64.encode(&[1; 32]));
            command.env("TENANTRY_SITE_FILE", &site).env("TENANTRY_ADMINISTRATION_TOKEN", TOKEN);
            // The provider is a server of the test.
            command.env("TENANTRY_OUTBOUND_ALLOW", "127.0.0.0/8");
            command
        };
        let ada = ["user", "create", "--email", ADMIN, "--name", "Ada", "--platform-admin", "--password-stdin"];
        let mut create = command(&ada).stdin(Stdio::piped()).spawn().unwrap();
        create.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert_eq!(create.wait().unwrap().code(), Some(0));
        let [a, b] = [(); 2].map(|()| {
            let mut child = command(&["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::null()).spawn().unwrap();
            let mut line = String::new();
            BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
            let port = line.trim().rsplit(':').next().unwrap().parse().unwrap();
            Process { child, port }
        });
        Self { db, _folder: folder, a, b }
    }

    /// Ada's session, as either process takes it.
    async fn ada(&self) -> Visitor {
        let mut ada = Visitor::default();
        ada.call(&self.a, path_of::<SignIn>(), &[("email", ADMIN), ("password", PASSWORD)]).await;
        ada
    }

    /// Olga's, who has become the first owner of `acme` by its link, at the second process.
    async fn owner_of_acme(&self, ada: &mut Visitor) -> Visitor {
        let fields = [("display_name", "Acme"), ("handle", "acme"), ("first_owner", "link")];
        let created = ada.call(&self.a, path_of::<CreateOrg>(), &fields).await.json();
        let link = created["link"]["url"].as_str().unwrap();
        let mut olga = Visitor::default();
        olga.get(&self.b, &link[link.find("/bootstrap").unwrap()..]).await;
        let person = [("name", "Olga"), ("email", OWNER), ("password", PASSWORD)];
        olga.call(&self.b, path_of::<RedeemBootstrap>(), &person).await;
        assert_eq!(olga.get(&self.b, ACME).await.status, 200);
        olga
    }
}

const ACME: &str = "/organizations/acme";

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        // Long answers come in chunks, whose lengths stand on lines of their own.
        let line = self.body.lines().find(|line| line.starts_with('{')).unwrap_or(&self.body);
        serde_json::from_str(line).unwrap()
    }

    fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A browser's cookies.
#[derive(Default)]
struct Visitor {
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    async fn open(&self, server: &Process, head: &str, body: &str) -> TcpStream {
        let mut connection = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let head = format!(
            "{head}\r\nhost: localhost:{}\r\ncookie: {}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            server.port,
            cookies.join("; "),
            body.len()
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        connection
    }

    async fn ask(&mut self, server: &Process, head: &str, body: &str) -> Answer {
        let mut connection = self.open(server, head, body).await;
        let mut text = String::new();
        timeout(PATIENCE, connection.read_to_string(&mut text)).await.unwrap().unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head[9..12].parse().unwrap();
        let answer = Answer { status, head: head.to_owned(), body: body.to_owned() };
        for cookie in answer.headers("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    async fn get(&mut self, server: &Process, path: &str) -> Answer {
        self.ask(server, &format!("GET {path} HTTP/1.1\r\naccept: text/html"), "").await
    }

    /// Calls a server function, which has to succeed.
    async fn call(&mut self, server: &Process, path: &str, fields: &[(&str, &str)]) -> Answer {
        let head = format!(
            "POST {path} HTTP/1.1\r\naccept: application/json\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded"
        );
        let answer = self.ask(server, &head, &encode(fields)).await;
        assert!(answer.status < 400, "{path}: {} {}", answer.status, answer.body);
        answer
    }
}

/// A provider that counts what it is told by the key of each request. It keeps everybody waiting until two are told at
/// once: a process does one job after the other, so that takes two processes.
struct Provider {
    told: Mutex<BTreeMap<String, usize>>,
    at_once: watch::Sender<usize>,
    both: watch::Sender<bool>,
}

impl Provider {
    async fn start() -> (Arc<Self>, String) {
        let told = Mutex::new(BTreeMap::new());
        let provider = Arc::new(Self { told, at_once: watch::Sender::new(0), both: watch::Sender::new(false) });
        let serving = Arc::clone(&provider);
        let router = Router::new().route(
            "/",
            post(move |headers: HeaderMap, body: Bytes| async move { serving.answer(&headers, &body).await }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (provider, url)
    }

    async fn answer(&self, headers: &HeaderMap, body: &Bytes) -> impl IntoResponse + use<> {
        let id = headers["webhook-id"].to_str().unwrap().to_owned();
        let request: Value = serde_json::from_slice(body).unwrap();
        let answer = if request["type"] == "resources.list" { r#"{"resources":[]}"# } else { "{}" };
        if request["type"] != "resources.list" {
            *self.told.lock().unwrap().entry(id.clone()).or_default() += 1;
            self.at_once.send_modify(|count| *count += 1);
            if *self.at_once.borrow() > 1 {
                self.both.send_replace(true);
            }
            let mut both = self.both.subscribe();
            // Whoever waits in vain is answered, so that the test fails by its own words.
            let _ = timeout(PATIENCE / 2, both.wait_for(|both| *both)).await;
            self.at_once.send_modify(|count| *count -= 1);
        }
        let seconds = SystemClock.now().micros() / 1_000_000;
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let signature = hmac::sign(&key, format!("{id}.{seconds}.{answer}").as_bytes());
        let signature = format!("v1,{}", BASE64.encode(signature.as_ref()));
        ([("webhook-id", id), ("webhook-timestamp", seconds.to_string()), ("webhook-signature", signature)], answer)
    }
}

/// Looks until `holds`, or gives up.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(timeout(PATIENCE, looking).await.is_ok(), "in vain: {what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_the_jobs_and_do_none_twice() {
    const WORKSPACES: usize = 12;
    let pair = Pair::start().await;
    let (provider, url) = Provider::start().await;
    let mut ada = pair.ada().await;
    let fields = [("display_name", "Acme"), ("handle", "acme"), ("first_owner", "me")];
    ada.call(&pair.a, path_of::<CreateOrg>(), &fields).await;
    let account = [
        ("handle", "acme"),
        ("form[name]", "Main"),
        ("form[provider]", "own"),
        ("form[connector]", "webhook"),
        ("form[url]", &url),
        ("form[secret]", SECRET),
        ("form[events]", "true"),
    ];
    ada.call(&pair.a, path_of::<ConnectCloudAccount>(), &account).await;
    for n in 0..WORKSPACES {
        let server = if n % 2 == 0 { &pair.a } else { &pair.b };
        let name = format!("workspace-{n}");
        ada.call(server, path_of::<CreateWorkspace>(), &[("handle", "acme"), ("name", &name)]).await;
    }
    until("every job is done", async || pair.db.count_rows(&["job WHERE state <> 'done'"]).await == 0).await;
    assert!(*provider.both.borrow(), "one process did everything");
    let told = provider.told.lock().unwrap().clone();
    assert_eq!(told.len(), WORKSPACES);
    assert!(told.values().all(|times| *times == 1), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_a_hold_and_a_freeze_are_in_force_at_every_process_on_the_next_request() {
    let pair = Pair::start().await;
    let mut ada = pair.ada().await;
    let mut olga = pair.owner_of_acme(&mut ada).await;
    let preview = ada.call(&pair.a, path_of::<PreviewAuthReset>(), &[("handle", "acme")]).await.json();
    let plan = preview["token"].as_str().unwrap();
    ada.call(&pair.a, path_of::<ResetAuthentication>(), &[("handle", "acme"), ("plan", plan)]).await;
    let refused = olga.get(&pair.b, ACME).await;
    assert!(refused.status == 302 && refused.headers("location").any(|to| to.starts_with("/sign-in?")));
    assert_eq!(ada.get(&pair.b, ACME).await.status, 200, "it binds nobody who runs the console");

    let mut olga = Visitor::default();
    olga.call(&pair.b, path_of::<SignIn>(), &[("email", OWNER), ("password", PASSWORD)]).await;
    assert_eq!(olga.get(&pair.b, ACME).await.status, 200);
    for (expired, status) in [("true", 403), ("false", 200)] {
        let head = format!(
            "PATCH /administration/organizations/acme HTTP/1.1\r\nauthorization: Bearer {TOKEN}\r\n\
             content-type: application/json"
        );
        let body = format!(r#"{{"is_expired":{expired}}}"#);
        assert_eq!(Visitor::default().ask(&pair.a, &head, &body).await.status, 200);
        assert_eq!(olga.get(&pair.b, ACME).await.status, status, "is_expired: {expired}");
    }
    // A frozen membership, which nothing remembers either.
    for (state, status) in [("UPDATE member SET state = 'frozen'", 403), ("UPDATE member SET state = 'active'", 200)] {
        pair.db.tamper(state).await;
        for process in [&pair.a, &pair.b] {
            assert_eq!(olga.get(process, ACME).await.status, status, "{state}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_stream_at_one_process_ends_with_the_session_at_the_other() {
    let pair = Pair::start().await;
    let mut ada = pair.ada().await;
    let fields = [("display_name", "Acme"), ("handle", "acme"), ("first_owner", "me")];
    ada.call(&pair.a, path_of::<CreateOrg>(), &fields).await;
    let settings = [("form[deletion_grace_days]", "30"), ("form[owners_may_delete]", "true")];
    ada.call(&pair.a, path_of::<SaveInstance>(), &settings).await;
    let preview = ada.call(&pair.a, path_of::<PreviewDeletion>(), &[("handle", "acme")]).await.json();
    let plan = preview["token"].as_str().unwrap();
    let fields = [("handle", "acme"), ("plan", plan), ("confirm", "acme")];
    let deleted = ada.call(&pair.a, path_of::<DeleteOrg>(), &fields).await;
    let process = deleted.headers("location").next().unwrap().trim_start_matches("/processes/").to_owned();

    let live = format!("GET /live?topic=process:{process} HTTP/1.1\r\naccept: text/event-stream");
    let mut stream = ada.open(&pair.b, &live, "").await;
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    ada.call(&pair.a, path_of::<SignOut>(), &[]).await;
    let mut rest = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("the stream is cut").unwrap();
    assert_eq!(Visitor::default().ask(&pair.b, &live, "").await.status, 401);
}

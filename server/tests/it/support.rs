//! The whole router over a scratch database, with a tiny packed site.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode, request};
use http_body_util::BodyExt;
use server::config::{Network, PublicUrl, TrustedProxies};
use server::http::{Addresses, Server, router};
use server::site::Site;
use tempfile::TempDir;
use testapp::TestApp;
use testkit::TestDb;
use tokio::net::TcpListener;
use tower::ServiceExt;

pub const HOST_NAME: &str = "localhost:3000";
pub const ORIGIN: &str = "http://localhost:3000";
pub use testapp::PASSWORD;
pub const ADMIN: &str = "ada@example.com";

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub fn header(&self, name: impl http::header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.header(LOCATION)
    }

    /// `name=value` of every cookie that is set to something.
    pub fn cookies(&self) -> Vec<String> {
        let lines = self.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        lines.filter_map(|line| line.split(';').next()).filter(|pair| !pair.ends_with('=')).map(str::to_owned).collect()
    }
}

/// The server as a browser without script meets it: it keeps cookies and sends what browsers send.
pub struct Browser {
    router: Router,
    pub app: TestApp,
    pub cookies: Vec<String>,
}

impl Browser {
    /// An instance without people.
    pub async fn new() -> Self {
        Self::of(TestApp::new(TestDb::sqlite().await).await, true)
    }

    /// Over an application that exists; `is_configured` says whether its public address is.
    pub fn of(app: TestApp, is_configured: bool) -> Self {
        let trusted_proxies = TrustedProxies::new(vec![Network::parse("10.0.0.0/8").unwrap()]);
        let public_url = PublicUrl::parse(ORIGIN).unwrap();
        let addresses = Addresses { public_url, is_configured, trusted_proxies };
        let server = Server::new(Arc::clone(&app.services), site(), addresses);
        Self { router: router(&server), app, cookies: Vec::new() }
    }

    /// An instance with a platform administrator, who is signed in.
    pub async fn administrator() -> Self {
        let mut browser = Self::new().await;
        browser.app.person(ADMIN, true).await;
        let path = path_of::<app::api::session::SignIn>();
        let answer = browser.post(path, "/sign-in", &[("email", ADMIN), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        browser
    }

    /// Serves it on a port of this machine as well, for programs.
    pub async fn serve(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let app = self.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        port
    }

    pub async fn send(&self, request: request::Builder, body: impl Into<Body>) -> Answer {
        let mut request = request.body(body.into()).unwrap();
        request.headers_mut().entry(HOST).or_insert(HOST_NAME.parse().unwrap());
        if !self.cookies.is_empty() {
            request.headers_mut().insert(COOKIE, self.cookies.join("; ").parse().unwrap());
        }
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 5000))));
        let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    /// A navigation.
    pub async fn get(&mut self, path: &str) -> Answer {
        let answer = self.send(Request::get(path).header(ACCEPT, "text/html"), Body::empty()).await;
        self.keep(&answer);
        answer
    }

    /// Sends a form that stands on `page`, and follows the one redirect that keeps the post.
    pub async fn post(&mut self, action: &str, page: &str, fields: &[(&str, &str)]) -> Answer {
        let sent = self.send(form(action, page), encode(fields)).await;
        assert_eq!(sent.status, StatusCode::TEMPORARY_REDIRECT, "{}", sent.text());
        let answer = self.send(form(sent.location(), page), encode(fields)).await;
        self.keep(&answer);
        answer
    }

    fn keep(&mut self, answer: &Answer) {
        for cookie in answer.cookies() {
            let name = cookie.split('=').next().unwrap().to_owned() + "=";
            self.cookies.retain(|kept| !kept.starts_with(&name));
            self.cookies.push(cookie);
        }
    }
}

/// A server function's path.
pub fn path_of<F: server_fn::ServerFn>() -> &'static str {
    F::PATH
}

/// What a browser sends with a form.
pub fn form(action: &str, page: &str) -> request::Builder {
    Request::post(action)
        .header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("origin", ORIGIN)
        .header("referer", format!("{ORIGIN}{page}"))
}

/// What the hydrated console sends.
pub fn call(action: &str) -> request::Builder {
    Request::post(action)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
}

pub fn encode(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

pub const SCRIPT: &str = "/pkg/0123/tenantry.js";
/// The WebAssembly that the sign-in page needs besides the main module.
pub const PART: &str = "/pkg/0123/split_console.wasm";
pub const ICON: &str = "/assets/4567/favicon.svg";

fn site() -> Site {
    Site::from_bytes(pack().into()).unwrap()
}

/// The packed site as a file in `folder`.
pub fn write_site(folder: &TempDir) -> PathBuf {
    let file = folder.path().join("site.pack");
    std::fs::write(&file, pack()).unwrap();
    file
}

/// A script in all three codings and an icon in one.
fn pack() -> Vec<u8> {
    let header = format!(
        r#"{{"assets":{{
            "{SCRIPT}":{{"type":"text/javascript; charset=utf-8","etag":"\"abc\"","identity":[0,5],"br":[5,2],"gzip":[7,4]}},
            "{ICON}":{{"type":"image/svg+xml","etag":"\"def\"","identity":[11,6],"br":null,"gzip":null}}}},
        "entry":{{"js":"{SCRIPT}","wasm":"/pkg/0123/tenantry_bg.wasm","css":"/assets/1/main.css",
            "monaco":"/monaco/1/editor.js","monaco_css":"/monaco/1/editor.css","favicon":"{ICON}",
            "parts":{{"console":["{PART}"]}}}}}}"#
    );
    let blobs = b"plainBRGZIP<svg/>";
    [b"TNTYSITE1\n".as_slice(), &(header.len() as u64).to_le_bytes(), header.as_bytes(), blobs].concat()
}

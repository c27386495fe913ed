//! `tenantry organization` and `tenantry server` against a server that runs: the binary at both ends, with TLS and
//! without.

use std::io::{BufRead, BufReader};
use std::process::{Child, Output};
use std::sync::Arc;

use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::cli::{tenantry, text};
use crate::support::write_site;

const TOKEN: &str = "a-test-administration-token";

struct Server {
    folder: TempDir,
    child: Child,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = write_site(&folder);
        let mut serve = tenantry(&folder, &["serve", "--listen", "127.0.0.1:0"]);
        serve.env("TENANTRY_SITE_FILE", site).env("TENANTRY_ADMINISTRATION_TOKEN", TOKEN);
        let mut child = serve.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().rsplit(':').next().unwrap().parse().unwrap();
        Self { folder, child, port }
    }

    fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let mut command = tenantry(&self.folder, arguments);
        command.envs(environment.iter().copied()).output().unwrap()
    }

    /// Runs with the token in the environment and answers what was printed.
    fn print(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, &[("PARSEC_ADMINISTRATION_TOKEN", TOKEN)]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn organizations_are_created_and_looked_at_from_elsewhere() {
    let server = Server::start();
    let addr = format!("parsec3://127.0.0.1:{}?no_ssl=true", server.port);
    let link = server.print(&["organization", "create", "--addr", &addr, "--quiet", "MyOrganization"]);
    let begin = format!("parsec3://127.0.0.1:{}/MyOrganization?no_ssl=true&a=bootstrap_organization&p=", server.port);
    assert!(link.starts_with(&begin) && link.lines().count() == 1, "{link}");
    let told = server.print(&["organization", "create", "--addr", &addr, "Other"]);
    assert!(told.contains("The organization Other was created") && told.contains("parsec3://"), "{told}");
    let addr = format!("http://127.0.0.1:{}", server.port);
    let status = server.print(&["organization", "status", "--addr", &addr, "MyOrganization"]);
    assert!(status.contains("is_bootstrapped") && status.contains("false"), "{status}");
    let status = server.print(&["organization", "status", "--json", "--addr", &addr, "MyOrganization"]);
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!(status["realm_minimum_archiving_period_before_deletion"], 2_592_000);
    let stats = server.print(&["organization", "stats", "--addr", &addr, "MyOrganization"]);
    assert!(stats.contains("users_per_profile_detail.ADMIN.active"), "{stats}");
    let all = server.print(&["server", "stats", "--addr", &addr]);
    assert!(all.contains("MyOrganization") && all.contains("Other"), "{all}");
}

#[test]
fn what_goes_wrong_is_said() {
    let server = Server::start();
    let addr = format!("http://127.0.0.1:{}", server.port);
    let status = |name: &str, token: &str, addr: &str| {
        let output = server.run(&["organization", "status", "--addr", addr, "--token", token, name], &[]);
        (output.status.code(), text(&output.stderr))
    };
    let (code, told) = status("Nobody", TOKEN, &addr);
    assert!(code == Some(1) && told.contains("Organization not found"), "{told}");
    let (code, told) = status("a b", TOKEN, &addr);
    assert!(code == Some(1) && told.contains("Invalid organization ID"), "{told}");
    let (code, told) = status("Nobody", "not-the-right-token", &addr);
    assert!(code == Some(1) && told.contains("Bad authorization token"), "{told}");
    let (code, told) = status("Nobody", TOKEN, "http://127.0.0.1:1");
    assert!(code == Some(1) && told.contains("can't be reached"), "{told}");
    let (code, told) = status("Nobody", TOKEN, "console.example.com");
    assert!(code == Some(2) && told.contains("no server address"), "{told}");
    let output = server.run(&["server", "stats", "--addr", &addr], &[]);
    assert!(output.status.code() == Some(2) && text(&output.stderr).contains("No token"), "{}", text(&output.stderr));
}

/// Ends TLS before the server, with a certificate that only its own authority vouches for.
async fn end_tls(port: u16, config: ServerConfig) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let tls = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((outer, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A client that doesn't trust the certificate hangs up.
                let Ok(mut outer) = acceptor.accept(outer).await else { return };
                let mut inner = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut outer, &mut inner).await;
            });
        }
    });
    tls
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authority_of_ones_own_is_trusted_when_named() {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    let server = Server::start();
    let tls = end_tls(server.port, config).await;
    let addr = format!("parsec3://localhost:{tls}");
    let arguments = ["server", "stats", "--json", "--addr", &addr, "--token", TOKEN];
    let ca_file = server.folder.path().join("ca.pem");
    std::fs::write(&ca_file, certified.cert.pem()).unwrap();
    tokio::task::block_in_place(|| {
        let strange = server.run(&arguments, &[]);
        assert_eq!(strange.status.code(), Some(1));
        assert!(text(&strange.stderr).contains("certificate"), "{}", text(&strange.stderr));
        let trusted = server.run(&arguments, &[("SSL_CAFILE", ca_file.to_str().unwrap())]);
        assert_eq!(trusted.status.code(), Some(0), "{}", text(&trusted.stderr));
        assert_eq!(text(&trusted.stdout).trim(), "{\n  \"stats\": []\n}");
        let missing = server.run(&arguments, &[("SSL_CAFILE", "nowhere.pem")]);
        assert!(text(&missing.stderr).contains("SSL_CAFILE, nowhere.pem"), "{}", text(&missing.stderr));
    });
}

//! Servers on loopback for tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use domain::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use service::ports::Clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A clock that stands.
pub struct FixedClock(Timestamp);

impl FixedClock {
    pub fn new(seconds: i64) -> Arc<Self> {
        Arc::new(Self(Timestamp::from_micros(seconds * 1_000_000)))
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Serves on a free port until the test ends.
pub async fn serve(router: Router) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

/// A server that says the same to everybody, and counts them.
pub struct Scripted {
    pub port: u16,
    hits: Arc<AtomicUsize>,
}

impl Scripted {
    /// On `ip`, says each part in turn; the connection stays open until the client goes.
    pub async fn start(ip: &str, parts: Vec<Vec<u8>>) -> Self {
        Self::listen(TcpListener::bind((ip, 0)).await.unwrap(), parts)
    }

    pub fn listen(listener: TcpListener, parts: Vec<Vec<u8>>) -> Self {
        let (port, hits) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&hits);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let parts = parts.clone();
                tokio::spawn(async move {
                    read_head(&mut stream).await;
                    for part in parts {
                        if stream.write_all(&part).await.is_err() {
                            return;
                        }
                    }
                    let _ = stream.read(&mut [0]).await;
                });
            }
        });
        Self { port, hits }
    }

    /// How many connections there were.
    pub fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

async fn read_head(stream: &mut TcpStream) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).await.is_ok_and(|read| read == 1) {
        head.extend(byte);
    }
}

/// An authority as PEM, and what serves TLS in its name for 127.0.0.1 and `localhost`.
pub fn tls() -> (String, TlsAcceptor) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.der().clone()], private);
    (authority.pem(), TlsAcceptor::from(Arc::new(config.unwrap())))
}

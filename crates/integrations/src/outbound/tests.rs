use std::collections::VecDeque;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Answer, Network, Outbound, OutboundError, Request, Resolve};
use crate::testing::{Scripted, tls};

/// Tells each time what comes next in its list.
struct Answers(Mutex<VecDeque<Vec<IpAddr>>>);

#[async_trait::async_trait]
impl Resolve for Answers {
    async fn resolve(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        self.0.lock().unwrap().pop_front().ok_or_else(|| io::Error::other("asked too often"))
    }
}

fn guard(allow: &[&str], answers: &[&[&str]]) -> Outbound {
    let allow = allow.iter().map(|network| Network::parse(network).unwrap()).collect();
    let answers =
        answers.iter().map(|addresses| addresses.iter().map(|address| address.parse().unwrap()).collect()).collect();
    Outbound::new(allow, Arc::new(Answers(Mutex::new(answers)))).within(Duration::from_secs(15))
}

async fn get(guard: &Outbound, url: &str) -> Result<Answer, OutboundError> {
    guard.send(Request::new(Method::GET, url)).await
}

async fn hello() -> Scripted {
    Scripted::start("127.0.0.1", vec![b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-kind: s3cret\r\n\r\nhello".to_vec()])
        .await
}

#[tokio::test]
async fn loopback_is_reached_only_when_it_is_allowed() {
    let server = hello().await;
    let url = format!("http://127.0.0.1:{}/", server.port);
    assert_eq!(get(&guard(&[], &[]), &url).await.unwrap_err(), OutboundError::Closed("127.0.0.1".to_owned()));
    assert_eq!(server.hits(), 0);
    let answer = get(&guard(&["127.0.0.1"], &[]), &url).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.body.as_slice()), (200, &b"hello"[..]));
    assert_eq!(answer.headers["x-kind"], "s3cret");
    // A name that leads there as well.
    let url = format!("http://connector.example:{}/", server.port);
    assert!(get(&guard(&["127.0.0.0/8"], &[&["127.0.0.1"]]), &url).await.is_ok());
    assert_eq!(
        get(&guard(&["10.0.0.0/8"], &[&["127.0.0.1"]]), &url).await.unwrap_err().to_string(),
        "connector.example may not be reached from here: it lies in a network that outbound.allow doesn't list"
    );
    assert_eq!(server.hits(), 2);
}

#[tokio::test]
async fn no_spelling_of_an_address_gets_past() {
    let server = hello().await;
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0x7F.1",
        "017700000001",
        "0177.0.0.01",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.０.０.１",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "[::ffff:a9fe:a9fe]",
    ] {
        let url = format!("http://{host}:{}/", server.port);
        // The resolver would lead there, had one of them been taken for a name.
        let refused = get(&guard(&[], &[&["127.0.0.1"]]), &url).await.unwrap_err();
        assert!(matches!(refused, OutboundError::Closed(_)), "{host}: {refused}");
    }
    for url in [
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://user@127.0.0.1/",
        "http://user:password@example.com/",
        "http://127.0.0.1:80%40example.com/",
        "http://[::1%25lo]/",
        "//example.com/",
        "gopher://example.com",
        "",
    ] {
        assert_eq!(get(&guard(&[], &[]), url).await.unwrap_err(), OutboundError::BadAddress, "{url}");
    }
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn a_name_server_that_changes_its_mind_changes_nothing() {
    let inside = hello().await;
    // 127.0.0.2 plays the public address: the only one that is let through.
    let good = TcpListener::bind(("127.0.0.2", inside.port)).await.unwrap();
    let good = Scripted::listen(good, vec![b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec()]);
    let url = format!("http://rebind.example:{}/", inside.port);

    let guarded = guard(&["127.0.0.2"], &[&["127.0.0.2"], &["127.0.0.1"], &["127.0.0.1"]]);
    assert!(get(&guarded, &url).await.unwrap().body.is_empty());
    assert_eq!((good.hits(), inside.hits()), (1, 0));
    // No connection is left that the next request could take unseen.
    assert!(matches!(get(&guarded, &url).await.unwrap_err(), OutboundError::Closed(_)));

    // Nobody listens on the checked address: the second answer isn't asked for.
    let guarded = guard(&["127.0.0.3"], &[&["127.0.0.3"], &["127.0.0.1"]]);
    assert!(matches!(get(&guarded, &url).await.unwrap_err(), OutboundError::Unreachable(_)));

    // A mix is refused whole, whatever its order.
    for mix in [["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "::1"]] {
        assert!(matches!(get(&guard(&["127.0.0.2"], &[&mix]), &url).await.unwrap_err(), OutboundError::Closed(_)));
    }
    assert_eq!((good.hits(), inside.hits()), (1, 0));
    assert!(matches!(get(&guard(&[], &[&[]]), &url).await.unwrap_err(), OutboundError::Unreachable(_)));
}

#[tokio::test]
async fn redirects_are_errors() {
    let inside = hello().await;
    for place in ["http://169.254.169.254/".to_owned(), format!("http://127.0.0.1:{}/", inside.port)] {
        for status in ["301", "302", "303", "307", "308"] {
            let answer = format!("HTTP/1.1 {status} Found\r\nlocation: {place}\r\ncontent-length: 0\r\n\r\n");
            let server = Scripted::start("127.0.0.2", vec![answer.into_bytes()]).await;
            let refused = get(&guard(&["127.0.0.2"], &[]), &format!("http://127.0.0.2:{}/", server.port)).await;
            assert_eq!(refused.unwrap_err(), OutboundError::Redirected("127.0.0.2".to_owned()));
            assert_eq!(server.hits(), 1);
        }
    }
    assert_eq!(inside.hits(), 0);
}

#[tokio::test]
async fn long_slow_and_garbled_answers_are_cut_and_not_quoted() {
    let long = |head: &str| {
        let mut parts = vec![head.as_bytes().to_vec()];
        parts.extend(std::iter::repeat_n([b"10000\r\n".as_slice(), &[b's'; 65536], b"\r\n"].concat(), 32));
        parts
    };
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    for (parts, expected) in [
        (long(chunked), "127.0.0.1 answered more than 1048576 bytes"),
        (long("HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n"), "127.0.0.1 answered more than 1048576 bytes"),
        // Says a part, then nothing.
        (vec![format!("{chunked}6\r\ns3cret\r\n").into_bytes()], "127.0.0.1 gave no whole answer in time"),
        (vec![b"HTTP/1.1 200 OK\r\n".to_vec()], "127.0.0.1 gave no whole answer in time"),
        (vec![b"s3cret, and no HTTP\r\n\r\n".to_vec()], "127.0.0.1 broke off its answer, or speaks no HTTP"),
        (vec![format!("{chunked}s3cret\r\n").into_bytes()], "127.0.0.1 broke off its answer, or speaks no HTTP"),
    ] {
        let server = Scripted::start("127.0.0.1", parts).await;
        let patience = if expected.contains("in time") { Duration::from_millis(400) } else { Duration::from_secs(15) };
        let guarded = guard(&["127.0.0.1"], &[]).within(patience);
        let refused = get(&guarded, &format!("http://127.0.0.1:{}/", server.port)).await.unwrap_err();
        assert_eq!(refused.to_string(), expected);
        assert!(!format!("{refused:?}").contains("s3cret"));
    }
}

#[tokio::test]
async fn secrets_travel_encrypted_or_inside_the_allowed_networks() {
    let server = hello().await;
    let ask = |url: String, guard: Outbound| async move {
        let mut request = Request::new(Method::GET, &url);
        request.headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer s3cret"));
        request.is_confidential = true;
        guard.send(request).await.map(|answer| answer.status.as_u16())
    };
    // 203.0.113.1 is nobody's; it isn't even tried.
    let outside = guard(&["127.0.0.1"], &[&["203.0.113.1"]]);
    assert_eq!(
        ask("http://cluster.example/".to_owned(), outside).await,
        Err(OutboundError::Unencrypted("cluster.example".to_owned()))
    );
    assert_eq!(ask(format!("http://127.0.0.1:{}/", server.port), guard(&["127.0.0.1"], &[])).await, Ok(200));
}

#[tokio::test]
async fn further_authorities_vouch_for_a_server() {
    let (ca, acceptor) = tls();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
                let _ = stream.read(&mut [0]).await;
            });
        }
    });
    let ask = |host: &'static str, ca: Option<String>| async move {
        let url = format!("https://{host}:{port}/");
        let request = Request { ca: ca.as_deref(), ..Request::new(Method::GET, &url) };
        guard(&["127.0.0.1"], &[&["127.0.0.1"]]).send(request).await.map(|answer| answer.status.as_u16())
    };
    assert_eq!(ask("127.0.0.1", Some(ca.clone())).await, Ok(204));
    assert_eq!(ask("localhost", Some(ca.clone())).await, Ok(204));
    // Checked address or not, the certificate must be the name's.
    for (host, ca) in [("other.example", Some(ca.clone())), ("127.0.0.1", None), ("127.0.0.1", Some(tls().0))] {
        let refused = ask(host, ca).await.unwrap_err();
        assert!(matches!(&refused, OutboundError::Unreachable(words) if words.contains("certificate")), "{refused}");
    }
    for ca in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert_eq!(ask("127.0.0.1", Some(ca.to_owned())).await, Err(OutboundError::BadAuthorities), "{ca}");
    }
}

mod kubernetes;
mod webhook;

use std::sync::Arc;

use domain::cloud::{ConnectorKind, RemoteResource};
use service::Secret;
use service::ports::{Connection, ConnectorError};

use super::{GuardedConnectors, RESOURCES_MAX, check};
use crate::OsRng;
use crate::outbound::{Network, Outbound};
use crate::testing::FixedClock;

/// Connectors that may reach loopback, and know what time it is.
fn connectors(clock: &Arc<FixedClock>) -> GuardedConnectors {
    let outbound = Outbound::system(vec![Network::parse("127.0.0.1").unwrap()]);
    GuardedConnectors::new(Arc::new(outbound), Arc::clone(clock) as _, Arc::new(OsRng))
}

fn connection(kind: ConnectorKind, url: String, secret: &str, selector: &str) -> Connection {
    Connection { kind, url, secret: Secret::from(secret.to_owned()), selector: selector.to_owned(), ca: None }
}

fn resource(id: &str) -> RemoteResource {
    RemoteResource { id: id.to_owned(), name: "name".to_owned(), kind: "vm".to_owned(), state: String::new() }
}

#[test]
fn a_list_with_a_doubtful_entry_is_refused_whole() {
    let numbered = |count: usize| (0..count).map(|n| resource(&n.to_string())).collect::<Vec<_>>();
    assert_eq!(check(&numbered(RESOURCES_MAX)), Ok(()));
    assert_eq!(check(&[resource(&"é".repeat(256))]), Ok(()));
    let with_name = |name: &str| RemoteResource { name: name.to_owned(), ..resource("1") };
    for doubtful in [
        numbered(RESOURCES_MAX + 1),
        vec![resource("")],
        vec![resource(&"x".repeat(257))],
        vec![resource("a\nb")],
        vec![resource("a"), resource("b"), resource("a")],
        vec![with_name("a\u{1b}[0m")],
        vec![with_name(&"x".repeat(257))],
    ] {
        assert!(matches!(check(&doubtful), Err(ConnectorError::BadAnswer(_))), "{:?}", doubtful.first());
    }
}

#[tokio::test]
async fn what_may_not_be_reached_is_forbidden() {
    let clock = FixedClock::new(0);
    let guarded = GuardedConnectors::new(Arc::new(Outbound::system(Vec::new())), clock, Arc::new(OsRng));
    for kind in ConnectorKind::ALL {
        for url in ["http://127.0.0.1:9/", "http://169.254.169.254/latest/", "https://[::1]/", "ftp://a.example/", "?"]
        {
            use service::ports::Connectors;
            let refused = guarded.list(&connection(kind, url.to_owned(), "secret", "a=b")).await.unwrap_err();
            assert!(matches!(refused, ConnectorError::Forbidden(_)), "{kind:?} {url}: {refused}");
        }
    }
}

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::cloud::{ConnectorKind, Termination};
use serde_json::{Value, json};
use service::ports::{Connection, ConnectorError, Connectors};

use super::{connection, connectors};
use crate::testing::{FixedClock, serve};

const SELECTOR: &str = "tenant=acme,env in (a,b)";

struct Namespace {
    is_theirs: bool,
    phase: &'static str,
    uid: String,
}

/// As much of an API server as is asked of it.
#[derive(Default)]
struct Cluster {
    namespaces: BTreeMap<String, Namespace>,
    asked: Vec<String>,
    deleted: Vec<Value>,
    /// Everything is answered with this.
    refusal: Option<(u16, Value)>,
}

type Shared = Arc<Mutex<Cluster>>;

impl Cluster {
    fn add(&mut self, name: &str, is_theirs: bool, phase: &'static str) {
        let uid = format!("uid-{name}");
        self.namespaces.insert(name.to_owned(), Namespace { is_theirs, phase, uid });
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({ "kind": "Status", "reason": "NotFound", "code": 404 }))).into_response()
}

fn shown(name: &str, namespace: &Namespace) -> Value {
    json!({ "metadata": { "name": name, "uid": namespace.uid }, "status": { "phase": namespace.phase } })
}

async fn list(
    State(cluster): State<Shared>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    assert_eq!(headers["authorization"], "Bearer t0ken");
    assert_eq!(query["labelSelector"], SELECTOR);
    let mut cluster = cluster.lock().unwrap();
    if let Some((status, body)) = &cluster.refusal {
        return (StatusCode::from_u16(*status).unwrap(), Json(body.clone())).into_response();
    }
    cluster.asked.push(query.get("continue").cloned().unwrap_or_default());
    let wanted = query.get("fieldSelector").map(|field| field.strip_prefix("metadata.name=").unwrap());
    let limit = query.get("limit").map_or(usize::MAX, |limit| limit.parse().unwrap());
    let from = query.get("continue").cloned().unwrap_or_default();
    let mut found = cluster.namespaces.iter().filter(|(name, namespace)| {
        namespace.is_theirs && **name > from && wanted.is_none_or(|wanted| wanted == name.as_str())
    });
    let items: Vec<Value> = found.by_ref().take(limit).map(|(name, namespace)| shown(name, namespace)).collect();
    let last = items.last().and_then(|item| item["metadata"]["name"].as_str());
    let next = if found.next().is_some() { last } else { None };
    Json(json!({ "kind": "NamespaceList", "metadata": { "continue": next.unwrap_or_default() }, "items": items }))
        .into_response()
}

async fn look(State(cluster): State<Shared>, Path(name): Path<String>) -> Response {
    match cluster.lock().unwrap().namespaces.get(&name) {
        Some(namespace) => Json(shown(&name, namespace)).into_response(),
        None => not_found(),
    }
}

async fn delete(State(cluster): State<Shared>, Path(name): Path<String>, Json(options): Json<Value>) -> Response {
    let mut cluster = cluster.lock().unwrap();
    cluster.deleted.push(options.clone());
    match cluster.namespaces.get_mut(&name) {
        None => not_found(),
        Some(found) if options["preconditions"]["uid"] != found.uid.as_str() => StatusCode::CONFLICT.into_response(),
        Some(found) => {
            found.phase = "Terminating";
            Json(shown(&name, found)).into_response()
        }
    }
}

async fn cluster() -> (Connection, Shared) {
    let cluster = Shared::default();
    let router = Router::new()
        .route("/k8s/c-1/api/v1/namespaces", get(list))
        .route("/k8s/c-1/api/v1/namespaces/{name}", get(look).delete(delete))
        .with_state(Arc::clone(&cluster));
    let url = format!("http://127.0.0.1:{}/k8s/c-1/", serve(router).await);
    (connection(ConnectorKind::Kubernetes, url, "t0ken\n", SELECTOR), cluster)
}

#[tokio::test]
async fn lists_what_the_selector_chooses_page_by_page() {
    let connectors = connectors(&FixedClock::new(0));
    let (at, cluster) = cluster().await;
    for n in 0..1201 {
        cluster.lock().unwrap().add(&format!("acme-{n:04}"), true, "Active");
    }
    cluster.lock().unwrap().add("kube-system", false, "Active");
    let listed = connectors.list(&at).await.unwrap();
    assert_eq!(listed.len(), 1201);
    assert_eq!((&*listed[7].id, &*listed[7].kind, &*listed[7].state), ("acme-0007", "namespace", "active"));
    assert_eq!(cluster.lock().unwrap().asked, ["", "acme-0499", "acme-0999"]);
    for n in 1201..10_001 {
        cluster.lock().unwrap().add(&format!("acme-{n:04}"), true, "Active");
    }
    let refused = connectors.list(&at).await.unwrap_err();
    assert!(matches!(refused, ConnectorError::BadAnswer(_)), "{refused}");
}

#[tokio::test]
async fn a_namespace_goes_and_is_gone() {
    let connectors = connectors(&FixedClock::new(0));
    let (at, cluster) = cluster().await;
    cluster.lock().unwrap().add("acme-a", true, "Active");
    assert_eq!(connectors.terminate(&at, "acme-a", "key").await, Ok(Termination::Going));
    assert_eq!(connectors.terminate(&at, "acme-a", "key").await, Ok(Termination::Going));
    {
        let mut cluster = cluster.lock().unwrap();
        let options = json!({
            "kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Foreground",
            "preconditions": { "uid": "uid-acme-a" },
        });
        assert_eq!(cluster.deleted, [options], "what is going isn't asked to go again");
        cluster.namespaces.clear();
    }
    assert_eq!(connectors.terminate(&at, "acme-a", "key").await, Ok(Termination::Gone));
    assert_eq!(connectors.notify(&at, "{}", "key").await, Ok(()));
}

#[tokio::test]
async fn what_is_not_the_organizations_is_left_alone() {
    let connectors = connectors(&FixedClock::new(0));
    let (mut at, cluster) = cluster().await;
    cluster.lock().unwrap().add("kube-system", false, "Active");
    let refused = connectors.terminate(&at, "kube-system", "key").await.unwrap_err();
    assert!(matches!(refused, ConnectorError::BadAnswer(_)), "{refused}");
    for name in ["", "../nodes", "a/b", "a?b", "a,metadata.name=kube-system", "A", "-a", "a-", &"a".repeat(64)] {
        let refused = connectors.terminate(&at, name, "key").await.unwrap_err();
        assert!(matches!(refused, ConnectorError::BadAnswer(_)), "{name}: {refused}");
    }
    assert_eq!(cluster.lock().unwrap().deleted.len(), 0);
    for selector in ["", "  "] {
        at.selector = selector.to_owned();
        assert!(matches!(connectors.list(&at).await, Err(ConnectorError::Forbidden(_))));
        assert!(matches!(connectors.terminate(&at, "kube-system", "key").await, Err(ConnectorError::Forbidden(_))));
    }
    assert_eq!(cluster.lock().unwrap().asked.len(), 1);
}

#[tokio::test]
async fn other_answers_are_no_lists_and_are_not_quoted() {
    let connectors = connectors(&FixedClock::new(0));
    let (mut at, cluster) = cluster().await;
    for (status, body, passes) in [
        (200, json!({ "items": [], "s3cret": 1 }), false),
        (200, json!({ "kind": "PodList", "items": [] }), false),
        (200, json!("s3cret"), false),
        (401, json!({ "kind": "Status", "message": "s3cret" }), false),
        (403, json!({ "kind": "Status", "message": "s3cret" }), false),
        (404, json!({ "kind": "Status", "reason": "NotFound", "message": "s3cret" }), false),
        (410, json!({ "kind": "Status", "reason": "Expired" }), true),
        (429, json!({}), true),
        (503, json!({ "message": "s3cret" }), true),
    ] {
        cluster.lock().unwrap().refusal = Some((status, body));
        let refused =
            [connectors.list(&at).await.unwrap_err(), connectors.terminate(&at, "a", "key").await.unwrap_err()];
        for refused in refused {
            assert_eq!(matches!(refused, ConnectorError::Unreachable(_)), passes, "{status}: {refused}");
            assert!(!refused.to_string().contains("s3cret"));
        }
    }
    // A 404 that isn't the API's own is no end of anything.
    cluster.lock().unwrap().refusal = None;
    at.url.push_str("elsewhere");
    assert!(matches!(connectors.terminate(&at, "a", "key").await, Err(ConnectorError::BadAnswer(_))));
    at.secret = "a\nb".to_owned().into();
    assert!(matches!(connectors.list(&at).await, Err(ConnectorError::Forbidden(_))));
}

//! A cluster's namespaces, chosen by their labels. Four requests of its API are all that is used, so there is no client
//! library.

use domain::cloud::{RemoteResource, Termination};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, StatusCode, Url};
use serde::Deserialize;
use serde_json::json;
use service::ports::{Connection, ConnectorError};

use super::{LIST_MAX, RESOURCES_MAX, bad, failed, refused};
use crate::outbound::{Answer, Outbound, Request};

/// Namespaces asked for at once.
const PAGE: usize = 500;

#[derive(Deserialize)]
struct Namespaces {
    kind: String,
    #[serde(default)]
    metadata: Page,
    items: Option<Vec<Namespace>>,
}

#[derive(Default, Deserialize)]
struct Page {
    #[serde(default, rename = "continue")]
    next: String,
}

#[derive(Deserialize)]
struct Namespace {
    metadata: Metadata,
    #[serde(default)]
    status: State,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    #[serde(default)]
    uid: String,
}

#[derive(Default, Deserialize)]
struct State {
    #[serde(default)]
    phase: String,
}

/// How the API says what went wrong.
#[derive(Deserialize)]
struct Failure {
    kind: String,
    #[serde(default)]
    reason: String,
}

pub async fn list(outbound: &Outbound, at: &Connection) -> Result<Vec<RemoteResource>, ConnectorError> {
    let mut resources = Vec::new();
    let mut next = String::new();
    // A server that goes on for ever is stopped even when it sends empty pages.
    for _ in 0..=RESOURCES_MAX / PAGE {
        let page = page(outbound, at, &[("limit", &PAGE.to_string()), ("continue", &next)]).await?;
        resources.extend(page.items.unwrap_or_default().into_iter().map(|found| RemoteResource {
            id: found.metadata.name.clone(),
            name: found.metadata.name,
            kind: "namespace".to_owned(),
            state: found.status.phase.to_lowercase(),
        }));
        next = page.metadata.next;
        if next.is_empty() {
            return Ok(resources);
        }
    }
    Err(bad(format!("The cluster tells of more than {RESOURCES_MAX} namespaces.")))
}

/// Asks for a namespace's end after making sure that the selector, and so the organization, still has it.
pub async fn terminate(outbound: &Outbound, at: &Connection, name: &str) -> Result<Termination, ConnectorError> {
    if !is_namespace(name) {
        return Err(bad("The resource's id is no name of a namespace."));
    }
    let field = format!("metadata.name={name}");
    let page = page(outbound, at, &[("fieldSelector", &field)]).await?;
    let chosen = page.items.unwrap_or_default().into_iter().find(|found| found.metadata.name == name);
    let Some(chosen) = chosen else {
        let answer = send(outbound, at, Method::GET, address(at, Some(name))?, None).await?;
        return match answer.status {
            StatusCode::OK => Err(bad("The namespace doesn't carry the organization's labels, so it is left alone.")),
            _ if is_gone(&answer) => Ok(Termination::Gone),
            status => Err(refused("connector", status)),
        };
    };
    if chosen.status.phase == "Terminating" {
        return Ok(Termination::Going);
    }
    let mut options = json!({ "kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Foreground" });
    if !chosen.metadata.uid.is_empty() {
        // Should another of the same name have come meanwhile, it is not the one that was looked at.
        options["preconditions"] = json!({ "uid": chosen.metadata.uid });
    }
    let answer = send(outbound, at, Method::DELETE, address(at, Some(name))?, Some(options.to_string())).await?;
    match answer.status {
        // A conflict: it is being deleted, or is another one. The next question tells.
        StatusCode::OK | StatusCode::ACCEPTED | StatusCode::CONFLICT => Ok(Termination::Going),
        _ if is_gone(&answer) => Ok(Termination::Gone),
        status => Err(refused("connector", status)),
    }
}

/// Some of the namespaces that the selector chooses.
async fn page(outbound: &Outbound, at: &Connection, query: &[(&str, &str)]) -> Result<Namespaces, ConnectorError> {
    let selector = at.selector.trim();
    if selector.is_empty() {
        return Err(ConnectorError::Forbidden(
            "The cloud account has no selector, and without one every namespace of the cluster would be the organization's."
                .to_owned(),
        ));
    }
    let mut url = address(at, None)?;
    let given = query.iter().filter(|(_, value)| !value.is_empty());
    url.query_pairs_mut().append_pair("labelSelector", selector).extend_pairs(given);
    let answer = send(outbound, at, Method::GET, url, None).await?;
    match answer.status {
        StatusCode::OK => {}
        StatusCode::GONE => {
            return Err(ConnectorError::Unreachable("The cluster's list changed while it was read.".to_owned()));
        }
        status => return Err(refused("connector", status)),
    }
    // The kind tells an API server from whatever else answers 200 and JSON.
    let page = serde_json::from_slice(&answer.body).ok().filter(|page: &Namespaces| page.kind == "NamespaceList");
    page.ok_or_else(|| bad("The cluster's answer is no list of namespaces."))
}

async fn send(
    outbound: &Outbound,
    at: &Connection,
    method: Method,
    url: Url,
    body: Option<String>,
) -> Result<Answer, ConnectorError> {
    let mut request = Request::new(method, url.as_str());
    let token = HeaderValue::from_str(&format!("Bearer {}", at.secret.expose().trim()));
    let mut token =
        token.map_err(|_| ConnectorError::Forbidden("The cluster's token can't stand in a header.".to_owned()))?;
    token.set_sensitive(true);
    request.headers.insert(AUTHORIZATION, token);
    request.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(body) = body {
        request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request.body = body.into_bytes();
    }
    request.ca = at.ca.as_deref();
    request.is_confidential = true;
    request.longest = LIST_MAX;
    outbound.send(request).await.map_err(|error| failed("connector", error))
}

/// The namespaces' address, or one's.
fn address(at: &Connection, name: Option<&str>) -> Result<Url, ConnectorError> {
    let refuse = || ConnectorError::Forbidden("The cluster's address is no http:// or https:// one.".to_owned());
    let mut url = Url::parse(&at.url).map_err(|_| refuse())?;
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut().map_err(|()| refuse())?.pop_if_empty().extend(["api", "v1", "namespaces"]).extend(name);
    Ok(url)
}

/// That it was the API server that knows nothing of the namespace, and not a proxy that knows nothing of the API.
fn is_gone(answer: &Answer) -> bool {
    answer.status == StatusCode::NOT_FOUND
        && serde_json::from_slice(&answer.body)
            .is_ok_and(|failure: Failure| failure.kind == "Status" && failure.reason == "NotFound")
}

/// A DNS label: nothing in it means anything to a path or a selector.
fn is_namespace(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}

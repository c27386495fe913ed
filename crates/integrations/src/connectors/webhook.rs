//! Requests signed after Standard Webhooks (standardwebhooks.com), and answers signed alike: a parked domain's or a proxy's
//! 200 must never count as the end of a resource. `docs/connectors.md` tells implementers.

use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use domain::Timestamp;
use domain::cloud::{RemoteResource, Termination};
use domain::time::Span;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use ring::hmac;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use service::Secret;
use service::ports::{Connection, ConnectorError, Receiver};

use super::{GuardedConnectors, LIST_MAX, bad, failed, refused};
use crate::outbound::{Answer, Request};

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// How far the connector's clock may be from ours.
const TOLERANCE: Span = Span::minutes(5);

#[derive(Deserialize)]
struct Listed {
    resources: Vec<RemoteResource>,
}

#[derive(Deserialize)]
struct Ended {
    state: EndState,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum EndState {
    Terminated,
    Terminating,
}

pub async fn list(ports: &GuardedConnectors, at: &Connection) -> Result<Vec<RemoteResource>, ConnectorError> {
    // Asking twice does no harm, so every question is its own.
    let mut random = [0; 16];
    ports.rng.fill(&mut random);
    let id = format!("list_{}", HEXLOWER.encode(&random));
    let body = envelope("resources.list", ports.clock.now(), &json!({}));
    Ok(read::<Listed>(&exchange(ports, at, &id, body).await?)?.resources)
}

pub async fn terminate(
    ports: &GuardedConnectors,
    at: &Connection,
    resource: &str,
    key: &str,
) -> Result<Termination, ConnectorError> {
    let body = envelope("resource.terminate", ports.clock.now(), &json!({ "resource": { "id": resource } }));
    let ended: Ended = read(&exchange(ports, at, key, body).await?)?;
    Ok(match ended.state {
        EndState::Terminated => Termination::Gone,
        EndState::Terminating => Termination::Going,
    })
}

pub async fn notify(ports: &GuardedConnectors, at: &Connection, event: &str, key: &str) -> Result<(), ConnectorError> {
    exchange(ports, at, key, event.to_owned()).await.map(drop)
}

fn envelope(kind: &str, now: Timestamp, data: &serde_json::Value) -> String {
    json!({ "type": kind, "timestamp": now.precise(), "data": data }).to_string()
}

/// Posts a body to whoever needs answer no more than that it has it. What it holds travels over TLS, or inside the allowed
/// networks.
pub async fn deliver(ports: &GuardedConnectors, to: &Receiver, body: &str, id: &str) -> Result<(), ConnectorError> {
    let Signed { mut request, .. } = sign(ports, &to.url, &to.secret, id, body.to_owned())?;
    request.is_confidential = true;
    let answer = ports.outbound.send(request).await.map_err(|error| failed("receiver", error))?;
    if answer.status.is_success() { Ok(()) } else { Err(refused("receiver", answer.status)) }
}

/// Sends a signed body and gives back a verified one.
async fn exchange(
    ports: &GuardedConnectors,
    at: &Connection,
    id: &str,
    body: String,
) -> Result<Vec<u8>, ConnectorError> {
    let Signed { mut request, key, signature } = sign(ports, &at.url, &at.secret, id, body)?;
    request.ca = at.ca.as_deref();
    request.longest = LIST_MAX;
    let answer = ports.outbound.send(request).await.map_err(|error| failed("connector", error))?;
    if !answer.status.is_success() {
        return Err(refused("connector", answer.status));
    }
    verify(&answer, &key, id, &signature, ports.clock.now())?;
    Ok(answer.body)
}

/// A signed request, and what an answer to it is told by.
struct Signed<'a> {
    request: Request<'a>,
    key: hmac::Key,
    signature: String,
}

fn sign<'a>(
    ports: &GuardedConnectors,
    url: &'a str,
    secret: &Secret,
    id: &str,
    body: String,
) -> Result<Signed<'a>, ConnectorError> {
    let key = key(secret)?;
    let seconds = ports.clock.now().micros().div_euclid(1_000_000);
    let signature = hmac::sign(&key, &signed(id, seconds, body.as_bytes()));
    let signature = BASE64.encode(signature.as_ref());

    let mut request = Request::new(Method::POST, url);
    let name = HeaderValue::from_str(id)
        .map_err(|_| ConnectorError::Forbidden("The request's key can't stand in a header.".to_owned()))?;
    request.headers.insert(ID, name.clone());
    request.headers.insert(IDEMPOTENCY_KEY, name);
    request.headers.insert(TIMESTAMP, HeaderValue::from(seconds));
    let value = HeaderValue::from_str(&format!("v1,{signature}"));
    request.headers.insert(SIGNATURE, value.map_err(|_| bad("The request can't be signed."))?);
    request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request.body = body.into_bytes();
    Ok(Signed { request, key, signature })
}

/// That the answer is to this request, fresh, and made by whoever has the secret.
fn verify(answer: &Answer, key: &hmac::Key, id: &str, sent: &str, now: Timestamp) -> Result<(), ConnectorError> {
    let header = |name: &HeaderName| text(&answer.headers, name);
    let (Some(their_id), Some(seconds), Some(signatures)) = (header(&ID), header(&TIMESTAMP), header(&SIGNATURE))
    else {
        return Err(bad("The connector's answer isn't signed."));
    };
    if their_id != id {
        return Err(bad("The connector's answer is signed for another request."));
    }
    let seconds: i64 = seconds.parse().map_err(|_| bad("The connector's answer has no timestamp in seconds."))?;
    let distance = now.since(Timestamp::from_micros(seconds.saturating_mul(1_000_000)));
    if distance > TOLERANCE || distance < Span::from_seconds(-TOLERANCE.seconds()) {
        return Err(bad("The connector's answer is stamped more than 5 minutes from now."));
    }
    let message = signed(id, seconds, &answer.body);
    // An echo of the request carries a signature that is right, but ours.
    let mut theirs = signatures.split(' ').filter_map(|one| one.strip_prefix("v1,")).filter(|one| *one != sent);
    let is_right = |signature: &str| {
        BASE64.decode(signature.as_bytes()).is_ok_and(|tag| hmac::verify(key, &message, &tag).is_ok())
    };
    if theirs.any(is_right) { Ok(()) } else { Err(bad("The connector's answer isn't signed with its secret.")) }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The key of a `whsec_` secret is what its base64 stands for; any other text is the key itself.
fn key(secret: &Secret) -> Result<hmac::Key, ConnectorError> {
    let text = secret.expose();
    let decoded = text.strip_prefix("whsec_").and_then(|encoded| {
        let encoded = encoded.trim_end_matches('=').as_bytes();
        BASE64_NOPAD.decode(encoded).ok()
    });
    let bytes = decoded.unwrap_or_else(|| text.as_bytes().to_vec());
    if bytes.is_empty() {
        return Err(ConnectorError::Forbidden("There is no secret to sign with.".to_owned()));
    }
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

fn signed(id: &str, seconds: i64, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", seconds.to_string().as_bytes(), b".", body].concat()
}

/// The parser's words are dropped: they quote.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ConnectorError> {
    serde_json::from_slice(body).map_err(|_| bad("The connector's answer isn't the JSON that was asked for."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_standard_says() {
        // The example of the standard's reference implementations.
        let key = key(&Secret::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned())).unwrap();
        let message = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        let signature = BASE64.encode(hmac::sign(&key, &message).as_ref());
        assert_eq!(signature, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_without_bytes_signs_nothing() {
        for secret in ["", "whsec_"] {
            assert!(key(&Secret::from(secret.to_owned())).is_err(), "{secret:?}");
        }
        assert!(key(&Secret::from("whsec_not base64".to_owned())).is_ok(), "any other text is taken as it is");
    }
}

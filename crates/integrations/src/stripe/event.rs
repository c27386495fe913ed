//! What Stripe posts, and whether it did: `Stripe-Signature: t=…,v1=…`, an HMAC of the time and the body.

use data_encoding::HEXLOWER_PERMISSIVE;
use domain::Timestamp;
use domain::time::Span;
use ring::hmac;
use serde::Deserialize;
use service::Secret;
use service::ports::{PaymentEvent, PaymentEventError};

use super::api::is_id;

/// How far Stripe's clock may be from ours.
const TOLERANCE: Span = Span::minutes(5);
/// While a secret is changed there are two; more than these are somebody's play.
const SIGNATURES_MAX: usize = 8;
/// The longest kind of an event or object.
const KIND_MAX: usize = 100;

#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    object: String,
    id: Option<String>,
}

/// The event, when one of the secrets has signed it within five minutes of `now`.
pub fn read(secrets: &[Secret], header: &str, body: &[u8], now: Timestamp) -> Result<PaymentEvent, PaymentEventError> {
    let (time, signatures) = parts(header).ok_or(PaymentEventError::Unsigned)?;
    let seconds: i64 = time.parse().map_err(|_| PaymentEventError::Unsigned)?;
    let message = [time.as_bytes(), b".", body].concat();
    let is_signed_with = |secret: &Secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        signatures.iter().any(|signature| hmac::verify(&key, &message, signature).is_ok())
    };
    if !secrets.iter().any(is_signed_with) {
        return Err(PaymentEventError::WrongSignature);
    }
    let distance = now.since(Timestamp::from_micros(seconds.saturating_mul(1_000_000)));
    if distance > TOLERANCE || distance < Span::from_seconds(-TOLERANCE.seconds()) {
        return Err(PaymentEventError::Stale);
    }
    let event: Event = serde_json::from_slice(body).map_err(|_| PaymentEventError::Unreadable)?;
    let object = event.data.object;
    let is_read = is_id(&event.id) && is_kind(&event.kind) && is_kind(&object.object);
    if !is_read || !object.id.as_deref().is_none_or(is_id) {
        return Err(PaymentEventError::Unreadable);
    }
    Ok(PaymentEvent { id: event.id, kind: event.kind, object_kind: object.object, object: object.id })
}

/// The time as it is spelt, and the signatures of the one scheme that counts.
fn parts(header: &str) -> Option<(&str, Vec<Vec<u8>>)> {
    let (mut time, mut signatures) = (None, Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=')? {
            ("t", value) if time.is_none() && value.bytes().all(|byte| byte.is_ascii_digit()) => time = Some(value),
            ("t", _) => return None,
            ("v1", _) if signatures.len() == SIGNATURES_MAX => return None,
            ("v1", value) => signatures.push(HEXLOWER_PERMISSIVE.decode(value.as_bytes()).ok()?),
            _ => {}
        }
    }
    let time = time.filter(|_| !signatures.is_empty())?;
    Some((time, signatures))
}

fn is_kind(text: &str) -> bool {
    let is_known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.');
    (1..=KIND_MAX).contains(&text.len()) && text.bytes().all(is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_767_225_600;
    const BODY: &str = r#"{"id":"evt_1","type":"invoice.paid","data":{"object":{"object":"invoice","id":"in_1"}}}"#;

    fn secret(text: &str) -> Secret {
        Secret::from(text.to_owned())
    }

    fn signature(secret: &str, time: &str, body: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        HEXLOWER_PERMISSIVE.encode(hmac::sign(&key, format!("{time}.{body}").as_bytes()).as_ref())
    }

    fn header(time: i64, body: &str) -> String {
        format!("t={time},v1={}", signature("whsec_now", &time.to_string(), body))
    }

    fn take(header: &str, body: &str) -> Result<PaymentEvent, PaymentEventError> {
        let secrets = [secret("whsec_next"), secret("whsec_now")];
        read(&secrets, header, body.as_bytes(), Timestamp::from_micros(NOW * 1_000_000))
    }

    #[test]
    fn a_signed_event_is_read() {
        let event = take(&header(NOW, BODY), BODY).unwrap();
        assert_eq!((event.id.as_str(), event.kind.as_str()), ("evt_1", "invoice.paid"));
        assert_eq!((event.object_kind.as_str(), event.object.as_deref()), ("invoice", Some("in_1")));
        // The same again is the same again: whoever takes it tells by the id.
        assert_eq!(take(&header(NOW + 60, BODY), BODY).unwrap(), event);
    }

    #[test]
    fn signs_as_stripe_does() {
        // `openssl dgst -sha256 -hmac whsec_test` over `1492774577.{}`.
        assert_eq!(
            signature("whsec_test", "1492774577", "{}"),
            "0d0602f6611bd2252dd4b74b58a4528355a7380639a15e6cc21e3059d56d5b8b"
        );
    }

    #[test]
    fn some_objects_have_no_id() {
        let body = r#"{"id":"evt_1","type":"balance.available","data":{"object":{"object":"balance"}}}"#;
        assert_eq!(take(&header(NOW, body), body).unwrap().object, None);
    }

    #[test]
    fn one_right_signature_among_several_is_enough() {
        let right = signature("whsec_now", &NOW.to_string(), BODY);
        let wrong = "0".repeat(64);
        for header in [
            format!("t={NOW},v1={wrong},v1={right}"),
            format!("v1={right},t={NOW}"),
            format!("t={NOW}, v1={right}, v0={wrong}"),
            format!("t={NOW},v1={}", right.to_uppercase()),
        ] {
            assert!(take(&header, BODY).is_ok(), "{header}");
        }
    }

    #[test]
    fn five_minutes_count() {
        for seconds in [-300, 300] {
            assert!(take(&header(NOW + seconds, BODY), BODY).is_ok(), "{seconds}");
        }
        for seconds in [-301, 301, -NOW] {
            assert_eq!(take(&header(NOW + seconds, BODY), BODY), Err(PaymentEventError::Stale), "{seconds}");
        }
        let far = format!("t={0},v1={1}", i64::MAX, signature("whsec_now", &i64::MAX.to_string(), BODY));
        assert_eq!(take(&far, BODY), Err(PaymentEventError::Stale));
    }

    #[test]
    fn others_signatures_count_for_nothing() {
        let right = signature("whsec_now", &NOW.to_string(), BODY);
        for (header, body) in [
            (header(NOW, BODY), BODY.replace("in_1", "in_2")),
            (format!("t={},v1={right}", NOW + 1), BODY.to_owned()),
            // Spelt otherwise it is another time.
            (format!("t=0{NOW},v1={right}"), BODY.to_owned()),
            (format!("t={NOW},v1={}", signature("whsec_old", &NOW.to_string(), BODY)), BODY.to_owned()),
            (format!("t={NOW},v1={}", &right[..62]), BODY.to_owned()),
            (format!("t={NOW},v1="), BODY.to_owned()),
        ] {
            assert_eq!(take(&header, &body), Err(PaymentEventError::WrongSignature), "{header}");
        }
        let now = Timestamp::from_micros(NOW * 1_000_000);
        assert_eq!(read(&[], &header(NOW, BODY), BODY.as_bytes(), now), Err(PaymentEventError::WrongSignature));
    }

    #[test]
    fn half_a_header_is_none() {
        let right = signature("whsec_now", &NOW.to_string(), BODY);
        for header in [
            String::new(),
            "t".to_owned(),
            format!("t={NOW}"),
            format!("v1={right}"),
            format!("t={NOW},v0={right}"),
            format!("t=,v1={right}"),
            format!("t=-1,v1={right}"),
            format!("t={NOW},t={NOW},v1={right}"),
            format!("t=99999999999999999999,v1={right}"),
            format!("t={NOW},v1=no hex"),
            format!("t={NOW},v1={right},junk"),
            format!("t={NOW}{}", format!(",v1={right}").repeat(9)),
        ] {
            assert_eq!(take(&header, BODY), Err(PaymentEventError::Unsigned), "{header}");
        }
    }

    #[test]
    fn signed_nonsense_is_still_nonsense() {
        let with = |id: &str, kind: &str, object: &str| {
            format!(r#"{{"id":"{id}","type":"{kind}","data":{{"object":{{"object":"invoice","id":"{object}"}}}}}}"#)
        };
        for body in [
            String::new(),
            "[]".to_owned(),
            "\u{0}".to_owned(),
            r#"{"id":"evt_1"}"#.to_owned(),
            with("", "invoice.paid", "in_1"),
            with("evt_1", "Invoice paid", "in_1"),
            with("evt_1", "invoice.paid", "../customers/cus_1"),
            with("evt_1", "invoice.paid", "in_1?expand"),
            with("evt_1", &"x".repeat(101), "in_1"),
            with("evt_1", "invoice.paid", &"x".repeat(256)),
        ] {
            assert_eq!(take(&header(NOW, &body), &body), Err(PaymentEventError::Unreadable), "{body}");
        }
    }
}

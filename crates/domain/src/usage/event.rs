//! An event of use as it is told: CloudEvents 1.0 in JSON.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Aggregation, Day, MeterKey};
use crate::id::WorkspaceId;
use crate::time::{Span, Timestamp};

/// Most events of one request.
pub const BATCH_MAX: usize = 1_000;
/// How late an event may come and still correct its day.
pub const LATE: Span = Span::days(35);
/// How far the sender's clock may be ahead of ours.
pub const AHEAD: Span = Span::minutes(5);
/// The largest quantity, and the smallest below zero: a petabyte, or thirty thousand years.
pub const QUANTITY_MAX: i64 = 1_000_000_000_000_000;
const SOURCE_MAX: usize = 300;
const ID_MAX: usize = 200;
const KEY_MAX: usize = 200;
/// Where the events come from that we make ourselves.
pub const OWN_SOURCE: &str = "urn:tenantry:instance";

/// What was used, told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageEvent {
    /// With `id` what tells it from every other event.
    pub source: String,
    pub id: String,
    /// `None`: it is the organization's own, which only we tell of.
    pub workspace: Option<WorkspaceId>,
    pub meter: MeterKey,
    pub at: Timestamp,
    pub quantity: i64,
    /// What a meter of unique things counts.
    pub key: Option<String>,
    /// The group whose allocation it counts against.
    pub group: Option<String>,
}

impl UsageEvent {
    pub const fn day(&self) -> Day {
        Day::of(self.at)
    }

    /// Of two events of a day, the later one; the same on every machine and in every order.
    pub fn rank(&self) -> (Timestamp, &str, &str) {
        (self.at, &self.source, &self.id)
    }
}

/// Why an event isn't taken; what stays the same is the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// An attribute is missing or not what it must be.
    Malformed,
    UnknownMeter,
    /// There is no such workspace.
    UnknownWorkspace,
    /// The organization is on its way out.
    OrganizationClosed,
    TooOld,
    InTheFuture,
}

impl RefusalKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnknownMeter => "unknown_meter",
            Self::UnknownWorkspace => "unknown_workspace",
            Self::OrganizationClosed => "organization_closed",
            Self::TooOld => "too_old",
            Self::InTheFuture => "in_the_future",
        }
    }
}

/// Why an event isn't taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub kind: RefusalKind,
    /// The attribute it is about, as a JSON pointer into the event.
    pub pointer: &'static str,
    pub detail: String,
}

impl Refusal {
    pub fn new(kind: RefusalKind, pointer: &'static str, detail: impl Into<String>) -> Self {
        Self { kind, pointer, detail: detail.into() }
    }
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Accepted,
    /// One of this source and id was taken before; nothing changed.
    Replayed {
        /// This one says something else than the one that was taken.
        differs: bool,
    },
    Refused(Refusal),
}

fn malformed(pointer: &'static str, detail: impl Into<String>) -> Refusal {
    Refusal::new(RefusalKind::Malformed, pointer, detail)
}

/// Reads one event. Whether its meter and workspace exist is asked elsewhere. Attributes that CloudEvents leaves to
/// extensions are passed over; in `data` nothing unknown is.
pub fn read(value: &Value, now: Timestamp) -> Result<UsageEvent, Refusal> {
    let Value::Object(event) = value else { return Err(malformed("", "An event is a JSON object.")) };
    let text = |name: &str, pointer: &'static str, max: usize| match event.get(name) {
        Some(Value::String(text)) if text.is_empty() => Err(malformed(pointer, format!("`{name}` is empty."))),
        Some(Value::String(text)) if text.chars().count() > max => {
            Err(malformed(pointer, format!("`{name}` has at most {max} characters.")))
        }
        Some(Value::String(text)) if text.chars().any(char::is_control) => {
            Err(malformed(pointer, format!("`{name}` has no control characters.")))
        }
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(malformed(pointer, format!("`{name}` is a text."))),
        None => Err(malformed(pointer, format!("`{name}` is missing."))),
    };
    if text("specversion", "/specversion", 10)? != "1.0" {
        return Err(malformed("/specversion", "Events are told in CloudEvents 1.0: `specversion` is \"1.0\"."));
    }
    let (source, id) = (text("source", "/source", SOURCE_MAX)?, text("id", "/id", ID_MAX)?);
    if source == OWN_SOURCE {
        return Err(malformed("/source", format!("`{OWN_SOURCE}` is the source of Tenantry's own events.")));
    }
    let kind = text("type", "/type", 100)?;
    let unknown = || Refusal::new(RefusalKind::UnknownMeter, "/type", format!("There is no meter “{kind}”."));
    let meter = MeterKey::parse(&kind).ok_or_else(unknown)?;
    let subject = text("subject", "/subject", 100)?;
    let workspace = subject.parse().map_err(|_| {
        Refusal::new(RefusalKind::UnknownWorkspace, "/subject", "`subject` is the id of a workspace.".to_owned())
    })?;
    let time = text("time", "/time", 50)?;
    let at = Timestamp::parse(&time)
        .ok_or_else(|| malformed("/time", "`time` is written as in RFC 3339: 2026-03-01T14:05:04Z."))?;
    if let Some(media) = event.get("datacontenttype").and_then(Value::as_str)
        && !(media.starts_with("application/json") || media.ends_with("+json"))
    {
        return Err(malformed("/datacontenttype", "The data of an event is JSON."));
    }
    in_time(at, now)?;
    let Data { quantity, key, group } = data(event.get("data"))?;
    Ok(UsageEvent { source, id, workspace: Some(workspace), meter, at, quantity, key, group })
}

fn in_time(at: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    if at > now.plus(AHEAD) {
        let detail = format!("`time` lies ahead: it is {} now.", now.short());
        return Err(Refusal::new(RefusalKind::InTheFuture, "/time", detail));
    }
    if at < now.minus(LATE) {
        let detail = format!("Events are taken for 35 days: from {} on, at the moment.", now.minus(LATE).short());
        return Err(Refusal::new(RefusalKind::TooOld, "/time", detail));
    }
    Ok(())
}

struct Data {
    quantity: i64,
    key: Option<String>,
    group: Option<String>,
}

fn data(value: Option<&Value>) -> Result<Data, Refusal> {
    let Some(Value::Object(data)) = value else {
        return Err(malformed("/data", "`data` is an object with a `quantity`."));
    };
    if let Some(other) = data.keys().find(|name| !["quantity", "key", "group"].contains(&name.as_str())) {
        return Err(malformed("/data", format!("`data` holds `quantity`, `key` and `group`, but no `{other}`.")));
    }
    let quantity = match data.get("quantity") {
        None => return Err(malformed("/data/quantity", "`quantity` is missing.")),
        // As a text too, since not every JSON holds large numbers exactly.
        Some(Value::String(text)) => text.parse().ok(),
        Some(number) => number.as_i64(),
    };
    let quantity = quantity.filter(|quantity| (-QUANTITY_MAX..=QUANTITY_MAX).contains(quantity)).ok_or_else(|| {
        malformed("/data/quantity", format!("`quantity` is a whole number, at most {QUANTITY_MAX} in size."))
    })?;
    let key = match data.get("key") {
        None | Some(Value::Null) => None,
        Some(Value::String(key)) if (1..=KEY_MAX).contains(&key.chars().count()) && !key.contains(char::is_control) => {
            Some(key.clone())
        }
        Some(_) => return Err(malformed("/data/key", format!("`key` is a text of 1 to {KEY_MAX} characters."))),
    };
    let group = match data.get("group") {
        None | Some(Value::Null) => None,
        Some(Value::String(group)) if is_group(group) => Some(group.clone()),
        Some(_) => {
            return Err(malformed("/data/group", "`group` has 3 to 63 letters, digits, `_` and `-`."));
        }
    };
    Ok(Data { quantity, key, group })
}

/// Whether it could be the name of a group.
fn is_group(name: &str) -> bool {
    (3..=63).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// What a meter can't make of an event.
pub fn fits(event: &UsageEvent, aggregation: Aggregation) -> Result<(), Refusal> {
    match aggregation {
        Aggregation::Last | Aggregation::Max if event.quantity < 0 => {
            Err(malformed("/data/quantity", "This meter has no quantities below zero."))
        }
        Aggregation::Unique if event.key.is_none() => {
            Err(malformed("/data/key", "This meter counts different things: `key` names one."))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const WORKSPACE: &str = "019342aa-0000-7000-8000-000000000001";

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-22T12:00:00Z").unwrap()
    }

    fn event() -> Value {
        json!({
            "specversion": "1.0", "source": "/metering/eu-1", "id": "7", "type": "db_execution_ms",
            "subject": WORKSPACE, "time": "2026-11-22T11:59:00.5+01:00", "traceparent": "00-ab",
            "data": {"quantity": 1200, "group": "ml-team"},
        })
    }

    /// The event with `pointer` replaced, or left out.
    fn with(pointer: &str, value: Option<Value>) -> Value {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut event = event();
        let object = event.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Some(value) => object.insert(name.to_owned(), value),
            None => object.remove(name),
        };
        event
    }

    #[test]
    fn an_event_is_read() {
        let read = read(&event(), now()).unwrap();
        assert_eq!(
            (read.source.as_str(), read.id.as_str(), read.meter.as_str()),
            ("/metering/eu-1", "7", "db_execution_ms")
        );
        assert_eq!((read.quantity, read.group.as_deref(), read.key), (1200, Some("ml-team"), None));
        assert_eq!(read.at.precise(), "2026-11-22T10:59:00.500000Z");
        assert_eq!(read.workspace.unwrap().to_string(), WORKSPACE);
        assert_eq!(super::read(&with("/data/quantity", Some(json!("-5"))), now()).unwrap().quantity, -5);
    }

    #[test]
    fn each_refusal_names_its_place() {
        use RefusalKind as K;
        let at = |text: &str| Some(json!(text));
        for (pointer, value, kind) in [
            ("/specversion", at("0.3"), K::Malformed),
            ("/id", None, K::Malformed),
            ("/id", at(""), K::Malformed),
            ("/source", at(OWN_SOURCE), K::Malformed),
            ("/source", at("a\nb"), K::Malformed),
            ("/source", at(&"x".repeat(301)), K::Malformed),
            ("/type", at("DB"), K::UnknownMeter),
            ("/type", Some(json!(7)), K::Malformed),
            ("/subject", at("acme"), K::UnknownWorkspace),
            ("/time", None, K::Malformed),
            ("/time", at("yesterday"), K::Malformed),
            ("/time", at("2026-11-22T12:05:01Z"), K::InTheFuture),
            ("/time", at("2026-10-18T11:59:59Z"), K::TooOld),
            ("/datacontenttype", at("text/csv"), K::Malformed),
            ("/data", None, K::Malformed),
            ("/data/quantity", None, K::Malformed),
            ("/data/quantity", Some(json!(1.5)), K::Malformed),
            ("/data/quantity", Some(json!(1_000_000_000_000_001_i64)), K::Malformed),
            ("/data/key", at(""), K::Malformed),
            ("/data/group", at("no group"), K::Malformed),
        ] {
            let refusal = read(&with(pointer, value.clone()), now()).unwrap_err();
            assert_eq!((refusal.kind, refusal.pointer), (kind, pointer), "{value:?}: {}", refusal.detail);
        }
        assert_eq!(read(&with("/data/quantty", Some(json!(1))), now()).unwrap_err().pointer, "/data");
        assert_eq!(read(&json!([]), now()).unwrap_err().kind, K::Malformed);
        for edge in ["2026-11-22T12:05:00Z", "2026-10-18T12:00:00Z"] {
            assert!(read(&with("/time", at(edge)), now()).is_ok(), "{edge}");
        }
    }
}

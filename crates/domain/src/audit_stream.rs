//! Streaming an organization's audit log to an address: each new entry, in order, at least once.

use serde::{Deserialize, Serialize};

use crate::cloud::check_url;
use crate::error::Fault;
use crate::id::OrgId;
use crate::time::Timestamp;

/// Entries of one delivery.
pub const BATCH_MAX: i64 = 100;

/// Where to, as typed; where that leads is the outbound guard's to judge.
pub fn parse_url(text: &str) -> Result<String, Fault> {
    let url = text.trim();
    if url.is_empty() {
        return Err(Fault::invalid("url", "Enter the address that takes the entries."));
    }
    check_url(url).map_err(|problem| Fault::invalid("url", problem))?;
    Ok(url.to_owned())
}

/// Scheme and host of an address: the rest of it may be a secret.
pub fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find(['/', '?', '#']).map_or(url.len(), |at| host + at);
    &url[..end]
}

/// What names a delivery, the same for every attempt of it.
pub fn batch_key(org: OrgId, first: i64, last: i64) -> String {
    format!("audit_{org}_{first}_{last}")
}

/// What can be done with a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StreamAct {
    Pause,
    Resume,
    Rotate,
    Test,
    Remove,
}

impl StreamAct {
    pub const ALL: [Self; 5] = [Self::Pause, Self::Resume, Self::Rotate, Self::Test, Self::Remove];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Rotate => "rotate",
            Self::Test => "test",
            Self::Remove => "remove",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }
}

/// What came of setting or changing a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StreamDone {
    /// Set up, with the secret that is shown this once.
    Started {
        secret: String,
    },
    /// Another address; the secret stays.
    Moved,
    Rotated {
        secret: String,
    },
    Paused,
    Resumed,
    /// A test event was sent; why it didn't arrive, if it didn't.
    Tested {
        error: Option<String>,
    },
    Removed,
}

/// A stream as pages and programs show it; never its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamView {
    pub url: String,
    pub paused: bool,
    /// Counts the changes that people make.
    pub version: i64,
    pub created_at: Timestamp,
    /// The last entry that arrived; before anything did, the last one that isn't sent.
    pub delivered: i64,
    pub delivered_at: Option<Timestamp>,
    /// Entries that are still to be delivered.
    pub waiting: i64,
    /// Set while deliveries fail.
    pub trouble: Option<Trouble>,
}

/// Why a stream doesn't move on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// In our own words.
    pub error: String,
    pub failed_at: Timestamp,
    /// Attempts since something arrived.
    pub attempts: u32,
    pub next_at: Timestamp,
}

/// What the audit log's page tells of its stream, to whoever may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamPanel {
    /// `None`: the log isn't streamed.
    pub stream: Option<StreamView>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_is_one_of_the_web() {
        assert_eq!(parse_url(" https://siem.example/in?key=x ").as_deref(), Ok("https://siem.example/in?key=x"));
        for bad in ["", " ", "siem.example", "ftp://siem.example", "https://", "https://u:p@siem.example/"] {
            assert_eq!(parse_url(bad).unwrap_err().field_errors()[0].field, "url", "{bad}");
        }
    }

    #[test]
    fn an_origin_holds_nothing_of_what_follows_it() {
        for (url, shown) in [
            ("https://siem.example/in/s3cret", "https://siem.example"),
            ("https://siem.example:8443?key=s3cret", "https://siem.example:8443"),
            ("http://[::1]:9/x", "http://[::1]:9"),
            ("https://siem.example#s3cret", "https://siem.example"),
            ("https://siem.example", "https://siem.example"),
        ] {
            assert_eq!(origin(url), shown);
        }
    }

    #[test]
    fn acts_are_known_by_their_names() {
        for act in StreamAct::ALL {
            assert_eq!(StreamAct::from_name(act.name()), Some(act));
        }
        assert_eq!(StreamAct::from_name("skip"), None);
    }

    proptest! {
        #[test]
        fn the_origin_is_the_beginning_of_any_text(url in "\\PC*") {
            prop_assert!(url.starts_with(origin(&url)));
        }
    }
}

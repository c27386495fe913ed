//! Mail: what is in the outbox, and what a mail holds.

use serde::{Deserialize, Serialize};

use crate::id::MailId;
use crate::people::Viewer;
use crate::time::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    Queued,
    Sent,
    /// Refused for good, or too often.
    Failed,
    /// There was no mail server to send it.
    Kept,
}

impl MailState {
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Failed, Self::Kept];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Kept => "kept",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Queued => "Waiting",
            Self::Sent => "Sent",
            Self::Failed => "Failed",
            Self::Kept => "Kept",
        }
    }

    /// Whether a person may have it sent again; what was sent has nothing left to send.
    pub const fn may_be_sent(self) -> bool {
        matches!(self, Self::Failed | Self::Kept)
    }
}

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// Shows that mail arrives.
    Test,
    /// Who was active in an organization.
    Report,
    /// A token is about to expire.
    TokenExpires,
    /// An organization came near one of its limits, or beyond.
    UsageLimit,
    /// An invoice, a trial that ends, a payment that didn't go through.
    Billing,
}

impl MailKind {
    pub const ALL: [Self; 5] = [Self::Test, Self::Report, Self::TokenExpires, Self::UsageLimit, Self::Billing];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Report => "report",
            Self::TokenExpires => "token_expires",
            Self::UsageLimit => "usage_limit",
            Self::Billing => "billing",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A file of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFile {
    pub name: String,
    pub content_type: String,
    pub text: String,
}

/// What a mail says; kept sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailContent {
    pub text: String,
    pub html: String,
    /// Every address in it that gives its reader a right.
    pub links: Vec<String>,
    /// Where one click ends mails of this kind.
    pub unsubscribe: Option<String>,
    pub files: Vec<MailFile>,
}

/// What stands in the place of a link.
const HIDDEN: &str = "[link hidden]";

impl MailContent {
    /// As it is kept, before it is sealed.
    pub fn to_text(&self) -> String {
        // Texts only: nothing that JSON can't say.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The text for those who may not use its links.
    pub fn hidden_text(&self) -> String {
        let mut links: Vec<&String> = self.links.iter().filter(|link| !link.is_empty()).collect();
        // A link can begin as another does.
        links.sort_by_key(|link| std::cmp::Reverse(link.len()));
        links.into_iter().fold(self.text.clone(), |text, link| text.replace(link.as_str(), HIDDEN))
    }
}

/// A mail in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRow {
    pub id: MailId,
    pub to: String,
    pub subject: String,
    pub kind: MailKind,
    pub state: MailState,
    pub has_link: bool,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub attempts: i64,
    pub last_error: Option<String>,
}

/// What a list of mails may be asked for; unknown values fall back to everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MailsQuery {
    pub state: Option<MailState>,
    /// Those that are older than this one; for the next page.
    pub before: Option<MailId>,
}

impl MailsQuery {
    /// Reads URL parameters; `get` looks one up.
    pub fn from_params(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            state: get("state").as_deref().and_then(MailState::from_name),
            before: get("before").and_then(|id| id.parse().ok()),
        }
    }

    /// The URL parameters of what is asked for, unescaped.
    pub fn to_params(&self) -> Vec<(&'static str, String)> {
        let parameters = [
            ("state", self.state.map(|state| state.name().to_owned())),
            ("before", self.before.map(|id| id.to_string())),
        ];
        parameters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// The page of the instance's mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailsPage {
    pub viewer: Viewer,
    /// Whether there is a mail server; without one, mail stays here.
    pub is_configured: bool,
    pub query: MailsQuery,
    /// Newest first.
    pub rows: Vec<MailRow>,
    pub more: bool,
    pub now: Timestamp,
}

/// The page of one mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPage {
    pub viewer: Viewer,
    pub is_configured: bool,
    pub mail: MailRow,
    /// With its links hidden; `None` once it was sent.
    pub text: Option<String>,
    /// Names of its files.
    pub files: Vec<String>,
    /// Whether it is another platform administrator's, whose links are nobody else's.
    pub is_anothers: bool,
    pub now: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_is_hidden_even_when_one_begins_as_another_does() {
        let content = MailContent {
            text: "a https://x.example/?token=1 b https://x.example/?token=12\nc https://x.example/".into(),
            html: String::new(),
            links: vec!["https://x.example/?token=1".into(), "https://x.example/?token=12".into(), String::new()],
            unsubscribe: None,
            files: Vec::new(),
        };
        assert_eq!(content.hidden_text(), "a [link hidden] b [link hidden]\nc https://x.example/");
        assert_eq!(MailContent::from_text(&content.to_text()), Some(content));
    }

    #[test]
    fn a_query_survives_its_url() {
        let before = Some(MailId::new(Timestamp::from_micros(5_000_000), [3; 10]));
        let query = MailsQuery { state: Some(MailState::Failed), before };
        let params = query.to_params();
        let get = |name: &str| params.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone());
        assert_eq!(MailsQuery::from_params(get), query);
        assert_eq!(MailsQuery::from_params(|_| Some("nonsense".into())), MailsQuery::default());
    }
}

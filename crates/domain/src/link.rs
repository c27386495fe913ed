//! One-time links: shown once, kept only as a hash, redeemed by a POST and never by opening them.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::time::{Span, Timestamp};

/// Characters of a token of our own links: 32 random bytes.
pub const TOKEN_LENGTH: usize = 43;
/// Characters of a token of the administration API's links.
pub const ADMINISTRATION_TOKEN_LENGTH: usize = 24;

/// Whether a text can be a link's token.
pub fn is_token(text: &str) -> bool {
    matches!(text.len(), TOKEN_LENGTH | ADMINISTRATION_TOKEN_LENGTH)
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// How long a new bootstrap link lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkLifetime {
    Day,
    #[default]
    Week,
    Month,
    Never,
}

impl LinkLifetime {
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Never];

    /// The form value.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Never => "never",
        }
    }

    pub fn parse(field: &'static str, name: &str) -> Result<Self, Fault> {
        Self::ALL
            .into_iter()
            .find(|lifetime| lifetime.name() == name)
            .ok_or_else(|| Fault::invalid(field, "Choose how long the link lives."))
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Day => "1 day",
            Self::Week => "7 days",
            Self::Month => "30 days",
            Self::Never => "Never expires",
        }
    }

    pub const fn span(self) -> Option<Span> {
        match self {
            Self::Day => Some(Span::days(1)),
            Self::Week => Some(Span::days(7)),
            Self::Month => Some(Span::days(30)),
            Self::Never => None,
        }
    }
}

/// What the Admin page says of an organization's newest bootstrap link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkStatus {
    pub created_at: Timestamp,
    /// `None`: never expires.
    pub expires_at: Option<Timestamp>,
    /// When somebody first opened it, without redeeming it.
    pub opened_at: Option<Timestamp>,
    pub state: LinkState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    Live,
    Expired,
    Revoked,
    Redeemed,
}

/// A link just made; the only time its address is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    pub url: String,
    pub expires_at: Option<Timestamp>,
}

/// What the page behind a one-time link shows before its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BootstrapPage {
    pub organization: String,
    pub handle: String,
    pub expires_at: Option<Timestamp>,
    /// The signed-in person, who may accept as themselves.
    pub viewer: Option<crate::people::Viewer>,
}

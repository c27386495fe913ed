//! API tokens (product §8): `tnt_{kind}_{random}{checksum}`, shown once, kept as a hash. The checksum lets a scanner
//! of leaked text tell a token from anything that only looks like one, without asking us.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::authz::Permission;
use crate::error::Fault;
use crate::id::{NotAnId, ServiceAccountId, WorkspaceId};
use crate::people::Viewer;
use crate::time::{Span, Timestamp};

/// Random bytes of a token.
pub const RANDOM_BYTES: usize = 32;
/// Base62 digits that hold them.
const RANDOM_DIGITS: usize = 43;
/// Base62 digits of the CRC-32 over everything before them.
const CHECKSUM_DIGITS: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Personal tokens a person may have.
pub const PERSONAL_MAX: i64 = 5;
/// Tokens of a service account or a workspace: one in use, and the one that replaces it.
pub const ROTATION_MAX: i64 = 2;
/// Tokens of the instance, of one kind.
pub const INSTANCE_MAX: i64 = 20;
/// A token of a sign-in from the command line lives this long.
pub const CLI_LIFETIME: Span = Span::hours(12);
pub const NAME_MAX: usize = 60;
/// The longest exact lifetime; whoever wants more chooses *never*.
pub const LIFETIME_MAX_DAYS: i64 = 3_650;

/// Whose a token is and what it can be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// A person's; may do what they may, within its scopes.
    Personal,
    /// A person's, made by signing in from the command line; short-lived, and not one of the few.
    Cli,
    /// A service account's; may do what the account's role may, within its scopes.
    Service,
    /// A workspace's; fetches its effective settings and nothing else.
    Workspace,
    /// The instance's; tells what was used and nothing else.
    Meter,
    /// The instance's; may do what a platform administrator may, within its scopes.
    Admin,
}

impl TokenKind {
    pub const ALL: [Self; 6] = [Self::Personal, Self::Cli, Self::Service, Self::Workspace, Self::Meter, Self::Admin];

    /// As stored, and in the token itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Cli => "cli",
            Self::Service => "service",
            Self::Workspace => "workspace",
            Self::Meter => "meter",
            Self::Admin => "admin",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The one thing that tokens of this kind can do; `None` where their maker chooses.
    pub const fn only(self) -> Option<Permission> {
        match self {
            Self::Workspace => Some(Permission::WorkspaceSettingsRead),
            Self::Meter => Some(Permission::UsageWrite),
            Self::Personal | Self::Cli | Self::Service | Self::Admin => None,
        }
    }

    /// Tokens of this kind that one holder may have.
    pub const fn max(self) -> i64 {
        match self {
            Self::Personal | Self::Cli => PERSONAL_MAX,
            Self::Service | Self::Workspace => ROTATION_MAX,
            Self::Meter | Self::Admin => INSTANCE_MAX,
        }
    }
}

/// Whose tokens: a person's own, or those that the person looks after. As text, it is what forms name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum TokenHolder {
    Own,
    /// Of the organization with this handle.
    ServiceAccount(String, ServiceAccountId),
    /// Of the organization with this handle.
    Workspace(String, WorkspaceId),
    /// The instance; a new token of it is of this kind.
    Admin,
    Meter,
}

impl TokenHolder {
    /// Of what kind a new token is.
    pub const fn kind(&self) -> TokenKind {
        match self {
            Self::Own => TokenKind::Personal,
            Self::ServiceAccount(..) => TokenKind::Service,
            Self::Workspace(..) => TokenKind::Workspace,
            Self::Admin => TokenKind::Admin,
            Self::Meter => TokenKind::Meter,
        }
    }
}

impl fmt::Display for TokenHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own => f.write_str("own"),
            Self::ServiceAccount(handle, id) => write!(f, "service/{handle}/{id}"),
            Self::Workspace(handle, id) => write!(f, "workspace/{handle}/{id}"),
            Self::Admin => f.write_str("admin"),
            Self::Meter => f.write_str("meter"),
        }
    }
}

impl From<TokenHolder> for String {
    fn from(holder: TokenHolder) -> Self {
        holder.to_string()
    }
}

impl TryFrom<String> for TokenHolder {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        let parts: Vec<&str> = text.split('/').collect();
        Ok(match parts[..] {
            ["own"] => Self::Own,
            ["service", handle, id] => Self::ServiceAccount(handle.to_owned(), id.parse()?),
            ["workspace", handle, id] => Self::Workspace(handle.to_owned(), id.parse()?),
            ["admin"] => Self::Admin,
            ["meter"] => Self::Meter,
            _ => return Err(NotAnId),
        })
    }
}

/// The token of these random bytes.
pub fn format(kind: TokenKind, random: &[u8; RANDOM_BYTES]) -> String {
    let mut text = format!("tnt_{}_", kind.name());
    text.push_str(&base62(random, RANDOM_DIGITS));
    let checksum = crc32fast::hash(text.as_bytes());
    text.push_str(&base62(&checksum.to_be_bytes(), CHECKSUM_DIGITS));
    text
}

/// The kind of a well-formed token, its checksum included; says nothing about whether it is known.
pub fn kind_of(text: &str) -> Option<TokenKind> {
    let (kind, secret) = text.strip_prefix("tnt_")?.split_once('_')?;
    let kind = TokenKind::from_name(kind)?;
    if secret.len() != RANDOM_DIGITS + CHECKSUM_DIGITS || !secret.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let (body, checksum) = text.split_at_checked(text.len() - CHECKSUM_DIGITS)?;
    (base62(&crc32fast::hash(body.as_bytes()).to_be_bytes(), CHECKSUM_DIGITS) == checksum).then_some(kind)
}

/// A big-endian number in base 62, padded with zeros to `digits`.
fn base62(bytes: &[u8], digits: usize) -> String {
    let mut number = bytes.to_vec();
    let mut text = Vec::with_capacity(digits);
    for _ in 0..digits {
        let mut rest = 0_u32;
        for byte in &mut number {
            let value = rest * 256 + u32::from(*byte);
            *byte = (value / 62) as u8;
            rest = value % 62;
        }
        text.push(BASE62[rest as usize]);
    }
    text.reverse();
    text.into_iter().map(char::from).collect()
}

/// What a token may be used for, at most what its maker may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scopes {
    /// Everything its maker may.
    Full,
    /// Everything its maker may read.
    Read,
    /// These only.
    Only(Vec<Permission>),
}

impl Scopes {
    pub const FULL: &str = "full";
    pub const READ: &str = "read";

    /// Every token may tell whose it is.
    pub fn allows(&self, permission: Permission) -> bool {
        if permission == Permission::Whoami {
            return true;
        }
        match self {
            Self::Full => true,
            Self::Read => permission.only_reads(),
            Self::Only(permissions) => permissions.contains(&permission),
        }
    }

    /// Whether everything that `other` allows is allowed.
    pub fn includes(&self, other: &Self) -> bool {
        *self == Self::Full
            || *other != Self::Full && Permission::ALL.iter().all(|p| !other.allows(*p) || self.allows(*p))
    }

    /// As stored: `full`, `read`, or permissions separated by spaces.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.trim() {
            Self::FULL => return Ok(Self::Full),
            Self::READ => return Ok(Self::Read),
            _ => {}
        }
        let mut permissions = Vec::new();
        for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()) {
            let found = Permission::ALL.iter().find(|permission| permission.name() == word);
            let permission = found.ok_or_else(|| {
                let names: Vec<&str> = Permission::ALL.iter().map(|permission| permission.name()).collect();
                format!("There is no scope “{word}”. There are full, read, and {}.", names.join(", "))
            })?;
            if !permissions.contains(permission) {
                permissions.push(*permission);
            }
        }
        if permissions.is_empty() {
            return Err("Name a scope: full, read, or permissions.".to_owned());
        }
        Ok(Self::Only(permissions))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str(Self::FULL),
            Self::Read => f.write_str(Self::READ),
            Self::Only(permissions) => {
                let names: Vec<&str> = permissions.iter().map(|permission| permission.name()).collect();
                f.write_str(&names.join(" "))
            }
        }
    }
}

/// A token as lists show it; never its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    pub id: crate::id::TokenId,
    pub name: String,
    pub kind: TokenKind,
    /// `full`, `read`, or permissions separated by spaces.
    pub scopes: String,
    /// Off: refused until it is turned on again.
    pub active: bool,
    pub created_at: Timestamp,
    /// `None`: never.
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

/// A page of tokens: a person's own, or the instance's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokensPage {
    pub viewer: Viewer,
    /// Newest first.
    pub tokens: Vec<TokenRow>,
    pub now: Timestamp,
}

/// What was typed of a new token.
#[derive(Debug, Clone, Default)]
pub struct TokenForm {
    pub name: String,
    /// Empty for reading only.
    pub scopes: String,
    /// `never`, a number of days, or a day as `YYYY-MM-DD`.
    pub lifetime: String,
}

/// A new token, checked.
#[derive(Debug, Clone)]
pub struct CheckedToken {
    pub name: String,
    pub scopes: Scopes,
    /// `None`: never.
    pub expires_at: Option<Timestamp>,
}

impl TokenForm {
    /// Checks everything at once.
    pub fn check(&self, kind: TokenKind, now: Timestamp) -> Result<CheckedToken, Fault> {
        let name = parse_name("name", &self.name);
        let scopes = match (kind.only(), self.scopes.trim()) {
            (Some(only), "") => Ok(Scopes::Only(vec![only])),
            (Some(only), text) if text == only.name() => Ok(Scopes::Only(vec![only])),
            (Some(only), _) => Err(format!("Tokens of this kind have the scope “{only}” and no other.")),
            (None, "") => Ok(Scopes::Read),
            (None, text) => Scopes::parse(text),
        };
        let scopes = scopes.map_err(|message| Fault::invalid("scopes", message));
        let expires_at = parse_lifetime("lifetime", &self.lifetime, now);
        match (name, scopes, expires_at) {
            (Ok(name), Ok(scopes), Ok(expires_at)) => Ok(CheckedToken { name, scopes, expires_at }),
            (name, scopes, lifetime) => {
                let faults = [name.err(), scopes.err(), lifetime.err()].into_iter().flatten();
                let fields = faults.flat_map(|fault| fault.field_errors().to_vec()).collect();
                Err(Fault::Invalid { fields })
            }
        }
    }
}

/// What creating a token answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedToken {
    pub holder: TokenHolder,
    pub token: TokenRow,
    /// Shown this once.
    pub secret: String,
}

/// What a person is told of a token's kind.
impl fmt::Display for TokenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Personal => "Personal",
            Self::Cli => "Command line",
            Self::Service => "Service account",
            Self::Workspace => "Workspace",
            Self::Meter => "Meter",
            Self::Admin => "Administration",
        })
    }
}

/// When a token that is made at `now` expires, as typed: `never`, a number of days, or a day, at whose end in UTC it does.
pub fn parse_lifetime(field: &'static str, text: &str, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let text = text.trim();
    if text == "never" {
        return Ok(None);
    }
    let latest = now.plus(Span::days(LIFETIME_MAX_DAYS));
    let expires_at = match text.parse() {
        Ok(days) => (1..=LIFETIME_MAX_DAYS).contains(&days).then(|| now.plus(Span::days(days))),
        Err(_) => {
            let end = Timestamp::parse_day(text).map(|day| day.plus(Span::days(1)));
            end.filter(|end| *end > now && *end <= latest)
        }
    };
    let message = || {
        let (first, last) = (now.day(), latest.minus(Span::days(1)).day());
        format!("Choose “never”, a number of days from 1 to {LIFETIME_MAX_DAYS}, or a day from {first} to {last}.")
    };
    expires_at.map(Some).ok_or_else(|| Fault::invalid(field, message()))
}

/// Days before a token expires on which its people are told, most first.
pub const WARNING_DAYS: [i64; 3] = [14, 7, 1];

/// A token's name: what tells its maker what it is for.
pub fn parse_name(field: &'static str, text: &str) -> Result<String, Fault> {
    let name = text.trim();
    if name.is_empty() {
        return Err(Fault::invalid(field, "Enter a name that tells what the token is for."));
    }
    if name.chars().count() > NAME_MAX {
        return Err(Fault::invalid(field, format!("A token's name has at most {NAME_MAX} characters.")));
    }
    if name.chars().any(|c| c.is_control() || crate::name::is_direction_control(c)) {
        return Err(Fault::invalid(field, "A token's name can't contain control characters."));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_token_is_as_documented() {
        let token = format(TokenKind::Personal, &[7; RANDOM_BYTES]);
        insta::assert_snapshot!(token, @"tnt_personal_1fJjkkpe9PiTw9KSulA8Ghct30vZz4HpdQ5c5b9cPF11bDppX");
        assert_eq!(kind_of(&token), Some(TokenKind::Personal));
    }

    #[test]
    fn scopes_read_what_they_write() {
        for scopes in [Scopes::Full, Scopes::Read, Scopes::Only(vec![Permission::OrgRead, Permission::OrgCreate])] {
            assert_eq!(Scopes::parse(&scopes.to_string()), Ok(scopes));
        }
        for nothing in ["", " ", ",", " , "] {
            assert!(Scopes::parse(nothing).is_err(), "nothing is not everything that can be read");
        }
        assert!(Scopes::parse("org.read nonsense").unwrap_err().contains("“nonsense”"));
        let only = Scopes::Only(vec![Permission::OrgRead]);
        assert!(Scopes::Full.includes(&Scopes::Full) && Scopes::Read.includes(&only) && !only.includes(&Scopes::Read));
        assert!(!Scopes::Only(Permission::ALL.to_vec()).includes(&Scopes::Full), "full also means what comes later");
        assert!(Scopes::Read.allows(Permission::OrgRead) && !Scopes::Read.allows(Permission::OrgAdminWrite));
    }

    #[test]
    fn lifetimes_are_never_or_days_or_a_day() {
        let now = Timestamp::parse_day("2026-03-01").unwrap().plus(Span::hours(12));
        let at = |text: &str| Some(Timestamp::parse_day(text).unwrap());
        assert_eq!(parse_lifetime("x", "never", now), Ok(None));
        assert_eq!(parse_lifetime("x", " 7 ", now), Ok(Some(now.plus(Span::days(7)))));
        assert_eq!(parse_lifetime("x", "2026-03-01", now), Ok(at("2026-03-02")), "the end of today");
        assert_eq!(parse_lifetime("x", "2026-12-31", now), Ok(at("2027-01-01")));
        for bad in ["", "0", "-1", "7.5", "3651", "forever", "2026-02-28", "2036-03-01", "2026-13-01"] {
            assert!(parse_lifetime("x", bad, now).is_err(), "{bad}");
        }
    }

    #[test]
    fn holders_read_what_they_write() {
        let id = "01a201a4-3d50-73ef-8f88-63e4c9b40b30";
        let (account, workspace) = (id.parse().unwrap(), id.parse().unwrap());
        for holder in [
            TokenHolder::Own,
            TokenHolder::ServiceAccount("acme".into(), account),
            TokenHolder::Workspace("acme".into(), workspace),
            TokenHolder::Admin,
            TokenHolder::Meter,
        ] {
            assert_eq!(TokenHolder::try_from(holder.to_string()), Ok(holder));
        }
        for bad in ["", "own/x", "service/acme", "service/acme/x", "nobody"] {
            assert!(TokenHolder::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    proptest! {
        #![proptest_config(crate::testing::config())]

        #[test]
        fn a_changed_token_is_none(random in any::<[u8; RANDOM_BYTES]>(), at in 0_usize..60, with in "[0-9A-Za-z]") {
            let token = format(TokenKind::Admin, &random);
            prop_assert_eq!(kind_of(&token), Some(TokenKind::Admin));
            let at = at.min(token.len() - 1);
            let mut changed = token.clone();
            changed.replace_range(at..=at, &with);
            prop_assert!(changed == token || kind_of(&changed).is_none());
        }

        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            prop_assert!(kind_of(&text).is_none());
        }
    }
}

//! Identifiers: UUIDv7 in their canonical lowercase text form, one type a noun.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

use crate::time::Timestamp;

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an identifier")
    }
}

impl std::error::Error for NotAnId {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes an identifier that sorts by time; `random` must be fresh.
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(now.millis(), &random).into_uuid())
            }

            pub fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }
    )*};
}

impl From<PersonId> for ActorId {
    fn from(id: PersonId) -> Self {
        Self(id.0)
    }
}

impl From<ServiceAccountId> for ActorId {
    fn from(id: ServiceAccountId) -> Self {
        Self(id.0)
    }
}

ids! {
    /// An organization; never changes, whatever its handle does.
    OrgId,
    PersonId,
    /// A person's membership of one organization.
    MemberId,
    SessionId,
    /// A one-time link (first run, bootstrap).
    LinkId,
    RevisionId,
    PlanId,
    JobId,
    ProcessId,
    RequestId,
    /// Whoever an entry of the audit log names as the one who acted: a person, say, or a service account.
    ActorId,
    /// An API token.
    TokenId,
    /// A program that belongs to an organization.
    ServiceAccountId,
    /// A secret of an organization.
    SecretId,
    WorkspaceId,
    CloudAccountId,
    /// A cloud resource, whatever its provider calls it.
    ResourceId,
    /// A program that waits to be signed in.
    DeviceId,
    MailId,
    /// A way in which an organization pays.
    PaymentMethodId,
}

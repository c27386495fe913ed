//! Cloud accounts: where the platform runs an organization's resources, and the connector that lists and ends them.

use serde::{Deserialize, Serialize};

/// How a cloud account is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectorKind {
    /// Signed requests to an address of the platform's.
    Webhook,
    /// Namespaces of a cluster, chosen by their labels.
    Kubernetes,
}

impl ConnectorKind {
    pub const ALL: [Self; 2] = [Self::Webhook, Self::Kubernetes];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Kubernetes => "kubernetes",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Webhook => "Webhook",
            Self::Kubernetes => "Kubernetes",
        }
    }
}

/// Something that runs at a provider, as its connector tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteResource {
    /// What the connector knows it by.
    pub id: String,
    pub name: String,
    /// In the provider's words, such as `namespace` or `vm`.
    pub kind: String,
    /// In the provider's words, such as `running`.
    #[serde(default)]
    pub state: String,
}

/// What came of asking for a resource's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Termination {
    /// It is gone, or was already.
    Gone,
    /// It is on its way out; ask again.
    Going,
}

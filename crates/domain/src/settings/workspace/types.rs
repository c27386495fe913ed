//! What workspace settings mean, however they were written.

use serde::{Deserialize, Serialize};
use std::fmt;

use super::written;

/// Settings handed to every workspace of the organization. Every key is optional.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(title = "Workspace settings"))]
pub struct WorkspaceSettings {
    /// Kubernetes volumes that are mounted into every workspace, each as `claim:/mount/path`, optionally with `:ro`,
    /// or as an object.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(
            title = "Kubernetes mounts",
            with = "Vec<written::K8sMount>",
            example = serde_json::json!(["team-data:/data", { "configMap": "tools", "mountPath": "/etc/tools", "readOnly": true }])
        )
    )]
    pub k8s_mounts: Vec<K8sMount>,

    /// Folders of the host or Docker volumes that are mounted into every workspace, each as `source:target`, optionally
    /// with `:ro` or `:rw`, or as an object.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(
            title = "Mounts",
            with = "Vec<written::Mount>",
            example = serde_json::json!(["/srv/shared:/shared:ro", { "source": "cache", "target": "/var/cache/build" }])
        )
    )]
    pub mounts: Vec<Mount>,

    /// Environment variables of every workspace, each as `NAME=value` or as an object. A value that must stay secret
    /// belongs in a secret of the organization, named with `{"name": …, "secret": …}`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(
            title = "Environment variables",
            with = "Vec<written::Env>",
            example = serde_json::json!(["EDITOR=vim", { "name": "DATABASE_PASSWORD", "secret": "database-password" }])
        )
    )]
    pub envs: Vec<Env>,

    /// DNS servers and search domains of every workspace. An entry that is an IP address is a server, any other a
    /// search domain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(title = "DNS", example = serde_json::json!(["192.0.2.53", "corp.example.com"])))]
    pub dns: Vec<String>,

    /// The folder that holds the home directories, as an absolute path without `..`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(title = "Home directory prefix", with = "String", regex(pattern = r"^/"), example = serde_json::json!("/home"))
    )]
    pub home_dir_prefix: Option<String>,

    /// The Docker network that workspaces join.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(
            title = "Docker network",
            with = "String",
            length(max = 128),
            regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"),
            example = serde_json::json!("workspaces")
        )
    )]
    pub docker_network: Option<String>,
}

/// A Kubernetes volume in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "written::K8sMount", into = "written::K8sMount")]
pub struct K8sMount {
    pub source: K8sSource,
    pub mount_path: String,
    pub read_only: bool,
}

/// What a Kubernetes volume is made of; each but the path names an object of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum K8sSource {
    Claim(String),
    ConfigMap(String),
    Secret(String),
    HostPath(String),
}

/// A folder or Docker volume in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "written::Mount", into = "written::Mount")]
pub struct Mount {
    /// An absolute path or the name of a volume.
    pub source: String,
    pub target: String,
    pub read_only: bool,
}

/// An environment variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "written::Env", into = "written::Env")]
pub struct Env {
    pub name: String,
    pub value: EnvValue,
}

#[derive(Clone, PartialEq, Eq)]
pub enum EnvValue {
    Literal(String),
    /// The name of a secret of the organization.
    Secret(String),
}

/// Leaves the literal out, so that no log shows it.
impl fmt::Debug for EnvValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(_) => f.debug_tuple("Literal").field(&super::MASK).finish(),
            Self::Secret(name) => f.debug_tuple("Secret").field(name).finish(),
        }
    }
}

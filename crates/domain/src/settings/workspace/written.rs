//! How entries of workspace settings may be written: as a short text or as an object. Serde and the JSON Schema know
//! them in this form; the rest of the program knows only what they mean.

use serde::{Deserialize, Serialize};

use super::types::{self, EnvValue, K8sSource};
use super::value;

/// A Kubernetes volume.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) enum K8sMount {
    /// `claim:/mount/path`, with `:ro` at the end for a read-only mount.
    Text(
        #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:/[^:]*(:ro)?$")))]
        String,
    ),
    Object(K8sMountObject),
}

/// A Kubernetes volume: exactly one of `claim`, `configMap`, `secret` and `hostPath`, and where it is mounted.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(extend("oneOf" = [
        { "required": ["claim"] }, { "required": ["configMap"] }, { "required": ["secret"] }, { "required": ["hostPath"] }
    ]))
)]
pub(super) struct K8sMountObject {
    /// The name of a persistent volume claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    claim: Option<String>,
    /// The name of a config map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    config_map: Option<String>,
    /// The name of a Kubernetes secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    secret: Option<String>,
    /// An absolute path on the node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "String", regex(pattern = r"^/")))]
    host_path: Option<String>,
    /// Where the workspace sees it, as an absolute path.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^/")))]
    mount_path: String,
    /// Whether the workspace may only read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    read_only: bool,
}

/// A folder of the host or a Docker volume.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) enum Mount {
    /// `source:target`, with `:ro` or `:rw` at the end if wanted.
    Text(#[cfg_attr(feature = "schema", schemars(regex(pattern = r"^[^:]+:/[^:]*(:(ro|rw))?$")))] String),
    Object(MountObject),
}

/// A folder of the host or a Docker volume, and where the workspace sees it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct MountObject {
    /// An absolute path of the host, or the name of a Docker volume.
    source: String,
    /// Where the workspace sees it, as an absolute path.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^/")))]
    target: String,
    /// Whether the workspace may only read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    read_only: bool,
}

/// An environment variable.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) enum Env {
    /// `NAME=value`.
    Text(#[cfg_attr(feature = "schema", schemars(regex(pattern = r"^[A-Za-z_][A-Za-z0-9_]*=")))] String),
    Object(EnvObject),
}

/// An environment variable with either a plain `value` or the `secret` that holds it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(extend("oneOf" = [{ "required": ["value"] }, { "required": ["secret"] }]))
)]
pub(super) struct EnvObject {
    /// The variable's name.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^[A-Za-z_][A-Za-z0-9_]*$")))]
    name: String,
    /// The variable's value, readable by everyone who can see these settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    value: Option<String>,
    /// The name of a secret of the organization that holds the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    secret: Option<String>,
}

impl types::K8sMount {
    /// Reads `claim:/mount/path[:ro]`.
    pub(super) fn from_text(text: &str) -> Result<Self, String> {
        let (claim, mount_path, read_only) = match *text.split(':').collect::<Vec<_>>() {
            [claim, path] => (claim, path, false),
            [claim, path, "ro"] => (claim, path, true),
            _ => return Err("A Kubernetes mount is written “claim:/mount/path” or “claim:/mount/path:ro”.".into()),
        };
        value::k8s_name(claim)?;
        value::absolute_path(mount_path)?;
        Ok(Self { source: K8sSource::Claim(claim.to_owned()), mount_path: mount_path.to_owned(), read_only })
    }
}

impl types::Mount {
    /// Reads `source:target[:ro|rw]`.
    pub(super) fn from_text(text: &str) -> Result<Self, String> {
        let (source, target, read_only) = match *text.split(':').collect::<Vec<_>>() {
            [source, target] | [source, target, "rw"] => (source, target, false),
            [source, target, "ro"] => (source, target, true),
            _ => {
                return Err(
                    "A mount is written “source:target”, “source:target:ro” or “source:target:rw”; a path with “:” needs \
                     the object form."
                        .into(),
                );
            }
        };
        value::mount_source(source)?;
        value::absolute_path(target)?;
        Ok(Self { source: source.to_owned(), target: target.to_owned(), read_only })
    }
}

impl types::Env {
    /// Reads `NAME=value`. No error shows the text: it may hold a secret.
    pub(super) fn from_text(text: &str) -> Result<Self, String> {
        let (name, literal) = text.split_once('=').ok_or(
            "An environment variable is written “NAME=value”, or as an object with “name” and “value” or “secret”.",
        )?;
        value::env_name(name)?;
        value::env_value(literal)?;
        Ok(Self { name: name.to_owned(), value: EnvValue::Literal(literal.to_owned()) })
    }
}

impl TryFrom<K8sMount> for types::K8sMount {
    type Error = String;

    fn try_from(written: K8sMount) -> Result<Self, String> {
        let object = match written {
            K8sMount::Text(text) => return Self::from_text(&text),
            K8sMount::Object(object) => object,
        };
        let source = match (object.claim, object.config_map, object.secret, object.host_path) {
            (Some(name), None, None, None) => K8sSource::Claim(name),
            (None, Some(name), None, None) => K8sSource::ConfigMap(name),
            (None, None, Some(name), None) => K8sSource::Secret(name),
            (None, None, None, Some(path)) => K8sSource::HostPath(path),
            _ => return Err("exactly one of claim, configMap, secret and hostPath is needed".into()),
        };
        match &source {
            K8sSource::Claim(name) | K8sSource::ConfigMap(name) | K8sSource::Secret(name) => value::k8s_name(name)?,
            K8sSource::HostPath(path) => value::absolute_path(path)?,
        }
        value::absolute_path(&object.mount_path)?;
        Ok(Self { source, mount_path: object.mount_path, read_only: object.read_only })
    }
}

impl From<types::K8sMount> for K8sMount {
    fn from(mount: types::K8sMount) -> Self {
        let mut object =
            K8sMountObject { mount_path: mount.mount_path, read_only: mount.read_only, ..K8sMountObject::default() };
        let (slot, name) = match mount.source {
            K8sSource::Claim(name) => (&mut object.claim, name),
            K8sSource::ConfigMap(name) => (&mut object.config_map, name),
            K8sSource::Secret(name) => (&mut object.secret, name),
            K8sSource::HostPath(path) => (&mut object.host_path, path),
        };
        *slot = Some(name);
        Self::Object(object)
    }
}

impl TryFrom<Mount> for types::Mount {
    type Error = String;

    fn try_from(written: Mount) -> Result<Self, String> {
        match written {
            Mount::Text(text) => Self::from_text(&text),
            Mount::Object(MountObject { source, target, read_only }) => {
                value::mount_source(&source)?;
                value::absolute_path(&target)?;
                Ok(Self { source, target, read_only })
            }
        }
    }
}

impl From<types::Mount> for Mount {
    fn from(mount: types::Mount) -> Self {
        Self::Object(MountObject { source: mount.source, target: mount.target, read_only: mount.read_only })
    }
}

impl TryFrom<Env> for types::Env {
    type Error = String;

    fn try_from(written: Env) -> Result<Self, String> {
        let object = match written {
            Env::Text(text) => return Self::from_text(&text),
            Env::Object(object) => object,
        };
        value::env_name(&object.name)?;
        let value = match (object.value, object.secret) {
            (Some(literal), None) => {
                value::env_value(&literal)?;
                EnvValue::Literal(literal)
            }
            (None, Some(name)) => {
                value::secret_name(&name)?;
                EnvValue::Secret(name)
            }
            _ => return Err("exactly one of value and secret is needed".into()),
        };
        Ok(Self { name: object.name, value })
    }
}

impl From<types::Env> for Env {
    fn from(env: types::Env) -> Self {
        let (value, secret) = match env.value {
            EnvValue::Literal(literal) => (Some(literal), None),
            EnvValue::Secret(name) => (None, Some(name)),
        };
        Self::Object(EnvObject { name: env.name, value, secret })
    }
}

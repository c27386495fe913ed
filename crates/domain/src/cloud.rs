//! Cloud accounts: where the platform runs an organization's resources, and the connector that lists and ends them.

use serde::{Deserialize, Serialize};

use crate::error::FieldError;
use crate::id::{CloudAccountId, ResourceId};
use crate::org::OrgHeader;
use crate::people::Viewer;
use crate::time::Timestamp;

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

/// A resource as we keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudResource {
    pub id: ResourceId,
    pub remote: RemoteResource,
    /// When its connector listed it last.
    pub seen_at: Timestamp,
}

/// An account as pages and programs show it; never its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudAccount {
    pub id: CloudAccountId,
    pub name: String,
    pub provider: String,
    pub connector: ConnectorKind,
    pub url: String,
    pub selector: String,
    /// Authorities beside the public ones, as PEM.
    pub ca: Option<String>,
    /// Whether its connector is told of workspaces.
    pub events: bool,
    /// What a change must name.
    pub version: i64,
    pub created_at: Timestamp,
    pub listed_at: Option<Timestamp>,
    /// Why the last listing failed.
    pub list_error: Option<String>,
    /// By name.
    pub resources: Vec<CloudResource>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CloudAccountsPage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    /// By name.
    pub accounts: Vec<CloudAccount>,
    pub now: Timestamp,
}

/// An account as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CloudAccountForm {
    pub name: String,
    pub provider: String,
    /// A [`ConnectorKind`] name; an existing account keeps its own.
    pub connector: String,
    pub url: String,
    pub selector: String,
    pub ca: String,
    /// Empty keeps the one before.
    pub secret: String,
    pub events: bool,
}

pub const NAME_MAX: usize = 60;
const URL_MAX: usize = 500;
const SELECTOR_MAX: usize = 500;
const CA_MAX: usize = 64 * 1024;
const SECRET_MAX: usize = 8 * 1024;
/// A shorter one could be guessed by whoever sees a signature.
const SIGNING_SECRET_MIN: usize = 24;

/// An account's values, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudAccountValues {
    pub name: String,
    pub provider: String,
    pub connector: ConnectorKind,
    pub url: String,
    pub selector: String,
    pub ca: Option<String>,
    /// `None` keeps the one before.
    pub secret: Option<String>,
    pub events: bool,
}

impl CloudAccountForm {
    /// Checks everything at once; `existing` is the account's connector when there is one already.
    pub fn check(&self, existing: Option<ConnectorKind>) -> Result<CloudAccountValues, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut line = |field: &'static str, text: &str, what: &str| match short_line(text) {
            Ok(text) => text,
            Err(problem) => {
                errors.push(FieldError::new(field, format!("{what} {problem}")));
                String::new()
            }
        };
        let name = line("name", &self.name, "A name");
        let provider = line("provider", &self.provider, "A provider");
        let connector = existing.or_else(|| ConnectorKind::from_name(&self.connector));
        if connector.is_none() {
            errors.push(FieldError::new("connector", "Choose a connector."));
        }
        let url = self.url.trim().trim_end_matches('/').to_owned();
        if let Err(problem) = check_url(&url) {
            errors.push(FieldError::new("url", problem));
        }
        let kubernetes = connector == Some(ConnectorKind::Kubernetes);
        let selector = if kubernetes { self.selector.trim().to_owned() } else { String::new() };
        if kubernetes && let Err(problem) = check_selector(&selector) {
            errors.push(FieldError::new("selector", problem));
        }
        let ca = Some(self.ca.trim()).filter(|ca| !ca.is_empty());
        if ca.is_some_and(|ca| ca.len() > CA_MAX || !ca.starts_with("-----BEGIN CERTIFICATE-----")) {
            errors
                .push(FieldError::new("ca", "Paste certificates as PEM, beginning with -----BEGIN CERTIFICATE-----."));
        }
        let secret = Some(self.secret.trim()).filter(|secret| !secret.is_empty());
        match secret {
            None if existing.is_none() => errors.push(FieldError::new("secret", "Enter the secret.")),
            Some(secret) if secret.len() > SECRET_MAX || !secret.bytes().all(|b| b.is_ascii_graphic()) => {
                errors.push(FieldError::new("secret", "A secret is one word of visible ASCII characters."));
            }
            Some(secret) if !kubernetes && secret.len() < SIGNING_SECRET_MIN => {
                let message = format!("A signing secret has at least {SIGNING_SECRET_MIN} characters.");
                errors.push(FieldError::new("secret", message));
            }
            _ => {}
        }
        match connector {
            Some(connector) if errors.is_empty() => Ok(CloudAccountValues {
                name,
                provider,
                connector,
                url,
                selector,
                ca: ca.map(str::to_owned),
                secret: secret.map(str::to_owned),
                events: self.events && !kubernetes,
            }),
            _ => Err(errors),
        }
    }
}

fn short_line(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("is needed.".to_owned());
    }
    if text.chars().count() > NAME_MAX {
        return Err(format!("has at most {NAME_MAX} characters."));
    }
    if text.chars().any(|c| c.is_control() || crate::name::is_direction_control(c)) {
        return Err("can't contain control characters.".to_owned());
    }
    Ok(text.to_owned())
}

/// What a browser can check of an address; where it leads is the outbound guard's to judge.
pub(crate) fn check_url(url: &str) -> Result<(), &'static str> {
    const EXPECTED: &str = "An address begins with https:// or http:// and a host.";
    if url.len() > URL_MAX || !url.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("An address has at most 500 visible ASCII characters.");
    }
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).ok_or(EXPECTED)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return Err(EXPECTED);
    }
    if authority.contains('@') {
        return Err("An address holds no user name and no password; the secret has a field of its own.");
    }
    Ok(())
}

/// `key=value` pairs, which a namespace's labels must all match.
fn check_selector(selector: &str) -> Result<(), &'static str> {
    const EXPECTED: &str = "A selector is one or more labels, like example.com/organization=acme, separated by commas.";
    let label = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/'));
    if selector.is_empty() {
        return Err("Without a selector every namespace of the cluster would be the organization's.");
    }
    let good = selector.len() <= SELECTOR_MAX
        && selector.split(',').all(|pair| {
            pair.trim().split_once('=').is_some_and(|(key, value)| {
                !key.is_empty() && !value.is_empty() && label(key) && label(value) && !value.contains('/')
            })
        });
    if good { Ok(()) } else { Err(EXPECTED) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook() -> CloudAccountForm {
        CloudAccountForm {
            name: " Main ".into(),
            provider: "aws".into(),
            connector: "webhook".into(),
            url: "https://hooks.example.com/tenantry/".into(),
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into(),
            events: true,
            ..CloudAccountForm::default()
        }
    }

    fn fields(form: &CloudAccountForm) -> Vec<String> {
        form.check(None).unwrap_err().into_iter().map(|error| error.field.into_owned()).collect()
    }

    #[test]
    fn a_good_form_is_trimmed() {
        let values = webhook().check(None).unwrap();
        assert_eq!((values.name.as_str(), values.url.as_str()), ("Main", "https://hooks.example.com/tenantry"));
        assert!(values.events && values.ca.is_none());
        let cluster =
            CloudAccountForm { connector: "kubernetes".into(), selector: "org=acme, x/y=z".into(), ..webhook() };
        assert!(!cluster.check(None).unwrap().events, "a cluster takes no events");
        let kept = CloudAccountForm { secret: String::new(), ..webhook() };
        assert_eq!(kept.check(Some(ConnectorKind::Webhook)).unwrap().secret, None);
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let all = ["name", "provider", "connector", "url", "secret"];
        assert_eq!(fields(&CloudAccountForm::default()), all);
        for url in
            ["ftp://x", "https://", "https:///x", "https://u:p@host/", "https://a b", "//x", "javascript:alert(1)"]
        {
            assert_eq!(fields(&CloudAccountForm { url: url.into(), ..webhook() }), ["url"], "{url}");
        }
        for selector in ["", "org", "=x", "org=", "org in (a)", "org=a,,b=c", "!org", "org!=a", "a==b"] {
            let form = CloudAccountForm { connector: "kubernetes".into(), selector: selector.into(), ..webhook() };
            assert_eq!(fields(&form), ["selector"], "{selector}");
        }
        assert_eq!(fields(&CloudAccountForm { secret: "short".into(), ..webhook() }), ["secret"]);
        assert_eq!(fields(&CloudAccountForm { ca: "not pem".into(), ..webhook() }), ["ca"]);
        assert_eq!(fields(&CloudAccountForm { name: "a\u{202e}b".into(), ..webhook() }), ["name"]);
    }
}

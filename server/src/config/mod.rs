//! The configuration of an instance: defaults, then `tenantry.toml`, then the environment, then flags; later ones win.
//!
//! Every value that was given is checked, also one that a later source overrides, and all problems are reported
//! together: a server with a doubtful configuration doesn't start. To add a setting, add a field to [`Config`] and a
//! row to [`keys::KEYS`].

mod file;
mod keys;
mod load;
mod problem;
mod proxies;
mod url;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use domain::rate::RateLimits;
use integrations::{MailFrom, ObjectsUrl, S3Settings, SmtpUrl, StripeSettings};
use service::Secret;
use service::vault::MasterKey;

pub use integrations::Network;
pub use load::{Loaded, Origin, Sources, load};
pub use problem::{Problem, Problems};
pub use proxies::TrustedProxies;
pub use url::{DatabaseUrl, PublicUrl};

/// The file that is read from the working directory when no other is named.
pub const FILE_NAME: &str = "tenantry.toml";

/// Everything that can be configured, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the server accepts connections.
    pub listen: SocketAddr,
    /// Holds the embedded database and local files.
    pub data_dir: PathBuf,
    /// Moves the data to PostgreSQL.
    pub database_url: Option<DatabaseUrl>,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Networks that addresses configured in the console may lie in, beside the public ones.
    pub outbound_allow: Vec<Network>,
    /// The server that mail is handed to; without one, mail stays in the outbox.
    pub smtp_url: Option<SmtpUrl>,
    /// The bucket that files are kept in; without one, it is [`Config::objects_dir`].
    pub objects_url: Option<ObjectsUrl>,
    /// How that bucket is reached.
    pub s3: S3Settings,
    /// Who holds cards and moves money.
    pub billing_provider: BillingProvider,
    /// How Stripe is reached.
    pub stripe: StripeSettings,
    /// Whoever shows it acts for the instance on the REST surfaces.
    pub administration_token: Option<Secret>,
    /// How many REST requests clients may make in a minute.
    pub rate_limits: RateLimits,
    /// What encrypts secrets in the database, the current key first; empty when they stand in a file.
    pub encryption_keys: Vec<MasterKey>,
    /// What is logged, in the words of `tracing_subscriber::EnvFilter`.
    pub log: String,
    pub log_format: LogFormat,
    configured_public_url: Option<PublicUrl>,
    configured_key_file: Option<PathBuf>,
    configured_mail_from: Option<MailFrom>,
    configured_audit_key_file: Option<PathBuf>,
    configured_issuer: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000),
            data_dir: PathBuf::from("data"),
            database_url: None,
            trusted_proxies: TrustedProxies::default(),
            outbound_allow: Vec::new(),
            smtp_url: None,
            objects_url: None,
            s3: S3Settings::default(),
            billing_provider: BillingProvider::Manual,
            stripe: StripeSettings::default(),
            administration_token: None,
            rate_limits: RateLimits::default(),
            encryption_keys: Vec::new(),
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            configured_public_url: None,
            configured_key_file: None,
            configured_mail_from: None,
            configured_audit_key_file: None,
            configured_issuer: Vec::new(),
        }
    }
}

impl Config {
    /// The address people open, without a slash at its end; links that leave the instance begin with it.
    pub fn public_url(&self) -> PublicUrl {
        self.configured_public_url.clone().unwrap_or_else(|| PublicUrl::localhost(self.listen.port()))
    }

    /// Whether the address people open was configured, rather than guessed.
    pub const fn knows_public_url(&self) -> bool {
        self.configured_public_url.is_some()
    }

    /// Whom mails are from: `tenantry` at the host that people open, unless another was configured.
    pub fn mail_from(&self) -> Result<MailFrom, String> {
        match &self.configured_mail_from {
            Some(from) => Ok(from.clone()),
            None => MailFrom::parse(&format!("tenantry@{}", self.public_url().host())),
        }
    }

    /// Whom invoices are from, line by line: the host that people open, unless somebody was configured.
    pub fn issuer(&self) -> Vec<String> {
        match self.configured_issuer.as_slice() {
            [] => vec![self.public_url().host().to_owned()],
            lines => lines.to_vec(),
        }
    }

    /// The embedded database's file.
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("tenantry.db")
    }

    /// The file of encryption keys, unless they are given themselves. An instance on the embedded database makes its own.
    pub fn encryption_key_file(&self) -> Option<PathBuf> {
        match &self.configured_key_file {
            Some(path) => Some(path.clone()),
            None if self.encryption_keys.is_empty() && self.is_embedded() => Some(self.data_dir.join("encryption.key")),
            None => None,
        }
    }

    /// Whether the key file is ours to make.
    pub const fn makes_key_file(&self) -> bool {
        self.configured_key_file.is_none() && self.is_embedded()
    }

    /// The folder of files such as avatars.
    pub fn objects_dir(&self) -> PathBuf {
        self.data_dir.join("objects")
    }

    /// The file of the key that signs checkpoints of the audit log. With PostgreSQL it has to be configured: the data
    /// folder is then one of many processes, and a key made there would be unknown to the others.
    pub fn audit_key_file(&self) -> Option<PathBuf> {
        let beside_the_data = || self.is_embedded().then(|| self.data_dir.join("audit-signing.key"));
        self.configured_audit_key_file.clone().or_else(beside_the_data)
    }

    /// Whether the data lives in the embedded database rather than in PostgreSQL.
    pub const fn is_embedded(&self) -> bool {
        self.database_url.is_none()
    }

    /// The database as a person may read it: a path, or an address without its password.
    pub fn database_shown(&self) -> String {
        match &self.database_url {
            Some(url) => url.masked(),
            None => display(&self.database_file()),
        }
    }
}

/// How invoices are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillingProvider {
    /// The platform's team says what was paid.
    Manual,
    Stripe,
}

impl BillingProvider {
    const fn name(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Stripe => "stripe",
        }
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl LogFormat {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

fn display(path: &Path) -> String {
    path.display().to_string()
}

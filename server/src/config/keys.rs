//! The table of keys: how each is called in the file, the environment and the flags, and how its value is read.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use http::Uri;
use integrations::{MailFrom, ObjectsUrl, SmtpUrl};
use service::Secret;
use tracing_subscriber::EnvFilter;

use super::{BillingProvider, Config, DatabaseUrl, LogFormat, Network, PublicUrl, TrustedProxies, display};

/// Shortest administration token, in characters.
const ADMINISTRATION_TOKEN_MIN: usize = 16;

/// How long the name and address on invoices may be.
const ISSUER_LINES_MAX: usize = 8;
const ISSUER_LINE_MAX: usize = 80;

/// The most requests that a limit may let through in a minute.
const LIMIT_MAX: u32 = 1_000_000;

/// One setting.
pub struct Key {
    /// Its name in the file.
    pub name: &'static str,
    /// Its environment variables; where several are set, the last one here wins.
    pub variables: &'static [&'static str],
    /// Reads a value into the configuration, or says what is expected instead.
    pub read: fn(&mut Config, &Value) -> Result<(), String>,
    /// The effective value, without secrets.
    pub show: fn(&Config) -> String,
}

/// A value as its source spells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    List(Vec<String>),
}

impl Value {
    fn text(&self) -> Result<&str, String> {
        match self {
            Self::Text(text) => Ok(text.trim()),
            Self::List(_) => Err("one value is expected, not a list".to_owned()),
        }
    }

    /// A list; flags and variables separate its items by commas.
    fn items(&self) -> Vec<&str> {
        let items: Vec<&str> = match self {
            Self::Text(text) => text.split(',').collect(),
            Self::List(items) => items.iter().map(String::as_str).collect(),
        };
        items.into_iter().map(str::trim).filter(|item| !item.is_empty()).collect()
    }

    /// Lines of text, which may hold commas; flags and variables separate them by `|`.
    fn lines(&self) -> Vec<&str> {
        let lines: Vec<&str> = match self {
            Self::Text(text) => text.split(['|', '\n']).collect(),
            Self::List(lines) => lines.iter().map(String::as_str).collect(),
        };
        lines.into_iter().map(str::trim).filter(|line| !line.is_empty()).collect()
    }
}

pub const KEYS: &[Key] = &[
    Key {
        name: "listen",
        variables: &["TENANTRY_LISTEN"],
        read: |config, value| {
            config.listen = read_listen(value.text()?)?;
            Ok(())
        },
        show: |config| config.listen.to_string(),
    },
    Key {
        name: "data_dir",
        variables: &["TENANTRY_DATA_DIR"],
        read: |config, value| match value.text()? {
            "" => Err("a folder is expected".to_owned()),
            path => {
                config.data_dir = PathBuf::from(path);
                Ok(())
            }
        },
        show: |config| display(&config.data_dir),
    },
    Key {
        name: "public_url",
        variables: &["TENANTRY_PUBLIC_URL"],
        read: |config, value| {
            config.configured_public_url = Some(PublicUrl::parse(value.text()?)?);
            Ok(())
        },
        show: |config| config.public_url().to_string(),
    },
    Key {
        name: "database_url",
        variables: &["DATABASE_URL", "TENANTRY_DATABASE_URL"],
        read: |config, value| {
            config.database_url = Some(DatabaseUrl::parse(value.text()?)?);
            Ok(())
        },
        show: |config| match &config.database_url {
            Some(url) => url.masked(),
            None => format!("(none: SQLite in {})", display(&config.database_file())),
        },
    },
    Key {
        name: "trusted_proxies",
        variables: &["TENANTRY_TRUSTED_PROXIES"],
        read: |config, value| {
            config.trusted_proxies = TrustedProxies::new(read_networks(value)?);
            Ok(())
        },
        show: |config| or_none(config.trusted_proxies.to_string()),
    },
    Key {
        name: "outbound.allow",
        variables: &["TENANTRY_OUTBOUND_ALLOW"],
        read: |config, value| {
            config.outbound_allow = read_networks(value)?;
            Ok(())
        },
        show: |config| or_none(config.outbound_allow.iter().map(Network::to_string).collect::<Vec<_>>().join(", ")),
    },
    Key {
        name: "smtp_url",
        variables: &["TENANTRY_SMTP_URL"],
        read: |config, value| {
            config.smtp_url = Some(SmtpUrl::parse(value.text()?)?);
            Ok(())
        },
        show: |config| match &config.smtp_url {
            Some(url) => url.masked(),
            None => "(none: mail stays in the outbox)".to_owned(),
        },
    },
    Key {
        name: "mail_from",
        variables: &["TENANTRY_MAIL_FROM"],
        read: |config, value| {
            config.configured_mail_from = Some(MailFrom::parse(value.text()?)?);
            Ok(())
        },
        show: |config| config.mail_from().map_or_else(|_| "(none)".to_owned(), |from| from.to_string()),
    },
    Key {
        name: "objects_url",
        variables: &["TENANTRY_OBJECTS_URL"],
        read: |config, value| {
            config.objects_url = Some(ObjectsUrl::parse(value.text()?)?);
            Ok(())
        },
        show: |config| match &config.objects_url {
            Some(url) => url.to_string(),
            None => format!("(none: files in {})", display(&config.objects_dir())),
        },
    },
    Key {
        name: "s3.endpoint",
        variables: &["TENANTRY_S3_ENDPOINT"],
        read: |config, value| {
            config.s3.endpoint = Some(read_endpoint(value.text()?, "https://s3.example.com")?);
            Ok(())
        },
        show: |config| config.s3.endpoint.clone().unwrap_or_else(|| "(none: Amazon's)".to_owned()),
    },
    Key {
        name: "s3.region",
        variables: &["TENANTRY_S3_REGION"],
        read: |config, value| {
            config.s3.region = read_word(value, "a region")?;
            Ok(())
        },
        show: |config| config.s3.region.clone(),
    },
    Key {
        name: "s3.access_key_id",
        variables: &["TENANTRY_S3_ACCESS_KEY_ID"],
        read: |config, value| {
            config.s3.access_key_id = Some(read_word(value, "an id")?);
            Ok(())
        },
        show: |config| config.s3.access_key_id.clone().unwrap_or_else(|| "(none)".to_owned()),
    },
    Key {
        name: "s3.secret_access_key",
        variables: &["TENANTRY_S3_SECRET_ACCESS_KEY"],
        read: |config, value| {
            config.s3.secret_access_key = Some(Secret::from(read_word(value, "a key")?));
            Ok(())
        },
        show: |config| if config.s3.secret_access_key.is_some() { "***" } else { "(none)" }.to_owned(),
    },
    Key {
        name: "billing.provider",
        variables: &["TENANTRY_BILLING_PROVIDER"],
        read: |config, value| {
            config.billing_provider = match value.text()? {
                "manual" => BillingProvider::Manual,
                "stripe" => BillingProvider::Stripe,
                other => return Err(format!("`{other}` is neither `manual` nor `stripe`")),
            };
            Ok(())
        },
        show: |config| config.billing_provider.name().to_owned(),
    },
    Key {
        name: "billing.issuer",
        variables: &["TENANTRY_BILLING_ISSUER"],
        read: |config, value| {
            config.configured_issuer = read_issuer(value)?;
            Ok(())
        },
        show: |config| config.issuer().join(" | "),
    },
    Key {
        name: "stripe.secret_key",
        variables: &["TENANTRY_STRIPE_SECRET_KEY"],
        read: |config, value| {
            config.stripe.secret_key = Some(Secret::from(read_key(value, &["sk_", "rk_"])?));
            Ok(())
        },
        show: |config| if config.stripe.secret_key.is_some() { "***" } else { "(none)" }.to_owned(),
    },
    Key {
        name: "stripe.publishable_key",
        variables: &["TENANTRY_STRIPE_PUBLISHABLE_KEY"],
        read: |config, value| {
            config.stripe.publishable_key = Some(read_key(value, &["pk_"])?);
            Ok(())
        },
        show: |config| config.stripe.publishable_key.clone().unwrap_or_else(|| "(none)".to_owned()),
    },
    Key {
        name: "stripe.webhook_secret",
        variables: &["TENANTRY_STRIPE_WEBHOOK_SECRET"],
        read: |config, value| {
            let read = |item: &str| read_key(&Value::Text(item.to_owned()), &["whsec_"]).map(Secret::from);
            config.stripe.webhook_secrets = value.items().into_iter().map(read).collect::<Result<_, _>>()?;
            Ok(())
        },
        show: |config| if config.stripe.webhook_secrets.is_empty() { "(none)" } else { "***" }.to_owned(),
    },
    Key {
        name: "stripe.api_url",
        variables: &["TENANTRY_STRIPE_API_URL"],
        read: |config, value| {
            config.stripe.api_url = read_endpoint(value.text()?, "https://api.stripe.com")?;
            Ok(())
        },
        show: |config| config.stripe.api_url.clone(),
    },
    Key {
        name: "stripe.script_url",
        variables: &["TENANTRY_STRIPE_SCRIPT_URL"],
        read: |config, value| {
            config.stripe.script_url = read_endpoint(value.text()?, "https://js.stripe.com/v3/")?;
            Ok(())
        },
        show: |config| config.stripe.script_url.clone(),
    },
    Key {
        name: "administration_token",
        variables: &["TENANTRY_ADMINISTRATION_TOKEN"],
        read: |config, value| match value.text()? {
            // The complaint doesn't quote it.
            short if short.chars().count() < ADMINISTRATION_TOKEN_MIN => {
                Err(format!("the token needs at least {ADMINISTRATION_TOKEN_MIN} characters"))
            }
            token if token.bytes().all(|byte| byte.is_ascii_graphic()) => {
                config.administration_token = Some(Secret::from(token.to_owned()));
                Ok(())
            }
            _ => Err("the token may hold only visible ASCII characters, since it travels in a header".to_owned()),
        },
        show: |config| if config.administration_token.is_some() { "***" } else { "(none)" }.to_owned(),
    },
    Key {
        name: "rate_limit.token",
        variables: &["TENANTRY_RATE_LIMIT_TOKEN"],
        read: |config, value| {
            config.rate_limits.token = read_limit(value.text()?)?;
            Ok(())
        },
        show: |config| config.rate_limits.token.to_string(),
    },
    Key {
        name: "rate_limit.address",
        variables: &["TENANTRY_RATE_LIMIT_ADDRESS"],
        read: |config, value| {
            config.rate_limits.address = read_limit(value.text()?)?;
            Ok(())
        },
        show: |config| config.rate_limits.address.to_string(),
    },
    Key {
        name: "encryption_key",
        variables: &["TENANTRY_ENCRYPTION_KEY"],
        read: |config, value| {
            config.encryption_keys = integrations::parse_keys(&value.items().join(","))?;
            Ok(())
        },
        show: |config| if config.encryption_keys.is_empty() { "(none)" } else { "***" }.to_owned(),
    },
    Key {
        name: "encryption_key_file",
        variables: &["TENANTRY_ENCRYPTION_KEY_FILE"],
        read: |config, value| match value.text()? {
            "" => Err("a file is expected".to_owned()),
            path => {
                config.configured_key_file = Some(PathBuf::from(path));
                Ok(())
            }
        },
        show: |config| config.encryption_key_file().map_or_else(|| "(none)".to_owned(), |path| display(&path)),
    },
    Key {
        name: "audit_key_file",
        variables: &["TENANTRY_AUDIT_KEY_FILE"],
        read: |config, value| match value.text()? {
            "" => Err("a file is expected".to_owned()),
            path => {
                config.configured_audit_key_file = Some(PathBuf::from(path));
                Ok(())
            }
        },
        show: |config| match config.audit_key_file() {
            Some(file) => display(&file),
            None => "(none)".to_owned(),
        },
    },
    Key {
        name: "log",
        variables: &["TENANTRY_LOG"],
        read: |config, value| {
            let filter = value.text()?;
            EnvFilter::try_new(filter)
                .map_err(|_| format!("`{filter}` is no log filter, like `info` or `warn,server=debug`"))?;
            config.log = filter.to_owned();
            Ok(())
        },
        show: |config| config.log.clone(),
    },
    Key {
        name: "log_format",
        variables: &["TENANTRY_LOG_FORMAT"],
        read: |config, value| {
            config.log_format = match value.text()? {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                other => return Err(format!("`{other}` is neither `text` nor `json`")),
            };
            Ok(())
        },
        show: |config| config.log_format.name().to_owned(),
    },
];

/// Variables that are no settings: they belong to the build and the tests of this program.
const OTHER_VARIABLES: &[&str] = &[crate::site::FILE_VARIABLE, "TENANTRY_SITE", "TENANTRY_BIN", "TENANTRY_CHROMIUM"];
const OTHER_PREFIXES: &[&str] = &["TENANTRY_TEST_", "TENANTRY_E2E_"];

pub fn is_other_variable(name: &str) -> bool {
    OTHER_VARIABLES.contains(&name) || OTHER_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

fn read_networks(value: &Value) -> Result<Vec<Network>, String> {
    value.items().into_iter().map(Network::parse).collect()
}

/// The complaint doesn't quote the value, which may be a secret.
fn read_word(value: &Value, expected: &str) -> Result<String, String> {
    match value.text()? {
        word if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(word.to_owned()),
        _ => Err(format!("{expected} of visible ASCII characters is expected")),
    }
}

fn read_limit(text: &str) -> Result<u32, String> {
    let limit = text.parse().ok().filter(|limit| *limit <= LIMIT_MAX);
    limit.ok_or_else(|| format!("`{text}` is no number of requests a minute, from 0 (no limit) to {LIMIT_MAX}"))
}

/// A key that says by its beginning what it is; the complaint doesn't quote it.
fn read_key(value: &Value, beginnings: &[&str]) -> Result<String, String> {
    let key = read_word(value, "a key")?;
    if beginnings.iter().any(|beginning| key.starts_with(beginning)) {
        Ok(key)
    } else {
        Err(format!("a key that begins with {} is expected", beginnings.join(" or ")))
    }
}

fn read_issuer(value: &Value) -> Result<Vec<String>, String> {
    let lines = value.lines();
    let fits = |line: &&str| line.chars().count() <= ISSUER_LINE_MAX && !line.contains(char::is_control);
    if (1..=ISSUER_LINES_MAX).contains(&lines.len()) && lines.iter().all(fits) {
        Ok(lines.into_iter().map(str::to_owned).collect())
    } else {
        Err(format!(
            "a name and the lines of an address are expected, {ISSUER_LINES_MAX} lines of {ISSUER_LINE_MAX} characters at \
             most"
        ))
    }
}

fn read_endpoint(text: &str, example: &str) -> Result<String, String> {
    let refuse = || format!("`{text}` is no address like {example}");
    let uri: Uri = text.parse().map_err(|_| refuse())?;
    let is_known = matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
        && uri.query().is_none();
    if is_known { Ok(text.to_owned()) } else { Err(refuse()) }
}

fn or_none(shown: String) -> String {
    if shown.is_empty() { "(none)".to_owned() } else { shown }
}

fn read_listen(text: &str) -> Result<SocketAddr, String> {
    if let Some(port) = text.strip_prefix("localhost:").and_then(|port| port.parse().ok()) {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    text.parse().map_err(|_| format!("`{text}` is no address with a port, like 127.0.0.1:3000 or [::]:3000"))
}

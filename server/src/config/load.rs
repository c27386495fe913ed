//! Putting the layers together.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::keys::{KEYS, Key, Value, is_other_variable};
use super::problem::suggest;
use super::{BillingProvider, Config, FILE_NAME, Problem, Problems, file};

/// Where settings may come from; the process's own surroundings, or a test's.
#[derive(Debug, Default)]
pub struct Sources {
    /// Searched for `tenantry.toml`, unless a file is named.
    pub working_dir: PathBuf,
    /// A file that must exist.
    pub file: Option<PathBuf>,
    pub environment: Vec<(String, String)>,
    /// Key and value of each flag that was given.
    pub flags: Vec<(&'static str, String)>,
}

/// Which source decided a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// A line of the file.
    File(String, usize),
    Variable(String),
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(file, line) => write!(f, "{file}:{line}"),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A checked configuration that knows where each value came from.
#[derive(Debug)]
pub struct Loaded {
    pub config: Config,
    origins: Vec<Origin>,
}

impl Loaded {
    /// Every setting: name, effective value without secrets, origin.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, String, &Origin)> {
        KEYS.iter().zip(&self.origins).map(|(key, origin)| (key.name, (key.show)(&self.config), origin))
    }
}

/// Reads all layers and checks all they say.
pub fn load(sources: &Sources) -> Result<Loaded, Problems> {
    let mut layers =
        Layers { config: Config::default(), origins: vec![Origin::Default; KEYS.len()], problems: Vec::new() };
    layers.add_file(sources);
    layers.add_environment(sources);
    layers.add_flags(sources);
    layers.check_provider();
    if layers.problems.is_empty() {
        Ok(Loaded { config: layers.config, origins: layers.origins })
    } else {
        Err(Problems(layers.problems))
    }
}

struct Layers {
    config: Config,
    origins: Vec<Origin>,
    problems: Vec<Problem>,
}

impl Layers {
    fn add_file(&mut self, sources: &Sources) {
        let path = sources.file.clone().unwrap_or_else(|| sources.working_dir.join(FILE_NAME));
        let shown = if sources.file.is_some() { path.display().to_string() } else { FILE_NAME.to_owned() };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && sources.file.is_none() => return,
            Err(error) => return self.complain(&shown, error.to_string()),
        };
        let entries = match file::entries(&text) {
            Ok(entries) => entries,
            Err((line, message)) => return self.complain(&format!("{shown}:{line}"), message),
        };
        for entry in entries {
            let place = format!("{shown}:{}", entry.line);
            let Some(index) = KEYS.iter().position(|key| key.name == entry.key) else {
                let near = suggest(&entry.key, KEYS.iter().map(|key| key.name));
                self.complain(&place, format!("unknown key `{}`; {near}", entry.key));
                continue;
            };
            match entry.value {
                Ok(value) => self.set(index, &value, Origin::File(shown.clone(), entry.line)),
                Err(message) => self.complain(&place, format!("{}: {message}", entry.key)),
            }
        }
    }

    fn add_environment(&mut self, sources: &Sources) {
        let variables = || KEYS.iter().flat_map(|key| key.variables.iter().copied());
        for (name, _) in &sources.environment {
            let ours = name.starts_with("TENANTRY_") && !is_other_variable(name);
            if ours && !variables().any(|variable| variable == name) {
                let near = suggest(name, variables());
                self.complain(name, format!("unknown variable; {near}"));
            }
        }
        for (index, key) in KEYS.iter().enumerate() {
            for variable in key.variables {
                // Set but empty means unset: compose files and unit files pass variables on like that.
                let given = sources.environment.iter().find(|(name, value)| name == variable && !value.is_empty());
                if let Some((name, value)) = given {
                    self.set(index, &Value::Text(value.clone()), Origin::Variable(name.clone()));
                }
            }
        }
    }

    fn add_flags(&mut self, sources: &Sources) {
        for (name, value) in &sources.flags {
            if let Some(index) = KEYS.iter().position(|key| key.name == *name) {
                let flag = format!("--{}", name.replace('_', "-"));
                self.set(index, &Value::Text(value.clone()), Origin::Flag(flag));
            }
        }
    }

    /// The one choice that makes other settings necessary.
    fn check_provider(&mut self) {
        if self.config.billing_provider != BillingProvider::Stripe || !self.problems.is_empty() {
            return;
        }
        if let Err(missing) = self.config.stripe.check() {
            let chosen = KEYS.iter().zip(&self.origins).find(|(key, _)| key.name == "billing.provider");
            let place = chosen.map_or_else(String::new, |(_, origin)| origin.to_string());
            self.complain(&place, format!("billing.provider is `stripe`, but {missing}"));
        }
    }

    fn set(&mut self, index: usize, value: &Value, origin: Origin) {
        let (Some(Key { name, read, .. }), Some(slot)) = (KEYS.get(index), self.origins.get_mut(index)) else { return };
        match read(&mut self.config, value) {
            Ok(()) => *slot = origin,
            Err(message) => {
                let message = match origin {
                    Origin::File(..) => format!("{name}: {message}"),
                    _ => message,
                };
                self.complain(&origin.to_string(), message);
            }
        }
    }

    fn complain(&mut self, place: &str, message: String) {
        self.problems.push(Problem { place: place.to_owned(), message });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    struct Given {
        dir: tempfile::TempDir,
        sources: Sources,
    }

    fn given(file: &str, environment: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Given {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE_NAME), file).unwrap();
        let own = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let sources = Sources {
            working_dir: dir.path().to_owned(),
            file: None,
            environment: own(environment),
            flags: flags.iter().map(|(k, v)| (*k, (*v).to_owned())).collect(),
        };
        Given { dir, sources }
    }

    fn complaints(given: &Given) -> String {
        load(&given.sources).unwrap_err().to_string()
    }

    #[test]
    fn later_layers_win_and_every_value_knows_its_origin() {
        let given = given(
            "# comment\nlisten = \"127.0.0.1:1\"\ndata_dir = \"/srv/tenantry\"\nlog = \"warn\"\n\
             trusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n\n[outbound]\nallow = [\"192.168.7.0/24\"]\n\n\
             [s3]\nendpoint = \"https://s3.example.com\"\n\n\
             [billing]\nprovider = \"stripe\"\nissuer = [\"Example, Inc.\", \"1 Main Street\"]\n",
            &[
                ("TENANTRY_LISTEN", "127.0.0.1:2"),
                ("TENANTRY_LOG", "debug"),
                ("TENANTRY_DATA_DIR", ""),
                ("TENANTRY_SITE_FILE", "site.pack"),
                ("TENANTRY_TEST_ANYTHING", "1"),
                ("TENANTRY_ADMINISTRATION_TOKEN", "atokenof16characters"),
                ("DATABASE_URL", "postgres://app:s3cret@db.example/app"),
                ("TENANTRY_SMTP_URL", "smtps://app:s3cret@mail.example"),
                ("TENANTRY_OBJECTS_URL", "s3://files/tenantry"),
                ("TENANTRY_ENCRYPTION_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                ("TENANTRY_S3_ACCESS_KEY_ID", "id"),
                ("TENANTRY_S3_SECRET_ACCESS_KEY", "s3cret"),
                ("TENANTRY_STRIPE_SECRET_KEY", "sk_test_s3cret"),
                ("TENANTRY_STRIPE_PUBLISHABLE_KEY", "pk_test_shown"),
                ("TENANTRY_STRIPE_WEBHOOK_SECRET", "whsec_s3cret, whsec_old"),
                ("PATH", "/bin"),
            ],
            &[("listen", "127.0.0.1:3")],
        );
        let loaded = load(&given.sources).unwrap();
        let rows: Vec<String> =
            loaded.rows().map(|(name, value, origin)| format!("{name} = {value} ({origin})")).collect();
        insta::assert_snapshot!(rows.join("\n"), @r"
        listen = 127.0.0.1:3 (--listen)
        data_dir = /srv/tenantry (tenantry.toml:3)
        public_url = http://localhost:3 (default)
        database_url = postgres://app:***@db.example/app (DATABASE_URL)
        trusted_proxies = 10.0.0.0/8, ::1/128 (tenantry.toml:5)
        outbound.allow = 192.168.7.0/24 (tenantry.toml:8)
        smtp_url = smtps://app:***@mail.example:465 (TENANTRY_SMTP_URL)
        mail_from = tenantry@localhost (default)
        objects_url = s3://files/tenantry (TENANTRY_OBJECTS_URL)
        s3.endpoint = https://s3.example.com (tenantry.toml:11)
        s3.region = us-east-1 (default)
        s3.access_key_id = id (TENANTRY_S3_ACCESS_KEY_ID)
        s3.secret_access_key = *** (TENANTRY_S3_SECRET_ACCESS_KEY)
        billing.provider = stripe (tenantry.toml:14)
        billing.issuer = Example, Inc. | 1 Main Street (tenantry.toml:15)
        stripe.secret_key = *** (TENANTRY_STRIPE_SECRET_KEY)
        stripe.publishable_key = pk_test_shown (TENANTRY_STRIPE_PUBLISHABLE_KEY)
        stripe.webhook_secret = *** (TENANTRY_STRIPE_WEBHOOK_SECRET)
        stripe.api_url = https://api.stripe.com (default)
        stripe.script_url = https://js.stripe.com/v3/ (default)
        administration_token = *** (TENANTRY_ADMINISTRATION_TOKEN)
        rate_limit.token = 1000 (default)
        rate_limit.address = 120 (default)
        encryption_key = *** (TENANTRY_ENCRYPTION_KEY)
        encryption_key_file = (none) (default)
        audit_key_file = (none) (default)
        log = debug (TENANTRY_LOG)
        log_format = text (default)
        ");
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let given = given(
            "lisen = \"127.0.0.1:1\"\nlog_format = \"xml\"\npublic_url = 3\n\n[argon2]\nmemory = \"1\"\n",
            &[
                ("TENANTRY_PUBLIC_ULR", "x"),
                ("TENANTRY_TRUSTED_PROXIES", "10.0.0.0/8, nowhere"),
                ("TENANTRY_OUTBOUND_ALLOW", "10.0.0.0/33"),
                ("DATABASE_URL", "mysql://u:s3cret@h/d"),
                ("TENANTRY_SMTP_URL", "https://u:s3cret@h"),
                ("TENANTRY_MAIL_FROM", "nobody"),
                ("TENANTRY_OBJECTS_URL", "bucket"),
                ("TENANTRY_S3_ENDPOINT", "s3.example.com"),
                ("TENANTRY_S3_SECRET_ACCESS_KEY", "s3c ret"),
                ("TENANTRY_BILLING_PROVIDER", "card"),
                ("TENANTRY_BILLING_ISSUER", " | "),
                ("TENANTRY_STRIPE_SECRET_KEY", "pk_test_s3cret"),
                ("TENANTRY_STRIPE_WEBHOOK_SECRET", "whsec_one,s3cret"),
                ("TENANTRY_STRIPE_API_URL", "api.stripe.com"),
                ("TENANTRY_ADMINISTRATION_TOKEN", "s3cret"),
                ("TENANTRY_RATE_LIMIT_TOKEN", "many"),
            ],
            &[("listen", "3000")],
        );
        insta::assert_snapshot!(complaints(&given), @r"
        tenantry.toml:1: unknown key `lisen`; did you mean `listen`?
        tenantry.toml:2: log_format: `xml` is neither `text` nor `json`
        tenantry.toml:3: public_url: a text in quotes is expected
        tenantry.toml:6: unknown key `argon2.memory`; there are `listen`, `data_dir`, `public_url`, `database_url`, `trusted_proxies`, `outbound.allow`, `smtp_url`, `mail_from`, `objects_url`, `s3.endpoint`, `s3.region`, `s3.access_key_id`, `s3.secret_access_key`, `billing.provider`, `billing.issuer`, `stripe.secret_key`, `stripe.publishable_key`, `stripe.webhook_secret`, `stripe.api_url`, `stripe.script_url`, `administration_token`, `rate_limit.token`, `rate_limit.address`, `encryption_key`, `encryption_key_file`, `audit_key_file`, `log`, `log_format`
        TENANTRY_PUBLIC_ULR: unknown variable; did you mean `TENANTRY_PUBLIC_URL`?
        DATABASE_URL: an address that begins with postgres:// is expected; without one the data lives in SQLite under data_dir
        TENANTRY_TRUSTED_PROXIES: `nowhere` is no address or network, like 10.0.0.1 or 10.0.0.0/8
        TENANTRY_OUTBOUND_ALLOW: `10.0.0.0/33` is no address or network, like 10.0.0.1 or 10.0.0.0/8
        TENANTRY_SMTP_URL: an address like smtps://user:password@mail.example.com or smtp://localhost:25?tls=none is expected, with `%` forms for odd characters of the password
        TENANTRY_MAIL_FROM: `nobody` is no sender, like console@example.com or Tenantry <console@example.com>
        TENANTRY_OBJECTS_URL: `bucket` is no bucket, like s3://bucket or s3://bucket/prefix
        TENANTRY_S3_ENDPOINT: `s3.example.com` is no address like https://s3.example.com
        TENANTRY_S3_SECRET_ACCESS_KEY: a key of visible ASCII characters is expected
        TENANTRY_BILLING_PROVIDER: `card` is neither `manual` nor `stripe`
        TENANTRY_BILLING_ISSUER: a name and the lines of an address are expected, 8 lines of 80 characters at most
        TENANTRY_STRIPE_SECRET_KEY: a key that begins with sk_ or rk_ is expected
        TENANTRY_STRIPE_WEBHOOK_SECRET: a key that begins with whsec_ is expected
        TENANTRY_STRIPE_API_URL: `api.stripe.com` is no address like https://api.stripe.com
        TENANTRY_ADMINISTRATION_TOKEN: the token needs at least 16 characters
        TENANTRY_RATE_LIMIT_TOKEN: `many` is no number of requests a minute, from 0 (no limit) to 1000000
        --listen: `3000` is no address with a port, like 127.0.0.1:3000 or [::]:3000
        The configuration has 21 problems; nothing was started.
        ");
    }

    #[test]
    fn stripe_needs_its_keys() {
        let file = "[billing]\nprovider = \"stripe\"\n";
        insta::assert_snapshot!(complaints(&given(file, &[], &[])), @r"
        tenantry.toml:2: billing.provider is `stripe`, but stripe.secret_key, stripe.publishable_key, stripe.webhook_secret are missing
        The configuration has a problem; nothing was started.
        ");
        let mixed = given(
            file,
            &[
                ("TENANTRY_STRIPE_SECRET_KEY", "sk_live_s3cret"),
                ("TENANTRY_STRIPE_PUBLISHABLE_KEY", "pk_test_1"),
                ("TENANTRY_STRIPE_WEBHOOK_SECRET", "whsec_1"),
            ],
            &[],
        );
        insta::assert_snapshot!(complaints(&mixed), @r"
        tenantry.toml:2: billing.provider is `stripe`, but stripe.secret_key and stripe.publishable_key don't belong together: one is live, one for tests
        The configuration has a problem; nothing was started.
        ");
    }

    #[test]
    fn broken_toml_names_its_line() {
        insta::assert_snapshot!(complaints(&given("log = \"info\"\nlisten = \n", &[], &[])), @r"
        tenantry.toml:2: string values must be quoted, expected literal string
        The configuration has a problem; nothing was started.
        ");
    }

    #[test]
    fn a_named_file_must_exist() {
        let mut given = given("", &[], &[]);
        given.sources.file = Some(given.dir.path().join("other.toml"));
        assert!(complaints(&given).contains("other.toml: "));
    }
}

//! What a verb works with: the services of the process, and the request that asks.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Timestamp;
use domain::id::RequestId;
use domain::rate::RateLimits;
use storage::authz::Actor;
use storage::{Db, ReadTx, Stamp, WriteTx};
use tokio::sync::Notify;

use crate::cookie::Cookies;
use crate::ports::{Clock, Connectors, Documents, Images, Keys, Mailer, Objects, Passwords, Payments, Rng};
use crate::rate::Counts;
use crate::secret::Secret;
use crate::vault::Vault;

/// What the process was configured with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Scheme, host and port that links lead to; no trailing slash.
    pub public_url: String,
    /// Whoever shows it acts for the instance on the REST surfaces.
    pub administration_token: Option<Secret>,
    /// How many REST requests clients may make.
    pub rate_limits: RateLimits,
    /// Whom invoices are from: a name, then the lines of an address.
    pub issuer: Vec<String>,
}

#[derive(Clone)]
pub struct Parts {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub rng: Arc<dyn Rng>,
    pub passwords: Arc<dyn Passwords>,
    pub keys: Arc<dyn Keys>,
    pub connectors: Arc<dyn Connectors>,
    /// Without one, mail stays in the outbox.
    pub mailer: Option<Arc<dyn Mailer>>,
    pub images: Arc<dyn Images>,
    pub documents: Arc<dyn Documents>,
    pub objects: Arc<dyn Objects>,
    /// Without one, the platform's team says by hand what was paid.
    pub payments: Option<Arc<dyn Payments>>,
    pub options: Options,
}

/// One a process.
pub struct Services {
    parts: Parts,
    /// Told after a commit that enqueued a job.
    pub(crate) jobs: Notify,
    /// Hashes of tokens that were used, and when; written down by the worker now and then.
    tokens_used: Mutex<HashMap<String, Timestamp>>,
    /// Aliases that were followed: how often, and when last.
    aliases_followed: Mutex<HashMap<String, (i64, Timestamp)>>,
    /// REST requests of this minute.
    pub(crate) counts: Counts,
}

impl Services {
    pub fn new(parts: Parts) -> Self {
        Self {
            parts,
            jobs: Notify::new(),
            tokens_used: Mutex::default(),
            aliases_followed: Mutex::default(),
            counts: Counts::default(),
        }
    }

    /// The same, by another clock: the demonstration's way into the past.
    pub(crate) fn at(&self, clock: Arc<dyn Clock>) -> Self {
        Self::new(Parts { clock, ..self.parts.clone() })
    }

    pub fn db(&self) -> &Db {
        &self.parts.db
    }

    pub fn public_url(&self) -> &str {
        &self.parts.options.public_url
    }

    /// Whether browsers reach us by TLS, so that cookies can demand it.
    pub fn secure_cookies(&self) -> bool {
        self.parts.options.public_url.starts_with("https://")
    }

    pub fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    pub(crate) fn rate_limits(&self) -> RateLimits {
        self.parts.options.rate_limits
    }

    /// What [`Ctx::note_token_use`] gathered since the last time.
    pub(crate) fn take_tokens_used(&self) -> Vec<(String, Timestamp)> {
        let mut used: Vec<_> = self.tokens_used.lock().unwrap_or_else(PoisonError::into_inner).drain().collect();
        // In one order in every process, so that two don't wait for each other.
        used.sort();
        used
    }

    /// What [`Ctx::note_alias_followed`] gathered since the last time.
    pub(crate) fn take_aliases_followed(&self) -> Vec<(String, i64, Timestamp)> {
        let mut followed = self.aliases_followed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut followed: Vec<_> = followed.drain().map(|(alias, (count, last))| (alias, count, last)).collect();
        followed.sort();
        followed
    }

    fn is_administration_token(&self, token: &Secret) -> bool {
        self.parts.options.administration_token.as_ref().is_some_and(|own| own.matches(token))
    }

    /// A fresh identifier for a request.
    pub fn new_request_id(&self) -> RequestId {
        RequestId::new(self.now(), self.random())
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        &*self.parts.rng
    }

    pub(crate) fn passwords(&self) -> &dyn Passwords {
        &*self.parts.passwords
    }

    pub(crate) fn images(&self) -> &dyn Images {
        &*self.parts.images
    }

    pub(crate) fn documents(&self) -> &dyn Documents {
        &*self.parts.documents
    }

    pub(crate) fn objects(&self) -> &dyn Objects {
        &*self.parts.objects
    }

    pub(crate) fn connectors(&self) -> &dyn Connectors {
        &*self.parts.connectors
    }

    /// `None`: the platform's team says by hand what was paid.
    pub fn payments(&self) -> Option<&dyn Payments> {
        self.parts.payments.as_deref()
    }

    /// Whom invoices are from: a name, then the lines of an address.
    pub fn issuer(&self) -> &[String] {
        &self.parts.options.issuer
    }

    /// `None`: mail stays in the outbox.
    pub(crate) fn mailer(&self) -> Option<&dyn Mailer> {
        self.parts.mailer.as_deref()
    }

    /// Encrypts and decrypts what the database keeps secret.
    pub(crate) fn vault(&self) -> Vault<'_> {
        Vault::new(&*self.parts.keys, &*self.parts.rng)
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.parts.rng.fill(&mut bytes);
        bytes
    }
}

/// Facts of a request; the cookies are claims, verified by whatever authorizes.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    pub id: RequestId,
    pub address: Option<IpAddr>,
    pub user_agent: String,
    /// Empty where a token is asked for, so that no browser acts there by itself.
    pub cookies: Cookies,
    /// The REST surfaces' credential.
    pub bearer: Option<Secret>,
}

#[derive(Clone)]
pub struct Ctx {
    services: Arc<Services>,
    request: Option<Arc<RequestInfo>>,
}

/// Tokens, and aliases, whose use is counted between two times of writing it down; more are let go.
const NOTED_MAX: usize = 10_000;

/// Longest user agent kept.
const USER_AGENT_MAX: usize = 200;

impl Ctx {
    pub fn new(services: Arc<Services>, request: RequestInfo) -> Self {
        Self { services, request: Some(Arc::new(request)) }
    }

    /// For the server's own jobs and its command line: acts as the system.
    pub fn system(services: Arc<Services>) -> Self {
        Self { services, request: None }
    }

    pub fn services(&self) -> &Services {
        &self.services
    }

    pub(crate) fn shared(&self) -> &Arc<Services> {
        &self.services
    }

    /// All zeros for the system.
    pub fn request_id(&self) -> RequestId {
        match &self.request {
            Some(request) => request.id,
            None => RequestId::new(Timestamp::from_micros(0), [0; 10]),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.services.now()
    }

    pub(crate) fn actor(&self) -> Actor {
        match &self.request {
            None => Actor::System,
            Some(request) => match (&request.bearer, &request.cookies.session) {
                (Some(token), _) if self.services.is_administration_token(token) => Actor::AdministrationToken,
                (Some(token), _) => Actor::Token { token_hash: token.token_hash() },
                (None, Some(token)) => Actor::Session { token_hash: token.token_hash() },
                (None, None) => Actor::Anonymous,
            },
        }
    }

    /// Whether the request shows a token, known or not.
    pub fn has_bearer(&self) -> bool {
        self.request.as_ref().is_some_and(|request| request.bearer.is_some())
    }

    /// Notes that the request's token was let in; a request that only reads writes nothing.
    pub fn note_token_use(&self) {
        if let Actor::Token { token_hash } = self.actor() {
            let used = &self.services.tokens_used;
            let mut used = used.lock().unwrap_or_else(PoisonError::into_inner);
            if used.len() < NOTED_MAX || used.contains_key(&token_hash) {
                used.insert(token_hash, self.now());
            }
        }
    }

    /// Counts that somebody came by an alias; a request that only reads writes nothing.
    pub(crate) fn note_alias_followed(&self, folded: String) {
        let followed = &self.services.aliases_followed;
        let mut followed = followed.lock().unwrap_or_else(PoisonError::into_inner);
        if followed.len() < NOTED_MAX || followed.contains_key(&folded) {
            let entry = followed.entry(folded).or_insert((0, self.now()));
            *entry = (entry.0 + 1, self.now());
        }
    }

    pub(crate) fn cookies(&self) -> Option<&Cookies> {
        self.request.as_ref().map(|request| &request.cookies)
    }

    /// The client's address as text; IPv6 by its /64, which is what one customer has.
    pub(crate) fn address_bucket(&self) -> String {
        match self.request.as_ref().and_then(|request| request.address) {
            None => "unknown".to_owned(),
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let s = address.segments();
                format!("{:x}:{:x}:{:x}:{:x}::/64", s[0], s[1], s[2], s[3])
            }
        }
    }

    pub(crate) fn address(&self) -> Option<String> {
        self.request.as_ref().and_then(|request| request.address).map(|address| address.to_string())
    }

    pub(crate) fn user_agent(&self) -> String {
        self.request.as_ref().map_or_else(String::new, |r| r.user_agent.chars().take(USER_AGENT_MAX).collect())
    }

    pub(crate) async fn read(&self) -> Result<ReadTx, storage::Error> {
        self.services.db().read().await
    }

    pub(crate) async fn write(&self) -> Result<WriteTx, storage::Error> {
        let user_agent = Some(self.user_agent()).filter(|agent| !agent.is_empty());
        let stamp = Stamp {
            now: self.now(),
            request: self.request.as_ref().map(|request| request.id),
            address: self.address(),
            user_agent,
            salt: self.services.random(),
        };
        self.services.db().write(stamp).await
    }

    /// A fresh identifier of the time of now.
    pub(crate) fn new_id<T>(&self, make: fn(Timestamp, [u8; 10]) -> T) -> T {
        make(self.now(), self.services.random())
    }
}

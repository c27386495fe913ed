//! The whole application on a test database, and the people in it, in one line:
//! `let app = TestApp::new(db).await; let admin = app.administrator().await;`

#![expect(clippy::expect_used, reason = "a test that can't set itself up should stop there")]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::{MemberId, OrgId, PersonId, RequestId};
use domain::org::CreatedOrg;
use domain::people::{MemberState, Role};
use domain::rate::RateLimits;
use domain::time::Span;
use domain::{Fault, Timestamp};
use service::cookie::Cookies;
use service::org::NewOrg;
use service::ports::{Clock, Images, Keys, Mailer, PasswordError, Passwords, Payments, Rng};
use service::vault::MasterKey;
use service::{Ctx, Options, Parts, RequestInfo, Secret, Services};
use storage::authz::{Actor, Granted, Target};
use testkit::{SeededRng, TestClock, TestDb};

/// What everyone in a test signs in with.
pub const PASSWORD: &str = "a long test password";

/// In tests time stands still, and with it the minute that limits are for.
const UNBOUND: RateLimits = RateLimits { token: 1_000_000, address: 1_000_000 };

/// The configuration's token of the instance.
pub const ADMINISTRATION_TOKEN: &str = "a-test-administration-token";

mod outside;
mod payments;
mod providers;

use outside::{MailPort, ObjectsPort, PlainDocuments, PlainImages};
pub use outside::{MemoryObjects, SentMail};
pub use payments::MemoryPayments;
use providers::ProvidersPort;
pub use providers::{Delivered, Providers};

pub struct TestApp {
    pub services: Arc<Services>,
    pub clock: Arc<TestClock>,
    pub passwords: Arc<CountingPasswords>,
    /// The encryption keys, the current one first.
    pub keys: Arc<Mutex<Vec<MasterKey>>>,
    /// What runs at providers, and what they were told.
    pub providers: Arc<Providers>,
    /// What was mailed.
    pub mail: Arc<SentMail>,
    pub objects: Arc<MemoryObjects>,
    rng: Arc<SeededRng>,
    fuse: Arc<AtomicUsize>,
    parts: Parts,
    pub db: TestDb,
}

struct ClockPort(Arc<TestClock>);

impl Clock for ClockPort {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

struct RngPort {
    rng: Arc<SeededRng>,
    fuse: Arc<AtomicUsize>,
}

/// The salt that a writing transaction begins with.
const SALT_BYTES: usize = 16;

impl Rng for RngPort {
    fn fill(&self, bytes: &mut [u8]) {
        if bytes.len() == SALT_BYTES {
            let burn = |left: usize| left.checked_sub(1);
            // The fuse is at its end: whoever writes next is gone, as by a power cut.
            if self.fuse.fetch_update(Ordering::SeqCst, Ordering::SeqCst, burn) == Ok(1) {
                panic!("killed by the test");
            }
        }
        self.rng.fill(bytes);
    }
}

struct KeysPort(Arc<Mutex<Vec<MasterKey>>>);

impl Keys for KeysPort {
    fn keys(&self) -> Vec<MasterKey> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Quick hashes that count how often a password was verified.
#[derive(Debug, Default)]
pub struct CountingPasswords {
    verified: AtomicUsize,
}

impl CountingPasswords {
    pub fn verified(&self) -> usize {
        self.verified.load(Ordering::SeqCst)
    }
}

struct PasswordsPort(Arc<CountingPasswords>);

#[async_trait::async_trait]
impl Passwords for PasswordsPort {
    async fn hash(&self, password: Secret) -> Result<String, PasswordError> {
        Ok(format!("test:{}", password.token_hash()))
    }

    async fn verify(&self, password: Secret, hash: Option<String>) -> Result<bool, PasswordError> {
        self.0.verified.fetch_add(1, Ordering::SeqCst);
        Ok(hash == Some(format!("test:{}", password.token_hash())))
    }
}

/// A signed-in browser.
pub struct Person {
    pub id: PersonId,
    pub email: String,
    pub ctx: Ctx,
    pub cookies: Cookies,
}

/// What tests have otherwise now and then.
struct Outfit {
    public_url: String,
    has_mailer: bool,
    images: Arc<dyn Images>,
    payments: Option<Arc<dyn Payments>>,
    rate_limits: RateLimits,
}

impl Default for Outfit {
    fn default() -> Self {
        Self {
            public_url: "http://localhost:3000".to_owned(),
            has_mailer: true,
            images: Arc::new(PlainImages),
            payments: None,
            rate_limits: UNBOUND,
        }
    }
}

impl TestApp {
    pub async fn new(db: TestDb) -> Self {
        Self::build(db, Outfit::default())
    }

    pub async fn with_public_url(db: TestDb, public_url: &str) -> Self {
        Self::build(db, Outfit { public_url: public_url.to_owned(), ..Outfit::default() })
    }

    /// Decodes pictures as the server itself does.
    pub async fn with_images(db: TestDb, images: Arc<dyn Images>) -> Self {
        Self::build(db, Outfit { images, ..Outfit::default() })
    }

    /// Without a mail server: mail stays in the outbox.
    pub async fn without_mailer(db: TestDb) -> Self {
        Self::build(db, Outfit { has_mailer: false, ..Outfit::default() })
    }

    /// Where programs may ask so often.
    pub async fn with_limits(db: TestDb, rate_limits: RateLimits) -> Self {
        Self::build(db, Outfit { rate_limits, ..Outfit::default() })
    }

    /// Where a provider holds the cards, in place of the platform's team.
    pub async fn with_payments(db: TestDb, payments: Arc<dyn Payments>) -> Self {
        Self::build(db, Outfit { payments: Some(payments), ..Outfit::default() })
    }

    fn build(db: TestDb, outfit: Outfit) -> Self {
        let Outfit { public_url, has_mailer, images, payments, rate_limits } = outfit;
        let clock = Arc::new(TestClock::default());
        let passwords = Arc::new(CountingPasswords::default());
        let rng = Arc::new(SeededRng::new(7));
        let fuse = Arc::new(AtomicUsize::new(0));
        let (mail, objects) = (Arc::new(SentMail::default()), Arc::new(MemoryObjects::default()));
        let providers = Arc::new(Providers::default());
        let keys = Arc::new(Mutex::new(vec![MasterKey::new([1; 32])]));
        let parts = Parts {
            db: db.db().clone(),
            clock: Arc::new(ClockPort(Arc::clone(&clock))),
            rng: Arc::new(RngPort { rng: Arc::clone(&rng), fuse: Arc::clone(&fuse) }),
            passwords: Arc::new(PasswordsPort(Arc::clone(&passwords))),
            keys: Arc::new(KeysPort(Arc::clone(&keys))),
            connectors: Arc::new(ProvidersPort(Arc::clone(&providers))),
            mailer: has_mailer.then(|| Arc::new(MailPort(Arc::clone(&mail))) as Arc<dyn Mailer>),
            images,
            documents: Arc::new(PlainDocuments),
            objects: Arc::new(ObjectsPort(Arc::clone(&objects))),
            payments,
            options: Options {
                public_url,
                administration_token: Some(Secret::from(ADMINISTRATION_TOKEN.to_owned())),
                rate_limits,
                issuer: vec!["Test Platform".to_owned(), "1 Test Street".to_owned()],
            },
        };
        let services = Arc::new(Services::new(parts.clone()));
        Self { services, clock, passwords, keys, providers, mail, objects, rng, fuse, parts, db }
    }

    pub fn advance(&self, span: Span) {
        self.clock.advance(span);
    }

    /// Runs every job that is due.
    pub async fn run_jobs(&self) -> usize {
        service::job::run_due(&self.services).await.expect("jobs run")
    }

    /// Runs due jobs until the worker is killed as it begins its write number `n`, counted from 1. Answers whether it was:
    /// a worker that had less to write has finished.
    pub async fn run_jobs_killed_at(&self, n: usize) -> bool {
        let services = Arc::clone(&self.services);
        self.killed_at(n, async move { service::job::run_due(&services).await.map(drop) }).await
    }

    /// Delivers whatever is due, and answers how many batches were sent.
    pub async fn deliver(&self) -> usize {
        service::audit_stream::deliver_due(&self.services).await.expect("streams are looked for")
    }

    /// As [`run_jobs_killed_at`](Self::run_jobs_killed_at), for deliveries.
    pub async fn deliver_killed_at(&self, n: usize) -> bool {
        let services = Arc::clone(&self.services);
        self.killed_at(n, async move { service::audit_stream::deliver_due(&services).await.map(drop) }).await
    }

    /// Makes every report that is due.
    pub async fn send_reports(&self) {
        service::report::send_due(&self.services).await.expect("reports are made");
    }

    /// As [`run_jobs_killed_at`](Self::run_jobs_killed_at), for due reports.
    pub async fn send_reports_killed_at(&self, n: usize) -> bool {
        let services = Arc::clone(&self.services);
        self.killed_at(n, async move { service::report::send_due(&services).await }).await
    }

    async fn killed_at(
        &self,
        n: usize,
        work: impl Future<Output = Result<(), service::Error>> + Send + 'static,
    ) -> bool {
        self.fuse.store(n, Ordering::SeqCst);
        let killed = tokio::spawn(work).await.is_err();
        self.fuse.store(0, Ordering::SeqCst);
        killed
    }

    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill(&mut bytes);
        bytes
    }

    pub fn system(&self) -> Ctx {
        Ctx::system(Arc::clone(&self.services))
    }

    /// A request from a program with this token.
    pub fn with_token(&self, token: Secret) -> Ctx {
        self.asks(&self.services, Cookies::default(), Some(token))
    }

    /// A request from a browser with these cookies.
    pub fn request(&self, cookies: Cookies) -> Ctx {
        self.asks(&self.services, cookies, None)
    }

    /// Another process on the same database.
    pub fn another_process(&self) -> Arc<Services> {
        Arc::new(Services::new(self.parts.clone()))
    }

    /// As [`with_token`](Self::with_token), to another process.
    pub fn with_token_at(&self, services: &Arc<Services>, token: Secret) -> Ctx {
        self.asks(services, Cookies::default(), Some(token))
    }

    fn asks(&self, services: &Arc<Services>, cookies: Cookies, bearer: Option<Secret>) -> Ctx {
        let info = RequestInfo {
            id: RequestId::new(self.clock.now(), self.random()),
            address: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))),
            user_agent: "test browser".to_owned(),
            cookies,
            bearer,
        };
        Ctx::new(Arc::clone(services), info)
    }

    pub fn anonymous(&self) -> Ctx {
        self.request(Cookies::default())
    }

    /// A browser that followed a one-time link.
    pub fn with_link(&self, url: &str) -> Ctx {
        let token = url.split("token=").nth(1).expect("a link with a token");
        self.request(Cookies { link: Some(Secret::from(token.to_owned())), ..Cookies::default() })
    }

    pub async fn sign_in(&self, email: &str) -> Result<Cookies, service::Error> {
        let session = service::auth::sign_in(&self.anonymous(), email, Secret::from(PASSWORD.to_owned())).await?;
        Ok(Cookies { session: Some(session.token), device: Some(session.device), link: None })
    }

    pub async fn person(&self, email: &str, platform_admin: bool) -> Person {
        let name = email.split('@').next().unwrap_or("somebody");
        let password = Secret::from(PASSWORD.to_owned());
        let id = service::people::create(&self.system(), email, name, password, platform_admin)
            .await
            .expect("a person is created");
        let cookies = self.sign_in(email).await.expect("signs in");
        Person { id, email: email.to_owned(), ctx: self.request(cookies.clone()), cookies }
    }

    pub async fn administrator(&self) -> Person {
        self.person("admin@platform.example", true).await
    }

    /// An organization that waits for its first owner.
    pub async fn org(&self, admin: &Person, handle: &str) -> CreatedOrg {
        let new = NewOrg { display_name: format!("The {handle}"), handle: handle.to_owned(), ..NewOrg::default() };
        service::org::create(&admin.ctx, new).await.expect("an organization is created")
    }

    pub async fn org_id(&self, admin: &Person, handle: &str) -> OrgId {
        service::org::load(&admin.ctx, handle).await.expect("the organization loads").org.id
    }

    pub async fn add_member(&self, org: OrgId, person: &Person, role: Role, state: MemberState) {
        let now = self.clock.now();
        let mut tx = self.write().await;
        let grant: Granted<domain::authz::cap::PeopleWrite> =
            tx.authorize(&Actor::System, Target::None, now).await.expect("the system may");
        let member =
            storage::member::NewMember { id: MemberId::new(now, self.random()), person: person.id, role, state };
        let entry = storage::member::insert(&mut tx, &(&grant, org), member).await.expect("inserts");
        tx.commit(storage::Audit::one(entry.expect("a new member"))).await.expect("commits");
    }

    /// Sets the flag *Partner Organization*.
    pub async fn make_partner(&self, admin: &Person, handle: &str) {
        let page = service::org::load_admin(&admin.ctx, handle).await.expect("the page loads");
        let form = domain::settings::SettingsForm { partner: true, ..page.form };
        service::org::save_settings(&admin.ctx, handle, page.version, &form, "").await.expect("saves");
    }

    /// How many rows these tables have together.
    pub async fn count_rows(&self, tables: &[&str]) -> i64 {
        self.db.count_rows(tables).await
    }

    /// Puts an organization under a partner.
    pub async fn manage(&self, org: OrgId, partner: OrgId) {
        let mut tx = self.write().await;
        let grant: Granted<domain::authz::cap::PeopleWrite> =
            tx.authorize(&Actor::System, Target::None, self.clock.now()).await.expect("the system may");
        storage::org::set_managed_by(&mut tx, &grant, org, partner).await.expect("sets");
        tx.commit(storage::Audit::none("arranged by a test")).await.expect("commits");
    }

    pub async fn write(&self) -> storage::WriteTx {
        let stamp = storage::Stamp {
            now: self.clock.now(),
            request: None,
            address: None,
            user_agent: None,
            salt: self.random(),
        };
        self.db.write(stamp).await.expect("a transaction begins")
    }

    /// Every entry there is, as (chain, action), oldest first.
    pub async fn audit(&self) -> Vec<(String, String)> {
        let mut tx = self.db.read().await.expect("a transaction begins");
        let mut entries: Vec<(String, String)> = storage::audit::latest(&mut tx, 10_000)
            .await
            .expect("reads")
            .into_iter()
            .map(|(chain, _, body)| {
                let tag = body.split("\"action\":\"").nth(1).and_then(|rest| rest.split('"').next());
                (chain, tag.unwrap_or_default().to_owned())
            })
            .collect();
        entries.reverse();
        entries
    }

    /// The audit log must always verify; tests end with this.
    pub async fn assert_audit_verifies(&self) {
        let mut tx = self.db.read().await.expect("a transaction begins");
        assert_eq!(storage::audit::verify(&mut tx).await.expect("reads"), []);
    }
}

/// The fault of a refused verb.
pub fn fault<T>(app: &TestApp, result: Result<T, service::Error>) -> Fault {
    match result {
        Ok(_) => panic!("it was expected to be refused"),
        Err(error) => error.into_fault(&app.anonymous()),
    }
}

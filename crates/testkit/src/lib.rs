//! Databases for tests: a fresh one each, on either engine.
//!
//! PostgreSQL tests need `TENANTRY_TEST_POSTGRES`, the URL of a server on which databases may be created; `cargo xtask
//! test` starts one and sets it.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that can't set itself up should stop there")]

mod clock;
mod rng;

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use storage::{Db, Options};
use tempfile::TempDir;
use tokio::sync::OnceCell;

pub use clock::TestClock;
pub use rng::SeededRng;
pub use testkit_macros::both;

/// A migrated database of its own; dereferences to [`Db`].
pub struct TestDb {
    db: Db,
    options: Options,
    _folder: Option<TempDir>,
}

static COUNTER: AtomicU32 = AtomicU32::new(0);
static TEMPLATE: OnceCell<String> = OnceCell::const_new();

impl TestDb {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let options = Options::Sqlite(folder.path().join("tenantry.db"));
        let db = Db::connect(&options).await.expect("SQLite opens");
        db.migrate(TestClock::START).await.expect("SQLite migrates");
        Self { db, options, _folder: Some(folder) }
    }

    pub async fn postgres() -> Self {
        let server = std::env::var("TENANTRY_TEST_POSTGRES").expect(
            "TENANTRY_TEST_POSTGRES is not set: run the tests by `cargo xtask test`, or set it to a PostgreSQL server's URL",
        );
        let template = TEMPLATE.get_or_init(|| make_template(&server)).await;
        let name = format!("{template}_{}", COUNTER.fetch_add(1, Ordering::Relaxed));
        let mut conn = PgConnection::connect(&server).await.expect("PostgreSQL answers");
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY");
        conn.execute(AssertSqlSafe(sql)).await.expect("a database from the template");
        let options = Options::Postgres(database_url(&server, &name));
        let db = Db::connect(&options).await.expect("the database opens");
        Self { db, options, _folder: None }
    }

    /// To open the same database once more.
    pub fn options(&self) -> &Options {
        &self.options
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    /// How many rows these tables have together.
    pub async fn count_rows(&self, tables: &[&str]) -> i64 {
        let mut total = 0;
        for table in tables {
            let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
            total += match &self.options {
                Options::Sqlite(file) => {
                    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
                    let mut conn = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
                    sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut conn).await.unwrap()
                }
                Options::Postgres(url) => {
                    let mut conn = PgConnection::connect(url).await.unwrap();
                    sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut conn).await.unwrap()
                }
            };
        }
        total
    }

    /// Runs statements past all our rules, to see whether they are noticed.
    pub async fn tamper(&self, sql: &'static str) {
        match &self.options {
            Options::Sqlite(file) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
                let mut conn = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
                conn.execute(sql).await.unwrap();
            }
            Options::Postgres(url) => {
                PgConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
            }
        }
    }
}

impl std::ops::Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

/// A migrated database in an ICU locale, whose sorting differs from the bytes': a forgotten collation shows.
async fn make_template(server: &str) -> String {
    let name = format!("tenantry_test_{}", std::process::id());
    let mut conn = PgConnection::connect(server).await.expect("PostgreSQL answers");
    conn.execute(AssertSqlSafe(format!(
        "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'"
    )))
    .await
    .expect("a database for the template");
    let db = Db::connect(&Options::Postgres(database_url(server, &name))).await.expect("the template opens");
    db.migrate(TestClock::START).await.expect("PostgreSQL migrates");
    // A template must have no connections.
    db.close().await;
    name
}

/// `server`'s URL with another database name.
fn database_url(server: &str, name: &str) -> String {
    let (base, query) = match server.split_once('?') {
        Some((base, query)) => (base, format!("?{query}")),
        None => (server, String::new()),
    };
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    format!("{}/{name}{query}", &base[..end])
}

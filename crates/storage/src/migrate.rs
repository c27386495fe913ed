//! Forward-only migrations: small, additive, applied in order under a lock.

use domain::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::db::{Db, Pool};
use crate::dialect;
use crate::error::Error;
use crate::macros::queries;

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    pub version: i64,
    pub name: &'static str,
    pub sql: &'static str,
    /// The oldest schema version a binary must know to work with a database that has this migration. Additive
    /// migrations keep the one before, so that servers of both ages can run side by side during an update.
    pub min_binary: i64,
}

macro_rules! migrations {
    ($($version:literal $name:literal min_binary $min:literal),* $(,)?) => {
        pub const MIGRATIONS: &[Migration] = &[$(Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../migrations/", $name, ".sql")),
            min_binary: $min,
        }),*];
    };
}

migrations! {
    1 "0001_people" min_binary 1,
    2 "0002_audit" min_binary 2,
    3 "0003_organizations" min_binary 3,
    4 "0004_plans_and_jobs" min_binary 4,
    5 "0005_tokens" min_binary 4,
    6 "0006_aliases" min_binary 6,
    7 "0007_secrets" min_binary 6,
    8 "0008_workspaces" min_binary 6,
    9 "0009_cloud_accounts" min_binary 6,
    10 "0010_processes" min_binary 6,
    11 "0011_erasures" min_binary 6,
    12 "0012_device_codes" min_binary 6,
    13 "0013_authentication" min_binary 6,
    14 "0014_mail" min_binary 6,
    15 "0015_reports" min_binary 6,
    16 "0016_avatars" min_binary 6,
    17 "0017_service_accounts" min_binary 17,
    18 "0018_streams_and_limits" min_binary 17,
    19 "0019_usage" min_binary 17,
    20 "0020_billing" min_binary 20,
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS migration (
    version BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    min_binary BIGINT NOT NULL,
    applied_at BIGINT NOT NULL
)";

/// Any number; only migrations of Tenantry use it.
const ADVISORY_LOCK: i64 = 0x7465_6e61_6e74_7279;

queries! {
    APPLIED = "SELECT version, name, checksum, min_binary FROM migration ORDER BY version";
    RECORD = "INSERT INTO migration (version, name, checksum, min_binary, applied_at) VALUES ($1, $2, $3, $4, $5)";
}

fn checksum(sql: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(sql.as_bytes()))
}

/// The same loop for each driver.
macro_rules! apply {
    ($conn:expr, $now:expr, $ddl:expr) => {{
        let conn = $conn;
        conn.execute(LEDGER).await?;
        let applied: Vec<(i64, String, String, i64)> = sqlx::query_as(APPLIED).fetch_all(&mut *conn).await?;
        let missing = check(&applied)?;
        let mut names = Vec::new();
        for migration in missing {
            let mut transaction = conn.begin().await?;
            sqlx::raw_sql(AssertSqlSafe($ddl(migration.sql))).execute(&mut *transaction).await?;
            sqlx::query(RECORD)
                .bind(migration.version)
                .bind(migration.name)
                .bind(checksum(migration.sql))
                .bind(migration.min_binary)
                .bind($now.micros())
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            names.push(migration.name);
        }
        Ok(names)
    }};
}
impl Db {
    /// Applies what is missing and returns the names; nothing when the schema is current. A database that is newer
    /// is accepted as long as its migrations say that this binary can work with it.
    pub async fn migrate(&self, now: Timestamp) -> Result<Vec<&'static str>, Error> {
        match &self.pool {
            Pool::Sqlite { write, file, .. } => {
                // SQLite knows no advisory lock; a file beside the database stands in.
                let _lock = lock_file(file.with_extension("migrate-lock")).await?;
                let mut conn = write.acquire().await?;
                apply!(&mut *conn, now, dialect::sqlite_ddl)
            }
            Pool::Postgres(pool) => {
                let mut conn = pool.acquire().await?;
                sqlx::query("SELECT pg_advisory_lock($1)").bind(ADVISORY_LOCK).execute(&mut *conn).await?;
                let result = apply!(&mut *conn, now, str::to_owned);
                sqlx::query("SELECT pg_advisory_unlock($1)").bind(ADVISORY_LOCK).execute(&mut *conn).await?;
                result
            }
        }
    }
}

async fn lock_file(path: std::path::PathBuf) -> Result<std::fs::File, Error> {
    let locked = tokio::task::spawn_blocking(move || {
        let file = std::fs::File::create(&path)?;
        file.lock()?;
        Ok::<_, std::io::Error>(file)
    });
    match locked.await {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(error)) => Err(Error::Migration(format!("the lock file: {error}"))),
        Err(error) => Err(Error::Migration(error.to_string())),
    }
}

/// What is left to apply, or why this binary must not touch the database.
fn check(applied: &[(i64, String, String, i64)]) -> Result<Vec<&'static Migration>, Error> {
    let latest = MIGRATIONS.last().map_or(0, |m| m.version);
    for (version, name, sum, min_binary) in applied {
        match MIGRATIONS.iter().find(|m| m.version == *version) {
            Some(known) if checksum(known.sql) == *sum => {}
            Some(_) => return Err(Error::Migration(format!("{name} was applied with another text"))),
            None if *min_binary <= latest => {}
            None => {
                return Err(Error::Migration(format!(
                    "the database has {name}, which needs a newer version of this program"
                )));
            }
        }
    }
    Ok(MIGRATIONS.iter().filter(|m| !applied.iter().any(|(version, ..)| *version == m.version)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut files: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        let listed: Vec<String> = MIGRATIONS.iter().map(|m| format!("{}.sql", m.name)).collect();
        assert_eq!(files, listed);
        assert!(MIGRATIONS.iter().zip(1..).all(|(m, n)| m.version == n && m.name.starts_with(&format!("{n:04}_"))));
    }

    #[test]
    fn a_newer_database_is_accepted_only_when_it_says_so() {
        let row = |version, min| (version, format!("{version:04}_later"), "x".to_owned(), min);
        assert!(check(&[row(900, 4)]).is_ok());
        assert!(matches!(check(&[row(900, 900)]), Err(Error::Migration(_))));
        assert!(matches!(check(&[(1, "0001_people".into(), "edited".into(), 1)]), Err(Error::Migration(_))));
    }
}

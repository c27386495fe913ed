//! Connections: a pool on PostgreSQL; one writer and a pool of readers on SQLite.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::dialect;
use crate::error::Error;
use crate::seen::Seen;
use crate::tx::{Conn, ReadTx, Stamp, WriteTx};

/// Which database.
#[derive(Debug, Clone)]
pub enum Options {
    /// A file, made when it is absent; its folder must exist.
    Sqlite(PathBuf),
    /// A `postgres://` URL.
    Postgres(String),
}

#[derive(Debug, Clone)]
pub struct Db {
    pub(crate) pool: Pool,
    /// Shared with every transaction.
    pub(crate) seen: Arc<Seen>,
}

#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite { write: SqlitePool, read: SqlitePool, file: PathBuf },
    Postgres(PgPool),
}

/// How long a statement waits for another writer.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

impl Db {
    /// Opens the database without changing its schema; see [`Db::migrate`].
    pub async fn connect(options: &Options) -> Result<Self, Error> {
        let pool = match options {
            Options::Sqlite(file) => {
                let connect = SqliteConnectOptions::new()
                    .filename(file)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(LOCK_PATIENCE)
                    .statement_cache_capacity(200);
                let write = SqlitePoolOptions::new()
                    .max_connections(1)
                    .acquire_timeout(LOCK_PATIENCE)
                    .connect_with(connect.clone())
                    .await?;
                let read = SqlitePoolOptions::new()
                    .max_connections(SQLITE_READERS)
                    .acquire_timeout(LOCK_PATIENCE)
                    .connect_lazy_with(connect.pragma("query_only", "on"));
                Pool::Sqlite { write, read, file: file.clone() }
            }
            Options::Postgres(url) => {
                let connect = PgConnectOptions::from_str(url)?
                    .application_name("tenantry")
                    .options([("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "60s")]);
                let pool = PgPoolOptions::new()
                    .max_connections(POSTGRES_CONNECTIONS)
                    .acquire_timeout(LOCK_PATIENCE)
                    .connect_with(connect)
                    .await?;
                Pool::Postgres(pool)
            }
        };
        Ok(Self { pool, seen: Arc::default() })
    }

    /// One snapshot to read from.
    pub async fn read(&self) -> Result<ReadTx, Error> {
        let conn = match &self.pool {
            Pool::Sqlite { read, .. } => Conn::Sqlite(read.begin().await?),
            Pool::Postgres(pool) => Conn::Postgres(pool.begin_with(dialect::POSTGRES_READ).await?),
        };
        Ok(ReadTx::new(conn, Arc::clone(&self.seen)))
    }

    /// A transaction that changes something; `stamp` says when and from where, for the audit log.
    pub async fn write(&self, stamp: Stamp) -> Result<WriteTx, Error> {
        let conn = match &self.pool {
            Pool::Sqlite { write, .. } => Conn::Sqlite(write.begin_with(dialect::SQLITE_WRITE).await?),
            Pool::Postgres(pool) => Conn::Postgres(pool.begin().await?),
        };
        Ok(WriteTx::new(conn, Arc::clone(&self.seen), stamp))
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        match &self.pool {
            Pool::Sqlite { read, .. } => sqlx::query("SELECT 1").execute(read).await.map(drop)?,
            Pool::Postgres(pool) => sqlx::query("SELECT 1").execute(pool).await.map(drop)?,
        }
        Ok(())
    }

    pub fn engine(&self) -> &'static str {
        match &self.pool {
            Pool::Sqlite { .. } => "SQLite",
            Pool::Postgres(_) => "PostgreSQL",
        }
    }

    /// Waits for running transactions and closes every connection.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

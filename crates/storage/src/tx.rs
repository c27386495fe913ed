//! Transactions. A [`ReadTx`] sees one snapshot; a [`WriteTx`] locks what it decides on and ends with an [`Audit`].

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::Timestamp;
use domain::id::RequestId;
use sqlx::{Postgres, Sqlite, Transaction};

use crate::audit::{self, Audit};
use crate::error::Error;
use crate::seen::Seen;

pub(crate) enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// What both kinds of transaction share; storage functions that only read take this.
pub struct Tx {
    pub(crate) conn: Conn,
    serial: u64,
    poisoned: bool,
    writes: bool,
    seen: Arc<Seen>,
}

static SERIAL: AtomicU64 = AtomicU64::new(1);

impl Tx {
    fn new(conn: Conn, seen: Arc<Seen>, writes: bool) -> Self {
        Self { conn, serial: SERIAL.fetch_add(1, Ordering::Relaxed), poisoned: false, writes, seen }
    }

    /// Where it is noted that a person was let into an organization.
    pub(crate) fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Tells this transaction from every other of the process; proofs carry it.
    pub(crate) fn serial(&self) -> u64 {
        self.serial
    }

    pub(crate) fn writes(&self) -> bool {
        self.writes
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.conn, Conn::Postgres(_))
    }

    pub(crate) fn poison(&mut self, error: sqlx::Error) -> Error {
        self.poisoned = true;
        Error::from(error)
    }
}

pub struct ReadTx(Tx);

impl ReadTx {
    pub(crate) fn new(conn: Conn, seen: Arc<Seen>) -> Self {
        Self(Tx::new(conn, seen, false))
    }
}

impl Deref for ReadTx {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.0
    }
}

impl DerefMut for ReadTx {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.0
    }
}

/// When and from where a change comes; stands in every audit entry of the transaction.
#[derive(Debug, Clone)]
pub struct Stamp {
    pub now: Timestamp,
    pub request: Option<RequestId>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    /// Fresh random bytes, from which the salts of personal values are derived.
    pub salt: [u8; 16],
}

/// Dropped without [`commit`](Self::commit), it rolls back.
pub struct WriteTx {
    tx: Tx,
    stamp: Stamp,
}

impl WriteTx {
    pub(crate) fn new(conn: Conn, seen: Arc<Seen>, stamp: Stamp) -> Self {
        Self { tx: Tx::new(conn, seen, true), stamp }
    }

    pub fn now(&self) -> Timestamp {
        self.stamp.now
    }

    pub(crate) fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Writes the audit entries as the last statements and commits, durably.
    pub async fn commit(mut self, audit: Audit) -> Result<(), Error> {
        audit::append(&mut self, audit).await?;
        if self.tx.poisoned {
            return Err(Error::Poisoned);
        }
        match self.tx.conn {
            Conn::Sqlite(transaction) => transaction.commit().await?,
            Conn::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

impl Deref for WriteTx {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}

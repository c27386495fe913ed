//! What can go wrong below the service.

use domain::auth_policy::Refusal;
use domain::authz::Permission;
use domain::name::Handle;
use domain::org::Hold;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another transaction was in the way; the same work may succeed when tried again.
    #[error("the database is busy")]
    Busy,
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
    /// A row that breaks our own rules.
    #[error("bad row in {table}.{column}, id {id}")]
    BadRow { table: &'static str, column: &'static str, id: String },
    /// An earlier statement of this transaction failed, so it can't be committed.
    #[error("the transaction had failed before")]
    Poisoned,
    /// A proof of another transaction, or without an organization, was shown.
    #[error("a proof was used outside its transaction")]
    ForeignProof,
    #[error("migrations: {0}")]
    Migration(String),
    #[error("not allowed: {0}")]
    Denied(#[from] Denied),
    /// The job was claimed by another worker meanwhile.
    #[error("the job's lease was lost")]
    LeaseLost,
}

/// Why `authorize` minted no proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("not signed in")]
    SignInRequired,
    /// Absent, or invisible to the actor.
    #[error("not found")]
    NotFound,
    /// Visible but barred.
    #[error("{0} is missing")]
    Forbidden(Permission),
    /// The organization is being deleted and takes no change.
    #[error("the organization is closed")]
    Closed,
    #[error("the membership is frozen")]
    Frozen,
    /// The organization is held, and closed to its own people.
    #[error("the organization is held: {}", .0.name())]
    Held(Hold),
    /// The actor may see the organization, but `asked` is an alias of its handle.
    #[error("“{asked}” is an alias of “{handle}”")]
    Moved { asked: String, handle: Handle },
    /// The act is a person's, and the token is nobody's.
    #[error("no person acts")]
    NoPerson,
    /// The organization doesn't let the token in.
    #[error("the organization refuses the token: {0:?}")]
    Entry(Refusal),
    /// The token's scopes don't reach so far.
    #[error("the token's scopes lack {0}")]
    OutOfScope(Permission),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let busy = match &error {
            sqlx::Error::PoolTimedOut => true,
            // serialization failure, deadlock, lock timeout; SQLITE_BUSY and its extensions.
            sqlx::Error::Database(db) => {
                matches!(db.code().as_deref(), Some("40001" | "40P01" | "55P03" | "5" | "261" | "517"))
            }
            _ => false,
        };
        if busy { Self::Busy } else { Self::Database(error) }
    }
}

/// Reads an enumeration's stored name.
pub(crate) fn read<T>(
    value: Option<T>,
    table: &'static str,
    column: &'static str,
    id: impl ToString,
) -> Result<T, Error> {
    value.ok_or_else(|| Error::BadRow { table, column, id: id.to_string() })
}

//! The only file that names an engine's peculiarities.

/// How a transaction that only reads begins on PostgreSQL: one snapshot for all its statements.
pub const POSTGRES_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// How a writing transaction begins on SQLite: with the write lock, so that it never fails half-way for want of it.
pub const SQLITE_WRITE: &str = "BEGIN IMMEDIATE";

/// On PostgreSQL, rows that a writing transaction decides on are locked; SQLite has one writer anyway.
pub const POSTGRES_LOCK_BY_HANDLE: &str = "SELECT id FROM organization
    WHERE id = (SELECT org_id FROM name_claim WHERE folded = $1 AND kind <> 'held') FOR UPDATE";
pub const POSTGRES_LOCK_BY_ID: &str = "SELECT id FROM organization WHERE id = $1 FOR UPDATE";

/// Shares rows of organizations with others that do the same, and keeps out whoever changes them.
pub const POSTGRES_SHARE: &str = " FOR SHARE";

/// Migrations are written for PostgreSQL; sorted text is declared `COLLATE "C"`, which SQLite calls BINARY.
pub fn sqlite_ddl(sql: &str) -> String {
    sql.replace("COLLATE \"C\"", "COLLATE BINARY")
}

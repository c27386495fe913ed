use domain::Fault;
use domain::audit::{Action, AuditQuery, Chain};
use domain::authz::cap::OrgAuditRead;
use serde_json::json;
use storage::audit::Read;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Entries read in one transaction.
const BATCH: i64 = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    Csv,
    JsonLines,
}

impl ExportFormat {
    pub fn parse(name: &str) -> Result<Self, Fault> {
        match name {
            "csv" => Ok(Self::Csv),
            "jsonl" => Ok(Self::JsonLines),
            _ => Err(Fault::invalid("format", "There are the formats csv and jsonl.")),
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// Notes in the log that it is exported, before anything is.
pub async fn begin_export(ctx: &Ctx, handle: &str, format: ExportFormat) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgAuditRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::AuditExported { format: format.name().to_owned() };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

/// The next entries of an export, newest first; empty at its end. Each page is authorized anew, and no transaction stays
/// open while it is sent.
pub async fn export_page(ctx: &Ctx, handle: &str, query: &AuditQuery) -> Result<Vec<Read>, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgAuditRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    Ok(storage::audit::page(&mut tx, &grant, query, BATCH).await?)
}

/// An entry for programs: its own text, unchanged, with what its hash was made from; beside it what the chain doesn't hold.
pub fn json_line(Read { row, body, chain, prev_hash, hash }: &Read) -> String {
    format!(
        "{{\"chain\":{},\"previous_hash\":{},\"hash\":{},\"who\":{},\"address\":{},\"entry\":{body}}}",
        json!(chain),
        json!(prev_hash),
        json!(hash),
        json!(row.who),
        json!(row.address)
    )
}

use domain::authz::cap::AuditVerify;
use serde::{Deserialize, Serialize};
use storage::audit::Head;
use storage::authz::{Granted, Target};

use super::key::{PublicKey, SigningKey};
use crate::ctx::Ctx;
use crate::error::Error;

/// Of the document's form.
const VERSION: u32 = 1;

/// Where every chain ended at an instant, signed by a key that isn't in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    version: u32,
    /// RFC 3339 in UTC.
    at: String,
    /// In the order of their names.
    chains: Vec<ChainHead>,
    /// Of the key that signed; for people to tell keys apart, not to be trusted.
    public_key: String,
    /// Over everything before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChainHead {
    name: String,
    seq: i64,
    hash: String,
}

/// Why a text can't be relied on as a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    #[error("it is no checkpoint: {0}")]
    Unreadable(String),
    #[error("it has version {0}, which this program doesn't know")]
    Version(u32),
    #[error("it was signed with the key {signed}, and the key that is trusted is {trusted}")]
    OtherKey { signed: String, trusted: String },
    #[error("its signature is wrong: it was changed after it was signed, or signed by another key")]
    Forged,
}

/// Signs where every chain ends now.
pub async fn checkpoint(ctx: &Ctx, key: &SigningKey) -> Result<Checkpoint, Error> {
    let mut tx = ctx.read().await?;
    let _grant: Granted<AuditVerify> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let heads = storage::audit::heads(&mut tx).await?;
    let chains = heads.into_iter().map(|Head { chain, seq, hash }| ChainHead { name: chain, seq, hash });
    let mut checkpoint = Checkpoint {
        version: VERSION,
        at: ctx.now().precise(),
        chains: chains.collect(),
        public_key: key.public().to_string(),
        signature: None,
    };
    checkpoint.signature = Some(key.sign(&checkpoint.signed_text()));
    Ok(checkpoint)
}

impl Checkpoint {
    /// Reads a checkpoint's text and believes it when `trusted` has signed it.
    pub fn parse(text: &str, trusted: &PublicKey) -> Result<Self, BadCheckpoint> {
        let checkpoint: Self =
            serde_json::from_str(text).map_err(|error| BadCheckpoint::Unreadable(error.to_string()))?;
        if checkpoint.version != VERSION {
            return Err(BadCheckpoint::Version(checkpoint.version));
        }
        let trusted_text = trusted.to_string();
        if checkpoint.public_key != trusted_text {
            return Err(BadCheckpoint::OtherKey { signed: checkpoint.public_key, trusted: trusted_text });
        }
        let signature = checkpoint.signature.as_deref().unwrap_or_default();
        if trusted.has_signed(&checkpoint.signed_text(), signature) {
            Ok(checkpoint)
        } else {
            Err(BadCheckpoint::Forged)
        }
    }

    /// One line of JSON; the same text for the same checkpoint.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// When it was signed.
    pub fn at(&self) -> &str {
        &self.at
    }

    /// How many chains it has signed.
    pub fn chains(&self) -> usize {
        self.chains.len()
    }

    pub(super) fn heads(&self) -> Vec<Head> {
        let head = |head: &ChainHead| Head { chain: head.name.clone(), seq: head.seq, hash: head.hash.clone() };
        self.chains.iter().map(head).collect()
    }

    /// What is signed: the document without its signature.
    fn signed_text(&self) -> String {
        Self { signature: None, ..self.clone() }.text()
    }
}

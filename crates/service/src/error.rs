//! The service's error, and its one conversion into words.

use domain::money::MoneyError;
use domain::{Fault, Timestamp};
use storage::error::Denied;

use crate::ctx::Ctx;
use crate::ports::{DocumentError, ObjectError, PasswordError};
use crate::vault::VaultError;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A user's fault, or news a user can act on.
    #[error("{0}")]
    Fault(#[from] Fault),
    #[error(transparent)]
    Storage(#[from] storage::Error),
    #[error(transparent)]
    Passwords(#[from] PasswordError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Objects(#[from] ObjectError),
    /// Amounts that don't fit, or of two currencies.
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error(transparent)]
    Documents(#[from] DocumentError),
}

impl Error {
    /// What the user is told; anything that isn't theirs is logged under the request's id.
    pub fn into_fault(self, ctx: &Ctx) -> Fault {
        match self {
            Self::Fault(fault) => fault,
            Self::Storage(storage::Error::Denied(denied)) => match denied {
                Denied::SignInRequired => Fault::SignInRequired,
                Denied::NotFound => Fault::NotFound,
                Denied::Forbidden(permission) => {
                    Fault::Forbidden { message: format!("You need the permission {permission} for this.") }
                }
                Denied::Closed => Fault::conflict("This organization is being deleted and takes no more changes."),
                Denied::Held(hold) => Fault::Forbidden { message: hold.reason().to_owned() },
                Denied::Moved { asked, handle } => {
                    ctx.note_alias_followed(asked);
                    Fault::Moved { handle: handle.to_string() }
                }
                Denied::NoPerson => {
                    Fault::Forbidden { message: "Only a person can do this; this token is nobody's own.".to_owned() }
                }
                Denied::Entry(refusal) => Fault::Forbidden { message: refusal.reason().to_owned() },
                Denied::OutOfScope(permission) => Fault::Forbidden {
                    message: format!("The token's scopes don't include {permission}. Use one that has it, or “full”."),
                },
                Denied::Frozen => {
                    Fault::Forbidden { message: "Your membership of this organization is frozen. Ask an owner.".into() }
                }
            },
            Self::Storage(storage::Error::Busy) => Fault::Busy { retry_after: 1 },
            Self::Passwords(PasswordError::Busy) => Fault::Busy { retry_after: 2 },
            Self::Storage(error) => internal(ctx, &error),
            Self::Passwords(error) => internal(ctx, &error),
            Self::Vault(error) => internal(ctx, &error),
            Self::Objects(error) => internal(ctx, &error),
            Self::Documents(DocumentError::Busy) => Fault::Busy { retry_after: 2 },
            Self::Documents(error) => internal(ctx, &error),
            Self::Money(error) => internal(ctx, &error),
        }
    }
}

/// Too many attempts: says in how many seconds the next one may be made.
pub(crate) fn throttled(ctx: &Ctx, until: Timestamp) -> Fault {
    let seconds = until.since(ctx.now()).seconds() + 1;
    Fault::Throttled { retry_after: u32::try_from(seconds).unwrap_or(900) }
}

fn internal(ctx: &Ctx, error: &dyn std::error::Error) -> Fault {
    let request_id = ctx.request_id().to_string();
    tracing::error!(request_id, error = %error, "request failed");
    Fault::Internal { request_id }
}

impl From<storage::error::Denied> for Error {
    fn from(denied: Denied) -> Self {
        Self::Storage(denied.into())
    }
}

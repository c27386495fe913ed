//! What can go wrong in words a person can act on. A [`Fault`] crosses the wire; anything else is logged and shows
//! only its request id.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

use crate::plan::PlanPreview;
use crate::revision::FieldConflict;

/// An error beside its cause: the form field's name and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's `name` in the form.
    pub field: Cow<'static, str>,
    pub message: String,
    /// Where in the field's text, for fields that hold a document.
    pub at: Option<Position>,
}

impl FieldError {
    pub fn new(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into(), at: None }
    }
}

/// A place in a JSON text; line and column count from 1, the column in characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub line: u32,
    pub column: u32,
    /// RFC 6901 JSON pointer; empty for the whole document.
    pub pointer: String,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if !self.pointer.is_empty() {
            write!(f, " ({})", self.pointer)?;
        }
        Ok(())
    }
}

/// An error that its receiver can understand and act on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Something typed breaks a rule; nothing was changed.
    Invalid {
        fields: Vec<FieldError>,
    },
    /// The world moved on in a way that the act can't ignore.
    Conflict {
        message: String,
    },
    /// The form was loaded with an older version; the conflict lists every field that differs.
    Stale {
        version: i64,
        fields: Vec<FieldConflict>,
    },
    /// A plan was applied that would now do more than it showed; here is what it would do.
    PlanGrew {
        preview: Box<PlanPreview>,
    },
    SignInRequired,
    /// Also for things the actor may not see.
    NotFound,
    /// The organization has another handle now; the one that was asked for is an alias.
    Moved {
        handle: String,
    },
    Forbidden {
        message: String,
    },
    /// Too many attempts; try again after this many seconds.
    Throttled {
        retry_after: u32,
    },
    /// Too much work at the moment; try again after this many seconds.
    Busy {
        retry_after: u32,
    },
    /// Ours to mend; the log knows more under this id.
    Internal {
        request_id: String,
    },
    /// The server could not be reached or answered something else.
    Unreachable {
        message: String,
    },
}

impl Fault {
    pub fn invalid(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::Invalid { fields: vec![FieldError::new(field, message)] }
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict { message: message.into() }
    }

    pub fn status(&self) -> u16 {
        match self {
            Self::Invalid { .. } => 422,
            Self::Conflict { .. } | Self::PlanGrew { .. } | Self::Moved { .. } => 409,
            Self::Stale { .. } => 412,
            Self::SignInRequired => 401,
            Self::NotFound => 404,
            Self::Forbidden { .. } => 403,
            Self::Throttled { .. } => 429,
            Self::Busy { .. } => 503,
            Self::Internal { .. } => 500,
            Self::Unreachable { .. } => 502,
        }
    }

    pub fn field_errors(&self) -> &[FieldError] {
        match self {
            Self::Invalid { fields } => fields,
            _ => &[],
        }
    }
}

/// One conversion to words: what happened, what was kept, what to do.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { fields } => match fields.as_slice() {
                [one] => f.write_str(&one.message),
                many => write!(f, "{} fields need attention. Nothing was saved.", many.len()),
            },
            Self::Conflict { message } | Self::Forbidden { message } | Self::Unreachable { message } => {
                f.write_str(message)
            }
            Self::Stale { .. } => f.write_str(
                "Someone else saved this page while you were editing. Nothing was saved, and what you typed is kept.",
            ),
            Self::PlanGrew { .. } => f.write_str(
                "More would go now than the preview showed. Nothing was changed. Read the new preview and confirm again.",
            ),
            Self::SignInRequired => f.write_str("Your session has ended. Sign in to continue."),
            Self::NotFound => f.write_str("Not found. It may have been removed, or you may not have access to it."),
            Self::Moved { handle } => {
                write!(f, "This organization's handle is “{handle}” now. Nothing was changed. Open it there and try again.")
            }
            Self::Throttled { retry_after } => {
                write!(f, "Too many attempts. Try again in {retry_after} seconds.")
            }
            Self::Busy { retry_after } => {
                write!(f, "The server is busy. Nothing was changed. Try again in {retry_after} seconds.")
            }
            Self::Internal { request_id } => write!(
                f,
                "Something went wrong on our side. Nothing was changed. Tell your platform team this request id: {request_id}"
            ),
        }
    }
}

impl std::error::Error for Fault {}

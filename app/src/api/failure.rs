//! [`Fault`] as the error of server functions; the newtype is there because both trait and type are foreign here.

use std::fmt;

use domain::Fault;
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Failure(pub Fault);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self(match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Fault::Unreachable {
                message: "The server can't be reached. Nothing was changed, and what you typed is kept.".into(),
            },
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Fault::invalid("", "The form was sent incomplete or with a value of the wrong kind.")
            }
            _ => Fault::Unreachable {
                message: "The server's answer could not be understood. Reload the page to get its newest version."
                    .into(),
            },
        })
    }
}

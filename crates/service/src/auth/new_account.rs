//! What a person types to get an account, checked before anything is hashed or written.

use domain::auth::check_password;
use domain::email::Email;
use domain::id::PersonId;
use domain::name::DisplayName;
use domain::{Fault, FieldError};

use super::password::is_common;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

#[derive(Debug)]
pub(crate) struct NewAccount {
    pub id: PersonId,
    pub email: Email,
    pub name: DisplayName,
    pub password_hash: String,
}

impl NewAccount {
    /// Checks every field and hashes the password; all errors are told at once.
    pub async fn check(ctx: &Ctx, name: &str, email: &str, password: Secret) -> Result<Self, Error> {
        let parsed_name = DisplayName::parse(name).map_err(|error| FieldError::new("name", error.to_string()));
        let parsed_email = Email::parse(email).map_err(|error| FieldError::new("email", error.to_string()));
        let checked = check_password(password.expose(), email, name)
            .and_then(|()| match is_common(password.expose()) {
                false => Ok(()),
                true => Err("This is one of the most common passwords. Choose another.".to_owned()),
            })
            .map_err(|message| FieldError::new("password", message));
        match (parsed_name, parsed_email, checked) {
            (Ok(name), Ok(email), Ok(())) => {
                let password_hash = ctx.services().passwords().hash(password).await?;
                Ok(Self { id: ctx.new_id(PersonId::new), email, name, password_hash })
            }
            (name, email, checked) => {
                let fields = [name.err(), email.err(), checked.err()].into_iter().flatten().collect();
                Err(Fault::Invalid { fields }.into())
            }
        }
    }

    pub fn row(&self, platform_admin: bool) -> storage::people::NewPerson<'_> {
        storage::people::NewPerson {
            id: self.id,
            email: &self.email,
            name: self.name.as_str(),
            password_hash: &self.password_hash,
            platform_admin,
        }
    }
}

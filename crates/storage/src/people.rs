//! People, and their credentials.

use domain::Timestamp;
use domain::audit::{Action, Chain, Who};
use domain::authz::cap::PeopleWrite;
use domain::email::Email;
use domain::id::PersonId;

use crate::audit::Entry;
use crate::authz::Granted;
use crate::error::{Error, read};
use crate::link::{Bootstrap, Redeemed, Setup};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

/// What sign-in needs to know of an account.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub password_hash: Option<String>,
    pub platform_admin: bool,
    pub generation: i64,
}

#[derive(Debug)]
pub struct NewPerson<'a> {
    pub id: PersonId,
    pub email: &'a Email,
    pub name: &'a str,
    pub password_hash: &'a str,
    pub platform_admin: bool,
}

queries! {
    BY_EMAIL = "SELECT id, name, email, password_hash, platform_admin, session_generation FROM person WHERE email_folded = $1";
    INSERT = "INSERT INTO person (id, email, email_folded, name, password_hash, platform_admin, session_generation, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, 0, $7) ON CONFLICT (email_folded) DO NOTHING RETURNING id";
    DELETE_REVOKED = "DELETE FROM member WHERE person_id = $1 AND state = 'revoked'";
    DELETE_MAILS = "DELETE FROM mail WHERE to_person = $1";
    DELETE = "DELETE FROM person WHERE id = $1";
    ANY_ADMINISTRATOR = "SELECT id FROM person WHERE platform_admin LIMIT 1";
}

type Row = (String, String, String, Option<String>, bool, i64);

pub async fn by_email(tx: &mut Tx, folded: &str) -> Result<Option<Account>, Error> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(BY_EMAIL).bind(folded).fetch_optional(c).await)?;
    row.map(|(id, name, email, password_hash, platform_admin, generation)| {
        let id = read(id.parse().ok(), "person", "id", &id)?;
        Ok(Account { id, name, email, password_hash, platform_admin, generation })
    })
    .transpose()
}

/// Whether the instance has been set up.
pub async fn any_administrator(tx: &mut Tx) -> Result<bool, Error> {
    let row: Option<String> = on!(tx, c => sqlx::query_scalar(ANY_ADMINISTRATOR).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Deletes a person who belongs to no organization any more, with all that hangs on the account.
pub(crate) async fn delete(tx: &mut WriteTx, id: &str) -> Result<(), Error> {
    on!(tx, c => sqlx::query(DELETE_REVOKED).bind(id).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(DELETE_MAILS).bind(id).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(DELETE).bind(id).execute(c).await.map(drop))
}

/// What may add a person: the permission, or a redeemed link.
pub trait AddsPeople: sealed::Sealed {
    fn who(&self) -> Who;
    /// Whether the person it adds may be a platform administrator.
    fn allows_administrator(&self) -> bool;
    fn is_of(&self, tx: &Tx) -> Result<(), Error>;
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for Granted<PeopleWrite> {}
impl AddsPeople for Granted<PeopleWrite> {
    fn who(&self) -> Who {
        Granted::who(self)
    }
    fn allows_administrator(&self) -> bool {
        true
    }
    fn is_of(&self, tx: &Tx) -> Result<(), Error> {
        self.check(tx)
    }
}

impl sealed::Sealed for Redeemed<Setup> {}
impl AddsPeople for Redeemed<Setup> {
    fn who(&self) -> Who {
        Who::Anonymous
    }
    fn allows_administrator(&self) -> bool {
        true
    }
    fn is_of(&self, tx: &Tx) -> Result<(), Error> {
        self.check(tx)
    }
}

impl sealed::Sealed for Redeemed<Bootstrap> {}
impl AddsPeople for Redeemed<Bootstrap> {
    fn who(&self) -> Who {
        Who::Anonymous
    }
    fn allows_administrator(&self) -> bool {
        false
    }
    fn is_of(&self, tx: &Tx) -> Result<(), Error> {
        self.check(tx)
    }
}

/// Adds a person; `None` when the email has an account already. The entry belongs into the commit's audit.
pub async fn insert(tx: &mut WriteTx, proof: &impl AddsPeople, person: &NewPerson<'_>) -> Result<Option<Entry>, Error> {
    proof.is_of(tx)?;
    let platform_admin = person.platform_admin && proof.allows_administrator();
    let now: Timestamp = tx.now();
    let id: Option<String> = on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(person.id.to_string())
        .bind(person.email.as_str())
        .bind(person.email.folded())
        .bind(person.name)
        .bind(person.password_hash)
        .bind(platform_admin)
        .bind(now.micros())
        .fetch_optional(c).await)?;
    Ok(id.map(|_| {
        let action = Action::PersonCreated { person: person.id, platform_admin };
        Entry::new(Chain::Account(person.id), proof.who(), None, action)
            .with("email", person.email.as_str())
            .with("name", person.name)
    }))
}

//! What is set for the whole instance, by name; a setting that nobody touched has its default in `domain`.

use domain::authz::cap::{InstanceSettingsRead, InstanceSettingsWrite};
use domain::instance::InstanceSettings;

use crate::authz::Granted;
use crate::error::Error;
use crate::link::{Redeemed, Setup};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    READ = "SELECT name, value FROM instance_setting ORDER BY name";
    WRITE = "INSERT INTO instance_setting (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

/// The settings as they are in force; rules that depend on them ask without a proof.
pub async fn settings(tx: &mut Tx) -> Result<InstanceSettings, Error> {
    let rows: Vec<(String, String)> = on!(tx, c => sqlx::query_as(READ).fetch_all(c).await)?;
    Ok(InstanceSettings::from_pairs(rows.iter().map(|(name, value)| (name.as_str(), value.as_str()))))
}

/// For those who look at the settings themselves.
pub async fn read(tx: &mut Tx, grant: &Granted<InstanceSettingsRead>) -> Result<InstanceSettings, Error> {
    grant.check(tx)?;
    settings(tx).await
}

/// What may set the instance: the permission, or the redeemed first-run link.
pub trait SetsInstance: sealed::Sealed {
    fn is_of(&self, tx: &Tx) -> Result<(), Error>;
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for Granted<InstanceSettingsWrite> {}
impl SetsInstance for Granted<InstanceSettingsWrite> {
    fn is_of(&self, tx: &Tx) -> Result<(), Error> {
        self.check(tx)
    }
}

impl sealed::Sealed for Redeemed<Setup> {}
impl SetsInstance for Redeemed<Setup> {
    fn is_of(&self, tx: &Tx) -> Result<(), Error> {
        self.check(tx)
    }
}

pub async fn write(tx: &mut WriteTx, proof: &impl SetsInstance, settings: &InstanceSettings) -> Result<(), Error> {
    proof.is_of(tx)?;
    for (name, value) in settings.to_pairs() {
        on!(tx, c => sqlx::query(WRITE).bind(name).bind(value).execute(c).await.map(drop))?;
    }
    Ok(())
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgAdminWrite;
use domain::org::SavedSettings;
use domain::profile::dns_suffix;
use domain::revision::FieldChange;
use domain::settings::{self, Settings, SettingsForm};
use storage::authz::{Granted, Target};
use storage::org::{SaveRefused, StoredSettings};
use storage::revision::NewRevision;
use storage::{Audit, Entry, WriteTx};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::workspace::announce;

/// *Save Configuration*: every field at once, under the version the form was loaded with.
pub async fn save_settings(
    ctx: &Ctx,
    handle: &str,
    version: i64,
    form: &SettingsForm,
    reason: &str,
) -> Result<SavedSettings, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgAdminWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let stored = storage::org::settings(&mut tx, &grant).await?;
    if stored.version != version {
        return Err(stale(&mut tx, &grant, &stored, version, form).await?.into());
    }
    let reason = super::reason(reason)?;
    let settings = form.check(&stored.settings, &super::to_ascii).map_err(|fields| Fault::Invalid { fields })?;
    let save = Save { settings, reason, restored_from: None };
    save.commit(ctx, tx, &grant, &stored).await
}

/// What differs between the version the form began with, the current one and the form.
async fn stale(
    tx: &mut WriteTx,
    grant: &Granted<OrgAdminWrite>,
    stored: &StoredSettings,
    version: i64,
    form: &SettingsForm,
) -> Result<Fault, Error> {
    let theirs = stored.settings.to_form();
    let base = match storage::revision::find(tx, grant, version).await? {
        Some(revision) => revision.settings.to_form(),
        None => theirs.clone(),
    };
    Ok(Fault::Stale { version: stored.version, fields: settings::conflicts(&base, &theirs, form) })
}

/// A checked change of settings, ready to become a revision.
pub(crate) struct Save<'a> {
    pub settings: Settings,
    pub reason: Option<&'a str>,
    pub restored_from: Option<i64>,
}

impl Save<'_> {
    /// Writes version + 1 and its revision, and commits; a save that changes nothing writes nothing.
    pub async fn commit(
        self,
        ctx: &Ctx,
        mut tx: WriteTx,
        grant: &Granted<OrgAdminWrite>,
        stored: &StoredSettings,
    ) -> Result<SavedSettings, Error> {
        let Some((saved, entries)) = self.write(ctx, &mut tx, grant, stored).await? else {
            return Ok(SavedSettings { version: stored.version, changed: Vec::new() });
        };
        tx.commit(Audit::all(entries, "a save is always logged")).await?;
        ctx.services().jobs.notify_one();
        Ok(saved)
    }

    /// Writes version + 1 and its revision; `None` when nothing changes. The entries belong into the commit's audit.
    pub async fn write(
        self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        grant: &Granted<OrgAdminWrite>,
        stored: &StoredSettings,
    ) -> Result<Option<(SavedSettings, Vec<Entry>)>, Error> {
        let changes = Settings::changes(&stored.settings, &self.settings);
        if changes.is_empty() && self.settings.workspace == stored.settings.workspace {
            return Ok(None);
        }
        let saved = storage::org::save_settings(tx, grant, stored.version, &self.settings).await?;
        let version = saved.map_err(|refused| match refused {
            SaveRefused::Stale => Fault::Busy { retry_after: 1 },
            SaveRefused::LoginDomainTaken => Fault::invalid(
                settings::field::LOGIN_DOMAIN,
                "Another organization already has this login domain. Each domain leads to one organization.",
            ),
        })?;
        let changed: Vec<String> = changes.iter().map(|change| change.field.clone()).collect();
        let revision = NewRevision {
            version,
            author: grant.viewer().ok(),
            reason: self.reason,
            settings: &self.settings,
            changed: &changed,
            restored_from: self.restored_from,
        };
        storage::revision::insert(tx, grant, &revision).await?;
        let handle = grant.org(tx)?.handle.clone();
        let suffix =
            |settings: &Settings| dns_suffix(&handle, settings.platform_domain.as_ref().map(|host| host.as_str()));
        let (before, after) = (suffix(&stored.settings), suffix(&self.settings));
        announce::moved(ctx, tx, grant, handle.as_str(), before, after).await?;
        let labels = changes.iter().map(|change| change.label.clone()).collect();
        let chain = Chain::Org(grant.org(tx)?.id);
        let (changes, addresses) = without_addresses(changes);
        let entry = Entry::new(chain, grant.who(), Some(grant.via()), self.action(version, changes));
        let entry = addresses.into_iter().fold(entry, |entry, (name, value)| entry.with(name, value));
        let mut entries = vec![entry];
        if stored.settings.plan != self.settings.plan {
            entries.extend(crate::billing::provide(tx, grant, self.settings.plan.as_ref()).await?);
        }
        Ok(Some((SavedSettings { version, changed: labels }, entries)))
    }

    fn action(&self, version: i64, changes: Vec<FieldChange>) -> Action {
        let reason = self.reason.map(str::to_owned);
        match self.restored_from {
            Some(restored) => Action::RevisionRestored { version, restored, changes, reason },
            None => Action::SettingsSaved { version, changes, reason },
        }
    }
}

/// People's addresses stand in the audit log only as salted hashes; the changes keep how many there were.
fn without_addresses(mut changes: Vec<FieldChange>) -> (Vec<FieldChange>, Vec<(&'static str, String)>) {
    let mut personal = Vec::new();
    let is_recipients = |change: &&mut FieldChange| change.field == settings::field::REPORT_RECIPIENTS;
    if let Some(change) = changes.iter_mut().find(is_recipients) {
        for (name, value) in [("recipients_before", &mut change.before), ("recipients_after", &mut change.after)] {
            let count = value.split(',').filter(|address| address.contains('@')).count();
            personal.push((name, std::mem::replace(value, format!("{count} addresses"))));
        }
    }
    (changes, personal)
}

use std::collections::BTreeMap;

use domain::Fault;
use domain::authz::cap::OrgAdminWrite;
use domain::org::SavedSettings;
use domain::settings::limits::{INTEGER_MAX, Terms, check_terms};
use domain::settings::{LIMITED, Settings, UNLIMITED, field};
use storage::authz::{Granted, Target};

use super::Save;
use crate::ctx::Ctx;
use crate::error::Error;

/// Settings to change; the outer `None` leaves one as it is, an inner one clears it.
#[derive(Debug, Clone, Default)]
pub struct Update {
    pub partner: Option<bool>,
    pub enforce_mfa: Option<bool>,
    pub report: Option<bool>,
    pub report_recipients: Option<Vec<String>>,
    pub report_schedule: Option<String>,
    pub report_time_zone: Option<String>,
    pub platform_domain: Option<Option<String>>,
    /// `Some(None)` is unlimited, `Some(Some(0))` nobody.
    pub seats: Option<Option<u32>>,
    pub default_user_host: Option<Option<String>>,
    pub login_domain: Option<Option<String>>,
    /// The key of the plan that the platform provides.
    pub plan: Option<Option<String>>,
    pub externals_allowed: Option<bool>,
    pub archiving_seconds: Option<u32>,
    pub terms: Option<Option<BTreeMap<String, String>>>,
    /// JSON text.
    pub workspace: Option<String>,
}

/// Which version a change starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    Version(i64),
    /// Whatever it is now.
    Current,
}

impl Base {
    /// For a change of what was read just now, at `version`.
    pub fn or(self, version: i64) -> Self {
        match self {
            Self::Current => Self::Version(version),
            named => named,
        }
    }

    /// Refuses when it isn't `version`.
    pub(crate) fn check(self, version: i64) -> Result<(), Fault> {
        match self {
            Self::Version(base) if base != version => Err(Fault::Stale { version, fields: Vec::new() }),
            _ => Ok(()),
        }
    }
}

/// Changes some settings, under the same rules as the Admin page's save.
pub async fn update(ctx: &Ctx, handle: &str, base: Base, update: Update, reason: &str) -> Result<SavedSettings, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgAdminWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let stored = storage::org::settings(&mut tx, &grant).await?;
    base.check(stored.version)?;
    let reason = super::reason(reason)?;
    let settings = update.apply(&stored.settings, ctx)?;
    Save { settings, reason, restored_from: None }.commit(ctx, tx, &grant, &stored).await
}

impl Update {
    fn apply(self, stored: &Settings, ctx: &Ctx) -> Result<Settings, Fault> {
        let mut form = stored.to_form();
        let text = |value: Option<Option<String>>, old: String| value.map_or(old, Option::unwrap_or_default);
        form.partner = self.partner.unwrap_or(form.partner);
        form.enforce_mfa = self.enforce_mfa.unwrap_or(form.enforce_mfa);
        form.report = self.report.unwrap_or(form.report);
        form.report_recipients = self.report_recipients.map_or(form.report_recipients, |list| list.join("\n"));
        form.report_schedule = self.report_schedule.unwrap_or(form.report_schedule);
        form.report_time_zone = self.report_time_zone.unwrap_or(form.report_time_zone);
        form.platform_domain = text(self.platform_domain, form.platform_domain);
        form.default_user_host = text(self.default_user_host, form.default_user_host);
        form.login_domain = text(self.login_domain, form.login_domain);
        form.plan = text(self.plan, form.plan);
        form.workspace = self.workspace.unwrap_or(form.workspace);
        if let Some(seats) = self.seats {
            form.seats_mode = if seats.is_some() { LIMITED } else { UNLIMITED }.to_owned();
            form.seats = seats.map(|seats| seats.to_string()).unwrap_or_default();
        }
        // Typing 0 means unlimited; here it means nobody, as for a stored 0.
        let nobody = self.seats == Some(Some(0));
        let stored = Settings { seats: if nobody { Some(0) } else { stored.seats }, ..stored.clone() };
        let mut settings = form.check(&stored, &super::to_ascii).map_err(|fields| Fault::Invalid { fields })?;
        let limits = &mut settings.limits;
        limits.externals_allowed = self.externals_allowed.unwrap_or(limits.externals_allowed);
        if self.archiving_seconds.is_some_and(|seconds| seconds > INTEGER_MAX) {
            return Err(Fault::invalid(field::ARCHIVING, format!("At most {INTEGER_MAX} seconds.")));
        }
        limits.archiving_seconds = self.archiving_seconds.unwrap_or(limits.archiving_seconds);
        if let Some(terms) = self.terms {
            if let Some(links) = &terms {
                check_terms(links).map_err(|(locale, message)| {
                    Fault::invalid(
                        field::TERMS,
                        if locale.is_empty() { message } else { format!("{locale}: {message}") },
                    )
                })?;
            }
            // The same links again are no change, or everybody would be asked anew.
            let old = limits.terms.take();
            limits.terms = terms.map(|links| match old {
                Some(old) if old.links == links => old,
                _ => Terms { links, updated_at: ctx.now() },
            });
        }
        Ok(settings)
    }
}

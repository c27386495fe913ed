use domain::billing::Cycle;
use domain::usage::{Limit, LimitAction};

use crate::ctx::Ctx;
use crate::mail::{Letter, Part};

/// How things stand with a limit.
pub(super) struct Standing<'a> {
    pub org_name: &'a str,
    pub handle: &'a str,
    pub limit: &'a Limit,
    pub used: i64,
    pub cycle: Cycle,
}

impl Standing<'_> {
    /// `percent`: the step that was reached.
    pub fn subject(&self, percent: i64) -> String {
        format!("{} of {} is at {percent} % of its limit", self.limit.dimension.label(), self.org_name)
    }

    pub fn letter(&self, ctx: &Ctx) -> Letter {
        let Self { org_name, handle, limit, used, cycle } = self;
        let dimension = limit.dimension;
        let (used, of) = (dimension.show(*used), dimension.show(limit.value));
        let said = format!("{org_name}: {used} {}, of a limit of {of}.", dimension.measured());
        let when = format!("The cycle began on {} and ends with {}.", cycle.start, cycle.end.plus(-1));
        let effect = match (limit.action, limit.caps(self.used)) {
            (LimitAction::Warn, _) => "Nothing is stopped: the limit only warns.".to_owned(),
            (LimitAction::Cap, true) => format!(
                "The limit caps. {} This ends when the limit is raised, the use falls below it, or the cycle turns.",
                dimension.cap_effect()
            ),
            (LimitAction::Cap, false) => format!("The limit caps. Once it is reached: {}", dimension.cap_effect()),
        };
        let page = format!("{}/organizations/{handle}/usage", ctx.services().public_url());
        let next = format!("See what is used, or change the limit: {page}");
        Letter {
            parts: [said, when, effect, next].into_iter().map(Part::Text).collect(),
            why: format!("you own the organization {org_name}."),
            unsubscribe: None,
        }
    }
}

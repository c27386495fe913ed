//! *Set by the platform*: what an owner can read here, and only the platform changes.

use domain::profile::SetByPlatform as Model;
use leptos::prelude::*;
use ui::{Fact, Facts, Section};
#[component]
pub fn SetByPlatform(facts: Model) -> AnyView {
    let seats = match facts.seats {
        None => "Unlimited".to_owned(),
        Some(0) => "0 (nobody)".to_owned(),
        Some(seats) => seats.to_string(),
    };
    let mfa = if facts.enforce_mfa { "Everyone needs a second factor" } else { "Not required" };
    let host = |host: Option<String>, none: &'static str| match host {
        Some(host) => view! { <span class="mono">{host}</span> }.into_any(),
        None => view! { <span class="quiet">{none}</span> }.into_any(),
    };
    view! {
        <Section
            id="set-by-the-platform"
            title="Set by the platform"
            description="The people who run this console decide these. Ask them for a change."
        >
            <Facts>
                <Fact term="Plan">
                    {match facts.plan {
                        Some(plan) => plan.into_any(),
                        None => view! { <span class="quiet">"None"</span> }.into_any(),
                    }}
                </Fact>
                <Fact term="Seats">{seats}</Fact>
                <Fact term="Multi-factor authentication">{mfa}</Fact>
                <Fact term="Platform domain">{host(facts.platform_domain, "The platform's own")}</Fact>
                <Fact term="Custom login domain">{host(facts.login_domain, "None")}</Fact>
                <Fact term="Managed by">
                    {match facts.managed_by {
                        // No link: who belongs here can't open the partner.
                        Some(partner) => partner.display_name.to_string().into_any(),
                        None => view! { <span class="quiet">"The platform itself"</span> }.into_any(),
                    }}
                </Fact>
            </Facts>
        </Section>
    }
    .into_any()
}

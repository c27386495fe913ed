//! *Organization flags*.

use domain::settings::{Schedule, field};
use domain::time_zone::TIME_ZONES;
use leptos::prelude::*;
use ui::{Field, Section, Select, TextArea, TextInput};

use super::fields::{FlagField, NOT_ENFORCED, Note};
use super::state::AdminState;
use super::values::input_name;

#[component]
pub fn Flags(state: AdminState) -> AnyView {
    let (typed, saved) = (state.typed.get_untracked(), state.saved.get_untracked());
    view! {
        <Section
            id="flags"
            title="Organization flags"
            description="What this organization is allowed to do, and what it is told."
        >
            <FlagField
                state=state
                name=field::PARTNER
                help="Lets the organization create other organizations and manage them."
                value=(typed.partner, saved.partner)
                note=NOT_ENFORCED
            />
            <FlagField
                state=state
                name=field::ENFORCE_MFA
                help="Everybody in the organization needs a second factor to sign in. Service accounts are exempt."
                value=(typed.enforce_mfa, saved.enforce_mfa)
                note=NOT_ENFORCED
            />
            // The style sheet hides the details while the switch is off, where script runs.
            <div class="report">
                <FlagField
                    state=state
                    name=field::REPORT
                    help="Mails a list of the people who were active, as often as you say."
                    value=(typed.report, saved.report)
                />
                <ReportDetails state=state />
            </div>
        </Section>
    }
    .into_any()
}

#[component]
fn ReportDetails(state: AdminState) -> AnyView {
    let (typed, saved) = (state.typed.get_untracked(), state.saved.get_untracked());
    let schedules = Schedule::ALL.map(|schedule| (schedule.name().to_owned(), schedule.label().to_owned())).to_vec();
    let schedule = |name: String| if name.is_empty() { Schedule::default().name().to_owned() } else { name };
    let (recipients, zone) = (field::REPORT_RECIPIENTS, field::REPORT_TIME_ZONE);
    // Some hundred names: they are put into the page once somebody is about to type one.
    let zones_wanted = RwSignal::new(false);
    view! {
        <div class="report-details">
            <Field
                name=input_name(recipients)
                label=field::label(recipients)
                help="Addresses separated by commas. The same address written twice counts once."
                error=state.error(recipients)
            >
                <TextArea
                    value=typed.report_recipients
                    saved=saved.report_recipients
                    rows=2
                    placeholder="ada@example.com, grace@example.com"
                />
            </Field>
            <Field
                name=input_name(field::REPORT_SCHEDULE)
                label=field::label(field::REPORT_SCHEDULE)
                help="How often the report is sent."
                error=state.error(field::REPORT_SCHEDULE)
            >
                <Select
                    options=schedules
                    value=schedule(typed.report_schedule)
                    saved=schedule(saved.report_schedule)
                />
            </Field>
            <Field
                name=input_name(zone)
                label=field::label(zone)
                help="Whose midnight ends the report's days, and whose eight in the morning it goes out at: an IANA name such as Europe/Paris."
                error=state.error(zone)
            >
                <div on:focusin=move |_| zones_wanted.set(true)>
                    <TextInput
                        value=typed.report_time_zone
                        saved=saved.report_time_zone
                        placeholder="UTC"
                        autocomplete="off"
                        list="time-zones"
                    />
                </div>
                <datalist id="time-zones">
                    {move || {
                        zones_wanted
                            .get()
                            .then(|| TIME_ZONES.iter().map(|name| view! { <option value=*name></option> }).collect_view())
                    }}
                </datalist>
                <Note text="Empty means UTC." />
            </Field>
        </div>
    }
    .into_any()
}

//! The rules, saved under the version they were loaded with.

use domain::auth_policy::{AuthForm, AuthPolicy, CLI_HOURS_MAX, CONSOLE_HOURS_MAX};
use leptos::prelude::*;
use ui::{Alert, Field, Section, SubmitButton, TextArea, TextInput, Tone};

use crate::api::auth_policy::SaveAuthentication;
use crate::form::{FormState, LoadTheirs, PlainForm};
use crate::paths;

#[component]
pub fn PolicyForm(form: FormState<SaveAuthentication>, handle: String, version: i64, policy: AuthPolicy) -> AnyView {
    let refused = form.status.fault.with_untracked(Option::is_some);
    let saved = AuthForm::from(&policy);
    let typed = |name: &str, saved: String| form.typed(name).filter(|_| refused).unwrap_or(saved);
    let console = typed("console_hours", saved.console_hours);
    let cli = typed("cli_hours", saved.cli_hours);
    let tokens = typed("token_days", saved.token_days);
    let domains = typed("trusted_domains", saved.trusted_domains);
    let reload = paths::org_text(&handle).authentication();
    let done = move || {
        form.answer().map(|_| {
            view! {
                <Alert tone=Tone::Success assertive=true>
                    <p>"Saved. It holds from the next request on."</p>
                </Alert>
            }
        })
    };
    let console_help =
        ["Then they sign in again. Empty for 30 days; at most ", &CONSOLE_HOURS_MAX.to_string(), "."].concat();
    let cli_help = ["Empty for ", &CLI_HOURS_MAX.to_string(), ", which is the most."].concat();
    view! {
        <Section id="rules" title="Rules">
            <PlainForm form=form failed="The rules were not saved" class="form" label="Rules">
                {done}
                <input type="hidden" name="handle" value=handle />
                <input type="hidden" name="version" value=version.to_string() />
                <Field
                    name="form[console_hours]"
                    label="Hours in the console"
                    help=console_help
                    error=form.field_error("console_hours")
                >
                    <TextInput value=console inputmode="numeric" mono=true autocomplete="off" />
                </Field>
                <Field
                    name="form[cli_hours]"
                    label="Hours on the command line"
                    help=cli_help
                    error=form.field_error("cli_hours")
                >
                    <TextInput value=cli inputmode="numeric" mono=true autocomplete="off" />
                </Field>
                <Field
                    name="form[token_days]"
                    label="Days a token may live"
                    help="A token that lives longer, or for ever, is refused here. Empty takes any."
                    error=form.field_error("token_days")
                >
                    <TextInput value=tokens inputmode="numeric" mono=true autocomplete="off" />
                </Field>
                <Field
                    name="form[trusted_domains]"
                    label="Trusted email domains"
                    help="If there are any, only addresses of these may be invited. Nobody joins by one alone."
                    error=form.field_error("trusted_domains")
                >
                    <TextArea value=domains rows=3 mono=true />
                </Field>
                <LoadTheirs fault=form.status.fault reload=reload />
                <div class="form-actions">
                    <SubmitButton label="Save rules" busy_label="Saving…" pending=form.pending />
                </div>
            </PlainForm>
        </Section>
    }
    .into_any()
}

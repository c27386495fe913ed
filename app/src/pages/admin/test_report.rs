//! Mailing the report at once, to see what its recipients get.

use domain::org::AdminPage;
use leptos::prelude::*;
use ui::{Alert, Icon, Section, SubmitButton, Tone};

use crate::api::report::SendTestReport;
use crate::form::{PlainForm, use_form};

#[component]
pub fn TestReport(model: RwSignal<AdminPage>) -> AnyView {
    let form = use_form::<SendTestReport>();
    let handle = model.with_untracked(|page| page.org.handle.to_string());
    let is_off = Signal::derive(move || {
        model.with(|page| (!page.form.report).then(|| "Turn the report on and save it first.".to_owned()))
    });
    let unsubscribed = move || {
        model.with(|page| {
            let names = page.unsubscribed.join(", ");
            (!names.is_empty()).then(|| {
                view! { <p class="field-help">"Unsubscribed, and mailed no more reports: " {names} "."</p> }
            })
        })
    };
    let told = move || {
        form.answer().map(|sent| {
            let addresses =
                if sent.recipients == 1 { "1 address" } else { &[&sent.recipients.to_string(), " addresses"].concat() };
            let text = ["A test report was mailed to ", addresses, "."].concat();
            view! {
                <Alert tone=Tone::Success assertive=true>
                    <p>{text}</p>
                </Alert>
            }
        })
    };
    view! {
        <Section
            id="test-report"
            title="Active User Report"
            description="A test goes to the saved recipients at once. It is about the latest whole period, and says that it is a test."
        >
            {unsubscribed}
            <PlainForm form=form failed="No test report was mailed" class="form" label="Test report">
                <input type="hidden" name="handle" value=handle />
                {told}
                <div class="form-actions">
                    <SubmitButton
                        label="Send test report now"
                        busy_label="Sending…"
                        pending=form.pending
                        blocked=is_off
                        tone=Tone::Neutral
                        icon=Icon::Mail
                    />
                </div>
            </PlainForm>
        </Section>
    }
    .into_any()
}

//! Behind the link in a report: no more of them.

use domain::report::UnsubscribePage as Model;
use leptos::prelude::*;
use ui::{Alert, SubmitButton, Tone};

use crate::api::report::{LoadUnsubscribe, Unsubscribe};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::BareFrame;
use crate::page::{Gone, load_or_gone};
use crate::wire::Ask;

const GONE: Gone = Gone {
    title: "This link doesn't work",
    text: "The organization it is about may be gone, and its reports with it. If reports still come, open the link in \
           the newest one.",
};

#[component]
pub fn UnsubscribePage() -> AnyView {
    let form = use_form::<Unsubscribe>();
    load_or_gone(|| Ask::of(LoadUnsubscribe {}), |_| "Unsubscribe".to_owned(), move |page| show(page, form), Some(GONE))
}

fn show(page: Model, form: FormState<Unsubscribe>) -> AnyView {
    let Model { organization, since } = page;
    let content = move || match since.is_some() || form.answer().is_some() {
        true => done(),
        false => ask(&organization, form),
    };
    view! {
        <BareFrame>
            <div class="card-narrow">
                <h1 class="page-title" tabindex="-1">
                    "Unsubscribe"
                </h1>
                {content}
            </div>
        </BareFrame>
    }
    .into_any()
}

fn ask(organization: &str, form: FormState<Unsubscribe>) -> AnyView {
    let text = ["Get no more reports on the active users of ", organization, "?"].concat();
    view! {
        <p class="page-description">{text}</p>
        <PlainForm form=form failed="The reports go on" class="stack-form" label="Unsubscribe">
            <SubmitButton label="Unsubscribe" busy_label="Unsubscribing…" pending=form.pending />
        </PlainForm>
    }
    .into_any()
}

fn done() -> AnyView {
    view! {
        <Alert tone=Tone::Success title="You are unsubscribed" assertive=true>
            <p>"No more of these reports come to your address."</p>
        </Alert>
    }
    .into_any()
}

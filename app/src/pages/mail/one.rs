//! One mail: what became of it, and what it says as long as that is kept.

use domain::Timestamp;
use domain::mail::{MailPage as Model, MailRow, MailState};
use leptos::html::P;
use leptos::prelude::*;
use ui::{Fact, Facts, Icon, Moment, PageHeader, Section, SubmitButton, Tone};

use super::{not_configured, state_badge};
use crate::api::mail::{LoadMail, RetryMail, RevealMail};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param, use_reload};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn MailPage() -> AnyView {
    let (retry, reveal) = (use_form::<RetryMail>(), use_form::<RevealMail>());
    let mail = param("mail");
    load(
        move || Ask::of(LoadMail { mail: mail() }),
        |page: &Model| [&page.mail.subject, " · Mail"].concat(),
        move |page| show(page, retry, reveal),
    )
}

fn show(page: Model, retry: FormState<RetryMail>, reveal: FormState<RevealMail>) -> AnyView {
    let Model { viewer, is_configured, mail, text, files, is_anothers, now } = page;
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        if retry.answer().is_some() && before.is_some() {
            reload.run();
        }
    });
    let id = mail.id.to_string();
    let trail = vec![Crumb::link("Mail", paths::mails(&Default::default())), Crumb::here(mail.subject.clone())];
    let again = (is_configured && mail.state.may_be_sent()).then(|| again(id.clone(), retry));
    let body = body(&mail, text, is_anothers, reveal);
    let title = mail.subject.clone();
    view! {
        <Frame viewer=viewer org=None place=Place::Elsewhere trail=trail>
            <PageHeader title=title />
            {not_configured(is_configured)}
            <div class="form">
                <Section title="About" id="about">
                    {facts(mail, files, now)} {again}
                </Section>
                <Section title="Text" id="text">
                    {body}
                </Section>
            </div>
        </Frame>
    }
    .into_any()
}

fn facts(mail: MailRow, files: Vec<String>, now: Timestamp) -> AnyView {
    let sent = mail.sent_at.map(|at| {
        view! {
            <Fact term="Sent">
                <Moment at=at now=now />
            </Fact>
        }
    });
    let error = mail.last_error.map(|error| view! { <Fact term="Error">{error}</Fact> });
    let files = (!files.is_empty()).then(|| view! { <Fact term="Attached">{files.join(", ")}</Fact> });
    view! {
        <Facts>
            <Fact term="To">{mail.to}</Fact>
            <Fact term="State">{state_badge(mail.state)}</Fact>
            <Fact term="Made">
                <Moment at=mail.created_at now=now />
            </Fact>
            {sent}
            <Fact term="Attempts">{mail.attempts.to_string()}</Fact>
            {error}
            {files}
        </Facts>
    }
    .into_any()
}

fn again(id: String, retry: FormState<RetryMail>) -> AnyView {
    view! {
        <PlainForm form=retry failed="The mail was not sent again" label="Retry">
            <input type="hidden" name="mail" value=id />
            <SubmitButton
                label="Retry"
                busy_label="Retrying…"
                pending=retry.pending
                tone=Tone::Neutral
                icon=Icon::Restore
            />
        </PlainForm>
    }
    .into_any()
}

/// The text as it may be read, and the button that shows its links.
fn body(mail: &MailRow, text: Option<String>, is_anothers: bool, reveal: FormState<RevealMail>) -> AnyView {
    let Some(text) = text else {
        let words = match mail.state {
            MailState::Sent => "The mail was sent, and its text isn't kept here any longer.",
            _ => "The text isn't kept here any longer.",
        };
        return view! { <p class="quiet">{words}</p> }.into_any();
    };
    let offers = match (mail.has_link, is_anothers) {
        (false, _) => None,
        (true, true) => {
            let words = "It is for another platform administrator: its links are theirs alone.";
            Some(view! { <p class="field-help">{words}</p> }.into_any())
        }
        (true, false) => {
            let id = mail.id.to_string();
            let hidden = move || reveal.answer().is_none().then(|| reveal_form(id.clone(), reveal));
            Some(view! { {hidden} }.into_any())
        }
    };
    let shown = move || reveal.answer().unwrap_or_else(|| text.clone());
    let revealed = NodeRef::<P>::new();
    // The button that had the focus is gone.
    Effect::new(move |_| {
        if let (Some(_), Some(text)) = (reveal.answer(), revealed.get()) {
            let _ = text.focus();
        }
    });
    view! {
        <p class="mail-text" tabindex="-1" node_ref=revealed>{shown}</p>
        {offers}
    }
    .into_any()
}

fn reveal_form(id: String, reveal: FormState<RevealMail>) -> AnyView {
    view! {
        <PlainForm form=reveal failed="The links stay hidden" class="mail-reveal" label="Links">
            <input type="hidden" name="mail" value=id />
            <p class="field-help">"Whoever opens a link acts for its reader. The audit log notes that you looked."</p>
            <SubmitButton
                label="Reveal links"
                busy_label="Revealing…"
                pending=reveal.pending
                tone=Tone::Neutral
                icon=Icon::Eye
            />
        </PlainForm>
    }
    .into_any()
}

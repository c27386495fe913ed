//! *Authentication*: session timeouts, token lifetimes, trusted domains, and having everybody sign in again.

mod policy;
mod reset;

use domain::Timestamp;
use domain::auth_policy::{AuthPage as Model, OutlivingToken};
use leptos::prelude::*;
use ui::{Alert, Moment, PageHeader, Section, Tone};

use crate::api::auth_policy::{LoadAuthentication, SaveAuthentication};
use crate::form::{FormState, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param, use_reload};
use crate::wire::Ask;
use policy::PolicyForm;
use reset::ResetSection;

#[component]
pub fn AuthenticationPage() -> AnyView {
    // Made once: the page's content is made anew after a save.
    let save = use_form::<SaveAuthentication>();
    let handle = param("handle");
    load(
        move || Ask::of(LoadAuthentication { handle: handle() }),
        |page: &Model| ["Authentication · ", page.view.org.display_name.as_str()].concat(),
        move |page| show(page, save),
    )
}

fn show(page: Model, save: FormState<SaveAuthentication>) -> AnyView {
    let Model { viewer, view: model, now } = page;
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        if save.answer().is_some() && before.is_some() {
            reload.run();
        }
    });
    let org = model.org.clone();
    let public = model.policy.public_domains();
    let public = (!public.is_empty()).then(|| {
        let text = ["Anybody can have an address at ", &public.join(", "), ". Trusting it trusts everybody."].concat();
        view! {
            <Alert tone=Tone::Warning title="A public mail domain is trusted">
                <p>{text}</p>
            </Alert>
        }
    });
    let outliving = outliving(&model.outliving, now);
    let handle = org.handle.to_string();
    view! {
        <Frame viewer=viewer org=Some(org.clone()) place=Place::Authentication trail=vec![
            Crumb::here("Advanced"),
            Crumb::here("Authentication"),
        ]>
            <PageHeader
                title="Authentication"
                description="How long people and programs stay signed in to this organization. Other organizations have their own rules."
            />
            {public}
            <PolicyForm form=save handle=handle version=model.version policy=model.policy />
            {outliving}
            <ResetSection org=org service_tokens=model.service_tokens />
        </Frame>
    }
    .into_any()
}

/// Tokens that are refused because they live too long.
fn outliving(tokens: &[OutlivingToken], now: Timestamp) -> Option<AnyView> {
    if tokens.is_empty() {
        return None;
    }
    let lines = tokens.iter().cloned().map(move |token| {
        let expires = match token.expires_at {
            Some(at) => view! { <Moment at=at now=now /> }.into_any(),
            None => view! { <span class="quiet">"Never"</span> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row">{token.name}</th>
                <td data-label="Of">{token.owner}</td>
                <td data-label="Expires">{expires}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    let section = view! {
        <Section
            id="outliving"
            title="Tokens that are refused"
            description="They live longer than tokens may here. Their owners make new ones that expire sooner."
        >
            <table class="table">
                <caption class="sr-only">"Tokens that live too long"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Token"</th>
                        <th scope="col">"Of"</th>
                        <th scope="col">"Expires"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </Section>
    };
    Some(section.into_any())
}

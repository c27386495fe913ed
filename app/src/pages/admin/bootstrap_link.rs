//! *Hand-over*: the bootstrap link by which the organization gets its first owner.

use domain::Timestamp;
use domain::link::{LinkLifetime, LinkState, LinkStatus, NewLink};
use domain::org::AdminPage;
use leptos::prelude::*;
use ui::{Badge, CopyBox, Fact, Facts, Field, Icon, Moment, Section, Select, SubmitButton, Tone};

use crate::api::bootstrap::{RevokeBootstrap, RotateBootstrap, TakeOwnership};
use crate::form::{PlainForm, use_form};

const LIFETIME: &str = "lifetime";

#[component]
pub fn HandOver(
    model: RwSignal<AdminPage>,
    /// Gets the page's model anew.
    refresh: Callback<()>,
) -> AnyView {
    let rotate = use_form::<RotateBootstrap>();
    let revoke = use_form::<RevokeBootstrap>();
    let take = use_form::<TakeOwnership>();
    Effect::new(move |before: Option<()>| {
        let done = rotate.answer().is_some() | revoke.answer().is_some() | take.answer().is_some();
        // The first run sees what the page came with.
        if done && before.is_some() {
            refresh.run(());
        }
    });
    let handle = model.with_untracked(|page| page.org.handle.to_string());
    let has_owner = Memo::new(move |_| model.with(|page| !page.owners.is_empty()));
    let live = Memo::new(move |_| model.with(|page| page.link.as_ref().is_some_and(is_live)));
    let link = Memo::new(move |_| model.with(|page| page.link.clone()));
    let (for_revoke, for_take) = (handle.clone(), handle.clone());
    let now = Memo::new(move |_| model.with(|page| page.now));
    view! {
        <Section
            id="hand-over"
            title="Hand-over"
            description="A bootstrap link makes the person who redeems it the first owner. It works once."
        >
            <Facts>
                <Fact term="Owners">
                    {move || {
                        model.with(|page| match page.owners.as_slice() {
                            [] => "None yet".to_owned(),
                            owners => owners.join(", "),
                        })
                    }}
                </Fact>
                <Fact term="Bootstrap link">{move || link_state(link.get().as_ref(), now.get())}</Fact>
            </Facts>
            // Gone as soon as the link is dead.
            {move || rotate.answer().filter(|_| live.get()).map(|link| new_link(link, now.get()))}
            <div class="hand-over-actions" hidden=move || has_owner.get()>
                <PlainForm form=rotate failed="No link was made" class="inline-form" label="Rotate link">
                    <input type="hidden" name="handle" value=handle.clone() />
                    <Field name=LIFETIME label="The new link lives" stacked=true error=rotate.field_error(LIFETIME)>
                        <Select options=lifetimes() value=LinkLifetime::default().name() />
                    </Field>
                    <SubmitButton
                        label="Rotate link"
                        busy_label="Rotating…"
                        pending=rotate.pending
                        tone=Tone::Neutral
                        icon=Icon::Link
                    />
                    <p class="field-help">"Makes a new link and shows it once. The link before it stops working."</p>
                </PlainForm>
                <div class="hand-over-row">
                    <div hidden=move || !live.get()>
                        <PlainForm form=revoke failed="The link was not revoked" label="Revoke link">
                            <input type="hidden" name="handle" value=for_revoke />
                            <SubmitButton
                                label="Revoke link"
                                busy_label="Revoking…"
                                pending=revoke.pending
                                tone=Tone::Neutral
                            />
                        </PlainForm>
                    </div>
                    <PlainForm form=take failed="You did not become the owner" label="Make me the owner now">
                        <input type="hidden" name="handle" value=for_take />
                        <SubmitButton
                            label="Make me the owner now"
                            busy_label="Making you the owner…"
                            pending=take.pending
                            tone=Tone::Neutral
                        />
                    </PlainForm>
                </div>
            </div>
        </Section>
    }
    .into_any()
}

fn is_live(link: &LinkStatus) -> bool {
    link.state == LinkState::Live
}

fn lifetimes() -> Vec<(String, String)> {
    LinkLifetime::ALL.map(|lifetime| (lifetime.name().to_owned(), lifetime.label().to_owned())).to_vec()
}

/// State, age and end of the newest link.
fn link_state(link: Option<&LinkStatus>, now: Timestamp) -> AnyView {
    let Some(link) = link else {
        return view! { "There is none. Rotate link makes one." }.into_any();
    };
    let (tone, label) = match link.state {
        LinkState::Live if link.opened_at.is_some() => (Tone::Success, "Live, opened"),
        LinkState::Live => (Tone::Success, "Live, not opened"),
        LinkState::Expired => (Tone::Warning, "Expired"),
        LinkState::Revoked => (Tone::Neutral, "Revoked"),
        LinkState::Redeemed => (Tone::Neutral, "Redeemed"),
    };
    let opened = link.opened_at.map(|at| view! { <li>"First opened " <Moment at=at now=now /></li> });
    let end = match (link.state, link.expires_at) {
        (LinkState::Live, Some(at)) => Some(view! { <li>"Expires " <Moment at=at now=now /></li> }.into_any()),
        (LinkState::Live, None) => Some(view! { <li>"Never expires"</li> }.into_any()),
        (LinkState::Expired, Some(at)) => Some(view! { <li>"Expired " <Moment at=at now=now /></li> }.into_any()),
        _ => None,
    };
    view! {
        <Badge tone=tone label=label />
        <ul class="link-times">
            <li>"Made " <Moment at=link.created_at now=now /></li>
            {opened}
            {end}
        </ul>
    }
    .into_any()
}

fn new_link(link: NewLink, now: Timestamp) -> AnyView {
    let expiry = match link.expires_at {
        Some(at) => ["It expires ", &at.relative(now), ", at ", &at.short(), "."].concat(),
        None => "It never expires.".to_owned(),
    };
    let warning = ["It is shown only now, and whoever has it becomes the owner. ", &expiry].concat();
    view! { <CopyBox label="New bootstrap link" value=link.url warning=warning id="new-bootstrap-link" /> }.into_any()
}

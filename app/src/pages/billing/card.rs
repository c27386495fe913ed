//! Where a card is entered. What is typed goes from the browser to Stripe and nowhere else.
//!
//! Stripe's script runs on this page alone: its document has a policy of its own, so the page is opened and left by
//! loading documents.

use domain::billing::page::CardPage as Model;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use server_fn::ServerFn;
use ui::{Alert, PageHeader, Section, Tone, use_interactive};
use wasm_bindgen::JsCast;
use web_sys::HtmlFormElement;

use crate::api::billing::{FinishCard, LoadCard};
use crate::form::{ErrorSummary, FormState, use_form};
use crate::frame::BareFrame;
use crate::page::{load, param};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn CardPage() -> AnyView {
    let finish = use_form::<FinishCard>();
    let handle = param("handle");
    load(
        move || Ask::of(LoadCard { handle: handle() }),
        |page: &Model| ["Add a card · ", page.org.display_name.as_str()].concat(),
        move |page| show(page, finish),
    )
}

/// How far the card's field is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Progress {
    Loading,
    Ready,
    /// Stripe is asked.
    Sending,
    /// In Stripe's words.
    Refused(String),
    /// Its script can't be had.
    Missing,
}

fn show(page: Model, finish: FormState<FinishCard>) -> AnyView {
    let Model { org, client_secret, publishable_key, script, setup, .. } = page;
    let billing = paths::org(&org.handle).billing();
    let here = paths::org(&org.handle).card();
    let interactive = use_interactive();
    let progress = RwSignal::new(Progress::Loading);
    let place = NodeRef::<leptos::html::Div>::new();
    let form = NodeRef::<leptos::html::Form>::new();
    let entry = StoredValue::new(None::<SendWrapper<stripe::Entry>>);
    Effect::new(move |_| {
        let Some(place) = place.get() else { return };
        let (script, key) = (script.clone(), publishable_key.clone());
        leptos::task::spawn_local(async move {
            let mounted = stripe::Entry::mount(&script, &key, &place).await;
            // The page may have been left meanwhile.
            if progress.is_disposed() {
                return;
            }
            progress.set(if mounted.is_some() { Progress::Ready } else { Progress::Missing });
            entry.set_value(mounted.map(SendWrapper::new));
        });
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !matches!(progress.get_untracked(), Progress::Ready | Progress::Refused(_)) {
            return;
        }
        let Some(entry) = entry.get_value() else { return };
        progress.set(Progress::Sending);
        let secret = client_secret.clone();
        leptos::task::spawn_local(async move {
            match entry.confirm(&secret).await {
                // As the browser itself sends it: the answer is another document, with the console's own policy.
                Ok(()) => {
                    if let Some(form) = form.get_untracked() {
                        let _ = form.unchecked_ref::<HtmlFormElement>().submit();
                    }
                }
                Err(words) => progress.set(Progress::Refused(words)),
            }
        });
    };
    let missing = move || interactive.get() && progress.get() == Progress::Missing;
    let waiting = move || !matches!(progress.get(), Progress::Ready | Progress::Refused(_));
    let refused = move || match progress.get() {
        Progress::Refused(words) => Some(view! {
            <Alert tone=Tone::Danger title="The card was not added" assertive=true>
                <p>{words}</p>
            </Alert>
        }),
        _ => None,
    };
    let label = move || match progress.get() {
        Progress::Loading => "Loading…",
        Progress::Sending => "Adding…",
        _ => "Add card",
    };
    let description = ["For invoices of ", org.display_name.as_str(), ". The number goes straight to Stripe."].concat();
    view! {
        <div on:click=leave>
            <BareFrame>
                <PageHeader title="Add a card" description=description />
                <ErrorSummary title="The card was not added" fault=finish.status.fault />
                {refused}
                <Section id="card" title="Card">
                    <form
                        class="form needs-js"
                        method="post"
                        action=FinishCard::url()
                        aria-label="Card"
                        node_ref=form
                        on:submit=send
                        hidden=missing
                    >
                        <input type="hidden" name="handle" value=org.handle.to_string() />
                        <input type="hidden" name="setup" value=setup />
                        <div class="card-field" node_ref=place></div>
                        <div class="form-actions">
                            <button
                                type="submit"
                                class=Tone::Primary.button_class()
                                aria-disabled=move || waiting().then_some("true")
                            >
                                {label}
                            </button>
                        </div>
                    </form>
                    <div class=move || if interactive.get() { "" } else { "without-js" } hidden=move || interactive.get() && !missing()>
                        <Alert tone=Tone::Warning title="A card can't be entered here">
                            <p>
                                "Its field comes from Stripe and needs JavaScript, which is turned off or couldn't be loaded. Nothing was added. Try again, perhaps without what blocks scripts, or in another browser. The platform team can also note another way to pay."
                            </p>
                            <p>
                                <a class="btn btn-quiet" href=here rel="external">
                                    "Try again"
                                </a>
                            </p>
                        </Alert>
                    </div>
                </Section>
                <p>
                    <a class="link" href=billing rel="external">
                        "Back to Billing"
                    </a>
                </p>
            </BareFrame>
        </div>
    }
    .into_any()
}

/// Has links load documents, so that no other page stands under this one's policy.
fn leave(event: leptos::ev::MouseEvent) {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() || event.button() != 0;
    let link = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let link = link.and_then(|element| element.closest("a[href]").ok().flatten());
    let address = link.and_then(|link| link.get_attribute("href"));
    if let Some(address) = address.filter(|_| !modified && !event.default_prevented()) {
        event.prevent_default();
        let _ = window().location().set_href(&address);
    }
}

/// Stripe's script, as far as it is needed here.
mod stripe {
    use leptos::prelude::document;
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::JsFuture;
    use web_sys::HtmlElement;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(catch, js_name = Stripe)]
        fn stripe(key: &str) -> Result<Stripe, JsValue>;

        #[derive(Clone)]
        type Stripe;
        #[wasm_bindgen(method, catch)]
        fn elements(this: &Stripe) -> Result<Elements, JsValue>;
        #[wasm_bindgen(method, catch, js_name = confirmCardSetup)]
        fn confirm_card_setup(this: &Stripe, secret: &str, data: &JsValue) -> Result<js_sys::Promise, JsValue>;

        type Elements;
        #[wasm_bindgen(method, catch)]
        fn create(this: &Elements, kind: &str) -> Result<Element, JsValue>;

        #[derive(Clone)]
        type Element;
        #[wasm_bindgen(method, catch)]
        fn mount(this: &Element, place: &HtmlElement) -> Result<(), JsValue>;
    }

    /// A field for a card.
    #[derive(Clone)]
    pub struct Entry {
        stripe: Stripe,
        element: Element,
    }

    impl Entry {
        /// Loads the script and puts the field into `place`; `None` when it can't be had.
        pub async fn mount(script: &str, key: &str, place: &HtmlElement) -> Option<Self> {
            let tag = document().create_element("script").ok()?;
            tag.set_attribute("src", script).ok()?;
            let arrival = js_sys::Promise::new(&mut |resolve, reject| {
                let tag: &web_sys::EventTarget = tag.as_ref();
                // Fails only for options that there aren't.
                let _ = tag.add_event_listener_with_callback("load", &resolve);
                let _ = tag.add_event_listener_with_callback("error", &reject);
            });
            document().head()?.append_child(&tag).ok()?;
            JsFuture::from(arrival).await.ok()?;
            let stripe = stripe(key).ok()?;
            let element = stripe.elements().ok()?.create("card").ok()?;
            element.mount(place).ok()?;
            Some(Self { stripe, element })
        }

        /// Has Stripe take the card; in its words why not.
        pub async fn confirm(&self, secret: &str) -> Result<(), String> {
            const FAILED: &str = "Stripe couldn't be reached. Nothing was added.";
            let (method, data) = (js_sys::Object::new(), js_sys::Object::new());
            let set = |object: &js_sys::Object, name: &str, value: &JsValue| {
                js_sys::Reflect::set(object, &name.into(), value).map_err(|_| FAILED.to_owned())
            };
            set(&method, "card", self.element.as_ref())?;
            set(&data, "payment_method", &method)?;
            let promise = self.stripe.confirm_card_setup(secret, &data).map_err(|_| FAILED.to_owned())?;
            let answer = JsFuture::from(promise).await.map_err(|_| FAILED.to_owned())?;
            let get = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).unwrap_or_default();
            let error = get(&answer, "error");
            match error.is_undefined() || error.is_null() {
                true => Ok(()),
                false => Err(get(&error, "message").as_string().unwrap_or_else(|| FAILED.to_owned())),
            }
        }
    }
}

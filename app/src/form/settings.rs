//! The shell of settings pages: one form, one save bar, guarded edits.

use domain::Fault;
use domain::org::SavedSettings;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use ui::{Alert, Button, SubmitButton, Toast, Toaster, Tone};
use wasm_bindgen::JsCast;

use super::conflict::{ConflictChoice, ConflictPanel};
use super::leave::{LeaveDialog, guard};
use super::state::{FormFn, FormState, FormStatus};
use super::summary::ErrorSummary;
use super::unsaved;
use crate::browser;

/// A page of settings that posts to `F`. It brings the hidden `version`, the optional `reason`, the error summary, the
/// comparison after a stale save, and the save bar; the children bring the fields (controls are uncontrolled, see
/// [`ui::control`]). After a save the form keeps what it holds, and counts later changes against it.
#[component]
pub fn SettingsForm<F: FormFn<Answer = SavedSettings>>(
    form: FormState<F>,
    /// The version the page was loaded with; the form counts on from there by itself.
    version: i64,
    /// This page's address.
    #[prop(into)]
    page: String,
    /// The address of a revision, for *View revision*.
    revision_href: Callback<i64, String>,
    /// Called after each successful save in the browser.
    #[prop(optional, into)]
    on_saved: Option<Callback<SavedSettings>>,
    /// What stands beside each field that conflicts, such as buttons that choose a side.
    #[prop(optional, into)]
    choice: Option<ConflictChoice>,
    children: Children,
) -> AnyView {
    let saved = Signal::derive(move || form.answer());
    view! {
        <SettingsShell
            url=F::url()
            submit=form.submitter()
            status=form.status
            saved=saved
            version=version
            page=page
            revision_href=revision_href
            on_saved=on_saved
            choice=choice
        >
            {children()}
        </SettingsShell>
    }
    .into_any()
}

/// The shell without its server function, so that it is compiled once.
#[component]
fn SettingsShell(
    url: &'static str,
    submit: Callback<SubmitEvent>,
    status: FormStatus,
    saved: Signal<Option<SavedSettings>>,
    version: i64,
    page: String,
    revision_href: Callback<i64, String>,
    on_saved: Option<Callback<SavedSettings>>,
    choice: Option<ConflictChoice>,
    children: Children,
) -> AnyView {
    let form = NodeRef::<leptos::html::Form>::new();
    let unsaved = RwSignal::new(0_usize);
    let recount = move || {
        // A field that leaves the page while it has the focus tells of it, when nobody listens any more.
        if let Some(form) = form.try_get_untracked().flatten() {
            let count = unsaved::mark(&form);
            if unsaved.try_get_untracked().is_some_and(|known| known != count) {
                unsaved.set(count);
            }
        }
    };
    let recount_soon = move || set_timeout(recount, std::time::Duration::ZERO);

    // After a stale save, saving again means: over theirs.
    let current_version =
        move || status.version(saved.with(|saved| saved.as_ref().map_or(version, |saved| saved.version)));
    // A page that already is the answer to a post says so in place; afterwards a toast does.
    let answered = saved.get_untracked();
    let first = answered.clone();
    Effect::new(move |_| {
        let now = saved.get();
        let Some(now) = now.filter(|now| first.as_ref() != Some(now)) else { return };
        if let Some(form) = form.get_untracked() {
            unsaved::settle(&form);
            clear_reason(&form);
        }
        recount();
        Toaster::push(toast(&now, revision_href));
        if let Some(on_saved) = on_saved {
            on_saved.run(now);
        }
    });
    Effect::new(move |_| {
        if form.get().is_some() {
            recount_soon();
        }
    });
    save_on_shortcut(form);
    let leaving = guard(unsaved, page.clone());

    let other_faults = Signal::derive(move || status.fault.get().filter(|fault| !matches!(fault, Fault::Stale { .. })));
    view! {
        <form
            class="settings"
            method="post"
            action=url
            node_ref=form
            on:submit=move |event: SubmitEvent| {
                if event.default_prevented() {
                    return;
                }
                if let Some(form) = form.get_untracked().filter(|_| !status.pending.get_untracked()) {
                    unsaved::sending(&form);
                }
                submit.run(event);
            }
            on:input=move |_| recount()
            on:change=move |_| recount()
        >
            <input type="hidden" name="version" value=current_version />
            {answered.map(|saved| saved_notice(&saved, revision_href))}
            <ErrorSummary title="The configuration was not saved" fault=other_faults />
            <ConflictPanel fault=status.fault reload=page choice=choice />
            {children()}
            <SaveBar status=status unsaved=unsaved form=form />
        </form>
        <LeaveDialog leaving=leaving unsaved=unsaved />
    }
    .into_any()
}

/// Sticks to the bottom of the window while something is unsaved; without JavaScript always.
#[component]
fn SaveBar(status: FormStatus, unsaved: RwSignal<usize>, form: NodeRef<leptos::html::Form>) -> AnyView {
    let discard = Callback::new(move |_| {
        if let Some(form) = form.get_untracked() {
            unsaved::discard(&form);
            unsaved.set(unsaved::mark(&form));
        }
    });
    let is_idle = move || unsaved.get() == 0 && !status.pending.get();
    view! {
        <div class="save-bar" role="region" aria-label="Unsaved changes" data-idle=move || is_idle().then_some("")>
            <p class="save-count needs-js" role="status">
                {move || match unsaved.get() {
                    0 => String::new(),
                    1 => "1 unsaved change".to_owned(),
                    n => format!("{n} unsaved changes"),
                }}
            </p>
            <label class="save-reason">
                <span class="sr-only">"Reason for the change, optional"</span>
                <input
                    class="input"
                    name="reason"
                    data-uncounted=""
                    maxlength=domain::revision::REASON_MAX.to_string()
                    placeholder="Reason (optional)"
                    autocomplete="off"
                    value=status.typed("reason")
                />
            </label>
            <Button label="Discard" tone=Tone::Ghost on_press=discard class="needs-js" />
            <SubmitButton label="Save Configuration" busy_label="Saving…" pending=status.pending />
        </div>
    }
    .into_any()
}

/// `⌘/Ctrl+S` saves.
fn save_on_shortcut(form: NodeRef<leptos::html::Form>) {
    Effect::new(move |_| {
        browser::listen_first(&document(), "keydown", move |event| {
            let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
            if (key.ctrl_key() || key.meta_key()) && !key.shift_key() && !key.alt_key() && key.key() == "s" {
                event.prevent_default();
                if let Some(form) = form.get_untracked() {
                    let _ = form.request_submit();
                }
            }
        });
    });
}

fn clear_reason(form: &web_sys::HtmlFormElement) {
    if let Ok(Some(reason)) = form.query_selector("input[name=reason]")
        && let Some(reason) = reason.dyn_ref::<web_sys::HtmlInputElement>()
    {
        reason.set_value("");
    }
}

/// What a save did, in words.
fn sentence(saved: &SavedSettings) -> String {
    match saved.changed.as_slice() {
        [] => "Nothing had changed.".to_owned(),
        changed => ["Saved: ", &changed.join(", "), "."].concat(),
    }
}

fn toast(saved: &SavedSettings, revision_href: Callback<i64, String>) -> Toast {
    let link = (!saved.changed.is_empty()).then(|| ("View revision".to_owned(), revision_href.run(saved.version)));
    Toast { tone: Tone::Success, message: sentence(saved), link }
}

fn saved_notice(saved: &SavedSettings, revision_href: Callback<i64, String>) -> AnyView {
    let (message, link) = (sentence(saved), (!saved.changed.is_empty()).then(|| revision_href.run(saved.version)));
    view! {
        <Alert tone=Tone::Success assertive=true>
            <p>
                {message} " "
                {link.map(|href| view! { <a class="link" href=href>"View revision"</a> })}
            </p>
        </Alert>
    }
    .into_any()
}

//! The avatar: choose or drop a picture, cut a square out of it, save; or return to the generated one.

use domain::Fault;
use domain::avatar::FILE_MAX;
use domain::org::OrgHeader;
use leptos::ev::{DragEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::field::control_id;
use ui::{Avatar, AvatarSize, Button, Dialog, Field, Section, SubmitButton, Toast, Toaster, Tone, use_interactive};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlElement, HtmlFormElement};

use super::crop::{CropStage, Picture};
use super::picture;
use super::square::Square;
use crate::api::Failure;
use crate::form::{ErrorSummary, replayed_at};
use crate::page::{Reload, use_reload};
use crate::{paths, wire};

const FILE: &str = "file";
const ACCEPT: &str = "image/png,image/jpeg,image/webp,image/gif";

/// What becomes of the forms' posts.
#[derive(Clone, Copy)]
struct Upload {
    /// Takes pictures.
    address: StoredValue<String>,
    pending: RwSignal<bool>,
    fault: RwSignal<Option<Fault>>,
    /// Whether the square is being chosen.
    open: RwSignal<bool>,
    reload: Reload,
    toaster: Option<Toaster>,
}

impl Upload {
    fn new(address: String) -> Self {
        let fault = replayed_at(&address).and_then(|replay| replay.outcome.err());
        Self {
            address: StoredValue::new(address),
            pending: RwSignal::new(false),
            fault: RwSignal::new(fault),
            open: RwSignal::new(false),
            reload: use_reload(),
            toaster: use_context(),
        }
    }

    fn refuse(self, words: &'static str) {
        self.fault.set(Some(Fault::invalid(FILE, words)));
    }

    /// Sends the form instead of the browser. While an answer is awaited it sends nothing.
    fn send(self, event: &SubmitEvent) {
        event.prevent_default();
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form.and_then(|form| FormData::new_with_form(&form).ok()) else { return };
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.fault.set(None);
        let address = self.address.get_value();
        spawn_local(async move {
            let answer = wire::post_files(&address, form).await;
            // By now the page may be another.
            self.pending.try_set(false);
            self.open.try_set(false);
            match answer {
                Ok(hash) => self.saved(&hash),
                Err(Failure(fault)) => {
                    self.fault.try_set(Some(fault));
                }
            }
        });
    }
}

impl Upload {
    /// `hash` is JSON: the new avatar's, or `null` after a reset.
    fn saved(self, hash: &str) {
        let message = if hash == "null" { "The avatar was reset." } else { "The avatar was saved." };
        if let Some(toaster) = self.toaster {
            toaster.show(Toast { tone: Tone::Success, message: message.to_owned(), link: None });
        }
        // The button that was pressed goes away; the next thing to do is to choose again.
        let field = document().get_element_by_id(&control_id(FILE));
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
        self.reload.run();
    }
}

#[component]
pub fn AvatarSection(org: OrgHeader) -> AnyView {
    let pages = paths::org(&org.handle);
    // The answer to a refused post is this page again, under an address that names it.
    let action = StoredValue::new(paths::answer(&pages.avatar(), &pages.profile()));
    let upload = Upload::new(pages.avatar());
    let reset = org.avatar.is_some().then(|| view! { <Reset action=action upload=upload /> });
    view! {
        <Section
            id="avatar"
            title="Avatar"
            description="Stands beside the name. Without a picture it is made of the name's initials."
        >
            <form
                method="post"
                enctype="multipart/form-data"
                action=action.get_value()
                class="form"
                aria-label="Avatar"
                on:submit=move |event| upload.send(&event)
            >
                <ErrorSummary title="The avatar was not changed" fault=upload.fault.into() />
                <Chooser org=org upload=upload />
            </form>
            {reset}
        </Section>
    }
    .into_any()
}

/// Returns to the generated avatar.
#[component]
fn Reset(action: StoredValue<String>, upload: Upload) -> AnyView {
    view! {
        <form
            method="post"
            enctype="multipart/form-data"
            action=action.get_value()
            class="avatar-reset"
            aria-label="Reset the avatar"
            on:submit=move |event| upload.send(&event)
        >
            <input type="hidden" name="reset" value="1" />
            <SubmitButton
                label="Reset avatar"
                busy_label="Resetting…"
                pending=upload.pending.into()
                tone=Tone::Neutral
            />
        </form>
    }
    .into_any()
}

/// The file's field, which works as it is; with script, choosing leads to the square.
#[component]
fn Chooser(org: OrgHeader, upload: Upload) -> AnyView {
    let interactive = use_interactive();
    let input = NodeRef::<Input>::new();
    let over = RwSignal::new(false);
    let chosen: RwSignal<Option<Picture>> = RwSignal::new(None);
    let square = RwSignal::new(Square::of(1.0, 1.0));
    let shown = Callback::new(move |picture: Option<Picture>| match picture {
        Some(picture) => {
            square.set(Square::of(picture.width, picture.height));
            chosen.set(Some(picture));
            upload.open.set(true);
        }
        None => {
            empty(input);
            upload.refuse("That isn't a PNG, JPEG, WebP or GIF picture.");
        }
    });
    let look = move || {
        let file = input.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0));
        let Some(file) = file else { return };
        upload.fault.set(None);
        if file.size() > FILE_MAX as f64 {
            empty(input);
            return upload.refuse("The picture is larger than 5 MiB.");
        }
        picture::read(&file, shown);
    };
    Effect::new(move |_| {
        // What was chosen before script came.
        if interactive.get() {
            look();
        }
    });
    Effect::new(move |_| {
        // Whether saved or called off, the next choice begins anew, be it of the same file.
        if !upload.open.get() && !upload.pending.get() && chosen.get_untracked().is_some() {
            chosen.set(None);
            empty(input);
        }
    });
    let drop = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        let files = event.data_transfer().and_then(|data| data.files()).filter(|files| files.length() > 0);
        if let (Some(files), Some(input)) = (files, input.get_untracked()) {
            input.set_files(Some(&files));
            look();
        }
    };
    let error = Signal::derive(move || {
        upload.fault.with(|fault| {
            let error = fault.as_ref()?.field_errors().iter().find(|error| error.field == FILE)?;
            Some(error.message.clone())
        })
    });
    let invalid = move || error.with(Option::is_some).then_some("true");
    let (id, described_by) = (control_id(FILE), [&control_id(FILE), "-help ", &control_id(FILE), "-error"].concat());
    let number = move |which: usize| {
        chosen.with(Option::is_some).then(|| square.get().pixels().into_iter().nth(which)).flatten().unwrap_or_default()
    };
    view! {
        <Field
            name=FILE
            label="Picture"
            help="PNG, JPEG, WebP or GIF, at most 5 MiB and 40 megapixels. A square of it is kept."
            error=error
        >
            <div
                class="avatar-drop"
                class:avatar-over=move || over.get()
                on:dragover=move |event| {
                    event.prevent_default();
                    over.set(true);
                }
                on:dragleave=move |_| over.set(false)
                on:drop=drop
            >
                <Avatar
                    id=*org.id.bytes()
                    text=org.display_name.initials()
                    picture=org.avatar.clone()
                    size=AvatarSize::Large
                />
                <div class="avatar-choose">
                    <input
                        type="file"
                        class="file-input"
                        name=FILE
                        id=id
                        accept=ACCEPT
                        aria-describedby=described_by
                        aria-invalid=invalid
                        node_ref=input
                        on:change=move |_| look()
                    />
                    <p class="quiet" hidden=move || !interactive.get()>
                        "Or drop one here."
                    </p>
                </div>
            </div>
        </Field>
        <input type="hidden" name="x" prop:value=move || number(0) />
        <input type="hidden" name="y" prop:value=move || number(1) />
        <input type="hidden" name="side" prop:value=move || number(2) />
        <div class="form-actions" hidden=move || interactive.get()>
            <SubmitButton label="Save avatar" busy_label="Saving…" pending=upload.pending.into() />
        </div>
        <Dialog id="crop-dialog" title="Cut out a square" open=upload.open class="crop-dialog">
            {move || chosen.get().map(|picture| view! { <CropStage picture=picture square=square /> })}
            <div class="dialog-actions">
                <Button label="Cancel" on_press=Callback::new(move |_| upload.open.set(false)) />
                <SubmitButton label="Save avatar" busy_label="Saving…" pending=upload.pending.into() />
            </div>
        </Dialog>
    }
    .into_any()
}

/// Forgets the file, so that choosing it again is a choice.
fn empty(input: NodeRef<Input>) {
    if let Some(input) = input.get_untracked() {
        input.set_value("");
    }
}

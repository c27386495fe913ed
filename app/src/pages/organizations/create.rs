//! Creating an organization, and the one time its bootstrap link is shown.

use domain::link::LinkLifetime;
use domain::name::{DISPLAY_NAME_MAX, HANDLE_MAX, Handle};
use domain::org::CreatedOrg;
use leptos::prelude::*;
use ui::{Alert, CopyBox, Field, FieldGroup, PageHeader, Radio, Select, SubmitButton, TextInput, Tone};

use crate::api::orgs::{CreateOrg, LoadNewOrg};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::load;
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn NewOrganizationPage() -> AnyView {
    load(
        || Ask::of(LoadNewOrg {}),
        |_| "New organization".to_owned(),
        |viewer| {
            let form = use_form::<CreateOrg>();
            let created = Memo::new(move |_| form.answer());
            let trail =
                vec![Crumb::link("Organizations", paths::organizations(&Default::default())), Crumb::here("New")];
            view! {
                <Frame viewer=viewer org=None place=Place::Elsewhere trail=trail>
                    {move || match created.get() {
                        Some(created) => made(created),
                        None => view! { <CreateForm form=form /> }.into_any(),
                    }}
                </Frame>
            }
            .into_any()
        },
    )
}

#[component]
fn CreateForm(form: FormState<CreateOrg>) -> AnyView {
    let typed_name = form.typed("display_name").unwrap_or_default();
    let typed_handle = form.typed("handle").unwrap_or_default();
    let handle = RwSignal::new(typed_handle.clone());
    // The suggestion follows the name until somebody types a handle of their own; emptying it starts over.
    let own_handle = RwSignal::new(!typed_handle.is_empty());
    let suggestion = RwSignal::new(None::<String>);
    let name_typed = Callback::new(move |name: String| {
        if !own_handle.get_untracked() {
            let suggested = Handle::suggest(&name);
            handle.set(suggested.clone());
            suggestion.set(Some(suggested));
        }
    });
    let handle_typed = Callback::new(move |text: String| {
        own_handle.set(!text.is_empty());
        handle.set(text);
    });
    let refused = form.field_error("handle");
    let handle_error = Signal::derive(move || {
        let text = handle.get();
        let live = (!text.is_empty()).then(|| Handle::parse(&text).err()).flatten();
        live.map(|error| error.to_string()).or_else(|| refused.get())
    });
    let dns_label = move || handle.with(|text| Handle::parse(text).ok()).map(|handle| handle.dns_label());
    let makes_me_owner = form.typed("first_owner").as_deref() == Some("me");
    let by_link = RwSignal::new(!makes_me_owner);
    let lifetime = form.typed("lifetime").unwrap_or_else(|| LinkLifetime::default().name().to_owned());
    let lifetimes = LinkLifetime::ALL.map(|lifetime| (lifetime.name().to_owned(), lifetime.label().to_owned()));
    view! {
        <PageHeader
            title="New organization"
            description="A tenant of the platform, with its own people, limits and settings."
        />
        <PlainForm form=form failed="The organization was not created" class="form">
            <Field
                name="display_name"
                label="Display name"
                help="What people read. It can change at any time."
                error=form.field_error("display_name")
            >
                <TextInput
                    value=typed_name
                    required=true
                    autofocus=true
                    autocomplete="off"
                    maxlength=DISPLAY_NAME_MAX as i32
                    on_input=name_typed
                />
            </Field>
            <Field
                name="handle"
                label="Handle"
                help="Stands in URLs and DNS names: letters, digits, “-” and “_”, unique on this platform."
                error=handle_error
            >
                <TextInput
                    value=typed_handle
                    mono=true
                    required=true
                    autocomplete="off"
                    maxlength=HANDLE_MAX as i32
                    driven=suggestion
                    on_input=handle_typed
                />
                <p class="field-preview needs-js">
                    "DNS label: " <span class="mono">{move || dns_label().unwrap_or_else(|| "–".to_owned())}</span>
                </p>
            </Field>
            <FieldGroup
                name="first_owner"
                legend="First owner"
                help="Who runs the organization from the start."
                error=form.field_error("first_owner")
            >
                <Radio
                    value="link"
                    label="Hand over by link"
                    help="You get a link that works once. Whoever opens it becomes the owner."
                    checked=!makes_me_owner
                    on_choose=Callback::new(move |()| by_link.set(true))
                >
                    <div class="choice-detail" hidden=move || !by_link.get()>
                        <Field
                            name="lifetime"
                            label="The link expires after"
                            error=form.field_error("lifetime")
                            stacked=true
                        >
                            <Select options=lifetimes.to_vec() value=lifetime />
                        </Field>
                    </div>
                </Radio>
                <Radio
                    value="me"
                    label="Make me the owner now"
                    help="No link is made."
                    checked=makes_me_owner
                    on_choose=Callback::new(move |()| by_link.set(false))
                />
            </FieldGroup>
            <div class="form-actions">
                <SubmitButton label="Create organization" busy_label="Creating…" pending=form.pending />
                <a class="btn btn-ghost" href=paths::organizations(&Default::default())>
                    "Cancel"
                </a>
            </div>
        </PlainForm>
    }
    .into_any()
}

/// What stands in the form's place once the organization exists.
fn made(created: CreatedOrg) -> AnyView {
    let pages = paths::org(&created.handle);
    let next = match created.link {
        Some(link) => {
            let expiry = match link.expires_at {
                Some(at) => ["It works once, until ", &at.short(), ". "].concat(),
                None => "It works once and never expires. ".to_owned(),
            };
            view! {
                <p>"Send this link to the person who is to own it. The first to complete it becomes the owner."</p>
                <CopyBox
                    label="Bootstrap link"
                    value=link.url
                    warning=[&expiry, "This is the only time it is shown; the Admin page can make a new one."].concat()
                />
            }
            .into_any()
        }
        None => view! { <p>"You are its owner."</p> }.into_any(),
    };
    view! {
        <PageHeader title=[created.display_name.as_str(), " is ready"].concat() />
        <div class="form">
            <Alert tone=Tone::Success title="Organization created" assertive=true>
                {next}
            </Alert>
            <div class="form-actions">
                <a class="btn btn-primary" href=pages.admin()>
                    "Configure it"
                </a>
                <a class="btn btn-quiet" href=pages.overview()>
                    "Open organization"
                </a>
            </div>
        </div>
    }
    .into_any()
}

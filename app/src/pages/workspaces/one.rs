//! One workspace: where it is found, what can be done with it, its name.

use domain::authz::Permission;
use domain::token::TokenHolder;
use domain::workspace::{NAME_MAX, WorkspacePage as Model, WorkspaceRow, WorkspaceState};
use leptos::prelude::*;
use ui::{Alert, CopyBox, Fact, Facts, Field, Moment, PageHeader, Section, SubmitButton, TextInput, Tone};

use super::acts::buttons;
use super::state_badge;
use crate::api::workspace::{ChangeWorkspace, LoadWorkspace, RenameWorkspace};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param, use_reload};
use crate::pages::tokens::{TokenForms, token_sections, use_token_forms};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn WorkspacePage() -> AnyView {
    // Made once: the page's content is made anew after each change.
    let (change, rename) = (use_form::<ChangeWorkspace>(), use_form::<RenameWorkspace>());
    let tokens = use_token_forms();
    let (handle, workspace) = (param("handle"), param("workspace"));
    load(
        move || Ask::of(LoadWorkspace { handle: handle(), workspace: workspace() }),
        |page: &Model| [page.row.name.as_str(), " · ", page.org.display_name.as_str()].concat(),
        move |page| show(page, change, rename, tokens),
    )
}

fn show(
    page: Model,
    change: FormState<ChangeWorkspace>,
    rename: FormState<RenameWorkspace>,
    token_forms: TokenForms,
) -> AnyView {
    let Model { viewer, org, row, suffix, tokens, now } = page;
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        let changed = change.answer().is_some_and(|act| act != "delete");
        let done = changed | rename.answer().is_some();
        if done && before.is_some() {
            reload.run();
        }
    });
    let can_write = org.can(Permission::WorkspacesWrite) && org.state.is_open();
    let trail = vec![
        Crumb::link("Workspaces", paths::org(&org.handle).workspaces(&Default::default())),
        Crumb::here(row.name.to_string()),
    ];
    let dns = match &row.dns_name {
        Some(name) => view! { <CopyBox label="DNS name" value=name.clone() id="dns-name" /> }.into_any(),
        None => view! { <p class="quiet">"It has no DNS name: the platform has no domain for this organization."</p> }
            .into_any(),
    };
    let deletable = row.deletable_at.map(|at| {
        view! {
            <Fact term="Can be deleted">
                <Moment at=at now=now />
            </Fact>
        }
    });
    let archived = row.archived_at.map(|at| {
        view! {
            <Fact term="Archived">
                <Moment at=at now=now />
            </Fact>
        }
    });
    let handle = org.handle.to_string();
    let holder = TokenHolder::Workspace(handle.clone(), row.id);
    let is_archived = row.state == WorkspaceState::Archived;
    let can_make = org.can(Permission::WorkspaceTokensWrite) && org.state.is_open() && !is_archived;
    let tokens = tokens.map(|tokens| {
        let refused = is_archived && !tokens.is_empty();
        let sections = token_sections(token_forms, holder, tokens, can_make, now);
        let notice = refused.then(|| {
            view! {
                <Alert tone=Tone::Warning title="The workspace is archived">
                    <p>"Its tokens are refused until it is restored."</p>
                </Alert>
            }
        });
        view! {
            {notice}
            {sections}
        }
    });
    let (for_acts, buttons) = (handle.clone(), buttons(&row, now));
    let (name, state, created_at) = (row.name.to_string(), state_badge(row.state), row.created_at);
    let acts = can_write.then(move || {
        view! {
            <PlainForm form=change failed="Nothing was changed" class="act-row" label="What to do with it">
                <input type="hidden" name="handle" value=for_acts />
                {buttons}
            </PlainForm>
        }
    });
    view! {
        <Frame viewer=viewer org=Some(org) place=Place::Workspaces trail=trail>
            <PageHeader title=name description="A workspace of this organization." />
            <Section id="workspace" title="About">
                <Facts>
                    <Fact term="State">{state}</Fact>
                    <Fact term="Created">
                        <Moment at=created_at now=now />
                    </Fact>
                    {archived}
                    {deletable}
                </Facts>
                {acts}
            </Section>
            <Section id="dns" title="Where it is found">
                <div class="form">{dns}</div>
            </Section>
            {tokens}
            {can_write.then(|| view! { <RenameForm form=rename handle=handle row=row suffix=suffix /> })}
        </Frame>
    }
    .into_any()
}

#[component]
fn RenameForm(form: FormState<RenameWorkspace>, handle: String, row: WorkspaceRow, suffix: Option<String>) -> AnyView {
    let refused = form.status.fault.with_untracked(Option::is_some);
    let typed = form.typed("name").filter(|_| refused).unwrap_or_else(|| row.name.to_string());
    let version = row.version;
    let current = move || form.status.version(version).to_string();
    let help = match suffix {
        Some(suffix) => ["It will be found at NAME.", &suffix, ", and no longer where it is now."].concat(),
        None => "Small letters, digits and “-”.".to_owned(),
    };
    view! {
        <Section id="rename" title="Rename">
            <PlainForm form=form failed="The workspace was not renamed" class="form" label="Rename">
                <input type="hidden" name="handle" value=handle />
                <input type="hidden" name="workspace" value=row.id.to_string() />
                <input type="hidden" name="version" value=current />
                <Field name="name" label="Name" help=help error=form.field_error("name")>
                    <TextInput value=typed mono=true required=true autocomplete="off" maxlength=NAME_MAX as i32 />
                </Field>
                <div class="form-actions">
                    <SubmitButton label="Rename" busy_label="Renaming…" pending=form.pending tone=Tone::Neutral />
                </div>
            </PlainForm>
        </Section>
    }
    .into_any()
}

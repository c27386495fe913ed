//! One revision of an organization's settings, beside another.

use domain::revision::RevisionPage as Model;
use domain::revision::{FieldChange, RevisionRow};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use ui::{Badge, EmptyState, Fact, Facts, Field, Icon, Moment, PageHeader, Section, Select, Tone};

use super::history;
use super::revision_acts::Acts;
use super::revision_diff::TextDiff;
use crate::api::admin::LoadRevision;
use crate::frame::{Crumb, Frame, Place};
use crate::wire::Ask;
use crate::{page, paths};

#[component]
pub fn RevisionPage() -> AnyView {
    let (handle, version) = (page::param("handle"), page::param("version"));
    let query = use_query_map();
    let ask = move || match version().parse() {
        Ok(version) => {
            let against = query.with(|query| query.get("against").and_then(|against| against.parse().ok()));
            Ask::of(LoadRevision { handle: handle(), version, against })
        }
        Err(_) => Ask::nothing(),
    };
    let title =
        |model: &Model| [&history::title(model.revision.version), " · ", model.org.display_name.as_str()].concat();
    page::load(ask, title, show)
}

fn show(model: Model) -> AnyView {
    let pages = paths::org(&model.org.handle);
    let title = history::title(model.revision.version);
    let description = ["Settings of ", model.org.display_name.as_str(), " as one save left them."].concat();
    view! {
        <Frame
            viewer=model.viewer.clone()
            org=Some(model.org.clone())
            place=Place::Admin
            trail=vec![Crumb::link("Admin", pages.admin()), Crumb::here(title.clone())]
        >
            <PageHeader title=title description=description />
            <Details model=model.clone() />
            <Comparison model=model.clone() />
            <TextDiff model=model.clone() />
            {model.org.state.is_open().then(|| view! { <Acts model=model /> })}
        </Frame>
    }
    .into_any()
}

#[component]
fn Details(model: Model) -> AnyView {
    let Model { revision, now, current_version, .. } = model;
    let is_current = revision.version == current_version;
    let changed = history::changed(&revision);
    let RevisionRow { author, at, reason, redacted_at, .. } = revision;
    view! {
        <Section id="details" title="Details">
            <Facts>
                <Fact term="Saved by">{author}</Fact>
                <Fact term="When">
                    <Moment at=at now=now />
                </Fact>
                <Fact term="Changed">{changed}</Fact>
                <Fact term="Reason">{reason.unwrap_or_else(|| "None given".to_owned())}</Fact>
                {is_current
                    .then(|| {
                        view! {
                            <Fact term="State">
                                <Badge tone=Tone::Success label="Current" />
                            </Fact>
                        }
                    })}
                {redacted_at
                    .map(|at| {
                        view! {
                            <Fact term="Secret values">
                                "Redacted " <Moment at=at now=now />
                            </Fact>
                        }
                    })}
            </Facts>
        </Section>
    }
    .into_any()
}

/// Field by field, before and after; the menu chooses what to compare with.
#[component]
fn Comparison(model: Model) -> AnyView {
    let Model { org, revision, against, changes, versions, .. } = model;
    let address = paths::org(&org.handle).revision(revision.version, None);
    let against = against.map(|against| against.version);
    let description = match against {
        Some(against) => ["What this revision says otherwise than revision ", &against.to_string(), "."].concat(),
        None => "This is the first revision; there is none to compare it with.".to_owned(),
    };
    let options: Vec<(String, String)> = versions
        .into_iter()
        .filter(|version| *version != revision.version)
        .map(|version| (version.to_string(), history::title(version)))
        .collect();
    let chosen = against.map(|against| against.to_string()).unwrap_or_default();
    view! {
        <Section id="changes" title="Changes" description=description>
            {(!options.is_empty()).then(|| view! { <CompareWith address=address options=options chosen=chosen /> })}
            {if changes.is_empty() {
                view! {
                    <EmptyState
                        icon=Icon::History
                        title="No field differs"
                        text="Both revisions hold the same settings."
                    />
                }
                    .into_any()
            } else {
                changes_table(changes)
            }}
        </Section>
    }
    .into_any()
}

#[component]
fn CompareWith(address: String, options: Vec<(String, String)>, chosen: String) -> AnyView {
    let navigate = use_navigate();
    let form = NodeRef::<leptos::html::Form>::new();
    let target = address.clone();
    let compare = move |event: leptos::ev::SubmitEvent| {
        let chosen = form.get_untracked().and_then(|form| {
            let data = web_sys::FormData::new_with_form(&form).ok()?;
            data.get("against").as_string()
        });
        if let Some(against) = chosen {
            event.prevent_default();
            navigate(&[&target, "?against=", &against].concat(), Default::default());
        }
    };
    view! {
        <form method="get" action=address class="inline-form" node_ref=form on:submit=compare>
            <Field name="against" label="Compare with" stacked=true>
                <Select options=options value=chosen />
            </Field>
            <button type="submit" class=Tone::Neutral.button_class()>
                "Compare"
            </button>
        </form>
    }
    .into_any()
}

fn changes_table(changes: Vec<FieldChange>) -> AnyView {
    let rows = changes.into_iter().map(|change| {
        view! {
            <tr>
                <th scope="row" data-label="Field">
                    {change.label}
                </th>
                <td data-label="Before">{change.before}</td>
                <td data-label="After">{change.after}</td>
            </tr>
        }
    });
    view! {
        <table class="table changes">
            <thead>
                <tr>
                    <th scope="col">"Field"</th>
                    <th scope="col">"Before"</th>
                    <th scope="col">"After"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

//! An organization's landing page.

use domain::Timestamp;
use domain::authz::Permission;
use domain::link::{LinkState, LinkStatus};
use domain::org::{Deletion, OrgPage, OrgState};
use leptos::prelude::*;
use ui::{Alert, Avatar, AvatarSize, Fact, Facts, Moment, Section, Tone};

use super::state::StateBadge;
use crate::api::orgs::LoadOrg;
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param};
use crate::pages::restore::Restore;
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn OrganizationPage() -> AnyView {
    let handle = param("handle");
    load(move || Ask::of(LoadOrg { handle: handle() }), |page: &OrgPage| page.org.display_name.to_string(), show)
}

fn show(page: OrgPage) -> AnyView {
    let pages = paths::org(&page.org.handle);
    let org = page.org.clone();
    let can_admin = org.can(Permission::OrgAdminRead);
    let owners = if page.owners.is_empty() { "Nobody yet".to_owned() } else { page.owners.join(", ") };
    let role = page.role.map(|role| role.to_string());
    let managed_by = page.managed_by.clone();
    let domain = page.platform_domain.clone();
    view! {
        <Frame viewer=page.viewer.clone() org=Some(page.org.clone()) place=Place::Overview trail=vec![
            Crumb::here("Overview"),
        ]>
            <header class="page-header">
                <Avatar id=*org.id.bytes() text=org.display_name.initials() picture=org.avatar.clone() size=AvatarSize::Large />
                <div class="page-heading">
                    <h1 class="page-title" tabindex="-1">
                        {org.display_name.to_string()}
                    </h1>
                    <p class="page-description mono">{org.handle.to_string()}</p>
                </div>
                {can_admin
                    .then(|| {
                        view! {
                            <div class="page-actions">
                                <a class="btn btn-quiet" href=pages.admin()>
                                    "Configure"
                                </a>
                            </div>
                        }
                    })}
            </header>
            {hand_over_hint(&page, &pages)} {deletion_hint(&page)}
            <Section title="About" id="about">
                <Facts>
                    <Fact term="State">
                        <StateBadge state=org.state />
                    </Fact>
                    <Fact term="Owners">{owners}</Fact>
                    <Fact term="Members">
                        <span class="mono">{page.members}</span>
                    </Fact>
                    {role.map(|role| view! { <Fact term="Your role">{role}</Fact> })}
                    {managed_by
                        .map(|manager| {
                            view! {
                                <Fact term="Managed by">
                                    <a class="link" href=paths::org(&manager.handle).overview()>
                                        {manager.display_name.to_string()}
                                    </a>
                                </Fact>
                            }
                        })}
                    {domain
                        .map(|domain| {
                            view! {
                                <Fact term="Platform domain">
                                    <span class="mono">{domain}</span>
                                </Fact>
                            }
                        })}
                    <Fact term="Created">
                        <Moment at=page.created_at now=page.now />
                    </Fact>
                </Facts>
            </Section>
        </Frame>
    }
    .into_any()
}

/// Nobody owns it yet: says how the hand-over stands, to those who can help it along.
fn hand_over_hint(page: &OrgPage, pages: &paths::OrgPaths) -> Option<AnyView> {
    if page.org.state != OrgState::PendingBootstrap {
        return None;
    }
    if !page.org.can(Permission::BootstrapWrite) {
        let text = "The platform team has made a link for its first owner, who has yet to follow it.";
        return Some(view! { <Alert title="Waiting for its owner">{text}</Alert> }.into_any());
    }
    let (text, action) = match &page.link {
        Some(link) => link_words(link, page.now),
        None => ("There is no bootstrap link.".to_owned(), "Make a link"),
    };
    let admin = pages.admin();
    let hint = view! {
        <Alert tone=Tone::Warning title="Waiting for its owner">
            <p>
                {text} " " <a class="link" href=admin>
                    {action}
                </a>
            </p>
        </Alert>
    };
    Some(hint.into_any())
}

/// How the link stands, and what one can do about it.
fn link_words(link: &LinkStatus, now: Timestamp) -> (String, &'static str) {
    match link.state {
        LinkState::Live => {
            let opened = if link.opened_at.is_some() { "has been opened" } else { "hasn't been opened yet" };
            let expiry = link.expires_at.map(|at| [" and expires ", &at.relative(now)].concat()).unwrap_or_default();
            (["The bootstrap link ", opened, &expiry, "."].concat(), "Manage the link")
        }
        LinkState::Expired => ("The bootstrap link has expired.".to_owned(), "Make a new link"),
        LinkState::Revoked => ("The bootstrap link was revoked.".to_owned(), "Make a new link"),
        LinkState::Redeemed => ("The bootstrap link was used.".to_owned(), "Make a new link"),
    }
}

fn deletion_hint(page: &OrgPage) -> Option<AnyView> {
    let Deletion { process, due_at } = page.deletion.filter(|_| !page.org.state.is_open())?;
    let can_watch = page.org.can(Permission::OrgRestore);
    let scheduled = page.org.state == OrgState::PendingDeletion;
    let title = match scheduled {
        true => "The deletion of this organization is scheduled",
        false => "This organization is being deleted",
    };
    let text = match due_at.filter(|_| scheduled) {
        Some(at) => {
            let when = [&at.relative(page.now), ", at ", &at.short()].concat();
            ["It begins ", &when, ". Nobody can get in until it is restored. "].concat()
        }
        None => "It takes no new sign-ins and no changes. ".to_owned(),
    };
    let handle = page.org.handle.to_string();
    let hint = view! {
        <Alert tone=Tone::Danger title=title>
            <p>
                {text}
                {can_watch
                    .then(|| {
                        view! {
                            <a class="link" href=paths::process(process)>
                                "Watch the deletion"
                            </a>
                        }
                    })}
            </p>
            {(scheduled && can_watch).then(|| view! { <Restore handle=handle /> })}
        </Alert>
    };
    Some(hint.into_any())
}

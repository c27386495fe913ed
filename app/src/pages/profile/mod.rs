//! *Org Profile*: what an organization is called and where it is found, and what the platform has set for it.

mod aliases;
mod avatar;
mod crop;
mod handle;
mod name;
mod picture;
mod platform;
mod square;

use domain::profile::ProfilePage as Model;
use leptos::prelude::*;
use ui::PageHeader;

use crate::api::profile::LoadProfile;
use crate::frame::{Crumb, Frame, Place};
use crate::page;
use crate::pages::danger::DangerZone;
use crate::wire::Ask;
use aliases::Aliases;
use avatar::AvatarSection;
use handle::HandleSection;
use name::DisplayNameForm;
use platform::SetByPlatform;

#[component]
pub fn ProfilePage() -> AnyView {
    let handle = page::param("handle");
    page::load(
        move || Ask::of(LoadProfile { handle: handle() }),
        |model: &Model| ["Org Profile · ", model.profile.org.display_name.as_str()].concat(),
        show,
    )
}

fn show(page: Model) -> AnyView {
    let Model { viewer, profile, may_delete, now } = page;
    let org = profile.org.clone();
    view! {
        <Frame viewer=viewer org=Some(org.clone()) place=Place::Profile trail=vec![
            Crumb::here("Advanced"),
            Crumb::here("Org Profile"),
        ]>
            <PageHeader title="Org Profile" description="What the organization is called, and by which addresses it is found." />
            <AvatarSection org=org.clone() />
            <DisplayNameForm org=org.clone() version=profile.version />
            <HandleSection org=org.clone() renames_left=profile.renames_left />
            <Aliases handle=org.handle.to_string() aliases=profile.aliases now=now />
            <SetByPlatform facts=profile.platform />
            {may_delete.then(|| view! { <DangerZone org=org.clone() /> })}
        </Frame>
    }
    .into_any()
}
